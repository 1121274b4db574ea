"""From matches to a page: permission, narrowing, facets, order. What `collect` does row by row, by columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any as Anything
from typing import NamedTuple

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
from kb.search.engines.whoosh.evaluate import counting, matching, parts, scores
from kb.search.engines.whoosh.snapshot import Snapshot

# Ordering so many rows at once is quicker than finding out which of them come first.
FEW = 256


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
    ranked = _ranked(snapshot, request, matches.strict, rows)
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
    counts: Numbers | None = None
    if wanted is not None and not _enough(request, strict, passing, unsure):
        counts = counting(snapshot, wanted.nodes)
        counts[~readable] = 0
    refused = _refused(snapshot, request, unsure, strict, counts)
    if len(refused):
        strict[refused] = False
        if counts is not None:
            counts[refused] = 0
    if wanted is None or counts is None or _count(strict, passing) >= request.loose_below:
        return Matches(strict, None)
    return Matches(strict, _most(wanted, strict, counts))


def _enough(request: Request, strict: Mask, passing: Mask | None, unsure: Numbers) -> bool:
    """Whether so much has all the words, whatever is decided, that what has most of them is not asked for."""
    certain = strict
    if len(unsure):
        certain = strict.copy()
        certain[unsure] = False
    return _count(certain, passing) >= request.loose_below


def _count(mask: Mask, passing: Mask | None) -> int:
    return int(np.count_nonzero(mask if passing is None else mask & passing))


def _refused(
    snapshot: Snapshot, request: Request, unsure: Numbers, strict: Mask, counts: Numbers | None
) -> Numbers:
    """Of what the index is not sure of and what matches, that which the viewer may not see, decided all at once."""
    if not len(unsure):
        return unsure
    found = strict[unsure] if counts is None else strict[unsure] | (counts[unsure] > 0)
    doubtful = unsure[found]
    keys = [snapshot.columns.key(row) for row in doubtful.tolist()]
    allowed = request.decide(frozenset(keys)) if keys else frozenset()
    return doubtful[np.array([key not in allowed for key in keys], np.bool_)]


def _most(wanted: Most, strict: Mask, counts: Numbers) -> Mask:
    """What has most of the words but not all: by as many of them as leaves something to read."""
    counts[strict] = 0
    by_count = np.bincount(counts, minlength=len(wanted.nodes) + 1)
    least = wanted.least
    found = int(np.count_nonzero(strict)) + int(by_count[least:].sum())
    while found < wanted.enough and least > wanted.floor:
        least -= 1
        found += int(by_count[least])
    return counts >= max(least, 1)


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


def _ranked(snapshot: Snapshot, request: Request, strict: Mask, rows: Numbers) -> Ranked:
    complete = strict[rows]
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
        if len(partly) and bool((having & strict).any()):
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
        most = max(lift.use.values(), default=0)
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
    keys = [~ranked.complete, *_order(snapshot, request, ranked), *_by_key(snapshot, ranked.rows)]
    shown = first_of(keys, np.arange(len(ranked.rows)), end)[request.offset : end]
    rows = ranked.rows[shown]
    of_rows = parts(snapshot, request.score, rows) if request.score != Any(()) else [{} for _row in rows]
    hits = []
    for place, row, given in zip(shown.tolist(), rows.tolist(), of_rows, strict=True):
        for name, values in (("fresh", ranked.fresh), ("used", ranked.used)):
            if values is not None and values[place]:
                given[name] = float(values[place])
        if ranked.bonus and ranked.whole[place]:
            given["whole"] = ranked.bonus
        score = float(ranked.scores[place])
        hits.append(EngineHit(snapshot.columns.key(row), score, bool(ranked.complete[place]), given))
    return hits


def _order(snapshot: Snapshot, request: Request, ranked: Ranked) -> list[NDArray[Anything]]:
    """What rows are sorted by, the smallest first."""
    newest = -snapshot.columns.days[ranked.rows]
    match request.sort:
        case Sort.RELEVANCE:
            return [-ranked.scores, newest]
        case Sort.NEWEST:
            return [newest, -ranked.scores]
        case Sort.READ:
            read = [-_use(snapshot, request.lift)[0][ranked.rows]] if request.lift else []
            return [*read, -ranked.scores, newest]


def _by_key(snapshot: Snapshot, rows: Numbers) -> list[NDArray[Anything]]:
    """The last word between equals: source, then number."""
    sources = snapshot.columns.sources
    keys = snapshot.columns.keys[rows]
    if len(sources.names) < 2:
        return [keys]
    rank = np.argsort(np.argsort(sources.names))
    return [rank[sources.codes[rows]], keys]


def first_of(keys: Sequence[NDArray[Anything]], rows: Longs, count: int) -> Longs:
    """The first `count` of `rows` by the first of `keys`, equals by the next; the rest is not put in order."""
    if count <= 0:
        return rows[:0]
    if len(rows) <= max(FEW, 2 * count):
        return rows[np.lexsort([key[rows] for key in reversed(keys)])][:count]
    first = keys[0][rows]
    limit = np.partition(first, count - 1)[count - 1]
    before, equal = rows[first < limit], rows[first == limit]
    begin = before[np.lexsort([key[before] for key in reversed(keys)])]
    if len(keys) == 1:
        return np.concatenate([begin, equal[: count - len(begin)]])
    return np.concatenate([begin, first_of(keys[1:], equal, count - len(begin))])
