"""Whoosh's known traps, each walked into: none may be felt outside."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage

from kb.search import analysis
from kb.search.analysis import Prepared
from kb.search.engines.base import EngineUnavailable, Everything, Key, Phrase, Request, State
from kb.search.engines.whoosh import WhooshEngine, building
from kb.search.engines.whoosh.postings import Lately, Postings
from tests.kb.search.engines.asking import LOST, three_lost
from tests.kb.search.texts import ALL, prepared


@pytest.fixture
def engine(folder: Path) -> WhooshEngine:
    return three_lost(folder)


def test_a_filter_without_a_match_counts_nothing(engine: WhooshEngine) -> None:
    stranger = Request(strict=Everything(), viewer=frozenset({"d:404"}))

    assert engine.search(stranger).total == 0
    assert engine.search(Request(strict=Everything(), viewer=frozenset())).total == 0


def test_a_phrase_in_a_field_without_positions_finds_nothing_instead_of_failing(engine: WhooshEngine) -> None:
    assert (
        engine.search(Request(strict=Phrase("headings_words", ("失注", "理由"), (0, 1)), viewer=ALL)).total
        == 0
    )


def test_an_update_is_seen_by_a_reader_that_was_open(folder: Path, engine: WhooshEngine) -> None:
    reader = WhooshEngine(folder)
    assert reader.search(LOST).total == 3

    engine.apply([prepared(9, body="失注")], [Key("article", 0)])

    assert {hit.key.pk for hit in reader.search(LOST).hits} == {1, 2, 9}


def test_documents_deleted_and_merged_away_do_not_come_back(folder: Path, engine: WhooshEngine) -> None:
    reader = WhooshEngine(folder)
    for round_number in range(30):
        engine.apply([prepared(1, body=f"失注 {round_number}", stamp=str(round_number))])
        assert reader.search(LOST).total == 3
        assert reader.stamps()[Key("article", 1)] == str(round_number)


def test_hundreds_of_updates_leave_neither_files_nor_descriptors_behind(
    folder: Path, engine: WhooshEngine
) -> None:
    reader = WhooshEngine(folder)
    reader.search(LOST)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for pk in range(120):
        engine.apply([prepared(pk % 7, body="失注")])
        reader.search(LOST)

    assert len(list(Path("/proc/self/fd").iterdir())) < before + 40
    assert len(list(folder.rglob("*"))) < 60


def _write(folder: Path, first: int, count: int) -> None:
    engine = WhooshEngine(folder)
    for pk in range(first, first + count):
        engine.apply([prepared(pk, body="失注")])


def test_two_processes_write_at_once_and_neither_loses_a_document(folder: Path, engine: WhooshEngine) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(folder, first, 15)) for first in (100, 200)]
    for writer in writers:
        writer.start()
    until = time.monotonic() + 60
    while any(writer.is_alive() for writer in writers) and time.monotonic() < until:
        # opening while another process commits: files come and go under the reader
        assert WhooshEngine(folder).search(LOST).total >= 3
    for writer in writers:
        writer.join(10)

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert engine.search(LOST).total == 33


def test_a_writer_killed_in_the_middle_leaves_a_sound_index(folder: Path, engine: WhooshEngine) -> None:
    context = multiprocessing.get_context("spawn")
    for round_number in range(3):
        writer = context.Process(target=_write, args=(folder, 1000, 10_000))
        writer.start()
        before = engine.search(LOST).total
        until = time.monotonic() + 20
        while engine.search(LOST).total == before and time.monotonic() < until:
            time.sleep(0.01)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()

        assert WhooshEngine(folder).state() is State.READY
        engine.apply([prepared(50 + round_number, body="失注")])
        assert engine.search(LOST).total >= 4 + round_number


def test_threads_may_search_while_another_writes(folder: Path, engine: WhooshEngine) -> None:
    reader = WhooshEngine(folder)
    problems: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                assert reader.search(LOST).total >= 3
            except BaseException as problem:  # noqa: BLE001 - told in the main thread
                problems.append(problem)
                return

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for pk in range(10, 40):
        engine.apply([prepared(pk, body="失注")])
    done.set()
    for thread in threads:
        thread.join()

    assert problems == []
    assert reader.search(LOST).total == 33


def test_the_lock_is_waited_for_and_then_given_up(engine: WhooshEngine) -> None:
    with (
        engine.files.lock(),
        pytest.raises(EngineUnavailable, match="another process"),
        engine.files.lock(patience=0.1),
    ):
        pass


def test_a_failed_batch_leaves_the_index_as_it_was_and_the_lock_free(engine: WhooshEngine) -> None:
    broken = prepared(8, body="失注")
    object.__setattr__(broken, "fields", {"body_words": {"失注": ["not a position"]}})
    with pytest.raises(AttributeError):
        engine.apply([prepared(7, body="失注"), broken])

    engine.apply([prepared(9, body="失注")])

    assert {hit.key.pk for hit in engine.search(LOST).hits} == {0, 1, 2, 9}


# ------------------------------------------------------------------ how it stands
def test_a_missing_index_says_so(folder: Path) -> None:
    engine = WhooshEngine(folder)

    assert engine.state() is State.MISSING
    for ask in (lambda: engine.search(LOST), engine.stamps, lambda: engine.apply([prepared(1)])):
        with pytest.raises(EngineUnavailable):
            ask()
    engine.warm()


def test_an_index_of_another_analysis_serves_until_it_is_built_anew(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "stamp", lambda: "of tomorrow")

    assert engine.state() is State.OUTDATED
    assert engine.search(LOST).total == 3
    engine.rebuild([prepared(1, body="失注")])
    assert engine.state() is State.READY


def test_a_rebuild_that_fails_leaves_the_old_index_in_use(engine: WhooshEngine) -> None:
    def documents() -> object:
        yield prepared(1)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        engine.rebuild(documents())  # type: ignore[arg-type]

    assert engine.search(LOST).total == 3
    engine.rebuild([prepared(1)])
    assert len(list(engine.files.builds.iterdir())) == 1


def test_a_reader_moves_over_to_a_new_build(folder: Path, engine: WhooshEngine) -> None:
    reader = WhooshEngine(folder)
    assert reader.search(LOST).total == 3

    engine.rebuild([prepared(1, body="失注")])

    assert reader.search(LOST).total == 1


# Whoosh forgets to close a table of contents it cannot read.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("keep", [0, 30])
def test_files_cut_short_are_told_from_no_files(folder: Path, engine: WhooshEngine, keep: int) -> None:
    for path in engine.files.builds.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:keep])

    broken = WhooshEngine(folder)

    assert broken.state() is State.BROKEN
    with pytest.raises(EngineUnavailable):
        broken.search(LOST)
    broken.rebuild([prepared(1, body="失注")])
    assert broken.search(LOST).total == 1
    gc.collect()


def test_a_folder_of_files_removed_under_a_reader_is_missing(folder: Path, engine: WhooshEngine) -> None:
    reader = WhooshEngine(folder)
    reader.search(LOST)
    (folder / "current").unlink()

    assert reader.state() is State.MISSING


def test_whoosh_itself_can_read_what_we_write(engine: WhooshEngine) -> None:
    current = engine.files.current()
    assert current is not None
    index = whoosh_index.FileIndex(FileStorage(str(engine.files.path(current))))
    with index.searcher() as searcher:
        posting = searcher.postings("body_words", "失注")
        assert (posting.weight(), posting.value_as("positions")) == (1.0, [0])
        assert searcher.doc_count() == 3


def test_what_was_decoded_is_kept_up_to_a_number_of_bytes() -> None:
    kept: Lately[Postings] = Lately(limit=10_000)
    for number in range(50):
        kept.put(number, Postings(np.zeros(100, np.int32)))

    assert kept.size <= 10_000
    assert kept.get(49) is not None
    assert kept.get(0) is None


# ------------------------------------------------------------------ a build that was cut short
class CutShort(Exception):
    """What ends a build in the middle."""


def documents(count: int, end: int | None = None) -> Iterator[Prepared]:
    for pk in range(count):
        if pk == end:
            raise CutShort
        yield prepared(pk, body=f"失注 {pk}", stamp=f"v{pk}")


@pytest.fixture
def _in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MEMORY", 20_000)


@pytest.mark.usefixtures("_in_small_pieces")
def test_a_build_that_was_cut_short_is_gone_on_with(folder: Path, engine: WhooshEngine) -> None:
    with pytest.raises(CutShort):
        engine.rebuild(documents(100, end=90))
    assert engine.search(LOST).total == 3

    again = WhooshEngine(folder)
    taken = again.unfinished()
    assert 20 < len(taken) <= 90
    assert all(stamp == f"v{key.pk}" for key, stamp in taken.items())
    kept = [key for key in taken if key.pk != 5]
    rest = [made for made in documents(100) if Key("article", made.document.pk) not in kept]

    assert again.rebuild(rest, kept) == 100
    assert {hit.key.pk for hit in again.search(LOST).hits} == set(range(100))
    assert again.stamps() == {Key("article", pk): f"v{pk}" for pk in range(100)}
    assert again.unfinished() == {}


@pytest.mark.usefixtures("_in_small_pieces")
def test_what_is_no_longer_wanted_of_a_build_that_was_cut_short_is_dropped(engine: WhooshEngine) -> None:
    with pytest.raises(CutShort):
        engine.rebuild(documents(100, end=90))
    some = [key for key in engine.unfinished() if key.pk < 4]

    assert engine.rebuild([prepared(200, body="失注")], some) == 5
    assert {hit.key.pk for hit in engine.search(LOST).hits} == {0, 1, 2, 3, 200}


def test_nothing_is_kept_of_a_build_that_is_gone(engine: WhooshEngine) -> None:
    assert engine.unfinished() == {}
    with pytest.raises(EngineUnavailable, match="gone"):
        engine.rebuild([prepared(1)], [Key("article", 7)])

    assert engine.search(LOST).total == 3


@pytest.mark.usefixtures("_in_small_pieces")
def test_a_build_by_another_analysis_is_not_gone_on_with(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CutShort):
        engine.rebuild(documents(100, end=90))
    monkeypatch.setattr(analysis, "stamp", lambda: "of tomorrow")

    assert engine.unfinished() == {}


def test_a_process_that_warmed_up_has_the_common_words_at_hand(folder: Path, engine: WhooshEngine) -> None:
    fresh = WhooshEngine(folder)
    fresh.warm()
    (segment,) = fresh._snapshot().by_name.values()

    assert fresh._cache.get((segment.name, "body_words", "失注")) is not None
    assert fresh.search(LOST).total == 3
