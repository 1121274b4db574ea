"""From counts to groups: denominators, what is beside them, and when there is a rate by value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deals.analysis.groups import Lack, Named, Tally, group, grouped, no_value, total

FLOOR = 10
SOME = Tally(won=6, lost=3, no_decision=1, open=4, invalid=2, unknown=1, met_won=2, met_lost=1)


def named(key: str | None, tally: Tally) -> Named:
    return Named(key, key or "-", tally)


def test_no_decision_is_in_the_denominator_and_what_is_invalid_unknown_or_open_is_not() -> None:
    found = group(named("a", SOME), floor=FLOOR)

    assert (found.win.won, found.win.n) == (6, 10)
    assert found.tally.excluded == 3
    assert not found.win.small


def test_the_competitive_rate_counts_only_deals_in_which_somebody_is_recorded() -> None:
    found = group(named("a", SOME), floor=FLOOR)

    assert found.competitive is not None
    assert (found.competitive.won, found.competitive.n) == (2, 3)
    assert found.tally.meeting_not_known == 6


def test_where_nobody_is_recorded_there_is_no_competitive_rate() -> None:
    assert group(named("a", replace(SOME, met_won=0, met_lost=0)), floor=FLOOR).competitive is None


def valued(**changes: object) -> Tally:
    tally = Tally(
        won=5,
        lost=5,
        no_decision=5,
        carry_won=4,
        carry_lost=4,
        carry_no_decision=1,
        worth_won=400.0,
        worth=900.0,
        squares=90_000.0,
        largest=100.0,
        currencies=frozenset({"JPY"}),
    )
    return replace(tally, **changes)  # type: ignore[arg-type]


def test_four_of_five_wins_and_losses_with_an_amount_give_a_rate_by_value() -> None:
    found = group(named("a", valued()), floor=FLOOR)

    assert found.no_worth is None
    assert found.worth is not None
    assert (found.worth.currency, found.worth.rate, found.worth.n_effective) == ("JPY", 400 / 900, 9.0)


@pytest.mark.parametrize(
    ("changes", "lack", "missing", "of"),
    [
        ({"carry_lost": 3}, Lack.LOSSES, 2, 5),
        ({"carry_won": 3}, Lack.WINS, 2, 5),
        ({"currencies": frozenset({"JPY", "USD"})}, Lack.CURRENCIES, 0, 0),
        ({"worth": 0.0, "won": 0, "lost": 0}, Lack.NO_DEALS, 0, 0),
    ],
)
def test_otherwise_it_says_why_there_is_none(
    changes: dict[str, object], lack: Lack, missing: int, of: int
) -> None:
    found = no_value(valued(**changes))

    assert found is not None
    assert (found.lack, found.missing, found.of) == (lack, missing, of)
    assert group(named("a", valued(**changes)), floor=FLOOR).worth is None


def test_groups_are_sorted_by_key_with_what_is_not_recorded_last() -> None:
    found = grouped([named(None, SOME), named("b", SOME), named("a", SOME)], floor=FLOOR)

    assert [one.key for one in found] == ["a", "b", None]


def test_the_total_is_the_sum_of_its_groups() -> None:
    found = total([named("a", valued()), named("b", valued(largest=300.0))], floor=FLOOR)

    assert (found.win.won, found.win.n, found.tally.largest, found.tally.worth) == (10, 30, 300.0, 1800.0)
    assert found.versus_rest is None


def test_one_group_alone_is_compared_with_nothing() -> None:
    assert grouped([named("a", SOME)], floor=FLOOR)[0].versus_rest is None
