"""What the Markdown written here can do."""

import re
import subprocess
import sys
from pathlib import Path

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
        (
            "**（重要）**APIと**API（必須）**V2",
            "<p><strong>（重要）</strong>APIと<strong>API（必須）</strong>V2</p>\n",
        ),
        ("*注**価格*表**", "<p><em>注**価格</em>表**</p>\n"),
        ("***強*弱**と_`a`_", "<p><strong><em>強</em>弱</strong>と_<code>a</code>_</p>\n"),
        (
            "**要点:**<br>文と**`a`**bと\\*_c_",
            "<p><strong>要点:</strong><br>文と<strong><code>a</code></strong>bと*<em>c</em></p>\n",
        ),
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


def test_two_callouts_in_a_row_stay_two() -> None:
    assert html_of("> [!NOTE]\n> a\n\n> [!TIP]\n> b").count("callout-title") == 2


def test_links_by_name_work_wherever_the_name_is_explained() -> None:
    html = html_of('[資料][1]と[価格表]\n\n[1]: https://example.com/a "題"\n[価格表]: /prices')
    assert '<a href="https://example.com/a" title="題" rel="noopener noreferrer">資料</a>' in html
    assert '<a href="/prices" rel="noopener noreferrer">価格表</a>' in html


def test_nothing_that_is_put_away_can_be_called_from_outside() -> None:
    for forged in ("\x02wzxhzdk:0\x03", "\x02klzzwxh:0000\x03", "\x0238\x03"):
        assert composed(f"<b>一</b> {forged} `二`")[1].count("一") == 1


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
