"""What is counted of some deals, and the numbers that come from the counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from deals.analysis.measures import Rate, Value, Versus, against_the_rest, enough_carry, rate, weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts and sums of some deals; tallies of deals without overlap can be added.

    `met_*`: deals in which a competitor, an incumbent or an in-house build is recorded. `carry_*`: those with an
    amount above 0, whose sum is in `worth_won` and `worth` (all that were decided), with squares and the largest.
    """

    won: int = 0
    lost: int = 0
    no_decision: int = 0
    open: int = 0
    invalid: int = 0
    unknown: int = 0
    met_won: int = 0
    met_lost: int = 0
    carry_won: int = 0
    carry_lost: int = 0
    carry_no_decision: int = 0
    worth_won: float = 0.0
    worth: float = 0.0
    squares: float = 0.0
    largest: float = 0.0
    currencies: frozenset[str] = frozenset()

    def __add__(self, other: Tally) -> Tally:
        summed = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(Tally)
            if one.name not in ("largest", "currencies")
        }
        return Tally(
            **summed,
            largest=max(self.largest, other.largest),
            currencies=self.currencies | other.currencies,
        )

    @property
    def decided(self) -> int:
        """The denominator of the win rate."""
        return self.won + self.lost + self.no_decision

    @property
    def excluded(self) -> int:
        return self.invalid + self.unknown

    @property
    def met(self) -> int:
        return self.met_won + self.met_lost

    @property
    def meeting_not_known(self) -> int:
        """Won and lost deals in which nobody we met is recorded."""
        return self.won + self.lost - self.met


class Lack(StrEnum):
    """Why there is no rate by value."""

    NO_DEALS = "no_deals"
    LOSSES = "losses"
    WINS = "wins"
    CURRENCIES = "currencies"


@dataclass(frozen=True, slots=True)
class NoValue:
    """Why there is no rate by value: `missing` of `of` losses or wins carry no amount; or several currencies."""

    lack: Lack
    missing: int = 0
    of: int = 0
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """One group with its numbers; `key` null: not recorded. `value` is opened by its link: an id, a word, or a period's key."""

    key: str | None
    value: str
    tally: Tally
    win: Rate
    competitive: Rate | None
    worth: Value | None
    no_worth: NoValue | None
    versus_rest: Versus | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A tally with what it is called and what its link says."""

    key: str | None
    value: str
    tally: Tally


def no_value(tally: Tally) -> NoValue | None:
    """Why the rate by value cannot be computed; null where it can."""
    missing = tally.lost - tally.carry_lost
    if not enough_carry(tally.carry_lost, tally.lost):
        return NoValue(Lack.LOSSES, missing, tally.lost)
    if not enough_carry(tally.carry_won, tally.won):
        return NoValue(Lack.WINS, tally.won - tally.carry_won, tally.won)
    if tally.worth <= 0:
        return NoValue(Lack.NO_DEALS)
    if len(tally.currencies) > 1:
        return NoValue(Lack.CURRENCIES, currencies=tuple(sorted(tally.currencies)))
    return None


def group(named: Named, *, floor: int, versus: Versus | None = None) -> Group:
    tally = named.tally
    lack = no_value(tally)
    worth = None
    if lack is None:
        worth = weighted(
            won=tally.worth_won,
            total=tally.worth,
            squares=tally.squares,
            largest=tally.largest,
            currency=next(iter(tally.currencies)),
        )
    return Group(
        key=named.key,
        value=named.value,
        tally=tally,
        win=rate(tally.won, tally.decided, floor=floor),
        competitive=rate(tally.met_won, tally.met, floor=floor) if tally.met else None,
        worth=worth,
        no_worth=lack,
        versus_rest=versus,
    )


def grouped(named: Sequence[Named], *, floor: int, compare: bool = True) -> list[Group]:
    """The groups, each against all the others where that makes sense; by key, what is not recorded last."""
    counts = [(one.tally.won, one.tally.decided) for one in named]
    versus = against_the_rest(counts) if compare else [None] * len(named)
    groups = [group(one, floor=floor, versus=than) for one, than in zip(named, versus, strict=True)]
    return sorted(groups, key=lambda one: (one.key is None, one.key or ""))


def total(named: Sequence[Named], *, floor: int) -> Group:
    """All of it."""
    return group(Named(None, "", sum((one.tally for one in named), Tally())), floor=floor)
