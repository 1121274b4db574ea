"""Lists of postings, decoded from Whoosh's blocks straight into arrays, and the bounded memory of what was decoded."""

from __future__ import annotations

import pickle
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from kb.search.engines.whoosh.arrays import NO_NUMBERS, Longs, Numbers, Weights

_LENGTH = struct.Struct("!i")
_MAGIC = b"W3Bl"
# More than Whoosh's note before a block ever takes.
_NOTE = 96


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents that have a token, in order, and how often; no weights: once each."""

    numbers: Numbers
    weights: Weights | None = None

    @property
    def nbytes(self) -> int:
        return self.numbers.nbytes + (self.weights.nbytes if self.weights is not None else 0)

    def __len__(self) -> int:
        return len(self.numbers)


NO_POSTINGS = Postings(NO_NUMBERS)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where a token stands: for each of its documents `counts` many places in `places`, one document after the other."""

    counts: Longs
    places: NDArray[np.uint32]

    @property
    def nbytes(self) -> int:
        return self.counts.nbytes + self.places.nbytes


class Block(NamedTuple):
    """What one block holds, as Whoosh pickles it: differences of numbers, weights if any, values if any."""

    steps: Any
    weights: Any
    values: Any


def blocks(view: memoryview, offset: int) -> Iterator[Block]:
    """The blocks of the postings that begin at `offset` of a postings file."""
    if view[offset : offset + 4] != _MAGIC:
        raise EOFError("no postings where the index says there are")
    at, last = offset + 4, False
    while not last:
        (length,) = _LENGTH.unpack_from(view, at)
        last, begins, end = length < 0, at + 4, at + 4 + abs(length)
        note = BytesIO(view[begins : min(begins + _NOTE, end)])
        compressed = pickle.load(note)[3]  # noqa: S301 - our own files
        data: Any = view[begins + note.tell() : end]
        yield Block(*pickle.loads(zlib.decompress(data) if compressed else data))  # noqa: S301
        at = end


def numbers_of(found: Sequence[Block]) -> Numbers:
    """The documents of all blocks; in each they are kept as differences that begin anew."""
    pieces = [np.asarray(block.steps, np.int64).cumsum() for block in found]
    return np.concatenate(pieces).astype(np.int32) if pieces else NO_NUMBERS


def weights_of(found: Sequence[Block]) -> Weights | None:
    """How often each has the token; none when always once."""
    if all(block.weights is None for block in found):
        return None
    pieces = []
    for block in found:
        weights = 1.0 if block.weights is None else block.weights
        pieces.append(
            np.full(len(block.steps), weights, np.float32)
            if isinstance(weights, float)
            else np.asarray(weights, np.float32)
        )
    return np.concatenate(pieces)


def positions_of(found: Sequence[Block]) -> Positions:
    """Where the token stands; values are packed integers."""
    values = [value for block in found for value in block.values or ()]
    counts = np.fromiter(map(len, values), np.int64, len(values)) // 4
    return Positions(counts, np.frombuffer(b"".join(values), np.uint32))


class Sized(Protocol):
    """What knows how much memory it takes."""

    @property
    def nbytes(self) -> int: ...


Kept = TypeVar("Kept", bound=Sized)
# What keeping anything at all costs beside its arrays.
OVERHEAD = 400


class Lately(Generic[Kept]):
    """What was made lately, up to a number of bytes; the longest unused goes first. Threads may share it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, value: Kept) -> Kept:
        with self._lock:
            before = self._kept.pop(key, None)
            if before is not None:
                self.size -= before.nbytes + OVERHEAD
            self._kept[key] = value
            self.size += value.nbytes + OVERHEAD
            while self.size > self.limit and len(self._kept) > 1:
                _key, dropped = self._kept.popitem(last=False)
                self.size -= dropped.nbytes + OVERHEAD
        return value
