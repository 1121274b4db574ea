"""Deals, companies, competitors and products: saving, reading, and who may."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from deals.crm import actions, queries
from deals.crm.actions import DealContent, NotAllowed, StaleDeal
from deals.crm.models import Company, Deal
from deals.crm.queries import Filters
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.market.actions import NameTaken, ensure, save_named
from kb.market.models import Competitor, Industry, Product
from kb.market.queries import named
from kb.search.find import find
from kb.search.index import drain
from kb.search.models import PendingChange

Enter = Callable[[User], Client]


def a_deal(by: User, name: str = "北海製作所 2026", **fields: object) -> Deal:
    return actions.save_deal(by=by, content=DealContent(name=name, **fields))  # type: ignore[arg-type]


@pytest.fixture
def lost(lee: User) -> Deal:
    """A lost deal that only Lee's department may see."""
    return a_deal(
        lee,
        company=actions.ensure_company("北海製作所", by=lee),
        competitor=ensure(Competitor, "ノヴァ", by=lee),
        product=ensure(Product, "ヒバリ 帳票", by=lee),
        result="lost",
        lost_to="competitor",
        amount=Decimal(12_600_000),
        opened_on=date(2026, 7, 2),
        closed_on=date(2026, 11, 23),
        readers=Readers(departments=list(lee.departments.all())),
        tags=["製造業"],
    )


def test_a_loss_says_to_whom_and_a_win_does_not(lee: User) -> None:
    assert a_deal(lee, result="lost").lost_to == "not_known"
    assert a_deal(lee, result="won", lost_to="competitor").lost_to == ""
    assert a_deal(lee, result="no_decision", no_decision_reason="ghosted").no_decision_reason == "ghosted"
    assert a_deal(lee, result="won", no_decision_reason="ghosted").no_decision_reason == ""


def test_a_win_says_whom_it_was_won_against_and_keeps_it(signed_in: Enter, lee: User) -> None:
    User.objects.update(language="en")
    enter = signed_in(lee)
    typed = {
        "name": "みなもと信用金庫 窓口", "result": "won", "won_against": "incumbent", "readers": "everyone",
    }  # fmt: skip
    answer = enter.post("/deals/new/", typed, follow=True)

    deal = Deal.objects.get()
    assert deal.won_against == "incumbent"
    assert "won against the incumbent" in answer.content.decode()
    assert '<option value="incumbent" selected>' in enter.get(f"/deals/{deal.pk}/edit/").content.decode()
    enter.post(f"/deals/{deal.pk}/edit/", {**typed, "result": "open", "base_version": 1})
    deal.refresh_from_db()
    assert (deal.result, deal.won_against) == ("open", "")


def test_a_loss_of_which_nobody_knows_the_winner_has_no_tag_for_that(signed_in: Enter, lee: User) -> None:
    User.objects.update(language="en")
    deal = a_deal(lee, result="lost")

    assert "Not known" not in signed_in(lee).get(deal.get_absolute_url()).content.decode()


def test_the_database_refuses_an_outcome_that_contradicts_itself(lee: User) -> None:
    deal = a_deal(lee, result="won")
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(lost_to="competitor")
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(result="lost")
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(result="open", won_against="incumbent")


def test_the_second_of_two_saves_is_refused(lee: User, sato: User) -> None:
    deal = a_deal(lee)
    actions.save_deal(by=sato, content=DealContent(name="別の名"), deal=deal, base_version=1)

    with pytest.raises(StaleDeal):
        actions.save_deal(by=lee, content=DealContent(name="三つめ"), deal=deal, base_version=1)


def test_a_reader_enters_nothing_and_an_outsider_changes_nothing(lost: Deal, ito: User, mori: User) -> None:
    with pytest.raises(NotAllowed):
        a_deal(ito)
    with pytest.raises(NotAllowed):
        actions.save_deal(by=mori, content=DealContent(name="x"), deal=lost, base_version=1)


def test_a_name_is_one_thing_however_it_is_spelt(lee: User) -> None:
    nova = save_named(Competitor, by=lee, name="ノヴァ", near_names=["Nova Systems", "ﾉﾊﾞ"])

    assert ensure(Competitor, "ＮＯＶＡ　ｓｙｓｔｅｍｓ", by=lee) == nova
    assert ensure(Competitor, "ノバ", by=lee) == nova
    assert named(Competitor, "") is None
    with pytest.raises(NameTaken):
        save_named(Competitor, by=lee, name="nova systems")


def test_deals_companies_competitors_and_products_are_found_by_those_who_may_see_them(
    lost: Deal, lee: User, mori: User
) -> None:
    drain()

    def kinds(words: str, viewer: User) -> set[str]:
        return {hit.kind for hit in find(words, viewer=viewer).hits}

    assert {"deal", "company"} <= kinds("北海製作所", lee)
    assert "deal" not in kinds("北海製作所", mori)
    assert "competitor" in kinds("ノヴァ", mori)
    assert "product" in kinds("帳票", mori)


def test_a_companys_new_name_reaches_its_deals_in_the_index(lee: User) -> None:
    company = actions.ensure_company("旧社名", by=lee)
    deal = a_deal(lee, company=company)
    PendingChange.objects.all().delete()

    actions.save_company(by=lee, name="新社名", company=company)

    assert set(PendingChange.objects.values_list("source", "target_id")) >= {
        ("company", company.pk),
        ("deal", deal.pk),
    }


@pytest.mark.parametrize(
    "query",
    [
        "result=lost",
        "competitor=-&result=open",
        "since=2026-11-01&until=2026-11-30",
        "q=北海&owner_team=-",
        "lost_to=competitor&region=-",
    ],
)
def test_filters_stand_in_the_address_and_come_back_from_it(query: str, lost: Deal, lee: User) -> None:
    other = a_deal(lee, "別の商談")
    filters = Filters.from_query(QueryDict(query))

    found = set(filters.narrow(Deal.objects.visible_to(lee), viewer=lee))

    assert found in ({lost}, {other})
    assert Filters.from_query(QueryDict(filters.query())) == filters


def test_nonsense_in_the_address_is_left_out() -> None:
    filters = Filters.from_query(
        QueryDict(
            "result=x&product=abc&since=2026-13-45&company=99999999999999999999&retro=maybe&region=%00&q=%00"
        )
    )

    assert filters == Filters()
    assert not filters


def test_counts_of_filters_hold_nothing_hidden(lost: Deal, mori: User, lee: User) -> None:
    hidden = queries.choices_of(Filters(), mori, "competitor")
    shown = queries.choices_of(Filters(), lee, "competitor")

    assert hidden == []
    assert [(choice.label, choice.count) for choice in shown] == [("ノヴァ", 1)]


def pages_of(deal: Deal) -> dict[str, str]:
    return {
        "detail": reverse("crm:detail", args=[deal.pk]),
        "edit": reverse("crm:edit", args=[deal.pk]),
    }


@pytest.mark.parametrize("name", ["detail", "edit"])
def test_a_deals_page_opens_for_its_reader_alone(
    name: str, lost: Deal, lee: User, mori: User, signed_in: Enter
) -> None:
    address = pages_of(lost)[name]

    assert signed_in(lee).get(address).status_code == 200
    assert signed_in(mori).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "name",
    ["crm:list", "crm:new", "crm:competitors", "crm:competitor_new", "crm:products", "crm:product_new"],
)
def test_the_general_pages_open(name: str, lost: Deal, lee: User, signed_in: Enter) -> None:
    assert signed_in(lee).get(reverse(name)).status_code == 200
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", ["crm:new", "crm:competitor_new", "crm:product_new"])
def test_a_reader_is_offered_no_entering(name: str, ito: User, signed_in: Enter) -> None:
    assert signed_in(ito).get(reverse(name)).status_code == 404
    assert signed_in(ito).post(reverse(name), {"name": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["crm:list", "crm:competitors", "crm:products"])
def test_lists_cannot_be_posted_to(name: str, lee: User, signed_in: Enter) -> None:
    assert signed_in(lee).post(reverse(name)).status_code == 405


def test_lists_and_pages_of_names_show_no_hidden_deal(lost: Deal, mori: User, signed_in: Enter) -> None:
    client = signed_in(mori)
    assert lost.competitor is not None
    assert lost.product is not None
    for address in (reverse("crm:list"), lost.competitor.get_absolute_url(), lost.product.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "北海製作所 2026" not in page, address


def test_a_deal_is_entered_with_new_names_and_edited(lee: User, signed_in: Enter) -> None:
    client = signed_in(lee)
    form = {
        "name": "つばめ精工 2026",
        "company": "つばめ精工",
        "competitor": "オリオン",
        "product": "ヒバリ 在庫",
        "result": "lost",
        "lost_to": "competitor",
        "amount": "6800000",
        "currency": "",
        "opened_on": "2026-04-01",
        "closed_on": "2026-09-30",
        "readers": "everyone",
        "base_version": "0",
    }
    answer = client.post(reverse("crm:new"), form, follow=True)

    deal = Deal.objects.get()
    assert answer.redirect_chain[-1][0] == deal.get_absolute_url()
    assert (str(deal.company), str(deal.competitor), deal.currency) == ("つばめ精工", "オリオン", "JPY")

    client.post(reverse("crm:edit", args=[deal.pk]), {**form, "amount": "7000000", "base_version": "1"})
    deal.refresh_from_db()
    assert (deal.amount, deal.version) == (Decimal(7_000_000), 2)
    assert Competitor.objects.count() == 1


def test_a_stale_edit_keeps_what_was_typed(lee: User, sato: User, signed_in: Enter) -> None:
    deal = a_deal(lee)
    actions.save_deal(by=sato, content=DealContent(name="先の保存"), deal=deal, base_version=1)
    form = {"name": "わたしの名", "result": "open", "readers": "everyone", "base_version": "1"}

    answer = signed_in(lee).post(reverse("crm:edit", args=[deal.pk]), form)

    assert answer.status_code == 409
    assert "わたしの名" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("closed_on", "2026-01-01", "closed_on"),
        ("amount", "-5", "amount"),
        ("currency", "円円円", "currency"),
        ("name", "", "name"),
        ("result", "maybe", "result"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(
    field: str, value: str, wrong: str, lee: User, signed_in: Enter
) -> None:
    form = {
        "name": "題",
        "result": "open",
        "readers": "everyone",
        "opened_on": "2026-04-01",
        "closed_on": "2026-09-30",
    }

    answer = signed_in(lee).post(reverse("crm:new"), {**form, field: value})

    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert not Deal.objects.exists()
    assert not Company.objects.exists()


def test_a_competitor_and_a_product_are_named_once(lee: User, signed_in: Enter) -> None:
    client = signed_in(lee)
    client.post(reverse("crm:competitor_new"), {"name": "ノヴァ", "near_names": "Nova"})
    again = client.post(reverse("crm:competitor_new"), {"name": "ＮＯＶＡ"})
    client.post(reverse("crm:product_new"), {"name": "ヒバリ 稟議"})

    assert again.status_code == 422
    assert Competitor.objects.get().name == "ノヴァ"
    assert Product.objects.get().name == "ヒバリ 稟議"


def test_a_company_is_edited(lee: User, signed_in: Enter) -> None:
    company = actions.ensure_company("北海製作所", by=lee)
    form = {"name": "北海製作所", "industry": "製造業", "region": "北海道", "employees": "850", "note": ""}

    signed_in(lee).post(reverse("crm:company_edit", args=[company.pk]), form)

    company.refresh_from_db()
    assert (str(company.industry), company.employees) == ("製造業", 850)
    assert Industry.objects.count() == 1


def test_words_looked_for_keep_the_other_filters(signed_in: Enter, lee: User) -> None:
    a_deal(lee, result="won")

    page = signed_in(lee).get("/deals/?result=won&region=-").content.decode()

    assert (
        '<input type="hidden" name="result" value="won"><input type="hidden" name="region" value="-">' in page
    )
