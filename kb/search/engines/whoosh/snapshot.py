"""One generation of the index as it is read: its segments, opened once each, and what was decoded from them.

Segments never change, only the set of documents deleted from them does; so what was read from one is kept for as long
as it is part of the index. Whoosh's own searcher would open, and copy, all of them again after every commit.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader, TermNotFound

from kb.search.engines.base import ANYONE, Key
from kb.search.engines.collect import Row
from kb.search.engines.whoosh.schema import as_row, unpack

INDEX_NAME = "MAIN"
# Decoded postings kept by a process; each takes about eight bytes.
KEPT_POSTINGS = 4_000_000
KEPT_AUDIENCES = 32


class Postings(NamedTuple):
    """Documents of a segment that have a token, in order, and how often."""

    numbers: array[int]
    weights: array[float]


NO_POSTINGS = Postings(array("I"), array("f"))


class PostingsCache:
    """What was decoded lately, up to a number of postings; the longest unused goes first."""

    def __init__(self, limit: int = KEPT_POSTINGS) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[object, Postings] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Postings | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: object, postings: Postings) -> None:
        with self._lock:
            self._kept[key] = postings
            self.size += len(postings.numbers) + 1
            while self.size > self.limit and self._kept:
                _key, dropped = self._kept.popitem(last=False)
                self.size -= len(dropped.numbers) + 1


class Segment:
    """A part of the index; numbers here count from 0 in each."""

    def __init__(self, reader: SegmentReader, cache: PostingsCache) -> None:
        self.reader = reader
        self.count: int = reader.doc_count_all()
        self._cache = cache
        self._identity = object()
        self._lengths: dict[str, array[float]] = {}
        # a reader seeks in its files, so two threads must not read at once
        self._lock = threading.RLock()

    @cached_property
    def _stored(self) -> list[tuple[Row, str] | None]:
        """Row and stamp of each document; none for what was deleted before this segment was opened."""
        rows: list[tuple[Row, str] | None] = [None] * self.count
        with self._lock:
            for number, stored in self.reader.iter_docs():
                rows[number] = as_row(stored["row"])
        return rows

    def row(self, number: int) -> Row:
        stored = self._stored[number]
        if stored is None:
            message = f"document {number} was deleted"
            raise LookupError(message)
        return stored[0]

    def stamp(self, number: int) -> str:
        stored = self._stored[number]
        return stored[1] if stored else ""

    def lengths(self, field: str) -> array[float]:
        """The length of a field in each document, as coarse as Whoosh keeps it."""
        if field not in self._lengths:
            with self._lock:
                reader = self.reader
                self._lengths[field] = array(
                    "f", (reader.doc_field_length(number, field) or 0 for number in range(self.count))
                )
        return self._lengths[field]

    def frequency(self, field: str, text: str) -> int:
        """In how many documents a token is, deleted ones included."""
        with self._lock:
            return int(self.reader.doc_frequency(field, text))

    def postings(self, field: str, text: str) -> Postings:
        key = (self._identity, field, text)
        found = self._cache.get(key)
        if found is None:
            with self._lock:
                found = self._read(field, text)
            self._cache.put(key, found)
        return found

    def _read(self, field: str, text: str) -> Postings:
        numbers, weights = array("I"), array("f")
        try:
            matcher = self.reader.postings(field, text)
        except TermNotFound:
            return NO_POSTINGS
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return Postings(numbers, weights)

    def phrase(self, field: str, texts: Sequence[str], offsets: Sequence[int]) -> Postings:
        """Documents that have the tokens at these distances, and how often."""
        key = (self._identity, field, tuple(texts), tuple(offsets))
        found = self._cache.get(key)
        if found is None:
            found = self._read_phrase(field, texts, offsets)
            self._cache.put(key, found)
        return found

    def _read_phrase(self, field: str, texts: Sequence[str], offsets: Sequence[int]) -> Postings:
        rarest_first = sorted(
            zip(texts, offsets, strict=True), key=lambda token: len(self.postings(field, token[0]).numbers)
        )
        common = set(self.postings(field, rarest_first[0][0]).numbers)
        for text, _offset in rarest_first[1:]:
            common.intersection_update(self.postings(field, text).numbers)
        begins: dict[int, set[int]] | None = None
        for text, offset in rarest_first:
            wanted = sorted(common if begins is None else begins)
            if not wanted:
                return NO_POSTINGS
            here = self._positions(field, text, wanted, offset)
            begins = here if begins is None else {n: both for n in wanted if (both := begins[n] & here[n])}
        counted = sorted((begins or {}).items())
        return Postings(
            array("I", [n for n, _ in counted]), array("f", [len(places) for _, places in counted])
        )

    def _positions(self, field: str, text: str, wanted: list[int], offset: int) -> dict[int, set[int]]:
        """Where a phrase whose token at `offset` is `text` would begin, in each of `wanted`, which all have the token."""
        found: dict[int, set[int]] = {}
        with self._lock:
            matcher = self.reader.postings(field, text)
            for number in wanted:
                matcher.skip_to(number)
                found[number] = {position - offset for position in unpack(matcher.value())}
        return found

    def beginning_with(self, field: str, prefix: str, limit: int) -> list[str]:
        """Tokens that begin so, in order."""
        found: list[str] = []
        with self._lock:
            for name, text in self.reader.terms_from(field, prefix):
                token = text.decode()
                if name != field or not token.startswith(prefix) or len(found) >= limit:
                    break
                found.append(token)
        return found

    def near(self, field: str, text: str, distance: int, prefix: int) -> list[str]:
        """Tokens at most so many edits away that begin with the same characters."""
        with self._lock:
            return list(self.reader.terms_within(field, text, distance, prefix))


class Snapshot:
    """The segments of one generation, numbered through: a document's number is its segment's offset and its own."""

    def __init__(
        self, storage: FileStorage, generation: int, before: Snapshot | None, cache: PostingsCache
    ) -> None:
        toc = TOC.read(storage, INDEX_NAME, gen=generation)
        opened: Mapping[str, Segment] = before.by_id if before else {}
        self.generation = generation
        self.by_id: dict[str, Segment] = {}
        self.segments: list[tuple[int, Segment]] = []
        self.deleted: set[int] = set()
        offset = 0
        for part in toc.segments:
            name = part.segment_id()
            segment = opened.get(name) or Segment(
                SegmentReader(storage, toc.schema, part, generation=generation), cache
            )
            self.by_id[name] = segment
            self.segments.append((offset, segment))
            self.deleted.update(offset + number for number in part.deleted_docs())
            offset += segment.count
        self.count = offset
        self._open_to: OrderedDict[frozenset[str], frozenset[int]] = OrderedDict()
        self._frequencies: dict[tuple[str, str], int] = {}

    @cached_property
    def rows(self) -> Mapping[int, Row]:
        """The row of every document that is there."""
        return {
            offset + number: segment.row(number)
            for offset, segment in self.segments
            for number in range(segment.count)
            if offset + number not in self.deleted
        }

    def stamps(self) -> dict[Key, str]:
        return {
            segment.row(number).key: segment.stamp(number)
            for offset, segment in self.segments
            for number in range(segment.count)
            if offset + number not in self.deleted
        }

    def numbers_of(self, key: Key) -> set[int]:
        """The number of the document with this key; none when it is not there."""
        return self._having("key", {str(key)})

    def open_to(self, viewer: frozenset[str]) -> frozenset[int]:
        """Documents a viewer with these tokens may read: a token in both sets of readers."""
        found = self._open_to.get(viewer)
        if found is None:
            found = frozenset(self._having("readers0", viewer) & self._having("readers1", {*viewer, ANYONE}))
            self._open_to[viewer] = found
            while len(self._open_to) > KEPT_AUDIENCES:
                self._open_to.popitem(last=False)
        return found

    def _having(self, field: str, texts: set[str] | frozenset[str]) -> set[int]:
        found: set[int] = set()
        for offset, segment in self.segments:
            for text in texts:
                found.update(offset + number for number in segment.postings(field, text).numbers)
        return found - self.deleted

    def frequency(self, field: str, text: str) -> int:
        """In how many documents a token is."""
        key = (field, text)
        if key not in self._frequencies:
            self._frequencies[key] = sum(segment.frequency(field, text) for _, segment in self.segments)
        return self._frequencies[key]

    def frequency_across(self, fields: tuple[str, ...], text: str) -> int:
        """In how many documents a token is in any of these fields."""
        key = (" ".join(fields), text)
        if key not in self._frequencies:
            self._frequencies[key] = sum(
                len(set().union(*(segment.postings(field, text).numbers for field in fields)))
                for _, segment in self.segments
            )
        return self._frequencies[key]

    def average_length(self, field: str) -> float:
        total = sum(segment.reader.field_length(field) for _, segment in self.segments)
        return total / self.count if total and self.count else 1.0
