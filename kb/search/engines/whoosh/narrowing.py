"""From matches to a page: permission, narrowing, facets, order. What `collect` does row by row, by columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any as Anything
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kb.search.documents import MARKS
from kb.search.engines.base import (
    FACETS,
    Any,
    Dated,
    EngineHit,
    EnginePage,
    Filters,
    Lift,
    Marked,
    Most,
    Request,
    Sort,
)
from kb.search.engines.whoosh.arrays import Floats, Longs, Mask, Numbers
from kb.search.engines.whoosh.evaluate import matching, parts, scores
from kb.search.engines.whoosh.snapshot import Snapshot

# Ordering so many rows at once is quicker than finding out which of them come first.
FEW = 256
# Of more than so many, what could come first is told from every so-manieth.
SAMPLE_FROM, SAMPLE = 4_000, 1_000
NO_LIFT = Lift(date.min)

# What rows are sorted by: given places among those that are ranked, one value each; given none, of all.
SortKey: TypeAlias = Callable[[Longs | None], NDArray[Anything]]


class Matches(NamedTuple):
    """What the viewer may see of what has all the words, and of what has most of them."""

    strict: Mask
    below: Mask | None


def find_page(snapshot: Snapshot, request: Request) -> EnginePage:
    """Answer a request."""
    passes = _passes(snapshot, request.filters)
    passing = _all_of(passes.values())
    matches = _matches(snapshot, request, passing)
    listed = matches.strict if matches.below is None else matches.strict | matches.below
    rows = np.flatnonzero(listed if passing is None else listed & passing).astype(np.int32)
    ranked = _ranked(snapshot, request, matches, rows)
    total = int(np.count_nonzero(ranked.complete))
    return EnginePage(
        total,
        len(rows) - total,
        _hits(snapshot, request, ranked),
        _facets(snapshot, request, listed, passes),
    )


# ------------------------------------------------------------------ matches
def _matches(snapshot: Snapshot, request: Request, passing: Mask | None) -> Matches:
    readable = snapshot.open_to(request.viewer)
    unsure, _keys = snapshot.find(request.unsure)
    if len(unsure):
        readable = readable.copy()
        readable[unsure] = True
    strict = matching(snapshot, request.strict) & readable
    wanted = request.loose
    having: list[Mask] = []
    if wanted is not None and not _enough(request, strict, passing, unsure):
        having = [matching(snapshot, node) & readable for node in wanted.nodes]
    refused = _refused(snapshot, request, unsure, (strict, *having))
    if len(refused):
        for found in (strict, *having):
            found[refused] = False
    if wanted is None or not having or _count(strict, passing) >= request.loose_below:
        return Matches(strict, None)
    return Matches(strict, _most(wanted, strict, having, _count(readable, None) - len(refused)))


def _enough(request: Request, strict: Mask, passing: Mask | None, unsure: Numbers) -> bool:
    """Whether so much has all the words, whatever is decided, that what has most of them is not asked for."""
    certain = strict
    if len(unsure):
        certain = strict.copy()
        certain[unsure] = False
    return _count(certain, passing) >= request.loose_below


def _count(mask: Mask, passing: Mask | None) -> int:
    return int(np.count_nonzero(mask if passing is None else mask & passing))


def _refused(snapshot: Snapshot, request: Request, unsure: Numbers, masks: Sequence[Mask]) -> Numbers:
    """Of what the index is not sure of and what matches, that which the viewer may not see, decided all at once."""
    if not len(unsure):
        return unsure
    doubtful = unsure[np.any([mask[unsure] for mask in masks], axis=0)]
    keys = [snapshot.columns.key(row) for row in doubtful.tolist()]
    allowed = request.decide(frozenset(keys)) if keys else frozenset()
    return doubtful[np.array([key not in allowed for key in keys], np.bool_)]


def _most(wanted: Most, strict: Mask, having: Sequence[Mask], things: int) -> Mask:
    """What has the greater part of the words but not all: of as little weight as leaves something to read."""
    weights = np.zeros(len(strict), np.int32)
    whole = 0
    for mask in having:
        weight = wanted.weight(things, _count(mask, None))
        whole += weight
        weights += mask * np.int32(weight)
    weights[strict] = 0

    def nth_heaviest(nth: int) -> int:
        some = weights[weights > 0]
        return int(np.partition(some, -nth)[-nth]) if len(some) >= nth else 0

    return weights >= wanted.bar(whole, _count(strict, None), nth_heaviest)


# ------------------------------------------------------------------ narrowing and counting
def _passes(snapshot: Snapshot, filters: Filters) -> dict[str, Mask]:
    """For each facet that is narrowed down, what passes."""
    wanted = {"kind": filters.kinds, "tag": filters.tags, "language": filters.languages}
    wanted |= {name: filters.marks.get(name, frozenset()) for name in MARKS}
    found = {
        name: matching(snapshot, Marked(name, frozenset(values))) for name, values in wanted.items() if values
    }
    if filters.after is not None or filters.before is not None:
        found["date"] = matching(snapshot, Dated(filters.after, filters.before))
    return found


def _all_of(masks: Iterable[Mask]) -> Mask | None:
    found: Mask | None = None
    for mask in masks:
        found = mask if found is None else found & mask
    return found


def _facets(
    snapshot: Snapshot, request: Request, listed: Mask, passes: Mapping[str, Mask]
) -> dict[str, dict[str, int]]:
    """Each value counted among what passes all the other narrowings, so that a second value can be added."""
    found: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    columns = snapshot.columns
    everything: Numbers | None = None
    for name in request.facets:
        others = _all_of(mask for other, mask in passes.items() if other != name)
        if name in passes or everything is None:
            rows = np.flatnonzero(listed if others is None else listed & others).astype(np.int32)
            everything = everything if name in passes else rows
        else:
            rows = everything
        if name == "date":
            days = columns.days[rows]
            counted = {
                bucket: int(np.count_nonzero(days >= first.toordinal()))
                for bucket, first in request.buckets.items()
            }
            found[name] = {bucket: count for bucket, count in counted.items() if count}
        else:
            found[name] = columns.labels[name].counts(rows)
    return found


# ------------------------------------------------------------------ order
class Ranked(NamedTuple):
    """What is listed: documents, whether each has all the words and has them whole, its score and what that grew by."""

    rows: Numbers
    complete: Mask
    whole: Mask
    scores: Floats
    fresh: Floats | None
    used: Floats | None
    bonus: float


def _ranked(snapshot: Snapshot, request: Request, matches: Matches, rows: Numbers) -> Ranked:
    complete = np.ones(len(rows), np.bool_) if matches.below is None else matches.strict[rows]
    plain = scores(snapshot, request.score, rows)
    fresh = used = None
    grown = plain
    if request.lift is not None:
        fresh = plain * _freshness(request.lift, snapshot.columns.days[rows])
        used = plain * _use(snapshot, request.lift)[1][rows]
        grown = plain + fresh + used
    bonus = 0.0
    whole = np.zeros(len(rows), np.bool_)
    if request.whole is not None:
        having = matching(snapshot, request.whole)
        whole = having[rows] & complete
        partly = grown[complete & ~whole]
        if len(partly) and bool((having & matches.strict).any()):
            bonus = float(math.ceil(float(partly.max())) or 1)
            grown = grown + bonus * whole
    return Ranked(rows, complete, whole, grown, fresh, used, bonus)


def _freshness(lift: Lift, days: Numbers) -> Floats:
    ages = np.maximum(lift.today.toordinal() - days, 0)
    return lift.fresh * 0.5 ** (ages / lift.half_life)


def _use(snapshot: Snapshot, lift: Lift) -> tuple[Longs, Floats]:
    """How often each document was read, and the share its score grows by for that."""
    kept: _Use | None = snapshot.computed.get("use")
    if kept is None or kept.use is not lift.use or kept.used != lift.used:
        reads = np.zeros(snapshot.count, np.int64)
        numbers, keys = snapshot.find(lift.use)
        reads[numbers] = [lift.use[key] for key in keys]
        most = lift.most_used()
        shares = lift.used * np.log1p(reads) / math.log1p(most) if most else np.zeros(snapshot.count)
        kept = snapshot.computed.put("use", _Use(lift.use, lift.used, reads, shares))
    return kept.reads, kept.shares


class _Use(NamedTuple):
    use: object
    used: float
    reads: Longs
    shares: Floats

    @property
    def nbytes(self) -> int:
        return self.reads.nbytes + self.shares.nbytes


def _hits(snapshot: Snapshot, request: Request, ranked: Ranked) -> list[EngineHit]:
    """The page that was asked for; only what is on it becomes an object."""
    end = request.offset + request.size
    shown = _first(snapshot, request, ranked, end)[request.offset :]
    rows = ranked.rows[shown]
    of_rows = parts(snapshot, request.score, rows) if request.score != Any(()) else [{} for _row in rows]
    told = [matching(snapshot, node)[rows] for node in request.tell]
    hits = []
    for at, (place, row, given) in enumerate(zip(shown.tolist(), rows.tolist(), of_rows, strict=True)):
        for name, values in (("fresh", ranked.fresh), ("used", ranked.used)):
            if values is not None and values[place]:
                given[name] = float(values[place])
        if ranked.bonus and ranked.whole[place]:
            given["whole"] = ranked.bonus
        score = float(ranked.scores[place])
        matched = frozenset(index for index, mask in enumerate(told) if mask[at])
        complete = bool(ranked.complete[place])
        hits.append(EngineHit(snapshot.columns.key(row), score, complete, given, matched))
    return hits


def _first(snapshot: Snapshot, request: Request, ranked: Ranked, count: int) -> Longs:
    """Places in `ranked` of the first so many: what has all the words before the rest."""
    keys = [*_order(snapshot, request, ranked), *_by_key(snapshot, ranked.rows)]
    if ranked.complete.all():
        return first_of(keys, None, count)
    begin = first_of(keys, np.flatnonzero(ranked.complete), count)
    return np.concatenate(
        [begin, first_of(keys, np.flatnonzero(~ranked.complete), count - len(begin))]
    ).astype(np.int64)


def _order(snapshot: Snapshot, request: Request, ranked: Ranked) -> list[SortKey]:
    """What rows are sorted by, the smallest first; of none: of all."""
    rows, days = ranked.rows, snapshot.columns.days

    def newest(some: Longs | None) -> NDArray[Anything]:
        return -days[rows if some is None else rows[some]]

    def best(some: Longs | None) -> NDArray[Anything]:
        return -(ranked.scores if some is None else ranked.scores[some])

    def most_read(some: Longs | None) -> NDArray[Anything]:
        lift = request.lift or NO_LIFT
        return -_use(snapshot, lift)[0][rows if some is None else rows[some]]

    match request.sort:
        case Sort.RELEVANCE:
            return [best, newest]
        case Sort.NEWEST:
            return [newest, best]
        case Sort.READ:
            return [most_read, best, newest]


def _by_key(snapshot: Snapshot, rows: Numbers) -> list[SortKey]:
    """The last word between equals: source, then number."""
    sources, keys = snapshot.columns.sources, snapshot.columns.keys
    rank = np.argsort(np.argsort(sources.names))

    def source(some: Longs | None) -> NDArray[Anything]:
        return rank[sources.codes[rows if some is None else rows[some]]]

    def number(some: Longs | None) -> NDArray[Anything]:
        return keys[rows if some is None else rows[some]]

    return [source, number]


def first_of(keys: Sequence[SortKey], rows: Longs | None, count: int) -> Longs:
    """The first `count` of `rows`, none: of all, by the first of `keys`, equals by the next; the rest stays out of order."""
    if count <= 0:
        return np.empty(0, np.int64)
    first = keys[0](rows)
    if rows is None:
        rows = np.arange(len(first)) if len(first) <= SAMPLE_FROM else _promising(first, count)
        first = first[rows]
    if len(rows) > max(FEW, 2 * count):
        limit = np.partition(first, count - 1)[count - 1]
        before, equal = rows[first < limit], rows[first == limit]
        if len(keys) > 1 and len(before) + len(equal) > count:
            equal = first_of(keys[1:], equal, count - len(before))
        rows = np.concatenate([before, equal])
    return rows[np.lexsort([key(rows) for key in reversed(keys)])][:count]


def _promising(values: NDArray[Anything], count: int) -> Longs:
    """Where values are no larger than the so-manieth of some of them, and so hold the smallest of all."""
    some = values[:: max(1, len(values) // max(SAMPLE, 4 * count))]
    return (
        np.flatnonzero(values <= np.partition(some, count - 1)[count - 1])
        if count <= len(some)
        else np.arange(len(values))
    )
