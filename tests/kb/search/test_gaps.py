"""What people searched for in vain: who sees it, what is in it, what becomes of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pytest_django import Settings

from kb.access.actions import Readers
from kb.accounts.models import Role, User
from kb.search import actions, charts, queries, registry
from kb.search.index import drain
from kb.search.models import AssignedQuestion, SearchLog
from tests.factories import an_article
from tests.kb.search.searched import ASSIGN, FAILED, QUESTIONS, listed, page, searched, words

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
EXPORT = "/search/failed/export.csv"


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


SEARCHES = st.lists(
    st.tuples(
        st.sampled_from(["失注", "価格", "sso"]),
        st.sampled_from(["lee", "mori", None]),
        st.integers(0, 9),
        st.sampled_from(
            [{}, {"total": 2}, {"also": 1}, {"total": 2, "answered": True}, {"filters": "kind=faq"}]
        ),
        st.booleans(),
    ),
    max_size=12,
)


@example_settings(max_examples=30)
@given(
    SEARCHES, st.dictionaries(st.sampled_from(["失注", "価格"]), st.integers(0, 9)), st.sampled_from([7, 30])
)
def test_what_failed_is_what_one_would_count_by_hand(
    cast: dict[str, User],
    searches: list[tuple[str, str | None, int, dict[str, object], bool]],
    settled: dict[str, int],
    days: int,
) -> None:
    sato = cast["sato"]
    with transaction.atomic():
        for query, name, ago, said, opened in searches:
            found = "total" in said or "also" in said
            searched(query, cast[name] if name else None, days=ago, opened=opened and found, **said)  # type: ignore[arg-type]
        for query, ago in settled.items():
            question = actions.assign_question(by=sato, query=query, assigned_to=sato)
            question.answered_at = timezone.now() - timedelta(days=ago)
            question.save()
        for what in ("", "none", "unopened"):
            assert queries.failed(queries.Wanted(days, what), timezone.now()) == by_hand(days, what)
        transaction.set_rollback(True)


def by_hand(days: int, what: str) -> list[str]:
    """The same, row by row."""
    since = timezone.now() - timedelta(days=days)
    settled = {question.normal: question.answered_at for question in AssignedQuestion.objects.all()}
    groups: dict[str, list[SearchLog]] = {}
    for row in SearchLog.objects.filter(created_at__gte=since):
        groups.setdefault(row.normal, []).append(row)
    order = {}
    for normal, rows in groups.items():
        found = any(row.total or row.also for row in rows)
        empty = any(not (row.total or row.also or row.answered or row.filters) for row in rows)
        last = max(row.created_at for row in rows)
        served = any(row.opened_at or row.answered for row in rows)
        wanted = {"none": empty and not found, "unopened": found, "": empty or found}[what]
        answered = settled.get(normal)
        if wanted and not served and not (answered and answered >= last):
            people = {row.viewer_id for row in rows} - {None}
            order[normal] = (-len(people), -len(rows), -last.timestamp(), normal)
    return sorted(order, key=order.__getitem__)


READERS = st.frozensets(st.sampled_from(["sato", "lee", "mori", "takahashi"]), min_size=1)


@example_settings(max_examples=12)
@given(st.lists(READERS, min_size=1, max_size=3))
def test_words_of_what_one_may_not_see_are_on_no_page(
    signed_in: Enter, cast: dict[str, User], settings: Settings, items: list[frozenset[str]]
) -> None:
    """Whoever may read a thing searches for its very words and opens nothing."""
    settings.SEARCH_URL = "memory:"
    registry.engine().rebuild([])
    with transaction.atomic():
        SearchLog.objects.all().delete()
        for number, names in enumerate(items):
            readers = [cast[name] for name in sorted(names)]
            an_article(readers[0], f"極秘計画{number}号", readers=Readers(people=readers))
        drain()
        for number, names in enumerate(items):
            for name in sorted(names):
                page(signed_in(cast[name]), f"/search/?q={quote(f'極秘計画{number}号')}")
        for name in ("sato", "takahashi"):
            html = page(signed_in(cast[name]))
            rows = signed_in(cast[name]).get(EXPORT).content.decode()
            for number, names in enumerate(items):
                word = f"極秘計画{number}号"
                assert (word in html) == (word in rows) == (name in names)
                status = signed_in(cast[name]).get(ASSIGN + quote(word)).status_code
                assert status == (200 if name in names else 404)
        transaction.set_rollback(True)


def test_what_somebody_may_see_counts_for_nothing_where_others_find_nothing(
    signed_in: Enter, sato: User, lee: User, mori: User
) -> None:
    an_article(lee, "極秘計画", readers=Readers(people=[lee]))
    drain()
    for person in (lee, mori):
        page(signed_in(person), f"/search/?q={quote('極秘計画')}")

    (gap,) = listed(viewer=sato)
    assert (gap.times, gap.people, gap.empty, gap.found) == (1, 1, 1, 0)
    assert listed(viewer=lee)[0].times == 2


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
