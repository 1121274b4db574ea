"""Texts that others wrote: the cases of CommonMark, and handbooks."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import nh3
import pytest

from kb.markup.composing import composed


def html_of(source: str) -> str:
    return composed(source)[0]


@pytest.mark.real_data
@pytest.mark.parametrize("handbook", ["gitlab_ja_marketing", "sourcegraph"])
def test_every_japanese_word_of_a_handbook_can_be_found(real_data: Path, handbook: str) -> None:
    pages = sorted((real_data / "handbooks" / handbook).rglob("*.md"))
    assert pages
    lost = {
        (page.name, word)
        for page in pages
        for word in _words_missing(page.read_text("utf-8").split("\n---\n", 1)[-1])
    }
    assert lost == set()


def _words_missing(source: str) -> set[str]:
    """Runs of kana and kanji that are in the source's prose but not in the text for the index."""
    text = "".join(composed(source)[1].split())
    for unread in (
        r"\{\{[<%].*?[%>]\}\}",
        r"<!--.*?-->",
        r"<[a-zA-Z/][^<>]*>",
        r"\]\([^()\s]*\s*(?:\"[^\"]*\")?\)",
    ):
        source = re.sub(unread, " ", source, flags=re.DOTALL)
    return {
        word
        for word in re.findall("[\u3041-\u3096\u30a1-\u30fa\u30fc\u3005-\u3007\u3400-\u9fff]+", source)
        if word not in text
    }


def _shape(html: str) -> str:
    """HTML without the differences the specification allows, and without the levels of headings."""
    tags = set("p ul ol li blockquote pre code em strong a img h1 h2 h3 h4 h5 h6 hr br".split())
    attributes = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
    html = nh3.clean(html, tags=tags, attributes=attributes, link_rel=None)
    html = re.sub(r"(</?h)\d", r"\1", html)
    html = re.sub(r"\s*(</?(?:p|ul|ol|li|blockquote|pre|code|hr|h|br|img)\b[^>]*>)\s*", r"\1", html)
    html = re.sub(r"<(\w+)((?: \w+=\"[^\"]*\")+)>", _with_sorted_attributes, html)
    return " ".join(unquote(html).split())


def _with_sorted_attributes(tag: re.Match[str]) -> str:
    attributes = sorted(re.findall(r'[a-z]+="[^"]*"', tag[2]))
    return f"<{tag[1]} {' '.join(attributes)}>"


# Where we differ from CommonMark, by section. On purpose: tags nobody knows and broken ones stay readable, unclosed ones
# end with their paragraph, bare addresses are links and schemes other than http, mailto and tel are not, ids have a
# prefix, `[担当]: 佐藤` is text, images alone with a title are figures. For simplicity: the outer of two nested links
# wins, code between backticks wins over tags, alternative texts keep their marks, a lazy `===` underlines.
_DIFFERENT = {
    "Autolinks": 8,
    "Backslash escapes": 1,
    "Code spans": 5,
    "Emphasis and strong emphasis": 2,
    "Entity and numeric character references": 2,
    "HTML blocks": 11,
    "Hard line breaks": 2,
    "Images": 13,
    "Link reference definitions": 5,
    "Links": 17,
    "Raw HTML": 12,
    "Setext headings": 1,
}


@pytest.mark.real_data
def test_commonmark_is_understood(real_data: Path) -> None:
    cases = json.loads((real_data / "markdown/commonmark/commonmark-spec.json").read_text("utf-8"))
    different: dict[str, int] = {}
    for case in cases:
        if _shape(html_of(case["markdown"])) != _shape(case["html"]):
            different[case["section"]] = different.get(case["section"], 0) + 1
    assert different == _DIFFERENT
