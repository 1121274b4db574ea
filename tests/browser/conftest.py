"""What browser tests ask for: the system's Chromium, pages of people who are signed in, and axe's judgement."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from kb.accounts.models import User

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the page under test: no first-run pages, no updates, no calls home. Root may not use the sandbox.
CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
TOLERATED = "Failed to load resource"  # a page that answers 404 on purpose says so here, too
PHONE, DESK = 390, 1280


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def database_beside_the_browser() -> None:
    """Playwright keeps an event loop in this thread; Django then needs to be told that its queries are meant."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session", autouse=True)
def collected_files() -> None:
    """The live server starts once, before a test has its own home, and wants the folder to be there."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = [path for path in map(shutil.which, CHROMIUM_NAMES) if path]
    if not found:
        pytest.skip("there is no Chromium here: apt-get install chromium fonts-noto-cjk")
    if not AXE.exists():
        pytest.skip("there are no browser packages here: npm ci --ignore-scripts")
    return {**browser_type_launch_args, "executable_path": found[0], "args": CHROMIUM_FLAGS}


@pytest.fixture
def complaints() -> list[str]:
    """What the pages of this test said in the browser's console: failed scripts, refused styles."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a context of its own: `open_page(user=None, width=1280, dark=False, javascript=True)`.

    The test fails afterwards when a page's script failed or met the Content-Security-Policy.
    """
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and TOLERATED not in message.text:
            complaints.append(message.text)

    def enter(
        user: User | None = None,
        *,
        width: int = DESK,
        dark: bool = False,
        language: str = "ja",
        javascript: bool = True,
        touch: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 844 if width == PHONE else 800},
            color_scheme="dark" if dark else "light",
            locale=language,
            java_script_enabled=javascript,
            has_touch=touch,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        if user is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", note)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page_as(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page as one of the cast: `page_as(lee)`, `page_as(lee, width=390, dark=True)`."""
    return open_page


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def axe(complaints: list[str]) -> Callable[[Page], list[str]]:
    """Ask axe-core what is wrong with a page; one line for each place, an empty list for a page that is fine."""

    def judge(page: Page) -> list[str]:
        said = len(complaints)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
        del complaints[said:]  # axe probes with inline styles, which our policy refuses: no fault of the page
        return [
            f"{violation['id']}: {violation['help']} — {node['html'][:200]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return judge
