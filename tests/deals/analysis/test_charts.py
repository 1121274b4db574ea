"""Drawings: where bands, ticks and lines stand, and that no colour or dash is in the markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.analysis import charts
from deals.analysis.figures import interval_of, percent_of, points_of
from deals.analysis.measures import Rate, rate


def made(won: int, n: int) -> Rate:
    return rate(won, n, floor=10)


def test_a_band_runs_from_low_to_high_with_its_tick_at_the_rate() -> None:
    found = made(31, 44)
    drawn = charts.band(found, 0.58)

    assert 'class="chart band"' in drawn
    assert found.low is not None
    assert f'<rect class="interval" x="{found.low:.2%}"' in drawn
    assert '<line class="tick" x1="70.45%" x2="70.45%"' in drawn
    assert '<line class="overall" x1="58.00%"' in drawn


def test_under_the_floor_a_band_is_marked_small() -> None:
    assert 'class="chart band is-small"' in charts.band(made(5, 9))
    assert 'class="chart column is-small"' in charts.column(made(5, 9), 1.0)


def test_without_deals_there_is_only_the_line() -> None:
    assert "interval" not in charts.band(made(0, 0), 0.5)
    assert "interval" not in charts.column(made(0, 0), 1.0, 0.5)


@given(st.integers(0, 50), st.integers(0, 50))
def test_drawings_carry_classes_and_no_style(won: int, more: int) -> None:
    found = made(won, won + more)
    end = charts.scale([found])
    for drawn in (
        charts.band(found, 0.5),
        charts.column(found, end, 0.5),
        charts.pair(0.2, 0.9),
        charts.ruler(end),
    ):
        assert not re.search(r"style=|fill=|stroke|#", drawn)
        assert 'aria-hidden="true"' in drawn
        assert drawn.count("<svg") == drawn.count("</svg>")


@pytest.mark.parametrize(
    ("high", "end"), [(0.42, 0.6), (0.6, 0.6), (0.61, 0.8), (0.999, 1.0), (1.0, 1.0), (0.05, 0.2)]
)
def test_a_trend_ends_at_the_next_round_number_and_begins_at_nothing(high: float, end: float) -> None:
    assert charts.scale([Rate(1, 10, 0.01, 0.0, high, small=False)]) == end
    assert charts.height_of(0, end) > charts.height_of(end, end)


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "–"), (0.0, "0%"), (0.004, "<1%"), (0.405, "41%"), (0.5, "50%"), (0.997, ">99%"), (1.0, "100%")],
)
def test_what_is_not_all_or_nothing_is_not_called_so(share: float | None, text: str) -> None:
    assert percent_of(share) == text


def test_differences_have_their_sign() -> None:
    assert (points_of(0.12), points_of(-0.12), points_of(0.001)) == ("+12", "−12", "0")
    assert interval_of(0.311, 0.832) == "31–83%"
