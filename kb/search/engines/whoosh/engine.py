"""The engine: one snapshot held a process and renewed when somebody wrote; one writer under a lock across processes."""

from __future__ import annotations

import pickle
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.index import IndexError as WhooshIndexError

from kb.search import analysis
from kb.search.analysis import Prepared
from kb.search.engines.base import Any, EnginePage, EngineUnavailable, Key, Node, Request, State
from kb.search.engines.collect import Matches, page, settle
from kb.search.engines.whoosh.evaluate import counting, matching, parts, scores
from kb.search.engines.whoosh.files import Current, Files
from kb.search.engines.whoosh.schema import FORMAT_VERSION, as_fields, schema
from kb.search.engines.whoosh.snapshot import INDEX_NAME, PostingsCache, Snapshot

Result = TypeVar("Result")

# What Whoosh raises from files that are cut short, changed, or were removed between two of its steps.
BROKEN_FILES = (
    OSError, EOFError, ValueError, KeyError, IndexError, AssertionError, AttributeError, TypeError, NameError,
    struct.error, zlib.error, pickle.UnpicklingError, WhooshIndexError,
)  # fmt: skip
# A commit in another process takes files away while they are opened: look again, never build anew for that.
TRIES = 25
PAUSE = 0.02
# A writer sorts this much in memory before it uses the disk; and so many documents are one commit of a whole build.
MEMORY_MB = 96
BUILD_BATCH = 2_000


class WhooshEngine:
    """An index in `folder`; processes share it, threads share the object."""

    def __init__(self, folder: Path) -> None:
        self.files = Files(folder)
        self._cache = PostingsCache()
        self._held: tuple[Current, FileStorage, Snapshot] | None = None
        self._lock = threading.Lock()

    # -------------------------------------------------------------- asking
    def search(self, request: Request) -> EnginePage:
        if not request.viewer:
            return EnginePage()
        return self._asked(lambda snapshot: _search(snapshot, request))

    def tags(self, viewer: frozenset[str], hidden: frozenset[Key]) -> Mapping[str, int]:
        if not viewer:
            return {}

        def count(snapshot: Snapshot) -> Counter[str]:
            counts: Counter[str] = Counter()
            for number in snapshot.open_to(viewer):
                row = snapshot.rows[number]
                if row.key not in hidden:
                    counts.update(row.tags)
            return counts

        return self._asked(count)

    def matching(self, node: Node) -> frozenset[Key]:
        return self._asked(
            lambda snapshot: frozenset(snapshot.rows[number].key for number in matching(snapshot, node))
        )

    def stamps(self) -> Mapping[Key, str]:
        return self._asked(Snapshot.stamps)

    def state(self) -> State:
        current = self.files.current()
        if current is None or not self.files.path(current).is_dir():
            return State.MISSING
        try:
            self._snapshot()
        except EngineUnavailable:
            return State.BROKEN
        return State.READY if current.stamp == stamp() else State.OUTDATED

    def warm(self) -> None:
        analysis.warm()
        if self.state() in (State.READY, State.OUTDATED):
            self._asked(lambda snapshot: len(snapshot.rows))

    def _asked(self, question: Callable[[Snapshot], Result]) -> Result:
        """Ask the newest snapshot; files found broken on the way mean the index is."""
        snapshot = self._snapshot()
        try:
            return question(snapshot)
        except (EOFError, struct.error, zlib.error, pickle.UnpicklingError) as error:
            self._held = None
            raise EngineUnavailable(f"the index cannot be read: {error}") from error

    def _snapshot(self) -> Snapshot:
        """The newest generation, opened anew only when it changed.

        Raises:
            EngineUnavailable: there is none, or it cannot be opened.
        """
        problem: BaseException | None = None
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE)
            current = self.files.current()
            if current is None:
                raise EngineUnavailable("there is no index yet")
            try:
                with self._lock:
                    return self._renewed(current)
            except BROKEN_FILES as error:
                problem = error
            if not isinstance(problem, OSError):
                break
        raise EngineUnavailable(f"the index cannot be opened: {problem!r}") from problem

    def _renewed(self, current: Current) -> Snapshot:
        before = self._held
        if before is not None and before[0] == current:
            storage, snapshot = before[1], before[2]
        else:
            storage, snapshot = FileStorage(str(self.files.path(current))), None
        generation = TOC._latest_generation(storage, INDEX_NAME)  # noqa: SLF001 - FileIndex reads it so, too
        if snapshot is None or snapshot.generation != generation:
            if generation < 0:
                raise FileNotFoundError(f"no index in {storage.folder}")
            snapshot = Snapshot(storage, generation, snapshot, self._cache)
            self._held = (current, storage, snapshot)
        return snapshot

    # -------------------------------------------------------------- writing
    def apply(self, puts: Iterable[Prepared], removals: Collection[Key] = ()) -> None:
        # one key twice in a batch would leave two documents: the later one counts
        incoming = {
            Key(prepared.document.source, prepared.document.pk): as_fields(prepared) for prepared in puts
        }
        with self.files.lock():
            current = self.files.current()
            if current is None:
                raise EngineUnavailable("there is no index to write to")
            snapshot = self._snapshot()
            gone = {number for key in {*incoming, *removals} for number in snapshot.numbers_of(key)}
            if not gone and not incoming:
                return
            writer = FileIndex(FileStorage(str(self.files.path(current)))).writer(limitmb=MEMORY_MB)
            try:
                for number in gone:
                    writer.delete_document(number)
                for fields in incoming.values():
                    writer.add_document(**fields)
            except BaseException:
                writer.cancel()
                raise
            writer.commit()

    def rebuild(self, documents: Iterable[Prepared]) -> int:
        with self.files.lock():
            self.files.remove_others(self.files.current())
            build = self.files.new_build()
            count = _build(self.files.path(build), documents)
            self.files.use(build, stamp())
            return count


def stamp() -> str:
    """What an index must have been made by to be up to date: the form of its files and the analysis."""
    return f"whoosh {FORMAT_VERSION} / {analysis.stamp()}"


def _build(folder: Path, documents: Iterable[Prepared]) -> int:
    """Write an index of all `documents`; a commit every so often keeps memory bounded. The first of a key counts."""
    index = FileIndex.create(FileStorage(str(folder)), schema(), INDEX_NAME)
    seen: set[Key] = set()
    writer = index.writer(limitmb=MEMORY_MB)
    try:
        for prepared in documents:
            key = Key(prepared.document.source, prepared.document.pk)
            if key in seen:
                continue
            seen.add(key)
            writer.add_document(**as_fields(prepared))
            if len(seen) % BUILD_BATCH == 0:
                writer.commit(merge=False)
                writer = index.writer(limitmb=MEMORY_MB)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=len(seen) > BUILD_BATCH)
    return len(seen)


def _search(snapshot: Snapshot, request: Request) -> EnginePage:
    readable: frozenset[int] = snapshot.open_to(request.viewer)
    if request.unsure:
        readable = readable.union(*(snapshot.numbers_of(key) for key in request.unsure))
    strict = matching(snapshot, request.strict) & readable
    having = counting(snapshot, request.loose.nodes if request.loose else (), readable)
    settled = settle(request, snapshot.rows, strict | having.keys())
    strict &= settled
    whole = matching(snapshot, request.whole or Any(())) & strict
    return page(
        request,
        snapshot.rows,
        Matches(strict, whole, {number: count for number, count in having.items() if number in settled}),
        lambda wanted: scores(snapshot, request.score, wanted),
        lambda number: parts(snapshot, request.score, number),
        lambda node, number: number in matching(snapshot, node),
    )
