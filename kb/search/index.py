"""The write side of the index: what changed is noted with the change itself, and the worker brings it to the engine.

A note goes only when the engine has what it stands for, so that neither a killed process nor a failing engine loses a
change. A thing that cannot be read is tried again after 2, 4, 8 … seconds, an hour at most, and holds up no other.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils import timezone

from kb.search import ranking, registry, troubles, widening
from kb.search.analysis import Prepared, prepare
from kb.search.documents import Document, ReadsMany
from kb.search.engines.base import EngineUnavailable, Key, State, Term
from kb.search.models import PendingChange

log = logging.getLogger(__name__)

# One commit of the engine takes so many notes, or so many characters of text, whichever comes first.
BATCH = 2000
AT_ONCE = 100
BATCH_LENGTH = 3_000_000
LONGEST_PAUSE = timedelta(hours=1)
NEEDS_BUILDING = (State.MISSING, State.OUTDATED, State.BROKEN)


def request_change(source: str, pk: int) -> None:
    """Note that a thing was made, changed or removed, or that its readers changed.

    Called inside the action's transaction: a rolled-back save leaves nothing, and a save never waits for the index.
    What follows the thing (settings.SEARCH["FOLLOWERS"], by the same number) is noted with it, so that a lower room
    need not know who builds on it.
    """
    request_changes(source, (pk,))


def request_changes(source: str, pks: Iterable[int], *, new: bool = False) -> None:
    """Note the same of many things at once; nothing follows things that are `new`."""
    names = (source,) if new else (source, *registry.followers(source))
    notes = (PendingChange(source=name, target_id=pk) for pk in pks for name in names)
    PendingChange.objects.bulk_create(notes, batch_size=BATCH)


# ------------------------------------------------------------------ bringing changes over
# Told how many things are done and how many there are; whatever it raises ends the work, and nothing is lost by that.
Progress = Callable[[int, int], None]


def drain(limit: int | None = None, progress: Progress | None = None) -> int:
    """Bring what is noted and due to the engine; returns how many things.

    An index that cannot serve is built anew, and so is one that gave nonsense to whoever asked it.

    Raises:
        EngineUnavailable, OSError: the engine could not take it; the notes stay.
    """
    if registry.engine().state() in NEEDS_BUILDING or troubles.doubted():
        return reindex(progress)
    done = 0
    while limit is None or done < limit:
        notes = list(PendingChange.objects.filter(due_at__lte=timezone.now())[:BATCH])
        if not notes:
            break
        done += _bring(notes, progress)
    return done


@dataclass
class _Batch:
    """What one commit takes: documents and removals, and the notes it answers; and the notes that must wait."""

    puts: list[Prepared] = field(default_factory=list)
    removals: list[Key] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    waiting: list[PendingChange] = field(default_factory=list)


def _bring(notes: list[PendingChange], progress: Progress | None) -> int:
    """Bring the things of some notes over in one commit, then drop exactly these notes; later ones stay."""
    batch = _Batch()
    by_key: dict[Key, list[PendingChange]] = {}
    for note in notes:
        by_key.setdefault(Key(note.source, note.target_id), []).append(note)
    length = things = 0
    ahead = ReadAhead(by_key)
    for key, about in by_key.items():
        if progress is not None:
            progress(things, len(by_key))
        try:
            prepared = ahead.read(key)
        except Exception:
            log.exception("%s cannot be read for the index; tried %d times", key, about[0].attempts + 1)
            batch.waiting += about
            continue
        things += 1
        batch.answered += [note.pk for note in about]
        if prepared is None:
            batch.removals.append(key)
        else:
            batch.puts.append(prepared)
            length += len(prepared.document.body)
        if length > BATCH_LENGTH:
            break
    if batch.answered:
        registry.engine().apply(batch.puts, batch.removals)
        note_who_mentions(by_key.keys())
        PendingChange.objects.filter(pk__in=batch.answered).delete()
    for note in batch.waiting:
        put_off(note)
    return things


def note_who_mentions(changed: Iterable[Key]) -> None:
    """Note everything in which a changed term stands in a form the index does not know of, or no longer stands.

    Told by the index itself: what has a form and not the term, or the term and none of its forms. It takes a few things
    too many, since a form may be part of a longer word, and never one too few.
    """
    expander, engine = registry.expander(), registry.engine()
    wanted: set[Key] = set()
    for pk in {key.pk for key in changed if key.source == expander.source}:
        leaves = [replace(widening.as_leaf(form), apart=()) for form in expander.forms(pk)]
        with_form = engine.matching(ranking.any_of(leaves))
        wanted |= with_form ^ engine.matching(Term("terms", str(pk)))
    for source in registry.sources():
        request_changes(source, sorted(key.pk for key in wanted if key.source == source), new=True)


def read(key: Key) -> Prepared | None:
    """A thing as it goes into the index now; none when it is gone."""
    document = registry.sources()[key.source].document(key.pk)
    return None if document is None else _prepared(document)


def _prepared(document: Document) -> Prepared:
    """A document with the glossary's terms that stand in it, and its tokens, which do not depend on the glossary."""
    return prepare(replace(document, terms=registry.expander().terms_in(document)))


class ReadAhead:
    """Reads things in the order of `keys`, those of a source that can do so a hundred at a time."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._left: dict[str, deque[int]] = {}
        for key in keys:
            self._left.setdefault(key.source, deque()).append(key.pk)
        self._held: dict[Key, Document | None] = {}
        self._alone: set[Key] = set()

    def read(self, key: Key) -> Prepared | None:
        """A thing as it goes into the index now; none when it is gone."""
        source = registry.sources()[key.source]
        if not isinstance(source, ReadsMany):
            return read(key)
        if key not in self._held and key not in self._alone:
            self._hold_next(source, key.source)
        if key in self._alone:
            return read(key)
        document = self._held.pop(key)
        return None if document is None else _prepared(document)

    def _hold_next(self, source: ReadsMany, name: str) -> None:
        left = self._left[name]
        pks = [left.popleft() for _place in range(min(AT_ONCE, len(left)))]
        try:
            found = source.documents(pks)
        except Exception:
            log.exception(
                "some of %d things of %s cannot be read together; each is read by itself", len(pks), name
            )
            self._alone.update(Key(name, pk) for pk in pks)
        else:
            self._held.update((Key(name, pk), found.get(pk)) for pk in pks)


def put_off(note: PendingChange) -> None:
    """Try a thing again later, and each time later still."""
    note.attempts += 1
    note.due_at = timezone.now() + min(timedelta(seconds=2 ** min(note.attempts, 20)), LONGEST_PAUSE)
    note.save(update_fields=["attempts", "due_at"])


# ------------------------------------------------------------------ all of it
def reindex(progress: Progress | None = None) -> int:
    """Build the index anew from every source while the old one serves; returns how many documents it has.

    One document is in memory at a time, a hundred of the small ones. A build that was cut short is gone on with: what it
    has already taken and what did not change since is not read again.
    """
    noted = list(PendingChange.objects.values_list("pk", "source", "target_id"))
    stamps = {
        Key(source.name, pk): stamp for source in registry.sources().values() for pk, stamp in source.stamps()
    }
    taken = registry.engine().unfinished()
    kept = {key for key, stamp in taken.items() if stamps.get(key) == stamp}
    keys = [key for key in stamps if key not in kept]
    count = registry.engine().rebuild(_documents(keys, progress), kept)
    troubles.settle()
    if kept:
        # what was taken over may have been read before these terms changed
        note_who_mentions(Key(source, pk) for _note, source, pk in noted)
    done = [note for note, _source, _pk in noted]
    for start in range(0, len(done), BATCH):
        PendingChange.objects.filter(pk__in=done[start : start + BATCH]).delete()
    return count


def _documents(keys: list[Key], progress: Progress | None) -> Iterator[Prepared]:
    ahead = ReadAhead(keys)
    for done, key in enumerate(keys):
        if progress is not None:
            progress(done, len(keys))
        try:
            prepared = ahead.read(key)
        except Exception:
            log.exception("%s cannot be read for the index", key)
            put_off(PendingChange.objects.create(source=key.source, target_id=key.pk))
            continue
        if prepared is not None:
            yield prepared
    if progress is not None:
        progress(len(keys), len(keys))


@dataclass(frozen=True, slots=True)
class Report:
    """How the index stands against the sources; what is `pending` is on its way and in none of the other three.

    waiting: how many notes there are. An index that is missing where there is nothing to find is as it should be.
    """

    state: State
    missing: list[str]
    extra: list[str]
    stale: list[str]
    pending: list[str]
    waiting: int

    @property
    def ok(self) -> bool:
        stands = self.state in (State.READY, State.MISSING)
        return stands and not (self.missing or self.extra or self.stale or self.waiting)


def check() -> Report:
    """Compare every stamp of the sources with the engine's."""
    engine = registry.engine()
    state = engine.state()
    try:
        kept = dict(engine.stamps())
    except EngineUnavailable:
        kept = {}
    wanted = {
        Key(source.name, pk): stamp for source in registry.sources().values() for pk, stamp in source.stamps()
    }
    notes = [Key(source, pk) for source, pk in PendingChange.objects.values_list("source", "target_id")]
    pending = set(notes)
    return Report(
        state=state,
        missing=_listed(wanted.keys() - kept.keys() - pending),
        extra=_listed(kept.keys() - wanted.keys() - pending),
        stale=_listed({key for key in wanted.keys() & kept.keys() if wanted[key] != kept[key]} - pending),
        pending=_listed(pending),
        waiting=len(notes),
    )


def _listed(keys: set[Key]) -> list[str]:
    return [str(key) for key in sorted(keys)]
