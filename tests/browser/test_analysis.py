"""The analysis in a real browser: legible for everybody, nothing cut off, from a number down to its deals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from kb.accounts.models import User
from tests.deals.analysis.made import a_competitor, a_product, deals, quoted, rated, retros

Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]
LONG = "supercalifragilisticexpialidocious株式会社の地域を全部まとめて呼ぶときの長い名前"


@pytest.fixture
def seller(lee: User) -> User:
    """Lee, among deals that fill every part of the page."""
    nova = a_competitor()
    won = deals(
        lee, (24, "won"), product=a_product(), competitor=nova, amount=Decimal(1_200_000), region=LONG
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
    deals(lee, (4, "won"), (3, "lost"), competitor=a_competitor("オリオン"), closed_on=date(2025, 8, 3))
    for retro in retros(lee, [*won[:20], *lost[:6]]):
        rated(retro, ("total-cost", "rep", -1, 3, True), ("onboarding", "buyer_interview", -2, 3, True))
        quoted(retro, ["夜に止まったら誰に電話するのか。"], consent="anonymous")
    return lee


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_read_the_analysis(
    page_as: Open, seller: User, axe: Axe, width: int, dark: bool
) -> None:
    page = page_as(seller, width=width, dark=dark)
    for address in ("/analysis/?by=region", "/analysis/?by=stage_lost", "/analysis/deals/?met=yes"):
        page.goto(address)
        for summary in page.locator("summary:visible").all():
            summary.click()
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address
        assert axe(page) == [], address


def test_a_number_opens_its_deals_and_a_filter_comes_off_again(page_as: Open, seller: User) -> None:
    page = page_as(seller)
    page.goto("/analysis/")

    page.get_by_role("button", name="競合").click()
    page.get_by_role("link", name="オリオン").first.click()
    expect(page.locator(".figure-count").first).to_contain_text("4 / 7")
    page.locator(".figure-count .number").first.click()
    expect(page.locator(".head-meta")).to_contain_text("4")
    page.go_back()
    page.locator(".analysis-on .chip").first.click()
    expect(page.locator(".figure-count").first).to_contain_text("28 / 52")


def test_without_script_the_filters_and_the_method_open(page_as: Open, seller: User) -> None:
    page = page_as(seller, width=390, javascript=False)
    page.goto("/analysis/")

    page.get_by_text("計算方法").first.click()
    expect(page.get_by_text("Newcombe").first).to_be_visible()
