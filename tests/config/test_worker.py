"""The worker: brings changes over, survives what fails, stops when told, and is alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.utils import OperationalError
from django.utils import timezone
from pytest_django import Settings

from config.management.commands import worker
from kb.accounts.models import User
from kb.articles import actions
from kb.articles.models import Draft
from kb.search import index
from kb.search.find import find
from kb.search.models import PendingChange, SearchLog
from tests.factories import an_article

ROOT = Path(__file__).resolve().parents[2]


def until(done: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.django_db
def test_a_saved_page_is_brought_over(lee: User) -> None:
    an_article(lee, "失注後の90日")
    stop = Stop(after=2)

    worker.work(stop)

    assert not PendingChange.objects.exists()
    assert find("失注", viewer=lee).total == 1


class Stop(threading.Event):
    """Stops the worker after so many rounds, and does not make it wait."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.rounds = after
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0)
        self.rounds -= 1
        if not self.rounds:
            self.set()
        return self.is_set()


@pytest.mark.django_db
def test_parts_of_the_index_become_one_beside_the_work(
    lee: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SLICE", 1000)
    for number in range(80):
        an_article(lee, f"失注後の{number}日")
        if number % 10 == 9:
            index.drain()
    folder = settings.HOME / "index" / "builds"
    assert len(list(folder.rglob("*.seg"))) == 8

    worker.keep_merging(Stop(after=2))

    assert len(list(folder.rglob("*.seg"))) == 1
    assert find("失注", viewer=lee).total == 80


def test_what_can_wait_stands_back_for_the_work_and_ends_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SLICE", 0)
    at_work, stop, came_back = threading.Lock(), threading.Event(), threading.Event()
    unhurried = worker.Unhurried(stop, at_work)

    def wait_for_the_turn() -> None:
        unhurried()
        came_back.set()

    with at_work:
        threading.Thread(target=wait_for_the_turn, daemon=True).start()
        assert not came_back.wait(0.2)
    assert came_back.wait(20)
    stop.set()
    with pytest.raises(worker.Stopped):
        unhurried()


def test_parts_that_cannot_be_made_one_are_told_and_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker, "merge", fail)
    stop = Stop(after=4)

    worker.keep_merging(stop)

    assert caplog.text.count("could not be made one") == 2
    assert worker.LONGEST_PAUSE in stop.waited


@pytest.mark.django_db
@pytest.mark.parametrize(
    "problem", [OSError(28, "No space left on device"), OperationalError("database is locked"), KeyError("?")]
)
def test_whatever_fails_is_said_and_tried_again_after_longer_and_longer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, problem: Exception
) -> None:
    def fail(**_given: object) -> int:
        raise problem

    monkeypatch.setattr(index, "drain", fail)
    stop = Stop(after=9)

    worker.work(stop)

    assert stop.waited == sorted(stop.waited)
    assert stop.waited[-1] == worker.LONGEST_PAUSE
    assert caplog.text.count("the index is behind") == 9


@pytest.mark.django_db
def test_idle_it_asks_the_database_once_a_round(django_assert_num_queries: object) -> None:
    index.drain()
    # and, the first time, what an hour brings: settled drafts, and in one transaction what is old in the log of searches
    with django_assert_num_queries(4 + 1 + 5):  # type: ignore[operator]
        worker.work(Stop(after=4))


@pytest.mark.django_db
def test_told_to_stop_it_leaves_a_long_build_and_loses_nothing(lee: User) -> None:
    an_article(lee, "失注後の90日")
    stop = threading.Event()
    stop.set()

    with pytest.raises(worker.Stopped):
        index.drain(progress=worker.Watch(stop))

    assert PendingChange.objects.count() == 1
    index.drain()
    assert index.check().ok


def test_it_polls_often_enough_to_be_found_at_once() -> None:
    assert worker.POLL <= 0.3


def started(home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "KOTOHASHI_HOME": str(home), "KOTOHASHI_DATABASE_URL": ""}
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def migrated_home(tmp_path: Path) -> Path:
    home = tmp_path / "site"
    environment = {**os.environ, "KOTOHASHI_HOME": str(home), "KOTOHASHI_DATABASE_URL": ""}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    return home


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_told(migrated_home: Path, number: signal.Signals) -> None:
    process = started(migrated_home)
    assert until((migrated_home / "index" / "current").exists)

    process.send_signal(number)

    _out, said = process.communicate(timeout=5)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_a_second_one_waits_and_takes_over(migrated_home: Path) -> None:
    first = started(migrated_home)
    assert until((migrated_home / "index" / "current").exists)
    second = started(migrated_home)
    assert second.stderr is not None
    assert "another worker" in second.stderr.readline()

    first.kill()
    first.communicate()
    (migrated_home / "index" / "current").unlink()

    assert until((migrated_home / "index" / "current").exists)
    second.terminate()
    second.communicate(timeout=5)
    assert second.returncode == 0


@pytest.mark.django_db
def test_drafts_of_settled_conflicts_are_forgotten_after_their_days(lee: User) -> None:
    article = an_article(lee)
    actions.keep_draft(by=lee, fields={"body": "前の文"}, article=article, base_version=1)
    actions.settle_draft(by=lee, article=article)
    Draft.objects.update(settled_at=timezone.now() - timedelta(days=31))

    worker.work(Stop(after=2))

    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_names_leave_the_log_of_searches_after_their_days(settings: Settings, lee: User) -> None:
    settings.SEARCH_LOG_DAYS = 90
    old = timezone.now() - timedelta(days=91)
    SearchLog.objects.create(query="失注", normal="失注", viewer=lee, total=0, created_at=old)

    worker.work(Stop(after=2))

    assert SearchLog.objects.get().viewer is None
