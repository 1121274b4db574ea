"""Words explained beside the text: by mouse, keyboard and touch, with and without script, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb.accounts.models import User
from kb.articles.models import Article
from tests.factories import an_article
from tests.kb.glossary.terms import a_term

OpenPage = Callable[..., Page]
BODY = "# 手順\n\n稟議を書く担当者は、障害のときに誰が来るのかを説明します。\n\n## 次に\n\nTCOの比較を置きます。\n"


@pytest.fixture
def article(sato: User) -> Article:
    a_term(
        sato,
        "稟議",
        other_language="internal approval round",
        explanation="担当者が書類を回し、承認をもらう手続き。",
        explanation_en="A paper goes round for approval.",
    )
    a_term(
        sato,
        "TCO",
        reading="ティーシーオー",
        other_language="total cost of ownership",
        explanation="買ってから手放すまでの合計。",
    )
    return an_article(sato, "提案の手順", BODY)


def opened(page: Page, article: Article) -> Page:
    page.goto(article.get_absolute_url())
    return page


def test_pointing_at_a_word_opens_its_card_and_leaving_closes_it(
    page_as: OpenPage, article: Article, ito: User
) -> None:
    page = opened(page_as(ito), article)
    page.get_by_role("main").get_by_text("稟議", exact=True).hover()
    card = page.locator("#term-card")
    expect(card).to_be_visible()
    expect(card).to_contain_text("承認をもらう手続き")
    expect(card).to_contain_text("internal approval round")
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_pressing_keeps_the_card_and_its_link_leads_to_the_term(
    page_as: OpenPage, article: Article, ito: User
) -> None:
    page = opened(page_as(ito), article)
    page.get_by_role("main").get_by_text("TCO", exact=True).click()
    card = page.locator("#term-card")
    expect(card).to_contain_text("ティーシーオー")
    expect(page).to_have_url(f"{page.url}")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.get_by_role("main").get_by_text("TCO", exact=True).click()
    card.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("TCO")


def test_the_keyboard_reaches_the_word_the_card_and_the_way_back(
    page_as: OpenPage, article: Article, ito: User
) -> None:
    page = opened(page_as(ito), article)
    word = page.get_by_role("main").get_by_text("稟議", exact=True)
    for _press in range(60):
        page.keyboard.press("Tab")
        if word.evaluate("node => node === document.activeElement"):
            break
    expect(word).to_be_focused()
    page.keyboard.press("Enter")
    card = page.locator("#term-card")
    expect(card).to_contain_text("承認をもらう手続き")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(word).to_be_focused()


def test_a_touch_opens_the_card_inside_the_phones_screen(
    page_as: OpenPage, article: Article, ito: User
) -> None:
    page = opened(page_as(ito, width=390, touch=True), article)
    page.get_by_role("main").get_by_text("稟議", exact=True).tap()
    card = page.locator("#term-card")
    expect(card).to_contain_text("承認をもらう手続き")
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    card.get_by_role("button").tap()
    expect(card).to_be_hidden()


def test_without_script_the_word_is_a_link(page_as: OpenPage, article: Article, ito: User) -> None:
    page = opened(page_as(ito, javascript=False), article)
    page.get_by_role("main").get_by_role("link", name="稟議").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("稟議")


@pytest.mark.parametrize("dark", [False, True])
def test_the_open_card_is_accessible(
    page_as: OpenPage, article: Article, ito: User, axe: Callable[[Page], list[str]], dark: bool
) -> None:
    page = opened(page_as(ito, dark=dark), article)
    page.get_by_role("main").get_by_text("稟議", exact=True).click()
    expect(page.locator("#term-card")).to_contain_text("承認をもらう手続き")
    assert axe(page) == []


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [(390, "ja", True), (390, "en", False), (1280, "ja", False), (1280, "en", True)],
)
def test_the_pages_of_the_glossary_are_accessible(
    page_as: OpenPage,
    article: Article,
    sato: User,
    lee: User,
    axe: Callable[[Page], list[str]],
    width: int,
    language: str,
    dark: bool,
) -> None:
    sato.language = language
    sato.save()
    own = a_term(lee, "失注", other_language="lost deal", aliases=["ロスト"], forbidden=["負け商談"])
    a_term(sato, "長い用語" * 20, explanation="長い説明" * 60)
    a_term(sato, "DNS")
    a_term(sato, "DNS", scope=sato.departments.get())
    page = page_as(sato, width=width, dark=dark, language=language)
    addresses = [
        "/glossary/",
        "/glossary/?row=A-Z",
        "/glossary/?q=zzz",
        own.get_absolute_url(),
        "/g/DNS/",
        "/g/zzz/",
        "/glossary/new/",
        f"/glossary/{own.pk}/edit/",
        f"/glossary/{own.pk}/history/",
        f"/glossary/{own.pk}/delete/",
        "/glossary/deleted/",
    ]
    for address in addresses:
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
