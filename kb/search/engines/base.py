"""What every engine does, and the plain data in which it is asked and answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from kb.search.analysis import Prepared
from kb.search.documents import MARKS

# What is counted beside the hits.
FACETS = ("kind", "tag", "language", "date", *MARKS)


class Key(NamedTuple):
    """Which thing a hit is: its source and its number there."""

    source: str
    pk: int

    def __str__(self) -> str:
        return f"{self.source}:{self.pk}"


# ------------------------------------------------------------------ what is asked
@dataclass(frozen=True, slots=True)
class Term:
    """A token in a field; scored by BM25 times `boost`."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens at `offsets` from each other in a field; scored like a term whose rarity is the sum of theirs."""

    field: str
    texts: tuple[str, ...]
    offsets: tuple[int, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Across:
    """A token, or tokens at `offsets` from each other, in any of several fields, each with its weight.

    Scored by BM25F: a match counts as much as its field weighs, in its share of that field's usual length, and the sum
    over the fields is saturated once. The rarity is that of documents that have the token in any of the fields.
    """

    fields: tuple[tuple[str, float], ...]
    texts: tuple[str, ...]
    offsets: tuple[int, ...] = (0,)
    boost: float = 1.0

    def in_each(self) -> tuple[tuple[float, Term | Phrase], ...]:
        """What is looked for in each field, with the field's weight."""
        if len(self.texts) == 1:
            return tuple((weight, Term(name, self.texts[0])) for name, weight in self.fields)
        return tuple((weight, Phrase(name, self.texts, self.offsets)) for name, weight in self.fields)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any token of a field that begins so; the commonest `limit` of them. It only matches, without a score."""

    field: str
    text: str
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any token of a field that is at most `distance` insertions, deletions, replacements or swaps of neighbours away and
    begins with the same `prefix` characters; the nearest, then the commonest `limit` of them. It only matches.
    """

    field: str
    text: str
    distance: int = 1
    prefix: int = 1
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Marked:
    """Has one of `values` as its kind, tag (folded), language, or as one of MARKS."""

    name: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dated:
    """Changed on or after, and on or before; none: no bound."""

    after: date | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """Every document that `node` does not match."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every one of `nodes`; scores add up."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least `least` of `nodes`; scores add up."""

    nodes: tuple[Node, ...]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


Node = Term | Phrase | Across | Prefix | Fuzzy | Marked | Dated | Without | All | Any | Everything


class Sort(StrEnum):
    """In which order hits come; things with all the words first in any."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    READ = "read"  # most read first


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrowed down to; within one of them either value will do, empty: no narrowing. Tags are folded."""

    kinds: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    after: date | None = None
    before: date | None = None
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lift:
    """What ranks a little above the rest when it says the same: what is new, and what is used.

    A score grows by up to the share `fresh`, half of it after `half_life` days, and by up to the share `used`, by the
    logarithm of `use`: how often each thing was read. Neither ever makes a score smaller.
    """

    today: date
    half_life: float = 365.0
    fresh: float = 0.0
    used: float = 0.0
    use: Mapping[Key, int] = field(default_factory=dict)

    def fresh_share(self, day: int) -> float:
        """The share for what changed on a day, given as its number."""
        age: int = max(self.today.toordinal() - day, 0)
        return self.fresh * float(0.5 ** (age / self.half_life))

    def most_used(self) -> int:
        """How often the thing that is read most was read."""
        return max(self.use.values(), default=0)

    def used_share(self, key: Key, most: int) -> float:
        """The share for how often a thing was read; `most` is `most_used`, looked for once and not for each thing."""
        return self.used * math.log1p(self.use.get(key, 0)) / math.log1p(most) if most else 0.0


@dataclass(frozen=True, slots=True)
class Most:
    """Having the greater part of `nodes`, each weighed by how few things of those the viewer may see have it.

    What has `share` of the whole weight belongs to it; as long as that leaves fewer than `enough` things, with those that
    have everything, so does what comes next by its weight, all that weighs the same together, but never under `floor`.
    """

    nodes: tuple[Node, ...]
    share: float
    floor: float
    enough: int

    @staticmethod
    def weight(things: int, having: int) -> int:
        """How much a node weighs that so many of the things have: the rarity of BM25, in thousandths, so that sums are exact."""
        return max(1, round(1000 * math.log(1 + (things - having + 0.5) / (having + 0.5))))

    def bar(self, whole: int, complete: int, nth_heaviest: Callable[[int], int]) -> float:
        """The weight from which things belong to it, of the `whole` weight, where so many have everything.

        nth_heaviest: the weight of the so-manieth of the others, 0 where there are not so many.
        """
        least = self.share * whole
        if complete < self.enough:
            least = min(least, nth_heaviest(self.enough - complete))
        return max(least, self.floor * whole, 1)


def nothing_is_hidden(keys: frozenset[Key]) -> frozenset[Key]:
    return keys


@dataclass(frozen=True, slots=True)
class Request:
    """A question to an engine.

    strict: what counts as having all the words. whole: among those, what has them as whole words and ranks above the
    rest. loose: what has most of the words; it is added below when fewer than `loose_below` are strict.
    score: what hits are ranked by. viewer: the tokens the viewer holds; without any, nothing is found.
    unsure: things whose readers may differ from what the index knows; those that match are passed to `decide` once,
    and only what it returns counts, in totals and facets too. lift: what the score grows by, and what `Sort.READ` reads.
    facets: those of FACETS that are counted; the others come back empty.
    tell: of each hit of the page it is told which of these it matches.
    """

    strict: Node
    viewer: frozenset[str]
    score: Node = field(default_factory=lambda: Any(()))
    whole: Node | None = None
    loose: Most | None = None
    loose_below: int = 0
    filters: Filters = field(default_factory=Filters)
    buckets: Mapping[str, date] = field(default_factory=dict)
    facets: Collection[str] = FACETS
    sort: Sort = Sort.RELEVANCE
    lift: Lift | None = None
    offset: int = 0
    size: int = 10
    unsure: frozenset[Key] = frozenset()
    decide: Callable[[frozenset[Key]], frozenset[Key]] = nothing_is_hidden
    tell: tuple[Node, ...] = ()


# ------------------------------------------------------------------ what is answered


@dataclass(frozen=True, slots=True)
class EngineHit:
    """One thing found; `parts` says which field gave how much of the score, `told` which nodes of `Request.tell` match."""

    key: Key
    score: float
    complete: bool
    parts: Mapping[str, float]
    told: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class EnginePage:
    """One page of hits. Totals and facets count only what the viewer may see.

    total: things with all the words; also: those with most of them. facets: for each of FACETS
    how many hits each value would leave, each counted as if nothing of its own kind were narrowed down.
    """

    total: int = 0
    also: int = 0
    hits: Sequence[EngineHit] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: {name: {} for name in FACETS})


class State(StrEnum):
    """How an index stands."""

    READY = "ready"
    MISSING = "missing"
    OUTDATED = "outdated"  # made by another version of the analysis; it serves until a new one is built
    BROKEN = "broken"


class EngineUnavailable(RuntimeError):
    """There is no index that could be asked: it is missing, broken or out of reach."""


class Engine(Protocol):
    """Keeps prepared documents and finds them. One thing, by its key, is in it at most once.

    Several processes may ask while one writes. A write is either in it wholly or not at all.
    """

    def search(self, request: Request) -> EnginePage:
        """Find. Raises EngineUnavailable."""

    def tags(self, viewer: frozenset[str], hidden: frozenset[Key]) -> Mapping[str, int]:
        """Tags of what the viewer may see, but for `hidden`, with how many things carry each. Raises EngineUnavailable."""

    def apply(self, puts: Iterable[Prepared], removals: Collection[Key] = ()) -> None:
        """Put documents in, each in the place of the one with its key, and take out `removals`, in one commit.

        Raises EngineUnavailable when there is no index to write to.
        """

    def merge(self, meanwhile: Callable[[], None]) -> bool:
        """Do one piece of what writes left for later, while they go on; whether there was any. What `meanwhile` raises ends it.

        Raises EngineUnavailable when another process is at it, or there is no index.
        """

    def rebuild(self, documents: Iterable[Prepared], kept: Collection[Key] = ()) -> int:
        """Put `documents` in the place of everything; the old index serves until the new one stands. Returns how many.

        kept: what is taken over from a build that was cut short, some of what `unfinished` tells.
        Raises EngineUnavailable when that is no longer there.
        """

    def unfinished(self) -> Mapping[Key, str]:
        """The stamps of what a build that was cut short had already taken, if it can be gone on with."""

    def matching(self, node: Node) -> frozenset[Key]:
        """Everything that matches, whoever may read it: for the write side alone. Raises EngineUnavailable."""

    def stamps(self) -> Mapping[Key, str]:
        """The stamp of everything in it. Raises EngineUnavailable."""

    def state(self) -> State:
        """Whether it can serve."""

    def warm(self) -> None:
        """Open what the first question would wait for; does nothing when there is no index."""


def check_readers(prepared: Prepared) -> tuple[frozenset[str], frozenset[str]]:
    """The two sets of readers a viewer must meet; a missing second is open to whoever meets the first.

    Raises:
        ValueError: there are more than two, which no engine here keeps.
    """
    readers = prepared.document.readers
    if len(readers) > 2:
        message = f"{prepared.document.source} {prepared.document.pk} has more than two sets of readers"
        raise ValueError(message)
    return readers[0], readers[1] if len(readers) > 1 else frozenset({ANYONE})


# The second set of readers of a thing that has only one; every viewer meets it.
ANYONE = "*"
