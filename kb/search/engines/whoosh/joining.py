"""Several segments made one, token by token; whoever has something more urgent to do is let in between."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

import numpy as np
from whoosh.filedb.filestore import FileStorage

from kb.search.engines.whoosh.arrays import Bytes, Longs, Mask, spans
from kb.search.engines.whoosh.columns import joined
from kb.search.engines.whoosh.postings import Block, numbers_of, positions_of
from kb.search.engines.whoosh.segment import Segment
from kb.search.engines.whoosh.writing import (
    FEW,
    LENGTHS,
    PostingsWriter,
    TermPostings,
    finish_segment,
    start_segment,
    write_rows,
)

Item = TypeVar("Item")
Meanwhile = Callable[[], None]


class Made(NamedTuple):
    """The segment that was made, as the table of contents takes it, and for each that went into it, by its name, the new
    number of each of its documents; -1: it was deleted.
    """

    part: Any
    anew: Mapping[str, Longs]


class _Source:
    """A segment that goes into another: which of its documents live on, and under which numbers."""

    def __init__(self, segment: Segment, alive: Mask, first: int) -> None:
        self.segment = segment
        self.rows = np.flatnonzero(alive).astype(np.int32)
        self.anew: Longs = np.where(alive, np.cumsum(alive) - 1 + first, -1)
        self._anew: list[int] = self.anew.tolist()

    def postings(self, place: tuple[int, int], *, scored: bool) -> TermPostings:
        found = list(self.segment.blocks(place))
        if len(found) == 1 and len(found[0].steps) <= FEW:
            return self._few(found[0], scored=scored)
        numbers = self.anew[numbers_of(found)]
        kept = numbers >= 0
        if not scored:
            return TermPostings(numbers[kept].tolist(), None, b"")
        positions = positions_of(found)
        counts, places = positions.counts, positions.places
        if not kept.all():
            starts = np.cumsum(counts) - counts
            places = places[spans(starts[kept], counts[kept])]
        return TermPostings(numbers[kept].tolist(), counts[kept].tolist(), places.tobytes())

    def _few(self, block: Block, *, scored: bool) -> TermPostings:
        """The same without arrays, which cost more than they save where most tokens are: in a document or two."""
        numbers = [self._anew[number] for number in accumulate(block.steps)]
        if not scored:
            return TermPostings([number for number in numbers if number >= 0], None, b"")
        kept = [(number, value) for number, value in zip(numbers, block.values, strict=True) if number >= 0]
        return TermPostings(
            [number for number, _value in kept],
            [len(value) // 4 for _number, value in kept],
            b"".join([value for _number, value in kept]),
        )


def nothing() -> None:
    """What is done meanwhile when nobody waits."""


def merged(
    storage: FileStorage,
    schema: Any,
    segments: Sequence[tuple[Segment, Mask]],
    meanwhile: Meanwhile = nothing,
) -> Made:
    """One segment of several, without their deleted documents, in their order.

    `meanwhile` is called before every document and every token; whatever it raises ends the work, and files that were
    begun stay where they are.
    """
    sources: list[_Source] = []
    first = 0
    for segment, alive in segments:
        sources.append(_Source(segment, alive, first))
        first += int(alive.sum())
    columns = joined([source.segment.columns.taking(source.rows) for source in sources])
    names = sorted({name for source in sources for name in source.segment.field_names()})
    lengths = {name: _lengths(sources, name) for name in names if schema[name].scorable}
    known = {
        name: {int(number): LENGTHS[array[number]] for number in np.flatnonzero(array)}
        for name, array in lengths.items()
    }
    made = start_segment()
    rows = (columns.stored(row) for row in _between(range(len(columns)), meanwhile))
    write_rows(storage, made, schema, rows, known)
    writer = PostingsWriter(storage, made)
    try:
        for name in names:
            scored = bool(schema[name].scorable)
            writer.start_field(name, lengths[name] if scored else np.zeros(first, np.uint8))
            for token, found in _between(_tokens(sources, name), meanwhile):
                _merge_token(writer, token, [s.postings(place, scored=scored) for s, place in found])
    finally:
        writer.close()
    finish_segment(storage, made, columns)
    return Made(made, {source.segment.name: source.anew for source in sources})


def _between(items: Iterable[Item], meanwhile: Meanwhile) -> Iterator[Item]:
    for item in items:
        meanwhile()
        yield item


def _lengths(sources: Sequence[_Source], name: str) -> Bytes:
    return np.concatenate([source.segment.length_bytes(name)[source.rows] for source in sources])


def _tokens(
    sources: Sequence[_Source], name: str
) -> Iterator[tuple[bytes, list[tuple[_Source, tuple[int, int]]]]]:
    """Each token of a field with the segments that have it, in order, and where they have it."""
    streams = [_numbered(index, source.segment.tokens(name)) for index, source in enumerate(sources)]
    before: bytes | None = None
    found: list[tuple[_Source, tuple[int, int]]] = []
    for token, index, place in heapq.merge(*streams):
        if token != before and before is not None:
            yield before, found
            found = []
        before = token
        found.append((sources[index], place))
    if before is not None:
        yield before, found


def _numbered(
    index: int, tokens: Iterator[tuple[bytes, tuple[int, int]]]
) -> Iterator[tuple[bytes, int, tuple[int, int]]]:
    for token, place in tokens:
        yield token, index, place


def _merge_token(writer: PostingsWriter, token: bytes, found: Sequence[TermPostings]) -> None:
    numbers = [number for one in found for number in one.numbers]
    if not numbers:
        return
    counts = None
    if found[0].counts is not None:
        counts = [count for one in found for count in one.counts or ()]
    writer.add(token, numbers, counts, b"".join([one.positions for one in found]))
