"""Days, months and spans of time as people type them: 2026-10-01, 2026年10月, 先月, last month, 3か月前."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from kb.text import fold


class Span(NamedTuple):
    """The first and the last day."""

    first: date
    last: date


_UNITS = {
    "day": "day", "日": "day",
    "week": "week", "週": "week", "週間": "week",
    "month": "month", "月": "month", "か月": "month", "ヶ月": "month", "ケ月": "month", "カ月": "month", "ヵ月": "month",
    "quarter": "quarter", "四半期": "quarter",
    "year": "year", "年": "year", "年間": "year",
}  # fmt: skip
_DAYS = {"today": 0, "今日": 0, "本日": 0, "yesterday": 1, "昨日": 1, "きのう": 1, "一昨日": 2, "おととい": 2}
# How many units back: 今月, 先月, 先々月, 昨年.
_BACK = {
    "this": 0, "今": 0, "当": 0, "last": 1, "previous": 1, "past": 1, "先": 1, "前": 1, "昨": 1, "去": 1,
    "先々": 2, "前々": 2, "一昨": 2,
}  # fmt: skip

_NUMBERS = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)")
_MONTH_DAY = re.compile(r"(\d{1,2})[/月](?:(\d{1,2})日?)?")
_AGO = re.compile(r"(\d{1,3})(日|週間?|[かヶケカヵ]月|年)(?:間)?前|(\d{1,3}) (day|week|month|year)s? ago")
_LAST_FEW = re.compile(
    r"(?:last|past) (\d{1,3}) (day|week|month|year)s?|(?:過去|直近)(\d{1,3})(日|週間?|[かヶケカヵ]月|年)(?:間)?"
)
_NAMED = re.compile(
    r"(this|last|previous|past) (fiscal )?(week|month|quarter|year)|(先々|前々|一昨|今|当|先|前|昨|去)(週|月|四半期|年)(度)?"
)


def span(text: str, *, today: date, fiscal_start: int) -> Span | None:
    """The days that `text` means, seen from `today`; none when it means none. fiscal_start: the month a fiscal year begins."""
    typed = " ".join(fold(text).replace("_", " ").split())
    typed = re.sub(r"(?<=[a-z])-(?=[a-z0-9])|(?<=\d)-(?=[a-z])", " ", typed)
    typed = re.sub(r"\s*の?(?:間|うち)$", "", typed)
    try:
        if typed in _DAYS:
            return _one_day(today - timedelta(days=_DAYS[typed]))
        for pattern, reader in _READERS:
            if match := pattern.fullmatch(typed):
                return reader(match, today, fiscal_start)
    except (ValueError, OverflowError):
        return None
    return None


def _one_day(day: date) -> Span:
    return Span(day, day)


def month(year: int, number: int, months: int = 1) -> Span:
    """So many months from the `number`th of a year on, which may lie beyond the year."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    first = date(year, number, 1)
    after = number + months
    last = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1) - timedelta(days=1)
    return Span(first, last)


def back(today: date, number: int, unit: str) -> date:
    """The day so many units ago; of a shorter month its last day."""
    match unit:
        case "day":
            return today - timedelta(days=number)
        case "week":
            return today - timedelta(weeks=number)
        case "month":
            then = month(today.year, today.month - number)
            return min(date(then.first.year, then.first.month, 1) + timedelta(days=today.day - 1), then.last)
    return back(today, number * 12, "month")


def _numbers(match: re.Match[str], _today: date, _fiscal: int) -> Span:
    year, number, day = (int(part) if part else 0 for part in match.groups())
    if day:
        return _one_day(date(year, number, day))
    if match.group(2) is not None:
        date(year, number, 1)
        return month(year, number)
    return Span(date(year, 1, 1), date(year, 12, 31))


def _month_day(match: re.Match[str], today: date, _fiscal: int) -> Span:
    """10月, 10/1: the last one that has begun."""
    number, day = int(match.group(1)), int(match.group(2) or 0)
    for year in (today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4):
        try:
            found = (
                _one_day(date(year, number, day))
                if day
                else Span(date(year, number, 1), month(year, number).last)
            )
        except ValueError:
            continue
        if found.first <= today:
            return found
    raise ValueError(match.group())


def _ago(match: re.Match[str], today: date, _fiscal: int) -> Span:
    number, unit = match.group(1) or match.group(3), match.group(2) or match.group(4)
    return _one_day(back(today, int(number), _UNITS[unit]))


def _last_few(match: re.Match[str], today: date, _fiscal: int) -> Span:
    number, unit = match.group(1) or match.group(3), match.group(2) or match.group(4)
    return Span(back(today, int(number), _UNITS[unit]), today)


def _named(match: re.Match[str], today: date, fiscal_start: int) -> Span:
    steps = _BACK[match.group(1) or match.group(4)]
    unit = _UNITS[match.group(3) or match.group(5)]
    if match.group(2) or match.group(6):
        if unit != "year":
            raise ValueError(match.group())
        begun = today.year - (today.month < fiscal_start) - steps
        return month(begun, fiscal_start, 12)
    match unit:
        case "week":
            monday = today - timedelta(days=today.weekday() + 7 * steps)
            return Span(monday, monday + timedelta(days=6))
        case "month":
            return month(today.year, today.month - steps)
        case "quarter":
            return month(today.year, today.month - (today.month - fiscal_start) % 3 - 3 * steps, 3)
    return Span(date(today.year - steps, 1, 1), date(today.year - steps, 12, 31))


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, int], Span]], ...] = (
    (_NUMBERS, _numbers),
    (_MONTH_DAY, _month_day),
    (_AGO, _ago),
    (_LAST_FEW, _last_few),
    (_NAMED, _named),
)
