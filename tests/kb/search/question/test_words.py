"""Queries: which words are asked for, and when they are a sentence."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.question import ATOMS, LEAVES, Note, ask


def surfaces(text: str) -> list[str]:
    return [leaf.surface for leaf in ask(text).leaves]


@pytest.mark.parametrize(
    ("typed", "leaves"),
    [
        ("SSOとSCIMが必要", ["sso", "scim", "必要"]),
        ("マーケティング部門", ["マーケティング部門"]),
        ("失注　価格", ["失注", "価格"]),
        ("確認する", ["確認"]),
        ("お客様の声", ["お客様の声"]),
        ("どうやって商談を進めればよいですか？", ["商談", "進めれ"]),
        ("the price", ["price"]),
        ("the", ["the"]),
        ("Common Room のワークフロー", ["common", "room", "ワークフロー"]),
        ("GitLab における業界", ["gitlab", "業界"]),
        ("価格に関する質問", ["価格", "質問"]),
        ("リードとは", ["リード"]),
        ("メモをのこす", ["メモ", "のこす"]),
        ("win-loss analysis", ["win-loss", "analysis"]),
        ('-foo +bar (baz) "qux" *', ["bar", "baz", "qux"]),
        ("第３四半期", ["第3四半期"]),
        ("の", ["の"]),
        ("京", ["京"]),
        ("商談 商談", ["商談"]),
        ("!!! ()[]{}*?", []),
        ("", []),
        ("   　\n", []),
    ],
)
def test_what_is_asked_for(typed: str, leaves: list[str]) -> None:
    assert surfaces(typed) == leaves


def test_a_compound_falls_into_its_words() -> None:
    leaf = ask("需要創出").leaves[0]

    assert [atom.surface for atom in leaf.atoms] == ["需要", "創出"]


def test_two_things_joined_by_no_are_one_until_nothing_has_them_as_one() -> None:
    question = ask("顧客の声")

    assert question.can_be_parted
    assert surfaces("顧客の声") == ["顧客の声"]
    assert [leaf.surface for leaf in question.parted().leaves] == ["顧客", "声"]


@pytest.mark.parametrize("typed", ["しょうだん", "じゅちゅうりつ", "しっちゅうりゆう", "ショウダン"])
def test_kana_is_one_word_with_its_reading(typed: str) -> None:
    (leaf,) = ask(typed).leaves

    assert leaf.surface == typed
    assert leaf.kana


def test_kanji_has_no_reading() -> None:
    assert ask("公正").leaves[0].kana == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("失注", False),
        ("失注 価格 比較", False),
        ("顧客の声", False),
        ("受注と失注", False),
        ("商談を進める方法", True),
        ("値引きはできますか", True),
        ("price objections", False),
        ("how to handle price objections", True),
        ("is SSO included?", True),
        ("a b c d e f g h", True),
    ],
)
def test_what_is_a_sentence(typed: str, sentence: bool) -> None:
    assert ask(typed).sentence is sentence


@pytest.mark.parametrize(
    "typed",
    [
        "商談" * 5_000,
        "あ" * 10_000,
        "(" * 10_000,
        "a b c d e f g h i j k l m n o p " * 700,
        "".join(chr(0x4E00 + number) for number in range(10_000)),
        "商談を失注した。" * 1_300,
    ],
)
def test_ten_thousand_characters_are_read_in_bounded_time(typed: str) -> None:
    started = time.perf_counter()
    question = ask(typed)

    assert time.perf_counter() - started < 1
    assert question.notes == (Note.SHORTENED,)
    assert len(question.leaves) <= LEAVES
    assert len(question.atoms) <= ATOMS


@given(st.text(max_size=200))
def test_anything_can_be_asked(text: str) -> None:
    question = ask(text)

    assert all(leaf.words or leaf.run for leaf in question.leaves)
    assert all(leaf.words or leaf.run for leaf in question.parted().leaves)
