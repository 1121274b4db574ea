"""From what somebody typed to the rows they may see."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kb.search import marks, registry
from kb.search.engines.base import EngineUnavailable, Filters, Sort
from kb.search.find.asking import Asking, as_typed
from kb.search.find.facets import choices
from kb.search.find.noting import noted
from kb.search.find.results import LARGEST_SIZE, SIZE, Hit, Results, Widened
from kb.search.find.rows import as_hit
from kb.search.question import Question, ask, legible
from kb.search.snippets import Marker
from kb.search.widening import forms_typed, widen
from kb.text import fold

if TYPE_CHECKING:
    from kb.accounts.models import User


def find(
    text: str,
    *,
    viewer: User,
    kinds: Iterable[str] = (),
    tags: Iterable[str] = (),
    languages: Iterable[str] = (),
    marked: Mapping[str, Iterable[str]] | None = None,
    after: date | None = None,
    before: date | None = None,
    sort: str = Sort.RELEVANCE,
    page: int = 1,
    size: int = SIZE,
    widen: bool = True,
    explain: bool = False,
) -> Results:
    """Find what `viewer` may see. Any text is answered; without a word in it, only narrowing down finds something."""
    started = time.perf_counter()
    question = marks.resolve(ask(text), viewer)
    chosen = {name: frozenset(values) for name, values in (marked or {}).items() if values}
    asked = Filters(frozenset(kinds), frozenset(map(fold, tags)), frozenset(languages), after, before, chosen)
    filters = marks.narrowed(asked, question.lifted)
    size = min(max(size, 1), LARGEST_SIZE)
    page = max(page, 1)
    empty = Results(
        text,
        viewer.get_username(),
        page=page,
        size=size,
        notes=noted(question),
        question=question,
        filters=filters,
    )
    wordless = text.strip() and not question.pieces and not question.repairs
    if not question.parts and (filters == Filters() or wordless):
        return replace(empty, took_ms=_since(started))
    try:
        order = Sort(sort) if question.leaves or sort == Sort.READ else Sort.NEWEST
        asking = Asking(viewer, filters, order, (page - 1) * size, size)
        question, found, shown = asking.answer(question, _widener(viewer, question) if widen else as_typed)
    except EngineUnavailable:
        note = _("The search index is being built. Try again in a moment.")
        return replace(empty, notes=(*empty.notes, note), available=False, took_ms=_since(started))
    marker = Marker(question)
    return replace(
        empty,
        total=found.total,
        also=found.also,
        facets=choices(found.facets, filters),
        hits=tuple(as_hit(hit, shown[hit.key], marker, explain=explain) for hit in found.hits),
        widened=tuple(
            Widened(leaf.surface, other.text, other.term) for leaf in question.leaves for other in leaf.others
        ),
        answer=registry.expander().answer(viewer, legible(text)) if question.plain else None,
        took_ms=_since(started),
    )


def recent(viewer: User, limit: int, *, kinds: Iterable[str] = ()) -> tuple[Hit, ...]:
    """What changed last among all the viewer may see, or its `kinds`, for a page without a query."""
    question = Question("", ())
    try:
        _question, found, shown = Asking(viewer, Filters(frozenset(kinds)), Sort.NEWEST, 0, limit).answer(
            question
        )
    except EngineUnavailable:
        return ()
    return tuple(as_hit(hit, shown[hit.key], Marker(question), explain=False) for hit in found.hits)


def _widener(viewer: User, typed: Question) -> Callable[[Question], Question]:
    """Ask for what the viewer's glossary says is the same, too; it is read once, also where `typed` is parted."""
    readings = (typed, typed.parted()) if typed.can_be_parted else (typed,)
    forms = frozenset().union(*map(forms_typed, readings))
    meanings = registry.expander().meanings(viewer, forms)

    def widened(question: Question) -> Question:
        return widen(question, meanings)

    return widened


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
