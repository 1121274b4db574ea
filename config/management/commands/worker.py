"""The process beside the web server: it brings what people save into the search index."""

from __future__ import annotations

import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from django.db.utils import DatabaseError

from kb.articles.actions import forget_settled_drafts
from kb.search import index, registry, troubles
from kb.search.actions import forget_old_searches
from kb.search.engines.base import EngineUnavailable

log = logging.getLogger(__name__)

POLL = 0.2
# After a failure it waits longer each time, so that a full disk does not fill the log as well.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
TIDY_EVERY = 3600.0
MERGE_EVERY = 1.0
# It works so long at a stretch and rests so long after it, in seconds: it takes a quarter of one processor.
SLICE, REST = 0.01, 0.03
# What is held where nobody else is at work.
ALONE = nullcontext()
SAID_EVERY = 5.0
# What passes by itself: an engine out of reach, a disk that is full, a database that is locked or restarts.
PASSING = (EngineUnavailable, OSError, DatabaseError)


class Stopped(Exception):
    """The worker was told to stop while it was building; it begins again the next time."""


class Command(BaseCommand):
    """Runs until it is told to stop; there is one at a time on a home, a second waits for its turn."""

    help = "Bring what was saved into the search index, until stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="bring over what is waiting now, then stop")

    def handle(self, *args: object, once: bool, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with only_worker(settings.HOME / "worker.lock", stop) as mine:
            if mine and once:
                index.drain()
                merge(end_when(stop))
            elif mine:
                at_work = threading.Lock()
                merger = threading.Thread(
                    target=keep_merging, args=(stop, at_work), name="merger", daemon=True
                )
                merger.start()
                work(stop, at_work)
                merger.join(FIRST_PAUSE)


@contextmanager
def only_worker(path: Path, stop: threading.Event) -> Iterator[bool]:
    """Hold the worker's place until the end; false when told to stop while another holds it."""
    said = False
    with path.open("ab") as file:
        while not stop.is_set():
            try:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not said:
                    log.warning("another worker is at work on %s; this one waits", settings.HOME)
                    said = True
                stop.wait(POLL)
                continue
            break
        yield not stop.is_set()


def work(stop: threading.Event, at_work: AbstractContextManager[object] = ALONE) -> None:
    """Drain, wait a moment, again; whatever fails is said once a try, and tried again. Draining it holds `at_work`."""
    pause = FIRST_PAUSE
    warm = False
    tidied_at = float("-inf")
    while not stop.is_set():
        try:
            with at_work:
                index.drain(progress=Watch(stop))
            if not warm:
                registry.engine().warm()
                warm = True
            tidied_at = tidy(tidied_at)
        except Stopped:
            break
        except PASSING as error:
            troubles.remember(error)
            log.error("the index is behind: %s; trying again in %.1f s", error, pause)  # noqa: TRY400
            pause = recover(stop, pause)
        except Exception as error:
            # nothing may end the worker: a change that waits is better than one that is never brought over
            troubles.remember(error)
            log.exception("the index is behind; trying again in %.1f s", pause)
            pause = recover(stop, pause)
        else:
            troubles.recovered()
            pause = FIRST_PAUSE
            stop.wait(POLL)


def keep_merging(stop: threading.Event, at_work: AbstractContextManager[object] = ALONE) -> None:
    """Keep the parts of the index few, beside the work and giving way to it, so that no save waits for it."""
    while not stop.wait(MERGE_EVERY):
        try:
            merge(Unhurried(stop, at_work))
        except EngineUnavailable as error:
            log.debug("the parts of the index stay as they are: %s", error)
        except Exception:
            # it can wait; broken files are told by whoever asks them
            log.exception("parts of the index could not be made one")
            stop.wait(LONGEST_PAUSE)


def merge(meanwhile: Callable[[], None]) -> None:
    """Make one of several parts of the index, as long as there are too many, or until told to stop."""
    with suppress(Stopped):
        while registry.engine().merge(meanwhile):
            pass


class Unhurried:
    """Called often by what can wait: rests most of the time, stands back while others are at work, and ends it when told to."""

    def __init__(self, stop: threading.Event, at_work: AbstractContextManager[object]) -> None:
        self.stop = stop
        self.at_work = at_work
        self.began_at = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self.began_at < SLICE:
            return
        self.stop.wait(REST)
        with self.at_work:
            pass
        if self.stop.is_set():
            raise Stopped
        self.began_at = time.monotonic()


def end_when(stop: threading.Event) -> Callable[[], None]:
    """What ends a long piece of work when told to stop."""

    def check() -> None:
        if stop.is_set():
            raise Stopped

    return check


def tidy(last: float) -> float:
    """Once an hour, throw away what was kept for a while only; returns when that was, on the monotonic clock."""
    now = time.monotonic()
    if now - last < TIDY_EVERY:
        return last
    if forgotten := forget_settled_drafts():
        log.info("%d drafts of settled conflicts were over 30 days old and are gone", forgotten)
    if nameless := forget_old_searches():
        log.info("%d searches are no longer kept with a name", nameless)
    return now


class Watch:
    """Looks after a long piece of work: says now and then how far it is, and ends it when the worker is to stop."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.said_at = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if self.stop.is_set():
            raise Stopped
        if time.monotonic() - self.said_at > SAID_EVERY:
            self.said_at = time.monotonic()
            troubles.report(done, of)
            log.info("bringing changes into the index: %d of %d", done, of)


def recover(stop: threading.Event, pause: float) -> float:
    """Leave a broken connection behind and wait; returns how long to wait the next time."""
    if not connection.in_atomic_block:
        close_old_connections()
    stop.wait(pause)
    return min(pause * 2, LONGEST_PAUSE)
