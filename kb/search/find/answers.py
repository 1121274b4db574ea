"""The page of results: what was found, and above it what answers at once, what is named, and what may have been meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kb.search.engines.base import EngineUnavailable
from kb.search.find.cards import faq, named
from kb.search.find.corrections import LITTLE, Correction, corrections
from kb.search.find.finding import find
from kb.search.find.results import Results

if TYPE_CHECKING:
    from kb.accounts.models import User


def answer(text: str, *, viewer: User, mend: bool = False, **narrowed: Any) -> Results:
    """Find as `find` does, and say more about it; `mend`: a query that finds nothing for a slip is asked as it was surely meant."""
    found = find(text, viewer=viewer, **narrowed)
    if not found.available or not text.strip():
        return found
    try:
        meant = corrections(text, viewer) if found.total + found.also <= LITTLE else []
        if mend and meant and not found.total + found.also:
            found = _mended(found, meant[0], viewer, narrowed)
        shown = found.instead or text
        found = replace(found, did_you_mean=tuple(one.text for one in meant if one.text != found.instead))
        if found.page > 1 or not found.question.plain:
            return found
        own = {found.answer.url} if found.answer else set()
        called = tuple(one for one in named(shown, viewer, found.facets) if one.url not in own)
        return replace(found, faq=faq(shown, viewer), named=called)
    except EngineUnavailable:
        return found


def _mended(found: Results, meant: Correction, viewer: User, narrowed: dict[str, Any]) -> Results:
    if not meant.sure:
        return found
    instead = find(meant.text, viewer=viewer, **narrowed)
    return replace(instead, query=found.query, instead=meant.text) if instead.total else found
