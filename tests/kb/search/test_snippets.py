"""Snippets: the right piece of the text, marked, in its own spelling, escaped."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.search.question import ask
from kb.search.snippets import Marker
from tests.kb.search.texts import TEXTS


def snippet(query: str, text: str) -> str:
    return str(Marker(ask(query)).snippet(text))


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("データ", "先方はﾃﾞｰﾀの置き場所を", ["ﾃﾞｰﾀ"]),
        ("sso", "ＳＳＯとSSO", ["ＳＳＯ", "SSO"]),
        ("サーバ", "サーバーの台数", ["サーバー"]),
        ("打合せ", "打ち合わせの前に", ["打ち合わせ"]),
        ("lost deals", "We lost a Deal. Lost!", ["lost", "Deal", "Lost"]),
        ("study", "studies and Studying", ["studies", "Studying"]),
        ("custom", "customary accustomed customs", ["customs"]),
        ("顧客の声", "顧客の声を聞く顧客", ["顧客の声", "顧客"]),
        ("第３四半期", "第3四半期の数字", ["第3四半期"]),
        ("しっちゅう", "失注した。失注は多い", ["失注", "失注"]),
        ("win-loss", "a Win-Loss review", ["Win-Loss"]),
        ("京都", "東京都", ["京都"]),
        ("株", "㈱日立", ["㈱"]),
    ],
)
def test_what_is_marked(query: str, text: str, marked: list[str]) -> None:
    assert re.findall("<mark>(.*?)</mark>", snippet(query, text)) == marked


def test_the_piece_with_the_most_of_the_words_is_chosen() -> None:
    text = (
        "価格の話。"
        + "どうでもよい文です。" * 60
        + "ここで失注の理由は価格でした。"
        + "終わりの文です。" * 60
    )

    found = snippet("失注 価格", text)

    assert "<mark>失注</mark>の理由は<mark>価格</mark>" in found
    assert found.startswith("…")
    assert found.endswith("…")


def test_a_match_far_into_a_long_text_is_found() -> None:
    assert "<mark>稟議</mark>" in snippet("稟議", "文です。" * 40_000 + "稟議です。")


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippet("無関係", "はじめの文。" * 100).startswith("はじめの文。")


def test_white_space_becomes_one_space() -> None:
    assert snippet("価格", "一行目\n\n\t価格  です") == "一行目 <mark>価格</mark> です"


def test_markup_in_the_text_is_shown_as_text() -> None:
    assert snippet("script", "<script>alert(1)</script> & more") == (
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; more"
    )


def test_a_title_is_marked_whole() -> None:
    assert str(Marker(ask("提案書")).title("負けない提案書 <1>")) == "負けない<mark>提案書</mark> &lt;1&gt;"


@given(st.text(max_size=40), TEXTS | st.text(max_size=400))
@example('":0', "")
def test_only_marks_come_out_and_the_text_stays_as_it_was(query: str, text: str) -> None:
    html = str(Marker(ask(query)).title(text))

    plain = re.sub("</?mark>", "", html)
    assert "<" not in plain
    assert ">" not in plain
    assert re.sub(r"\s+", " ", text).strip() == _unescaped(plain)


def _unescaped(html: str) -> str:
    for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        html = html.replace(name, character)
    return html
