"""Where an index lies: builds side by side in one folder, one of them current, one writer at a time.

FOLDER/lock              held by whoever writes
FOLDER/current           names the build in use and what made it; replaced in one step
FOLDER/builds/NAME/      Whoosh's own files
FOLDER/merger            held by whoever makes one segment of several, while saves go on
FOLDER/merging/          that segment, out of reach of commits, which remove what they do not know
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.search.engines.base import EngineUnavailable

# In the folder of a build, what made it, so that a build that was cut short can be gone on with.
MADE_BY = "made-by"
LOCK_PATIENCE = 600.0  # a whole build may be under way
LOCK_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Current:
    """The build in use, and the stamp of what made it."""

    build: str
    stamp: str


class Files:
    """The folder of one index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.builds = folder / "builds"
        self.note = folder / "current"

    def current(self) -> Current | None:
        """The build in use; none when nothing was built, or the note of it cannot be read."""
        try:
            note = json.loads(self.note.read_text("utf-8"))
            return Current(note["build"], note["stamp"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def path(self, current: Current) -> Path:
        return self.builds / current.build

    def new_build(self, stamp: str) -> Current:
        """A name and an empty folder for a new build, not yet in use."""
        current = Current(f"{time.time_ns():x}-{os.getpid()}", stamp)
        self.path(current).mkdir(parents=True)
        (self.path(current) / MADE_BY).write_text(stamp, "utf-8")
        return current

    def unfinished(self, stamp: str) -> Current | None:
        """A build that was cut short and that the same stamp would go on with."""
        in_use = self.current()
        for folder in self.builds.iterdir() if self.builds.is_dir() else ():
            if in_use is not None and folder.name == in_use.build:
                continue
            try:
                made_by = (folder / MADE_BY).read_text("utf-8")
            except (OSError, ValueError):
                continue
            if made_by == stamp:
                return Current(folder.name, stamp)
        return None

    def use(self, build: Current) -> None:
        """Make a finished build the current one, in one step, and remove the others."""
        note = self.folder / f"current.{os.getpid()}"
        note.write_text(json.dumps({"build": build.build, "stamp": build.stamp}), "utf-8")
        note.replace(self.note)
        self.remove_others(build)

    def remove_others(self, *kept: Current | None) -> None:
        """Remove builds but these: older ones, and what a killed process left half made."""
        names = {build.build for build in kept if build is not None}
        for other in self.builds.iterdir() if self.builds.is_dir() else ():
            if other.name not in names:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """An empty folder in which a segment is made of several, for one process at a time; it goes with all that is in it.

        Raises:
            EngineUnavailable: another process is at it.
        """
        with self.lock(patience=0, name="merger"):
            folder = self.folder / "merging"
            shutil.rmtree(folder, ignore_errors=True)  # what a killed process left
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def lock(self, patience: float = LOCK_PATIENCE, name: str = "lock") -> Iterator[None]:
        """Hold the right to write, across processes; it ends with the process.

        Raises:
            EngineUnavailable: another process held it all the time.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / name).open("ab") as file:
            until = time.monotonic() + patience
            while not _take(file.fileno()):
                if time.monotonic() > until:
                    message = f"another process has been writing the index for {patience:.0f} s"
                    raise EngineUnavailable(message)
                time.sleep(LOCK_PAUSE)
            try:
                yield
            finally:
                fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
