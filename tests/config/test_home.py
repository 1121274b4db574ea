"""The first page: as many queries for many things as for few."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.accounts.models import User
from tests.deals.analysis.made import deals, retros
from tests.factories import an_article

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
MOST_QUERIES = 13


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    return len(asked)


def test_it_keeps_to_its_number_of_queries_however_much_there_is(lee: User, signed_in: Enter) -> None:
    def fill(number: int) -> None:
        closed = deals(lee, (2 * number, "won"), (2 * number, "lost"), owner=lee)
        retros(lee, closed[:number], lesson="支援担当を初回に同席させる。")
        for one in range(number):
            an_article(lee, f"提案書 {number} {one}", tags=["支援", f"語{one}"])

    client = signed_in(lee)
    client.get("/")  # what a process reads once
    fill(1)
    few = queries_of(client)
    fill(8)

    assert queries_of(client) <= few <= MOST_QUERIES
