"""What people searched for in vain: who sees it, what is in it, what becomes of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kb.access.actions import Readers
from kb.accounts.models import Role, User
from kb.audit.models import AuditEvent
from kb.glossary.actions import TermContent, save_term
from kb.search import actions, charts, queries
from kb.search.engines.base import Key
from kb.search.index import drain
from kb.search.models import AssignedQuestion, SearchLog
from tests.factories import an_article

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
FAILED, EXPORT, QUESTIONS = "/search/failed/", "/search/failed/export.csv", "/search/questions/"
ASSIGN = "/search/failed/assign/?q="


def searched(
    query: str, *people: User | None, total: int = 0, days: float = 1, opened: bool = False, **said: object
) -> None:
    """These people searched for it, so many days ago."""
    at = timezone.now() - timedelta(days=days)
    for person in people:
        SearchLog.objects.create(
            query=query,
            normal=queries.normal_form(query),
            viewer=person,
            total=total,
            created_at=at,
            opened_at=at if opened else None,
            **said,
        )


def page(client: Client, address: str = FAILED) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(days: int = 30, what: str = "") -> list[queries.Gap]:
    return queries.gaps(queries.failed(queries.Wanted(days, what), timezone.now()))


def words(days: int = 30, what: str = "") -> list[str]:
    return [gap.query for gap in listed(days, what)]


@pytest.fixture
def question(sato: User, lee: User) -> AssignedQuestion:
    searched("稟議の出し方", lee)
    return actions.assign_question(by=sato, query="稟議の出し方", assigned_to=lee, note="経理に聞いて")


# ---------------------------------------------------------------- who
@pytest.mark.parametrize("address", [FAILED, EXPORT, QUESTIONS, ASSIGN])
def test_only_who_fills_gaps_finds_the_pages(
    client: Client, signed_in: Enter, cast: dict[str, User], address: str
) -> None:
    searched("失注", cast["lee"])
    address = address if address != ASSIGN else ASSIGN + quote("失注")
    assert "/accounts/login/" in client.get(address)["Location"]
    analyst = cast["mori"]
    User.objects.filter(pk=analyst.pk).update(role=Role.ANALYST)

    answers = {name: signed_in(person).get(address).status_code for name, person in cast.items()}

    assert answers == {"sato": 200, "takahashi": 200, "mori": 200, "lee": 404, "ito": 404}


@pytest.mark.parametrize("address", [FAILED, EXPORT, QUESTIONS])
def test_lists_are_only_read(signed_in: Enter, sato: User, address: str) -> None:
    assert signed_in(sato).post(address).status_code == 405


def test_editors_find_the_page_beside_the_others(signed_in: Enter, sato: User, lee: User) -> None:
    assert f'href="{FAILED}"' in page(signed_in(sato), "/articles/")
    assert f'href="{FAILED}"' not in page(signed_in(lee), "/articles/")


# ---------------------------------------------------------------- what
def test_what_found_nothing_and_what_nobody_opened_are_listed_by_how_many_asked(
    lee: User, mori: User, ito: User
) -> None:
    searched("SSO 設定", lee, mori)
    searched("ｓｓｏ　設定", ito)
    searched("価格表", lee, lee, lee, total=8)
    searched("開かれた", lee, mori, ito, total=8)
    searched("開かれた", lee, total=8, opened=True)
    searched("用語", lee, total=1, answered=True)
    searched("絞り込み", lee, filters="kind=faq")
    searched("ほとんどの語", lee, also=3)
    searched("昔の失敗", lee, days=31)

    assert [(gap.normal, gap.people, gap.times, gap.empty, gap.found) for gap in listed()] == [
        ("sso 設定", 3, 3, 3, 0),
        ("価格表", 1, 3, 0, 3),
        ("ほとんどの語", 1, 1, 0, 1),
    ]
    assert [queries.normal_form(query) for query in words(what="none")] == ["sso 設定"]
    assert words(what="unopened") == ["価格表", "ほとんどの語"]
    assert "昔の失敗" in words(days=90)
    assert words(days=7) == words()


def test_searches_without_names_still_count(lee: User) -> None:
    searched("失注", None, None)

    (gap,) = listed()

    assert (gap.people, gap.times) == (1, 2)


def test_the_page_says_words_and_counts_but_no_name(
    signed_in: Enter, sato: User, lee: User, mori: User
) -> None:
    searched("<b>SSO</b> 設定", lee, mori)

    html = page(signed_in(sato))

    assert "&lt;b&gt;SSO&lt;/b&gt; 設定" in html
    assert str(lee) not in html
    assert str(mori) not in html
    assert lee.username not in page(signed_in(sato), EXPORT)


def test_an_editor_who_looks_at_what_failed_does_not_count_as_one_more(
    signed_in: Enter, sato: User, lee: User
) -> None:
    an_article(lee)
    drain()
    searched("SSO 設定", lee)
    client = signed_in(sato)
    address = f"/search/?q={quote('SSO 設定')}&look=1"
    assert f'href="{address}"' in page(client).replace("&amp;", "&")

    page(client, address)
    client.head(f"/search/?q={quote('SSO 設定')}")

    assert [gap.times for gap in listed()] == [1]


@pytest.mark.parametrize("query", ["?days=seven&what=all", "?days=-1", "?days=99999999999", "?page=x&days=7"])
def test_any_address_is_answered(signed_in: Enter, sato: User, lee: User, query: str) -> None:
    searched("失注", lee)

    assert "失注" in page(signed_in(sato), FAILED + query)


def test_an_empty_page_says_what_will_stand_there(signed_in: Enter, sato: User) -> None:
    html = page(signed_in(sato))

    assert 'class="empty"' in html
    assert "<table" not in html


def test_the_export_runs_nothing_in_a_spreadsheet(signed_in: Enter, sato: User, lee: User) -> None:
    searched('=HYPERLINK("http://example.com","x")', lee)
    searched("失注", lee)

    answer = signed_in(sato).get(EXPORT)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == 3
    assert {row[0] for row in rows[1:]} == {"失注", '\'=HYPERLINK("http://example.com","x")'}


def test_the_page_asks_the_database_no_more_often_for_many(
    signed_in: Enter, sato: User, lee: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(40):
        searched(f"語{number}", lee)
        actions.assign_question(by=sato, query=f"語{number}", assigned_to=lee)
    client = signed_in(sato)
    client.get(FAILED)

    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        client.get(FAILED)


# ---------------------------------------------------------------- a question
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


# ---------------------------------------------------------------- health
def test_health_counts_week_by_week(lee: User) -> None:
    monday = date(2026, 11, 23)
    at = timezone.make_aware(datetime.combine(monday, time(0, 0, 1)))
    for moment, said in (
        (at, {"total": 0}),
        (at, {"total": 3}),
        (at, {"total": 3, "opened_at": at}),
        (at, {"total": 0, "filters": "kind=faq"}),
        (at, {"total": 1, "answered": True}),
        (at - timedelta(seconds=2), {"total": 2, "filters": "kind=faq"}),
        (at - timedelta(weeks=13), {"total": 0}),
    ):
        SearchLog.objects.create(query="q", normal="q", viewer=lee, created_at=moment, **said)

    *_others, before, this = queries.health(monday + timedelta(days=3))

    assert len(_others) == 11
    assert this == queries.Week(monday, plain=4, empty=1, found=2, opened=1)
    assert (this.empty_share, this.opened_share) == (0.25, 0.5)
    assert before == queries.Week(monday - timedelta(weeks=1), plain=0, empty=0, found=1, opened=0)
    assert before.empty_share is None


SHARES = st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=20)


@given(SHARES, st.sampled_from([0.05, 0.6]))
def test_a_line_stays_inside_its_picture(shares: list[float | None], target: float) -> None:
    end = charts.end_of(shares, target)
    svg = charts.line(shares, [False] * len(shares), target)

    assert all(0 <= charts.height_of(share, end) <= charts.HEIGHT for share in shares if share is not None)
    assert svg.count("<circle") == sum(share is not None for share in shares)
    assert "nan" not in svg
    assert "inf" not in svg


def test_a_week_without_a_search_breaks_the_line() -> None:
    assert charts.line([0.1, 0.2, None, 0.3, None, 0.1, 0.1], [False] * 7, 0.05).count("<polyline") == 2
