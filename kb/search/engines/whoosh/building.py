"""What is written as one commit: documents in and out of an index, or all of one, segment by segment."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from kb.search.analysis import Prepared
from kb.search.engines.base import EngineUnavailable, Key
from kb.search.engines.whoosh.arrays import Mask, Numbers
from kb.search.engines.whoosh.joining import Made, merged
from kb.search.engines.whoosh.merging import chosen
from kb.search.engines.whoosh.postings import Lately
from kb.search.engines.whoosh.schema import as_fields, as_row, schema
from kb.search.engines.whoosh.segment import Segment
from kb.search.engines.whoosh.snapshot import INDEX_NAME, Snapshot
from kb.search.engines.whoosh.writing import SegmentBuilder

# A segment is written when its documents take so many bytes in memory; sorting them takes as many again, twice.
MEMORY = 100_000_000


class Update:
    """Documents in and out of an index, in one commit. Whoever makes one holds the lock of the index."""

    def __init__(self, storage: FileStorage, snapshot: Snapshot) -> None:
        self._storage = storage
        self._snapshot = snapshot
        self._toc = TOC.read(storage, INDEX_NAME, gen=snapshot.generation)
        self._gone: Mask = np.zeros(snapshot.count, np.bool_)
        self._builder = SegmentBuilder(self._toc.schema)

    def remove(self, keys: Collection[Key]) -> None:
        numbers, _found = self._snapshot.find(keys)
        self._gone[numbers] = True

    def keep(self, numbers: Numbers) -> None:
        """Remove everything but these documents."""
        self._gone = self._snapshot.alive.copy()
        self._gone[numbers] = False

    def add(self, documents: Iterable[Prepared]) -> None:
        for prepared in documents:
            self._builder.add(as_row(prepared), as_fields(prepared))

    def commit(self) -> tuple[list[Any], int]:
        """Write what changed, and some segments as one when there are many small ones; returns what there is then."""
        parts, generation = list(self._toc.segments), self._snapshot.generation
        if not self._gone.any() and not len(self._builder):
            return parts, generation
        self._delete()
        alive = [part.doc_count_all() - part.deleted_count() for part in parts]
        added = [self._builder.write(self._storage)] if len(self._builder) else []
        together = chosen(alive)
        if together:
            made = merged(self._storage, self._toc.schema, [self._opened(place) for place in together])
            parts[together[0]] = made.part
            alive[together[0]] = made.part.doc_count_all()
            for place in together[1:]:
                alive[place] = 0
        kept = [part for part, count in zip(parts, alive, strict=True) if count]
        write_contents(self._storage, self._toc.schema, [*kept, *added], generation + 1)
        return [*kept, *added], generation + 1

    def _delete(self) -> None:
        for (offset, segment), part in zip(self._snapshot.segments, self._toc.segments, strict=True):
            for number in np.flatnonzero(self._gone[offset : offset + segment.count]).tolist():
                part.delete_document(number)

    def _opened(self, place: int) -> tuple[Segment, Mask]:
        offset, segment = self._snapshot.segments[place]
        here = slice(offset, offset + segment.count)
        return segment, self._snapshot.alive[here] & ~self._gone[here]


def write_contents(storage: FileStorage, fields: Any, segments: list[Any], generation: int) -> None:
    """The table of contents, put in place in one step; then what belongs to no segment of it goes."""
    TOC(fields, segments, generation).write(storage, INDEX_NAME)
    clean_files(storage, INDEX_NAME, generation, segments)


def put_in_place(storage: FileStorage, snapshot: Snapshot, workshop: Path, made: Made) -> bool:
    """Let what was made of some segments, in a folder beside the index, stand for them; whether they were still there.

    What was deleted from them meanwhile is deleted from it. Whoever calls this holds the lock of the index.
    """
    if not made.anew.keys() <= snapshot.by_name.keys():
        return False
    toc = TOC.read(storage, INDEX_NAME, gen=snapshot.generation)
    for segment, alive in snapshot.each():
        if segment.name in made.anew:
            anew = made.anew[segment.name]
            for number in anew[~alive & (anew >= 0)].tolist():
                made.part.delete_document(number)
    name = made.part.make_filename(made.part.COMPOUND_EXT)
    (workshop / name).replace(Path(storage.folder) / name)
    others = [part for part in toc.segments if part.segment_id() not in made.anew]
    write_contents(storage, toc.schema, [made.part, *others], snapshot.generation + 1)
    return True


def newest(storage: FileStorage, cache: Lately[Any]) -> Snapshot:
    """The last commit in a folder."""
    generation = TOC._latest_generation(storage, INDEX_NAME)  # noqa: SLF001 - FileIndex reads it so, too
    return Snapshot(storage, generation, None, cache)


def build(storage: FileStorage, documents: Iterable[Prepared]) -> int:
    """Write an index of all `documents`; memory stays bounded, for it is written in pieces. The first of a key counts."""
    fields = schema()
    TOC.create(storage, fields, INDEX_NAME)
    return _fill(storage, fields, documents, set(), [], 0)


def go_on(
    storage: FileStorage, documents: Iterable[Prepared], kept: Collection[Key], cache: Lately[Any]
) -> int:
    """The same after a build that was cut short: `kept` of it stays, the rest of it goes, `documents` are added.

    Raises:
        EngineUnavailable: some of `kept` is not there.
    """
    snapshot = newest(storage, cache)
    numbers, found = snapshot.find(kept)
    if set(found) != set(kept):
        raise EngineUnavailable("the build to go on with is another one")
    update = Update(storage, snapshot)
    update.keep(numbers)
    segments, generation = update.commit()
    return _fill(storage, schema(), documents, set(kept), segments, generation)


def _fill(
    storage: FileStorage,
    fields: Any,
    documents: Iterable[Prepared],
    seen: set[Key],
    segments: list[Any],
    generation: int,
) -> int:
    builder = SegmentBuilder(fields)

    def write() -> None:
        nonlocal generation
        generation += 1
        segments.append(builder.write(storage))
        write_contents(storage, fields, segments, generation)

    for prepared in documents:
        key = Key(prepared.document.source, prepared.document.pk)
        if key in seen:
            continue
        seen.add(key)
        builder.add(as_row(prepared), as_fields(prepared))
        if builder.taken > MEMORY:
            write()
    if len(builder):
        write()
    return len(seen)
