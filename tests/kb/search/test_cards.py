"""The answer first: the FAQ whose question it is, and what a query names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from deals.crm.actions import ensure_company, save_competitor, save_product
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.search.find import answer
from kb.search.index import drain
from tests.factories import an_article
from tests.kb.glossary.terms import a_term

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
QUESTION = "値引きの上限はいくらですか"


def a_faq(
    by: User, title: str = QUESTION, body: str = "上限は一割です。**部長**に聞きます。", **said: object
) -> None:
    an_article(by, title, body, kind="faq", **said)  # type: ignore[arg-type]
    drain()


def answered(query: str, viewer: User) -> str | None:
    found = answer(query, viewer=viewer).faq
    return None if found is None else found.title


# ------------------------------------------------------------------ FAQ
@pytest.mark.parametrize(
    "query", [QUESTION, "値引きの上限", "値引きの上限を教えてください", "値引きの上限はいくら？"]
)
def test_the_faq_that_asks_the_same_answers_first(sato: User, query: str) -> None:
    a_faq(sato)
    a_faq(sato, "値引きの申請はどこでしますか")

    assert answered(query, sato) == QUESTION


@pytest.mark.parametrize(
    "query", ["値引き", "上限", "値引きの理由", "値引きに上限はないのですか", "値引きの上限は誰が決めますか"]
)
def test_a_near_miss_is_not_answered(sato: User, query: str) -> None:
    a_faq(sato)

    assert answered(query, sato) is None


def test_a_page_of_another_kind_is_no_answer(sato: User) -> None:
    an_article(sato, QUESTION, "本文", kind="news")
    drain()

    assert answered(QUESTION, sato) is None


def test_a_hidden_faq_does_not_answer(sato: User, ito: User) -> None:
    a_faq(sato, readers=Readers(people=[sato]))

    assert answered(QUESTION, sato) == QUESTION
    assert answered(QUESTION, ito) is None


def test_the_answer_begins_above_the_hits_on_the_first_page_only(signed_in: Enter, sato: User) -> None:
    a_faq(sato)

    html = signed_in(sato).get("/search/", {"q": QUESTION}).content.decode()
    second = signed_in(sato).get("/search/", {"q": QUESTION, "page": "2"}).content.decode()

    assert html.index("上限は一割です。部長に聞きます。") < html.index('class="hits"')
    assert 'class="answer"' not in second


# ------------------------------------------------------------------ named
def named(query: str, viewer: User) -> set[tuple[str, str]]:
    return {(thing.text, thing.kind) for thing in answer(query, viewer=viewer).named}


def test_what_is_called_so_is_named(sato: User) -> None:
    ensure_company("北海製作所", by=sato)
    save_competitor(by=sato, name="北海ソフト", near_names=["HKSoft"])
    save_product(by=sato, name="北海パック")
    an_article(sato, "北海の話", tags=["北海", "南海"])
    User.objects.create_user("tanaka", display_name="北海 太郎")
    drain()

    assert named("北海", sato) == {
        ("北海製作所", "company"),
        ("北海ソフト", "competitor"),
        ("北海パック", "product"),
        ("北海", "tag"),
        ("北海 太郎", "person"),
    }
    assert named("hksoft", sato) == {("北海ソフト", "competitor")}
    assert named("北海製", sato) == {("北海製作所", "company")}
    assert named("製作所", sato) == set()


def test_people_lead_to_what_they_wrote(signed_in: Enter, sato: User) -> None:
    a_faq(sato)

    html = signed_in(sato).get("/search/", {"q": "佐藤"}).content.decode()

    assert f'href="/search/?author={sato.pk}"' in html


def test_closed_accounts_are_not_named(sato: User, lee: User) -> None:
    a_faq(sato)
    User.objects.filter(pk=lee.pk).update(is_active=False)

    assert named("lee", sato) == set()


def test_a_term_that_answers_is_not_named_once_more(sato: User) -> None:
    a_term(sato, "失注")
    a_term(sato, "失注率")
    drain()

    results = answer("失注", viewer=sato)

    assert results.answer is not None
    assert [thing.text for thing in results.named] == ["失注率"]


def test_hidden_things_are_not_named(sato: User, ito: User) -> None:
    readers = Readers(people=[sato])
    a_term(sato, "秘密計画", readers=readers)
    an_article(sato, "秘密の頁", tags=["秘密"], readers=readers)
    drain()

    assert named("秘密", sato) == {("秘密計画", "term"), ("秘密", "tag")}
    assert named("秘密", ito) == set()


def test_the_command_line_tells_them_too(sato: User) -> None:
    a_faq(sato)

    told = answer(QUESTION, viewer=sato).as_json()

    assert isinstance(told["faq"], dict)
    assert told["faq"]["title"] == QUESTION
    assert (told["named"], told["did_you_mean"]) == ([], [])
