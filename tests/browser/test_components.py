"""The components page, in both modes and widths: photographed, judged by axe, nothing cut off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from config.env import BASE_DIR
from kb.accounts.models import User

# Where the photographs are kept, to be looked at after a change of the look.
PICTURES = BASE_DIR / "var" / "pictures"


@pytest.fixture(autouse=True)
def with_components(settings: Settings) -> None:
    """The page belongs to development; here it is always there."""
    settings.ROOT_URLCONF = "tests.browser.addresses"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_part_is_accessible_and_nothing_is_cut_off(
    sato: User,
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    dark: bool,
    language: str,
) -> None:
    sato.language = language
    sato.save()
    page = page_as(sato, width=width, dark=dark)
    page.goto("/components/", wait_until="networkidle")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(
        path=PICTURES / f"components-{width}-{'dark' if dark else 'light'}-{language}.png", full_page=True
    )


def test_a_term_opens_its_card_by_pointing_by_keyboard_and_by_pressing(
    sato: User, page_as: Callable[..., Page]
) -> None:
    page = page_as(sato)
    page.route(
        "**/glossary/1/card/",
        lambda route: route.fulfill(body="<h2 class='term-card-word'>TCO</h2><a href='#'>on</a>"),
    )
    page.goto("/components/", wait_until="networkidle")
    term, card = page.locator("a.term[data-term='1']"), page.locator("#term-card")
    term.hover()
    expect(card).to_be_visible()
    expect(card).to_contain_text("TCO")
    page.mouse.move(2, 2)
    expect(card).to_be_hidden()
    term.click()
    expect(card).to_be_visible()
    page.mouse.move(2, 2)
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(term).to_be_focused()
    expect(term).to_have_attribute("aria-expanded", "false")


def test_a_term_that_cannot_be_loaded_is_followed_as_a_link(sato: User, page_as: Callable[..., Page]) -> None:
    page = page_as(sato)
    page.route("**/glossary/1/card/", lambda route: route.fulfill(status=404, body=""))
    page.goto("/components/", wait_until="networkidle")
    term = page.locator("a.term[data-term='1']")
    term.evaluate("term => term.setAttribute('href', '/components/?theme=dark')")
    with page.expect_request("**/glossary/1/card/"):
        term.click()
    expect(page).to_have_url(re.compile(r"/components/\?theme=dark$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_ctrl_k_opens_the_search_and_arrow_keys_choose(sato: User, page_as: Callable[..., Page]) -> None:
    page = page_as(sato)
    offered = "<ul role='listbox'><li role='none'><a role='option' id='s-1' href='/components/?theme=dark'>失注</a></li></ul>"
    page.route(
        "**/search/suggest/**",
        lambda route: route.fulfill(body=offered, content_type="text/html; charset=utf-8"),
    )
    page.goto("/components/", wait_until="networkidle")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type("失")
    expect(page.locator("#palette [role='option']")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette [role='option']")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/components/?theme=dark")


def test_a_line_chosen_before_the_answer_to_the_last_letter_stays_chosen(
    sato: User, page_as: Callable[..., Page]
) -> None:
    waiting: list[Route] = []

    def answer(route: Route, *names: str) -> None:
        line = "<li role='none'><a role='option' id='s-{0}' href='/components/?line={0}'>{0}</a></li>"
        lines = "".join(line.format(name) for name in names)
        route.fulfill(body=f"<ul role='listbox'>{lines}</ul>", content_type="text/html; charset=utf-8")

    page = page_as(sato)
    page.route("**/search/suggest/**", lambda route: waiting.append(route))  # noqa: PLW0108 - a builtin takes no mark
    page.goto("/components/", wait_until="networkidle")
    with page.expect_request("**/search/suggest/**"):
        page.keyboard.press("Control+k")
    answer(waiting.pop(), "a", "b")
    expect(page.locator("#palette [role='option']")).to_have_text(["a", "b"])
    with page.expect_request("**/search/suggest/**"):
        page.keyboard.type("失")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    answer(waiting.pop(), "c", "b", "d")
    expect(page.locator("#palette [role='option']")).to_have_text(["c", "b", "d"])
    expect(page.locator("#palette [aria-selected='true']")).to_have_text("b")
    page.keyboard.press("Enter")
    page.wait_for_url("**/components/?line=b")


def test_everything_stands_without_script(sato: User, page_as: Callable[..., Page]) -> None:
    page = page_as(sato, javascript=False)
    page.goto("/components/")
    expect(page.locator(".needs-js").first).to_be_hidden()
    page.locator(".who").click()
    expect(page.locator("#user-menu")).to_be_visible()
