"""What the pages about retrospectives read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, Count, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from deals.crm.models import DECIDED, Deal, LostTo
from deals.retros.models import BUYERS, Driver, DriverRating, Quote, Retro, RetroDraft, Says
from deals.retros.tree import PRICE
from kb.articles.models import Article
from kb.market.models import Competitor

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from deals.crm.models import DealQuerySet
    from deals.retros.models import DriverQuerySet, RetroQuerySet
    from kb.accounts.models import User

# What is written within two days is remembered, within a month asked for, within three months still worth an interview.
FRESH_DAYS = (2, 30, 90, 365)
WAITS_DAYS = 90
WINNERS_OFFERED = 6
ARTICLES_OFFERED = 200
DEALS_SHOWN = 5
LOSSES_SHOWN = 3


# ---------------------------------------------------------------- what waits


def waiting(viewer: User | AnonymousUser) -> DealQuerySet:
    """Closed deals that nobody looked back on: one's own first, then the freshest, of these the largest."""
    today = timezone.localdate()
    ages = [
        When(closed_on__gte=today - timedelta(days=days), then=Value(place))
        for place, days in enumerate(FRESH_DAYS)
    ]
    mine = Case(When(owner=viewer.pk, then=Value(True)), default=Value(False), output_field=BooleanField())
    return (
        Deal.objects.visible_to(viewer)
        .closed()
        .filter(retro__isnull=True)
        .select_related("company", "competitor", "owner")
        .annotate(mine=mine, age=Case(*ages, default=Value(len(FRESH_DAYS)), output_field=IntegerField()))
        .order_by(
            "-mine", "age", F("amount").desc(nulls_last=True), F("closed_on").desc(nulls_last=True), "pk"
        )
    )


def number_waiting(user: User) -> int:
    """How many of one's own deals of the last three months wait: what the side list shows."""
    since = timezone.localdate() - timedelta(days=WAITS_DAYS)
    mine = Deal.objects.visible_to(user).closed().filter(owner=user, closed_on__gte=since)
    return mine.filter(retro__isnull=True).order_by().count()


def draft_of(user: User, deal: Deal) -> RetroDraft | None:
    return RetroDraft.objects.filter(by=user, deal=deal).first()


def drafts_among(user: User, deals: Iterable[Deal]) -> dict[int, RetroDraft]:
    """One's own drafts of these deals, by deal."""
    drafts = RetroDraft.objects.filter(by=user, deal__in=[deal.pk for deal in deals])
    return {draft.deal_id: draft for draft in drafts}


# ---------------------------------------------------------------- drivers


def line_of(driver: Driver) -> list[Driver]:
    """The driver with all above it, the first level first; wants `parent__parent` selected."""
    line = [driver]
    while line[0].parent is not None:
        line.insert(0, line[0].parent)
    return line


def is_price(driver: Driver) -> bool:
    return line_of(driver)[0].key == PRICE


def path_of(driver: Driver) -> str:
    """支援 ＞ 導入の支援 ＞ 夜間の窓口."""
    return _(" > ").join(str(one) for one in line_of(driver))


@dataclass
class Branch:
    """A driver with what hangs below it."""

    driver: Driver
    below: list[Branch] = field(default_factory=list)


def tree_of(drivers: Iterable[Driver]) -> list[Branch]:
    """The drivers as a tree, in their order; one whose parent is not among them is left out."""
    branches: dict[int, Branch] = {}
    top = []
    for driver in sorted(drivers, key=lambda one: (one.level, one.position, one.pk)):
        branch = branches[driver.pk] = Branch(driver)
        if driver.parent_id is None:
            top.append(branch)
        elif driver.parent_id in branches:
            branches[driver.parent_id].below.append(branch)
    return top


def drivers_for(user: User, deal_id: int) -> DriverQuerySet:
    """What `user` may name in the retrospective of a deal; what it names already stays, proposed or not."""
    offered = Driver.objects.offered_to(user) | Driver.objects.filter(ratings__retro=deal_id)
    return offered.select_related("parent__parent").distinct()


def driver_choices(drivers: Iterable[Driver]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tree as a select shows it: one group a driver, every line in full, so that the closed control says it all."""
    return [
        (str(branch.driver), [(driver.key, _label(driver)) for driver in flat(branch)])
        for branch in tree_of(drivers)
    ]


def flat(branch: Branch) -> list[Driver]:
    return [branch.driver, *(driver for one in branch.below for driver in flat(one))]


def _label(driver: Driver) -> str:
    path = path_of(driver)
    return path if driver.accepted else _("%(path)s (proposed)") % {"path": path}


def proposals(viewer: User) -> QuerySet[Driver]:
    """What waits for an editor, with how often it is used already in what `viewer` may read."""
    seen = Q(ratings__retro__in=Retro.objects.visible_to(viewer))
    return Driver.objects.proposed().annotate(used=Count("ratings", filter=seen)).order_by("pk")


# ---------------------------------------------------------------- what the form offers


def winners_for(deal: Deal, viewer: User, *, chosen: str = "") -> list[Competitor]:
    """Competitors to pick from: the deal's own and the one chosen before, then those who won most lately among the
    deals `viewer` may see: the order of the others would tell of deals that are hidden."""
    since = timezone.localdate() - timedelta(days=365)
    seen = Q(deals__in=Deal.objects.visible_to(viewer))
    often = Competitor.objects.annotate(
        wins=Count("deals", filter=seen & Q(deals__lost_to="competitor", deals__closed_on__gte=since))
    ).order_by("-wins", "name")[: WINNERS_OFFERED + 1]
    own = [deal.competitor] if deal.competitor else []
    if chosen.isdecimal() and int(chosen) != deal.competitor_id:
        own += Competitor.objects.filter(pk=chosen)
    mine = {one.pk for one in own}
    return [*own, *(one for one in often if one.pk not in mine)][:WINNERS_OFFERED]


def articles_for(viewer: User, chosen: Iterable[int]) -> list[Article]:
    """Pages to link: those chosen already, then the newest."""
    visible = Article.objects.visible_to(viewer).only("title")
    linked = list(visible.filter(pk__in=list(chosen)))
    newest = visible.exclude(pk__in=[one.pk for one in linked])[:ARTICLES_OFFERED]
    return [*linked, *newest]


# ---------------------------------------------------------------- what the deal page shows


def retro_for_reading(viewer: User | AnonymousUser) -> RetroQuerySet:
    return (
        Retro.objects.visible_to(viewer)
        .select_related("deal", "author", "updated_by")
        .prefetch_related("quotes", "ratings__driver__parent__parent", "tags")  # type: ignore[misc]
    )


@dataclass
class Line:
    """One driver as the rep and as the buyer saw it; of two buyers' voices the interview stands."""

    driver: Driver
    rep: DriverRating | None = None
    buyer: DriverRating | None = None

    @property
    def top(self) -> str:
        return str(line_of(self.driver)[0])

    @property
    def rest(self) -> str:
        return _(" > ").join(str(one) for one in line_of(self.driver)[1:])

    @property
    def weight(self) -> tuple[bool, int]:
        """Main reasons first, then the more important."""
        both = [rating for rating in (self.buyer, self.rep) if rating]
        return any(rating.first for rating in both), max(rating.importance for rating in both)


@dataclass(frozen=True)
class Why:
    """Why a deal went as it did: the drivers side by side, and whether both sides began with the same one."""

    lines: Sequence[Line]
    both: bool
    agreed: bool

    @property
    def heard_buyer(self) -> bool:
        return any(line.buyer for line in self.lines)


def why(ratings: Iterable[DriverRating]) -> Why:
    """The ratings of a retrospective as its table shows them; what the CRM says counts on the rep's side."""
    lines: dict[int, Line] = {}
    first: dict[bool, int] = {}
    voices = [*BUYERS, Says.REP, Says.CRM]
    for rating in sorted(ratings, key=lambda one: voices.index(Says(one.says))):
        line = lines.setdefault(rating.driver_id, Line(rating.driver))
        from_buyer = rating.says in BUYERS
        side = "buyer" if from_buyer else "rep"
        if getattr(line, side) is None:
            setattr(line, side, rating)
        if rating.first:
            first.setdefault(from_buyer, line_of(rating.driver)[0].pk)
    both = len(first) == len((True, False))
    ordered = sorted(lines.values(), key=lambda line: line.weight, reverse=True)
    return Why(ordered, both, both and first[True] == first[False])


def used_in(article: Article, viewer: User | AnonymousUser) -> list[Deal]:
    """Deals in whose retrospective a page was used, newest first."""
    retros = Retro.objects.visible_to(viewer).filter(articles=article).select_related("deal")
    return [retro.deal for retro in retros.order_by(F("deal__closed_on").desc(nulls_last=True))[:DEALS_SHOWN]]


def recent_lessons(viewer: User | AnonymousUser, *, limit: int) -> RetroQuerySet:
    """What was learned from the deals that closed last: each retrospective with its deal."""
    newest = Retro.objects.visible_to(viewer).filter(deal__result__in=DECIDED).select_related("deal__company")
    return newest.order_by(F("deal__closed_on").desc(nulls_last=True), "-submitted_at")[:limit]


@dataclass(frozen=True)
class Loss:
    """A deal that a competitor won, with what was written about it, if the viewer may read that."""

    deal: Deal
    retro: Retro | None

    @property
    def quote(self) -> Quote | None:
        return next(iter(self.retro.quotes.all()), None) if self.retro else None


def losses_to(competitor: Competitor, viewer: User | AnonymousUser) -> list[Loss]:
    """The latest deals that `competitor` won."""
    lost = Deal.objects.visible_to(viewer).filter(competitor=competitor, lost_to=LostTo.COMPETITOR)
    deals = lost.select_related("owner").order_by(F("closed_on").desc(nulls_last=True), "-pk")[:LOSSES_SHOWN]
    retros = Retro.objects.visible_to(viewer).filter(pk__in=[deal.pk for deal in deals])
    written = {retro.pk: retro for retro in retros.prefetch_related("quotes")}
    return [Loss(deal, written.get(deal.pk)) for deal in deals]


def default_performance(result: str) -> int:
    """How a driver did that nobody rated: with us on a win, against us otherwise."""
    return 1 if result == "won" else -1
