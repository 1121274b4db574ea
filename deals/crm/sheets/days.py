"""Dates as CRMs and people write them: which order a column's days and months have, and which day a value is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from deals.crm.sheets.tables import NO_VALUE
from kb.text import nfkc

Order = Literal["dmy", "mdy", "ymd", ""]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")
EARLIEST, LATEST = 1950, 2100
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero", "feb february februar février fev febrero", "mar march märz mars marzo",
            "apr april avril abril", "may mai mayo", "jun june juni juin junio", "jul july juli juillet julio",
            "aug august août agosto", "sep sept september septembre septiembre", "oct okt october oktober octobre octubre",
            "nov november novembre noviembre", "dec dez december dezember décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# What stands for "no date"; words of a person's own are told instead.
ABSENT = NO_VALUE | {"nat", "0000-00-00", "0000-00-00 00:00:00"}

_TIME = re.compile(
    r"[t ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?$"
)
_WEEKDAY = re.compile(
    r"\s*\((?:[月火水木金土日]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?)(?:曜日?)?\)$|\s*[月火水木金土日]曜日?$"
    r"|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")
_JAPANESE = re.compile(
    r"(?:(\d{4})|(令和|平成|昭和)\s*(\d{1,2}|元))\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?"
)
_ERA = re.compile(r"([rhs])\s*(\d{1,2})[./-](\d{1,2})[./-](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2\s*(\d{4}|\d{2})\.?")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|\.|er|º)?[\s-]+(?:de\s+|of\s+)?([^\W\d]{3,})\.?|([^\W\d]{3,})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?),?[\s-]+(?:de\s+)?(\d{4}|\d{2})"
)
_MONTH_ONLY = re.compile(r"(\d{4})[-/.](\d{1,2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SINCE_1970 = re.compile(r"(\d{10})(\d{3})?")


class NotADate(ValueError):
    """`reason`: "unreadable", "impossible" or "ambiguous"."""

    def __init__(self, reason: Literal["unreadable", "impossible", "ambiguous"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class DayStyle:
    """How a column writes its days: `order` where only numbers stand, and the zone of moments that name theirs."""

    order: Order = ""
    zone: tzinfo = UTC

    def read(self, value: str) -> date | None:
        """The day; none for what stands for no date.

        Raises:
            NotADate: it is none, or may be two.
        """
        text = nfkc(value).strip().lower()
        if text in ABSENT:
            return None
        if seconds := _SINCE_1970.fullmatch(text):
            return _within(datetime.fromtimestamp(int(seconds[1]), self.zone).date())
        found = _TIME.search(text)
        day = self._day(_WEEKDAY.sub("", text[: found.start()] if found else text).strip(" ,"))
        return _within(_in_zone(day, found, self.zone) if found and found["zone"] else day)

    def _day(self, text: str) -> date:
        if found := _YEAR_FIRST.fullmatch(text):
            return _made(*(int(part) for part in found.groups() if part))
        if found := _JAPANESE.fullmatch(text):
            year, era, years, month, day = found.groups()
            return _made(int(year) if year else _era_year(era, years), int(month), int(day or 1))
        if found := _ERA.fullmatch(text):
            return _made(_era_year(found[1], found[2]), int(found[3]), int(found[4]))
        if found := _NUMBERS.fullmatch(text):
            return self._in_order(found)
        if found := _NAMED.fullmatch(text):
            number, name, other_name, other_number, year = found.groups()
            month = MONTHS.get((name or other_name).rstrip("."), 0)
            if month:
                return _made(_full_year(year), month, int(number or other_number))
        if found := _MONTH_ONLY.fullmatch(text):
            return _made(int(found[1]), int(found[2]), 1)
        if _SERIAL.fullmatch(text):
            return date(1899, 12, 30) + timedelta(days=int(float(text)))
        raise NotADate("unreadable")

    def _in_order(self, found: re.Match[str]) -> date:
        days = _readings(found)
        if not days:
            raise NotADate("impossible")
        if self.order in days:
            return days[self.order]
        if len(set(days.values())) > 1:
            raise NotADate("ambiguous")
        return next(iter(days.values()))


def order_of(values: Iterable[str]) -> Order:
    """The one order in which every value of a column is a date; "" when there are several or none."""
    left = set(ORDERS)
    for value in values:
        text = nfkc(value).strip().lower()
        found = _NUMBERS.fullmatch(re.sub(r"[t ,]+\d{1,2}:\d{2}.*$", "", text))
        days = _readings(found) if found else {}
        if days:
            left &= set(days)
    return left.pop() if len(left) == 1 else ""


def _readings(found: re.Match[str]) -> dict[Order, date]:
    """The days that three numbers can be, by the order; a year of two digits may come first."""
    first, second, last = int(found[1]), int(found[3]), found[4]
    if found[2] == "." and (day := _date(_full_year(last), second, first)):
        return {"dmy": day}
    tried: list[tuple[Order, date | None]] = [
        ("dmy", _date(_full_year(last), second, first)),
        ("mdy", _date(_full_year(last), first, second)),
    ]
    if len(last) == 2:
        tried.append(("ymd", _date(_full_year(f"{first:02}"), second, int(last))))
    return {order: day for order, day in tried if day}


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def has_no_day(value: str) -> bool:
    """Whether the value is a month, taken as its first day."""
    text = nfkc(value).strip()
    found = _JAPANESE.fullmatch(text)
    return bool(_MONTH_ONLY.fullmatch(text) or (found and not found[5]))


def looks_like_day(value: str) -> bool:
    """Whether anybody would take it for a date, in whatever order."""
    if _SERIAL.fullmatch(value):
        return False
    try:
        return DayStyle("dmy").read(value) is not None
    except NotADate as error:
        return error.reason == "impossible"


def _made(year: int, month: int, day: int) -> date:
    made = _date(year, month, day)
    if made is None:
        raise NotADate("impossible")
    return made


def _within(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise NotADate("impossible")
    return day


def _era_year(era: str, years: str) -> int:
    number = 1 if years == "元" else int(years)
    if not number:
        raise NotADate("impossible")
    return ERAS[era] + number


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else (2000 if year < 70 else 1900) + year


def _in_zone(day: date, found: re.Match[str], zone: tzinfo) -> date:
    """The day of a moment where we are; midnight of a named zone is how many programs write a day without a time."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    if not (hour or minute or second) or hour > 23 or minute > 59 or second > 59:
        return day
    offset = timedelta()
    if found["zone"][0] in "+-":
        digits = found["zone"][1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        offset = -offset if found["zone"][0] == "-" else offset
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC) - offset
    return moment.astimezone(zone).date()
