"""One competitor or product in numbers: the same as the analysis, only what one may see, every number leads to its deals."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.analysis import panels, queries, wording
from deals.analysis.measures import against_the_rest
from deals.crm.actions import ensure_company
from deals.crm.models import Company
from deals.crm.queries import Filters
from kb.accounts.models import User
from kb.market.actions import ensure
from kb.market.models import Industry
from tests.deals.analysis.made import a_competitor, a_product, deals

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
FRAGMENT = {"HX-Request": "true"}
MOST_QUERIES = 6


@pytest.fixture(autouse=True)
def english(cast: dict[str, User]) -> None:
    User.objects.update(language="en")


def a_company(by: User, name: str, industry: str) -> Company:
    return ensure_company(name, by=by, industry=ensure(Industry, industry, by=by))


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def fought(lee: User) -> int:
    """Nova wins more often than the others do; returns its number."""
    nova, orion = a_competitor(), a_competitor("オリオン")
    maker, bank = a_company(lee, "北海製作所", "製造"), a_company(lee, "みなもと信用金庫", "地域金融")
    deals(lee, (6, "won"), (18, "lost"), competitor=nova, lost_to="competitor", company=maker)
    deals(lee, (3, "won"), (1, "lost"), competitor=nova, lost_to="competitor", company=bank)
    deals(lee, (2, "won"), (2, "no_decision"), (5, "open"), competitor=nova)
    deals(lee, (30, "won"), (10, "lost"), competitor=orion, lost_to="competitor")
    deals(lee, (9, "won"))
    return nova.pk


def test_against_a_competitor_it_is_won_of_won_and_lost_beside_all_others(
    lee: User, signed_in: Enter
) -> None:
    nova = fought(lee)

    text = text_of(signed_in(lee).get(f"/analysis/competitors/{nova}/", headers=FRAGMENT).content.decode())

    assert "11 / 30 won or lost 37% 95% interval 22–54%" in text
    assert "All competitors 59%." in text
    assert "ノヴァ lies 38 points below all the others together" in text
    assert "製造 6 / 24 25% 12–45% 地域金融 3 / 4 75% 30–95% not recorded 2 / 2 100% 34–100%" in text
    assert "Under 10 deals a rate is only a hint" in text


def test_the_numbers_are_those_of_the_analysis(lee: User) -> None:
    nova = fought(lee)
    counts = queries.opponents(queries.deals_of(lee, Filters()), Filters()).counts
    versus = dict(zip(counts, against_the_rest(list(counts.values())), strict=True))

    panel = panels.head_to_head(lee, a_competitor())

    assert (panel.rate.won, panel.rate.n) == counts[nova]
    against_nova = versus[nova]
    assert against_nova is not None
    assert against_nova.apart
    assert wording.difference("ノヴァ", against_nova) == panel.sentence


def test_every_number_opens_as_many_deals(lee: User, signed_in: Enter) -> None:
    nova = fought(lee)
    deals(lee, (4, "won"), (2, "no_decision"), product=a_product(), segment="中堅")
    enter = signed_in(lee)
    for address in (f"/analysis/competitors/{nova}/", f"/analysis/products/{a_product().pk}/"):
        page = enter.get(address, headers=FRAGMENT).content.decode()
        links = re.findall(r'class="number" href="([^"]+)">([\d,]+)</a>', page)
        assert links
        for url, number in links:
            answer = enter.get(unescape(url))
            assert answer.context["page"].paginator.count == int(number), url


def test_nobody_counts_what_he_may_not_see(lee: User, mori: User, signed_in: Enter) -> None:
    nova = a_competitor()
    deals(lee, (12, "won"), competitor=nova, people=[lee])
    deals(lee, (1, "lost"), competitor=nova, lost_to="competitor")

    hidden = text_of(
        signed_in(mori).get(f"/analysis/competitors/{nova.pk}/", headers=FRAGMENT).content.decode()
    )

    assert "0 / 1 won or lost" in hidden
    assert "Fewer than 10 deals, only a hint." in hidden
    assert "12 / 13" in text_of(signed_in(lee).get(f"/analysis/competitors/{nova.pk}/").content.decode())


def test_a_product_counts_no_decisions_and_goes_by_segment_where_no_industry_is_recorded(
    lee: User, signed_in: Enter
) -> None:
    deals(lee, (6, "won"), (3, "lost"), (3, "no_decision"), product=a_product(), segment="中堅")
    deals(lee, (6, "won"), product=a_product("ヒバリ 稟議"))

    text = text_of(
        signed_in(lee).get(f"/analysis/products/{a_product().pk}/", headers=FRAGMENT).content.decode()
    )

    assert "6 / 12 decided 50%" in text
    assert "It cannot be told apart from all the others together at these counts." in text
    assert "Segment won / deals rate 95% interval 中堅 6 / 12 50% 25–75%" in text


@pytest.mark.parametrize("kind", ["competitors", "products"])
def test_it_is_a_page_by_itself_needs_sign_in_and_only_reads(
    lee: User, signed_in: Enter, client: Client, kind: str
) -> None:
    pk = a_competitor().pk if kind == "competitors" else a_product().pk
    address = f"/analysis/{kind}/{pk}/"

    assert client.get(address).status_code == 302
    assert signed_in(lee).post(address).status_code == 405
    assert signed_in(lee).get(f"/analysis/{kind}/{pk + 999}/").status_code == 404
    assert "that you may see." in signed_in(lee).get(address).content.decode()
    assert f'hx-get="{address}"' in signed_in(lee).get(f"/{kind}/{pk}/").content.decode()
    assert f'class="more" href="{address}"' in signed_in(lee).get(f"/{kind}/{pk}/").content.decode()


def test_it_keeps_to_its_number_of_queries(lee: User, signed_in: Enter) -> None:
    nova, enter = fought(lee), signed_in(lee)
    enter.get("/analysis/")

    with CaptureQueriesContext(connection) as asked:
        enter.get(f"/analysis/competitors/{nova}/", headers=FRAGMENT)

    assert len(asked) <= MOST_QUERIES
