"""What the Markdown written here can do."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import nh3
import pytest

from kb.markup.composing import composed

ROOT = Path(__file__).resolve().parents[3]


def html_of(source: str) -> str:
    return composed(source)[0]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**初回**で決まる", "<p><strong>初回</strong>で決まる</p>\n"),
        ("**「初回」**は大切", "<p><strong>「初回」</strong>は大切</p>\n"),
        ("これは**「初回」**です", "<p>これは<strong>「初回」</strong>です</p>\n"),
        ("*（強調）*と~~「取消」~~の", "<p><em>（強調）</em>と<s>「取消」</s>の</p>\n"),
        ("3~5日、7~10日", "<p>3~5日、7~10日</p>\n"),
        ("snake_case_と_変数_", "<p>snake_case_と_変数_</p>\n"),
        ("** 空白 **は", "<p>** 空白 **は</p>\n"),
    ],
)
def test_emphasis_works_beside_japanese(source: str, html: str) -> None:
    assert html_of(source) == html


def test_a_line_broken_inside_a_japanese_sentence_leaves_no_gap() -> None:
    assert html_of("商談は\n**稟議**\nを待つ。\nBut English\ndoes.") == (
        "<p>商談は<strong>稟議</strong>を待つ。\nBut English\ndoes.</p>\n"
    )


def test_a_word_broken_over_two_lines_is_one_word_in_the_index() -> None:
    assert composed("マーケティ\nング部門")[1] == "マーケティング部門"


@pytest.mark.parametrize("spaces", [2, 3, 4])
def test_lists_nest_however_far_they_are_indented(spaces: int) -> None:
    assert (
        html_of(f"- 一\n{' ' * spaces}- 二").replace("\n", "") == "<ul><li>一<ul><li>二</li></ul></li></ul>"
    )


def test_a_list_may_follow_a_line_of_text() -> None:
    assert "<ul>" in html_of("次の三つ:\n- 一\n- 二")


def test_code_and_paragraphs_stay_inside_their_item() -> None:
    html = html_of("1. 一\n\n   段落\n\n   ```sh\n   code\n   ```\n2. 二").replace("\n", "")
    assert html.count("<ol") == 1
    assert '<p>段落</p><div class="highlight">' in html


def test_an_item_may_follow_a_deeper_list_that_began_after_a_gap() -> None:
    html = html_of("1. 一\n\n   - 内\n   - 内\n1. 二").replace("\n", "")
    assert html.count("<ol") == html.count("<ul") == 1
    assert html.endswith("</ul></li><li><p>二</p></li></ol>")


def test_a_gap_inside_a_deeper_list_leaves_the_outer_one_tight() -> None:
    html = html_of("- 外\n  - 内\n\n  - 内\n- 外").replace("\n", "")
    assert html == "<ul><li>外<ul><li><p>内</p></li><li><p>内</p></li></ul></li><li>外</li></ul>"


def test_a_list_begins_with_its_first_number() -> None:
    assert html_of("3. 三\n4. 四").startswith('<ol start="3">')
    assert html_of("前年は\n2019. の話") == "<p>前年は\n2019. の話</p>\n"


@pytest.mark.parametrize(
    ("block", "tag"),
    [
        ("- 次", "<ul>"),
        ("1. 次", "<ol>"),
        ("> 次", "<blockquote>"),
        ("## 次", "<h2 "),
        ("```\n次\n```", "<pre "),
        ("|次|\n|-|", "<table>"),
        ("<div>次</div>", "<div>"),
        ("***\n次", "<hr>"),
    ],
)
def test_a_block_may_follow_a_line_of_text(block: str, tag: str) -> None:
    html, text, _ = composed(f"文\n{block}")
    assert html.startswith("<p>文</p>\n")
    assert tag in html
    assert text == "文\n次"


def test_code_keeps_its_tabs_and_its_html() -> None:
    html = html_of("```make\nall:\n\techo <b>\n```")
    assert "\t" in html
    assert "&lt;b&gt;" in html
    assert "`" not in html_of("- 一\n\n  ```sh\n  - 二\n\n  > 三\n  ```")


def test_a_language_may_end_in_a_sharp_sign() -> None:
    assert [heading.text for heading in composed("## C#\n\nF#\n---")[2]] == ["C#", "F#"]


def test_two_callouts_in_a_row_stay_two() -> None:
    assert html_of("> [!NOTE]\n> a\n\n> [!TIP]\n> b").count("callout-title") == 2


def test_what_looks_like_the_name_of_a_link_but_has_no_address_is_text() -> None:
    assert composed("[担当]: 佐藤\n[期限]: 金曜")[1] == "[担当]: 佐藤 [期限]: 金曜"


def test_links_by_name_work_wherever_the_name_is_explained() -> None:
    html = html_of('[資料][1]と[価格表]\n\n[1]: https://example.com/a "題"\n[価格表]: /prices')
    assert '<a href="https://example.com/a" title="題" rel="noopener noreferrer">資料</a>' in html
    assert '<a href="/prices" rel="noopener noreferrer">価格表</a>' in html


def test_nothing_that_is_put_away_can_be_called_from_outside() -> None:
    for forged in ("\x02wzxhzdk:0\x03", "\x02klzzwxh:0000\x03", "\x0238\x03"):
        assert composed(f"<b>一</b> {forged} `二`")[1].count("一") == 1


def test_a_table_has_headings_and_alignment() -> None:
    html = html_of("| 項目 | 当社 |\n|---|--:|\n| 利用料 | 1,080 |")
    assert '<div class="table-scroll" tabindex="0"><table>' in html
    assert '<th scope="col">項目</th>' in html
    assert '<td class="align-right">1,080</td>' in html


def test_no_cell_of_a_long_row_is_lost() -> None:
    assert composed("|a|b|\n|-|-|\n|1|2|商談|\n\n後")[1] == "a b\n1 2 商談\n後"


def test_a_task_is_one_label_that_cannot_be_clicked() -> None:
    html = html_of("- [x] 電話番号を*今月*のものに\n- [ ] 日を押さえた")
    assert '<ul class="task-list">' in html
    assert (
        '<li class="task-list-item"><label><input checked="" type="checkbox" disabled=""> 電話番号を<em>今月</em>のものに</label></li>'
        in html
    )
    assert '<label><input type="checkbox" disabled=""> 日を押さえた</label>' in html


@pytest.mark.parametrize(
    ("source", "kind", "title"),
    [
        ("> [!NOTE]\n> Read it.", "note", "Note"),
        ("> [!note] Read it.", "note", "Note"),
        ("> [!NOTE]\n> 読んでください。", "note", "補足"),
        ("> [!WARNING]\n>\n> 日付を確かめてください。", "warning", "注意"),
        ("> [!注意]\n> 日付を確かめてください。", "warning", "注意"),
        ("> [!補足] 読んでください。", "note", "補足"),
        ("> [!ヒント]\n> 読んでください。", "tip", "ヒント"),
        ("> [!重要]\n> 読んでください。", "important", "重要"),
        ("> [!CAUTION]", "caution", "Caution"),
    ],
)
def test_a_quote_with_a_marker_is_a_callout(source: str, kind: str, title: str) -> None:
    html, text, _ = composed(source)
    assert html.startswith(
        f'<div class="callout callout-{kind}" role="note">\n<p class="callout-title">{title}</p>'
    )
    assert "[!" not in text


def test_a_page_comes_out_the_same_in_every_process() -> None:
    source = "- [x] 一\n\n![図](a.png)<img src='a' width=1 height=2 alt=x><td align=left colspan=2>[リンク](b \"題\")"
    code = f"from kb.markup.composing import composed; import sys; sys.stdout.buffer.write(composed({source!r})[0].encode())"
    runs = {
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout
        for _ in range(4)
    }
    assert len(runs) == 1


def test_an_unknown_marker_is_a_quote() -> None:
    assert html_of("> [!謎]\n> 文").startswith("<blockquote>")


def test_code_is_coloured_by_classes_and_scrolls_by_keyboard() -> None:
    html = html_of("```python\nreturn 1\n```")
    assert html.startswith('<div class="highlight"><pre tabindex="0"><code><span class="k">return</span>')
    assert html_of("```見知らぬ言語\n商談 <b>\n```") == (
        '<div class="highlight"><pre tabindex="0"><code>商談 &lt;b&gt;\n</code></pre></div>\n'
    )


def test_an_image_loads_when_it_is_reached() -> None:
    assert html_of("![体制図](a.png)と") == '<p><img alt="体制図" src="a.png" loading="lazy">と</p>\n'


def test_an_image_alone_with_a_title_is_a_figure() -> None:
    assert html_of('![体制図](a.png "図1 稟議書の体制図")') == (
        '<figure><img alt="体制図" src="a.png" loading="lazy"><figcaption>図1 稟議書の体制図</figcaption></figure>\n'
    )


def test_footnotes_stand_at_the_end_also_those_nothing_refers_to() -> None:
    html, text, _ = composed("受注率[^1]は上がった[^1]。\n\n[^1]: 暫定値\n[^2]: 参照なし")
    assert (
        '受注率<sup><a class="footnote-ref" href="#fn-1" id="fnref-1" rel="noopener noreferrer">[1]</a></sup>は'
        in html
    )
    assert 'id="fnref-1-2"' in html
    assert '<li id="fn-2">\n<p>参照なし</p>' in html
    assert text == "受注率は上がった。\n暫定値\n参照なし"


def test_terms_are_defined() -> None:
    html = html_of("稟議\n: 承認の手続き\n商談\n: 売り込みの話")
    assert "<dt>稟議</dt>\n<dd>承認の手続き</dd>\n<dt>商談</dt>\n<dd>売り込みの話</dd>" in html
    assert html_of("稟議\n\n: 承認の\n\n    手続き").count("<p>") == 2


@pytest.mark.parametrize(
    ("source", "address", "after"),
    [
        ("詳細はhttps://example.com/a_b_cを参照", "https://example.com/a_b_c", "を参照"),
        ("（https://example.com/）", "https://example.com/", "）"),
        ("(https://example.com/x_(y)).", "https://example.com/x_(y)", ")."),
        ("**https://example.com**", "https://example.com", "</strong>"),
        ("https://example.com/?a=1&b=2, then", "https://example.com/?a=1&amp;b=2", ", then"),
    ],
)
def test_a_bare_address_is_a_link_up_to_its_end(source: str, address: str, after: str) -> None:
    assert f'<a href="{address}" rel="noopener noreferrer">{address}</a>{after}' in html_of(source)


def test_headings_have_ids_that_are_stable_and_used_once() -> None:
    source = "## 値の発見 {#value-discovery}\n## 送る前に\n## 送る前に\n### `code` と *強調*！\n## 図 {.h3}"
    html, _, headings = composed(source)
    assert [heading.id for heading in headings] == [
        "h-value-discovery",
        "h-送る前に",
        "h-送る前に-1",
        "h-code-と-強調",
        "h-図",
    ]
    assert '<h2 id="h-value-discovery">値の発見</h2>' in html


def test_links_inside_the_page_follow_their_headings() -> None:
    html = html_of(
        "[先](#value-discovery) <a name='old place'></a>[元](#old-place)\n\n## 値 {#value-discovery}"
    )
    assert 'href="#h-value-discovery"' in html
    assert 'id="h-old-place"' in html


def test_the_pages_title_stays_the_only_first_heading() -> None:
    assert [(heading.level, heading.text) for heading in composed("# 一\n## 二\n###### 六")[2]] == [
        (2, "一"),
        (3, "二"),
        (6, "六"),
    ]
    assert [heading.level for heading in composed("## 二\n### 三")[2]] == [2, 3]
    assert [heading.level for heading in composed("<h1>一</h1>\n\n## 二")[2]] == [2, 3]


def test_markdown_works_inside_html() -> None:
    assert "<strong>開いた</strong>" in html_of(
        "<details><summary>手順</summary>\n\n**開いた**\n\n</details>"
    )


HALF_TAGS = r"""
インスタンス<instance>の<name>を
a <textarea> b\n\nc
a <!-- b\n\nc
a\n\n<!-- b\n\nc
<div class=\n\nb
a <script> b\n\nc
a <style> b\n\nc
a <title> b
1 <2 and 3> 2
a <b
<?php b ?>
<![CDATA[ b ]]>
<a title="b> c\n\nd
<select><option>b</option></select>
<plaintext>b
<template>b</template>
</i> c
"""


@pytest.mark.parametrize("source", [line.replace("\\n", "\n") for line in HALF_TAGS.strip().splitlines()])
def test_no_word_is_swallowed_by_half_an_html_tag(source: str) -> None:
    text = composed(source)[1]
    for word in re.findall(r"\b[a-d]\b|インスタンス|を", source):
        assert re.search(rf"{word}", text), (source, text)


def test_an_unclosed_tag_ends_with_its_paragraph() -> None:
    assert html_of("<b>太い\n\n普通") == "<p><b>太い</b></p>\n<p>普通</p>\n"


def test_an_embedded_video_is_a_link() -> None:
    assert html_of('<iframe src="https://example.com/v" title="紹介 & 動画" allowfullscreen></iframe>') == (
        '<a href="https://example.com/v" rel="noopener noreferrer">紹介 &amp; 動画</a>\n'
    )


def test_what_nests_deeper_than_anyone_reads_is_still_there() -> None:
    for mark in ("> ", "- "):
        assert composed(mark * 500 + "底")[1].endswith("底")
    assert composed("\n".join("  " * level + f"- 段{level}" for level in range(60)))[1].count("段") == 60


def test_readings_above_words_leave_the_words_whole() -> None:
    assert composed("<ruby>稟議<rp>（</rp><rt>りんぎ</rt><rp>）</rp></ruby>を書く")[1] == "稟議を書く\nりんぎ"


def test_the_text_for_the_index_holds_everything_a_reader_reads() -> None:
    blocks = [
        "## 見出し",
        "本文 ![図の説明](a.png)",
        "|表|\n|-|\n|セル|",
        "```sh\necho 稼働\n```",
        "> [!注意]\n> 警告文",
        "- [ ] やること",
        "<b>太字</b>[リンク](b)[^1]",
        "[^1]: 注記",
    ]
    assert composed("\n\n".join(blocks))[1].split() == (
        "見出し 本文 図の説明 表 セル echo 稼働 注意 警告文 やること 太字リンク 注記".split()
    )


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
# end with their paragraph, bare addresses are links and other schemes than http, mailto and tel are not, ids have a
# prefix, `[担当]: 佐藤` is text, images alone with a title are figures, emphasis needs no punctuation around it. Of the
# library: the outer of two nested links wins, code between backticks wins over tags, alternative texts keep their marks.
_DIFFERENT = {
    "Autolinks": 8,
    "Backslash escapes": 1,
    "Code spans": 5,
    "Emphasis and strong emphasis": 11,
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
