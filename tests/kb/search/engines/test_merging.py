"""Segments become one: few with a save, the rest beside it, and nothing that is saved meanwhile is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.search import analysis
from kb.search.engines.base import EngineUnavailable, Key
from kb.search.engines.whoosh import WhooshEngine
from kb.search.engines.whoosh import engine as engine_module
from kb.search.engines.whoosh.merging import AT_MOST, AT_ONCE, TOGETHER, chosen
from tests.kb.search.engines.asking import LOST, three_lost
from tests.kb.search.texts import prepared


class CutShort(Exception):
    """What ends a merge in the middle."""


@pytest.fixture
def engine(folder: Path) -> WhooshEngine:
    return three_lost(folder)


def test_many_saves_leave_few_segments(engine: WhooshEngine) -> None:
    for pk in range(100, 170):
        engine.apply([prepared(pk, body=f"失注 {pk}")])

    assert len(engine._snapshot().segments) <= 2 * TOGETHER
    assert engine.search(LOST).total == 73


@pytest.mark.parametrize(
    ("alive", "expected"),
    [
        ([], []),
        ([1] * 7, []),
        ([1] * 8, list(range(8))),
        ([5000, *[1] * 8], list(range(1, 9))),
        ([5000] * 9, []),
        ([*[100] * 8, 0, *[1] * 3], []),
        ([*[2] * 8, 0], list(range(8))),
        ([*[3] * 8, 0], []),
        ([*[70] * 8, 0], []),
        ([*[0] * 20, 3], []),
    ],
)
def test_segments_of_a_size_become_one_unless_that_takes_long(alive: list[int], expected: list[int]) -> None:
    assert chosen(alive) == expected


@pytest.mark.parametrize(
    ("alive", "expected"),
    [
        ([1] * 8, []),
        ([2] * 8, []),
        ([3] * 8, list(range(8))),
        ([70_000, *[500] * 9, 0], list(range(1, 10))),
        ([8_000] * 8, list(range(8))),
        ([8_001] * 8, []),
        ([*[4_000] * 7, 5_000], []),
        ([*[30_000] * 4, *[5_000] * 9], list(range(4, 13))),
    ],
)
def test_while_nobody_waits_larger_ones_become_one(alive: list[int], expected: list[int]) -> None:
    assert chosen(alive, AT_MOST, beyond=AT_ONCE) == expected


# ------------------------------------------------------------------ segments that are made one while saves go on
@pytest.fixture
def parted(engine: WhooshEngine) -> WhooshEngine:
    """Eight segments of ten documents, more than a save merges, and one of three."""
    for first in range(100, 180, 10):
        engine.apply([prepared(pk, body=f"失注 {pk}", stamp="old") for pk in range(first, first + 10)])
    assert len(engine._snapshot().segments) == 9
    return engine


def test_segments_become_one_and_nothing_else_changes(folder: Path, parted: WhooshEngine) -> None:
    reader = WhooshEngine(folder)
    before = [(hit.key, hit.score) for hit in reader.search(LOST).hits]

    assert parted.merge()

    assert len(parted._snapshot().segments) == 2
    assert [(hit.key, hit.score) for hit in reader.search(LOST).hits] == before
    assert not parted.merge()


def test_what_is_saved_and_deleted_while_segments_become_one_is_as_it_was_saved(
    folder: Path, parted: WhooshEngine
) -> None:
    parted.apply([], [Key("article", 175)])
    rounds = iter(range(1000))

    def save() -> None:
        match next(rounds):
            case 1:
                parted.apply([prepared(101, body="失注", stamp="new")])
            case 5:
                parted.apply([prepared(500, body="失注", stamp="new")], [Key("article", 102)])
            case 90:
                WhooshEngine(folder).apply([prepared(103, body="受注", stamp="new")])

    assert parted.merge(save)

    assert len(parted._snapshot().segments) == 5
    stamps = parted.stamps()
    assert {key.pk for key, stamp in stamps.items() if stamp == "new"} == {101, 103, 500}
    assert Key("article", 102) not in stamps
    assert Key("article", 175) not in stamps
    assert len(stamps) == 82
    assert {hit.key.pk for hit in parted.search(LOST).hits} == {key.pk for key in stamps} - {103}


@pytest.mark.parametrize("anew", [True, False])
def test_what_was_made_of_segments_that_are_gone_is_dropped(parted: WhooshEngine, anew: bool) -> None:
    def replace() -> None:
        if len(parted.stamps()) > 10:
            if anew:
                parted.rebuild([prepared(1, body="失注")])
            else:
                parted.apply([prepared(1, body="失注")], [Key("article", pk) for pk in range(100, 180)])

    assert not parted.merge(replace)

    assert 1 in {hit.key.pk for hit in parted.search(LOST).hits}
    assert len(parted.stamps()) < 10


def test_a_merge_that_is_ended_leaves_nothing_behind(folder: Path, parted: WhooshEngine) -> None:
    before = sorted(folder.rglob("*"))

    def end() -> None:
        raise CutShort

    with pytest.raises(CutShort):
        parted.merge(end)

    assert [path for path in sorted(folder.rglob("*")) if path.name != "merger"] == before
    assert len(parted._snapshot().segments) == 9
    assert parted.merge()


def test_small_ones_do_not_wait_for_a_large_merge(
    parted: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for first in range(1000, 1800, 100):
        parted.apply([prepared(pk, body="失注") for pk in range(first, first + 100)])
    assert parted.merge()
    counts = [len(parted._snapshot().segments)]
    monkeypatch.setattr(engine_module, "LOOK_EVERY", 0)
    more = iter(range(2000, 2080, 10))

    def save() -> None:
        if (first := next(more, None)) is not None:
            parted.apply([prepared(pk, body="失注") for pk in range(first, first + 10)])
        counts.append(len(parted._snapshot().segments))

    assert parted.merge(save)

    assert max(counts) > 16
    assert counts[-1] < 12
    assert len(parted._snapshot().segments) <= 4
    assert parted.search(LOST).total == 3 + 80 + 800 + 80


def test_two_do_not_merge_at_once(folder: Path, parted: WhooshEngine) -> None:
    def merge_too() -> None:
        with pytest.raises(EngineUnavailable):
            WhooshEngine(folder).merge()

    assert parted.merge(merge_too)


def test_an_index_of_another_analysis_is_not_merged(
    parted: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "stamp", lambda: "of tomorrow")

    assert not parted.merge()
