"""The search box under the fingers: keys, an input method, a slow network, phones, and what a screen reader is told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from config.env import BASE_DIR
from kb.accounts.models import User
from kb.search.index import drain
from tests.factories import an_article
from tests.kb.glossary.terms import a_term

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = BASE_DIR / "var" / "pictures"
OPTIONS = "#palette [role='option']"


@pytest.fixture
def pages(sato: User) -> None:
    a_term(sato, "商談", other_language="sales opportunity", reading="しょうだん")
    for title in ("商談の記録", "商談前の準備", "Salesforceの設定"):
        an_article(sato, title, f"{title}の本文です。", tags=["商談"])
    an_article(sato, "商談の記録はいつまでに書きますか", "その日のうちに書きます。", kind="faq")
    drain()


def offered(*texts: str) -> str:
    options = "".join(
        f"<li role='none'><a role='option' id='s-{number}' href='/search/?q={text}'>{text}</a></li>"
        for number, text in enumerate(texts, 1)
    )
    return f"<ul role='listbox' data-said='{len(texts)} suggestions'>{options}</ul>"


def compose(page: Page, text: str) -> None:
    """Type as through an input method: the text stands in the field and is not yet decided on."""
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    )


@pytest.mark.usefixtures("pages")
def test_arrow_keys_choose_enter_opens_and_escape_closes(lee: User, page_as: Callable[..., Page]) -> None:
    page = page_as(lee)
    page.goto("/articles/", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("商談")
    expect(page.locator(OPTIONS).first).to_contain_text("商談")
    expect(page.locator("#palette [role='status']")).not_to_be_empty()
    field = page.locator("#palette input")
    expect(field).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    first = page.locator(OPTIONS).first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()

    page.keyboard.press("Control+k")
    expect(field).to_have_value("商談")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/g/**")


@pytest.mark.usefixtures("pages")
def test_enter_without_a_choice_searches_everything(lee: User, page_as: Callable[..., Page]) -> None:
    page = page_as(lee)
    page.goto("/glossary/", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("商談")
    expect(page.locator(OPTIONS).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator(".hit")).not_to_have_count(0)


@pytest.mark.usefixtures("pages")
def test_kana_is_asked_for_before_it_is_converted_and_its_keys_are_the_input_methods(
    lee: User, page_as: Callable[..., Page]
) -> None:
    page = page_as(lee)
    page.goto("/articles/", wait_until="networkidle")
    page.keyboard.press("Control+k")
    compose(page, "しょうｄ")
    expect(page.locator(OPTIONS).filter(has_text="商談の記録").first).to_be_visible()

    for key in ("ArrowDown", "Enter"):
        page.locator("#palette input").evaluate(
            "(field, key) => field.dispatchEvent("
            "new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, isComposing: true}))",
            key,
        )
    expect(page.locator("#palette [aria-selected='true']")).to_have_count(0)
    expect(page.locator("#palette")).to_be_visible()
    assert page.url.endswith("/articles/")


def test_a_late_answer_to_earlier_letters_is_not_shown(sato: User, page_as: Callable[..., Page]) -> None:
    page = page_as(sato)
    later = threading.Event()
    held: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.url.endswith("q=a"):
            held.append(route)
            later.set()
        else:
            route.fulfill(body=offered("later"), content_type="text/html; charset=utf-8")

    page.route("**/search/suggest/**", answer)
    page.goto("/articles/", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("a")
    page.wait_for_timeout(300)
    assert held
    page.keyboard.type("b")
    expect(page.locator(OPTIONS)).to_have_text(["later"])
    for route in held:
        route.fulfill(body=offered("earlier"), content_type="text/html; charset=utf-8")
    page.wait_for_timeout(300)
    expect(page.locator(OPTIONS)).to_have_text(["later"])


def test_an_answer_that_is_no_list_or_none_at_all_shows_nothing(
    sato: User, page_as: Callable[..., Page]
) -> None:
    page = page_as(sato)
    answers = iter(["<main><h1>Sign in</h1></main>", None])

    def answer(route: Route) -> None:
        body = next(answers, None)
        if body is None:
            route.abort()
        else:
            route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.goto("/articles/", wait_until="networkidle")
    page.route("**/search/suggest/**", answer)
    page.keyboard.press("Control+k")
    page.wait_for_timeout(200)
    page.keyboard.type("a")
    page.wait_for_timeout(300)
    expect(page.locator("#palette-list > *")).to_have_count(0)
    expect(page.locator("#palette")).to_be_visible()


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_own_field_has_the_same_list(
    lee: User, page_as: Callable[..., Page], axe: Callable[[Page], list[str]], width: int
) -> None:
    page = page_as(lee, width=width)
    page.goto("/articles/", wait_until="networkidle")
    field = page.locator(".topbar .searchbox input")
    field.click()
    page.keyboard.type("しょうだ")
    options = page.locator(".topbar [role='option']")
    expect(options.filter(has_text="商談の記録").first).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = options.evaluate_all("found => found.map((one) => one.getBoundingClientRect().height)")
    assert min(heights) >= (44 if width == 390 else 24)

    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("しょうだ")
    page.keyboard.type("ん")
    expect(options.first).to_be_visible()
    options.filter(has_text="商談前の準備").click()
    page.wait_for_url("**/articles/*/")


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [(375, "ja", True), (375, "en", False), (1280, "ja", False), (1280, "en", True)],
)
def test_what_stands_above_the_results_is_accessible_and_fits(
    lee: User,
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    dark: bool,
    language: str,
) -> None:
    lee.language = language
    lee.save()
    page = page_as(lee, width=width, dark=dark)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, query in {
        "faq": "商談の記録はいつまでに書く？",
        "named": "商談",
        "meant": "Salesfroce",
        "doubtful": "商段",
    }.items():
        page.goto(f"/search/?q={query}", wait_until="networkidle")
        assert axe(page) == [], query
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        mode = "dark" if dark else "light"
        page.screenshot(path=PICTURES / f"search-{name}-{width}-{mode}-{language}.png")
    page.keyboard.press("Control+k")
    page.keyboard.type("商談")
    expect(page.locator(OPTIONS).first).to_be_visible()
    page.screenshot(path=PICTURES / f"search-palette-{width}-{'dark' if dark else 'light'}-{language}.png")


@pytest.mark.usefixtures("pages")
def test_the_box_works_without_script(lee: User, page_as: Callable[..., Page]) -> None:
    page = page_as(lee, javascript=False)
    page.goto("/articles/")
    page.locator(".topbar .searchbox input").fill("Salesfroce")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_contain_text("Salesforce")
    page.locator("a[href*='exactly=1']").click()
    expect(page.locator(".hit")).to_have_count(0)
