"""Tokens: the same word in its spellings, adjacency where the text has it, and nothing too long for an engine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import analysis
from kb.search.analysis import fold, pairs, prepare, runs, stamp, word_starts, words
from tests.kb.search.texts import TEXTS, a_document


def texts_of(text: str) -> list[str]:
    return [word.text for word in words(fold(text)) if word.content]


def test_latin_words_inside_japanese_are_words_of_their_own() -> None:
    assert texts_of("SSOとSCIMが必要") == ["sso", "scim", "必要"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾃﾞｰﾀ", "データ"),
        ("サーバ", "サーバー"),
        ("ＳＳＯ", "sso"),
        ("打合せ", "打ち合わせ"),
        ("行なう", "行う"),
        ("running", "RUNS"),
        ("studies", "study"),
        ("customer’s", "customer"),
        ("1,280", "1280"),
        ("見積書", "見積もり書"),
    ],
)
def test_spellings_of_one_word_meet(one: str, other: str) -> None:
    assert texts_of(one) == texts_of(other)


def test_particles_and_punctuation_leave_gaps() -> None:
    found = {word.text: word.position for word in words(fold("需要創出を、進める")) if word.content}

    assert found["創出"] == found["需要"] + 1
    assert found["進める"] > found["創出"] + 2


def test_a_line_break_keeps_words_apart() -> None:
    first, second = [word for word in words(fold("失注\n理由")) if word.content]

    assert second.position > first.position + 1


def test_digits_belong_to_the_japanese_they_touch() -> None:
    assert [run for _start, run in runs(fold("第３四半期の 2026 年"))] == ["第3四半期の", "年"]


def test_readings_of_neighbours_are_kept_joined() -> None:
    readings = prepare(a_document(1, body="受注率と顧客の声")).fields["body_readings"]

    assert {"じゅちゅう", "じゅちゅうりつ", "こきゃく", "こきゃくのこえ"} <= set(readings)
    assert "りつこきゃく" not in readings


def test_a_reading_given_as_a_name_is_kept_whole() -> None:
    assert "しっちゅう" in prepare(a_document(1, names=("しっちゅう",))).fields["names_readings"]


def test_terms_are_never_long() -> None:
    fields = prepare(a_document(1, "x" * 9_000, "ア" * 9_000 + " " + "9" * 9_000)).fields

    assert max(len(token) for tokens in fields.values() for token in tokens) <= analysis.TERM_LENGTH


def test_a_text_longer_than_the_dictionary_takes_is_cut_at_sentences() -> None:
    sentence = "商談の結果を記録する。"
    found = [word for word in words(sentence * 3_000) if word.text == "商談"]

    assert len(found) == 3_000


def test_a_line_without_an_end_is_cut_all_the_same() -> None:
    assert sum(word.text == "商談" for word in words("商談を" * 8_000)) >= 7_990


def test_word_starts_are_offsets_of_the_text_itself() -> None:
    assert word_starts("ＳＳＯ 失注の理由") == {4, 6, 7}


def test_reading_of_a_term() -> None:
    assert analysis.reading("稟議") == "りんぎ"
    assert analysis.reading("SSO") == ""


def test_without_the_dictionary_pairs_of_characters_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "sudachipy", None)
    stamp.cache_clear()
    try:
        fields = prepare(a_document(1, body="商談のSSO")).fields
        assert stamp() == f"{analysis.ANALYSIS_VERSION} pairs"
    finally:
        monkeypatch.undo()
        stamp.cache_clear()

    assert set(fields["body_words"]) == {"sso"}
    assert set(fields["body_pairs"]) == {"商談", "談の"}
    assert stamp() != f"{analysis.ANALYSIS_VERSION} pairs"


@given(TEXTS, st.data())
def test_every_part_of_a_japanese_run_is_adjacent_pairs(text: str, data: st.DataObject) -> None:
    long_enough = [run for _start, run in runs(fold(text)) if len(run) > 1]
    if not long_enough:
        return
    run = data.draw(st.sampled_from(long_enough))
    start = data.draw(st.integers(0, len(run) - 2))
    part = run[start : data.draw(st.integers(start + 2, len(run)))]

    tokens = prepare(a_document(1, body=text)).fields["body_pairs"]
    begins = [{position - index for position in tokens[pair]} for index, pair in enumerate(pairs(part))]

    assert set.intersection(*begins)


@given(TEXTS, st.text(alphabet="商談失注受注率京都東市場の声", min_size=2, max_size=4))
def test_pairs_are_adjacent_only_where_the_text_has_them(text: str, wanted: str) -> None:
    tokens = prepare(a_document(1, body=text)).fields["body_pairs"]
    begins = [
        {position - index for position in tokens.get(pair, ())} for index, pair in enumerate(pairs(wanted))
    ]

    assert bool(set.intersection(*begins)) == (wanted in fold(text))


@given(st.text(max_size=300))
def test_any_text_can_be_prepared(text: str) -> None:
    fields = prepare(a_document(1, text, text, tags=(text,), names=(text,), headings=(text,))).fields

    assert set(fields) <= set(analysis.field_names())
    assert all(positions for tokens in fields.values() for positions in tokens.values())
