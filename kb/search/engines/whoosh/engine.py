"""The engine: one snapshot held a process and renewed when somebody wrote; one writer under a lock across processes."""

from __future__ import annotations

import pickle
import struct
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshIndexError

from kb.search import analysis
from kb.search.analysis import Prepared
from kb.search.engines.base import EnginePage, EngineUnavailable, Key, Node, Request, State
from kb.search.engines.whoosh.arrays import Mask
from kb.search.engines.whoosh.building import Update, build, go_on, newest, put_in_place
from kb.search.engines.whoosh.evaluate import matching
from kb.search.engines.whoosh.files import Current, Files
from kb.search.engines.whoosh.joining import Meanwhile, merged, nothing
from kb.search.engines.whoosh.merging import AT_MOST, AT_ONCE, TOGETHER, chosen
from kb.search.engines.whoosh.narrowing import find_page
from kb.search.engines.whoosh.postings import Lately
from kb.search.engines.whoosh.schema import FORMAT_VERSION, schema
from kb.search.engines.whoosh.segment import Segment
from kb.search.engines.whoosh.snapshot import INDEX_NAME, KEPT_DECODED, Snapshot

Result = TypeVar("Result")

# What Whoosh raises from files that are cut short, changed, or were removed between two of its steps.
BROKEN_FILES = (
    OSError, EOFError, ValueError, KeyError, IndexError, AssertionError, AttributeError, TypeError, NameError,
    struct.error, zlib.error, pickle.UnpicklingError, WhooshIndexError,
)  # fmt: skip
# A commit in another process takes files away while they are opened: look again, never build anew for that.
TRIES = 25
PAUSE = 0.02
# A folder's time is as coarse as the system's clock ticks; one this fresh may be that of two commits.
TICK = 100_000_000
# While a large merge goes on, small ones are looked for so often, in seconds.
LOOK_EVERY = 1.0


class Held(NamedTuple):
    """The snapshot that is asked, and the times of the folder and its note when it was looked for."""

    current: Current
    storage: FileStorage
    snapshot: Snapshot
    seen: tuple[int, int] | None


class Due(NamedTuple):
    """Segments of a build that should become one, with what is alive of each."""

    current: Current
    segments: list[tuple[Segment, Mask]]


class WhooshEngine:
    """An index in `folder`; processes share it, threads share the object."""

    def __init__(self, folder: Path) -> None:
        self.files = Files(folder)
        self._cache: Lately[Any] = Lately(KEPT_DECODED)
        self._held: Held | None = None
        self._lock = threading.Lock()

    # -------------------------------------------------------------- asking
    def search(self, request: Request) -> EnginePage:
        if not request.viewer:
            return EnginePage()
        return self._asked(lambda snapshot: find_page(snapshot, request))

    def tags(self, viewer: frozenset[str], hidden: frozenset[Key]) -> Mapping[str, int]:
        if not viewer:
            return {}

        def count(snapshot: Snapshot) -> dict[str, int]:
            shown = snapshot.open_to(viewer)
            numbers, _keys = snapshot.find(hidden)
            if len(numbers):
                shown = shown.copy()
                shown[numbers] = False
            return snapshot.columns.labels["tag"].counts(np.flatnonzero(shown).astype(np.int32))

        return self._asked(count)

    def matching(self, node: Node) -> frozenset[Key]:
        return self._asked(
            lambda snapshot: frozenset(
                map(snapshot.columns.key, np.flatnonzero(matching(snapshot, node) & snapshot.alive).tolist())
            )
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
            self._asked(Snapshot.warm)

    def _asked(self, question: Callable[[Snapshot], Result]) -> Result:
        """Ask the newest snapshot; files found broken on the way mean the index is."""
        snapshot = self._snapshot()
        try:
            return question(snapshot)
        except (EOFError, struct.error, zlib.error, pickle.UnpicklingError) as error:
            self._held = None
            raise EngineUnavailable(f"the index cannot be read: {error}") from error

    def _snapshot(self) -> Snapshot:
        return self._newest().snapshot

    def _newest(self) -> Held:
        """The newest generation, opened anew only when it changed.

        Raises:
            EngineUnavailable: there is none, or it cannot be opened.
        """
        problem: BaseException | None = None
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE)
            held = self._held
            if held is not None and held.seen is not None and held.seen == self._times(held.current):
                return held
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

    def _times(self, current: Current) -> tuple[int, int] | None:
        """When the note and the folder of the index last changed; none when that was just now, or they are gone."""
        try:
            times = self.files.note.stat().st_mtime_ns, self.files.path(current).stat().st_mtime_ns
        except OSError:
            return None
        return times if max(times) < time.time_ns() - TICK else None

    def _renewed(self, current: Current) -> Held:
        seen = self._times(current)
        before = self._held
        if before is not None and before.current == current:
            storage, snapshot = before.storage, before.snapshot
        else:
            storage, snapshot = FileStorage(str(self.files.path(current))), None
        generation = TOC._latest_generation(storage, INDEX_NAME)  # noqa: SLF001 - FileIndex reads it so, too
        if snapshot is None or snapshot.generation != generation:
            if generation < 0:
                raise FileNotFoundError(f"no index in {storage.folder}")
            snapshot = Snapshot(storage, generation, snapshot, self._cache)
        self._held = held = Held(current, storage, snapshot, seen)
        return held

    # -------------------------------------------------------------- writing
    def apply(self, puts: Iterable[Prepared], removals: Collection[Key] = ()) -> None:
        # one key twice in a batch would leave two documents: the later one counts
        incoming = {Key(prepared.document.source, prepared.document.pk): prepared for prepared in puts}
        with self.files.lock():
            current = self.files.current()
            if current is None:
                raise EngineUnavailable("there is no index to write to")
            update = Update(FileStorage(str(self.files.path(current))), self._snapshot())
            update.remove({*incoming, *removals})
            update.add(incoming.values())
            update.commit()

    def merge(self, meanwhile: Meanwhile = nothing) -> bool:
        """Make one of segments that are too many and too large for a save to wait for; whether there were such.

        Saves go on beside it and lose nothing by it. `meanwhile` is called often; whatever it raises ends the work.

        Raises:
            EngineUnavailable: another process is at it, or the index cannot be opened.
        """
        due = self._due(AT_MOST)
        if due is None:
            return False
        with self.files.workshop() as workshop:
            return self._made_one(due, workshop, meanwhile)

    def _due(self, most: int) -> Due | None:
        """What there is to make one of no more than so many documents."""
        held = self._newest()
        every = held.snapshot.each()
        together = chosen([int(alive.sum()) for _segment, alive in every], most, beyond=AT_ONCE)
        if not together or held.current.stamp != stamp():
            return None
        return Due(held.current, [every[place] for place in together])

    def _made_one(self, due: Due, workshop: Path, meanwhile: Meanwhile) -> bool:
        both = self._with_smaller(due, workshop / "smaller", meanwhile)
        made = merged(FileStorage(str(workshop)), schema(), due.segments, both)
        with self.files.lock():
            held = self._newest()
            return held.current == due.current and put_in_place(held.storage, held.snapshot, workshop, made)

    def _with_smaller(self, due: Due, workshop: Path, meanwhile: Meanwhile) -> Meanwhile:
        """`meanwhile`, and now and then what is much smaller: a large merge takes minutes, in which many saves come."""
        most = sum(int(alive.sum()) for _segment, alive in due.segments) // TOGETHER
        looked_at = time.monotonic()

        def both() -> None:
            nonlocal looked_at
            meanwhile()
            if most <= AT_ONCE or time.monotonic() - looked_at < LOOK_EVERY:
                return
            while smaller := self._due(most):
                workshop.mkdir(exist_ok=True)
                self._made_one(smaller, workshop, meanwhile)
            looked_at = time.monotonic()

        return both

    def rebuild(self, documents: Iterable[Prepared], kept: Collection[Key] = ()) -> int:
        with self.files.lock():
            made = self.files.unfinished(stamp()) if kept else None
            self.files.remove_others(self.files.current(), made)
            if kept and made is None:
                raise EngineUnavailable("the build to go on with is gone")
            made = made or self.files.new_build(stamp())
            storage = FileStorage(str(self.files.path(made)))
            count = go_on(storage, documents, kept, self._cache) if kept else build(storage, documents)
            self.files.use(made)
            return count

    def unfinished(self) -> Mapping[Key, str]:
        try:
            with self.files.lock(patience=0):  # whoever holds it may be building
                made = self.files.unfinished(stamp())
                return newest(FileStorage(str(self.files.path(made))), self._cache).stamps() if made else {}
        except (EngineUnavailable, *BROKEN_FILES):
            return {}


def stamp() -> str:
    """What an index must have been made by to be up to date: the form of its files and the analysis."""
    return f"whoosh {FORMAT_VERSION} / {analysis.stamp()}"
