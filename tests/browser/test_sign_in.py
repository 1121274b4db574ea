"""Signing in and people's pages, in a browser: what one sees, presses and hears."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb.accounts.actions import Details, add_person, departments_named, set_password
from kb.accounts.models import User

PASSWORD = "tonari-no-ringi-7"
DESK, PHONE = 1280, 390
Open = Callable[..., Page]
Axe = Callable[[Page], list[str]]


@pytest.fixture
def hana(lee: User) -> User:
    """Lee, with a password."""
    set_password(lee, by=None, password=PASSWORD)
    return lee


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(DESK, False, "ja"), (DESK, True, "en"), (PHONE, True, "ja"), (PHONE, False, "en")],
)
def test_the_sign_in_page_reads_well(
    open_page: Open, axe: Axe, cast: dict[str, User], width: int, dark: bool, language: str
) -> None:
    page = open_page(width=width, dark=dark)
    page.goto("/accounts/login/")
    if language == "en":
        page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert axe(page) == []
    assert fits(page)
    page.get_by_role("button", name="サインイン" if language == "ja" else "Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert axe(page) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_colleague_signs_in_by_typing(open_page: Open, hana: User, javascript: bool) -> None:
    page = open_page(javascript=javascript)
    page.goto("/accounts/profile/")
    page.get_by_label("メールアドレスまたはユーザー名").fill("lee")
    page.locator("#id_password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("組み合わせが違います")
    expect(page.get_by_label("メールアドレスまたはユーザー名")).to_have_value("lee")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="プロフィール")).to_be_visible()


def test_the_eye_shows_what_was_typed(open_page: Open, db: None) -> None:
    page = open_page()
    page.goto("/accounts/login/")
    field, eye = page.locator("#id_password"), page.get_by_role("button", name="パスワードを表示する")
    field.fill(PASSWORD)
    eye.click()
    expect(field).to_have_attribute("type", "text")
    expect(eye).to_have_attribute("aria-pressed", "true")
    eye.click()
    expect(field).to_have_attribute("type", "password")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_demo_person_is_entered_as_with_one_click(
    open_page: Open, cast: dict[str, User], javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    page.goto("/accounts/profile/")
    page.get_by_role("button", name="伊藤 蓮").click()
    expect(page.get_by_role("heading", name="プロフィール")).to_be_visible()
    expect(page.get_by_label("名前", exact=True)).to_have_value("伊藤 蓮")


def test_a_person_turns_the_site_dark_and_english(page_as: Open, axe: Axe, lee: User) -> None:
    page = page_as(lee)
    page.goto("/accounts/profile/")
    assert axe(page) == []
    page.get_by_label("暗い").check()
    page.get_by_label("English").check()
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert axe(page) == []


def test_an_administrator_adds_somebody_and_passes_the_link_on(
    page_as: Open, axe: Axe, takahashi: User
) -> None:
    page = page_as(takahashi)
    page.goto("/people/")
    assert axe(page) == []
    page.get_by_role("link", name="人を加える").click()
    page.get_by_label("名前", exact=True).fill("山田 彩")
    page.get_by_label("ユーザー名").fill("aya")
    page.get_by_label("執筆者").check()
    assert axe(page) == []
    page.get_by_role("button", name="保存する").click()
    page.get_by_role("button", name="リンクを作る").click()
    assert axe(page) == []
    link = page.get_by_label("リンク", exact=True).input_value()
    page.context.clear_cookies()
    page.goto(link)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    assert axe(page) == []
    page.get_by_role("button", name="パスワードを保存する").click()
    page.get_by_role("link", name="サインイン").click()
    page.get_by_label("メールアドレスまたはユーザー名").fill("aya")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="サインイン", exact=True)).to_have_count(0)
    assert User.objects.get(username="aya").last_login


@pytest.mark.parametrize("path", ["/people/", "/people/departments/", "/people/new/"])
@pytest.mark.parametrize(("width", "dark"), [(PHONE, True), (DESK, False)])
def test_long_names_stay_inside_the_page(
    page_as: Open, axe: Axe, takahashi: User, path: str, width: int, dark: bool
) -> None:
    departments = departments_named(["とても長い名前の部門" * 8, "x" * 90], by=None)
    add_person(
        by=None, details=Details(username="y" * 150, display_name="محمد" + "長" * 90, departments=departments)
    )
    page = page_as(takahashi, width=width, dark=dark)
    page.goto(path)
    assert fits(page)
    assert axe(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-abc/",
        "/accounts/inactive/",
    ],
)
def test_the_pages_around_a_forgotten_password_read_well(
    open_page: Open, axe: Axe, db: None, path: str
) -> None:
    for width, dark in ((PHONE, False), (DESK, True)):
        page = open_page(width=width, dark=dark)
        page.goto(path)
        assert fits(page)
        assert axe(page) == []
