"""What of a page is text, and where nothing is linked."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.glossary.passages import read_html, read_markdown

MARKDOWN = """---
title: SSO
---
first
# heading
Title
=====
`code` [link](https://x.example) <https://y.example> https://z.example a@b.example
<code>c</code> <a href="q">d</a> <h2>e</h2>

    indented

- item
    continued

```
fenced
```
last"""


def test_headings_code_and_links_of_markdown_are_zones() -> None:
    found = read_markdown(MARKDOWN)
    told = [(MARKDOWN[start:end].strip(), reason) for start, end, reason in found.zones]
    assert told == [
        ("---\ntitle: SSO\n---", "code"),
        ("# heading", "heading"),
        ("Title\n=====", "heading"),
        ("`code`", "code"),
        ("[link](https://x.example)", "link"),
        ("<https://y.example>", "link"),
        ("https://z.example", "link"),
        ("a@b.example", "link"),
        ("<code>c</code>", "code"),
        ('<a href="q">d</a>', "link"),
        ("<h2>e</h2>", "heading"),
        ("indented", "code"),
        ("```\nfenced\n```", "code"),
    ]
    assert [MARKDOWN[at : at + 5] for at in found.sections] == ["# hea", "Title", "<h2>e"]


@given(st.text(alphabet=st.sampled_from("a `[]()<>#=-\n~|*_!/\"'&;:.h1x\t稟"), max_size=120))
def test_zones_of_any_markdown_stand_in_order_and_apart(source: str) -> None:
    found = read_markdown(source)
    end = 0
    for begin, close, _reason in found.zones:
        assert end <= begin < close <= len(source)
        end = close
    assert found.sections == sorted(found.sections)


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "`",
        "`a",
        "<a ",
        "![[",
        "    x\n",
        "[a](b",
        "a@",
        "<h1>",
        "- x\n    y\n",
        "x\n===\n",
        "&amp;",
        "<a '",
        "> ",
        "|",
        "~~~\n",
    ],
)
def test_hostile_text_is_read_in_time(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    begin = time.perf_counter()
    read_markdown(text)
    read_html(text)
    assert time.perf_counter() - begin < 3


def test_words_are_put_together_across_inline_tags_and_parted_by_blocks() -> None:
    page = read_html("<p>デー<b>タ</b>ベース</p><p>x</p>")
    assert page.text == "\nデータベース\n\nx\n"


def test_a_place_in_the_text_leads_back_to_the_html() -> None:
    html = "<p>a &amp; b &lt;<i>c</i></p>"
    page = read_html(html)
    at = page.text.index("b")
    assert page.span(at, at + 1) == (html.index("b"), html.index("b") + 1)
    ampersand = page.text.index("&")
    assert page.span(ampersand, ampersand + 1) == (html.index("&amp;"), html.index(" b"))
    assert page.span(page.text.index("<"), page.text.index("c") + 1) is None


def test_headings_code_and_links_of_html_are_zones() -> None:
    html = '<h2 title="a > b">A</h2><p>b <a href="#">c <code>d</code></a> e</p><pre><code>f</code></pre><summary>g</summary>'
    page = read_html(html)
    assert [(page.text[start:end].strip(), zone) for start, end, zone in page.zones] == [
        ("A", "heading"),
        ("c d", "link"),
        ("f", "code"),
        ("g", "link"),
    ]
    assert len(page.sections) == 1
