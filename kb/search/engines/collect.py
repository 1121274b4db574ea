"""From matches to a page: permission, narrowing, facets, order. The same for every engine that matches by itself."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from kb.search.analysis import fold
from kb.search.documents import MARKS, Document
from kb.search.engines.base import (
    FACETS,
    Dated,
    EngineHit,
    EnginePage,
    Filters,
    Key,
    Lift,
    Marked,
    Most,
    Node,
    Request,
    Sort,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What of a document is filtered, counted and sorted by; `day` is its date as a number."""

    key: Key
    kind: str
    tags: tuple[str, ...]
    folded_tags: frozenset[str]
    language: str
    day: int
    marks: Mapping[str, tuple[str, ...]]

    @classmethod
    def make(
        cls,
        key: Key,
        kind: str,
        tags: tuple[str, ...],
        language: str,
        day: int,
        marks: Mapping[str, tuple[str, ...]],
    ) -> Row:
        return cls(key, kind, tags, frozenset(fold(tag) for tag in tags), language, day, marks)

    @classmethod
    def of(cls, document: Document) -> Row:
        key = Key(document.source, document.pk)
        day = document.updated_on.toordinal()
        return cls.make(key, document.kind, document.tags, document.language, day, document.marks)

    def has(self, node: Marked | Dated) -> bool:
        """Whether it is marked so, or changed then."""
        if isinstance(node, Dated):
            return _within(self.day, node.after, node.before)
        if node.name == "tag":
            return not node.values.isdisjoint(self.folded_tags)
        return not node.values.isdisjoint(self.values(node.name))

    def values(self, name: str) -> tuple[str, ...]:
        """Its values for one of the facets but the date; tags in their own spelling."""
        match name:
            case "kind":
                return (self.kind,)
            case "language":
                return (self.language,)
            case "tag":
                return self.tags
            case _:
                return self.marks.get(name, ())


@dataclass(frozen=True, slots=True)
class Matches:
    """Numbers of documents the viewer may see: with all the words; as whole words; with each of the words; and how many
    there are in all.
    """

    strict: AbstractSet[int]
    whole: AbstractSet[int]
    having: Sequence[AbstractSet[int]]
    things: int


def settle(
    request: Request, rows: Sequence[Row] | Mapping[int, Row], found: Collection[int]
) -> AbstractSet[int]:
    """Those of `found` that may be counted: whatever the index is not sure of is decided now, all at once."""
    if not request.unsure:
        return found if isinstance(found, AbstractSet) else set(found)
    doubtful = {number: rows[number].key for number in found if rows[number].key in request.unsure}
    allowed = request.decide(frozenset(doubtful.values())) if doubtful else frozenset()
    refused = {number for number, key in doubtful.items() if key not in allowed}
    return set(found) - refused


def most(wanted: Most, matches: Matches) -> AbstractSet[int]:
    """What has the greater part of the words but not all: of as little weight as leaves something to read."""
    weights: Counter[int] = Counter()
    whole = 0
    for having in matches.having:
        weight = wanted.weight(matches.things, len(having))
        whole += weight
        weights.update(dict.fromkeys(having - matches.strict, weight))

    def nth_heaviest(nth: int) -> int:
        return heapq.nlargest(nth, weights.values())[-1] if len(weights) >= nth else 0

    bar = wanted.bar(whole, len(matches.strict), nth_heaviest)
    return {number for number, weight in weights.items() if weight >= bar}


def page(
    request: Request,
    rows: Sequence[Row] | Mapping[int, Row],
    matches: Matches,
    score: Callable[[AbstractSet[int]], Mapping[int, float]],
    explain: Callable[[int], Mapping[str, float]],
    matches_node: Callable[[Node, int], bool],
) -> EnginePage:
    """Narrow, count and order; `score` and the other two are asked only for what is left."""
    strict = {number for number in matches.strict if _passes(rows[number], request.filters)}
    below: AbstractSet[int] = set()
    if request.loose is not None and len(strict) < request.loose_below:
        below = most(request.loose, matches)
    loose = {number for number in below if _passes(rows[number], request.filters)}
    facets = _facets(request, rows, matches.strict | below)
    scores = dict(score(strict | loose)) if strict or loose else {}
    lifts = _lifted(request.lift, rows, scores)
    for number, lifted in lifts.items():
        scores[number] += sum(lifted.values())
    bonus = _bonus(scores, strict, matches.whole)
    for number in strict & matches.whole if bonus else ():
        scores[number] = scores.get(number, 0.0) + bonus

    def rank(number: int) -> tuple[object, ...]:
        row = rows[number]
        value = scores.get(number, 0.0)
        return (number not in strict, *_order(request, row, value), row.key)

    end = request.offset + request.size
    shown = heapq.nsmallest(end, strict | loose, key=rank)[request.offset :]
    hits = []
    for number in shown:
        parts = {**explain(number), **lifts.get(number, {})}
        if bonus and number in strict and number in matches.whole:
            parts["whole"] = bonus
        told = frozenset(index for index, node in enumerate(request.tell) if matches_node(node, number))
        hits.append(EngineHit(rows[number].key, scores.get(number, 0.0), number in strict, parts, told))
    return EnginePage(len(strict), len(loose), hits, facets)


def _lifted(
    lift: Lift | None, rows: Sequence[Row] | Mapping[int, Row], scores: Mapping[int, float]
) -> dict[int, dict[str, float]]:
    """What the scores grow by."""
    if lift is None:
        return {}
    most_used = lift.most_used()
    found = {}
    for number, score in scores.items():
        row = rows[number]
        shares = {"fresh": lift.fresh_share(row.day), "used": lift.used_share(row.key, most_used)}
        found[number] = {name: score * share for name, share in shares.items() if score * share}
    return found


def _order(request: Request, row: Row, score: float) -> tuple[float, ...]:
    """What a row is sorted by, the smallest first."""
    match request.sort:
        case Sort.RELEVANCE:
            return (-score, -row.day)
        case Sort.NEWEST:
            return (-row.day, -score)
        case Sort.READ:
            read = request.lift.use.get(row.key, 0) if request.lift else 0
            return (-read, -score, -row.day)


def _bonus(scores: Mapping[int, float], strict: AbstractSet[int], whole: AbstractSet[int]) -> float:
    """What lifts things with the whole words above the best thing that has them only inside longer words."""
    partly = [scores.get(number, 0.0) for number in strict if number not in whole]
    return float(math.ceil(max(partly)) or 1) if partly and whole else 0.0


def _passes(row: Row, filters: Filters) -> bool:
    return all(_passed(row, filters))


def _passed(row: Row, filters: Filters) -> tuple[bool, ...]:
    """Which of the narrowings a row passes, in the order of `FACETS`."""
    return (
        not filters.kinds or row.kind in filters.kinds,
        not filters.tags or not filters.tags.isdisjoint(row.folded_tags),
        not filters.languages or row.language in filters.languages,
        _within(row.day, filters.after, filters.before),
        *(
            not (wanted := filters.marks.get(name)) or not wanted.isdisjoint(row.values(name))
            for name in MARKS
        ),
    )


def _within(day: int, after: date | None, before: date | None) -> bool:
    return (after is None or day >= after.toordinal()) and (before is None or day <= before.toordinal())


def _facets(
    request: Request, rows: Sequence[Row] | Mapping[int, Row], counted: AbstractSet[int]
) -> dict[str, dict[str, int]]:
    """Each value counted among what passes all the other narrowings, so that a second value can be added."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    since = [(name, day.toordinal()) for name, day in request.buckets.items()]
    for number in counted:
        row = rows[number]
        passed = _passed(row, request.filters)
        failed = passed.count(False)
        if failed > 1:
            continue
        for index, name in enumerate(FACETS):
            if (failed and passed[index]) or name not in request.facets:
                continue
            if name == "date":
                counts[name].update(bucket for bucket, first in since if row.day >= first)
            else:
                counts[name].update(row.values(name))
    return {name: dict(counter) for name, counter in counts.items()}
