"""Failed searches, questions and one's own searches in a real browser: legible, whole, told without a wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kb.accounts.models import User
from kb.glossary.actions import TermContent, save_term
from kb.search import actions
from kb.search.engines.base import Key
from kb.search.index import drain
from kb.search.models import AssignedQuestion, SearchLog
from kb.search.use import counted
from tests.factories import an_article

Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]
LONG = "supercalifragilisticexpialidocious株式会社の地域を全部まとめて呼ぶときの長い名前"


@pytest.fixture
def editor(sato: User, lee: User, mori: User) -> User:
    """Sato, among searches of three months, a question and a page."""
    now = timezone.now()
    for week in range(12):
        for number in range(14 if week % 5 else 3):
            at = now - timedelta(weeks=week, hours=number)
            SearchLog.objects.create(
                query="失注",
                normal="失注",
                viewer=lee,
                total=number % 9,
                created_at=at,
                opened_at=at if number % 3 else None,
            )
    for query in ("オフライン 利用", LONG, "SLA 返金"):
        for person in (lee, mori):
            SearchLog.objects.create(query=query, normal=query.lower(), viewer=person, total=0)
    an_article(lee, "返金の条件")
    save_term(by=sato, content=TermContent(preferred="返金"))
    drain()
    actions.assign_question(by=sato, query="SLA 返金", assigned_to=sato, note="法務に聞いてください。" * 6)
    actions.save_search(by=sato, name=LONG, address="q=失注")
    SearchLog.objects.create(query=LONG, normal="x", viewer=sato, total=1)
    return sato


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_read_the_pages(page_as: Open, editor: User, axe: Axe, width: int, dark: bool) -> None:
    page = page_as(editor, width=width, dark=dark)
    question = AssignedQuestion.objects.get().get_absolute_url()
    addresses = (
        "/search/failed/",
        "/search/failed/assign/?q=オフライン 利用",
        "/search/questions/",
        f"{question}?find=返金",
        "/search/",
        "/search/?q=返金",
        "/",
    )
    for address in addresses:
        page.goto(address)
        for summary in page.locator("summary:visible").all():
            summary.click()
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address
        assert axe(page) == [], address


def test_a_failed_search_becomes_a_question_and_is_answered(page_as: Open, editor: User) -> None:
    page = page_as(editor)
    page.goto("/search/failed/")

    page.get_by_role("row").filter(has_text="オフライン 利用").locator("a.more").click()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".rows")).to_contain_text("オフライン 利用")
    page.goto("/")
    page.get_by_role("link", name="SLA 返金").first.click()
    page.locator("main [name=find]").fill("返金")
    page.locator("main [name=find]").press("Enter")
    page.locator(".row-line").filter(has_text="返金の条件").get_by_role("button").click()

    expect(page.get_by_role("link", name="返金の条件")).to_be_visible()
    assert AssignedQuestion.objects.open().count() == 1


def test_what_is_opened_is_told_while_the_page_loads(page_as: Open, editor: User) -> None:
    page = page_as(editor)
    page.goto("/search/?q=返金")
    hits = page.locator(".hits [data-hit] h2").all_text_contents()
    page.get_by_role("link", name="返金の条件").click()

    expect(page.locator("h1")).to_have_text("返金の条件")
    # The browser does not say what became of a message sent while it left the page; the log does.
    for _look in range(200):
        search = SearchLog.objects.get(normal="返金")
        if search.opened_at:
            break
        page.wait_for_timeout(50)
    assert search.opened_at is not None
    assert search.opened_position == hits.index("返金の条件") + 1
    assert len(counted()) == 1


def test_a_page_counts_as_read_once_it_was_there_for_five_seconds(page_as: Open, lee: User) -> None:
    article = an_article(lee)
    page = page_as(lee)
    page.clock.install()
    page.goto(article.get_absolute_url())

    page.clock.run_for(4_900)
    assert counted() == {}
    with page.expect_response("**/search/read/") as told:
        page.clock.run_for(200)

    assert told.value.status == 204
    assert counted() == {Key("article", article.pk): 1}


def test_without_script_a_search_is_saved_and_one_clears_ones_history(page_as: Open, editor: User) -> None:
    page = page_as(editor, width=390, javascript=False)
    page.goto("/search/?q=返金&kind=term")

    page.locator(".search-kept summary").click()
    page.locator("#saved-name").fill("返金の用語")
    page.locator(".search-kept form button").click()
    expect(page.locator(".search-kept")).to_contain_text("返金の用語")
    page.goto("/search/")
    expect(page.get_by_role("link", name="返金の用語")).to_be_visible()
    page.locator(".card-head .link-button").click()

    expect(page.locator(".card-head .link-button")).to_have_count(0)
    assert not SearchLog.objects.filter(viewer=editor).exists()
