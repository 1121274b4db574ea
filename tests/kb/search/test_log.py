"""The log of searches: what is noted, what is told of it, whose name is in it and for how long."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.glossary.actions import TermContent, save_term
from kb.search import actions
from kb.search.engines.base import Key
from kb.search.index import drain
from kb.search.models import Reading, SearchLog
from kb.search.queries import normal_form, recent_queries
from kb.search.use import counted, use
from tests.factories import an_article

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
OPENED, READ, FORGET = "/search/opened/{}/", "/search/read/", "/search/forget/"


def search(client: Client, **query: str | int) -> str:
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def notes() -> list[SearchLog]:
    return list(SearchLog.objects.order_by("pk"))


def age(**by: int) -> None:
    """Everything noted so far was noted so much earlier."""
    for note in notes():
        SearchLog.objects.filter(pk=note.pk).update(created_at=note.created_at - timedelta(**by))


# ---------------------------------------------------------------- what is noted
def test_a_search_is_noted_with_what_came_of_it(signed_in: Enter, lee: User) -> None:
    an_article(lee, "失注後の90日")
    drain()

    search(signed_in(lee), q="　失注  ﾃﾞｰﾀ SSO ")
    search(signed_in(lee), q="失注", kind="faq")

    first, second = notes()
    assert (first.query, first.normal, first.viewer, first.filters) == (
        "失注 ﾃﾞｰﾀ SSO",
        "失注 データ sso",
        lee,
        "",
    )
    assert (second.total, second.filters) == (0, "kind=faq")
    assert first.opened_at is None


def test_the_same_words_within_a_minute_are_one_search(signed_in: Enter, lee: User, mori: User) -> None:
    an_article(lee, "失注")
    drain()
    client = signed_in(lee)

    for query in (
        {"q": "失注"},
        {"q": "失注 "},
        {"q": "失注", "sort": "newest"},
        {"q": "失注", "kind": "faq"},
    ):
        search(client, **query)
    assert len(notes()) == 1
    search(signed_in(mori), q="失注")
    assert len(notes()) == 2
    age(seconds=61)
    search(client, q="失注")
    assert len(notes()) == 3


def test_neither_an_empty_page_nor_a_later_one_nor_a_missing_index_is_noted(
    signed_in: Enter, lee: User
) -> None:
    search(signed_in(lee), q="失注")  # there is no index yet
    an_article(lee, "失注")
    drain()

    search(signed_in(lee))
    search(signed_in(lee), q="  ")
    search(signed_in(lee), kind="faq")
    search(signed_in(lee), q="失注", page=2)

    assert notes() == []


def test_a_search_answered_by_a_term_says_so(signed_in: Enter, sato: User) -> None:
    save_term(by=sato, content=TermContent(preferred="失注", explanation="契約に至らなかったこと。"))
    drain()

    search(signed_in(sato), q="失注")

    assert notes()[0].answered


@given(st.text(min_size=1, max_size=2_000))
def test_any_query_can_be_noted(text: str) -> None:
    normal = normal_form(text)

    assert len(normal) <= 300
    assert normal_form(normal) == normal


@pytest.mark.parametrize(
    "query", ["失注\ud83d", "﷽" * 300, "a" * 5_000], ids=["broken", "folds long", "long"]
)
def test_whatever_is_typed_is_noted_without_an_error(signed_in: Enter, lee: User, query: str) -> None:
    an_article(lee)
    drain()

    search(signed_in(lee), q=query.encode("utf-8", "replace").decode())

    assert len(notes()) == 1


def test_a_query_that_narrows_itself_down_is_noted_as_narrowed(signed_in: Enter, lee: User) -> None:
    an_article(lee, "失注")
    drain()

    search(signed_in(lee), q="失注 kind:faq")

    (note,) = notes()
    assert (note.total, bool(note.filters)) == (0, True)


# ---------------------------------------------------------------- what is opened
def test_the_first_thing_opened_is_noted_with_its_place(signed_in: Enter, lee: User) -> None:
    article = an_article(lee, "失注後の90日")
    drain()
    client = signed_in(lee)
    html = search(client, q="失注")
    (note,) = notes()
    assert f'data-opened-at="{OPENED.format(note.pk)}"' in html
    assert f'data-hit="collateral:{article.pk}"' in html

    for position in (3, 1):
        answer = client.post(
            OPENED.format(note.pk), {"thing": f"collateral:{article.pk}", "position": position}
        )
        assert answer.status_code == 204

    (note,) = notes()
    assert note.opened_at is not None
    assert note.opened_position == 3
    assert counted() == {Key("article", article.pk): 1}


def test_what_is_opened_on_a_later_page_belongs_to_the_search(signed_in: Enter, lee: User) -> None:
    for number in range(12):
        an_article(lee, f"頁{number}", "失注")
    drain()
    client = signed_in(lee)
    search(client, q="失注")
    age(minutes=10)

    html = search(client, q="失注", page=2)

    assert OPENED.format(notes()[0].pk) in html
    assert 'data-shown-before="10"' in html


def test_nobody_tells_of_somebody_elses_search(signed_in: Enter, lee: User, mori: User) -> None:
    an_article(lee, "失注")
    drain()
    search(signed_in(lee), q="失注")
    address = OPENED.format(notes()[0].pk)

    assert signed_in(mori).post(address, {"position": "1"}).status_code == 404
    assert signed_in(lee).post(address, {"position": "first"}).status_code == 404
    assert notes()[0].opened_at is None
    with pytest.raises(actions.NotAllowed):
        actions.note_opened(by=mori, search=notes()[0], position=1)


# ---------------------------------------------------------------- what is read
def test_a_reading_counts_once_an_hour_a_person_and_keeps_no_name(
    signed_in: Enter, lee: User, mori: User
) -> None:
    article = an_article(lee)
    html = signed_in(lee).get(article.get_absolute_url()).content.decode()
    assert f'data-read="article:{article.pk}" data-told-at="{READ}"' in html

    for person in (lee, lee, mori):
        assert signed_in(person).post(READ, {"thing": f"article:{article.pk}"}).status_code == 204

    assert counted() == {Key("article", article.pk): 2}
    assert not [field for field in Reading._meta.get_fields() if field.is_relation]


def test_a_page_costs_nothing_for_being_counted(signed_in: Enter, lee: User) -> None:
    article = an_article(lee)

    signed_in(lee).get(article.get_absolute_url())

    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    "thing", ["article:{}", "deal:{}", "no-such:1", "article:x", "article", "article:99999999999999999999"]
)
def test_what_one_may_not_see_cannot_be_counted(signed_in: Enter, sato: User, ito: User, thing: str) -> None:
    hidden = an_article(sato, readers=Readers(people=[sato]))

    assert signed_in(ito).post(READ, {"thing": thing.format(hidden.pk)}).status_code == 404
    assert not Reading.objects.exists()


def test_use_counts_the_last_year_and_is_kept_for_a_while(
    lee: User, django_assert_num_queries: Callable[..., object]
) -> None:
    article = an_article(lee)
    today = timezone.localdate()
    for days, count in ((0, 2), (364, 3), (365, 5)):
        Reading.objects.create(
            source="article", target_id=article.pk, day=today - timedelta(days=days), count=count
        )

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert use() == {Key("article", article.pk): 5}
        assert use() == use()


# ---------------------------------------------------------------- names, and how long
def test_names_are_forgotten_after_their_days_and_rows_after_two_years(settings: Settings, lee: User) -> None:
    settings.SEARCH_LOG_DAYS = 30
    now = timezone.now()
    for days in (29, 31, 729, 731):
        SearchLog.objects.create(
            query="失注", normal="失注", viewer=lee, total=0, created_at=now - timedelta(days=days)
        )
    for days in (729, 731):
        Reading.objects.create(
            source="article", target_id=1, day=timezone.localdate() - timedelta(days=days), count=1
        )

    assert actions.forget_old_searches() == 2

    kept = [((now - note.created_at).days, note.viewer) for note in notes()]
    assert kept == [(29, lee), (31, None), (729, None)]
    assert Reading.objects.count() == 1
    assert actions.forget_old_searches() == 0


def test_one_clears_ones_own_history_and_nobody_elses(signed_in: Enter, lee: User, mori: User) -> None:
    for person, query in ((lee, "失注"), (lee, "稟議"), (mori, "失注")):
        SearchLog.objects.create(query=query, normal=query, viewer=person, total=0)

    assert signed_in(lee).post(FORGET, {"query": "失注"}).status_code == 302
    assert recent_queries(lee) == ["稟議"]
    assert signed_in(lee).post(FORGET).status_code == 302
    assert recent_queries(lee) == []
    assert recent_queries(mori) == ["失注"]
    assert SearchLog.objects.count() == 3


def test_recent_queries_stand_once_each_the_latest_first_and_begin_as_asked(lee: User, mori: User) -> None:
    for query in ("失注", "SSO", "sso 設定", "ＳＳＯ", "失注 理由"):
        SearchLog.objects.create(query=query, normal=normal_form(query), viewer=lee, total=0)

    assert recent_queries(lee, limit=3) == ["失注 理由", "ＳＳＯ", "sso 設定"]
    assert recent_queries(lee, "Ss") == ["ＳＳＯ", "sso 設定"]
    assert recent_queries(mori) == []


def test_the_blank_page_shows_ones_own_last_searches_only(signed_in: Enter, lee: User, mori: User) -> None:
    SearchLog.objects.create(query="<b>極秘</b>", normal="極秘", viewer=lee, total=0)

    assert "&lt;b&gt;極秘&lt;/b&gt;" in search(signed_in(lee))
    assert "極秘" not in search(signed_in(mori))


# ---------------------------------------------------------------- the pages
@pytest.mark.parametrize("address", [OPENED.format(1), READ, FORGET])
def test_these_need_sign_in_and_post(client: Client, signed_in: Enter, ito: User, address: str) -> None:
    assert "/accounts/login/" in client.post(address)["Location"]
    assert signed_in(ito).get(address).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer at a time")
def test_while_somebody_writes_for_long_a_search_is_answered_and_left_out_of_the_log(
    signed_in: Enter, lee: User
) -> None:
    an_article(lee, "失注")
    drain()
    client = signed_in(lee)
    # in memory, unlike in a file, whoever writes a table also locks its readers out: read before what is written here
    use()
    writer = sqlite3.connect(str(connection.settings_dict["NAME"]), uri=True, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute(
        "INSERT INTO search_reading (source, target_id, day, count) VALUES ('x', 1, '2026-01-01', 1)"
    )

    html = search(client, q="失注")

    writer.execute("ROLLBACK")
    writer.close()
    assert 'class="hit"' in html
    assert "data-opened-at" not in html
    assert notes() == []
    search(client, q="失注")
    assert len(notes()) == 1
