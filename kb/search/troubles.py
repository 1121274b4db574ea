"""What ails the index, as one process tells the others: small files in the home, which need no database and no index.

The worker says what keeps it from its work and how far a whole build is; whoever asks the index and gets nonsense says
that it should be built anew.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.utils import timezone

log = logging.getLogger(__name__)

# An index that is doubted again so soon after it was built anew waits: else an error of ours would build it all day.
DOUBTED_AGAIN = timedelta(minutes=10)
# What an operating system says while nothing is wrong with the files.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
PASSING = (*FULL, *CLOSED, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EINTR, errno.EAGAIN)


class Problem(StrEnum):
    """What keeps the worker from its work."""

    FULL = "full"
    CLOSED = "closed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the worker met last, since when it has met nothing else, and in the system's words."""

    problem: Problem
    since: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work was, and when."""

    done: int
    of: int
    at: datetime


def problem_of(error: BaseException) -> Problem:
    number = error.errno if isinstance(error, OSError) else None
    return Problem.FULL if number in FULL else Problem.CLOSED if number in CLOSED else Problem.OTHER


def passes(error: BaseException) -> bool:
    """Whether an error says nothing about the files: a full disk, a closed folder, no descriptors left."""
    return isinstance(error, OSError) and error.errno in PASSING


# ------------------------------------------------------------------ the worker's
def remember(error: BaseException) -> None:
    """Say that the work failed; the first failure of a row counts as its beginning."""
    before = trouble()
    since = before.since if before else timezone.now()
    _write(_trouble_file(), {"problem": problem_of(error), "since": since.isoformat(), "detail": str(error)})


def recovered() -> None:
    """Say that the work is done, and nothing in the way."""
    for path in (_trouble_file(), _progress_file()):
        if path.exists():
            _remove(path)


def trouble() -> Trouble | None:
    """What keeps the worker from its work; none when nothing does, as far as it could say so."""
    found = _read(_trouble_file())
    if found is None:
        return None
    try:
        return Trouble(Problem(found["problem"]), datetime.fromisoformat(found["since"]), found["detail"])
    except (KeyError, ValueError, TypeError):
        return None


def report(done: int, of: int) -> None:
    """Say how far a long piece of work is."""
    _write(_progress_file(), {"done": done, "of": of, "at": timezone.now().isoformat()})


def progress() -> Progress | None:
    """How far the worker was when it last said so; none when it is at no long piece of work."""
    found = _read(_progress_file())
    if found is None:
        return None
    try:
        return Progress(int(found["done"]), int(found["of"]), datetime.fromisoformat(found["at"]))
    except (KeyError, ValueError, TypeError):
        return None


# ------------------------------------------------------------------ of whoever asks the index
def doubt(error: BaseException) -> None:
    """Say that the index gave nonsense, so that the worker builds it anew."""
    if not _doubt_file().exists():
        _write(_doubt_file(), {"error": repr(error), "at": timezone.now().isoformat()})


def doubted() -> bool:
    """Whether somebody got nonsense, and the index was not built anew for that just now."""
    if not _doubt_file().exists():
        return False
    try:
        settled = timezone.now().timestamp() - _settled_file().stat().st_mtime
    except OSError:
        return True
    return settled > DOUBTED_AGAIN.total_seconds()


def settle() -> None:
    """The index was built anew."""
    try:
        _doubt_file().replace(_settled_file())
        os.utime(_settled_file())
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("%s cannot be written: %s", _settled_file(), error)


# ------------------------------------------------------------------ files
def _trouble_file() -> Path:
    return Path(settings.HOME) / "index.trouble"


def _progress_file() -> Path:
    return Path(settings.HOME) / "index.progress"


def _doubt_file() -> Path:
    return Path(settings.HOME) / "index.doubted"


def _settled_file() -> Path:
    return Path(settings.HOME) / "index.settled"


def _read(path: Path) -> dict[str, str] | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, said: dict[str, object]) -> None:
    """Write in one step; where that is impossible, as on a full disk, the log has to do."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        beside.replace(path)
    except OSError as error:
        log.warning("%s cannot be written: %s", path, error)
        _remove(beside)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be removed: %s", path, error)
