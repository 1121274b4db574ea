"""The language of queries: operators in any width, narrowings in both languages, and whatever is broken mended and said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.question import (
    ATOMS,
    LEAVES,
    Both,
    Either,
    Leaf,
    Narrowing,
    Not,
    Note,
    Part,
    ask,
    without,
)


def shape(part: Part) -> object:
    """A part as nested lists of what was typed."""
    match part:
        case Leaf():
            return part.surface
        case Narrowing():
            return f"{part.name}:{','.join(part.typed)}"
        case Not(child):
            return ["not", shape(child)]
        case Either(parts):
            return ["or", *map(shape, parts)]
        case Both(parts):
            return ["and", *map(shape, parts)]


def shapes(text: str) -> list[object]:
    return [shape(part) for part in ask(text).parts]


def repairs(text: str) -> list[tuple[Note, str]]:
    return [(one.note, one.word) for one in ask(text).repairs]


# ------------------------------------------------------------------ what operators mean
@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("失注 -価格", ["失注", ["not", "価格"]]),
        ("失注 －価格", ["失注", ["not", "価格"]]),
        ("失注 ー価格", ["失注", ["not", "価格"]]),
        ("NOT 価格 失注", [["not", "価格"], "失注"]),
        ("失注 OR 見送り 価格", [["or", "失注", "見送り"], "価格"]),
        ("価格 失注　ＯＲ　見送り", ["価格", ["or", "失注", "見送り"]]),
        ("失注 または 見送り", [["or", "失注", "見送り"]]),
        ("失注または見送り 価格", [["or", "失注", "見送り"], "価格"]),
        ("SSO又はSCIMもしくはVPN", [["or", "sso", "scim", "vpn"]]),
        ("a1 | b1 | c1", [["or", "a1", "b1", "c1"]]),
        ("(失注 価格) OR 見送り", [["or", ["and", "失注", "価格"], "見送り"]]),
        ("（失注　OR　見送り）　価格", [["or", "失注", "見送り"], "価格"]),
        ("-(値引き OR 割引)", [["not", ["or", "値引き", "割引"]]]),
        ("-失注の理由", [["not", "失注の理由"]]),
        ('"顧客の声" 失注', ["顧客の声", "失注"]),
        ("＂price objections＂", ["price objections"]),
        ("「顧客の声」 失注", ["顧客の声", "失注"]),
        ("“price objections”", ["price objections"]),
        ('失注"価格表"', ["失注", "価格表"]),
        ("失注 (「顧客の声」 OR -『値引き』)", ["失注", ["or", "顧客の声", ["not", "値引き"]]]),
        ('-"price objections" sso', [["not", "price objections"], "sso"]),
        ("失注 AND 価格", ["失注", "価格"]),
    ],
)
def test_what_operators_mean(typed: str, parts: list[object]) -> None:
    assert shapes(typed) == parts
    assert repairs(typed) == []


def test_a_quotation_has_no_reading_and_does_not_fall_into_words() -> None:
    (leaf,) = ask('"しつちゆう"').leaves
    (whole,) = ask('"需要創出"').leaves

    assert leaf.kana == ""
    assert whole.atoms == ()


@pytest.mark.parametrize(
    "typed",
    [
        "win-loss",
        "2.7.4",
        "失注 - 価格",
        "10:30",
        "https://example.com/a:b",
        "「失注」とは",
        "「導入事例」の読み方",
        "「導入事例」（2025年）を書いた人は？",
        "機関紙（「赤旗」）を「読む」（「買う」ではない）",
        "it’s “quoted”text",
        "nor or not and",
        "導入または更新したい",
        "導入を、または更新を",
        "a|b",
        "受注ー失注",
        "価格（税別）",
    ],
)
def test_what_only_looks_like_an_operator_is_a_word(typed: str) -> None:
    question = ask(typed)

    assert question.plain
    assert question.repairs == ()
    assert question.pieces == ()


# ------------------------------------------------------------------ narrowings
@pytest.mark.parametrize(
    ("typed", "narrowing"),
    [
        ("tag:価格", "tag:価格"),
        ("タグ：価格", "tag:価格"),
        ("種別:バトルカード", "kind:バトルカード"),
        ("ｋｉｎｄ：ＦＡＱ", "kind:FAQ"),
        ("Result:lost", "result:lost"),
        ("結果:失注,受注", "result:失注,受注"),
        ("結果:失注、受注", "result:失注,受注"),
        ('tag:"two words"', "tag:two words"),
        ("タグ：「二つの 言葉」", "tag:二つの 言葉"),
        ('tag:"a b","c"', "tag:a b,c"),
        ("競合:ノヴァ", "competitor:ノヴァ"),
        ("製品:X-1", "product:X-1"),
        ("著者:佐藤", "author:佐藤"),
        ("担当:me", "owner:me"),
        ("部門:営業", "department:営業"),
        ("言語:英語", "language:英語"),
        ("以降:2026年10月", "after:2026年10月"),
        ("before:2026/10", "before:2026/10"),
        ('after:"last month"', "after:last month"),
        ("after:last month", "after:last month"),
        ("after:3 months ago", "after:3 months ago"),
        ("is:mine", "is:mine"),
        ("in:title", "in:title"),
    ],
)
def test_narrowings_in_both_languages_and_any_width(typed: str, narrowing: str) -> None:
    assert shapes(f"失注 {typed}") == ["失注", narrowing]
    assert shapes(f"{typed} 失注") == [narrowing, "失注"]
    assert shapes(f"-{typed}") == [["not", narrowing]]
    assert repairs(typed) == []


# ------------------------------------------------------------------ what is broken
@pytest.mark.parametrize(
    ("typed", "parts", "said"),
    [
        ('失注 "顧客の声', ["失注", "顧客の声"], [(Note.OPEN_QUOTE, "顧客の声")]),
        ('tag:"顧客の', ["tag:顧客の"], [(Note.OPEN_QUOTE, "顧客の")]),
        ("(失注 OR 見送り", [["or", "失注", "見送り"]], [(Note.OPEN_BRACKET, "")]),
        ("失注) 価格", ["失注", "価格"], [(Note.STRAY_BRACKET, "")]),
        ("OR 失注", ["失注"], [(Note.STRAY_OR, "OR")]),
        ("失注 または", ["失注"], [(Note.STRAY_OR, "または")]),
        ("失注 OR OR 価格", [["or", "失注", "価格"]], [(Note.STRAY_OR, "OR")]),
        ("失注 OR NOT OR 価格", [["or", "失注", "価格"]], [(Note.STRAY_NOT, "NOT"), (Note.STRAY_OR, "OR")]),
        ("(OR) 失注", ["失注"], [(Note.STRAY_OR, "OR")]),
        ("-() 失注", ["失注"], [(Note.STRAY_NOT, "-")]),
        ("foo:bar", ["foo", "bar"], [(Note.UNKNOWN_NAME, "foo")]),
        ("件名：価格", ["件名", "価格"], [(Note.UNKNOWN_NAME, "件名")]),
        ("tag: 価格", ["tag", "価格"], [(Note.NO_VALUE, "tag")]),
        ("失注 結果：", ["失注", "結果"], [(Note.NO_VALUE, "結果")]),
        ("((((((((((失注 -a))))))))))", ["失注", ["not", "a"]], [(Note.DEEP_BRACKETS, "")]),
    ],
)
def test_what_is_broken_is_mended_and_said(typed: str, parts: list[object], said: list[object]) -> None:
    assert shapes(typed) == parts
    assert repairs(typed) == said


PIECES = st.lists(
    st.sampled_from(
        ["失注", "価格", "price", "the", " ", " ", "　", '"', "(", ")", " OR ", " または ", "または", "-", "－", "NOT ", "tag:", "種別：", "foo:",
         "kind:faq", ",", "「", "」", "“", "”", "after:先月", "after:last month", "|", "ー", ":", "AND", "が", "?", "+", "in:title"]
    ),
    max_size=16,
).map("".join)  # fmt: skip


@given(st.one_of(PIECES, st.text(max_size=80)))
def test_the_mended_query_means_what_was_understood(typed: str) -> None:
    question = ask(typed)
    again = ask(question.mended)

    assert [one for one in again.repairs if one.note is not Note.SHORTENED] == []
    if question.repairs or not question.plain:
        assert list(map(shape, again.parts)) == list(map(shape, question.parts))
        assert again.leaves == question.leaves


@given(PIECES)
def test_taking_away_the_pieces_leaves_only_words_that_were_asked_for(typed: str) -> None:
    question = ask(typed)
    rest = without(question.typed, [(piece.start, piece.end) for piece in question.pieces])

    assert all(piece.end > piece.start for piece in question.pieces)
    assert set(rest) <= {*question.typed, " "}
    if not question.repairs and not question.plain:
        assert ask(rest).plain


@pytest.mark.parametrize(
    "typed",
    [
        "(" * 5_000 + "失注" + ")" * 5_000,
        "(a OR " * 1_500,
        "-" * 10_000,
        "-(" * 5_000,
        "tag:" * 2_500,
        'tag:"' * 2_000,
        '"' * 10_000,
        "「" * 10_000,
        "OR " * 3_000,
        "a OR " * 2_000,
        "x:" * 5_000,
        "結果：失注、" * 1_500,
        "after:" + "9" * 9_000,
        "ﷺ" * 5_000,
    ],
)
def test_any_nesting_of_operators_is_read_within_its_bounds(typed: str) -> None:
    question = ask(typed)

    assert Note.SHORTENED in question.notes
    assert len(question.leaves) <= LEAVES
    assert len(question.atoms) <= ATOMS
    assert len(question.repairs) < 1_000


def test_naughty_strings_can_be_asked(real_data: Path) -> None:
    naughty = json.loads((real_data / "hostile" / "blns" / "blns.json").read_text(encoding="utf-8"))
    assert len(naughty) > 400

    for text in naughty:
        question = ask(text)
        assert ask(question.mended).repairs == (), text
