"""One segment as it is read. It never changes, only the set of documents deleted from it does, so it is opened once."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3TermsReader
from whoosh.filedb.filestore import FileStorage
from whoosh.util.numeric import byte_to_length

from kb.search.engines.whoosh.arrays import Bytes, Longs, Numbers, places, spans
from kb.search.engines.whoosh.columns import EXTENSION, Columns, KeyIndex, from_bytes, from_rows
from kb.search.engines.whoosh.mapped import MappedFile, open_segment, part
from kb.search.engines.whoosh.postings import (
    NO_POSTINGS,
    Block,
    Lately,
    Positions,
    Postings,
    blocks,
    numbers_of,
    positions_of,
    weights_of,
)

# What a length's byte stands for.
LENGTH_OF = np.array([byte_to_length(byte) for byte in range(256)], np.float64)
_LENGTHS = struct.Struct("!ii")
_FIELD = struct.Struct("!H")
# Of a term's entry: documents with it stand five bytes in, its place in the file of postings after 23.
_FREQUENCY, _PLACE = 5, struct.Struct("!qi")
_PLACE_AT = 23
NO_POSITIONS = Positions(np.empty(0, np.int64), np.empty(0, np.uint32))


class Segment:
    """A part of the index; numbers here count from 0 in each."""

    def __init__(self, storage: FileStorage, part_: Any, schema: Any, cache: Lately[Any]) -> None:
        self.name: str = part_.segment_id()
        self.count: int = part_.doc_count_all()
        self.field_lengths: dict[str, int] = dict(part_._fieldlengths)  # noqa: SLF001 - its reader hides it, too
        self._part = part_
        self._schema = schema
        self._files = open_segment(storage, part_)
        self._postings_file = part(self._files, part_.make_filename(W3Codec.POSTS_EXT)) or memoryview(b"")
        self._terms = W3TermsReader(*self._term_files(part_))
        self._index = self._terms._tindex  # noqa: SLF001
        self._cache = cache

    def _term_files(self, part_: Any) -> tuple[Any, Any, int, Any]:
        name = part_.make_filename(W3Codec.TERMS_EXT)
        view = part(self._files, name)
        if view is None:
            raise FileNotFoundError(name)
        return part_.codec(), MappedFile(view, name), len(view), None

    # -------------------------------------------------------------- documents
    @cached_property
    def columns(self) -> Columns:
        view = part(self._files, self._part.make_filename(EXTENSION))
        if view is not None:
            return from_bytes(view)
        reader = self._part.codec().per_document_reader(self._files, self._part)
        found = from_rows([reader.stored_fields(number)["row"] for number in range(self.count)])
        reader.close()
        return found

    @cached_property
    def keys(self) -> KeyIndex:
        return KeyIndex(self.columns)

    def length_bytes(self, field: str) -> Bytes:
        """The byte of a field's length in each document."""
        view = part(self._files, W3Codec.column_filename(self._part, f"_{field}_len"))
        kept = np.frombuffer(view, np.uint8) if view else np.empty(0, np.uint8)
        if len(kept) == self.count:
            return kept
        return np.concatenate([kept, np.zeros(self.count - len(kept), np.uint8)])

    # -------------------------------------------------------------- tokens
    def field_names(self) -> list[str]:
        return list(self._terms.indexed_field_names())

    def _entry(self, field: str, token: str) -> int | None:
        """Where the entry of a token begins."""
        try:
            # its public way unpacks all of the entry
            start: int = self._terms._range_for_key(field, token.encode())[0]  # noqa: SLF001
        except KeyError:
            return None
        return start

    def frequency(self, field: str, token: str) -> int:
        """In how many documents a token is, deleted ones included."""
        entry = self._entry(field, token)
        return 0 if entry is None else int(self._index.dbfile.get_uint(entry + _FREQUENCY))

    def postings(self, field: str, token: str) -> Postings:
        key = (self.name, field, token)
        found: Postings | None = self._cache.get(key)
        if found is None:
            entry = self._entry(field, token)
            found = NO_POSTINGS if entry is None else self.decode(self._place(entry), positions=False)[0]
            self._cache.put(key, found)
        return found

    def _place(self, entry: int) -> tuple[int, int]:
        start, length = _PLACE.unpack(self._index.dbfile.get(entry + _PLACE_AT, _PLACE.size))
        return start, length

    def blocks(self, place: tuple[int, int]) -> Iterator[Block]:
        """The blocks of the postings that lie there."""
        return blocks(self._postings_file, place[0])

    def decode(self, place: tuple[int, int], *, positions: bool) -> tuple[Postings, Positions]:
        """The postings that lie there, and their positions when asked for."""
        found = list(self.blocks(place))
        return (
            Postings(numbers_of(found), weights_of(found)),
            positions_of(found) if positions else NO_POSITIONS,
        )

    def _positions(self, field: str, token: str) -> Positions:
        key = (self.name, field, token, "positions")
        found: Positions | None = self._cache.get(key)
        if found is None:
            entry = self._entry(field, token)
            found = NO_POSITIONS if entry is None else self.decode(self._place(entry), positions=True)[1]
            self._cache.put(key, found)
        return found

    def _decode_both(self, field: str, token: str) -> None:
        """Keep the postings of a token and its positions, for they lie in the same blocks, which are costly to unpack."""
        key = (self.name, field, token)
        entry = self._entry(field, token)
        if entry is not None and self._cache.get((*key, "positions")) is None:
            postings, positions = self.decode(self._place(entry), positions=True)
            self._cache.put(key, postings)
            self._cache.put((*key, "positions"), positions)

    # -------------------------------------------------------------- phrases
    def phrase(self, field: str, texts: Sequence[str], offsets: Sequence[int]) -> Postings:
        """Documents that have the tokens at these distances, and how often."""
        key = (self.name, field, tuple(texts), tuple(offsets))
        found: Postings | None = self._cache.get(key)
        if found is None:
            found = self._cache.put(key, self._find_phrase(field, texts, offsets))
        return found

    def _find_phrase(self, field: str, texts: Sequence[str], offsets: Sequence[int]) -> Postings:
        if any(self._entry(field, text) is None for text in texts):
            return NO_POSTINGS
        for text in texts:
            self._decode_both(field, text)
        rarest_first = sorted(
            zip(texts, offsets, strict=True), key=lambda token: len(self.postings(field, token[0]))
        )
        common: Numbers = self.postings(field, rarest_first[0][0]).numbers
        for text, _offset in rarest_first[1:]:
            if not len(common):
                return NO_POSTINGS
            common = common[places(self.postings(field, text).numbers, common)[1]]
        begins = self._begins(field, *rarest_first[0], common)
        for text, offset in rarest_first[1:]:
            if not len(begins):
                break
            begins = begins[places(self._begins(field, text, offset, common), begins)[1]]
        numbers, counts = np.unique(begins >> 32, return_counts=True)
        return Postings(numbers.astype(np.int32), counts.astype(np.float32))

    def _begins(self, field: str, text: str, offset: int, common: Numbers) -> Longs:
        """Where a phrase with this token at `offset` would begin: document and position as one number, in order."""
        positions = self._positions(field, text)
        if not len(positions.counts):
            return np.empty(0, np.int64)
        at = places(self.postings(field, text).numbers, common)[0]
        counts = positions.counts[at]
        starts = (np.cumsum(positions.counts) - positions.counts)[at]
        stands = positions.places[spans(starts, counts)].astype(np.int64)
        found = (np.repeat(common.astype(np.int64), counts) << 32) + stands - offset
        return found[stands >= offset]

    # -------------------------------------------------------------- many tokens
    @cached_property
    def _entries(self) -> Longs:
        """Where the entries of all tokens lie, in the order of fields and tokens."""
        index = self._index
        kind = {"B": ">u1", "H": ">u2", "i": ">i4", "I": ">u4", "q": ">i8"}[index.extras["indextype"]]
        data = index.dbfile.view[index.indexbase : index.indexbase + index.indexlen * index.indexsize]
        return np.frombuffer(data, kind).astype(np.int64)

    def _number(self, places_: Longs) -> Longs:
        """The four-byte numbers that stand at these places of the index of terms."""
        data = np.frombuffer(self._index.dbfile.view, np.uint8)
        four = data[places_[:, None] + np.arange(4)]
        found: Longs = four.view(">u4").ravel().astype(np.int64)
        return found

    def _between(self, field: str, prefix: bytes) -> Longs:
        """The entries of the tokens of a field that begin so."""
        number = self._terms._fieldmap.get(field)  # noqa: SLF001
        if number is None:
            return np.empty(0, np.int64)
        begin = _FIELD.pack(number) + prefix
        last = int.from_bytes(begin, "big") + 1
        return self._entries[self._first_from(begin) : self._first_from(last.to_bytes(len(begin), "big"))]

    def _first_from(self, key: bytes) -> int:
        low, high = 0, len(self._entries)
        while low < high:
            middle = (low + high) // 2
            if self._index.key_at(int(self._entries[middle])) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def commonest(self, field: str, prefix: bytes, limit: int) -> list[tuple[bytes, int]]:
        """Of the tokens that begin so the commonest, with the documents of each; all that equal the last of them, too."""
        entries = self._between(field, prefix)
        if not len(entries):
            return []
        # an entry: the length of its key, that of its data, the key (a number for the field, the token), the data
        lengths = self._number(entries)
        frequencies = self._number(entries + _LENGTHS.size + lengths + _FREQUENCY)
        if len(entries) > limit:
            least = np.partition(frequencies, len(frequencies) - limit)[len(frequencies) - limit]
            kept = frequencies >= least
            entries, lengths, frequencies = entries[kept], lengths[kept], frequencies[kept]
        view, head = self._index.dbfile.view, _LENGTHS.size + _FIELD.size
        return [
            (bytes(view[start + head : start + _LENGTHS.size + length]), frequency)
            for start, length, frequency in zip(
                entries.tolist(), lengths.tolist(), frequencies.tolist(), strict=True
            )
        ]

    def tokens(self, field: str) -> Iterator[tuple[bytes, tuple[int, int]]]:
        """Every token of a field, in order, and where its postings lie."""
        view, head = self._index.dbfile.view, _LENGTHS.size + _FIELD.size
        for start in self._between(field, b"").tolist():
            length, _data = _LENGTHS.unpack_from(view, start)
            data = start + _LENGTHS.size + length
            yield bytes(view[start + head : data]), _PLACE.unpack_from(view, data + _PLACE_AT)
