"""Where a term stands in the index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.glossary import readings


@pytest.mark.parametrize(
    ("reading", "row"),
    [
        ("りんぎ", "ら"),
        ("がいちゅう", "か"),
        ("ぱいぷらいん", "は"),
        ("ゔぁいおりん", "あ"),
        ("んだ", "わ"),
        ("ぁ", "あ"),
        ("ー", ""),
        ("", ""),
    ],
)
def test_a_reading_stands_in_the_row_of_its_first_sound(reading: str, row: str) -> None:
    assert readings.kana_row(reading) == row


def test_terms_are_sorted_as_a_dictionary_sorts_them() -> None:
    words = ["かく", "かぎ", "がき", "かき", "さーびす", "さい", "さあ", "きゃく", "きやく"]
    expected = ["かき", "かぎ", "がき", "かく", "きゃく", "きやく", "さあ", "さーびす", "さい"]
    assert sorted(words, key=lambda word: readings.kana_key(word, word)) == expected


def test_terms_without_a_reading_come_last_in_the_order_of_letters() -> None:
    keys = [
        readings.kana_key("わん", "椀"),
        readings.kana_key("", "API"),
        readings.kana_key("", "zero"),
        readings.kana_key("", "ＡＢＣ"),
    ]
    assert sorted(keys) == [keys[0], keys[3], keys[1], keys[2]]


@pytest.mark.parametrize(
    ("form", "letter"),
    [
        ("API", "A"),
        ("ａｐｉ", "A"),
        ("Éclair", "E"),
        ("68-95 rule", "#"),
        ("…NET", "N"),
        ("稟議", ""),
        ("", ""),
        ("!", ""),
    ],
)
def test_a_word_is_listed_under_its_letter(form: str, letter: str) -> None:
    assert readings.latin_letter(form) == letter


def test_a_reading_is_kept_in_hiragana_and_nothing_else_is_a_reading() -> None:
    assert readings.clean_reading(" リンギ ") == "りんぎ"
    assert readings.clean_reading("ﾃｨｰｼｰｵｰ") == "てぃーしーおー"
    assert readings.clean_reading("rinngi") == ""
    assert readings.clean_reading("稟議") == ""


def test_a_missing_reading_is_looked_up_and_left_empty_where_it_is_not_sure() -> None:
    assert readings.guess_reading("顧客の声") == "こきゃくのこえ"
    assert readings.guess_reading("サーバー") == "さーばー"
    assert readings.guess_reading("APIゲートウェイ") == ""
    assert readings.guess_reading("SSO") == ""


def test_a_reading_beside_latin_letters_is_katakana_and_beside_kana_there_is_none() -> None:
    assert readings.beside("てぃーしーおー", "TCO") == "ティーシーオー"
    assert readings.beside("りんぎ", "稟議") == "りんぎ"
    assert readings.beside("りーど", "リード") == ""


@given(st.text(max_size=300))
def test_any_form_has_keys_that_fit_their_columns(form: str) -> None:
    reading = readings.clean_reading(form)
    assert len(readings.kana_key(reading, form)) <= 500
    assert len(readings.latin_key(form)) <= 500
    assert readings.kana_row(reading) in (*readings.ROWS, "")
    assert readings.latin_letter(form) in (*readings.LETTERS, "")
