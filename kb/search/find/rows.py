"""Rows as they are shown, and the facets beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from kb.search import registry
from kb.search.documents import Shown
from kb.search.engines.base import EngineHit, Filters
from kb.search.find.results import Choice, Hit
from kb.search.question import Question
from kb.search.snippets import Marker
from kb.search.widening import reworded
from kb.text import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BUCKETS = {"3m": timedelta(days=91), "1y": timedelta(days=365)}
TAGS_LISTED = 100


def as_hit(found: EngineHit, row: Shown, marker: Marker, *, explain: bool) -> Hit:
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
        by_term=_by_term(found, marker.question),
        complete=found.complete,
        owner=row.owner,
        department=row.department,
        marked_title=marker.title(row.title),
        kind_label=registry.kinds().get(row.kind, row.kind),
        parts=dict(found.parts) if explain else None,
    )


def _by_term(found: EngineHit, question: Question) -> tuple[tuple[str, str], ...]:
    """(typed, another form) of each word that a hit has in another form only; the form the text most likely shows."""
    leaves = [leaf for leaf, _typed in reworded(question)]
    return tuple(
        (leaf.surface, " / ".join(other.text for other in leaf.others))
        for index, leaf in enumerate(leaves)
        if found.complete and index not in found.told
    )


def _why(parts: Mapping[str, float]) -> tuple[str, ...]:
    """Where a hit has the words: title, names, headings, tags, body; else by their reading, or inside longer words."""
    named = [name.removesuffix("_words") for name in parts if name.endswith("_words")]
    if named:
        return tuple(dict.fromkeys(named))
    if any(name.endswith("_readings") for name in parts):
        return ("reading",)
    return ("part",) if parts else ()


def buckets() -> dict[str, tuple[date, str]]:
    """The first day and the label of each span of time one can narrow down to."""
    today = timezone.localdate()
    labels = {"3m": _("Last 3 months"), "1y": _("Last year")}
    return {name: (today - span, labels[name]) for name, span in BUCKETS.items()}


def choices(facets: Mapping[str, Mapping[str, int]], filters: Filters) -> dict[str, list[Choice]]:
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
