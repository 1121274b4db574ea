"""How lines become lists, tables, code and other blocks."""

import pytest

from kb.markup.composing import composed


def html_of(source: str) -> str:
    return composed(source)[0]


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


def test_what_looks_like_the_name_of_a_link_but_has_no_address_is_text() -> None:
    assert composed("[担当]: 佐藤\n[期限]: 金曜")[1] == "[担当]: 佐藤 [期限]: 金曜"


def test_a_table_has_headings_and_alignment() -> None:
    html = html_of("| 項目 | 当社 |\n|---|--:|\n| 利用料 | 1,080 |")
    assert '<div class="table-scroll" tabindex="0"><table>' in html
    assert '<th scope="col">項目</th>' in html
    assert '<td class="align-right">1,080</td>' in html


def test_no_cell_of_a_long_row_is_lost() -> None:
    assert composed("|a|b|\n|-|-|\n|1|2|商談|\n\n後")[1] == "a b\n1 2 商談\n後"


def test_code_is_coloured_by_classes_and_scrolls_by_keyboard() -> None:
    html = html_of("```python\nreturn 1\n```")
    assert html.startswith('<div class="highlight"><pre tabindex="0"><code><span class="k">return</span>')
    assert html_of("```見知らぬ言語\n商談 <b>\n```") == (
        '<div class="highlight"><pre tabindex="0"><code>商談 &lt;b&gt;\n</code></pre></div>\n'
    )


def test_terms_are_defined() -> None:
    html = html_of("稟議\n: 承認の手続き\n商談\n: 売り込みの話")
    assert "<dt>稟議</dt>\n<dd>承認の手続き</dd>\n<dt>商談</dt>\n<dd>売り込みの話</dd>" in html
    assert html_of("稟議\n\n: 承認の\n\n    手続き").count("<p>") == 2


def test_what_nests_deeper_than_anyone_reads_is_still_there() -> None:
    for mark in ("> ", "- "):
        assert composed(mark * 500 + "底")[1].endswith("底")
    assert composed("\n".join("  " * level + f"- 段{level}" for level in range(60)))[1].count("段") == 60
