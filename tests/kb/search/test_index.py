"""The write side: what changed reaches the engine, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from kb.accounts.models import User
from kb.articles import actions
from kb.articles.models import Article
from kb.search import analysis, registry
from kb.search.documents import Document
from kb.search.engines.base import EngineUnavailable, State
from kb.search.engines.memory import MemoryEngine
from kb.search.index import check, drain, reindex, request_change
from kb.search.models import PendingChange
from tests.factories import an_article
from tests.kb.search.texts import a_document

pytestmark = pytest.mark.django_db


class Notes:
    """A source of texts by number; `broken` ones cannot be read."""

    name = "note"
    texts: dict[int, str] = {}
    broken: set[int] = set()

    def kinds(self) -> dict[str, str]:
        return {"note": "Note"}

    def document(self, pk: int) -> Document | None:
        if pk in self.broken:
            message = f"note {pk} is broken"
            raise RuntimeError(message)
        text = self.texts.get(pk)
        return None if text is None else a_document(pk, body=text, source=self.name, stamp=text)

    def stamps(self) -> Iterable[tuple[int, str]]:
        return self.texts.items()


@pytest.fixture
def notes(settings: Settings) -> type[Notes]:
    settings.SEARCH = {**settings.SEARCH, "SOURCES": ["tests.kb.search.test_index.Notes"]}
    Notes.texts, Notes.broken = {1: "失注", 2: "受注"}, set()
    return Notes


def kept() -> dict[str, str]:
    return {str(key): stamp for key, stamp in registry.engine().stamps().items()}


def again() -> None:
    """Let the time pass after which what failed is tried again."""
    PendingChange.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_change_is_noted_with_the_save_and_goes_with_its_rollback(sato: User) -> None:
    def save_and_fail() -> None:
        with transaction.atomic():
            an_article(sato)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()

    assert not PendingChange.objects.exists()
    assert not Article.objects.exists()


def test_draining_brings_changes_over_and_drops_their_notes(notes: type[Notes]) -> None:
    drain()
    notes.texts = {1: "失注した", 3: "見送り"}
    for pk in (1, 1, 2, 3):
        request_change("note", pk)

    assert drain() == 3

    assert kept() == {"note:1": "失注した", "note:3": "見送り"}
    assert not PendingChange.objects.exists()
    assert drain() == 0


def test_a_missing_index_is_built_from_everything_there_is(notes: type[Notes]) -> None:
    assert registry.engine().state() is State.MISSING

    drain()

    assert kept().keys() == {"note:1", "note:2"}


def test_an_index_of_another_analysis_is_built_anew(
    notes: type[Notes], monkeypatch: pytest.MonkeyPatch
) -> None:
    drain()
    monkeypatch.setattr(analysis, "stamp", lambda: "of tomorrow")
    assert registry.engine().state() is State.OUTDATED
    notes.texts = {5: "翌日"}

    drain()

    assert registry.engine().state() is State.READY
    assert kept() == {"note:5": "翌日"}


def test_one_thing_that_cannot_be_read_holds_up_no_other_and_is_tried_again(
    notes: type[Notes], caplog: pytest.LogCaptureFixture
) -> None:
    drain()
    notes.texts = {1: "一", 2: "二"}
    notes.broken = {1}
    for pk in (1, 2):
        request_change("note", pk)

    assert drain() == 1
    assert "note:1" in caplog.text
    assert "note 1 is broken" in caplog.text
    assert kept()["note:2"] == "二"
    waiting = PendingChange.objects.get()
    assert (waiting.target_id, waiting.attempts) == (1, 1)
    assert waiting.due_at > timezone.now()
    assert drain() == 0

    notes.broken = set()
    again()
    assert drain() == 1
    assert kept()["note:1"] == "一"


def test_each_failure_waits_longer_but_an_hour_at_most(notes: type[Notes]) -> None:
    drain()
    notes.broken = {1}
    request_change("note", 1)
    pauses = []
    for _attempt in range(15):
        again()
        drain()
        pauses.append(round((PendingChange.objects.get().due_at - timezone.now()) / timedelta(seconds=1)))

    assert pauses == sorted(pauses)
    assert pauses[:3] == [2, 4, 8]
    assert pauses[-1] == 3600


def test_a_note_of_a_source_that_is_gone_is_kept_and_holds_up_nobody(notes: type[Notes]) -> None:
    drain()
    notes.texts = {2: "新しい"}
    request_change("forgotten", 1)
    request_change("note", 2)

    assert drain() == 1
    assert kept()["note:2"] == "新しい"


def test_a_failing_engine_loses_nothing(notes: type[Notes], monkeypatch: pytest.MonkeyPatch) -> None:
    drain()
    notes.texts = {1: "新しい"}
    request_change("note", 1)

    with monkeypatch.context() as patch:
        patch.setattr(registry, "engine", FullDisk)
        with pytest.raises(OSError, match="No space"):
            drain()
    assert PendingChange.objects.count() == 1

    assert drain() == 1
    assert kept()["note:1"] == "新しい"


class FullDisk(MemoryEngine):
    """An engine whose disk is full."""

    def apply(self, *_given: object) -> None:
        raise OSError(28, "No space left on device")


def test_a_note_that_arrives_while_its_thing_is_read_stays(
    notes: type[Notes], monkeypatch: pytest.MonkeyPatch
) -> None:
    drain()
    read = Notes.document

    def read_slowly(self: Notes, pk: int) -> Document | None:
        if not PendingChange.objects.filter(pk__gt=first.pk).exists():
            request_change("note", pk)
        return read(self, pk)

    request_change("note", 1)
    first = PendingChange.objects.get()
    monkeypatch.setattr(Notes, "document", read_slowly)

    assert drain(limit=1) == 1
    assert PendingChange.objects.exclude(pk=first.pk).count() == 1


def test_reindexing_tells_its_progress_and_answers_the_notes_it_found(notes: type[Notes]) -> None:
    notes.texts = {pk: f"文章{pk}" for pk in range(30)}
    notes.broken = {7}
    request_change("note", 3)
    told: list[tuple[int, int]] = []

    assert reindex(lambda done, of: told.append((done, of))) == 29

    assert told[0] == (0, 30)
    assert told[-1] == (30, 30)
    assert list(PendingChange.objects.values_list("target_id", flat=True)) == [7]


def test_the_check_names_what_is_missing_extra_stale_and_on_its_way(notes: type[Notes]) -> None:
    notes.texts = {1: "一", 2: "二", 3: "三", 4: "四"}
    drain()
    assert check().ok
    notes.texts = {1: "一", 2: "変わった", 4: "変わった", 5: "五"}
    request_change("note", 4)

    report = check()

    assert not report.ok
    assert report.missing == ["note:5"]
    assert report.extra == ["note:3"]
    assert report.stale == ["note:2"]
    assert report.pending == ["note:4"]


def test_an_empty_site_without_an_index_is_as_it_should_be() -> None:
    assert check().ok


def test_a_missing_index_is_not_ok(notes: type[Notes]) -> None:
    report = check()

    assert not report.ok
    assert report.state is State.MISSING
    assert report.missing == ["note:1", "note:2"]


def test_what_the_actions_do_is_what_the_index_has(sato: User) -> None:
    drain()
    kept_page, deleted = an_article(sato, "残る"), an_article(sato, "消える")
    drain()
    actions.delete_article(by=sato, article=deleted)
    drain()

    assert check().ok
    assert kept().keys() == {f"article:{kept_page.pk}"}


def test_an_engine_without_an_index_says_so_instead_of_answering() -> None:
    with pytest.raises(EngineUnavailable):
        registry.engine().stamps()
