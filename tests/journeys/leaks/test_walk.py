"""Nothing hidden shows on any surface of the site, and everything shared is found, whoever may read what.

Each field of each thing holds a word of its own. As every member of the cast, and as a stranger, every address is asked
for; the words of what is hidden from them stand in no answer, and what is hidden is not there at all: 404, never 403.
"""

from __future__ import annotations

import io
import json
import logging
import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command, get_commands
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import Phase, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pytest_django import Settings

from deals.crm.models import Deal
from deals.retros.actions import seed_drivers
from kb.accounts.models import User
from kb.search import registry
from kb.search.find import Hit, find, recent, suggest
from kb.search.index import drain
from kb.search.models import PendingChange
from tests.journeys.leaks.asks import Ask
from tests.journeys.leaks.surfaces import EXEMPT, SURFACES, addresses
from tests.journeys.leaks.things import CHANGEABLE, change, make
from tests.journeys.leaks.world import (
    AUTHORED,
    COMMON,
    EVERYONE,
    FORM,
    PLACES,
    Rights,
    Secret,
    World,
)

ENGINES = ("memory:", "whoosh:")
NAMES = ("sato", "lee", "mori", "ito", "takahashi")
# The first example is the simplest: everything is for one person alone.
SPECS = st.one_of(
    st.sets(st.sampled_from(NAMES), min_size=1, max_size=3).map(lambda names: ("people", *sorted(names))),
    st.sampled_from(NAMES).map(lambda name: ("department", name)),
    st.just(EVERYONE),
)
RIGHTS = st.builds(
    Rights,
    authors=st.fixed_dictionaries(dict.fromkeys(AUTHORED, st.sampled_from(["sato", "takahashi"]))),
    specs=st.fixed_dictionaries(dict.fromkeys(PLACES, SPECS)),
    later=st.dictionaries(st.sampled_from(sorted(CHANGEABLE)), SPECS, max_size=6),
    joins=st.booleans(),
)
# Shrinking would walk the whole site hundreds of times to make a failure a little shorter.
PHASES = [phase for phase in Phase if phase is not Phase.shrink]
EXAMPLES = int(os.environ.get("KOTOHASHI_TEST_WALKS", "2"))

COMMANDS = ("search", "suggest", "lookup", "explain", "analysis")
NOT_ASKED = {
    "add_user", "setup_link", "import_articles", "import_deals", "import_terms", "render", "check_index", "reindex",
    "assets", "messages", "seed_demo", "worker",
}  # fmt: skip


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.SEARCH_URL = request.param
    return str(request.param)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A walk meets hundreds of pages that are not there, and each would be logged."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)


def test_every_address_is_walked_or_says_why_not() -> None:
    assert set(addresses()) == SURFACES.keys() | EXEMPT.keys()
    assert not SURFACES.keys() & EXEMPT.keys()


def test_every_command_that_answers_somebody_is_walked() -> None:
    ours = {
        name
        for name, app in get_commands().items()
        if str(app).partition(".")[0] in ("kb", "deals", "config")
    }
    assert ours == {*COMMANDS, *NOT_ASKED}


@pytest.mark.long
@example_settings(max_examples=EXAMPLES, phases=PHASES)
@given(rights=RIGHTS, engine=st.sampled_from(ENGINES))
def test_nothing_hidden_shows_on_any_address(
    cast: dict[str, User],
    engine: str,
    rights: Rights,
    signed_in: Callable[[User], Client],
    settings: Settings,
) -> None:
    settings.SEARCH_URL = engine
    counts: Counter[str] = Counter()
    with transaction.atomic():
        world = begin(cast, rights)
        change(world)
        assert PendingChange.objects.exists() or not rights.later
        clients = {name: signed_in(person) for name, person in world.people.items()}
        for surface, asks in SURFACES.items():
            for ask in asks(world):
                for name, client in clients.items():
                    look(world, name, client, ask)
                if not counts[surface]:
                    look_as_a_stranger(ask)
                counts[surface] += 1
        transaction.set_rollback(True)
    said = f"{len(counts)} surfaces, {counts.total()} addresses, {len(clients) + 1} people, {len(world.secrets)} words"
    print(f"{engine} {said}: {counts.total() * len(clients) + len(counts)} answers")  # noqa: T201 - the size, with -s


def begin(cast: dict[str, User], rights: Rights) -> World:
    """The things, in the index."""
    seed_drivers()
    registry.engine().rebuild([])
    world = make(World(cast, rights))
    drain()
    assert not PendingChange.objects.exists()
    return world


def look(world: World, name: str, client: Client, ask: Ask) -> None:
    """One request as one person."""
    person = world.people[name]
    open_to = (
        not ask.missing
        and world.may(name, *ask.places)
        and ask.only in ("", name)
        and (not ask.role or getattr(person, ask.role))
    )
    with transaction.atomic():
        headers = {"HX-Request": "true"} if ask.fragment else {}
        answer: Any = (
            client.get(ask.path, headers=headers)
            if ask.post is None
            else client.post(ask.path, ask.post, headers=headers)
        )
        # What is asked leaves nothing behind, not even in the log of searches.
        transaction.set_rollback(True)
    where = f"{unquote(ask.path)} {'posted' if ask.post is not None else ''} as {name}: {answer.status_code}"
    if open_to:
        assert answer.status_code in (200, 204, 302, 409, 422, 404 if ask.perhaps else 200), where
    else:
        assert answer.status_code == 404, where
    text = text_of(answer)
    for secret in world.hidden_from(name):
        if secret.word != ask.echoed:
            assert secret.word not in text, f"{secret.field} stands at {where}"
    for word in ask.shows if open_to and answer.status_code == 200 else ():
        assert word in text, f"{world.secrets[word].field} does not stand at {where}"


def look_as_a_stranger(ask: Ask) -> None:
    client = Client()
    answer: Any = client.get(ask.path) if ask.post is None else client.post(ask.path, ask.post)
    assert answer.status_code == 302, ask.path
    assert answer.headers["Location"].startswith("/accounts/login/"), ask.path


def text_of(answer: HttpResponse) -> str:
    """What an answer says, its headers too; a workbook unpacked."""
    body = answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return unquote(f"{dict(answer.items())}\n{answer.cookies.output()}\n") + body.decode()


# ---------------------------------------------------------------- what is found


@pytest.mark.long
@example_settings(max_examples=EXAMPLES, phases=PHASES)
@given(rights=RIGHTS)
def test_everything_shared_is_found_and_counted_and_nothing_hidden_is(
    cast: dict[str, User], engine: str, rights: Rights
) -> None:
    """Just after rights changed, when the index knows nothing of it, and once it does."""
    with transaction.atomic():
        world = begin(cast, rights)
        change(world)
        changed = [
            secret for secret in world.secrets.values() if not rights.later.keys().isdisjoint(secret.places)
        ]
        for name in world.people:
            search(world, name, changed)
        drain()
        assert not PendingChange.objects.exists()
        for name in world.people:
            search(world, name, list(world.secrets.values()))
        transaction.set_rollback(True)


def search(world: World, name: str, secrets: Iterable[Secret]) -> None:
    """Compare what one person finds, as the page asks for it, with what the readers say."""
    # Read anew, as with every request: departments are kept with the one who asks.
    viewer = User.objects.get(username=name)
    expected = {world.keys[thing] for thing in world.found_by(name)}
    found = find(COMMON, viewer=viewer, size=100)
    assert keys_of(found.hits) == expected
    assert (found.total, found.also) == (len(expected), 0)
    for facet in ("kind", "language"):
        assert sum(choice.count for choice in found.facets[facet]) == len(expected)
    tags = {world.of(thing)["tag"] for thing in world.found_by(name) if "tag" in world.of(thing)}
    assert {choice.value for choice in found.facets["tag"]} - {"共有札"} == tags
    assert keys_of(recent(viewer, 100)) >= expected
    for secret in secrets:
        finds(world, viewer, secret)
    hidden = world.hidden_from(name)
    for typed in ("頁", "商談", "zq", "company"):
        offered = [f"{one.text} {one.url}" for one in suggest(typed, viewer=viewer, limit=100)]
        assert not [secret.field for secret in hidden for line in offered if secret.word in line]


def finds(world: World, viewer: User, secret: Secret) -> None:
    """One word finds its thing for whoever may read it, and nothing at all for everybody else."""
    found = find(secret.word, viewer=viewer)
    if not world.may_read(viewer.username, secret):
        assert (found.total, found.also, found.hits, found.answer) == (0, 0, (), None), secret.field
        assert not any(choice.count for choices in found.facets.values() for choice in choices), secret.field
    elif secret.found_as and world.may(viewer.username, *secret.places):
        assert world.keys[secret.found_as] in keys_of(found.hits), f"{secret.field} is not found by {viewer}"


def keys_of(hits: Iterable[Hit]) -> set[tuple[str, int]]:
    sources = {"term", "deal", "retro", "company", "competitor", "product"}
    return {(hit.kind if hit.kind in sources else "article", hit.id) for hit in hits}


# ---------------------------------------------------------------- the command line


@pytest.mark.long
@example_settings(max_examples=EXAMPLES, phases=PHASES)
@given(rights=RIGHTS)
def test_the_command_line_tells_nothing_hidden(
    cast: dict[str, User], rights: Rights, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = tmp_path_factory.mktemp("text") / "text.md"
    with transaction.atomic():
        world = begin(cast, rights)
        change(world)
        text.write_text("\n\n".join([FORM, *world.secrets]), "utf-8")
        terms = {row.pk: name for name, row in world.terms.items()}
        for name in world.people:
            hidden = [secret.word for secret in world.hidden_from(name)]
            told = [
                asked("search", COMMON, name),
                asked("search", COMMON, name, "--explain", "--size", "100"),
                asked("suggest", "zq", name),
                asked("lookup", FORM, name),
                *(
                    asked("analysis", None, name, "--by", by)
                    for by in ("region", "segment", "owner_team", "stage_lost")
                ),
            ]
            for answer in told:
                assert not [world.secrets[word].field for word in hidden if word in answer]
            matches = json.loads(asked("explain", str(text), name))["matches"]
            assert all(world.may(name, terms[pk]) for match in matches for pk in match["terms"])
        deals = Deal.objects.filter(audience__everyone=True).count()
        total = json.loads(asked("analysis", None, ""))["total"]
        assert sum(total[name] for name in ("won", "lost", "no_decision")) == deals
        transaction.set_rollback(True)


def asked(command: str, words: str | None, name: str, *more: str) -> str:
    """What a command answers to somebody, as JSON."""
    out = io.StringIO()
    who = ["--as", name] if name else []
    call_command(command, *([words] if words else []), *who, *more, "--json", stdout=out)
    return out.getvalue()
