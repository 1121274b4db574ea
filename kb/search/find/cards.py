"""What stands above the hits: the FAQ whose question it is, and what the query names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from kb.search import ranking, registry
from kb.search.documents import Offer, Suggestion
from kb.search.engines.base import Filters, Sort
from kb.search.find.asking import Asking
from kb.search.find.people import address_of, people_called
from kb.search.find.results import Choice, Faq
from kb.search.find.suggestions import called
from kb.search.likeness import ASKED_LENGTH, ask_the_same
from kb.search.question import ask, legible
from kb.search.typed import typed
from kb.text import fold

if TYPE_CHECKING:
    from kb.accounts.models import User

# Questions that are looked at, for having nearly all the words.
LOOKED_AT = 5
ANSWER_LENGTH = 400
# Nobody is called by more; and one letter names nothing but what is called so.
NAME_LENGTH = 60
SHORTEST_BEGINNING = 2
NAMED_THINGS, NAMED_TAGS, NAMED_PEOPLE = 4, 3, 3


def faq(text: str, viewer: User) -> Faq | None:
    """The FAQ that asks the same, if the viewer may read one; its answer is what stands in it."""
    kinds = registry.answering_kinds()
    if not kinds or len(text) > ASKED_LENGTH:
        return None
    question = ask(text)
    asking = Asking(viewer, Filters(kinds=kinds), Sort.RELEVANCE, 0, LOOKED_AT)
    request = replace(
        asking.request,
        strict=ranking.asked_in_title(question, legible(text)),
        whole=ranking.called_exactly(legible(text)),
        score=ranking.called(question),
        facets=(),
        unsure=frozenset(),
    )
    keys = [hit.key for hit in registry.engine().search(request).hits]
    asking.look_at(keys)
    for row in (asking.shown[key] for key in keys if key in asking.shown):
        if ask_the_same(text, row.title):
            return Faq(row.title, " ".join(row.text[:ANSWER_LENGTH].split()), row.url, row.language)
    return None


def named(text: str, viewer: User, facets: Mapping[str, Sequence[Choice]]) -> Iterator[Suggestion]:
    """Companies, competitors, products, terms, people and tags that are called so, or whose name begins so."""
    asked = typed(text)
    if not asked.text or len(asked.text) > NAME_LENGTH:
        return
    begins = len(asked.text) >= SHORTEST_BEGINNING
    asking = Asking(
        viewer, Filters(kinds=registry.kinds_offered(Offer.NAME)), Sort.RELEVANCE, 0, NAMED_THINGS
    )
    request = replace(
        asking.request,
        strict=ranking.called_from(asked.text) if begins else ranking.called_exactly(asked.text),
        whole=ranking.called_exactly(asked.text),
        facets=(),
        unsure=frozenset(),
    )
    keys = [hit.key for hit in registry.engine().search(request).hits]
    found = called(viewer, keys)
    yield from (Suggestion(found[key].title, found[key].kind, found[key].url) for key in keys if key in found)
    if begins:
        yield from (
            Suggestion(str(person), "person", address_of(person))
            for person in people_called(asked, NAMED_PEOPLE)
        )
    tags = [
        choice.value for choice in facets.get("tag", ()) if _is_named(choice.value, asked.text, begins=begins)
    ]
    for name in sorted(tags, key=lambda name: fold(name) != asked.text)[:NAMED_TAGS]:
        yield Suggestion(name, "tag", f"{reverse('search:results')}?{urlencode({'tag': name})}")


def _is_named(name: str, wanted: str, *, begins: bool) -> bool:
    return fold(name).startswith(wanted) if begins else fold(name) == wanted
