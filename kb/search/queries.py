"""What pages read of the log: one's own searches, those that fail, how the search fares from week to week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from kb.search import registry
from kb.search.models import (
    EMPTY,
    FOUND,
    QUERY_KEPT,
    SERVED,
    TO_OPEN,
    UNSERVED,
    AssignedQuestion,
    SavedSearch,
    SearchLog,
)
from kb.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from kb.accounts.models import User

# So many of one's latest searches are looked through; older ones nobody remembers.
LOOKED_BACK = 300
PERIODS = (7, 30, 90)
USUAL_PERIOD = 30
# What only one person asked for once, long ago, comes last; nobody fills more gaps than these.
LISTED = 1_000
NOTHING_FOUND, NOTHING_OPENED = "none", "unopened"
WEEKS = 13
WEEK = timedelta(weeks=1)


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


def failed(wanted: Wanted, now: datetime) -> list[str]:
    """Queries of which nothing was opened in all the period, by normal form; what was answered since they were last asked is out.

    The first 1,000, by how many people asked; `gaps` leaves out what a viewer may not know. They are read once instead of being
    counted first and asked for again by the page.
    """
    since = wanted.since(now)
    same = SearchLog.objects.since(since).filter(normal=OuterRef("normal")).order_by()
    found_some, found_none = Q(found__gt=0), Q(Exists(same.filter(EMPTY)))
    which = {NOTHING_FOUND: Q(found=0) & found_none, NOTHING_OPENED: found_some}
    groups = (
        SearchLog.objects.since(since)
        .filter(UNSERVED)
        .exclude(normal__in=settled(since))
        .order_by()
        .values("normal")
        .annotate(
            named=Count("viewer", distinct=True),
            times=Count("*"),
            found=Count("pk", filter=FOUND),
            last_at=Max("created_at"),
        )
        .filter(which.get(wanted.what, found_some | found_none), ~Exists(same.filter(SERVED)))
        .order_by("-named", "-times", "-last_at", "normal")
    )
    return list(groups.values_list("normal", flat=True)[:LISTED])


def settled(since: datetime) -> QuerySet[AssignedQuestion, str]:
    """What was answered after it was last searched for; what was answered before the period was searched for again or is not in it."""
    again = SearchLog.objects.filter(normal=OuterRef("normal"), created_at__gt=OuterRef("answered_at"))
    answered = AssignedQuestion.objects.filter(~Exists(again), answered_at__gte=since)
    return answered.order_by().values_list("normal", flat=True)


def gaps(normals: Iterable[str], *, viewer: User, since: datetime) -> list[Gap]:
    """What `viewer` may know of these queries, in their order.

    A search that found a thing has its words from there, perhaps. Where the viewer may not see the thing that stood first,
    that search is not counted; a query of which nothing remains is left out.
    """
    normals = list(normals)
    parts = parts_of(normals, since)
    seen = visible_firsts(parts, viewer)
    questions = {
        question.normal: question
        for question in AssignedQuestion.objects.open()
        .filter(normal__in=normals)
        .select_related("assigned_to")
    }
    kept: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        if part["first_id"] is None or (part["first_source"], part["first_id"]) in seen:
            kept.setdefault(part["normal"], []).append(part)
    return [gap_of(kept[normal], questions.get(normal)) for normal in normals if normal in kept]


def parts_of(normals: list[str], since: datetime) -> list[dict[str, Any]]:
    """The searches for these queries by who asked and by what stood first."""
    logs = SearchLog.objects.since(since).filter(normal__in=normals).order_by()
    parts = logs.values("normal", "viewer", "first_source", "first_id").annotate(
        typed=Max("query"),
        times=Count("pk"),
        empty=Count("pk", filter=EMPTY),
        found=Count("pk", filter=FOUND),
        last_at=Max("created_at"),
    )
    return [dict(part) for part in parts]


def visible_firsts(parts: Iterable[Mapping[str, Any]], viewer: User) -> set[tuple[str, int]]:
    """Of what stood first: what `viewer` may see, asked in the database."""
    wanted: dict[str, set[int]] = {}
    for part in parts:
        if part["first_id"] is not None:
            wanted.setdefault(part["first_source"], set()).add(part["first_id"])
    return {
        (name, pk)
        for name, source in registry.sources().items()
        if name in wanted
        for pk in source.visible(viewer, wanted[name])
    }


def gap_of(parts: list[dict[str, Any]], question: AssignedQuestion | None) -> Gap:
    named = {part["viewer"] for part in parts} - {None}
    return Gap(
        normal=parts[0]["normal"],
        query=max(part["typed"] for part in parts),
        times=sum(part["times"] for part in parts),
        people=len(named) or 1,
        empty=sum(part["empty"] for part in parts),
        found=sum(part["found"] for part in parts),
        last_on=timezone.localdate(max(part["last_at"] for part in parts)),
        question=question,
    )


def asked(normal: str, *, viewer: User, now: datetime) -> Gap | None:
    """How the last 90 days asked for these words, whatever came of it; none when nobody did, as far as `viewer` may know."""
    found = gaps([normal], viewer=viewer, since=now - timedelta(days=max(PERIODS)))
    return found[0] if found else None


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
    mondays = [this - WEEK * number for number in reversed(range(weeks))]
    begins = [timezone.make_aware(datetime.combine(monday, time.min)) for monday in (*mondays, this + WEEK)]
    counted = [
        SearchLog.objects.filter(created_at__gte=begin, created_at__lt=end)
        .order_by()
        .values(place=Value(number))
        .annotate(
            plain=Count("pk", filter=Q(filters="")),
            empty=Count("pk", filter=EMPTY),
            found=Count("pk", filter=TO_OPEN),
            opened=Count("pk", filter=TO_OPEN & Q(opened_at__isnull=False)),
        )
        for number, (begin, end) in enumerate(pairwise(begins))
    ]
    # Each week by itself: to tell the weeks of one list apart takes longer than to count it.
    rows = counted[0].union(*counted[1:], all=True)
    return [
        Week(mondays[row["place"]], row["plain"], row["empty"], row["found"], row["opened"])
        for row in sorted(rows, key=itemgetter("place"))
    ]
