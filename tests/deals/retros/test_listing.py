"""Retrospectives in the list of deals: who looked back on what shows, and nothing of what one may not read."""

from collections.abc import Callable

import pytest
from django.test import Client

from deals.crm.models import Deal
from deals.crm.queries import reviewed_for
from deals.retros.models import Retro
from kb.access.actions import Readers
from kb.accounts.models import User
from tests.deals.retros.retros import a_retro

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


def listing(client: Client, query: str = "") -> str:
    answer = client.get(f"/deals/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(autouse=True)
def english(cast: dict[str, User]) -> None:
    User.objects.update(language="en")


def test_the_list_says_what_was_looked_back_on_and_what_waits(
    signed_in: Enter, lee: User, lost: Deal, closed: Deal
) -> None:
    a_retro(lee, lost)
    enter = signed_in(lee)

    written, waiting = listing(enter, "retro=yes"), listing(enter, "retro=no")

    assert f'href="/deals/{lost.pk}/#retro"' in written
    assert closed.name not in written
    assert closed.name in waiting
    assert lost.name not in waiting
    assert '<span class="help">waiting</span>' in waiting


def test_what_is_open_does_not_wait(signed_in: Enter, lee: User, lost: Deal) -> None:
    Deal.objects.filter(pk=lost.pk).update(result="open", lost_to="", closed_on=None)

    assert lost.name not in listing(signed_in(lee), "retro=no")
    assert "waiting" not in listing(signed_in(lee))


def test_the_facet_counts_what_the_list_then_shows(
    signed_in: Enter, lee: User, lost: Deal, closed: Deal
) -> None:
    a_retro(lee, lost)

    page = listing(signed_in(lee))

    for value, label in (("yes", "written"), ("no", "waiting")):
        assert (
            f'<a class="choice" href="?retro={value}"><span>{label}</span> <span class="meta">1</span></a>'
            in page
        )


def test_a_hidden_retrospective_looks_like_none(signed_in: Enter, lee: User, mori: User, lost: Deal) -> None:
    before = {query: listing(signed_in(mori), query) for query in ("", "retro=yes", "retro=no")}
    a_retro(lee, lost, readers=Readers(people=[lee]))

    for query, page in before.items():
        assert visible_part(listing(signed_in(mori), query)) == visible_part(page)
    assert lost.name not in listing(signed_in(mori), "retro=yes")
    assert lost.name in listing(signed_in(lee), "retro=yes")


def visible_part(page: str) -> str:
    """The page without what differs by request."""
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def test_the_analysis_counts_no_hidden_retrospective(
    signed_in: Enter, lee: User, mori: User, lost: Deal
) -> None:
    before = visible_part(signed_in(mori).get("/analysis/").content.decode())
    a_retro(lee, lost, readers=Readers(people=[lee]))

    assert visible_part(signed_in(mori).get("/analysis/").content.decode()) == before
    assert visible_part(signed_in(lee).get("/analysis/").content.decode()) != before


def test_the_rule_told_from_the_deal_is_the_one_told_from_the_retrospective(
    cast: dict[str, User], lee: User, lost: Deal, closed: Deal
) -> None:
    a_retro(lee, lost, readers=Readers(people=[lee, cast["ito"]]))
    a_retro(lee, closed)

    for person in cast.values():
        deals = Deal.objects.visible_to(person)
        readable = set(Retro.objects.visible_to(person).values_list("deal", flat=True))
        reviewed = set(deals.filter(reviewed_for(person)).values_list("pk", flat=True))
        others = set(deals.exclude(reviewed_for(person)).values_list("pk", flat=True))
        assert reviewed == readable
        assert others == set(deals.values_list("pk", flat=True)) - readable
