"""What stands under the box while somebody types: a few of everything that is called so, nearest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from kb.search import ranking, registry
from kb.search.analysis import reading
from kb.search.documents import Offer, Suggestion
from kb.search.engines.base import Any, EngineUnavailable, Filters, Key, Sort
from kb.search.find.asking import Asking
from kb.search.find.people import address_of, people_called
from kb.search.typed import Typed, typed
from kb.text import fold

if TYPE_CHECKING:
    from kb.accounts.models import User

SUGGESTIONS = 8
# The database refuses some of what a stale index still offers; so many more are asked for.
SPARE = 4
SUGGESTED_TAGS = 3
SUGGESTED_PEOPLE = 3

# How near what is called so is to what was typed.
_WHOLE, _BEGINS, _HOLDS = range(3)


def suggest(prefix: str, *, viewer: User, limit: int = SUGGESTIONS) -> list[Suggestion]:
    """Names, titles, tags and people the viewer may see that begin with, or hold, what was typed so far; kana by reading."""
    asked = typed(prefix)
    if not asked.text:
        return []
    offered = [
        *_things(asked, viewer, limit),
        _tags(asked, viewer),
        [
            (_distance(asked, (str(person),)), _of_person(person))
            for person in people_called(asked, SUGGESTED_PEOPLE)
        ],
    ]
    found: dict[tuple[str, str], tuple[int, Suggestion]] = {}
    for distance, suggestion in _in_turn(offered):
        found.setdefault((suggestion.kind, suggestion.url), (distance, suggestion))
    return [suggestion for _distance, suggestion in sorted(found.values(), key=lambda near: near[0])[:limit]]


Near = tuple[int, Suggestion]


def _in_turn(offered: list[list[Near]]) -> Iterable[Near]:
    """The nearest of each kind one after the other, so that none crowds the others out."""
    ordered = [sorted(near, key=lambda one: one[0]) for near in offered]
    for index in range(max(map(len, ordered), default=0)):
        yield from (near[index] for near in ordered if index < len(near))


def _things(asked: Typed, viewer: User, limit: int) -> list[list[Near]]:
    """Names, then titles: each list asked for by itself, since there are few names among many pages."""
    asking = Asking(viewer, Filters(), Sort.RELEVANCE, 0, limit + SPARE)
    try:
        lists = [_keys(asked, asking, offer) for offer in (Offer.NAME, Offer.TITLE)]
    except EngineUnavailable:
        return []
    asking.look_at([key for keys in lists for key in keys])
    rows = [[asking.shown[key] for key in keys if key in asking.shown] for keys in lists]
    return [
        [
            (_distance(asked, (row.title, *row.names)), Suggestion(row.title, row.kind, row.url))
            for row in shown[:limit]
        ]
        for shown in rows
    ]


def _keys(asked: Typed, asking: Asking, offer: Offer) -> list[Key]:
    """What the index has; every row is asked again, so what it is not sure of need not be decided first."""
    begins = ranking.called_from(asked.text)
    request = replace(
        asking.request,
        strict=Any((begins, ranking.begins(asked))),
        whole=begins,
        score=ranking.called(asked.ways[0].words) if asked.ways else Any(()),
        filters=Filters(kinds=registry.kinds_offered(offer)),
        unsure=frozenset(),
    )
    return [hit.key for hit in registry.engine().search(request).hits]


def _tags(asked: Typed, viewer: User) -> list[Near]:
    asking = Asking(viewer, Filters(), Sort.RELEVANCE, 0, 1)
    try:
        counts = registry.engine().tags(asking.request.viewer, asking.request.unsure)
    except EngineUnavailable:
        return []
    near = [(_distance(asked, (name,)), name) for name in counts]
    near = sorted(
        (found for found in near if found[0] < _HOLDS),
        key=lambda found: (found[0], -counts[found[1]], found[1]),
    )
    return [(distance, _of_tag(name)) for distance, name in near[:SUGGESTED_TAGS]]


def _of_tag(name: str) -> Suggestion:
    return Suggestion(name, "tag", f"{reverse('search:results')}?{urlencode({'tag': name})}")


def _of_person(person: User) -> Suggestion:
    return Suggestion(str(person), "person", address_of(person))


def _distance(asked: Typed, names: Iterable[str]) -> int:
    """How near the nearest of the names is, as it is written or, when kana was typed, as it is read."""
    spelled = [fold(name) for name in names]
    if asked.kana:
        spelled += [read for name in names if (read := _read(name))]
    wanted = {asked.text, asked.kana} - {""}
    if any(name in wanted for name in spelled):
        return _WHOLE
    return _BEGINS if any(name.startswith(tuple(wanted)) for name in spelled) else _HOLDS


@lru_cache(maxsize=20_000)
def _read(name: str) -> str:
    return reading(name)
