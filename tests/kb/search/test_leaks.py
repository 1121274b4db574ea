"""Nothing hidden shows and everything shared is found: every member of the cast, random items and readers, every surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pytest_django import Settings

from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.articles.actions import save_collection
from kb.articles.models import Article, Collection
from kb.glossary.actions import TermContent, save_term
from kb.glossary.models import Term
from kb.search import registry
from kb.search.find import Hit, find, recent, suggest
from kb.search.index import drain
from kb.search.models import PendingChange
from tests.factories import a_collection, an_article

NUMBERS = st.integers(0, 4)
SPECS = st.one_of(
    st.just("all"), st.frozensets(NUMBERS, min_size=1, max_size=2), st.sampled_from(["d0", "d1", "d2"])
)
# An item: who may read it, who may read its collection, whether it changes its readers before the index knows.
ITEMS = st.tuples(SPECS, SPECS, st.sampled_from(["page", "page", "term"]), st.one_of(st.none(), SPECS))


@dataclass
class World:
    """The cast and what they may read."""

    people: list[User]
    departments: list[Department]

    def readers(self, spec: object, writer: User) -> Readers:
        if spec == "all":
            return Readers(everyone=True)
        if isinstance(spec, str):
            return Readers(
                departments=[self.departments[int(spec[1:]) % len(self.departments)]], people=[writer]
            )
        assert isinstance(spec, frozenset)
        return Readers(people=[writer, *(self.people[number] for number in sorted(spec))])


@pytest.fixture(params=["memory:", "whoosh:"], autouse=True)
def engine(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.SEARCH_URL = request.param


@pytest.mark.long
@example_settings(max_examples=8)
@given(st.lists(ITEMS, min_size=1, max_size=6))
def test_every_surface_shows_what_the_database_permits(
    cast: dict[str, User], items: Sequence[tuple[object, ...]]
) -> None:
    world = World(list(cast.values()), list(Department.objects.all()))
    writer = world.people[0]
    registry.engine().rebuild([])
    with transaction.atomic():
        for number, (own, shelf, kind, _later) in enumerate(items):
            make(world, writer, number, kind, own, shelf)
        drain()
        for number, (_own, _shelf, kind, later) in enumerate(items):
            if later is not None:
                change(world, writer, number, kind, later)
        for person in world.people:
            look(person)
        drain()
        assert not PendingChange.objects.exists()
        for person in world.people:
            look(person)
        transaction.set_rollback(True)


def make(world: World, writer: User, number: int, kind: object, own: object, shelf: object) -> None:
    readers = world.readers(own, writer)
    if kind == "term":
        content = TermContent(preferred=f"秘密語{number}号", explanation="失注の秘密。", readers=readers)
        save_term(by=writer, content=content)
        return
    collection = a_collection(writer, f"棚{number}", readers=world.readers(shelf, writer))
    an_article(
        writer,
        f"秘密の頁{number}",
        "失注の秘密。",
        collection=collection,
        tags=[f"秘密札{number}"],
        readers=readers,
    )


def change(world: World, writer: User, number: int, kind: object, later: object) -> None:
    readers = world.readers(later, writer)
    if kind == "term":
        term = Term.objects.get(preferred=f"秘密語{number}号")
        content = TermContent(preferred=term.preferred, explanation=term.explanation, readers=readers)
        save_term(by=writer, content=content, term=term, base_version=term.version)
    else:
        a_shelf_for(writer, number, readers)


def a_shelf_for(writer: User, number: int, readers: Readers) -> None:
    shelf = Collection.objects.get(name=f"棚{number}")
    save_collection(by=writer, name=shelf.name, readers=readers, collection=shelf)


def look(person: User) -> None:
    """Compare every surface with what the database permits this person."""
    pages = {("article", pk) for pk in Article.objects.visible_to(person).values_list("pk", flat=True)}
    terms = {("term", pk) for pk in Term.objects.visible_to(person).values_list("pk", flat=True)}
    tags = set(Article.objects.visible_to(person).values_list("tags__name", flat=True)) - {None}
    everything = pages | terms

    found = find("失注の秘密", viewer=person, size=100)
    assert {key(hit) for hit in found.hits} == everything
    assert found.total == len(everything)
    assert sum(choice.count for choice in found.facets["kind"]) == len(everything)
    assert sum(choice.count for choice in found.facets["language"]) == len(everything)
    assert {choice.value for choice in found.facets["tag"]} == tags
    assert {key(hit) for hit in recent(person, 100)} == everything
    for query in ("-鉄道", "失注 -鉄道", "失注 OR 鉄道", "-before:2020"):
        assert {key(hit) for hit in find(query, viewer=person, size=100).hits} == everything, query
    for facet in ("author", "owner", "department"):
        assert [choice.count for choice in found.facets[facet]] == [len(everything)] * bool(everything)

    shown = suggest("秘密", viewer=person, limit=100)
    assert {suggestion.text for suggestion in shown if suggestion.kind == "tag"} <= tags
    titles = {hit.title for hit in found.hits}
    assert {suggestion.text for suggestion in shown if suggestion.kind != "tag"} <= titles
    for number in range(6):
        answer = find(f"秘密語{number}号", viewer=person).answer
        assert answer is None or answer.title in titles
        assert find("", viewer=person, tags=[f"秘密札{number}"]).total == int(f"秘密札{number}" in tags)


def key(hit: Hit) -> tuple[str, int]:
    return ("term" if hit.kind == "term" else "article", hit.id)
