"""What the pages about deals read, and the filters they share with the analysis."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Count, Q, Sum, Value, When
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from deals.crm.models import DECIDED, Company, Deal, LostTo, Result
from kb.access.models import Audience
from kb.market.models import Competitor, Product
from kb.search.find import find
from kb.text import nfkc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.http import QueryDict

    from deals.crm.models import DealQuerySet
    from kb.accounts.models import User
    from kb.search.find import Hit

# A filter's value for "not recorded".
NONE = "-"
NAMED = ("product", "competitor", "company", "industry")
# Where a filter looks that is not a field of the deal itself.
ELSEWHERE = {"industry": "company__industry"}
WORDS = ("region", "segment", "owner_team", "stage_lost")
LONGEST_ID = 19


@dataclass(frozen=True)
class Filters:
    """The filters of deals as they stand in the address; several values of one widen, different ones narrow.

    `product`, `competitor`, `company` and `industry` (the company's) hold ids as text; "-" is what is not recorded. `since` and `until` are
    days of the close, both included; a deal that is open has none and is left out by either. `retro` is "yes" for
    deals with a retrospective that the viewer may read, "no" for closed ones without.
    """

    result: tuple[str, ...] = ()
    lost_to: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    competitor: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    owner_team: tuple[str, ...] = ()
    stage_lost: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    retro: str = ""
    q: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Filters:
        """What makes no sense is left out."""
        retro = query.get("retro", "")
        return cls(
            result=known(query, "result", Result.values),
            lost_to=known(query, "lost_to", LostTo.values),
            **{name: tuple(value for value in query.getlist(name) if is_id(value)) for name in NAMED},
            **{name: tuple(value for value in query.getlist(name) if said(value)) for name in WORDS},
            since=day(query.get("since", "")),
            until=day(query.get("until", "")),
            retro=retro if retro in ("yes", "no") else "",
            q=nfkc(query.get("q", "")).replace("\x00", "").strip()[:200],
        )

    def narrow(
        self, deals: DealQuerySet, *, viewer: User | AnonymousUser | None, but: str = ""
    ) -> DealQuerySet:
        """`deals` by every filter as `viewer` sees them, save the one called `but` (whose own counts are wanted)."""
        for name in ("result", "lost_to"):
            if (chosen := getattr(self, name)) and name != but:
                deals = deals.filter(**{f"{name}__in": chosen})
        for name in (*NAMED, *WORDS):
            if (chosen := getattr(self, name)) and name != but:
                deals = deals.filter(one_of(name, chosen))
        if self.since:
            deals = deals.filter(closed_on__gte=self.since)
        if self.until:
            deals = deals.filter(closed_on__lte=self.until)
        if self.retro and but != "retro":
            reviewed = reviewed_for(viewer)
            deals = deals.filter(reviewed) if self.retro == "yes" else deals.closed().exclude(reviewed)
        for word in self.q.split():
            deals = deals.filter(
                Q(name__icontains=word) | Q(company__name__icontains=word) | Q(owner_name__icontains=word)
            )
        return deals

    def query(self, **changes: object) -> str:
        """The filters as an address' query, some of them changed."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        pairs: list[tuple[str, str]] = []
        for one in fields(changed):
            value = getattr(changed, one.name)
            if isinstance(value, tuple):
                pairs += [(one.name, text) for text in value]
            elif value:
                pairs.append((one.name, str(value)))
        return urlencode(pairs)

    def __bool__(self) -> bool:
        return bool(self.query())


def known(query: QueryDict, name: str, values: Iterable[str]) -> tuple[str, ...]:
    allowed = set(values)
    return tuple(value for value in query.getlist(name) if value in allowed)


def said(value: str) -> bool:
    """Whether a word can be recorded at all; PostgreSQL refuses a text with NUL in it."""
    return bool(value) and "\x00" not in value


def is_id(value: str) -> bool:
    return value == NONE or (value.isdecimal() and len(value) < LONGEST_ID)


def day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def one_of(name: str, chosen: tuple[str, ...]) -> Q:
    """Any of the values; "-" stands for none recorded."""
    values = [value for value in chosen if value != NONE]
    field = ELSEWHERE.get(name, name)
    condition = Q(**{f"{field}__in": values})
    if NONE not in chosen:
        return condition
    return condition | (Q(**{f"{field}__isnull": True}) if name in NAMED else Q(**{field: ""}))


def reviewed_for(viewer: User | AnonymousUser | None) -> Q:
    """Deals with a retrospective that `viewer` may read (RetroQuerySet.visible_to); without a viewer, that everyone may."""
    open_to = Audience.objects.filter(everyone=True) if viewer is None else Audience.objects.open_to(viewer)
    narrowed = Q(retro__audience__isnull=True) | Q(retro__audience__in=open_to)
    return Q(retro__isnull=False) & narrowed


@dataclass(frozen=True)
class Choice:
    """One value of a filter: what it is called, how many deals it leaves, whether it is on."""

    label: str
    value: str
    count: int
    chosen: bool


def choices_of(filters: Filters, viewer: User, name: str, *, limit: int = 12) -> list[Choice]:
    """Values of one filter that occur, the commonest first; results in their own order."""
    field = ELSEWHERE.get(name, name)
    label = f"{field}__name" if name in NAMED else field
    deals = filters.narrow(Deal.objects.visible_to(viewer), viewer=viewer, but=name)
    rows = deals.order_by().values_list(field, label).annotate(number=Count("pk"))
    chosen = getattr(filters, name)
    words = dict(Result.choices) | dict(LostTo.choices) if name in ("result", "lost_to") else {}
    found = [
        Choice(str(words.get(text, text)), str(value), number, str(value) in chosen)
        for value, text, number in rows.order_by("-number")[: limit + 1]
        if value not in (None, "")
    ]
    if name == "result":
        found.sort(key=lambda choice: Result.values.index(choice.value))
    return found[:limit]


def retro_choices(filters: Filters, viewer: User) -> list[Choice]:
    """Closed deals with a retrospective that `viewer` may read, and those that wait for one."""
    deals = filters.narrow(Deal.objects.visible_to(viewer), viewer=viewer, but="retro").closed()
    counts = deals.order_by().aggregate(yes=Count("pk", filter=reviewed_for(viewer)), all=Count("pk"))
    numbers = {"yes": counts["yes"], "no": counts["all"] - counts["yes"]}
    labels = {"yes": _("written"), "no": _("waiting")}
    return [
        Choice(labels[value], value, number, filters.retro == value)
        for value, number in numbers.items()
        if number or filters.retro == value
    ]


def listed(deals: DealQuerySet, viewer: User | AnonymousUser) -> DealQuerySet:
    """What a row of the list shows; `reviewed`: whether there is a retrospective that `viewer` may read."""
    reviewed = Case(
        When(reviewed_for(viewer), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return deals.select_related("company", "product", "competitor", "owner").annotate(reviewed=reviewed)


@dataclass(frozen=True)
class Standing:
    """Counts of some deals by outcome; what is not closed or does not count stands beside them."""

    won: int
    lost: int
    no_decision: int
    open: int
    excluded: int

    @property
    def decided(self) -> int:
        return self.won + self.lost + self.no_decision


def standing(deals: DealQuerySet) -> Standing:
    """How some deals came out, in one query."""
    counts = dict(deals.order_by().values_list("result").annotate(Count("pk")))
    return Standing(
        won=counts.get(Result.WON, 0),
        lost=counts.get(Result.LOST, 0),
        no_decision=counts.get(Result.NO_DECISION, 0),
        open=counts.get(Result.OPEN, 0),
        excluded=counts.get(Result.INVALID, 0) + counts.get(Result.UNKNOWN, 0),
    )


def deal_for_reading(viewer: User | AnonymousUser) -> DealQuerySet:
    return (
        Deal.objects.visible_to(viewer)
        .select_related("company__industry", "product", "competitor", "owner", "audience", "updated_by")
        .prefetch_related("tags", "audience__departments", "audience__people", "owner__departments")  # type: ignore[misc]
    )


def similar_to(deal: Deal, viewer: User | AnonymousUser, *, limit: int = 3) -> DealQuerySet:
    """Closed deals against the same competitor, else of the same industry, newest first."""
    others = Deal.objects.visible_to(viewer).closed().exclude(pk=deal.pk)
    if deal.competitor_id:
        others = others.filter(competitor=deal.competitor_id)
    elif deal.company and deal.company.industry_id:
        others = others.filter(company__industry=deal.company.industry_id)
    else:
        return others.none()
    return listed(others, viewer)[:limit]


def companies_with_counts(viewer: User | AnonymousUser) -> QuerySet[Company]:
    mine = Q(deals__in=Deal.objects.visible_to(viewer))
    return Company.objects.visible_to(viewer).annotate(
        number=Count("deals", filter=mine),
        total=Sum("deals__amount", filter=mine & Q(deals__result=Result.WON)),
    )


def competitors_with_counts(viewer: User | AnonymousUser) -> QuerySet[Competitor]:
    """Competitors with `won`, `met` (decided against them) among the deals `viewer` may see, the most met first."""
    mine = Q(deals__in=Deal.objects.visible_to(viewer))
    return Competitor.objects.annotate(
        won=Count("deals", filter=mine & Q(deals__result=Result.WON)),
        lost=Count("deals", filter=mine & Q(deals__result=Result.LOST)),
        met=Count("deals", filter=mine & Q(deals__result__in=DECIDED)),
    ).order_by("-met", "name")


def products_with_counts(viewer: User | AnonymousUser) -> QuerySet[Product]:
    mine = Q(deals__in=Deal.objects.visible_to(viewer))
    return Product.objects.annotate(
        won=Count("deals", filter=mine & Q(deals__result=Result.WON)),
        decided=Count("deals", filter=mine & Q(deals__result__in=DECIDED)),
    ).order_by("retired", "-decided", "name")


@dataclass(frozen=True)
class About:
    """What is written about a competitor, by what it is for."""

    battlecards: list[Hit]
    answers: list[Hit]
    news: list[Hit]
    terms: list[Hit]


ABOUT_KINDS = {"battlecards": ("battlecard",), "answers": ("faq",), "news": ("news",), "terms": ("term",)}
MOST_ABOUT = 4


def pages_about(competitor: Competitor, viewer: User) -> About:
    """Pages and terms that name the competitor, the best first, among what `viewer` may see: one search for all."""
    kinds = [kind for group in ABOUT_KINDS.values() for kind in group]
    hits = [hit for hit in find(competitor.name, viewer=viewer, kinds=kinds, size=40).hits if hit.complete]
    groups = {
        name: [hit for hit in hits if hit.kind in wanted][:MOST_ABOUT] for name, wanted in ABOUT_KINDS.items()
    }
    return About(**groups)
