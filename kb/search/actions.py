"""What people do beside searching: what they searched for and opened is noted, kept for them, made a question, forgotten."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from kb.audit.actions import record
from kb.search import registry
from kb.search.engines.base import Key
from kb.search.models import (
    ADDRESS_LENGTH,
    FILTERS_KEPT,
    NAME_LENGTH,
    NOTE_LENGTH,
    QUERY_KEPT,
    AssignedQuestion,
    Reading,
    SavedSearch,
    SearchLog,
)
from kb.search.queries import log_of, normal_form
from kb.search.question import legible

if TYPE_CHECKING:
    from kb.accounts.models import User
    from kb.search.find import Results

log = logging.getLogger(__name__)

# Who asks the same again so soon looks at the same search, narrowed down or sorted otherwise.
SAME_SEARCH = timedelta(minutes=1)
# Later pages of a search, and what is opened on them, still belong to it.
SAME_SITTING = timedelta(hours=1)
# Nobody waits longer for the log: while somebody else writes for long, a search is not noted.
PATIENCE_MS = 100
# One person's readings of one thing count once in so many seconds.
ONE_READING = 3600
KEPT_DAYS = 730


class NotAllowed(PermissionError):
    """The person may not do this."""


class TooLong(ValueError):
    """The search has more in its address than can be kept."""


class AlreadyAsked(ValueError):
    """There is an open question about the same words; `question` is it."""

    def __init__(self, question: AssignedQuestion) -> None:
        super().__init__("this is asked already")
        self.question = question


@contextmanager
def impatient() -> Iterator[None]:
    """Let a note wait for other writers for a moment only; where it cannot be written, it is left out."""
    try:
        with short_patience() if connection.vendor == "sqlite" else nullcontext():
            yield
    except OperationalError as error:
        log.info("a note about a search was left out: %s", error)


@contextmanager
def short_patience() -> Iterator[None]:
    """Make SQLite give up soon when somebody else is writing."""
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


# ---------------------------------------------------------------- the log
def note_search(*, by: User, found: Results, filters: str) -> SearchLog | None:
    """Note what was asked and how much was found; returns the note that openings belong to, if there is one.

    The same words within a minute are the same search; later pages of the hour belong to it as well. Without words,
    or without an index that answered, nothing is noted.
    """
    query = " ".join(legible(found.query).split())[:QUERY_KEPT]
    if not query or not found.available:
        return None
    now = timezone.now()
    known = log_of(by, query, now - (SAME_SEARCH if found.page == 1 else SAME_SITTING))
    if known is not None or found.page > 1:
        return known
    first = found.hits[0] if found.hits else None
    source = registry.source_of(first.kind) if first else None
    note = SearchLog(
        query=query,
        normal=normal_form(query),
        filters=filters[:FILTERS_KEPT],
        viewer=by,
        total=found.total,
        also=found.also,
        answered=found.answer is not None or found.faq is not None,
        took_ms=round(found.took_ms),
        first_source=source.name if source else "",
        first_id=first.id if first and source else None,
        created_at=now,
    )
    with impatient(), transaction.atomic():
        note.save()
    return note if note.pk else None


def note_opened(*, by: User, search: SearchLog, position: int, name: str = "", pk: int = 0) -> None:
    """Note the first thing that was opened from a search, and that the thing is used.

    Raises:
        NotAllowed: it is somebody else's search.
    """
    if search.viewer_id != by.pk:
        raise NotAllowed
    with impatient(), transaction.atomic():
        unopened = SearchLog.objects.filter(pk=search.pk, opened_at=None)
        unopened.update(opened_at=timezone.now(), opened_position=position)
    if name:
        note_reading(by=by, name=name, pk=pk, how="opened")


def note_reading(*, by: User, name: str, pk: int, how: str = "read") -> bool:
    """Count that a thing was opened or read, once an hour a person; false when there is no such thing for `by`.

    `name` is a source or one of its kinds. Who it was is not kept.
    """
    source = registry.source_of(name)
    if source is None or pk not in source.visible(by, [pk]):
        return False
    if caches["memory"].add(f"{how}.{by.pk}.{source.name}.{pk}", 1, ONE_READING):
        with impatient(), transaction.atomic():
            row, _made = Reading.objects.get_or_create(
                day=timezone.localdate(), source=source.name, target_id=pk
            )
            Reading.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return True


@transaction.atomic
def forget_names(*, by: User, query: str = "") -> int:
    """Take one's own name out of the log, everywhere or from one query; returns out of how many searches."""
    own = SearchLog.objects.filter(viewer=by)
    if query:
        own = own.filter(normal=normal_form(query))
    return own.update(viewer=None)


@transaction.atomic
def forget_old_searches() -> int:
    """Take names out of the log after their days, and what is older than two years out of it; returns how many names."""
    now = timezone.now()
    two_years_ago = now - timedelta(days=KEPT_DAYS)
    SearchLog.objects.filter(created_at__lt=two_years_ago).delete()
    Reading.objects.filter(day__lt=timezone.localdate(two_years_ago)).delete()
    named = SearchLog.objects.filter(viewer__isnull=False)
    return named.filter(created_at__lt=now - timedelta(days=settings.SEARCH_LOG_DAYS)).update(viewer=None)


# ---------------------------------------------------------------- saved searches
@transaction.atomic
def save_search(*, by: User, name: str, address: str) -> SavedSearch:
    """Keep a search under a name; the same one again gets the new name.

    Raises:
        TooLong: its address is longer than can be kept.
    """
    if len(address) > ADDRESS_LENGTH:
        raise TooLong
    name = " ".join(legible(name).split())[:NAME_LENGTH]
    saved, _made = SavedSearch.objects.update_or_create(owner=by, address=address, defaults={"name": name})
    return saved


@transaction.atomic
def remove_saved_search(*, by: User, saved: SavedSearch) -> None:
    """Throw one of one's own saved searches away."""
    if saved.owner_id != by.pk:
        raise NotAllowed
    saved.delete()


# ---------------------------------------------------------------- questions
@transaction.atomic
def assign_question(
    *, by: User, query: str, assigned_to: User, note: str = "", question: AssignedQuestion | None = None
) -> AssignedQuestion:
    """Ask somebody to see that a search succeeds, or hand an open question on; its words stay.

    Raises:
        NotAllowed: `by` does not see what is searched for in vain, or `assigned_to` could not answer.
        AlreadyAsked: there is an open question about the same words.
    """
    if not by.can_see_gaps or not assigned_to.is_active or not assigned_to.can_write:
        raise NotAllowed
    if question is not None and question.answered_at is not None:
        raise NotAllowed
    query = " ".join(legible(query).split())[:QUERY_KEPT]
    question = question or AssignedQuestion(query=query, normal=normal_form(query), by=by)
    question.assigned_to, question.note = assigned_to, legible(note).strip()[:NOTE_LENGTH]
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError as error:
        raise AlreadyAsked(AssignedQuestion.objects.open().get(normal=question.normal)) from error
    record(by=by, verb="question.assigned", target=question, detail={"to": assigned_to.pk})
    return question


@transaction.atomic
def answer_question(*, by: User, question: AssignedQuestion, answer: Key | None) -> AssignedQuestion:
    """Say what answers a question, or close it without a thing.

    Raises:
        NotAllowed: it is not theirs to answer, it is answered, or `by` may not see what should answer it.
    """
    question = AssignedQuestion.objects.select_for_update().get(pk=question.pk)
    theirs = by.can_see_gaps or question.assigned_to_id == by.pk
    if not theirs or question.answered_at is not None:
        raise NotAllowed
    if answer is not None:
        source = registry.source_of(answer.source)
        if source is None or answer.pk not in source.visible(by, [answer.pk]):
            raise NotAllowed
        question.answer_source, question.answer_id = source.name, answer.pk
    question.answered_at = timezone.now()
    question.save()
    record(
        by=by,
        verb="question.answered",
        target=question,
        detail={"answer": str(answer) if answer else None},
    )
    return question
