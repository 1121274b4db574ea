"""Glossaries as others keep them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.glossary.formats.headers import field_named
from kb.glossary.formats.prose import plain_text
from kb.glossary.formats.rows import named
from kb.glossary.formats.tables import read_csv, read_markdown_tables
from kb.glossary.formats.trees import read_yaml
from tests.kb.glossary.parsed import codes, only


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Term", "preferred"),
        ("name*", "preferred"),
        ("用語", "preferred"),
        ("displayName", "display"),
        ("よみがな", "reading"),
        ("読み（かな）", ""),
        ("English", "en"),
        ("英語", "en"),
        ("日本語", "ja"),
        ("Don’t say", "avoid"),
        ("NG 訳", "forbidden"),
        ("use_instead", "use_instead"),
        ("Definition (en)", "explanation_en"),
        ("説明(英語)", "explanation_en"),
        ("term_ja", "ja"),
        ("同義語", "aliases"),
        ("glossaryStatus", "status"),
        ("部署", "scope"),
        ("colour", ""),
    ],
)
def test_headers_are_understood_in_both_languages(header: str, field: str) -> None:
    assert field_named(header) == field


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Infrastructure as a Service (IaaS)", ("Infrastructure as a Service", "IaaS", "", "", "")),
        ("継続的デリバリー(CD)", ("継続的デリバリー", "CD", "", "", "")),
        ("Git(ギット)", ("Git", "", "ギット", "", "")),
        ("稟議（りんぎ）", ("稟議", "", "りんぎ", "", "")),
        ("オブザーバビリティ(可観測性)", ("オブザーバビリティ", "", "", "可観測性", "")),
        ("事後支払い（バックペイメント）", ("事後支払い", "", "", "バックペイメント", "")),
        ("変数 (プログラム)", ("変数", "", "", "", "プログラム")),
        ("**「やらされ感」**", ("やらされ感", "", "", "", "")),
        ("f(x", ("f(x", "", "", "", "")),
        ("()", ("()", "", "", "", "")),
    ],
)
def test_brackets_behind_a_form_are_understood(text: str, expected: tuple[str, ...]) -> None:
    found = named(text)
    assert (found.form, found.abbreviation, found.reading, found.alias, found.remark) == expected


def test_a_table_in_japanese_with_every_column() -> None:
    text = (
        "用語,読み,英語,略語,別名,説明,状態,部署,担当\n"
        "総保有コスト,そうほゆうコスト,total cost of ownership,TCO,総コスト、所有コスト,買ってから手放すまで,承認,第一営業部,佐藤\n"
    )
    row = only(read_csv("a.csv", text))
    assert (row.preferred, row.reading, row.other_language) == (
        "総保有コスト",
        "そうほゆうコスト",
        "total cost of ownership",
    )
    assert (row.abbreviation, row.aliases, row.explanation) == (
        "TCO",
        ["総コスト", "所有コスト"],
        "買ってから手放すまで",
    )
    assert (row.status, row.scope, row.owner, row.where) == ("承認", "第一営業部", "佐藤", ("a.csv", 1))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_delimiter_is_found(delimiter: str) -> None:
    text = delimiter.join(("term", "definition")) + "\r\n" + delimiter.join(("lead", "a name")) + "\r\n"
    assert only(read_csv("a.csv", text)).explanation_en == "a name"


def test_a_bilingual_table_prefers_the_japanese_word() -> None:
    row = only(read_csv("a.csv", "English,Japanese,Note\nlead,リード,カタカナ\n"))
    assert (row.preferred, row.other_language, row.explanation) == ("リード", "lead", "カタカナ")
    same = only(read_csv("a.csv", "原文,訳語\nIssue,Issue\n"))
    assert (same.preferred, same.other_language) == ("Issue", "")


def test_source_and_target_are_languages_only_together() -> None:
    assert only(read_csv("a.csv", "source,target\nlead,リード\n")).other_language == "lead"
    parsed = read_csv("a.csv", "term,source\nlead,a book\n")
    assert codes(parsed) == [(None, "unknown_column")]


def test_the_columns_of_openmetadata() -> None:
    text = (
        "parent,name*,displayName,description,synonyms,glossaryStatus,color\n"
        ',"Term1","Term, one","<p>What ""it"" is</p>",a;b,Approved,\n'
    )
    parsed = read_csv("a.csv", text)
    [row] = parsed.rows
    assert (row.preferred, row.aliases, row.explanation_en, row.status) == (
        "Term, one",
        ["Term1", "a", "b"],
        'What "it" is',
        "Approved",
    )
    assert [problem.column for problem in parsed.problems] == ["parent", "color"]


def test_every_broken_row_is_told_and_the_rest_is_taken() -> None:
    text = 'term,definition\nlead,ok\n,no term\n"open,never closed\nmql,a,b\n\nsql,"over\ntwo lines"\n'
    parsed = read_csv("a.csv", text)
    assert codes(parsed) == [(2, "no_term"), (3, "open_quote"), (4, "too_many_cells")]
    assert parsed.refused == 3
    assert [(row.row, row.preferred) for row in parsed.rows] == [(1, "lead"), (6, "sql")]


def test_a_stray_quotation_mark_inside_a_cell_is_taken_as_it_stands() -> None:
    assert only(read_csv("a.csv", 'term,definition\nscreen,"5" wide"\n')).preferred == "screen"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (" \n ", "empty"), ("a,b\n1,2\n", "no_term_column"), ("\x00", "no_term_column")],
)
def test_a_file_without_terms_says_so(text: str, code: str) -> None:
    parsed = read_csv("a.csv", text)
    assert codes(parsed) == [(None, code)]
    assert parsed.refused == 1


def test_tables_in_a_document_are_read_and_others_passed_over() -> None:
    text = (
        "# x\n\n| 種別 | 例 |\n| --- | --- |\n| a | b |\n\n"
        "Don’t say | Say\n---- | ----\n**accompany** | go with\nbe advised | (omit)\n\n"
        "```\n| term | definition |\n|---|---|\n| code | no |\n```\n"
        "| 原文 | NG 訳 | OK 訳 |\n|---|:-:|---|\n| lead \\| x | 先導 | リード |\n"
    )
    parsed = read_markdown_tables("a.md", text)
    told = [
        (row.row, row.preferred, row.use_instead, row.status, row.forbidden, row.other_language)
        for row in parsed.rows
    ]
    assert told == [
        (1, "accompany", "go with", "forbidden", [], ""),
        (2, "be advised", "(omit)", "forbidden", [], ""),
        (3, "リード", "", "", ["先導"], "lead | x"),
    ]
    assert [one.code for one in parsed.left_out] == ["table_without_terms"]


def test_yaml_with_one_block_a_language() -> None:
    text = """
- slug: doi
  en: {term: Digital Object Identifier, acronym: DOI, def: "A [persistent](#x) identifier"}
  ja: {term: デジタルオブジェクト識別子, def: 恒久的な識別子}
  de: {term: Kennung}
- slug: "null"
  en: {term: NO, def: "yes"}
"""
    parsed = read_yaml("a.yml", text)
    first, second = parsed.rows
    assert (first.key, first.preferred, first.other_language, first.abbreviation) == (
        "doi",
        "デジタルオブジェクト識別子",
        "Digital Object Identifier",
        "DOI",
    )
    assert (first.explanation, first.explanation_en) == ("恒久的な識別子", "A persistent identifier")
    assert (second.key, second.preferred) == ("null", "NO")
    assert codes(parsed) == [(None, "other_language")]


def test_yaml_of_words_to_avoid_and_of_acronyms() -> None:
    text = """
- avoid: [Whitelist, Blacklist]
  use_instead: [Allowlist, Denylist]
  reason: They map to people.
- acronym: NRT
  term: [Next Response Time, Next Reply Time]
  info: |
    How fast we answer again.
- acronym: FAQ
  info: Questions
"""
    avoid, acronym, alone = read_yaml("a.yml", text).rows
    assert (avoid.preferred, avoid.aliases, avoid.status, avoid.use_instead) == (
        "Whitelist",
        ["Blacklist"],
        "forbidden",
        "Allowlist、Denylist",
    )
    assert (acronym.preferred, acronym.abbreviation, acronym.aliases) == (
        "Next Response Time",
        "NRT",
        ["Next Reply Time"],
    )
    assert (alone.preferred, alone.explanation_en) == ("FAQ", "Questions")


def test_yaml_of_nested_groups_and_of_plain_pairs() -> None:
    text = (
        "version: 1\nnodes:\n- name: Group\n  terms:\n  - name: Email\n    description: An address\n"
        "  nodes:\n  - name: Inner\n    terms: [{name: Phone}]\n"
    )
    assert [row.preferred for row in read_yaml("a.yml", text).rows] == ["Email", "Phone"]
    pairs = read_yaml(
        "a.yml", "リード: 名前が分かった人\nMQL: {説明: 売り込める人, 読み: エムキューエル}\n"
    ).rows
    assert [(row.preferred, row.explanation, row.reading) for row in pairs] == [
        ("リード", "名前が分かった人", ""),
        ("MQL", "売り込める人", "エムキューエル"),
    ]


def test_wording_rules_give_words_and_refuse_patterns() -> None:
    parsed = read_yaml(
        "a.yml",
        "version: 1\nrules:\n- expected: 日付\n  pattern: 日付け\n- expected: $1\n  pattern: /x(.)/\n",
    )
    [row] = parsed.rows
    assert (row.preferred, row.use_instead, row.status) == ("日付け", "日付", "forbidden")
    assert codes(parsed) == [(2, "pattern")]


def test_one_broken_entry_of_yaml_costs_no_other() -> None:
    text = (
        "- term: lead\n  definition: ok\n- term: mql\n  definition: [open\n- term: sql\n  definition: fine\n"
    )
    parsed = read_yaml("a.yml", text)
    assert [(row.row, row.preferred) for row in parsed.rows] == [(1, "lead"), (3, "sql")]
    assert codes(parsed) == [(2, "broken_yaml")]


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "- &a [*a]\n",
        "? {}: x",
        "[" * 40_000,
        "!!python/object:os.system {}",
        "- 1\n- [2]\n",
        "%",
        "\t- x",
        "just words",
    ],
)
def test_any_other_yaml_is_refused_with_a_message(text: str) -> None:
    parsed = read_yaml("a.yml", text)
    assert not parsed.rows
    assert parsed.refused == len(parsed.problems) > 0
    assert all(problem.message for problem in parsed.problems)


def test_an_explosion_of_aliases_does_no_harm() -> None:
    lines = ["a0: &a0 [lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    begin = time.perf_counter()
    read_yaml("a.yml", "\n".join([*lines, "terms:\n- term: lead\n  definition: *a11"]))
    assert time.perf_counter() - begin < 5


@given(st.text(alphabet=st.sampled_from("term,用語\"'\n\t;|-:[]{}&*!#a1 稟"), max_size=80))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for parsed in (
        read_csv("a", f"term,x\n{text}"),
        read_csv("a", text),
        read_yaml("a", text),
        read_markdown_tables("a", text),
    ):
        assert all(row.preferred.strip() for row in parsed.rows)
        assert parsed.refused <= len(parsed.problems)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("a\nb\n\nc", "a b\n\nc"),
        ("日本\n語", "日本語"),
        ("**a** _b_ `c` [d](e) ![f](g)", "a b c d f"),
        ("- a\n- b", "・a\n\n・b"),
        ("<p>x &lt;y&gt;</p><ul><li>z</li></ul>", "x <y>\n\nz"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("{{< note >}}x{{< /note >}}", "x"),
    ],
)
def test_markdown_becomes_paragraphs(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


@pytest.mark.parametrize("piece", ["[", "**a", "*a ", "![", "<p>", "{{<", "`", "- a\n", "(", "a,"])
def test_hostile_cells_are_read_in_time(piece: str) -> None:
    begin = time.perf_counter()
    read_csv("a.csv", f"term,definition,aliases\nlead,{piece * (40_000 // len(piece))}")
    plain_text(piece * (40_000 // len(piece)))
    named(piece * (40_000 // len(piece)))
    assert time.perf_counter() - begin < 5
