"""What templates ask of the look."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from config import moments
from config.assets import (
    NODE_MODULES,
    NPM_FILES,
    HtmxFinder,
    NpmFinder,
    UnknownIcon,
    icons_used,
    modules,
    sprite,
    sprite_path,
)
from config.components import LONG_TITLE, LONG_WORD
from config.env import BASE_DIR
from config.navigation import ROOMS
from config.templatetags import look
from kb.accounts.models import User

STYLES = BASE_DIR / "static" / "css"
SCRIPTS = BASE_DIR / "static" / "js"


def shown(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_an_icon_is_drawn_from_the_sprite_and_hidden_from_readers_aloud() -> None:
    drawn = shown('{% icon "search" %}')
    assert 'img/icons.svg#search"' in drawn
    assert 'aria-hidden="true"' in drawn


with_packages = pytest.mark.skipif(
    not NODE_MODULES.is_dir(), reason="the browser's packages are not here: run ./run setup, or npm ci"
)


@with_packages
def test_every_icon_in_use_is_in_lucide() -> None:
    used = icons_used()
    assert {"search", "house", "file-text"} <= set(used)
    drawn = sprite(used)
    assert drawn.count("<symbol ") == len(used)


def test_a_misspelt_icon_is_named_with_the_file_that_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.assets.icons_used", lambda: {"serach": "templates/home.html"})
    with pytest.raises(CommandError, match=r"templates/home.html asks for the icon “serach”"):
        call_command("assets")


def test_the_sprite_refuses_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownIcon):
        sprite(["house"], folder=tmp_path)


@with_packages
def test_only_listed_files_of_packages_are_served() -> None:
    finder = NpmFinder()
    assert finder.find("npm/bootstrap/bootstrap.min.css")
    assert finder.find("npm/bootstrap/../../package.json") is None
    assert finder.find("npm/bootstrap/bootstrap.css") is None
    assert HtmxFinder().find("django_htmx/htmx-2.min.js")
    assert {name for name, _storage in finder.list(None)} == {*NPM_FILES, "img/icons.svg"}
    assert sprite_path().exists()


@with_packages
def test_many_files_asked_for_at_once_before_the_sprite_is_built_are_all_served() -> None:
    together = Barrier(8)

    def ask(_number: int) -> object:
        together.wait()
        return NpmFinder().find("npm/bootstrap/bootstrap.min.css")

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))
    assert [path.name for path in sprite_path().parent.iterdir()] == ["icons.svg"]


def test_every_script_and_package_can_be_imported_by_its_name() -> None:
    own = {f"kotohashi/{path.stem}" for path in SCRIPTS.glob("*.js")}
    assert own <= set(modules())
    imported = set()
    for path in SCRIPTS.glob("*.js"):
        imported |= set(
            re.findall(r"""(?:from|import)\s*\(?\s*"([^"]+)\"""", path.read_text(encoding="utf-8"))
        )
    assert imported <= set(modules())


def test_the_import_map_carries_the_nonce_and_nothing_else_is_inline() -> None:
    request = RequestFactory().get("/")
    request.csp_nonce = "abc"  # type: ignore[attr-defined]
    written = shown("{% import_map %}", request=request)
    assert written.startswith('<script type="importmap" nonce="abc">')
    for path in (BASE_DIR / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style", text), path
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert "src=" in attributes, path


def test_scripts_are_short_and_guard_conversion_where_they_read_keys() -> None:
    for path in SCRIPTS.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 60, path
        assert text.startswith("//"), path
        if '"keydown"' in text:
            assert "isComposing" in text, path


def test_colours_are_named_once() -> None:
    """A colour outside tokens.css (and of code, and of paper) would not follow the reader's mode."""
    for path in STYLES.glob("*.css"):
        if path.name not in ("tokens.css", "code.css", "print.css"):
            text = path.read_text(encoding="utf-8").replace("light-dark(#c9dcf0, #2f4a68)", "")
            assert not re.search(r"#[0-9a-f]{3,8}\b(?!\")", text), path


def test_sizes_of_type_come_from_the_scale() -> None:
    for path in STYLES.glob("*.css"):
        if path.name in ("tokens.css", "print.css"):
            continue
        for size in re.findall(r"font-size:\s*([^;}]+)", path.read_text(encoding="utf-8")):
            assert re.fullmatch(r"var\(--t-[\w]+\)|inherit|\.6em|\.9em", size.strip()), (path.name, size)


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("佐藤 美咲", "佐"),
        ("Misaki Sato", "S"),
        ("sato", "S"),
        ("李 ハナ", "李"),
        ("", "?"),
        ("Émile Zola", "Z"),
    ],
)
def test_an_avatar_shows_the_family_name(name: str, letter: str) -> None:
    assert look.initial(name) == letter


def test_moments_are_told_as_a_colleague_would() -> None:
    now = timezone.localtime()
    noon_yesterday = (now - dt.timedelta(days=1)).replace(hour=12)
    with translation.override("en"):
        assert moments.when(now - dt.timedelta(seconds=3)) == "just now"
        assert moments.when(noon_yesterday) == "yesterday"
        assert moments.when(now.date()) == "today"
        assert moments.when(None) == ""
        assert moments.day(dt.date(2026, 11, 2)) == "2 November 2026"
        assert moments.when(dt.date(2001, 5, 4)) == "4 May 2001"
    with translation.override("ja"):
        assert moments.day(dt.date(2026, 11, 2)) == "2026年11月2日"


def test_a_foreign_text_says_its_language() -> None:
    with translation.override("ja"):
        assert look.lang_of("en") == ' lang="en"'
        assert look.lang_of("ja") == ""
        assert look.lang_of(None) == ""


def test_filters_are_kept_when_another_is_switched() -> None:
    request = RequestFactory().get("/search/", {"q": "失注", "kind": ["faq", "news"], "page": "3"})
    assert "kind=news" in shown('{% toggle_query "kind" "faq" %}', request=request)
    assert "kind=faq" not in shown('{% toggle_query "kind" "faq" %}', request=request)
    assert "page=" not in shown('{% toggle_query "kind" "term" %}', request=request)
    assert "kind=term" in shown('{% toggle_query "kind" "term" %}', request=request)
    assert "page=2" in shown("{% with_query page=2 %}", request=request)


def test_pages_are_links_that_keep_the_search() -> None:
    request = RequestFactory().get("/search/", {"q": "失注"})
    html = shown("{% pagination 2 15 %}", request=request)
    assert 'rel="prev"' in html
    assert "page=15" in html
    assert html.count('aria-current="page"') == 1
    assert shown("{% pagination 1 1 %}", request=request).strip() == ""


def test_the_breadcrumb_ends_where_one_is() -> None:
    html = shown('{% crumbs "Pages" "/articles/" name %}', name="<b>")
    assert '<a href="/articles/">Pages</a>' in html
    assert "&lt;b&gt;" in html
    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/", "home"),
        ("/articles/", "pages"),
        ("/articles/?kind=faq", "faq"),
        ("/articles/new/", "write"),
        ("/g/TCO/", "glossary"),
        ("/accounts/profile/", ""),
    ],
)
def test_the_address_tells_the_room(path: str, room: str) -> None:
    assert look.current_room(RequestFactory().get(path)) == room


def test_rooms_are_listed_for_those_who_may_enter(ito: User, takahashi: User) -> None:
    def keys(user: User, place: str) -> set[str]:
        context = Context({"user": user, "request": RequestFactory().get("/")})
        return set(re.findall(r"#([a-z-]+)", look.rooms(context, place)))

    reader, administrator = ito, takahashi
    people = next(room.icon for room in ROOMS if room.key == "people")
    write = next(room.icon for room in ROOMS if room.key == "write")
    assert people in keys(administrator, "side")
    assert people not in keys(reader, "side")
    assert write in keys(administrator, "phone")
    assert write not in keys(reader, "phone")


class Wish(forms.Form):
    """A form with a field of each sort."""

    title = forms.CharField(help_text="Short.")
    note = forms.CharField(required=False)
    readers = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    sure = forms.BooleanField()


def test_a_form_with_mistakes_lists_them_on_top_as_links() -> None:
    form = Wish({"note": "kept"})
    form.add_error(None, "All of it.")
    with translation.override("en"):
        html = shown('{% include "components/_form.html" with submit="Save" %}', form=form)
    assert "4 places" in html
    for target in ("#id_title", "#id_readers_0", "#id_sure"):
        assert f'href="{target}"' in html
    assert html.count("All of it.") == 1
    assert 'tabindex="-1" autofocus' in html
    assert 'value="kept"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_optional_fields_are_marked_and_help_stands_before_the_control() -> None:
    with translation.override("en"):
        html = shown('{% include "components/_form.html" %}', form=Wish())
    assert html.count('class="optional"') == 1
    assert html.index("Short.") < html.index('name="title"')
    assert "asterisk" not in html


def test_the_samples_of_long_text_are_as_long_as_they_say() -> None:
    assert len(LONG_TITLE) == 120
    assert len(LONG_WORD) == 40
