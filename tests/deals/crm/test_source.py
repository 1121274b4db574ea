"""What deals, competitors and products can be narrowed down by in the search."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction
from django.utils.translation import override

from deals.crm import actions
from deals.crm.actions import DealContent
from deals.crm.models import Deal
from deals.crm.source import Deals
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.market.actions import ensure, save_named
from kb.market.models import Competitor, Product
from kb.search.find import find
from kb.search.index import check, drain, reindex

pytestmark = pytest.mark.django_db


def content(lee: User, **said: object) -> DealContent:
    given = {
        "name": "北海製作所 2026",
        "owner": lee,
        "result": "lost",
        "lost_to": "competitor",
        "competitor": ensure(Competitor, "ノヴァ", by=lee),
        "product": ensure(Product, "ヒバリ 帳票", by=lee),
    }
    return DealContent(**{**given, **said})  # type: ignore[arg-type]


@pytest.fixture
def lost(lee: User) -> Deal:
    deal = actions.save_deal(by=lee, content=content(lee))
    save_named(Competitor, by=lee, thing=deal.competitor, name="ノヴァ", near_names=["Nova Systems"])
    reindex()
    return deal


@pytest.mark.parametrize(
    "query",
    [
        "結果:失注",
        "result:lost",
        "result:LOST,won",
        "競合:ノヴァ",
        'competitor:"nova systems" -kind:competitor',
        '製品:"ヒバリ 帳票"',
        "担当:李",
        "owner:lee result:lost",
        "-結果:受注 北海",
        "kind:商談",
        "kind:deal is:mine",
    ],
)
def test_a_deal_is_found_by_what_came_of_it_and_whom_it_was_against(
    lee: User, lost: Deal, query: str
) -> None:
    results = find(query, viewer=lee)

    assert results.notes == ()
    assert lost.name in [hit.title for hit in results.hits]
    assert lost.name not in [hit.title for hit in find(f"{query} -北海", viewer=lee).hits]


@pytest.mark.parametrize("query", ["結果:受注", "-結果:失注 北海", "competitor:nova result:won", "担当:佐藤"])
def test_another_outcome_does_not_find_it(lee: User, lost: Deal, query: str) -> None:
    assert lost.name not in [hit.title for hit in find(query, viewer=lee).hits]


def test_results_and_the_market_are_counted_by_name(lee: User, lost: Deal) -> None:
    with override("en"):
        facets = find("北海", viewer=lee).facets

        assert [(str(one.label), one.count) for one in facets["result"]] == [("Lost", 1)]
        assert [(one.label, one.count) for one in facets["competitor"]] == [("ノヴァ", 1)]
        assert [(one.label, one.count) for one in facets["product"]] == [("ヒバリ 帳票", 1)]


@pytest.mark.parametrize(
    "change",
    [
        {"result": "won", "lost_to": "", "competitor": None},
        {"competitor": "マメノキ"},
        {"product": None},
        {"owner": None},
    ],
)
def test_whatever_changes_a_mark_changes_the_stamp(lee: User, lost: Deal, change: dict[str, object]) -> None:
    if isinstance(change.get("competitor"), str):
        change = {"competitor": ensure(Competitor, str(change["competitor"]), by=lee)}
    before = Deals().document(lost.pk)
    actions.save_deal(by=lee, content=replace(content(lee), **change), deal=lost, base_version=lost.version)  # type: ignore[arg-type]
    after = Deals().document(lost.pk)

    assert before is not None
    assert after is not None
    assert before.marks != after.marks
    assert before.stamp != after.stamp
    drain()
    assert check().stale == []


def test_a_hidden_deal_offers_no_result_and_no_competitor(lee: User, ito: User) -> None:
    with transaction.atomic():
        actions.save_deal(by=lee, content=content(lee, readers=Readers(people=[lee])))
    drain()

    results = find("北海", viewer=ito)

    assert results.facets["result"] == []
    assert results.facets["competitor"] == []
    assert find("結果:失注", viewer=ito).total == 0
    assert [one.value for one in find("結果:失注", viewer=lee).facets["result"]] == ["lost"]


def test_a_hit_says_what_became_of_a_deal_and_nothing_twice(lost: Deal, lee: User) -> None:
    lost = actions.save_deal(
        by=lee,
        deal=lost,
        base_version=lost.version,
        content=content(lee, note="法務の確認待ち。", region="近畿"),
    )
    shown = Deals().visible(lee, [lost.pk])[lost.pk]
    assert shown.badge is not None
    assert (shown.badge.css, shown.badge.icon) == ("badge-lost", "x")
    assert shown.text == "法務の確認待ち。\nヒバリ 帳票 · ノヴァ · 近畿"
