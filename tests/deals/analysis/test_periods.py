"""Months, quarters and years of a fiscal year that may begin in any month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from deals.analysis.periods import MONTHS, Grain, Period, from_text, month_of, run, spans


def period(text: str, grain: Grain, start: int = 4) -> Period:
    return Period.of(from_text(text), grain, start)


@pytest.mark.parametrize(
    ("month", "grain", "start", "key", "since", "until"),
    [
        ("2026-05", Grain.MONTH, 4, "2026-05", "2026-05-01", "2026-05-31"),
        ("2026-05", Grain.QUARTER, 4, "FY2026-Q1", "2026-04-01", "2026-06-30"),
        ("2026-02", Grain.QUARTER, 4, "FY2025-Q4", "2026-01-01", "2026-03-31"),
        ("2026-02", Grain.YEAR, 4, "FY2025", "2025-04-01", "2026-03-31"),
        ("2026-02", Grain.YEAR, 1, "FY2026", "2026-01-01", "2026-12-31"),
        ("2026-12", Grain.QUARTER, 12, "FY2026-Q1", "2026-12-01", "2027-02-28"),
    ],
)
def test_a_period_has_its_days_and_its_key(
    month: str, grain: Grain, start: int, key: str, since: str, until: str
) -> None:
    found = period(month, grain, start)

    assert (found.key, found.since.isoformat(), found.until.isoformat()) == (key, since, until)


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.sampled_from(Grain), st.integers(1, 12))
def test_every_day_lies_in_the_period_of_its_month(day: date, grain: Grain, start: int) -> None:
    found = Period.of(month_of(day), grain, start)

    assert found.since <= day <= found.until
    assert len(found.months) == MONTHS[grain]
    assert Period.of(month_of(found.until + timedelta(days=1)), grain, start).key > found.key


@pytest.mark.parametrize(
    ("language", "label", "beside", "year"),
    [("en", "Jul–Sep 2026", "Jul–Sep", "FY2026")],
)
def test_a_quarter_names_its_months_and_the_year_only_where_it_changes(
    language: str, label: str, beside: str, year: str
) -> None:
    with translation.override(language):
        found = period("2026-08", Grain.QUARTER)
        assert found.label() == label
        assert found.label(beside=period("2026-05", Grain.QUARTER)) == beside
        assert period("2026-08", Grain.YEAR).label() == year


def test_a_run_of_periods_has_no_gaps() -> None:
    found = run([from_text("2025-12"), from_text("2026-07")], Grain.QUARTER, 4)

    assert [one.key for one in found] == ["FY2025-Q3", "FY2025-Q4", "FY2026-Q1", "FY2026-Q2"]
    assert run([], Grain.MONTH, 4) == []


def test_the_filter_offers_this_and_the_last_quarter_half_and_year() -> None:
    with translation.override("en"):
        found = [(span.label, span.since, span.until) for span in spans(date(2026, 8, 10), 4)]

    assert found == [
        ("Jul–Sep 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("Apr–Jun 2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("FY2026, first half", date(2026, 4, 1), date(2026, 9, 30)),
        ("FY2025, second half", date(2025, 10, 1), date(2026, 3, 31)),
        ("FY2026", date(2026, 4, 1), date(2027, 3, 31)),
        ("FY2025", date(2025, 4, 1), date(2026, 3, 31)),
        ("All time", None, None),
    ]


def test_in_the_second_half_the_first_half_is_the_one_before() -> None:
    with translation.override("en"):
        labels = [span.label for span in spans(date(2027, 1, 10), 4)]

    assert labels[2:4] == ["FY2026, second half", "FY2026, first half"]
