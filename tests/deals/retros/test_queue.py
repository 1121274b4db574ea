"""What waits to be looked back on, in which order, and who is told how much."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from deals.crm import actions as crm
from deals.crm.actions import DealContent
from deals.crm.models import Deal
from deals.retros.queries import number_waiting, recent_lessons, waiting
from kb.accounts.models import User
from tests.deals.retros.retros import a_retro
from tests.factories import an_article

Enter = Callable[[User], Client]


def a_deal(
    by: User, name: str, *, days: int | None, amount: int | None = None, owner: User | None = None
) -> Deal:
    closed_on = None if days is None else timezone.localdate() - timedelta(days=days)
    content = DealContent(
        name=name,
        owner=owner or by,
        result="won",
        closed_on=closed_on,
        amount=None if amount is None else Decimal(amount),
    )
    return crm.save_deal(by=by, content=content)


def test_ones_own_stand_first_then_the_freshest_of_these_the_largest(lee: User, mori: User) -> None:
    a_deal(lee, "古くて大きい", days=200, amount=9_000)
    a_deal(lee, "新しくて小さい", days=1, amount=100)
    a_deal(lee, "今月の大", days=20, amount=700)
    a_deal(lee, "今月の小", days=10, amount=200)
    a_deal(lee, "金額なし", days=5)
    a_deal(lee, "日付なし", days=None, amount=99_000)
    a_deal(mori, "森の大きいの", days=0, amount=99_000)

    assert [deal.name for deal in waiting(lee)] == [
        "新しくて小さい",
        "今月の大",
        "今月の小",
        "金額なし",
        "古くて大きい",
        "日付なし",
        "森の大きいの",
    ]


def test_open_and_written_deals_do_not_wait(lost: Deal, closed: Deal, lee: User) -> None:
    crm.save_deal(by=lee, content=DealContent(name="進行中", owner=lee))
    crm.save_deal(by=lee, content=DealContent(name="重複", owner=lee, result="invalid"))
    a_retro(lee, lost)

    assert [deal.name for deal in waiting(lee)] == [closed.name]


def test_what_one_may_not_see_does_not_wait_for_one(lost: Deal, closed: Deal, mori: User) -> None:
    assert [deal.pk for deal in waiting(mori)] == [lost.pk]


def test_the_side_list_counts_ones_own_of_the_last_three_months(
    lost: Deal, closed: Deal, lee: User, mori: User
) -> None:
    a_deal(lee, "昨年の", days=400)
    assert number_waiting(lee) == 2
    assert number_waiting(mori) == 0
    a_retro(lee, lost)
    assert number_waiting(lee) == 1


def test_what_waits_is_told_where_one_looks_for_work_and_not_asked_where_one_reads(
    lost: Deal, lee: User, signed_in: Enter
) -> None:
    page = an_article(lee)
    mark = '<span class="count">1<span'

    for address in ("/", "/deals/", "/deals/queue/", "/competitors/", "/analysis/"):
        assert mark in signed_in(lee).get(address).content.decode(), address
    with CaptureQueriesContext(connection) as asked:
        read = signed_in(lee).get(page.get_absolute_url())
    assert mark not in read.content.decode()
    assert "crm_deal" not in "".join(query["sql"] for query in asked)


def test_the_queue_opens_for_writers_alone(lost: Deal, lee: User, ito: User, signed_in: Enter) -> None:
    address = reverse("retros:queue")

    page = signed_in(lee).get(address)
    assert reverse("retros:submit", args=[lost.pk]) in page.content.decode()
    assert signed_in(ito).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_an_empty_queue_says_what_to_do(lee: User, lost: Deal, signed_in: Enter) -> None:
    a_retro(lee, lost)
    assert reverse("crm:list") in signed_in(lee).get(reverse("retros:queue")).content.decode()
    Deal.objects.all().delete()
    assert reverse("crm:new") in signed_in(lee).get(reverse("retros:queue")).content.decode()


@pytest.mark.parametrize("page", ["", "?page=2", "?page=x", "?page=99"])
def test_the_queue_takes_few_queries_whatever_its_length(
    page: str, lee: User, signed_in: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(35):
        a_deal(lee, f"商談 {number}", days=number)
    client = signed_in(lee)
    client.get("/")

    with django_assert_max_num_queries(8):
        assert client.get(reverse("retros:queue") + page).status_code == 200


def test_the_latest_lessons_are_those_one_may_read(lost: Deal, closed: Deal, lee: User, mori: User) -> None:
    a_retro(lee, lost)
    a_retro(lee, closed)

    assert [retro.deal.name for retro in recent_lessons(lee, limit=3)] == [lost.name, closed.name]
    assert [retro.deal.name for retro in recent_lessons(mori, limit=3)] == [lost.name]
