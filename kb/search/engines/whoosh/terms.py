"""Whoosh's index of terms, written in bulk: its own writer keeps a tuple a term and packs every slot of its tables by itself."""

from __future__ import annotations

import struct
from array import array
from hashlib import md5
from typing import Any

import numpy as np
from whoosh.filedb.filetables import OrderedHashWriter

from kb.search.engines.whoosh.arrays import Longs

_LENGTHS = struct.Struct("!ii")
# A slot of a table: the hash of a key, and where its entry begins; no entry begins at 0.
_SLOT = np.dtype([("hash", ">u4"), ("at", ">i8")])
TABLES = 256
# So many bytes of entries are written at once.
AT_ONCE = 1 << 20


class TermsWriter(OrderedHashWriter):  # type: ignore[misc]
    """Takes keys in their order, as the writer it stands for, and writes the same file."""

    def __init__(self, dbfile: Any) -> None:
        super().__init__(dbfile)
        self._at: int = dbfile.tell()
        self._entries = bytearray()
        self._places = array("q")
        self._hashes = array("I")

    def add(self, key: bytes, value: bytes) -> None:
        self._places.append(self._at)
        self._hashes.append(int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big"))
        self._entries += _LENGTHS.pack(len(key), len(value)) + key + value
        self._at += _LENGTHS.size + len(key) + len(value)
        if len(self._entries) > AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self.dbfile.write(bytes(self._entries))
        self._entries.clear()

    def _write_hashes(self) -> None:
        self._flush()
        hashes = np.frombuffer(self._hashes, np.uint32).astype(np.int64)
        places = np.frombuffer(self._places, np.int64)
        order = np.argsort(hashes & (TABLES - 1), kind="stable")
        ends = np.cumsum(np.bincount(hashes & (TABLES - 1), minlength=TABLES))[:-1]
        at = self._at
        for some in np.split(order, ends):
            table = _table(hashes[some], places[some])
            self.directory.append((at, len(table)))
            self.dbfile.write(table.tobytes())
            at += table.nbytes
        for place in self._places:
            self.index.append(place)


def _table(hashes: Longs, places: Longs) -> np.ndarray[Any, Any]:
    """A table twice as long as what is in it: each in the first free slot from its own on, as a reader looks for it."""
    count = 2 * len(hashes)
    table = np.zeros(count, _SLOT)
    if not count:
        return table
    wanted = (hashes >> 8) % count
    order = np.argsort(wanted, kind="stable")
    # in this order each gets its own slot, or the one after that of the one before
    steps = np.arange(len(order))
    slots = np.maximum.accumulate(wanted[order] - steps) + steps
    fits = slots < count
    table["hash"][slots[fits]] = hashes[order[fits]]
    table["at"][slots[fits]] = places[order[fits]]
    # what would come after the last slot goes on at the first
    free = np.flatnonzero(table["at"] == 0)
    for slot, one in zip(free.tolist(), order[~fits].tolist(), strict=False):
        table[slot] = (hashes[one], places[one])
    return table
