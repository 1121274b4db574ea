"""Spellings, scripts and encodings."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text import (
    NotText,
    decode,
    fold,
    fold_map,
    guess_language,
    is_kana,
    nfkc,
    runs,
    tag_names,
    to_hiragana,
)

MIXED = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("aßÄ ﾃﾞｰﾀﾊﾟがか\u3099ＳＳＯ㈱　é\u0301")
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾃﾞｰﾀ", "データ"),
        ("ＳＳＯ", "sso"),
        ("か\u3099", "が"),
        ("  Sales　Enablement ", "sales enablement"),
        ("Straße", "STRASSE"),
        ("㈱ひばり", "(株)ひばり"),
    ],
)
def test_two_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("ハ", "パ"), ("は", "ハ"), ("はあ", "はー"), ("a b", "ab")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(MIXED)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(MIXED)
def test_the_folded_text_is_the_same_with_its_places(text: str) -> None:
    folded, places = fold_map(text)
    assert " ".join(folded.split()) == fold(text)
    if places is None:
        assert len(folded) == len(text)
        return
    assert len(places) == len(folded) + 1
    assert places == sorted(places)
    assert places[-1] == len(text)


@given(MIXED, MIXED, st.sampled_from(["商談", "sso", "データ"]))
def test_a_word_found_folded_is_marked_where_it_stands(before: str, after: str, word: str) -> None:
    # the brackets keep a mark at the beginning of `after` from joining the word
    text = f"{before}「{word}」{after}"
    folded, places = fold_map(text)
    at = folded.index(f"「{word}」", len(fold_map(before)[0])) + 1
    start, end = (at, at + len(word)) if places is None else (places[at], places[at + len(word)])
    assert text[start:end] == word


def test_a_half_width_word_is_marked_whole() -> None:
    text = "顧客ﾃﾞｰﾀの統合"
    folded, places = fold_map(text)
    assert places is not None
    at = folded.index("データ")
    assert text[places[at] : places[at + 3]] == "ﾃﾞｰﾀ"


def test_what_grows_beside_a_word_is_not_marked_with_it() -> None:
    folded, places = fold_map("㈱商談…ﬁn")
    assert places is not None
    at = folded.index("商談")
    assert (places[at], places[at + 2]) == (1, 3)


def test_an_ordinary_japanese_text_needs_no_places() -> None:
    assert fold_map("商談（稟議）は、ＳＳＯを 待つ。")[1] is None


@given(MIXED)
def test_runs_put_together_are_the_text(text: str) -> None:
    pieces = list(runs(text))
    assert "".join(piece.text for piece in pieces) == text
    assert all(text[piece.start : piece.end] == piece.text for piece in pieces)
    assert all(one.script != other.script for one, other in pairwise(pieces))


def test_runs_tell_japanese_from_latin() -> None:
    assert [(run.text, run.script) for run in runs("SSOとSCIMが必要")] == [
        ("SSO", "latin"), ("と", "ja"), ("SCIM", "latin"), ("が必要", "ja"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["ひらがな", "カタカナー", "ﾊﾝｶｸ", "りん ぎ", "カスタマー・サクセス"])
def test_a_reading_is_kana(text: str) -> None:
    assert is_kana(text)


@pytest.mark.parametrize("text", ["", " ", "・", "稟議", "りんgi", "kana", "りんぎ。"])
def test_anything_else_is_not_kana(text: str) -> None:
    assert not is_kana(text)


def test_katakana_becomes_hiragana() -> None:
    assert to_hiragana("ﾃﾞｰﾀ分析とSSO") == "でーた分析とSSO"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("商談の前に読む", "ja"),
        ("稟議", "ja"),
        ("SSOとSCIM", "ja"),
        ("Read before a call", "en"),
        ("Our customer 北海製作所 asked for single sign-on and for provisioning of users last week", "en"),
        ("", "en"),
        ("123", "en"),
    ],
)
def test_the_language_of_a_text_is_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.real_data
def test_every_handbook_page_is_in_its_language(real_data: Path) -> None:
    for folder, language in (("gitlab_ja_marketing", "ja"), ("sourcegraph", "en")):
        pages = sorted((real_data / "handbooks" / folder).rglob("*.md"))
        texts = {page.name: page.read_text("utf-8").split("\n---\n", 1)[-1] for page in pages}
        wrong = [name for name, text in texts.items() if text.strip() and guess_language(text) != language]
        # a few "translated" pages are in English, but for their title
        assert len(wrong) <= len(pages) // 50, wrong


def test_tags_have_no_twins() -> None:
    assert tag_names(["SSO", "ｓｓｏ", " 競合　対策 ", "競合 対策", "", "faq, 価格、FAQ"]) == [
        "SSO",
        "競合 対策",
        "faq",
        "価格",
    ]


@given(st.lists(MIXED))
def test_cleaned_tags_are_clean(raw: list[str]) -> None:
    names = tag_names(raw)
    assert tag_names(names) == names
    assert len({fold(name) for name in names}) == len(names)
    assert all(nfkc(name) == name.strip() == name != "" for name in names)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("商談".encode(), "utf-8"),
        ("商談".encode("utf-8-sig"), "utf-8-sig"),
        ("商談①髙".encode("cp932"), "cp932"),
        ("商談".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "商談".encode("utf-16-be"), "utf-16"),
        (b"", "utf-8"),
    ],
)
def test_text_is_read_in_the_encodings_offices_use(raw: bytes, encoding: str) -> None:
    decoded = decode(raw)
    assert decoded.encoding == encoding
    assert decoded.text in ("商談", "商談①髙", "")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"PK\x03\x04\x14", "binary"),
        (b"text\x00text", "binary"),
        (b"\xff\xfe\x00\x00t\x00\x00\x00", "binary"),
        (b"\xff\xfe\x00", "encoding"),
        (b"caf\xe9 noir", "encoding"),
    ],
)
def test_what_is_not_text_is_refused_by_name(raw: bytes, reason: str) -> None:
    with pytest.raises(NotText) as refusal:
        decode(raw)
    assert refusal.value.reason == reason


@given(st.binary())
def test_any_bytes_are_text_or_refused(raw: bytes) -> None:
    try:
        text = decode(raw).text
    except NotText:
        return
    assert "\x00" not in text
