"""Months, quarters and years of the fiscal year: their days, their keys, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

MONTHS_A_YEAR = 12


class Grain(models.TextChoices):
    """How long a period is."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: MONTHS_A_YEAR}


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year. `first` counts months from year 0; `start` is the month the fiscal year begins in."""

    first: int
    grain: Grain
    start: int

    @classmethod
    def of(cls, month: int, grain: Grain, start: int) -> Period:
        """The period that a month (counted from year 0) lies in."""
        return cls(month - (month - (start - 1)) % MONTHS[grain], grain, start)

    @property
    def months(self) -> range:
        return range(self.first, self.first + MONTHS[self.grain])

    @property
    def since(self) -> date:
        return first_day(self.first)

    @property
    def until(self) -> date:
        return first_day(self.months.stop) - timedelta(days=1)

    @property
    def twelve_months_before(self) -> range:
        return range(self.first - MONTHS_A_YEAR, self.first)

    @property
    def fiscal_year(self) -> int:
        """The year in which the fiscal year began."""
        return (self.first - (self.start - 1)) // MONTHS_A_YEAR

    @property
    def key(self) -> str:
        """2026-04, FY2026-Q1, FY2026: as text they sort in time."""
        if self.grain == Grain.MONTH:
            return self.since.isoformat()[:7]
        year = f"FY{self.fiscal_year}"
        if self.grain == Grain.YEAR:
            return year
        return f"{year}-Q{(self.first - (self.start - 1)) % MONTHS_A_YEAR // 3 + 1}"

    def label(self, *, beside: Period | None = None) -> str:
        """What it is called; beside the period before it without the year they share."""
        if self.grain == Grain.YEAR:
            return pgettext("a fiscal year", "FY%(year)d") % {"year": self.fiscal_year}
        words = {
            "year": date_format(self.since, pgettext("format of a period's year", "Y")),
            "first": date_format(self.since, pgettext("format of a period's first month", "M")),
            "last": date_format(first_day(self.months[-1]), "M"),
        }
        if beside is not None and beside.since.year == self.since.year:
            month, quarter = pgettext("a month", "%(last)s"), pgettext("a quarter", "%(first)s–%(last)s")
        else:
            month = pgettext("a month", "%(last)s %(year)s")
            quarter = pgettext("a quarter", "%(first)s–%(last)s %(year)s")
        return (month if self.grain == Grain.MONTH else quarter) % words


def first_day(month: int) -> date:
    return date(month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1)


def month_of(day: date) -> int:
    """The month of a day, counted from year 0."""
    return day.year * MONTHS_A_YEAR + day.month - 1


def from_text(text: str) -> int:
    """The month of YYYY-MM, counted from year 0."""
    return int(text[:4]) * MONTHS_A_YEAR + int(text[5:7]) - 1


def run(months: Iterable[int], grain: Grain, start: int) -> list[Period]:
    """Every period from the first of the months to the last, without gaps."""
    known = list(months)
    if not known:
        return []
    step = MONTHS[grain]
    first, last = Period.of(min(known), grain, start), Period.of(max(known), grain, start)
    return [Period(month, grain, start) for month in range(first.first, last.first + step, step)]


@dataclass(frozen=True)
class Span:
    """A stretch of days one may want to look at, and what it is called."""

    label: str
    since: date | None
    until: date | None


def spans(today: date, start: int) -> list[Span]:
    """What the filter of the period offers."""
    month = month_of(today)
    year, quarter = Period.of(month, Grain.YEAR, start), Period.of(month, Grain.QUARTER, start)
    last_year = Period.of(month - MONTHS_A_YEAR, Grain.YEAR, start)
    last_quarter = Period.of(quarter.first - 1, Grain.QUARTER, start)
    half = year.first if month < year.first + 6 else year.first + 6
    return [
        Span(quarter.label(), quarter.since, quarter.until),
        Span(last_quarter.label(), last_quarter.since, last_quarter.until),
        *halves(half, year.fiscal_year, first=half == year.first),
        Span(year.label(), year.since, year.until),
        Span(last_year.label(), last_year.since, last_year.until),
        Span(str(_("All time")), None, None),
    ]


def halves(first_month: int, year: int, *, first: bool) -> list[Span]:
    """This half of the fiscal year, and the one before it."""
    found = []
    for month, is_first, of in (
        (first_month, first, year),
        (first_month - 6, not first, year - 1 if first else year),
    ):
        name = (
            pgettext("half a fiscal year", "FY%(year)d, first half")
            if is_first
            else pgettext("half a fiscal year", "FY%(year)d, second half")
        )
        until = first_day(month + 6) - timedelta(days=1)
        found.append(Span(name % {"year": of}, first_day(month), until))
    return found
