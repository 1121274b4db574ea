"""Terms as the search sees them, and the answer above the results."""

from __future__ import annotations

from django.utils import translation

from kb.accounts.models import User
from kb.glossary.actions import delete_term
from kb.glossary.expand import Glossary
from kb.glossary.source import Terms
from tests.kb.glossary.terms import a_term, only


def test_every_form_of_a_term_is_indexed(sato: User) -> None:
    term = a_term(
        sato,
        "稟議",
        other_language="approval",
        aliases=["社内稟議"],
        hidden=["凛議"],
        forbidden=["稟議決裁"],
        explanation_en="A round",
    )
    document = Terms().document(term.pk)
    assert document is not None
    assert (document.title, document.kind, document.language) == ("稟議", "term", "ja")
    assert set(document.names) == {"りんぎ", "approval", "社内稟議", "凛議", "稟議決裁"}
    assert document.body.endswith("A round")
    assert document.readers == (frozenset({"all"}),)
    assert list(Terms().stamps()) == [(term.pk, document.stamp)]


def test_a_deleted_term_leaves_the_index(sato: User) -> None:
    term = a_term(sato)
    delete_term(by=sato, term=term)
    assert Terms().document(term.pk) is None
    assert list(Terms().stamps()) == []
    assert Terms().visible(sato, [term.pk]) == {}


def test_rows_are_permitted_ones(sato: User, lee: User) -> None:
    secret = a_term(sato, "社外秘資料", readers=only("マーケティング"))
    public = a_term(sato, "社外資料", other_language="public paper")
    assert set(Terms().visible(lee, [secret.pk, public.pk])) == {public.pk}


def test_a_query_that_is_a_term_is_answered_in_the_readers_language(sato: User) -> None:
    a_term(
        sato,
        "失注",
        other_language="lost deal",
        explanation="負けた商談",
        explanation_en="A deal that was lost",
    )
    with translation.override("ja"):
        answer = Glossary().answer(sato, " LOST  deal ")
    assert answer is not None
    assert (answer.title, answer.reading, answer.other, answer.explanation) == (
        "失注",
        "しっちゅう",
        "lost deal",
        "負けた商談",
    )
    with translation.override("en"):
        english = Glossary().answer(sato, "失注")
    assert english is not None
    assert english.explanation == "A deal that was lost"
    assert Glossary().answer(sato, "失注した") is None
    assert Glossary().answer(sato, "") is None
    assert Glossary().answer(sato, "長" * 10_000) is None


def test_a_long_mark_more_or_less_is_the_same_word(sato: User) -> None:
    a_term(sato, "サーバー")
    answer = Glossary().answer(sato, "ｻｰﾊﾞ")
    assert answer is not None
    assert answer.title == "サーバー"


def test_of_several_meanings_the_one_of_ones_department_answers(sato: User, lee: User, mori: User) -> None:
    a_term(sato, "DNS", explanation="番号")
    a_term(sato, "DNS", scope=lee.departments.get(), explanation="売らない先")
    for person, expected in ((lee, "売らない先"), (mori, "番号")):
        answer = Glossary().answer(person, "dns")
        assert answer is not None
        assert answer.explanation == expected


def test_a_hidden_term_is_no_answer(sato: User, lee: User) -> None:
    a_term(sato, "社外秘", readers=only("マーケティング"))
    assert Glossary().answer(lee, "社外秘") is None
