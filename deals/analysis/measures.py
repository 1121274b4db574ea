"""The numbers of win/loss analysis: plain Python on scipy, no Django, every formula with its source.

Rates and bounds are 0..1, unrounded. `scipy.special` and not `scipy.stats`: what is needed from there takes a few lines,
and the module takes three times as long to load, which every process pays that loads the addresses.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

ALPHA = 0.05
# The two tails outside a 95 % interval, and outside the 99 % band of a change.
TAIL, BAND_TAIL = 0.025, 0.005
Z = float(special.ndtri(1 - TAIL))
# Tables whose probabilities differ by less than rounding are equally likely, as in R's fisher.test.
SAME_LOG_PROBABILITY = 1e-7
CORRECTION = "benjamini-hochberg"
# By value only where this share of the wins and of the losses carry an amount: 4 of 5.
CARRY_AT_LEAST = (4, 5)


@dataclass(frozen=True, slots=True)
class Rate:
    """`won` of `n` with Wilson's 95 % interval; all null where n = 0; `small`: n is under the floor."""

    won: int
    n: int
    rate: float | None
    low: float | None
    high: float | None
    small: bool


@dataclass(frozen=True, slots=True)
class Value:
    """The rate by value, in one currency: what was won of what was decided, and how much of it the largest deal is."""

    currency: str
    won: float
    total: float
    n_effective: float
    rate: float
    low: float
    high: float
    largest_share: float


@dataclass(frozen=True, slots=True)
class Versus:
    """A group against all others: the difference of rates with Newcombe's interval, Fisher's p as it is and adjusted."""

    difference: float
    low: float
    high: float
    p: float
    p_adjusted: float
    apart: bool


class Verdict(StrEnum):
    """What may be said of a period beside the twelve months before it."""

    UP = "up"
    DOWN = "down"
    NO_CHANGE = "no_change"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Change:
    """A period beside the twelve months before it; `low`..`high` wins would be ordinary at its n (null: not known)."""

    now: Rate
    before: Rate
    low: int | None
    high: int | None
    verdict: Verdict


def wilson(won: float, n: float) -> tuple[float, float]:
    """Wilson's score interval of a proportion (J. Am. Stat. Assoc. 22, 1927, 209-212); n > 0 need not be whole.

    It keeps inside 0..1, contains won / n, and is exactly 0 or 1 at an end that the counts reach.
    """
    share, square = won / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    low = 0.0 if won <= 0 else max(0.0, middle - half)
    high = 1.0 if won >= n else min(1.0, middle + half)
    return min(low, share), max(high, share)


def rate(won: int, n: int, *, floor: int) -> Rate:
    """The count, the rate and its interval."""
    if n == 0:
        return Rate(won, n, None, None, None, small=n < floor)
    return Rate(won, n, won / n, *wilson(won, n), small=n < floor)


def newcombe(won: int, n: int, other_won: int, other_n: int) -> tuple[float, float, float]:
    """The difference of two independent proportions and its interval: method 10 of Newcombe, Stat. Med. 17, 1998, 873-890.

    Returns:
        difference, low, high, each in -1..1. Both n are above 0.
    """
    first, second = won / n, other_won / other_n
    first_low, first_high = wilson(won, n)
    second_low, second_high = wilson(other_won, other_n)
    difference = first - second
    low = difference - math.hypot(first - first_low, second_high - second)
    high = difference + math.hypot(first_high - first, second - second_low)
    return difference, max(-1.0, low), min(1.0, high)


def fisher(won: int, n: int, other_won: int, other_n: int) -> float:
    """Fisher's exact test of two proportions, two-sided: every table with these margins that is no likelier than this one."""
    wins = won + other_won
    least, most = max(0, wins - other_n), min(wins, n)
    if least == most:
        return 1.0
    here = np.arange(least, most + 1)
    there = wins - here
    # Logarithms of the binomial coefficients, without what all tables share.
    likelihood = -special.betaln(n - here + 1, here + 1) - special.betaln(other_n - there + 1, there + 1)
    chances = special.softmax(likelihood)
    no_likelier = likelihood <= likelihood[won - least] + SAME_LOG_PROBABILITY
    return min(1.0, float(chances[no_likelier].sum()))


def benjamini_hochberg(chances: Sequence[float]) -> list[float]:
    """p-values adjusted for the false discovery rate (J. R. Stat. Soc. B 57, 1995, 289-300), in the order given."""
    number = len(chances)
    order = sorted(range(number), key=lambda place: chances[place], reverse=True)
    adjusted, least = [1.0] * number, 1.0
    for rank, place in enumerate(order):
        least = min(least, chances[place] * number / (number - rank))
        adjusted[place] = max(least, chances[place])
    return adjusted


def against_the_rest(groups: Sequence[tuple[int, int]]) -> list[Versus | None]:
    """Each (won, n) against all the others together, adjusted over those that can be compared; null for the rest."""
    all_won, all_n = sum(won for won, _n in groups), sum(n for _won, n in groups)
    compared = [place for place, (_won, n) in enumerate(groups) if 0 < n < all_n]
    chances = [fisher(*groups[place], *_rest(groups[place], all_won, all_n)) for place in compared]
    found: list[Versus | None] = [None] * len(groups)
    for place, p, adjusted in zip(compared, chances, benjamini_hochberg(chances), strict=True):
        difference, low, high = newcombe(*groups[place], *_rest(groups[place], all_won, all_n))
        found[place] = Versus(difference, low, high, p, adjusted, apart=adjusted < ALPHA)
    return found


def _rest(group: tuple[int, int], all_won: int, all_n: int) -> tuple[int, int]:
    return all_won - group[0], all_n - group[1]


def enough_carry(carrying: int, of: int) -> bool:
    """Whether so many of the deals have an amount that a rate by value says something."""
    least, out_of = CARRY_AT_LEAST
    return carrying * out_of >= of * least


def weighted(*, won: float, total: float, squares: float, largest: float, currency: str) -> Value:
    """The rate by value from sums over the amounts v: won and total are sums of v, squares of v * v.

    Its interval is Wilson's at Kish's effective n = (sum of v) ** 2 / sum of v * v (Survey Sampling, 1965, 11.7).
    """
    n_effective = total * total / squares
    share = min(1.0, won / total)
    low, high = wilson(share * n_effective, n_effective)
    return Value(currency, won, total, n_effective, share, low, high, largest / total)


def ordinary(n: int, share: float) -> tuple[int, int]:
    """The least and the most wins of n that a rate of `share` gives, but for half a percent at either end (binomial)."""
    return _quantile(BAND_TAIL, n, share), _quantile(1 - BAND_TAIL, n, share)


def _quantile(tail: float, n: int, share: float) -> int:
    """The least number of wins whose cumulative probability reaches `tail`."""
    return bisect_left(range(n), tail, key=lambda wins: float(special.bdtr(wins, n, share)))


def change(won: int, n: int, won_before: int, n_before: int, *, floor: int) -> Change:
    """A period's wins beside the rate of the twelve months before it: a change only outside the 99 % band.

    Not known where the period has no deals, or the twelve months fewer than the floor.
    """
    now, before = rate(won, n, floor=floor), rate(won_before, n_before, floor=floor)
    if before.rate is None or before.small or n == 0:
        return Change(now, before, None, None, Verdict.NOT_KNOWN)
    low, high = ordinary(n, before.rate)
    verdict = Verdict.DOWN if won < low else Verdict.UP if won > high else Verdict.NO_CHANGE
    return Change(now, before, low, high, verdict)
