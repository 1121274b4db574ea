"""Deals in a real browser: a file comes in through the page, a number leads down to a deal, and everybody can read it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deals.crm import actions
from deals.crm.actions import DealContent
from deals.crm.models import Deal, Intake
from deals.retros.actions import seed_drivers
from kb.accounts.models import User
from kb.market.actions import ensure
from kb.market.models import Competitor, Industry, Product
from tests.deals.analysis.made import a_competitor, a_product, deals, quoted, retros

Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]
NASTY = Path(__file__).parents[1] / "deals" / "crm" / "forty_rows.csv"
LONG = "supercalifragilisticexpialidocious_version_three"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.fixture
def seller(lee: User) -> User:
    """Lee, among deals, companies and retrospectives that fill every page."""
    seed_drivers()
    maker = actions.ensure_company("北海製作所", by=lee, industry=ensure(Industry, "製造", by=lee))
    nova = a_competitor()
    more: dict[str, Any] = {
        "company": maker,
        "owner": lee,
        "region": "関東",
        "segment": "中堅",
        "product": a_product(),
    }
    won = deals(lee, (12, "won"), competitor=nova, amount=Decimal(1_200_000), **more)
    lost = deals(lee, (14, "lost"), competitor=nova, lost_to="competitor", amount=Decimal(900_000), **more)
    deals(lee, (9, "won"), (3, "no_decision"), (4, "open"), competitor=a_competitor("オリオン"), name=LONG)
    for retro in retros(lee, [won[0], *lost[:3]], lesson="支援担当を初回に同席させる。"):
        quoted(retro, ["夜に止まったら誰に電話するのか。"], speaker="設備課長")
    return lee


@pytest.mark.parametrize("width", [390, 1280])
def test_a_nasty_file_comes_in_through_the_page_in_three_steps(
    width: int, lee: User, page_as: Open, axe: Axe
) -> None:
    page = page_as(lee, width=width)
    page.goto("/deals/")
    page.get_by_role("link", name="取り込み").or_(
        page.get_by_role("link", name="商談を取り込む")
    ).first.click()
    expect(page.locator("input[type=file]")).to_be_attached()
    assert axe(page) == []
    assert fits(page)

    page.locator("input[type=file]").set_input_files(NASTY)
    page.locator("main form button.btn-primary").first.click()
    expect(
        page.get_by_role("heading", name="それぞれの列は何か").or_(page.locator("#columns"))
    ).to_be_visible()
    expect(page.get_by_label("受注金額", exact=True)).to_have_value("amount")
    assert axe(page) == []
    assert fits(page)
    page.get_by_label("検収済", exact=True).first.select_option("won")

    page.locator(".action-bar .btn-primary").click()
    expect(page.locator(".action-bar .btn-primary")).to_contain_text("23")
    negative = page.locator("tbody tr", has_text="(500,000)")
    expect(negative).to_contain_text("5")
    expect(negative).to_contain_text("受注金額")
    assert not Deal.objects.exists()
    assert axe(page) == []
    assert fits(page)

    page.locator(".action-bar .btn-primary").click()
    expect(page.locator(".head-actions .btn-primary")).to_be_visible()
    assert axe(page) == []
    assert fits(page)
    assert Deal.objects.count() == 23
    assert Deal.objects.get(name="契約の更新").result == "won"
    assert Intake.objects.get().report
    page.locator(".head-actions .btn-primary").click()
    page.get_by_role("link", name="稟議の見直し").click()
    expect(page.locator(".aside")).to_contain_text("1.2億円")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_number_of_the_analysis_leads_to_its_list_and_on_to_the_deal(
    width: int, seller: User, page_as: Open
) -> None:
    page = page_as(seller, width=width)
    page.goto("/analysis/?by=competitor")

    page.locator("#groups tbody tr", has_text="ノヴァ").locator(".count-of .number").first.click()
    expect(page.locator(".head-meta")).to_contain_text("12")
    expect(page.locator("tbody tr")).to_have_count(12)
    page.locator("tbody .lead a").first.click()

    expect(page.locator(".facts .badge-won")).to_be_visible()
    expect(page.locator(".aside")).to_contain_text("ノヴァ")


@pytest.mark.parametrize("width", [390, 1280])
def test_head_to_head_comes_into_the_competitors_page_and_leads_to_the_deals(
    width: int, seller: User, page_as: Open
) -> None:
    page = page_as(seller, width=width)
    page.goto(f"/competitors/{a_competitor().pk}/")

    panel = page.locator("[hx-get*='/analysis/competitors/']")
    expect(panel.locator(".figure-count")).to_contain_text("12 / 26")
    expect(panel.locator(".panel-table tbody tr", has_text="製造")).to_contain_text("12 / 26")
    panel.locator(".panel-table .number").first.click()
    expect(page.locator("tbody tr")).to_have_count(12)


def test_without_script_the_competitors_numbers_are_a_page_of_their_own(seller: User, page_as: Open) -> None:
    page = page_as(seller, width=390, javascript=False)
    page.goto(f"/competitors/{a_competitor().pk}/")

    page.locator("a.more[href*='/analysis/competitors/']").click()
    expect(page.locator(".figure-count")).to_contain_text("12 / 26")
    page.get_by_role("link", name="ノヴァ", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ノヴァ")


@pytest.mark.long
@pytest.mark.parametrize(("width", "language", "dark"), [(390, "en", True), (1280, "ja", False)])
def test_everybody_can_read_every_page_about_deals(
    width: int, language: str, dark: bool, seller: User, page_as: Open, axe: Axe
) -> None:
    User.objects.update(language=language)
    written = actions.save_deal(
        by=seller,
        content=DealContent(
            name=LONG + "の更新", result="won", won_against="in_house", owner=seller, opened_on=date(2026, 1, 5),
            product=ensure(Product, LONG, by=seller), competitor=ensure(Competitor, LONG, by=seller),
            note=LONG * 3, tags=["製造業"],
        ),
    )  # fmt: skip
    reviewed = Deal.objects.filter(retro__isnull=False).first()
    assert reviewed
    assert reviewed.company
    page = page_as(User.objects.get(pk=seller.pk), width=width, dark=dark)
    addresses = (
        "/deals/", "/deals/?retro=yes", "/deals/?q=nothing", "/deals/new/", f"/deals/{written.pk}/", f"/deals/{written.pk}/edit/",
        f"/deals/{reviewed.pk}/", f"/companies/{reviewed.company.pk}/", f"/companies/{reviewed.company.pk}/edit/",
        "/competitors/", f"/competitors/{a_competitor().pk}/", f"/competitors/{a_competitor().pk}/edit/", "/competitors/new/",
        "/products/", f"/products/{a_product().pk}/", f"/products/{a_product().pk}/edit/",
        f"/analysis/competitors/{a_competitor().pk}/", "/deals/import/",
    )  # fmt: skip
    faults = []
    for address in addresses:
        page.goto(address, wait_until="networkidle")
        faults += [f"{address}: {fault}" for fault in axe(page)]
        faults += [] if fits(page) else [f"{address} is cut off"]
    assert not faults, "\n".join(faults)
