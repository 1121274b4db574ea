"""A failed search becomes a question: who is asked, what answers it, who may know."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.audit.models import AuditEvent
from kb.glossary.actions import TermContent, save_term
from kb.search import actions
from kb.search.engines.base import Key
from kb.search.index import drain
from kb.search.models import AssignedQuestion
from tests.factories import an_article
from tests.kb.search.searched import ASSIGN, QUESTIONS, listed, page, searched, words

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


@pytest.fixture
def question(sato: User, lee: User) -> AssignedQuestion:
    searched("稟議の出し方", lee)
    return actions.assign_question(by=sato, query="稟議の出し方", assigned_to=lee, note="経理に聞いて")


def test_a_failed_search_becomes_a_question(signed_in: Enter, sato: User, lee: User) -> None:
    searched("SSO 設定", lee)
    client = signed_in(sato)
    address = ASSIGN + quote("sso 設定")
    assert f'href="{address}' in page(client).replace("&amp;", "&")
    assert "SSO 設定" in page(client, address)

    answer = client.post(address, {"assigned_to": lee.pk, "note": "開発に聞いて"}, follow=True)

    question = AssignedQuestion.objects.get()
    assert (question.query, question.assigned_to, question.by, question.note) == (
        "SSO 設定",
        lee,
        sato,
        "開発に聞いて",
    )
    assert "SSO 設定" in answer.content.decode()
    assert str(lee) in page(client)
    assert AuditEvent.objects.filter(verb="question.assigned", by=sato).count() == 1
    assert client.get(address)["Location"] == question.get_absolute_url()


def test_it_is_assigned_to_somebody_who_can_write(signed_in: Enter, sato: User, lee: User, ito: User) -> None:
    searched("失注", lee)

    answer = signed_in(sato).post(ASSIGN + quote("失注"), {"assigned_to": ito.pk})

    assert answer.status_code == 422
    for by, to in ((lee, lee), (sato, ito)):
        with pytest.raises(actions.NotAllowed):
            actions.assign_question(by=by, query="失注", assigned_to=to)
    assert not AssignedQuestion.objects.exists()


def test_the_same_words_are_asked_once(question: AssignedQuestion, sato: User, mori: User) -> None:
    with pytest.raises(actions.AlreadyAsked) as raised:
        actions.assign_question(by=sato, query="稟議の　出し方".replace("　", ""), assigned_to=mori)

    assert raised.value.question == question


def test_what_nobody_searched_for_cannot_be_asked(signed_in: Enter, sato: User) -> None:
    assert signed_in(sato).get(ASSIGN + quote("誰も")).status_code == 404


def test_who_is_asked_finds_the_question_on_the_first_page(
    question: AssignedQuestion, signed_in: Enter, lee: User, mori: User
) -> None:
    an_article(lee)
    address = question.get_absolute_url()

    assert f'href="{address}"' in page(signed_in(lee), "/")
    assert f'href="{address}"' not in page(signed_in(mori), "/")
    html = page(signed_in(lee), address)
    assert "経理に聞いて" in html
    assert f"/articles/new/?title={quote('稟議の出し方')}" in html
    assert f"/glossary/new/?preferred={quote('稟議の出し方')}" in html
    assert signed_in(mori).get(address).status_code == 404


def test_the_ways_to_answer_lead_to_forms_that_know_the_words(
    question: AssignedQuestion, signed_in: Enter, lee: User
) -> None:
    an_article(lee)
    term = save_term(by=lee, content=TermContent(preferred="稟議", aliases=("りん議",)))
    drain()
    client = signed_in(lee)

    html = page(client, f"{question.get_absolute_url()}?find={quote('稟議')}")
    edit = f"/glossary/{term.pk}/edit/?alias={quote('稟議の出し方')}"

    assert f'href="{edit}"' in html
    assert "りん議\n稟議の出し方</textarea>" in page(client, edit)
    assert 'value="稟議の出し方"' in page(client, f"/articles/new/?title={quote('稟議の出し方')}")


@pytest.mark.parametrize("way", ["picked", "address", "term"])
def test_it_is_answered_with_a_thing(
    question: AssignedQuestion, signed_in: Enter, lee: User, way: str
) -> None:
    article = an_article(lee, "稟議の出し方")
    term = save_term(by=lee, content=TermContent(preferred="稟議"))
    drain()
    given = {
        "picked": {"picked": f"collateral:{article.pk}"},
        "address": {"address": f"http://127.0.0.1:8000{article.get_absolute_url()}#top"},
        "term": {"address": term.get_absolute_url()},
    }[way]

    answer = signed_in(lee).post(f"{question.get_absolute_url()}answer/", given, follow=True)

    assert answer.status_code == 200
    question.refresh_from_db()
    assert question.answered_at is not None
    wanted = ("term", term.pk) if way == "term" else ("article", article.pk)
    assert (question.answer_source, question.answer_id) == wanted
    assert (term if way == "term" else article).get_absolute_url() in answer.content.decode()
    assert words() == []


def test_only_what_one_may_see_answers(
    question: AssignedQuestion, signed_in: Enter, sato: User, lee: User
) -> None:
    hidden = an_article(sato, "稟議の出し方", readers=Readers(people=[sato]))
    address = f"{question.get_absolute_url()}answer/"
    client = signed_in(lee)

    for told in ({"address": hidden.get_absolute_url()}, {"address": "/nowhere/"}, {"picked": "x"}, {}):
        answer = client.post(address, told)
        assert answer.status_code == 422
        assert hidden.title not in answer.content.decode().replace(question.query, "")
    assert client.post(address, {"picked": f"article:{hidden.pk}"}).status_code == 404
    question.refresh_from_db()
    assert question.answered_at is None


def test_what_answered_it_is_named_to_who_may_see_it_only(
    question: AssignedQuestion, signed_in: Enter, sato: User, lee: User
) -> None:
    hidden = an_article(sato, "内密の答え", readers=Readers(people=[sato]))
    actions.answer_question(by=sato, question=question, answer=Key("article", hidden.pk))

    assert "内密の答え" in page(signed_in(sato), question.get_absolute_url())
    assert "内密の答え" not in page(signed_in(lee), question.get_absolute_url())


def test_it_can_be_closed_without_a_page_and_comes_back_when_asked_again(
    question: AssignedQuestion, signed_in: Enter, lee: User, mori: User
) -> None:
    assert signed_in(lee).post(f"{question.get_absolute_url()}close/").status_code == 302
    assert words() == []
    assert signed_in(lee).post(f"{question.get_absolute_url()}close/").status_code == 404

    searched("稟議の出し方", mori, days=-0.001)

    assert words() == ["稟議の出し方"]
    assert listed()[0].question is None


@pytest.mark.parametrize("do", ["answer", "close"])
def test_answering_is_for_who_is_asked_and_only_posted(
    question: AssignedQuestion, client: Client, signed_in: Enter, lee: User, mori: User, do: str
) -> None:
    address = f"{question.get_absolute_url()}{do}/"

    assert "/accounts/login/" in client.post(address)["Location"]
    assert signed_in(mori).post(address).status_code == 404
    assert signed_in(lee).get(address).status_code == 405
    with pytest.raises(actions.NotAllowed):
        actions.answer_question(by=mori, question=question, answer=None)


def test_questions_are_listed_by_state(question: AssignedQuestion, signed_in: Enter, sato: User) -> None:
    client = signed_in(sato)
    assert "稟議の出し方" in page(client, QUESTIONS)
    assert "稟議の出し方" not in page(client, f"{QUESTIONS}?state=answered")

    actions.answer_question(by=sato, question=question, answer=None)

    assert "稟議の出し方" not in page(client, QUESTIONS)
    assert "稟議の出し方" in page(client, f"{QUESTIONS}?state=answered")
