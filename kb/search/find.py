"""The read side: from what somebody typed to rows they may see, with totals, facets and suggestions.

The viewer's tokens go into the engine's query, and every row is asked again from the database; whatever is noted as
changed and not yet in the index is asked before anything is counted, so a stale index shows and counts nothing
that its readers may no longer see.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kb.access.tokens import tokens_for
from kb.search import ranking, registry
from kb.search.analysis import hiragana, is_kana
from kb.search.documents import Answer, Shown, Suggestion
from kb.search.engines.base import (
    EngineHit,
    EnginePage,
    EngineUnavailable,
    Everything,
    Filters,
    Key,
    Request,
    Sort,
)
from kb.search.models import PendingChange
from kb.search.question import Note, Question, ask
from kb.search.snippets import Marker
from kb.text import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User

SIZE = 10
LARGEST_SIZE = 100
BUCKETS = {"3m": timedelta(days=91), "1y": timedelta(days=365)}
# So many changed things are asked one by one; of a larger change the rest counts as hidden until the index knows.
ASKED_AT_ONCE = 300
# Rows that vanish between the engine and the database are replaced so many times.
ROUNDS = 3
TAGS_LISTED = 100
SUGGESTIONS = 8
SUGGESTED_TAGS = 3
# What of a hit the command line tells.
HIT_KEYS = (
    "kind", "id", "ref", "title", "url", "snippet", "language", "tags", "updated_on", "score", "why", "complete",
    "file", "file_page", "parts", "owner", "department",
)  # fmt: skip


# ------------------------------------------------------------------ what comes back
@dataclass(frozen=True, slots=True)
class Hit:
    """One row. `why`: where it matched; `parts`: how much each field gave, when asked; `marked_title` and `snippet` are HTML."""

    kind: str
    id: int
    ref: str
    title: str
    url: str
    snippet: str
    language: str
    tags: tuple[str, ...]
    updated_on: date
    score: float
    why: tuple[str, ...]
    complete: bool
    owner: str | None
    department: str | None
    marked_title: str
    kind_label: StrOrPromise
    file: str | None = None
    file_page: int | None = None
    parts: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value one can narrow down to, with how many hits it would leave."""

    value: str
    label: StrOrPromise
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Results:
    """One page of an answer. total: things with all the words; also: those with most of them, below the line."""

    query: str
    viewer: str
    total: int = 0
    also: int = 0
    page: int = 1
    size: int = SIZE
    took_ms: float = 0.0
    notes: tuple[str, ...] = ()
    facets: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    available: bool = True

    @property
    def pages(self) -> int:
        return -(-(self.total + self.also) // self.size)

    def as_json(self) -> dict[str, object]:
        """The answer in the shape of the command line."""
        return {
            "query": self.query,
            "viewer": self.viewer,
            "total": self.total,
            "also": self.also,
            "page": self.page,
            "size": self.size,
            "took_ms": round(self.took_ms, 1),
            "notes": list(self.notes),
            "widened": [],
            "facets": {
                name: [{"value": choice.value, "count": choice.count} for choice in self.facets.get(name, ())]
                for name in ("kind", "tag", "language", "date")
            },
            "hits": [
                {**{name: getattr(hit, name) for name in HIT_KEYS}, "updated_on": hit.updated_on.isoformat()}
                for hit in self.hits
            ],
        }


# ------------------------------------------------------------------ find
def find(
    text: str,
    *,
    viewer: User,
    kinds: Iterable[str] = (),
    tags: Iterable[str] = (),
    languages: Iterable[str] = (),
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
    question = ask(text)
    filters = Filters(frozenset(kinds), frozenset(map(fold, tags)), frozenset(languages), after, before)
    size = min(max(size, 1), LARGEST_SIZE)
    page = max(page, 1)
    empty = Results(text, viewer.get_username(), page=page, size=size, notes=_notes(question))
    if not question.leaves and (text.strip() or filters == Filters()):
        return replace(empty, took_ms=_since(started))
    try:
        asking = _Asking(
            viewer, filters, Sort(sort if question.leaves else Sort.NEWEST), (page - 1) * size, size
        )
        question, found, shown = asking.answer(question)
    except EngineUnavailable:
        note = _("The search index is being built. Try again in a moment.")
        return replace(empty, notes=(*empty.notes, note), available=False, took_ms=_since(started))
    marker = Marker(question)
    return replace(
        empty,
        total=found.total,
        also=found.also,
        facets=_choices(found.facets, filters),
        hits=tuple(_hit(hit, shown[hit.key], marker, explain=explain) for hit in found.hits),
        answer=registry.expander().answer(viewer, text) if question.leaves else None,
        took_ms=_since(started),
    )


def recent(viewer: User, limit: int) -> tuple[Hit, ...]:
    """What changed last among all the viewer may see, for a page without a query."""
    question = Question("", ())
    try:
        _question, found, shown = _Asking(viewer, Filters(), Sort.NEWEST, 0, limit).answer(question)
    except EngineUnavailable:
        return ()
    return tuple(_hit(hit, shown[hit.key], Marker(question), explain=False) for hit in found.hits)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _notes(question: Question) -> tuple[str, ...]:
    if Note.SHORTENED in question.notes:
        return (_("The query was very long; only its beginning was searched for."),)
    return ()


class _Asking:
    """One viewer's question on its way to the engine and back: nothing is counted or shown that the database refuses."""

    def __init__(self, viewer: User, filters: Filters, sort: Sort, offset: int, size: int) -> None:
        self.viewer = viewer
        self.shown: dict[Key, Shown] = {}
        self.refused: set[Key] = set()
        self.request = Request(
            strict=Everything(),
            viewer=tokens_for(viewer),
            filters=filters,
            sort=sort,
            offset=offset,
            size=size,
            buckets={name: day for name, (day, _label) in buckets().items()},
            unsure=pending(),
            decide=self.decide,
        )

    def decide(self, keys: frozenset[Key]) -> frozenset[Key]:
        """Those of `keys`, whose readers may have changed, that the viewer may see now."""
        unknown = sorted(keys - self.shown.keys() - self.refused)[:ASKED_AT_ONCE]
        self.look_at(unknown)
        return keys & self.shown.keys()

    def look_at(self, keys: Collection[Key]) -> None:
        """Ask the sources for rows; what they do not give is refused from now on."""
        for name, source in registry.sources().items():
            if asked := [key.pk for key in keys if key.source == name]:
                rows = source.visible(self.viewer, asked)
                self.shown.update({Key(name, pk): row for pk, row in rows.items()})
        self.refused.update(key for key in keys if key not in self.shown)

    def answer(self, question: Question) -> tuple[Question, EnginePage, Mapping[Key, Shown]]:
        """The page and its rows; 失注の理由 is asked for as two words when nothing has it as one."""
        found = self._settled(question)
        if not found.total and question.can_be_parted:
            parted = question.parted()
            apart = self._settled(parted)
            if apart.total:
                return parted, apart, self.shown
        return question, found, self.shown

    def _settled(self, question: Question) -> EnginePage:
        request = replace(
            self.request,
            strict=ranking.strict(question),
            whole=ranking.whole(question),
            loose=ranking.loose(question),
            loose_below=ranking.loose_below(question),
            score=ranking.score(question),
        )
        found = EnginePage()
        for _round in range(ROUNDS):
            found = registry.engine().search(replace(request, unsure=request.unsure | self.refused))
            self.look_at([hit.key for hit in found.hits if hit.key not in self.shown])
            gone = [hit for hit in found.hits if hit.key not in self.shown]
            if not gone:
                return found
        kept = [hit for hit in found.hits if hit.key in self.shown]
        lost = sum(hit.complete for hit in gone)
        return replace(found, hits=kept, total=found.total - lost, also=found.also - (len(gone) - lost))


def pending() -> frozenset[Key]:
    """Things whose change the index may not know yet."""
    return frozenset(
        Key(source, pk) for source, pk in PendingChange.objects.values_list("source", "target_id")
    )


def buckets() -> dict[str, tuple[date, str]]:
    """The first day and the label of each span of time one can narrow down to."""
    today = timezone.localdate()
    labels = {"3m": _("Last 3 months"), "1y": _("Last year")}
    return {name: (today - span, labels[name]) for name, span in BUCKETS.items()}


# ------------------------------------------------------------------ rows and facets
def _hit(found: EngineHit, row: Shown, marker: Marker, *, explain: bool) -> Hit:
    return Hit(
        kind=row.kind,
        id=row.pk,
        ref=row.ref,
        title=row.title,
        url=row.url,
        snippet=marker.snippet(row.text),
        language=row.language,
        tags=row.tags,
        updated_on=row.updated_on,
        score=found.score,
        why=_why(found.parts),
        complete=found.complete,
        owner=row.owner,
        department=row.department,
        marked_title=marker.title(row.title),
        kind_label=registry.kinds().get(row.kind, row.kind),
        parts=dict(found.parts) if explain else None,
    )


def _why(parts: Mapping[str, float]) -> tuple[str, ...]:
    """Where a hit has the words: title, names, headings, tags, body; else by their reading, or inside longer words."""
    named = [name.removesuffix("_words") for name in parts if name.endswith("_words")]
    if named:
        return tuple(dict.fromkeys(named))
    if any(name.endswith("_readings") for name in parts):
        return ("reading",)
    return ("part",) if parts else ()


def _choices(facets: Mapping[str, Mapping[str, int]], filters: Filters) -> dict[str, list[Choice]]:
    kinds = registry.kinds()
    spans = buckets()
    selected_tags = {tag for tag in facets["tag"] if fold(tag) in filters.tags}
    known_tags = {fold(tag) for tag in selected_tags}
    tags = {**facets["tag"], **{tag: 0 for tag in filters.tags if tag not in known_tags}}
    listed = _listed(tags, {tag: tag for tag in tags}, selected_tags | set(filters.tags))
    return {
        "kind": _listed({**dict.fromkeys(filters.kinds, 0), **facets["kind"]}, kinds, filters.kinds),
        "tag": [choice for index, choice in enumerate(listed) if index < TAGS_LISTED or choice.selected],
        "language": _listed(
            {**dict.fromkeys(filters.languages, 0), **facets["language"]}, languages(), filters.languages
        ),
        "date": [
            Choice(name, label, facets["date"].get(name, 0), filters.after == day and filters.before is None)
            for name, (day, label) in spans.items()
        ],
    }


def languages() -> dict[str, str]:
    """Languages things are written in, each named in itself."""
    return {"ja": "日本語", "en": "English"}


def _listed(
    counts: Mapping[str, int], labels: Mapping[str, StrOrPromise], selected: Collection[str]
) -> list[Choice]:
    by_count = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Choice(value, labels.get(value, value), count, value in selected) for value, count in by_count]


# ------------------------------------------------------------------ suggest
def suggest(prefix: str, *, viewer: User, limit: int = SUGGESTIONS) -> list[Suggestion]:
    """Titles, terms and tags the viewer may see that begin with, or hold, what was typed so far; kana by reading."""
    if not fold(prefix):
        return []
    found: dict[tuple[str, str], Suggestion] = {}
    offered = [source.suggest(viewer, prefix, limit) for source in registry.sources().values()]
    for suggestion in _in_turn(offered):
        found.setdefault((suggestion.kind, suggestion.url), suggestion)
    try:
        for suggestion in (*_tags(prefix, viewer), *_titles(prefix, viewer, limit)):
            found.setdefault((suggestion.kind, suggestion.url), suggestion)
    except EngineUnavailable:
        pass
    begins = fold(prefix)
    ordered = sorted(found.values(), key=lambda suggestion: not fold(suggestion.text).startswith(begins))
    return ordered[:limit]


def _in_turn(offered: list[list[Suggestion]]) -> Iterable[Suggestion]:
    """One of each source after the other, so that none crowds the others out."""
    for index in range(max(map(len, offered), default=0)):
        yield from (suggestions[index] for suggestions in offered if index < len(suggestions))


def _tags(prefix: str, viewer: User) -> list[Suggestion]:
    wanted = fold(prefix)
    counts = registry.engine().tags(tokens_for(viewer), pending())
    names = sorted(
        (name for name in counts if fold(name).startswith(wanted)), key=lambda name: (-counts[name], name)
    )
    address = reverse("search:results")
    return [
        Suggestion(name, "tag", f"{address}?{urlencode({'tag': name})}") for name in names[:SUGGESTED_TAGS]
    ]


def _titles(prefix: str, viewer: User, limit: int) -> list[Suggestion]:
    """Things whose title holds the words typed so far, or reads as the kana typed so far."""
    typed = ask(prefix)
    kana = hiragana(typed.text) if is_kana(typed.text) else ""
    node = ranking.title_begins(typed, kana)
    request = Request(
        strict=node, viewer=tokens_for(viewer), score=ranking.score(typed), size=limit, unsure=pending()
    )
    asking = _Asking(viewer, Filters(), Sort.RELEVANCE, 0, limit)
    hits = registry.engine().search(replace(request, decide=asking.decide)).hits
    asking.look_at([hit.key for hit in hits if hit.key not in asking.shown])
    rows = [asking.shown[hit.key] for hit in hits if hit.key in asking.shown]
    return [Suggestion(row.title, row.kind, row.url) for row in rows]
