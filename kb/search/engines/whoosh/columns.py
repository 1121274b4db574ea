"""What documents are narrowed down, counted and sorted by, as columns: one array a property instead of one row a document.

A segment's columns lie beside Whoosh's own files of it, mapped like these. Where they are missing, because Whoosh itself
wrote the segment, they are made anew from the stored rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kb.search.documents import MARKS
from kb.search.engines.base import Key
from kb.search.engines.whoosh.arrays import Longs, Mask, Numbers, spans

EXTENSION = ".columns"
LABELS = ("kind", "language", "tag", *MARKS)
# source, key, kind, tags, language, day, stamp, marks: what is stored of a document.
StoredRow: TypeAlias = tuple[str, int, str, tuple[str, ...], str, int, str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Labels:
    """Values of one property, none, one or several a document: from `starts` of one to that of the next, in `codes`."""

    names: Sequence[str]
    starts: Longs
    codes: Numbers

    @classmethod
    def of(cls, values: Iterable[Sequence[str]]) -> Labels:
        numbers: dict[str, int] = {}
        starts, codes = [0], []
        for some in values:
            codes += [numbers.setdefault(value, len(numbers)) for value in some]
            starts.append(len(codes))
        return cls(tuple(numbers), np.array(starts, np.int64), np.array(codes, np.int32))

    def codes_of(self, rows: Numbers) -> Numbers:
        """The codes of these documents, one after the other."""
        if len(rows) == len(self.starts) - 1:
            return self.codes
        starts = self.starts[rows]
        return self.codes[spans(starts, self.starts[rows + 1] - starts)]

    def values(self, row: int) -> tuple[str, ...]:
        return tuple(
            self.names[code] for code in self.codes[self.starts[row] : self.starts[row + 1]].tolist()
        )

    def counts(self, rows: Numbers) -> dict[str, int]:
        """In how many of these documents each value is."""
        if not self.names:
            return {}
        counted = np.bincount(self.codes_of(rows), minlength=len(self.names))
        return {self.names[code]: int(counted[code]) for code in np.flatnonzero(counted).tolist()}

    def having(self, wanted: AbstractSet[str], spelt: Callable[[str], str] = str) -> Mask:
        """Which documents have one of these, compared as `spelt`."""
        is_wanted = np.array([spelt(name) in wanted for name in self.names], np.bool_)
        found = np.zeros(len(self.starts) - 1, np.bool_)
        if is_wanted.any():
            owners = np.repeat(np.arange(len(found), dtype=np.int32), np.diff(self.starts))
            found[owners[is_wanted[self.codes]]] = True
        return found

    def taking(self, rows: Numbers) -> Labels:
        """The same of these documents alone."""
        starts = self.starts[rows]
        lengths = self.starts[rows + 1] - starts
        return Labels(
            self.names, np.concatenate([[0], np.cumsum(lengths)]), self.codes[spans(starts, lengths)]
        )

    @staticmethod
    def joined(several: Sequence[Labels]) -> Labels:
        if len(several) == 1:
            return several[0]
        numbers: dict[str, int] = {}
        starts: list[Longs] = [np.zeros(1, np.int64)]
        codes: list[Numbers] = []
        total = 0
        for labels in several:
            anew = np.array([numbers.setdefault(name, len(numbers)) for name in labels.names], np.int32)
            codes.append(anew[labels.codes] if len(anew) else labels.codes)
            starts.append(labels.starts[1:] + total)
            total += len(labels.codes)
        return Labels(tuple(numbers), np.concatenate(starts), np.concatenate(codes).astype(np.int32))


class Columns(NamedTuple):
    """All of it. `stamps` are bytes of UTF-8, from `stamp_starts` of one document to that of the next."""

    sources: Labels
    keys: Longs
    days: Numbers
    stamps: NDArray[np.uint8]
    stamp_starts: Longs
    labels: Mapping[str, Labels]

    def __len__(self) -> int:
        return len(self.keys)

    def key(self, row: int) -> Key:
        return Key(self.sources.names[self.sources.codes[row]], int(self.keys[row]))

    def stamp(self, row: int) -> str:
        return self.stamps[self.stamp_starts[row] : self.stamp_starts[row + 1]].tobytes().decode()

    def stored(self, row: int) -> StoredRow:
        """What Whoosh stores of the document."""
        marks = {name: values for name in MARKS if (values := self.labels[name].values(row))}
        (kind,), (language,) = self.labels["kind"].values(row), self.labels["language"].values(row)
        key = self.key(row)
        return (
            key.source, key.pk, kind, self.labels["tag"].values(row), language, int(self.days[row]), self.stamp(row), marks
        )  # fmt: skip

    def taking(self, rows: Numbers) -> Columns:
        starts = self.stamp_starts[rows]
        lengths = self.stamp_starts[rows + 1] - starts
        return Columns(
            self.sources.taking(rows),
            self.keys[rows],
            self.days[rows],
            self.stamps[spans(starts, lengths)],
            np.concatenate([[0], np.cumsum(lengths)]),
            {name: labels.taking(rows) for name, labels in self.labels.items()},
        )


def from_rows(rows: Sequence[StoredRow]) -> Columns:
    """Columns of rows as they are stored."""
    stamps = [row[6].encode() for row in rows]
    marks = {name: Labels.of([tuple(row[7].get(name, ())) for row in rows]) for name in MARKS}
    return Columns(
        Labels.of([(row[0],) for row in rows]),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[5] for row in rows], np.int32),
        np.frombuffer(b"".join(stamps), np.uint8),
        np.concatenate([[0], np.cumsum([len(stamp) for stamp in stamps], dtype=np.int64)]).astype(np.int64),
        {
            "kind": Labels.of([(row[2],) for row in rows]),
            "language": Labels.of([(row[4],) for row in rows]),
            "tag": Labels.of([row[3] for row in rows]),
            **marks,
        },
    )


def joined(several: Sequence[Columns]) -> Columns:
    """The columns of several segments, one after the other."""
    if not several:
        return from_rows(())
    if len(several) == 1:
        return several[0]
    ends = np.cumsum([len(one.stamps) for one in several])
    starts = [one.stamp_starts[1:] + end - len(one.stamps) for one, end in zip(several, ends, strict=True)]
    return Columns(
        Labels.joined([one.sources for one in several]),
        np.concatenate([one.keys for one in several]),
        np.concatenate([one.days for one in several]),
        np.concatenate([one.stamps for one in several]),
        np.concatenate([np.zeros(1, np.int64), *starts]),
        _JoinedLabels(several),
    )


class _JoinedLabels(Mapping[str, Labels]):
    """The labels of several segments, those of a name joined when they are first asked for: most questions need few."""

    def __init__(self, several: Sequence[Columns]) -> None:
        self._several = several
        self._made: dict[str, Labels] = {}

    def __getitem__(self, name: str) -> Labels:
        if name not in self._made:
            self._made[name] = Labels.joined([one.labels[name] for one in self._several])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(LABELS)

    def __len__(self) -> int:
        return len(LABELS)


# ------------------------------------------------------------------ as bytes
def as_bytes(columns: Columns) -> bytes:
    """A head that says where each array lies, then the arrays, each at a multiple of eight."""
    arrays: dict[str, NDArray[Any]] = {
        "keys": columns.keys,
        "days": columns.days,
        "stamps": columns.stamps,
        "stamp_starts": columns.stamp_starts,
    }
    every = {"source": columns.sources, **columns.labels}
    for name, labels in every.items():
        arrays[f"{name} starts"], arrays[f"{name} codes"] = labels.starts, labels.codes
    at, layout, pieces = 0, {}, []
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        layout[name] = (array.dtype.str, at, len(array))
        pieces.append(data + bytes(-len(data) % 8))
        at += len(pieces[-1])
    head = {"arrays": layout, "names": {name: list(labels.names) for name, labels in every.items()}}
    written = json.dumps(head, ensure_ascii=False).encode()
    written += b" " * (-len(written) % 8)
    return len(written).to_bytes(8, "little") + written + b"".join(pieces)


def from_bytes(view: memoryview) -> Columns:
    """The same over mapped memory; nothing but the head is copied."""
    length = int.from_bytes(view[:8], "little")
    head = json.loads(bytes(view[8 : 8 + length]))

    def array(name: str) -> NDArray[Any]:
        kind, at, count = head["arrays"][name]
        return np.frombuffer(view, np.dtype(kind), count, 8 + length + at)

    def labels(name: str) -> Labels:
        return Labels(head["names"][name], array(f"{name} starts"), array(f"{name} codes"))

    return Columns(
        labels("source"),
        array("keys"),
        array("days"),
        array("stamps"),
        array("stamp_starts"),
        {name: labels(name) for name in LABELS},
    )


# ------------------------------------------------------------------ by key
class KeyIndex:
    """Finds documents by their keys without a look at the others."""

    def __init__(self, columns: Columns) -> None:
        self._sources = {name: code for code, name in enumerate(columns.sources.names)}
        joint = columns.sources.codes.astype(np.int64) << 48 | columns.keys
        self._order = np.argsort(joint, kind="stable")
        self._sorted = joint[self._order]

    def find(self, keys: Sequence[Key]) -> tuple[Longs, Longs]:
        """Which of `keys` are there, by their place among them, and the document of each; of twins, each."""
        known = [(place, key) for place, key in enumerate(keys) if key.source in self._sources]
        if not known:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        at = np.array([place for place, _key in known], np.int64)
        joint = np.array([self._sources[key.source] << 48 | key.pk for _place, key in known], np.int64)
        first = np.searchsorted(self._sorted, joint)
        counts = np.searchsorted(self._sorted, joint, side="right") - first
        return np.repeat(at, counts), self._order[spans(first, counts)]
