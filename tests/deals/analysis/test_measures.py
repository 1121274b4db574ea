"""The numbers against published values, named with their source, and against what must hold for all of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from deals.analysis import measures

FLOOR = 10


@st.composite
def proportions(draw: st.DrawFn, least: int = 1, most: int = 400) -> tuple[int, int]:
    n = draw(st.integers(least, most))
    return draw(st.integers(0, n)), n


# ---------------------------------------------------------------- Wilson


@pytest.mark.parametrize(
    ("won", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17, 1998, 857-872, table I, method 3 (score)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_newcombe_1998(won: int, n: int, low: float, high: float) -> None:
    assert measures.wilson(won, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("won", "n", "low", "high"), [(6, 10, 31, 83), (30, 50, 46, 72), (60, 100, 50, 69), (729, 1147, 61, 66)]
)
def test_the_same_rate_says_more_with_more_deals(won: int, n: int, low: int, high: int) -> None:
    found = measures.rate(won, n, floor=FLOOR)

    assert found.low is not None
    assert found.high is not None
    assert (round(found.low * 100), round(found.high * 100)) == (low, high)


@given(proportions())
def test_wilson_is_the_interval_of_scipy(counts: tuple[int, int]) -> None:
    expected = stats.binomtest(*counts).proportion_ci(0.95, method="wilson")

    assert measures.wilson(*counts) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(proportions(most=10**6))
def test_an_interval_stays_inside_and_contains_its_rate(counts: tuple[int, int]) -> None:
    low, high = measures.wilson(*counts)

    assert 0 <= low <= counts[0] / counts[1] <= high <= 1
    assert (low == 0) == (counts[0] == 0)
    assert (high == 1) == (counts[0] == counts[1])


@given(proportions(), st.integers(2, 50))
def test_more_deals_at_the_same_rate_narrow_the_interval(counts: tuple[int, int], times: int) -> None:
    low, high = measures.wilson(*counts)
    lower, higher = measures.wilson(counts[0] * times, counts[1] * times)

    assert higher - lower < high - low


@given(proportions())
def test_wins_and_losses_mirror_each_other(counts: tuple[int, int]) -> None:
    won, n = counts
    low, high = measures.wilson(won, n)

    assert measures.wilson(n - won, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_no_deals_have_no_rate() -> None:
    assert measures.rate(0, 0, floor=FLOOR) == measures.Rate(0, 0, None, None, None, small=True)


def test_a_rate_is_small_under_the_floor_only() -> None:
    assert measures.rate(5, 9, floor=FLOOR).small
    assert not measures.rate(5, 10, floor=FLOOR).small


# ---------------------------------------------------------------- Newcombe


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17, 1998, 873-890, table II, method 10 (score, without continuity correction)
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_a_difference_agrees_with_newcombe_1998(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    difference, lower, higher = measures.newcombe(*first, *second)

    assert difference == pytest.approx(first[0] / first[1] - second[0] / second[1])
    assert (lower, higher) == pytest.approx((low, high), abs=5e-5)


@given(proportions(), proportions())
def test_a_difference_stays_inside_contains_its_point_and_turns_around(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    difference, low, high = measures.newcombe(*first, *second)
    other, other_low, other_high = measures.newcombe(*second, *first)

    assert -1 <= low <= difference <= high <= 1
    assert (other, other_low, other_high) == pytest.approx((-difference, -high, -low), abs=1e-12)


# ---------------------------------------------------------------- Fisher


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        # Fisher, The Design of Experiments, 1935: the lady tasting tea, 3 of 4 and all 4 right
        ((3, 4), (1, 4), 34 / 70),
        ((4, 4), (0, 4), 2 / 70),
        # Fisher, J. R. Stat. Soc. 98, 1935, 48: convictions of twins of criminals; R's manual of fisher.test: 0.0005367
        ((2, 17), (10, 13), 0.0005367),
    ],
)
def test_fisher_agrees_with_his_own_examples(
    first: tuple[int, int], second: tuple[int, int], p: float
) -> None:
    assert measures.fisher(*first, *second) == pytest.approx(p, abs=5e-8)


@given(proportions(), proportions())
def test_fisher_is_the_test_of_scipy_whichever_group_comes_first(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    p = measures.fisher(*first, *second)

    assert 0 <= p <= 1
    assert p == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)
    assert measures.fisher(*second, *first) == pytest.approx(p, rel=1e-9)


def test_fisher_holds_at_a_hundred_thousand_deals() -> None:
    p = measures.fisher(7290, 11470, 35090, 55640)

    assert p == pytest.approx(stats.fisher_exact([[7290, 4180], [35090, 20550]]).pvalue, rel=1e-6)


# ---------------------------------------------------------------- Benjamini-Hochberg

# Benjamini & Hochberg, J. R. Stat. Soc. B 57, 1995, 289-300, section 3.2: treatments of myocardial infarction.
INFARCTION = (
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0000,
)


def test_benjamini_and_hochberg_reject_the_four_smallest_of_their_example() -> None:
    adjusted = measures.benjamini_hochberg(INFARCTION)

    assert [p < measures.ALPHA for p in adjusted] == [True] * 4 + [False] * 11
    assert adjusted[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    assert adjusted == pytest.approx(list(stats.false_discovery_control(INFARCTION)))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_adjusting_keeps_the_order_and_never_lowers_a_p(chances: list[float]) -> None:
    adjusted = measures.benjamini_hochberg(chances)

    assert all(1 >= after >= before for before, after in zip(chances, adjusted, strict=True))
    by_chance = sorted(range(len(chances)), key=lambda place: chances[place])
    ordered = [adjusted[place] for place in by_chance]
    assert ordered == sorted(ordered)
    assert adjusted == pytest.approx(list(stats.false_discovery_control(chances)))


def test_nothing_to_adjust_is_nothing() -> None:
    assert measures.benjamini_hochberg([]) == []


def test_a_group_is_told_apart_from_all_the_others_together() -> None:
    apart, not_apart, other = measures.against_the_rest([(90, 100), (52, 100), (48, 100)])

    assert apart is not None
    assert apart.apart
    assert apart.difference == pytest.approx(0.9 - 100 / 200)
    assert apart.p == pytest.approx(stats.fisher_exact([[90, 10], [100, 100]]).pvalue, rel=1e-6)
    assert not_apart is not None
    assert other is not None
    assert not_apart.low < not_apart.difference < not_apart.high


def test_what_has_nothing_to_be_compared_with_is_not_compared() -> None:
    assert measures.against_the_rest([(3, 5)]) == [None]
    assert measures.against_the_rest([(3, 5), (0, 0)]) == [None, None]


def test_apart_means_an_adjusted_p_under_five_percent() -> None:
    groups = [(8, 20), (15, 20), (10, 20), (11, 20)]
    for versus in measures.against_the_rest(groups):
        assert versus is not None
        assert versus.apart == (versus.p_adjusted < 0.05)
        assert versus.p_adjusted >= versus.p


# ---------------------------------------------------------------- by value


def value_of(won: list[float], others: list[float]) -> measures.Value:
    amounts = [*won, *others]
    return measures.weighted(
        won=sum(won),
        total=sum(amounts),
        squares=sum(amount * amount for amount in amounts),
        largest=max(amounts),
        currency="JPY",
    )


def test_equal_amounts_are_worth_their_number() -> None:
    found = value_of([200.0] * 6, [200.0] * 4)

    assert found.n_effective == pytest.approx(10)
    assert (found.rate, found.low, found.high) == pytest.approx((0.6, *measures.wilson(6, 10)))
    assert found.largest_share == pytest.approx(0.1)


def test_one_large_deal_shrinks_the_effective_number() -> None:
    # Kish, Survey Sampling, 1965, 11.7: (sum of weights) ** 2 / sum of squares, here 130 ** 2 / 10_300
    found = value_of([100.0], [10.0, 10.0, 10.0])

    assert found.n_effective == pytest.approx(130**2 / 10_300)
    assert found.largest_share == pytest.approx(100 / 130)


amounts = st.lists(st.floats(1, 1e9), min_size=1, max_size=60)


@given(amounts, amounts)
def test_an_effective_number_is_between_one_and_the_number(won: list[float], others: list[float]) -> None:
    found = value_of(won, others)

    assert 1 - 1e-9 <= found.n_effective <= len(won) + len(others) + 1e-9
    assert 0 <= found.low <= found.rate <= found.high <= 1
    assert 0 < found.largest_share <= 1


@pytest.mark.parametrize(
    ("carrying", "of", "enough"),
    [(8, 10, True), (7, 10, False), (0, 0, True), (0, 1, False), (4, 5, True), (799, 1000, False)],
)
def test_four_of_five_have_to_carry_an_amount(carrying: int, of: int, enough: bool) -> None:
    assert measures.enough_carry(carrying, of) is enough


# ---------------------------------------------------------------- the change rule


def test_the_band_of_a_fair_coin_is_the_one_of_the_tables() -> None:
    # Binomial tables, n = 20, p = 1/2: P(X <= 3) = .0013, P(X <= 4) = .0059
    assert measures.ordinary(20, 0.5) == (4, 16)


@given(st.integers(1, 2000), st.floats(0, 1))
def test_the_band_leaves_half_a_percent_at_either_end(n: int, share: float) -> None:
    low, high = measures.ordinary(n, share)

    assert 0 <= low <= high <= n
    assert stats.binom.cdf(low - 1, n, share) <= 0.005 + 1e-9
    assert stats.binom.sf(high, n, share) <= 0.005 + 1e-9
    assert stats.binom.cdf(low, n, share) >= 0.005 - 1e-9
    assert stats.binom.sf(high - 1, n, share) >= 0.005 - 1e-9


@pytest.mark.parametrize(
    ("won", "verdict"),
    [
        (3, measures.Verdict.DOWN),
        (4, measures.Verdict.NO_CHANGE),
        (16, measures.Verdict.NO_CHANGE),
        (17, measures.Verdict.UP),
    ],
)
def test_only_what_lies_outside_the_band_is_a_change(won: int, verdict: measures.Verdict) -> None:
    assert measures.change(won, 20, 60, 120, floor=FLOOR).verdict == verdict


def test_too_few_deals_before_or_none_now_say_nothing() -> None:
    assert measures.change(5, 5, 1, 9, floor=FLOOR).verdict == measures.Verdict.NOT_KNOWN
    assert measures.change(0, 0, 60, 120, floor=FLOOR).verdict == measures.Verdict.NOT_KNOWN
    assert math.isclose(measures.change(5, 5, 6, 10, floor=FLOOR).before.rate or 0, 0.6)
