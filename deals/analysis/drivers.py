"""What deals turned on: ratings folded so that a driver counts once a deal, rep beside buyer, and what to fix first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from deals.analysis.measures import Rate, rate

REP, BUYER = "rep", "buyer"
# Whose voice a witness is; of two buyers' voices about one deal the interview goes first.
VOICES = {"rep": REP, "buyer_interview": BUYER, "buyer_survey": BUYER}
INTERVIEW = "buyer_interview"
DECISIVE = 3
LOST, WON = "lost", "won"


class Node(NamedTuple):
    """A driver of the tree."""

    pk: int
    parent: int | None
    name: str


class Rating(NamedTuple):
    """One driver in one deal, as one kind of witness saw it; `first` holds for the main one."""

    deal: int
    result: str
    driver: int
    says: str
    performance: int
    importance: int
    first: int | str


Ratings = Iterable[Rating | tuple[int, str, int, str, int, int, int | str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One driver's numbers: deals it was named in, of them lost by it (decisive and weak), and mean ratings.

    `rep` and `buyer` count lost deals in which both were heard. Means are over the ratings; null where there are none.
    """

    driver: Node
    lost: int
    won: int
    fix: int
    performance_lost: float | None
    performance_won: float | None
    importance: float | None
    rep: int
    buyer: int
    rep_share: float | None
    buyer_share: float | None


@dataclass(frozen=True, slots=True)
class Drivers:
    """All drivers named; `reviewed` lost deals have ratings, `heard` of them from rep and buyer; they agreed in `agreement`."""

    lines: Sequence[Line]
    fix: Sequence[tuple[Node, int]]
    reviewed: int
    heard: int
    agreement: Rate


def roots(tree: Mapping[int, Node]) -> dict[int, int]:
    """For each driver the one at the top above it."""
    found = {}
    for pk, node in tree.items():
        top = node
        while top.parent is not None:
            top = tree[top.parent]
        found[pk] = top.pk
    return found


def attributes(tree: Mapping[int, Node]) -> dict[int, int]:
    """For each driver the one of the second level it belongs to, or itself at the top."""
    found = {}
    for pk, node in tree.items():
        here = node
        while here.parent is not None and tree[here.parent].parent is not None:
            here = tree[here.parent]
        found[pk] = here.pk
    return found


@dataclass(slots=True)
class Mean:
    """A sum on its way to a mean."""

    total: int = 0
    number: int = 0

    def add(self, value: int, times: int) -> None:
        self.total += value * times
        self.number += times

    @property
    def value(self) -> float | None:
        return self.total / self.number if self.number else None


Sets = defaultdict[int, set[int]]
PairSets = defaultdict[tuple[int, str], set[int]]


@dataclass(slots=True)
class Fold:
    """Sets of deals, so that whoever names a driver however often counts it once; by driver, or driver and result or voice."""

    named: PairSets = field(default_factory=lambda: defaultdict(set))
    voices: PairSets = field(default_factory=lambda: defaultdict(set))
    fix: Sets = field(default_factory=lambda: defaultdict(set))
    fix_attribute: Sets = field(default_factory=lambda: defaultdict(set))
    performance: defaultdict[tuple[int, str], Mean] = field(default_factory=lambda: defaultdict(Mean))
    importance: defaultdict[int, Mean] = field(default_factory=lambda: defaultdict(Mean))
    firsts: dict[str, dict[int, int]] = field(default_factory=lambda: {says: {} for says in VOICES})

    def take(self, ratings: Ratings, top: Mapping[int, int], second: Mapping[int, int]) -> None:
        """Ratings that differ in the deal alone are taken together: thousands of deals say a few hundred things."""
        alike: defaultdict[tuple[str, int, str, int, int, int | str], list[int]] = defaultdict(list)
        for deal, *said in ratings:
            alike[tuple(said)].append(deal)  # type: ignore[index]
        for (result, driver, says, performance, importance, first), deals in alike.items():
            root = top[driver]
            self.named[root, result].update(deals)
            self.performance[root, result].add(performance, len(deals))
            self.importance[root].add(importance, len(deals))
            if result != LOST:
                continue
            if says in VOICES:
                self.voices[root, VOICES[says]].update(deals)
                if first:
                    self.firsts[says].update(dict.fromkeys(deals, root))
            if is_to_fix(performance, importance):
                self.fix[root].update(deals)
                self.fix_attribute[second[driver]].update(deals)

    def heard(self, voice: str) -> set[int]:
        return set().union(*(deals for (_root, whose), deals in self.voices.items() if whose == voice))

    @property
    def both(self) -> set[int]:
        """Lost deals in which the rep and a buyer named something."""
        return self.heard(REP) & self.heard(BUYER)

    @property
    def both_first(self) -> dict[int, tuple[int, int]]:
        """The rep's and the buyer's first driver of each lost deal in which both named one."""
        buyer = {**self.firsts["buyer_survey"], **self.firsts[INTERVIEW]}
        rep = self.firsts["rep"]
        return {deal: (rep[deal], buyer[deal]) for deal in rep.keys() & buyer.keys()}

    @property
    def agreed(self) -> set[int]:
        return {deal for deal, (rep, buyer) in self.both_first.items() if rep == buyer}


def is_to_fix(performance: int, importance: int) -> bool:
    """Decisive, and we did badly."""
    return importance == DECISIVE and performance < 0


def fold(ratings: Ratings, tree: Mapping[int, Node]) -> Fold:
    found = Fold()
    found.take(ratings, roots(tree), attributes(tree))
    return found


def drivers_of(ratings: Ratings, tree: Mapping[int, Node], *, floor: int) -> Drivers:
    """Everything the page says of drivers, from one pass over the ratings of lost and won deals."""
    found = fold(ratings, tree)
    both = found.both
    lines = [line(tree[root], found, both) for root in found.importance]
    fix = [(tree[driver], len(deals)) for driver, deals in found.fix_attribute.items()]
    lost = [deals for (_root, result), deals in found.named.items() if result == LOST]
    return Drivers(
        lines=sorted(lines, key=lambda one: (-one.rep - one.buyer, -one.lost, one.driver.pk)),
        fix=sorted(fix, key=lambda one: (-one[1], one[0].pk)),
        reviewed=len(set().union(*lost)),
        heard=len(both),
        agreement=rate(len(found.agreed), len(found.both_first), floor=floor),
    )


def line(driver: Node, found: Fold, both: set[int]) -> Line:
    root = driver.pk
    rep, buyer = len(found.voices[root, REP] & both), len(found.voices[root, BUYER] & both)
    return Line(
        driver=driver,
        lost=len(found.named[root, LOST]),
        won=len(found.named[root, WON]),
        fix=len(found.fix[root]),
        performance_lost=found.performance[root, LOST].value,
        performance_won=found.performance[root, WON].value,
        importance=found.importance[root].value,
        rep=rep,
        buyer=buyer,
        rep_share=rep / len(both) if both else None,
        buyer_share=buyer / len(both) if both else None,
    )


def deals_behind(ratings: Ratings, tree: Mapping[int, Node], *, driver: int | None, part: str) -> set[int]:
    """The deals behind one of these numbers, by the same fold; `part` as filters.Part has them."""
    found = fold(ratings, tree)
    if driver is None:
        whole = {"heard": found.both, "first": set(found.both_first), "agreed": found.agreed}
        return whole.get(part, set())
    parts = {
        "named": found.named[driver, LOST] | found.named[driver, WON],
        "fix": found.fix[driver] | found.fix_attribute[driver],
        "rep": found.voices[driver, REP] & found.both,
        "buyer": found.voices[driver, BUYER] & found.both,
    }
    return parts.get(part, set())
