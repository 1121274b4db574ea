"""Addresses: the part of the search page's that is worth keeping, and the thing that stands at a pasted one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve

from kb.search import registry
from kb.search.engines.base import Key
from kb.search.find import find
from kb.search.question import legible

if TYPE_CHECKING:
    from kb.accounts.models import User

# An editor who looks at what others searched for does not search for it.
LOOK = "look"
# What says how a list is shown, not which things are in it.
_SHOWN = ("page", "sort")
# A thing whose address has no number is looked for among so many of those with the same words.
_LOOKED_THROUGH = 50
_LONGEST_ID = 19


def kept(query: QueryDict) -> str:
    """The query string of a search without its page and without what is empty; the same search is always the same text."""
    return _string(query, without=("page", LOOK))


def narrowing(query: QueryDict) -> str:
    """What a search is narrowed down by, as it stands in the address; empty when it is not."""
    return _string(query, without=("q", LOOK, *_SHOWN))


def _string(query: QueryDict, without: tuple[str, ...]) -> str:
    clean = QueryDict(mutable=True)
    for name in sorted(set(query) - set(without), key=lambda name: (name != "q", name)):
        if values := [text for value in query.getlist(name) if (text := legible(value)).strip()]:
            clean.setlist(legible(name), values if name == "q" else sorted(set(values)))
    return clean.urlencode()


def thing_at(address: str, *, viewer: User) -> Key | None:
    """What stands at an address of this site, among what `viewer` may see and the search can find."""
    path = unquote(urlsplit(address.strip()).path)
    try:
        place = resolve(path)
    except Resolver404:
        return None
    number = str(place.kwargs.get("pk", ""))
    if number.isdecimal() and len(number) < _LONGEST_ID:
        for name, source in registry.sources().items():
            row = source.visible(viewer, [int(number)]).get(int(number))
            if row is not None and _same(row.url, path):
                return Key(name, row.pk)
        return None
    words = next((str(value) for value in place.kwargs.values()), "")
    for hit in find(words, viewer=viewer, size=_LOOKED_THROUGH).hits:
        if _same(hit.url, path) and (source_held := registry.source_of(hit.kind)):
            return Key(source_held.name, hit.id)
    return None


def _same(url: str, path: str) -> bool:
    return unquote(urlsplit(url).path) == path
