"""Whatever happens to the files of the index, the site stays up, says so to administrators, and heals by itself."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from config.management.commands import worker
from kb.accounts.models import User
from kb.articles.models import Article
from kb.search import analysis, health, registry, troubles
from kb.search.engines.base import State
from kb.search.find import find, suggest
from kb.search.index import check, drain
from kb.search.models import PendingChange
from tests.config.test_worker import Stop
from tests.factories import an_article

pytestmark = [
    pytest.mark.django_db,
    # Whoosh leaves a file that it cannot make sense of to the garbage collector, which closes it and says so.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Enter = Callable[[User], Client]
NOBODY = 65534


@pytest.fixture
def article(lee: User) -> Article:
    """A page in an index of its own."""
    found = an_article(lee, "失注後の90日", "次の商談に渡す。")
    drain()
    return found


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What is said is read here in the words of the source."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def swept(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No file is left for the garbage collector of another test: what was logged holds on to them."""
    yield
    for when in ("setup", "call"):
        caplog.get_records(when).clear()
    as_another_process()


def as_another_process() -> None:
    """Nothing of the index is held any more."""
    registry._engine.cache_clear()
    gc.collect()


def damaged(path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Another file in the place of each: one that a process has mapped must not shrink under it."""
    for file in [file for file in path.rglob("*") if file.is_file() and file.name != "lock"]:
        beside = file.with_name("beside")
        beside.write_bytes(damage(file.read_bytes()))
        beside.replace(file)


def delete_folder(index: Path) -> None:
    shutil.rmtree(index)


def cut_in_half(index: Path) -> None:
    damaged(index / "builds", lambda held: held[: len(held) // 2])


def cut_a_little(index: Path) -> None:
    damaged(index / "builds", lambda held: held[:-16])


def empty_files(index: Path) -> None:
    damaged(index, lambda _held: b"")


def overwrite(index: Path) -> None:
    damaged(index / "builds", lambda held: b"\xff" * len(held))


def lose_the_build(index: Path) -> None:
    shutil.rmtree(index / "builds")


def lose_one_kind_of_file(index: Path) -> None:
    for file in sorted((index / "builds").rglob("*"))[-1:]:
        file.unlink()


DAMAGE = (
    delete_folder,
    cut_in_half,
    cut_a_little,
    empty_files,
    overwrite,
    lose_the_build,
    lose_one_kind_of_file,
)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_damaged_index_takes_nothing_down_and_is_built_anew(
    damage: Callable[[Path], None], article: Article, own_home: Path, lee: User, signed_in: Enter
) -> None:
    damage(own_home / "index")
    as_another_process()
    client = signed_in(lee)

    for address in (
        "/",
        "/search/?q=失注",
        "/search/?tag=x",
        "/search/suggest/?q=失注",
        article.get_absolute_url(),
    ):
        assert client.get(address).status_code == 200
    found = find("失注", viewer=lee)
    assert found.total == 1 or not found.available
    assert find("", viewer=lee).hits == ()
    assert isinstance(suggest("失注", viewer=lee), list)

    as_another_process()
    drain()
    assert find("失注", viewer=lee).total == 1
    assert check().ok
    assert health.notices() == []


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_worker_that_holds_the_old_files_hears_of_it_from_those_who_ask(
    damage: Callable[[Path], None], article: Article, own_home: Path, lee: User
) -> None:
    of_the_worker = registry.engine()
    damage(own_home / "index")
    as_another_process()
    unavailable = not find("失注", viewer=lee).available
    assert not unavailable or health.notices()

    drain_with(of_the_worker)
    as_another_process()

    assert not unavailable or find("失注", viewer=lee).total == 1


def drain_with(engine: object) -> None:
    """Drain as the process that holds this engine."""
    known = registry.engine
    registry.engine = lambda: engine  # type: ignore[assignment,return-value]
    try:
        drain()
    finally:
        registry.engine = known


def test_an_index_of_another_version_answers_until_the_new_one_stands(
    article: Article, lee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "stamp", lambda: "of tomorrow")

    assert [notice.what for notice in health.notices()] == ["The search index was made by another version."]
    assert find("失注", viewer=lee).total == 1

    drain()
    assert registry.engine().state() is State.READY
    assert find("失注", viewer=lee).total == 1
    assert health.notices() == []


# ------------------------------------------------------------------ disks
@contextmanager
def full_disk() -> Iterator[None]:
    """No file grows beyond four kilobytes, as on a disk with so much left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def closed_folder(path: Path) -> Iterator[None]:
    """A folder nothing can be written in; whoever may do anything becomes nobody for a while.

    Nobody may not even be able to import what Python has not loaded yet: what is done inside was done once before.
    """
    user = os.geteuid()
    folders = [path, *(folder for folder in path.rglob("*") if folder.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for folder in folders:
            folder.chmod(0o755)


@pytest.fixture
def open_home(settings: Settings) -> Iterator[Path]:
    """A home that another user may at least look into."""
    home = Path(tempfile.mkdtemp(prefix="kotohashi-test-"))
    home.chmod(0o777)
    settings.HOME = home
    yield home
    shutil.rmtree(home)


BIG = "".join(chr(0x4E00 + number * 37 % 20_000) for number in range(20_000))


@pytest.mark.parametrize("fault", ["full disk", "closed folder"])
def test_what_cannot_be_written_now_is_written_later(
    fault: str, open_home: Path, lee: User, signed_in: Enter, takahashi: User
) -> None:
    for title in ("失注後の90日", "見送りの後"):
        an_article(lee, title, "次の商談に渡す。")
        drain()
    assert find("失注", viewer=lee).total == 1
    an_article(lee, "受注の後", BIG)
    said = "The disk is full" if fault == "full disk" else "cannot be written"

    with full_disk() if fault == "full disk" else closed_folder(open_home / "index"):
        worker.work(Stop(after=3))
        assert find("失注", viewer=lee).total == 1
    assert troubles.trouble() is not None
    assert said in english(signed_in, takahashi, "/")
    assert said in english(signed_in, takahashi, "/search/")
    assert said not in english(signed_in, lee, "/search/")
    assert PendingChange.objects.exists()

    worker.work(Stop(after=2))
    assert not PendingChange.objects.exists()
    assert find("受注", viewer=lee).total == 1
    assert find("失注", viewer=lee).total == 1
    assert check().ok
    assert health.notices() == []


@pytest.mark.parametrize("fault", ["full disk", "closed folder"])
def test_an_index_that_cannot_be_built_anew_leaves_the_old_one_to_answer(
    fault: str, open_home: Path, lee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_article(lee, "失注後の90日", BIG)
    drain()
    assert find("失注", viewer=lee).total == 1
    monkeypatch.setattr(analysis, "stamp", lambda: "of tomorrow")

    with full_disk() if fault == "full disk" else closed_folder(open_home / "index"):
        worker.work(Stop(after=3))
        assert find("失注", viewer=lee).total == 1
    assert registry.engine().state() is State.OUTDATED
    # What was half made is taken away with the next try, however many fail.
    assert len(list((open_home / "index" / "builds").iterdir())) <= 2

    worker.work(Stop(after=2))
    assert registry.engine().state() is State.READY
    assert len(list((open_home / "index" / "builds").iterdir())) == 1
    assert find("失注", viewer=lee).total == 1


# ------------------------------------------------------------------ what is said
def test_a_missing_index_is_told_to_administrators_alone(
    lee: User, takahashi: User, signed_in: Enter
) -> None:
    an_article(lee)

    for address in ("/", "/search/", "/search/?q=失注"):
        assert "There is no search index" in english(signed_in, takahashi, address)
        assert "There is no search index" not in english(signed_in, lee, address)


def english(signed_in: Enter, person: User, address: str) -> str:
    """A page in the words of the source."""
    person.language = "en"
    person.save()
    answer = signed_in(person).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_how_far_a_long_build_is_stands_in_the_notice(lee: User) -> None:
    an_article(lee)
    troubles.report(1200, 8000)

    assert "1,200 of 8,000" in health.notices()[0].then[0]
    troubles.recovered()
    assert "of 8,000" not in health.notices()[0].then[0]


def test_changes_that_nobody_brings_over_are_told(article: Article, lee: User) -> None:
    an_article(lee, "新しい頁")
    assert health.notices() == []

    PendingChange.objects.update(at=timezone.now() - health.LATE - timedelta(seconds=1))
    [notice] = health.notices()
    assert "worker" in notice.then[0]
    assert "1 change waits" in notice.then[1]

    drain()
    assert health.notices() == []


def test_a_failure_counts_from_its_beginning_and_ends_with_the_next_success(article: Article) -> None:
    troubles.remember(OSError(28, "No space left on device"))
    first = troubles.trouble()
    troubles.remember(OSError(28, "No space left on device"))
    second = troubles.trouble()

    assert first is not None
    assert second is not None
    assert first.since == second.since
    assert first.problem is troubles.Problem.FULL

    worker.work(Stop(after=1))
    assert troubles.trouble() is None


@pytest.mark.parametrize("held", ["", "[]", "{}", '{"problem": "?", "since": 1, "detail": null}', "\x00"])
def test_a_file_of_troubles_that_makes_no_sense_says_nothing(
    held: str, article: Article, own_home: Path
) -> None:
    for name in ("index.trouble", "index.progress"):
        (own_home / name).write_text(held)

    assert health.notices() == []
