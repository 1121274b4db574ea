"""One generation of the index as it is asked: the documents of its segments numbered through, and all columns joined.

Segments never change, only the set of documents deleted from them does; so what was read from one is kept for as long
as it is part of the index. What depends on all of them together is kept with the snapshot and goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from kb.search.engines.base import ANYONE, Fuzzy, Key, Phrase, Prefix, Term
from kb.search.engines.whoosh.arrays import NO_NUMBERS, Bytes, Floats, Mask, Numbers, Weights, places
from kb.search.engines.whoosh.columns import Columns, joined
from kb.search.engines.whoosh.nearness import near
from kb.search.engines.whoosh.postings import NO_POSTINGS, Lately, Postings
from kb.search.engines.whoosh.segment import LENGTH_OF, Segment

INDEX_NAME = "MAIN"
# Of the 64 MB a process may keep: what was decoded of segments, and what was computed for one generation.
KEPT_DECODED = 40_000_000
KEPT_COMPUTED = 20_000_000
# A segment tells its commonest tokens; this many times more than wanted, so that the commonest of all are among them.
GENEROUS = 4
ALL_OF_THEM = 1 << 40
# What a process reads before it is asked.
FIELDS_WARMED = ("readers0", "body_words", "body_pairs", "title_words", "title_pairs")
WARMED = 16


class Snapshot:
    """The segments of one generation: a document's number is its segment's offset and its own."""

    def __init__(
        self,
        storage: FileStorage,
        generation: int,
        before: Snapshot | None,
        cache: Lately[Any],
    ) -> None:
        toc = TOC.read(storage, INDEX_NAME, gen=generation)
        opened: Mapping[str, Segment] = before.by_name if before else {}
        self.generation = generation
        self.by_name: dict[str, Segment] = {}
        self.segments: list[tuple[int, Segment]] = []
        self.computed: Lately[Any] = Lately(KEPT_COMPUTED)
        self._frequencies: dict[Hashable, int] = {}
        self._lengths: dict[str, tuple[Bytes, float]] = {}
        deleted: list[int] = []
        offset = 0
        for part in toc.segments:
            name = part.segment_id()
            segment = opened.get(name) or Segment(storage, part, toc.schema, cache)
            self.by_name[name] = segment
            self.segments.append((offset, segment))
            deleted += [offset + number for number in part.deleted_docs()]
            offset += segment.count
        self.count = offset
        self.alive: Mask = np.ones(offset, np.bool_)
        self.alive[deleted] = False

    # -------------------------------------------------------------- documents
    def each(self) -> list[tuple[Segment, Mask]]:
        """The segments, and which documents of each are alive."""
        return [(segment, self.alive[offset : offset + segment.count]) for offset, segment in self.segments]

    @cached_property
    def columns(self) -> Columns:
        return joined([segment.columns for _offset, segment in self.segments])

    def stamps(self) -> dict[Key, str]:
        columns = self.columns
        return {columns.key(row): columns.stamp(row) for row in np.flatnonzero(self.alive).tolist()}

    def find(self, keys: Collection[Key]) -> tuple[Numbers, list[Key]]:
        """The documents with these keys, and the key of each; what is not there is left out."""
        wanted = list(keys)
        numbers, found = [NO_NUMBERS], []
        for offset, segment in self.segments if wanted else ():
            at, local = segment.keys.find(wanted)
            rows = local + offset
            kept = self.alive[rows]
            numbers.append(rows[kept].astype(np.int32))
            found += [wanted[place] for place in at[kept].tolist()]
        return np.concatenate(numbers), found

    def open_to(self, viewer: frozenset[str]) -> Mask:
        """Documents a viewer with these tokens may read: a token in both sets of readers."""
        key = ("open to", viewer)
        found: Mask | None = self.computed.get(key)
        if found is None:
            found = (
                self._having("readers0", viewer) & self._having("readers1", viewer | {ANYONE}) & self.alive
            )
            self.computed.put(key, found)
        return found

    def _having(self, field: str, texts: frozenset[str]) -> Mask:
        found = np.zeros(self.count, np.bool_)
        for text in texts:
            found[self.postings(Term(field, text)).numbers] = True
        return found

    # -------------------------------------------------------------- tokens
    def postings(self, node: Term | Phrase) -> Postings:
        """Documents of all segments that have it, and how often; deleted ones are among them."""
        every = ((offset, _postings(segment, node)) for offset, segment in self.segments)
        pieces = [(offset, found) for offset, found in every if len(found)]
        if not pieces:
            return NO_POSTINGS
        if len(pieces) == 1 and pieces[0][0] == 0:
            return pieces[0][1]
        return _joined(pieces)

    def counts_in(self, node: Term | Phrase, rows: Numbers) -> Weights:
        """How often each of a few documents, in order, has it; only their segments are looked at."""
        counts = np.zeros(len(rows), np.float32)
        bounds = np.searchsorted(rows, [*(offset for offset, _segment in self.segments), self.count])
        for index, (offset, segment) in enumerate(self.segments):
            first, end = bounds[index], bounds[index + 1]
            found = _postings(segment, node) if first < end else NO_POSTINGS
            if len(found):
                at, there = places(found.numbers, rows[first:end] - np.int32(offset))
                counts[first:end] = there if found.weights is None else np.where(there, found.weights[at], 0)
        return counts

    def frequency(self, field: str, text: str) -> int:
        """In how many documents a token is, deleted ones included."""
        key = (field, text)
        if key not in self._frequencies:
            self._frequencies[key] = sum(segment.frequency(field, text) for _, segment in self.segments)
        return self._frequencies[key]

    def frequency_across(self, fields: tuple[str, ...], text: str) -> int:
        """In how many documents a token is in any of these fields."""
        key = (fields, text)
        if key not in self._frequencies:
            found = np.zeros(self.count, np.bool_)
            for field in fields:
                found[self.postings(Term(field, text)).numbers] = True
            self._frequencies[key] = int(np.count_nonzero(found))
        return self._frequencies[key]

    def lengths(self, field: str) -> tuple[Bytes, float]:
        """The byte of a field's length in each document, and the usual length."""
        if field not in self._lengths:
            pieces = [segment.length_bytes(field) for _offset, segment in self.segments]
            total = sum(segment.field_lengths.get(field, 0) for _offset, segment in self.segments)
            average = total / self.count if total and self.count else 1.0
            self._lengths[field] = (np.concatenate(pieces) if pieces else np.empty(0, np.uint8), average)
        return self._lengths[field]

    def shares(self, field: str) -> tuple[Bytes, Floats]:
        """The byte of a field's length in each document, and for each byte the share of the usual length it means."""
        lengths, average = self.lengths(field)
        return lengths, LENGTH_OF / average

    def tokens(self, node: Prefix | Fuzzy) -> list[str]:
        """The tokens that begin so, or are so near: the commonest of them."""
        found: dict[bytes, int] = {}
        for _offset, segment in self.segments:
            if isinstance(node, Prefix):
                some = segment.commonest(node.field, node.text.encode(), node.limit * GENEROUS)
            else:
                some = segment.commonest(node.field, node.text[: node.prefix].encode(), ALL_OF_THEM)
            for token, frequency in some:
                found[token] = found.get(token, 0) + frequency
        if isinstance(node, Prefix):
            best = sorted(found, key=lambda token: (-found[token], token))[: node.limit]
            return [token.decode() for token in best]
        texts = [token.decode() for token in found]
        edits = near(texts, node.text, node.distance)
        nearest = sorted(edits, key=lambda text: (edits[text], -found[text.encode()], text))
        return nearest[: node.limit]

    # -------------------------------------------------------------- first use
    def warm(self) -> None:
        """Read what every question needs, and the commonest tokens of each field, which take longest."""
        _ = list(self.columns.labels.values())  # joined by being asked for
        for _offset, segment in self.segments:
            _ = segment.keys
        self.open_to(frozenset({ANYONE}))
        for field in FIELDS_WARMED:
            commonest = self.tokens(Prefix(field, "", WARMED))
            for text in commonest:
                self.postings(Term(field, text))
            self.lengths(field)


def _postings(segment: Segment, node: Term | Phrase) -> Postings:
    if isinstance(node, Term):
        return segment.postings(node.field, node.text)
    return segment.phrase(node.field, node.texts, node.offsets)


def _joined(pieces: Sequence[tuple[int, Postings]]) -> Postings:
    numbers = np.concatenate([found.numbers + np.int32(offset) for offset, found in pieces])
    if all(found.weights is None for _offset, found in pieces):
        return Postings(numbers)
    weights = [
        np.ones(len(found), np.float32) if found.weights is None else found.weights for _, found in pieces
    ]
    return Postings(numbers, np.concatenate(weights))
