"""Dates in every writing, and the two that a date may be."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.crm.sheets.days import EARLIEST, LATEST, DayStyle, NotADate, Order, has_no_day, order_of

TOKYO = DayStyle(zone=ZoneInfo("Asia/Tokyo"))
THIRD_OF_APRIL = date(2026, 4, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2026-04-03", "2026/4/3", "2026.4.3", "20260403", "2026-04-03 12:30", "2026-04-03T12:30:00", "2026/04/03 9:05 AM",
        "２０２６／０４／０３", "2026年4月3日", "2026年 4月 3日", "2026年4月3日（金）", "2026年4月3日金曜日", "令和8年4月3日", "R8.4.3", "r8/4/3",
        "3 April 2026", "April 3, 2026", "3rd Apr 2026", "3-Apr-26", "Fri, 3 Apr 2026", "3. April 2026", "3 avril 2026", "3 de abril de 2026",
        "03.04.2026", "46115", "2026-04-03(Fri)",
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_writings_of_people_and_programs(written: str) -> None:
    assert TOKYO.read(written) == THIRD_OF_APRIL


@pytest.mark.parametrize(
    "written", ["", "-", "—", "N/A", "None", "null", "なし", "未定", "0000-00-00", "0000-00-00 00:00:00"]
)
def test_what_stands_for_no_day_is_none(written: str) -> None:
    assert TOKYO.read(written) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2026-02-30", "impossible"), ("31/02/2026", "impossible"), ("2026-13-01", "impossible"), ("13/13/2026", "impossible"),
        ("9999-12-31", "impossible"), ("1900-01-00", "impossible"), ("令和0年4月3日", "impossible"),
        ("soon", "unreadable"), ("来週", "unreadable"), ("2026", "unreadable"), ("4/3", "unreadable"), ("#ERROR!", "unreadable"),
        ("03/04/2026", "ambiguous"), ("3-4-2026", "ambiguous"), ("26/04/03", "ambiguous"), ("03/04/2026, 12:30 PM", "ambiguous"),
    ],
)  # fmt: skip
def test_what_is_no_day_or_may_be_two_is_told(written: str, reason: str) -> None:
    with pytest.raises(NotADate) as error:
        TOKYO.read(written)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2026", "13/04/2026"], "dmy"),
        (["03/04/2026", "04/13/2026 10:00"], "mdy"),
        (["26/04/03", "31/12/25", "13/01/32"], "dmy"),
        (["26/04/03", "99/12/31"], "ymd"),
        (["03/04/2026"], ""),
        (["13/04/2026", "04/13/2026"], ""),
        (["31/02/2026", "03/04/2026"], ""),
        (["2026-04-03", ""], ""),
    ],
)
def test_a_columns_other_values_say_which_comes_first(values: list[str], order: Order) -> None:
    assert order_of(values) == order


def test_a_value_that_is_one_day_only_needs_no_order() -> None:
    assert TOKYO.read("25/12/2026") == date(2026, 12, 25)
    assert TOKYO.read("12/25/2026") == date(2026, 12, 25)
    assert TOKYO.read("4/4/2026") == date(2026, 4, 4)


def test_a_moment_with_its_zone_is_the_day_it_is_here() -> None:
    assert TOKYO.read("2026-04-02T20:00:00Z") == THIRD_OF_APRIL
    assert TOKYO.read("2026-04-03 08:51:08.199000 UTC") == THIRD_OF_APRIL
    assert TOKYO.read("2026-04-03T00:30:00-0900") == THIRD_OF_APRIL
    assert TOKYO.read("1775172600000") == THIRD_OF_APRIL


def test_midnight_of_another_zone_is_a_day_without_a_time() -> None:
    assert DayStyle(zone=ZoneInfo("America/New_York")).read("2026-04-03T00:00:00.000+0000") == THIRD_OF_APRIL


def test_a_month_is_its_first_day_and_told() -> None:
    assert TOKYO.read("2026年4月") == TOKYO.read("2026-04") == date(2026, 4, 1)
    assert has_no_day("2026年4月")
    assert has_no_day("2026/04")
    assert not has_no_day("2026-04-03")


@given(st.dates(date(EARLIEST, 1, 1), date(LATEST, 12, 31)), st.sampled_from(["dmy", "mdy"]))
def test_every_day_comes_back_in_the_order_it_was_written(day: date, order: Order) -> None:
    numbers = (day.day, day.month) if order == "dmy" else (day.month, day.day)
    assert DayStyle(order).read(f"{numbers[0]:02}/{numbers[1]:02}/{day.year}") == day
    assert DayStyle().read(day.isoformat()) == day


@given(st.dates(date(1955, 1, 1), date(LATEST, 12, 31)))
def test_a_spreadsheets_number_of_days_is_the_day(day: date) -> None:
    assert DayStyle().read(str((day - date(1899, 12, 30)) // timedelta(days=1))) == day


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_told_not_to_be_one(text: str) -> None:
    try:
        day = DayStyle().read(text)
    except NotADate:
        return
    assert day is None or EARLIEST <= day.year <= LATEST
