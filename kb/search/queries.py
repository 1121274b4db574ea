"""What pages read of the log: one's own searches, those that fail, how the search fares from week to week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from kb.search.models import (
    EMPTY,
    FOUND,
    QUERY_KEPT,
    SERVED,
    TO_OPEN,
    AssignedQuestion,
    SavedSearch,
    SearchLog,
)
from kb.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from kb.accounts.models import User
    from kb.search.models import SearchLogQuerySet

# So many of one's latest searches are looked through; older ones nobody remembers.
LOOKED_BACK = 300
PERIODS = (7, 30, 90)
USUAL_PERIOD = 30
NOTHING_FOUND, NOTHING_OPENED = "none", "unopened"
WEEKS = 13


# ---------------------------------------------------------------- one's own
def recent_queries(viewer: User, prefix: str = "", limit: int = 8) -> list[str]:
    """What `viewer` searched for lately, each once, as it was typed last, the latest first; those that begin with `prefix`."""
    begins = fold(prefix)
    found: dict[str, str] = {}
    for normal, query in SearchLog.objects.of(viewer).values_list("normal", "query")[:LOOKED_BACK]:
        if normal.startswith(begins):
            found.setdefault(normal, query)
    return list(found.values())[:limit]


def saved_searches(viewer: User, prefix: str = "", limit: int | None = None) -> list[SavedSearch]:
    """What `viewer` saved, by name; those with `prefix` somewhere in the name."""
    wanted = fold(prefix)
    own = [saved for saved in SavedSearch.objects.filter(owner=viewer) if wanted in fold(saved.name)]
    return own[:limit]


def saved_at(viewer: User, address: str) -> SavedSearch | None:
    """The search of `viewer` that is saved under this address."""
    return SavedSearch.objects.filter(owner=viewer, address=address).first()


def log_of(viewer: User, query: str, since: datetime) -> SearchLog | None:
    """The latest search of `viewer` for the same words."""
    return SearchLog.objects.of(viewer).since(since).filter(normal=normal_form(query)).first()


def normal_form(query: str) -> str:
    """A query without case, width and spacing, cut to what is kept."""
    return fold(query)[:QUERY_KEPT]


# ---------------------------------------------------------------- what fails
@dataclass(frozen=True, slots=True)
class Wanted:
    """Which failed searches to list: of so many days, and only those that found nothing, or of which nothing was opened."""

    days: int = USUAL_PERIOD
    what: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Wanted:
        """What makes no sense is left out."""
        days, what = query.get("days", ""), query.get("what", "")
        return cls(
            days=int(days) if days in map(str, PERIODS) else USUAL_PERIOD,
            what=what if what in (NOTHING_FOUND, NOTHING_OPENED) else "",
        )

    def since(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that people searched for in vain: how often, by how many, the last day, and the question made of it.

    Searches whose names are forgotten count as one person more at most, so `people` is then a lower bound.
    """

    normal: str
    query: str
    times: int
    people: int
    empty: int
    found: int
    last_on: date
    question: AssignedQuestion | None = None


def by_words(logs: SearchLogQuerySet) -> QuerySet[Any, Any]:
    """Searches by their normal form, with what `Gap` counts."""
    return (
        logs.order_by()
        .values("normal")
        .annotate(
            typed=Max("query"),
            times=Count("pk"),
            named=Count("viewer", distinct=True),
            nameless=Count("pk", filter=Q(viewer=None)),
            empty=Count("pk", filter=EMPTY),
            found=Count("pk", filter=FOUND),
            served=Count("pk", filter=SERVED),
            last_at=Max("created_at"),
        )
    )


def failed(wanted: Wanted, now: datetime) -> QuerySet[Any, Any]:
    """Queries of which nothing was opened in all the period, by normal form; what was answered since they were last asked is out."""
    settled = (
        AssignedQuestion.objects.filter(normal=OuterRef("normal"))
        .order_by()
        .values("normal")
        .annotate(at=Max("answered_at"))
        .values("at")
    )
    groups: QuerySet[Any, Any] = (
        by_words(SearchLog.objects.since(wanted.since(now)))
        .annotate(settled_at=Subquery(settled))
        .filter(served=0)
        .exclude(settled_at__isnull=False, settled_at__gte=F("last_at"))
    )
    if wanted.what == NOTHING_FOUND:
        groups = groups.filter(found=0, empty__gt=0)
    elif wanted.what == NOTHING_OPENED:
        groups = groups.filter(found__gt=0)
    else:
        groups = groups.filter(Q(found__gt=0) | Q(empty__gt=0))
    return groups.order_by("-named", "-times", "-last_at", "normal")


def gaps(rows: Iterable[Mapping[str, Any]]) -> list[Gap]:
    """Rows of `failed`, each with the open question that was made of it."""
    rows = list(rows)
    questions = {
        question.normal: question
        for question in AssignedQuestion.objects.open()
        .filter(normal__in=[row["normal"] for row in rows])
        .select_related("assigned_to")
    }
    return [
        Gap(
            normal=row["normal"],
            query=row["typed"],
            times=row["times"],
            people=row["named"] or min(row["nameless"], 1),
            empty=row["empty"],
            found=row["found"],
            last_on=timezone.localdate(row["last_at"]),
            question=questions.get(row["normal"]),
        )
        for row in rows
    ]


def asked(normal: str, now: datetime) -> Gap | None:
    """How the last 90 days asked for these words, whatever came of it; none when nobody did."""
    logs = SearchLog.objects.since(now - timedelta(days=max(PERIODS))).filter(normal=normal)
    return next(iter(gaps(by_words(logs))), None)


# ---------------------------------------------------------------- how it fares
@dataclass(frozen=True, slots=True)
class Week:
    """The searches of one week. empty of plain: those not narrowed down that found nothing; opened of found: those whose
    results were opened, where no card had answered already.
    """

    starts_on: date
    plain: int = 0
    empty: int = 0
    found: int = 0
    opened: int = 0

    @property
    def empty_share(self) -> float | None:
        return self.empty / self.plain if self.plain else None

    @property
    def opened_share(self) -> float | None:
        return self.opened / self.found if self.found else None


def health(today: date, weeks: int = WEEKS) -> list[Week]:
    """The last weeks, Monday by Monday, the present one last; a week without a search is there with nothing in it."""
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=number) for number in reversed(range(weeks))]
    # Told apart by comparing alone: SQLite would call Python for every row to cut a moment to its week.
    begins = [timezone.make_aware(datetime.combine(monday, time.min)) for monday in mondays]
    place = Case(
        *(When(created_at__lt=end, then=number) for number, end in enumerate(begins[1:])),
        default=weeks - 1,
        output_field=IntegerField(),
    )
    rows = (
        SearchLog.objects.since(begins[0])
        .order_by()
        .annotate(place=place)
        .values("place")
        .annotate(
            plain=Count("pk", filter=Q(filters="")),
            empty=Count("pk", filter=EMPTY),
            found=Count("pk", filter=TO_OPEN),
            opened=Count("pk", filter=TO_OPEN & Q(opened_at__isnull=False)),
        )
    )
    known = {
        mondays[row["place"]]: {name: row[name] for name in ("plain", "empty", "found", "opened")}
        for row in rows
    }
    return [Week(monday, **known.get(monday, {})) for monday in mondays]
