"""Days and spans of time, as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.question.dates import span

TODAY = date(2026, 11, 24)


def meant(text: str, today: date = TODAY) -> str:
    found = span(text, today=today, fiscal_start=4)
    return "" if found is None else f"{found.first} {found.last}"


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2026-10-01", "2026-10-01 2026-10-01"),
        ("2026/10/1", "2026-10-01 2026-10-01"),
        ("２０２６年１０月１日", "2026-10-01 2026-10-01"),
        ("2026/10", "2026-10-01 2026-10-31"),
        ("2026年10月", "2026-10-01 2026-10-31"),
        ("2024-02", "2024-02-01 2024-02-29"),
        ("2026", "2026-01-01 2026-12-31"),
        ("10月", "2026-10-01 2026-10-31"),
        ("12月", "2025-12-01 2025-12-31"),
        ("10/1", "2026-10-01 2026-10-01"),
        ("today", "2026-11-24 2026-11-24"),
        ("昨日", "2026-11-23 2026-11-23"),
        ("今週", "2026-11-23 2026-11-29"),
        ("last week", "2026-11-16 2026-11-22"),
        ("先月", "2026-10-01 2026-10-31"),
        ("last-month", "2026-10-01 2026-10-31"),
        ("Last Month", "2026-10-01 2026-10-31"),
        ("今四半期", "2026-10-01 2026-12-31"),
        ("last quarter", "2026-07-01 2026-09-30"),
        ("昨年", "2025-01-01 2025-12-31"),
        ("今年度", "2026-04-01 2027-03-31"),
        ("last fiscal year", "2025-04-01 2026-03-31"),
        ("3か月前", "2026-08-24 2026-08-24"),
        ("3ヶ月前", "2026-08-24 2026-08-24"),
        ("3 months ago", "2026-08-24 2026-08-24"),
        ("2週間前", "2026-11-10 2026-11-10"),
        ("過去3か月", "2026-08-24 2026-11-24"),
        ("last 7 days", "2026-11-17 2026-11-24"),
        ("2026-13", ""),
        ("2026-02-30", ""),
        ("0000", ""),
        ("今度", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_what_days_are_meant(typed: str, days: str) -> None:
    assert meant(typed) == days


def test_a_month_before_the_end_of_a_longer_one() -> None:
    assert meant("1か月前", date(2026, 3, 31)) == "2026-02-28 2026-02-28"
    assert meant("先月", date(2026, 1, 31)) == "2025-12-01 2025-12-31"
    assert meant("2/29", date(2026, 3, 1)) == "2024-02-29 2024-02-29"


@given(st.text(max_size=30), st.dates())
def test_any_text_is_a_span_or_none(text: str, today: date) -> None:
    found = span(text, today=today, fiscal_start=10)

    assert found is None or found.first <= found.last


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(1, 12))
def test_this_quarter_and_this_fiscal_year_hold_today(today: date, start: int) -> None:
    for text in ("今日", "今週", "今月", "今四半期", "今年", "今年度"):
        found = span(text, today=today, fiscal_start=start)
        assert found is not None
        assert found.first <= today <= found.last
