"""Terms in texts: longest first, whole words, whatever the width and case."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.glossary.matching import Form, Hit, Match, Matcher, choose, fold_with_places, script_of, spellings
from kb.search.analysis import word_starts
from kb.text import fold

LETTERS = st.text(alphabet=st.sampled_from("SsOo IiTt稟議商談京都東データー・ｶﾞのはA1 \n㌔ﬁé_。"), max_size=60)
FORMS = st.lists(
    st.sampled_from("SSO IT 稟議 稟議書 商談 京都 データ デー lead の は A sO oo".split()), max_size=8
)


def found(text: str, *forms: str) -> list[str]:
    matcher = Matcher(Form(form, number) for number, form in enumerate(forms))
    return [text[hit.start : hit.end] for hit in matcher.find(text, starts=word_starts)]


@pytest.mark.parametrize(
    ("text", "forms", "expected"),
    [
        ("SSOとSCIMが必要", ["SSO", "SCIM"], ["SSO", "SCIM"]),
        ("SSOXとXSSOとSSO2とSSO_A", ["SSO"], []),
        ("SSO-ready、(SSO)、SSO.", ["SSO"], ["SSO", "SSO", "SSO"]),
        ("ＳＳＯとSSO", ["SSO"], ["ＳＳＯ", "SSO"]),
        ("データベースとデータ", ["データ"], ["データ"]),
        ("ﾃﾞｰﾀを集める", ["データ"], ["ﾃﾞｰﾀ"]),
        ("フォース・マルチプライヤー", ["マルチプライヤー"], ["マルチプライヤー"]),
        ("東京都と京都と京都市", ["京都"], ["京都", "京都"]),
        ("商談管理と失注商談", ["商談"], ["商談", "商談"]),
        ("契約書類をそろえる", ["契約書"], []),
        ("受け入れるか、受け入れを待つか", ["受け入れ"], ["受け入れ"]),
        ("稟議書と稟議", ["稟議", "稟議書"], ["稟議書", "稟議"]),
        ("The lead was misleading; Lead time, LEAD.", ["lead"], ["lead", "Lead", "LEAD"]),
        ("it is 9 am, IT and AM", ["IT", "AM"], ["IT", "AM"]),
        ("SLAs and MQLs, sLA", ["SLA", "MQL"], ["SLAs", "MQLs"]),
        ("the deal\n   desk", ["deal desk"], ["deal\n   desk"]),
        ("サーバとサーバーとサーバールーム", ["サーバー"], ["サーバ", "サーバー"]),
        ("C++とC#、C", ["C++", "C#"], ["C++", "C#"]),
        ("㌔ロ", ["ロ"], []),
        ("", ["SSO"], []),
        ("SSO", [], []),
    ],
)
def test_a_form_is_found_as_a_word(text: str, forms: list[str], expected: list[str]) -> None:
    assert found(text, *forms) == expected


def test_the_longer_of_two_that_overlap_stands() -> None:
    assert found("総保有コスト分析", "総保有コスト", "保有", "コスト分析") == ["総保有コスト"]


def test_a_word_spelled_alike_names_both_its_terms() -> None:
    matcher = Matcher([Form("DNS", 3), Form("dns", 1), Form("ＤＮＳ", 2)])
    assert matcher.find("DNS", starts=word_starts) == [Hit(0, 3, (1, 2, 3), linkable=True)]


def test_what_one_may_not_see_hides_nothing() -> None:
    matcher = Matcher([Form("稟議書", 1), Form("稟議", 2)])
    hits = matcher.find("稟議書", starts=word_starts, may_see={2})
    assert [(hit.start, hit.end, hit.terms) for hit in hits] == [(0, 2, (2,))]


def test_a_form_that_is_never_linked_still_hides_the_shorter_one() -> None:
    matcher = Matcher([Form("locked and loaded", 1, linkable=False), Form("loaded", 2)])
    assert matcher.find("locked and loaded", starts=word_starts) == [Hit(0, 17, (1,), linkable=False)]


def test_of_several_terms_those_that_may_be_linked_speak_for_the_word() -> None:
    matcher = Matcher([Form("SaaS", 1, linkable=False), Form("SaaS", 2)])
    assert matcher.find("SaaS", starts=word_starts) == [Hit(0, 4, (2,), linkable=True)]


@given(LETTERS, FORMS)
def test_hits_stand_in_order_apart_and_spell_their_form(text: str, forms: list[str]) -> None:
    matcher = Matcher(Form(form, number) for number, form in enumerate(forms))
    hits = matcher.find(text, starts=word_starts)
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end
        surface = fold(text[hit.start : hit.end])
        assert all(surface in spellings(fold(forms[term])) for term in hit.terms)


@given(LETTERS, FORMS)
def test_no_hit_begins_or_ends_inside_a_latin_or_katakana_word(text: str, forms: list[str]) -> None:
    folded = fold_with_places(text)
    places = folded.places or range(len(folded.text) + 1)
    matcher = Matcher(Form(form, number) for number, form in enumerate(forms))
    for hit in matcher.find(text, starts=word_starts):
        for at in (list(places).index(hit.start), list(places).index(hit.end)):
            if 0 < at < len(folded.text):
                left, right = script_of(folded.text[at - 1]), script_of(folded.text[at])
                assert left != right or left not in ("latin", "katakana")


@given(st.text(max_size=80))
def test_folding_keeps_every_place(text: str) -> None:
    folded = fold_with_places(text)
    if folded.places is None:
        assert len(folded.text) == len(text)
        return
    assert len(folded.places) == len(folded.text) + 1
    assert list(folded.places) == sorted(folded.places)
    assert folded.places[-1] == len(text)


@given(st.text(max_size=40), st.text(min_size=1, max_size=6))
def test_any_text_and_any_form_are_taken(text: str, form: str) -> None:
    hits = Matcher([Form(form, 1)]).find(f"{text} {form} {text}", starts=word_starts)
    if fold(form) and not unicodedata.combining(form[0]) and form.strip() == form:
        assert all(hit.terms == (1,) for hit in hits)


def test_a_long_page_is_read_fast() -> None:
    text = "東京都の商談で、稟議書とSSOの見積もりをデータベースから出す。Deal desk and API.\n" * 7000
    matcher = Matcher(Form(f"用語{number}", number) for number in range(5000))
    plain = Matcher([Form("商談", 1), Form("京都", 2), Form("SSO", 3), Form("データ", 4)])
    begin = time.perf_counter()
    assert not matcher.find(text, starts=word_starts)
    assert len(plain.find(text, starts=word_starts)) == 14_000
    assert time.perf_counter() - begin < 20


def test_the_first_mention_in_a_section_is_linked_and_no_other() -> None:
    text = "SSO SSO\n# SSO\nSSO `SSO` SSO"
    hits = Matcher([Form("SSO", 1)]).find(text, starts=word_starts)
    zones = [(8, 14, "heading"), (18, 23, "code")]
    reasons = [match.reason for match in choose(hits, zones, [8])]
    assert reasons == ["", "repeat", "heading", "", "code", "repeat"]


def test_another_form_of_a_term_already_linked_is_a_repetition() -> None:
    hits = [Hit(0, 3, (1,), linkable=True), Hit(4, 6, (1, 2), linkable=True), Hit(7, 9, (2,), linkable=True)]
    assert [match.reason for match in choose(hits, [], [])] == ["", "", "repeat"]


def test_a_match_says_why_it_is_no_link() -> None:
    [match] = choose([Hit(0, 1, (1,), linkable=False)], [], [])
    assert match == Match(0, 1, (1,), "never")
    assert not match.linked
