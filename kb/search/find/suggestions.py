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
from kb.search.documents import Called, Offer, Suggestion
from kb.search.engines.base import Any, EngineUnavailable, Filters, Key, Node, Sort
from kb.search.find.asking import Asking
from kb.search.find.people import address_of, people_called
from kb.search.queries import recent_queries, saved_searches
from kb.search.typed import Typed, typed
from kb.text import fold

if TYPE_CHECKING:
    from kb.accounts.models import User

SUGGESTIONS = 8
# The database refuses some of what a stale index still offers; so many more are asked for.
SPARE = 4
SUGGESTED_TAGS = 3
SUGGESTED_PEOPLE = 3
OWN_SEARCHES = 2

ANY_ORDER = Any(())

# How near what is called so is to what was typed.
_WHOLE, _BEGINS, _HOLDS = range(3)


def suggest(prefix: str, *, viewer: User, limit: int = SUGGESTIONS) -> list[Suggestion]:
    """Names, titles, tags and people the viewer may see that begin with, or hold, what was typed so far, kana by reading; and own searches.

    For nothing, one's own searches alone.
    """
    asked = typed(prefix)
    if not asked.text:
        return [suggestion for _distance, suggestion in _own(asked, viewer, limit)][:limit]
    offered = [
        *_things(asked, viewer, limit),
        _own(asked, viewer, OWN_SEARCHES),
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
    """Names and titles, each asked for by themselves, since there are few names among many pages."""
    asking = Asking(viewer, Filters(), Sort.RELEVANCE, 0, limit + SPARE)
    try:
        lists = [_names(asked, asking), _titles(asked, asking)]
    except EngineUnavailable:
        return []
    found = called(viewer, [key for keys in lists for key in keys])
    return [[_near(asked, found[key]) for key in keys if key in found] for keys in lists]


def called(viewer: User, keys: Iterable[Key]) -> dict[Key, Called]:
    """What those of some things are called that the viewer may read now."""
    wanted: dict[str, list[int]] = {}
    for key in keys:
        wanted.setdefault(key.source, []).append(key.pk)
    sources = registry.sources()
    return {
        Key(name, pk): thing
        for name, pks in wanted.items()
        for pk, thing in sources[name].called(viewer, pks).items()
    }


def _near(asked: Typed, thing: Called) -> Near:
    return _distance(asked, (thing.title, *thing.names)), Suggestion(thing.title, thing.kind, thing.url)


def _names(asked: Typed, asking: Asking) -> list[Key]:
    """Those that begin so, then those that hold it; of each, what is called by fewer words first."""
    begins = ranking.called_from(asked.text)
    node = Any((begins, ranking.begins(asked)))
    score = ranking.called(asked.ways[0].words) if asked.ways else ANY_ORDER
    return _keys(asking, Offer.NAME, node, begins, score)


def _titles(asked: Typed, asking: Asking) -> list[Key]:
    """Those that begin so, and where they are few, those that hold it, which may be half of all pages: the newest first."""
    found = _keys(asking, Offer.TITLE, ranking.called_from(asked.text))
    if len(found) < asking.request.size:
        found += _keys(asking, Offer.TITLE, ranking.begins(asked))
    return list(dict.fromkeys(found))


def _keys(
    asking: Asking, offer: Offer, node: Node, whole: Node | None = None, score: Node = ANY_ORDER
) -> list[Key]:
    """What the index has. Every row is asked again, so what it is not sure of need not be decided first."""
    request = replace(
        asking.request,
        strict=node,
        whole=whole,
        score=score,
        filters=Filters(kinds=registry.kinds_offered(offer)),
        facets=(),
        unsure=frozenset(),
    )
    return [hit.key for hit in registry.engine().search(request).hits]


def _own(asked: Typed, viewer: User, limit: int) -> list[Near]:
    """What the viewer saved under such a name, or searched for in words that begin so; just what is typed there is no help."""
    saved = [
        (_distance(asked, (search.name,)), Suggestion(search.name, "saved", search.get_absolute_url()))
        for search in saved_searches(viewer, asked.text, limit)
    ]
    again = [
        (_BEGINS, Suggestion(query, "search", f"{reverse('search:results')}?{urlencode({'q': query})}"))
        for query in recent_queries(viewer, asked.text, limit)
        if fold(query) != asked.text
    ]
    return [*saved, *again]


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
