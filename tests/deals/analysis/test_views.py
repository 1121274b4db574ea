"""The analysis: works, needs sign-in, hides others' deals, rejects other methods, keeps to its number of queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.analysis.filters import By
from deals.crm.actions import ensure_company
from kb.access.actions import set_audience
from kb.accounts.models import User
from tests.deals.analysis.made import a_competitor, a_product, deals, quoted, rated, retros

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
PAGE = "/analysis/"
ADDRESSES = (PAGE, "/analysis/deals/", "/analysis/export.csv", "/analysis/export.xlsx")
MOST_QUERIES = 14


@pytest.fixture(autouse=True)
def english(cast: dict[str, User]) -> None:
    User.objects.update(language="en")
    for person in cast.values():
        person.language = "en"


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(html: str) -> str:
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return re.sub(r" ([,.;)])", r"\1", words)


def some_deals(lee: User) -> None:
    """Deals that fill every part of the page."""
    nova = a_competitor()
    won = deals(
        lee, (24, "won"), product=a_product(), competitor=nova, amount=Decimal(1_200_000), region="関東"
    )
    lost = deals(
        lee,
        (12, "lost"),
        product=a_product("ヒバリ 稟議"),
        competitor=nova,
        amount=Decimal(900_000),
        lost_to="competitor",
    )
    deals(lee, (9, "no_decision"), no_decision_reason="ghosted", closed_on=date(2026, 2, 3))
    deals(lee, (4, "open"), (2, "invalid"), (1, "unknown"))
    for retro in retros(lee, [*won[:20], *lost[:6]]):
        rated(retro, ("total-cost", "rep", -1, 3, True), ("onboarding", "buyer_interview", -2, 3, True))
        quoted(retro, ["夜に止まったら<誰>に電話するのか。"], consent="anonymous", speaker="設備課長")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_sign_in(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_other_methods_are_refused(signed_in: Enter, lee: User, address: str) -> None:
    assert signed_in(lee).post(address).status_code == 405


def test_before_the_first_deal_it_says_what_to_do_first(signed_in: Enter, lee: User) -> None:
    assert "There is no deal yet" in page(signed_in(lee))


def test_each_card_has_the_count_the_rate_and_the_interval(signed_in: Enter, lee: User) -> None:
    some_deals(lee)

    text = text_of(page(signed_in(lee)))

    assert "Won 24 / 45 deals 53% 95% interval 39–67% of won, lost and no decision" in text
    assert "Won against others 24 / 36 deals 67% 95% interval 50–80%" in text
    assert "No decision 9 / 45 deals 20% 95% interval 11–34%" in text
    assert "With a retrospective 26 / 45 deals 58% 95% interval 43–71% No decision: only 0%, a lean" in text
    assert "In no denominator: still open 4, not a deal 2, outcome not known 1" in text


def test_it_says_what_can_be_told_apart_and_shows_p_values_only_in_the_method(
    signed_in: Enter, lee: User
) -> None:
    some_deals(lee)

    html = page(signed_in(lee))

    assert "ヒバリ 帳票 lies 100 points above all the others together" in text_of(html)
    before, _summary, method = html.partition("How this is computed")
    assert "p adjusted" not in before
    assert "p adjusted" in method
    assert "&lt;.001" in method


def test_nothing_is_told_apart_from_few_deals(signed_in: Enter, lee: User) -> None:
    deals(lee, (3, "won"), (2, "lost"), region="関東")
    deals(lee, (2, "won"), (3, "lost"), region="近畿")

    text = text_of(page(signed_in(lee), "by=region"))

    assert "No region can be told apart from all the others together at these counts." in text
    assert "近畿: fewer than 10 deals, only a hint." in text or "関東, 近畿: fewer than 10 deals" in text


def test_a_small_group_is_marked(signed_in: Enter, lee: User) -> None:
    deals(lee, (5, "won"), (4, "lost"), region="関東")
    deals(lee, (5, "won"), (5, "lost"), region="近畿")

    html = page(signed_in(lee), "by=region")

    rows = re.findall(r"<tr( class=\"is-small\")?>\s*<th scope=\"row\">(\S+)</th>", html)
    assert (' class="is-small"', "関東") in rows
    assert ("", "近畿") in rows


def test_without_amounts_it_says_why_there_is_no_rate_by_value(signed_in: Enter, lee: User) -> None:
    deals(lee, (3, "won"), amount=Decimal(5))
    deals(lee, (4, "lost"))

    assert "Cannot be computed: 4 of 4 losses carry no amount." in text_of(page(signed_in(lee)))


def test_a_period_is_a_change_by_the_one_rule(signed_in: Enter, lee: User) -> None:
    deals(lee, (50, "won"), (50, "lost"), closed_on=date(2025, 11, 3))
    deals(lee, (19, "won"), (1, "lost"), closed_on=date(2026, 4, 7))

    text = text_of(page(signed_in(lee)))

    assert (
        "Apr–Jun 2026: 19 of 20 won. At the rate of the twelve months before (50%), 4 to 16 would be ordinary:"
        " the rate has risen."
    ) in text


def test_a_lean_of_what_was_reviewed_is_in_the_table_too(signed_in: Enter, lee: User) -> None:
    some_deals(lee)

    assert "Reviewed less often than the others: No decision." in text_of(page(signed_in(lee)))


def test_rep_stands_beside_buyer_with_their_agreement(signed_in: Enter, lee: User) -> None:
    some_deals(lee)

    text = text_of(page(signed_in(lee)))

    assert (
        "Lost deals in which both were heard: 6 ." in text
        or "Lost deals in which both were heard: 6." in text
    )
    assert "it was the same in 0 (0%, 95% interval 0–39%)" in text
    assert "In these deals reps named Price and packaging more often, buyers Support." in text


def test_an_anonymous_quote_is_shown_without_its_speaker(signed_in: Enter, lee: User) -> None:
    some_deals(lee)

    html = page(signed_in(lee))

    assert "夜に止まったら&lt;誰&gt;に電話するのか。" in html
    assert "設備課長" not in html


def test_others_deals_are_neither_counted_nor_named(signed_in: Enter, lee: User, mori: User) -> None:
    deals(lee, (5, "won"), people=[lee], region="秘密の地域", product=a_product())
    deals(lee, (2, "lost"))

    html = page(signed_in(mori), "by=region")

    assert "秘密の地域" not in html
    assert "0 / 2 deals" in text_of(html)
    assert b"\xe7\xa7\x98\xe5\xaf\x86" not in signed_in(mori).get("/analysis/export.csv?by=region").content


def test_filters_stand_in_the_address_and_as_words(signed_in: Enter, lee: User) -> None:
    product = a_product()
    deals(lee, (2, "won"), product=product, region="関東")
    deals(lee, (3, "lost"), region="近畿")

    html = page(signed_in(lee), f"by=region&product={product.pk}&region=関東&since=2026-04-01")

    assert "2 / 2 deals" in text_of(html)
    assert "Product: <b>ヒバリ 帳票</b>" in html
    assert "Region: <b>関東</b>" in html


@pytest.mark.parametrize(
    "query", ["by=nonsense", "period=week&since=2026-13-01&product=x", "by=region&region=%00"]
)
def test_any_address_is_survived(signed_in: Enter, lee: User, query: str) -> None:
    deals(lee, (2, "won"))

    client = signed_in(lee)
    for address in ADDRESSES:
        assert client.get(f"{address}?{query}&rep=%00&driver=99999&part=fix").status_code == 200, address


def test_every_number_opens_as_many_deals_as_it_says(signed_in: Enter, lee: User) -> None:
    some_deals(lee)
    client = signed_in(lee)
    links: set[tuple[str, str]] = set()
    for by in By:
        links |= set(
            re.findall(r'<a class="number" href="([^"]+)">([\d,]+)</a>', page(client, f"by={by.value}"))
        )

    assert len(links) > 40
    for address, number in sorted(links):
        html = client.get(unescape(address)).content.decode()
        shown = re.search(r'<p class="head-meta">([\d,]+) deals?</p>', html)
        assert shown, address
        assert shown[1] == number, address


@pytest.mark.parametrize("by", list(By))
def test_the_page_asks_the_database_at_most_fourteen_times(signed_in: Enter, lee: User, by: By) -> None:
    some_deals(lee)
    client = signed_in(lee)
    client.get(PAGE)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"{PAGE}?by={by.value}&region=関東&since=2026-01-01")

    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:200] for query in asked)


def test_there_is_no_style_in_a_tag(signed_in: Enter, lee: User) -> None:
    some_deals(lee)

    assert " style=" not in page(signed_in(lee))


def test_a_company_is_named_where_it_narrows_unless_it_is_hidden(
    signed_in: Enter, lee: User, ito: User
) -> None:
    company = ensure_company("北海製作所", by=lee)
    deals(lee, (2, "won"), company=company)
    client = signed_in(lee)

    assert "Company: 北海製作所" in text_of(page(client, f"company={company.pk}"))
    behind = client.get(f"/analysis/deals/?company={company.pk}").content.decode()
    assert "Company: 北海製作所" in text_of(behind)

    set_audience(company.audience, everyone=False, people=[lee])
    assert "北海製作所" not in page(signed_in(ito), f"company={company.pk}")
