"""Narrowing down in a real browser: chips, folded facets, the phone's sheet, and the same without script."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from kb.accounts.models import User
from kb.search.index import drain
from tests.factories import an_article

Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]

QUERIES = {
    "blank": "",
    "plain": "失注",
    "precise": '失注 -価格 (支援 OR 導入) kind:faq 以降:昨年 "支援"',
    "broken": '(失注 foo:bar kind:poem OR "支援',
    "nothing": "棚卸 tag:鉄道",
    "hostile": '<script>alert(1)</script> tag:"<b>x</b>" ' + "長" * 200,
}


@pytest.fixture
def pages(lee: User, sato: User) -> None:
    for number in range(40):
        an_article(
            lee if number % 2 else sato,
            f"失注の頁{number}",
            "支援の話。",
            kind="faq" if number % 3 else "news",
            tags=[f"札{number:02}"],
        )
    an_article(lee, "長い札", "失注", tags=["supercalifragilisticexpialidocious_" * 3])
    drain()


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(1280, False, "ja"), (390, True, "ja"), (390, False, "en"), (1280, True, "en")],
)
@pytest.mark.usefixtures("pages")
def test_every_state_of_the_results_is_accessible_and_fits(
    width: int, dark: bool, language: str, sato: User, page_as: Open, axe: Axe
) -> None:
    sato.language = language
    sato.save()
    page = page_as(sato, width=width, dark=dark, language=language)
    for name, query in QUERIES.items():
        page.goto(f"/search/?q={quote(query)}")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.usefixtures("pages")
def test_a_choice_beside_the_results_changes_what_the_query_said(lee: User, page_as: Open) -> None:
    page = page_as(lee)
    page.goto(f"/search/?q={quote('失注 kind:faq')}")
    expect(page.locator(".chips-on .chip")).to_have_count(1)
    faq = page.locator('#facets input[name="kind"][value="faq"]')
    expect(faq).to_be_checked()

    faq.uncheck()

    page.wait_for_url("**/search/?q=*")
    expect(page.locator(".chips-on")).to_have_count(0)
    expect(page.locator('#facets input[name="kind"][value="faq"]')).not_to_be_checked()


@pytest.mark.usefixtures("pages")
def test_on_a_phone_several_values_are_chosen_in_the_sheet_before_it_is_sent(
    lee: User, page_as: Open, axe: Axe
) -> None:
    page = page_as(lee, width=390)
    page.goto(f"/search/?q={quote('失注')}")
    page.locator('button[popovertarget="facets"].phone-only').click()
    tags = page.locator("fieldset", has=page.locator('input[name="tag"]'))
    tags.locator("summary").click()
    tags.locator('input[value="札30"]').check()
    tags.locator('input[value="札31"]').check()
    assert axe(page) == []
    page.locator(".facets-foot button").click()

    expect(page.locator(".hit")).to_have_count(2)
    expect(page.locator(".chips-on .chip")).to_have_count(2)
    page.locator(".chips-on .chip").first.click()
    expect(page.locator(".hit")).to_have_count(1)


@pytest.mark.usefixtures("pages")
def test_without_script_everything_can_be_chosen_as_well(lee: User, page_as: Open) -> None:
    page = page_as(lee, javascript=False)
    page.goto(f"/search/?q={quote('失注')}")
    page.locator('#facets input[name="author"]').first.check()
    page.locator('#facets select[name="sort"]').select_option("newest")
    page.locator("#facets button.without-js").click()

    expect(page.locator(".chips-on .chip")).to_have_count(1)
    assert "sort=newest" in page.url
