"""What stands under the box while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from kb.access.tokens import tokens_for
from kb.search import ranking, registry
from kb.search.analysis import hiragana, is_kana
from kb.search.documents import Suggestion
from kb.search.engines.base import EngineUnavailable, Filters, Request, Sort
from kb.search.find.asking import Asking, pending
from kb.search.question import ask, legible
from kb.text import fold

if TYPE_CHECKING:
    from kb.accounts.models import User

SUGGESTIONS = 8
SUGGESTED_TAGS = 3


def suggest(prefix: str, *, viewer: User, limit: int = SUGGESTIONS) -> list[Suggestion]:
    """Titles, terms and tags the viewer may see that begin with, or hold, what was typed so far; kana by reading."""
    prefix = legible(prefix)
    if not fold(prefix):
        return []
    found: dict[tuple[str, str], Suggestion] = {}
    offered = [source.suggest(viewer, prefix, limit) for source in registry.sources().values()]
    for suggestion in _in_turn(offered):
        found.setdefault((suggestion.kind, suggestion.url), suggestion)
    begins = fold(prefix)
    enough = sum(fold(suggestion.text).startswith(begins) for suggestion in found.values()) >= limit
    try:
        for suggestion in (*_tags(prefix, viewer), *(() if enough else _titles(prefix, viewer, limit))):
            found.setdefault((suggestion.kind, suggestion.url), suggestion)
    except EngineUnavailable:
        pass
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
    asking = Asking(viewer, Filters(), Sort.RELEVANCE, 0, limit)
    hits = registry.engine().search(replace(request, decide=asking.decide)).hits
    asking.look_at([hit.key for hit in hits if hit.key not in asking.shown])
    rows = [asking.shown[hit.key] for hit in hits if hit.key in asking.shown]
    return [Suggestion(row.title, row.kind, row.url) for row in rows]
