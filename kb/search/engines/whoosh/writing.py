"""Segments written in bulk: the same files as Whoosh's writer makes, from arrays instead of one tuple a posting.

Whoosh's own writer takes, sorts, pickles and packs each posting by itself, and every block with an old protocol of pickle
that calls a function for each value; with three lists of tokens a text that is 25 milliseconds a document.
"""

from __future__ import annotations

import io
import pickle
import secrets
import struct
import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from operator import sub
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.util.numeric import byte_to_length

from kb.search.engines.whoosh.arrays import Bytes, spans
from kb.search.engines.whoosh.columns import EXTENSION, Columns, StoredRow, as_bytes, from_rows
from kb.search.engines.whoosh.terms import TermsWriter

INDEX_NAME = "MAIN"
# Postings of a block are read together; Whoosh's 128 means eight times as many calls for a common word.
BLOCK = 1024
# Smaller blocks are not worth compressing.
COMPRESS_FROM, LEVEL = 400, 1
# So many numbers in a row are quicker to pickle as they are than as an array.
FEW = 8
_INFO = struct.Struct("!BfIBBfII")
_PLACE = struct.Struct("!qi")
_LENGTH = struct.Struct("!i")
_FIELD = struct.Struct("!H")
MAGIC: bytes = WHOOSH3_HEADER_MAGIC
_NUMBER, _SIZE, _DOUBLE = struct.Struct("<i"), struct.Struct("<I"), struct.Struct(">d")
# So many bytes of postings are written at once.
AT_ONCE = 1 << 20
LENGTHS = [byte_to_length(byte) for byte in range(256)]


def byte_of(length: int) -> int:
    """The byte Whoosh keeps a field's length in."""
    return min(bisect_left(LENGTHS, length), 255)


class TermPostings(NamedTuple):
    """The postings of one token: its documents, in order, how often it is in each, its positions in all of them."""

    numbers: list[int]
    counts: list[int] | None
    positions: bytes


class PostingsWriter:
    """Writes the tokens of one segment, in order, into Whoosh's file of postings and its index of terms."""

    def __init__(self, storage: FileStorage, segment: Any) -> None:
        self._file = segment.create_file(storage, W3Codec.POSTS_EXT)
        self._index = TermsWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._fields: dict[str, int] = self._index.extras.setdefault("fieldmap", {})
        self._prefix = b""
        self._lengths: list[int] = []
        self._at: int = self._file.tell()
        self._written = bytearray()
        self._stream: io.BytesIO = io.BytesIO()
        # without looking for the same thing twice
        self._pickler = pickle.Pickler(self._stream, 3)
        self._pickler.fast = True

    def start_field(self, name: str, lengths: Bytes) -> None:
        """The field the next tokens are of, and the byte of its length in each document."""
        self._prefix = _FIELD.pack(self._fields.setdefault(name, len(self._fields)))
        self._lengths = lengths.tolist()

    def add(self, token: bytes, numbers: list[int], counts: list[int] | None, positions: bytes) -> None:
        """One token: its documents, how often it is in each, its positions in all of them one after the other."""
        start = self._at
        lengths = [self._lengths[number] for number in numbers]
        shortest, longest = min(lengths), max(lengths)
        if len(numbers) == 1 and len(positions) < COMPRESS_FROM // 2:
            self._write(_only(numbers[0], None if counts is None else positions, lengths[0]))
        else:
            self._write(MAGIC)
            self._write_blocks(numbers, counts, positions, lengths)
        info = _INFO.pack(
            0,
            sum(counts) if counts is not None else len(numbers),
            len(numbers),
            shortest,
            longest,
            max(counts) if counts is not None else 1.0,
            numbers[0],
            numbers[-1],
        )
        self._index.add(self._prefix + token, info + _PLACE.pack(start, self._at - start))

    def _write(self, data: bytes) -> None:
        self._written += data
        self._at += len(data)
        if len(self._written) > AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self._file.write(bytes(self._written))
        self._written.clear()

    def _write_blocks(
        self, numbers: list[int], counts: list[int] | None, positions: bytes, lengths: list[int]
    ) -> None:
        at = 0
        for first in range(0, len(numbers), BLOCK):
            here = slice(first, first + BLOCK)
            some = counts[here] if counts is not None else None
            size = 4 * sum(some) if some is not None else 0
            last = first + BLOCK >= len(numbers)
            self._write(self._block(numbers[here], some, positions[at : at + size], lengths[here], last=last))
            at += size

    def _block(
        self,
        numbers: list[int],
        counts: list[int] | None,
        positions: bytes,
        lengths: list[int],
        *,
        last: bool,
    ) -> bytes:
        differences = map(sub, numbers, (0, *numbers))
        steps: object = array("I", differences) if len(numbers) > FEW else tuple(differences)
        weights: object = None
        values: tuple[bytes, ...] | None = None
        most = 1.0
        if counts is not None:
            most = float(max(counts))
            if most > 1.0:
                weights = most if min(counts) == most else array("f", counts)
            values = _split(positions, counts)
        data = self._packed((steps, weights, values))
        level = LEVEL if len(data) >= COMPRESS_FROM else 0
        if level:
            data = zlib.compress(data, level)
        note = self._packed((len(numbers), numbers[-1], most, level, min(lengths), max(lengths)))
        size = len(note) + len(data)
        return _LENGTH.pack(-size if last else size) + note + data

    def _packed(self, data: object) -> bytes:
        self._stream.seek(0)
        self._stream.truncate()
        self._pickler.dump(data)
        return self._stream.getvalue()

    def close(self) -> None:
        self._flush()
        self._index.close()
        self._file.close()


def _only(number: int, positions: bytes | None, length: int) -> bytes:
    """The postings of a token that one document alone has, as most tokens are: what pickle makes of a note of (1, number,
    most, 0, length, length) and of ((number,), weight, (positions,)), put together without asking it.
    """
    spelt = _NUMBER.pack(number)
    if positions is None:
        most, data = 1.0, b"\x80\x03J" + spelt + b"\x85NN\x87."
    else:
        most = len(positions) / 4
        weight = b"N" if most == 1.0 else b"G" + _DOUBLE.pack(most)
        value = b"B" + _SIZE.pack(len(positions)) + positions
        data = b"\x80\x03J" + spelt + b"\x85" + weight + value + b"\x85\x87."
    lengths = bytes((0x4B, length, 0x4B, length))
    note = b"\x80\x03(K\x01J" + spelt + b"G" + _DOUBLE.pack(most) + b"K\x00" + lengths + b"t."
    return MAGIC + _LENGTH.pack(-len(note) - len(data)) + note + data


def _split(positions: bytes, counts: list[int]) -> tuple[bytes, ...]:
    if len(counts) == 1:
        return (positions,)
    values, at = [], 0
    for count in counts:
        end = at + 4 * count
        values.append(positions[at:end])
        at = end
    return tuple(values)


class _Numbered(defaultdict[str, int]):
    """Gives every new text the next number."""

    def __init__(self) -> None:
        super().__init__()
        self.default_factory = self.__len__


class _Field:
    """A field's tokens as they come: which token, in which document, how often, and where, as four long arrays."""

    def __init__(self, *, scored: bool) -> None:
        self.scored = scored
        self.texts = _Numbered()
        self.tokens = array("I")
        self.numbers = array("I")
        self.counts = array("I")
        self.positions = bytearray()
        self.lengths: dict[int, int] = {}

    def add(self, number: int, tokens: Mapping[str, array[int]]) -> int:
        """Take a document's tokens; returns about how many bytes that takes until it is written."""
        texts = self.texts
        before = len(texts)
        packed_positions = [positions.tobytes() for positions in tokens.values()]
        self.tokens.extend([texts[text] for text in tokens])
        self.numbers.extend([number] * len(tokens))
        taken = 8 * len(tokens) + 250 * (len(texts) - before)
        if self.scored:
            self.counts.extend([len(positions) // 4 for positions in packed_positions])
            joint = b"".join(packed_positions)
            self.positions += joint
            self.lengths[number] = len(joint) // 4
            taken += len(joint) + 4 * len(tokens)
        return taken

    def write(self, writer: PostingsWriter, name: str, documents: int) -> None:
        """Sort by token and write; ends this field, which gives its memory back as it goes."""
        lengths = np.zeros(documents, np.uint8)
        for number, length in self.lengths.items():
            lengths[number] = byte_of(length)
        writer.start_field(name, lengths)
        spelt = sorted((text.encode(), number) for text, number in self.texts.items())
        ranks = np.empty(len(spelt), np.int32)
        ranks[[number for _text, number in spelt]] = np.arange(len(spelt), dtype=np.int32)
        ranked = ranks[np.frombuffer(self.tokens, np.uint32)]
        order = np.argsort(ranked, kind="stable")
        numbers = np.frombuffer(self.numbers, np.uint32)[order]
        bounds = np.concatenate([[0], np.cumsum(np.bincount(ranked, minlength=len(spelt)))])
        counts = places = None
        positions = b""
        if self.scored:
            unsorted = np.frombuffer(self.counts, np.uint32).astype(np.int64)
            starts = np.cumsum(unsorted) - unsorted
            counts = unsorted[order]
            positions = np.frombuffer(self.positions, np.uint32)[spans(starts[order], counts)].tobytes()
            places = np.concatenate([[0], np.cumsum(counts)])[bounds] * 4
        ends = bounds.tolist()
        at = places.tolist() if places is not None else [0] * len(ends)
        for index, (text, _number) in enumerate(spelt):
            first, end = ends[index], ends[index + 1]
            some = counts[first:end].tolist() if counts is not None else None
            writer.add(text, numbers[first:end].tolist(), some, positions[at[index] : at[index + 1]])


class SegmentBuilder:
    """Takes documents into memory until it is asked to write them as a segment; nothing is on the disk before that."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._fields: dict[str, _Field] = {}
        self._rows: list[StoredRow] = []
        self.taken = 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: StoredRow, fields: Mapping[str, Mapping[str, array[int]]]) -> None:
        number = len(self._rows)
        for name, tokens in fields.items():
            if tokens:
                if name not in self._fields:
                    self._fields[name] = _Field(scored=self._schema[name].scorable)
                self.taken += self._fields[name].add(number, tokens)
        self._rows.append(row)

    def write(self, storage: FileStorage) -> Any:
        """The segment, as Whoosh's table of contents takes it; this builder is empty then."""
        lengths = {name: field.lengths for name, field in self._fields.items() if field.scored}
        segment = start_segment()
        write_rows(storage, segment, self._schema, self._rows, lengths)
        writer = PostingsWriter(storage, segment)
        try:
            for name in sorted(self._fields):
                self._fields.pop(name).write(writer, name, len(self._rows))
        finally:
            writer.close()
        finish_segment(storage, segment, from_rows(self._rows))
        self._rows = []
        self.taken = 0
        return segment


# ------------------------------------------------------------------ the files of a segment
def start_segment() -> Any:
    # Whoosh draws names from the generator that everybody seeds; a name that comes twice would be taken for the first
    return W3Segment(W3Codec(), INDEX_NAME, segid=secrets.token_hex(8))


def write_rows(
    storage: FileStorage,
    segment: Any,
    schema: Any,
    rows: Iterable[StoredRow],
    lengths: Mapping[str, Mapping[int, int]],
) -> None:
    """What is stored of each document, and how long each of its fields is."""
    writer = segment.codec().per_document_writer(storage, segment)
    count = 0
    try:
        for number, row in enumerate(rows):
            writer.start_doc(number)
            writer.add_field("row", schema["row"], row, 0)
            for name, lengths_of in lengths.items():
                if length := lengths_of.get(number, 0):
                    writer.add_field(name, schema[name], None, length)
            writer.finish_doc()
            count += 1
    finally:
        writer.close()
    segment.set_doc_count(count)
    with suppress(OSError):
        Path(storage.folder, f"{INDEX_NAME}.tmp").rmdir()


def finish_segment(storage: FileStorage, segment: Any, columns: Columns) -> None:
    """Put the columns beside the rest and make all of it one file."""
    with storage.create_file(segment.make_filename(EXTENSION)) as file:
        file.write(as_bytes(columns))
    segment.create_compound_file(storage)
