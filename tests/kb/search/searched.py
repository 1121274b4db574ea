"""Searches in the log as if people had made them, and what the editors' page would say of them."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from kb.accounts.models import User
from kb.search import queries
from kb.search.models import SearchLog

FAILED = "/search/failed/"
QUESTIONS = "/search/questions/"
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


def listed(days: int = 30, what: str = "", *, viewer: User | None = None) -> list[queries.Gap]:
    wanted, now = queries.Wanted(days, what), timezone.now()
    viewer = viewer or User.objects.get(username="takahashi")
    return queries.gaps(queries.failed(wanted, now), viewer=viewer, since=wanted.since(now))


def words(days: int = 30, what: str = "") -> list[str]:
    return [gap.query for gap in listed(days, what)]
