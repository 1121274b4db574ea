"""Nothing a writer types can harm the page or its readers."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markup import render
from kb.markup.anchors import FOOTNOTE, HEADING, REFERENCE
from kb.markup.cleaning import ALWAYS, ATTRIBUTES, CLASSES, TAGS, VALUES, clean
from kb.markup.composing import composed
from kb.markup.outline import outlined


class _Inspector(HTMLParser):
    """Fails at the first thing that is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        if tag not in ("br", "hr", "img", "input", "wbr", "col"):
            self.open.append(tag)
        for name, written in attrs:
            value = written or ""
            if name == "class":
                assert set(value.split()) <= CLASSES[tag]
            elif name in VALUES.get(tag, {}):
                assert value in VALUES[tag][name]
            elif name in ALWAYS.get(tag, {}):
                assert value == ALWAYS[tag][name]
            elif name == "rel":
                assert (tag, value) == ("a", "noopener noreferrer")
            else:
                assert name in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
            self.check_value(tag, name, value)

    def check_value(self, tag: str, name: str, value: str) -> None:
        # as a browser reads it: control characters do not count, nor do spaces in front
        found = re.match(r"\s*([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x1f]", "", value.lower()))
        scheme = found[1] if found else ""
        if name == "href":
            assert scheme in ("", "http", "https", "mailto", "tel"), value
        elif name == "src":
            assert scheme in ("", "http", "https"), value
        elif name == "id":
            assert value.startswith((HEADING, FOOTNOTE, REFERENCE))
            self.ids.append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def inspect(html: str) -> _Inspector:
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    assert not inspector.open
    assert len(set(inspector.ids)) == len(inspector.ids)
    return inspector


PIECES = r"""
# |## a {#x}|- [ ] |- |1. |> |> [!NOTE]|```js\n|~~~|**|*|_|~~|`|[|](|)|![|[^1]|\n[^1]: |^[|\n: |<|>|<b>|</b>|<i id=x>
<a href=|<a name=x>|javascript:alert(1)|data:text/html,x|"|'|<img src=| onerror=alert(1) |<script>|</script>|<style>|<!--|-->
<svg onload=x>|<math>|<table>|<tr>|<td>|</table>|<p>|</p>|<div class='callout x' id=term-card>|</div>|<h1>|</h1>
<h3 id='h-a'>|<input type=text>|<form>|<iframe src='javascript:x'>|<textarea>|<pre>|<ruby>|<rt>|<details>|<summary>
https://a.b|&lt;|&#x6a;avascript:|{#x}|\|\n|\n\n|    |商談|「|」|。|a| |<a title='><h2 id=q>'>|<li>|<ul>|<section>
<span class='k navbar'>|\n|a|b\n|-|-\n
"""
PIECE = st.sampled_from(
    [piece.replace("\\n", "\n") for line in PIECES.strip("\n").split("\n") for piece in line.split("|")]
    + ["|", "|a|b|\n|-|-|\n|c|"]
)


@given(st.lists(PIECE | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_is_written_the_page_holds_only_what_is_allowed(source: str) -> None:
    html, text, headings = composed(source.encode("utf-8", "replace").decode().replace("\x00", ""))
    inspector = inspect(html)
    assert clean(html) == html
    assert [heading.id for heading in headings if heading.id not in inspector.ids] == []
    assert all(2 <= heading.level <= 6 for heading in headings)
    assert "<h1" not in html
    assert "\x00" not in text


@given(st.text())
def test_plain_words_survive(words: str) -> None:
    words = "".join(character for character in words if character.isalnum())
    assert words in composed(f"始{words}終")[1]


def test_no_id_of_the_page_around_can_be_taken() -> None:
    html = composed('<h2 id="term-card">x</h2>\n\n<p id="main">y</p>\n\n## z {#term-card}')[0]
    assert inspect(html).ids == ["h-term-card", "h-main", "h-term-card-1"]


def test_outlining_twice_changes_nothing_but_the_frame_of_tables() -> None:
    html, headings = outlined(clean("<h1>一</h1><h1>一</h1>"))
    assert outlined(html) == (html, headings)


@pytest.mark.real_data
def test_naughty_strings_render_safely(real_data: Path) -> None:
    for text in json.loads((real_data / "hostile/blns/blns.json").read_text("utf-8")):
        rendered = render(text)
        inspect(rendered.html)
        assert not rendered.plain


@pytest.mark.real_data
def test_the_inputs_of_another_sanitiser_render_safely(real_data: Path) -> None:
    files = sorted((real_data / "hostile/bleach_tests").glob("*.test"))
    assert files
    for file in files:
        html = render(file.read_text("utf-8").split("\n--\n", 1)[0]).html
        inspect(html)
        assert "<script" not in html.lower()


def test_a_word_processors_file_renders_safely() -> None:
    source = r"{\rtf1\ansi{\fonttbl\f0\fswiss Helvetica;}\f0\pard {\*\generator x}\u21830?\par }" * 200
    rendered = render(source)

    assert not inspect(rendered.html).ids
    assert not rendered.plain
    # It is text like any other: all of it stands there, but for the backslash before a mark.
    assert rendered.text == source.replace("\\*", "*")


HOSTILE = """[ ![ ]( []( *a␠ _a >␠ -␠ ` < <a␠ <b> <div> <!-- & |a [^a] ^[ \\ ~~a #␠a⏎ ```⏎ <details>⏎⏎ <table><tr><td>
<script> <a␠b=' a. http://a :// "' a|b⏎-|-⏎ [a]:␠b⏎ {# \u202e ：⏎ term⏎:␠a⏎""".split()


@pytest.mark.parametrize("piece", [piece.replace("␠", " ").replace("⏎", "\n") for piece in HOSTILE])
def test_forty_kilobytes_of_anything_render_safely_in_time(piece: str) -> None:
    rendered = render(piece * (40_000 // len(piece)))
    inspect(rendered.html)
    assert rendered.took < 8  # the limit of 3 s, and the start of another child on a busy machine


@pytest.mark.parametrize("piece", ["[", "![", "[](", "*a ", "<a ", "> ", "- ", "[^1]"])
def test_forty_kilobytes_of_one_mark_are_rendered_whole(piece: str) -> None:
    rendered = render(piece * (40_000 // len(piece)))
    assert not rendered.plain


@pytest.mark.real_data
def test_the_largest_pages_render_whole_in_well_under_the_limit(real_data: Path) -> None:
    pages = sorted(
        (real_data / "handbooks/gitlab_ja_marketing").rglob("*.md"), key=lambda page: page.stat().st_size
    )
    largest = "\n\n".join(page.read_text("utf-8") for page in pages[-2:])
    assert len(largest.encode()) > 323_000
    rendered = render(largest)
    assert not rendered.plain
    assert rendered.took < 2
