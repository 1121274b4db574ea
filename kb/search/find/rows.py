"""Rows as they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from kb.search import registry
from kb.search.documents import Shown
from kb.search.engines.base import EngineHit
from kb.search.find.results import Hit
from kb.search.question import Question
from kb.search.snippets import Marker
from kb.search.widening import reworded


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
        badge=row.badge,
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
