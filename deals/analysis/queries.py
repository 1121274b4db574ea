"""What the analysis counts, grouped in SQL: one query for each table of the page, whatever the number of deals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Length, NullIf, Substr

from deals.analysis.drivers import Drivers, Node, deals_behind, drivers_of
from deals.analysis.filters import Asked, Behind, By
from deals.analysis.groups import Group, Named, Tally, grouped, total
from deals.analysis.periods import Grain, Period, from_text, month_of
from deals.crm.models import DECIDED, Company, Deal, LostTo, Result
from deals.crm.queries import NONE
from deals.retros.models import Driver, DriverRating, Quote, Retro
from kb.access.models import Audience
from kb.market.models import Competitor, Industry, Product

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from deals.crm.models import DealQuerySet
    from deals.crm.queries import Filters
    from kb.accounts.models import User

MET = (
    Q(competitor__isnull=False)
    | Q(lost_to__in=(LostTo.COMPETITOR, LostTo.INCUMBENT, LostTo.IN_HOUSE))
    | ~Q(won_against="")
)
CARRIES = Q(amount__gt=0)
# Said by what they are not, so that SQLite reads the table in its order instead of leaping through it by an index.
DECIDED_DEALS = ~Q(result__in=[result for result in Result if result not in DECIDED])
# Filters whose columns are in the indexes of results: where no other narrows, these hold all that is asked, in order.
INDEXED = ("result", "lost_to", "competitor", "since", "until")
WON_OR_LOST = ~Q(retro__deal__result__in=[r for r in Result if r not in (Result.WON, Result.LOST)])
AMOUNT = Cast("amount", FloatField())
# A day is text in SQLite and becomes one in PostgreSQL: YYYY-MM without a call to Python for each row.
MONTH = Substr(Cast("closed_on", CharField()), 1, 7)
# The owner as people know them: by the account's name, else as the CRM has it.
REP = Coalesce(
    NullIf("owner__display_name", Value("")), NullIf("owner__username", Value("")), "owner_name", Value("")
)
# How many digits an amount has before the point; 0 where there is none.
SIZE = Case(
    When(CARRIES, then=Length(Cast(Cast("amount", BigIntegerField()), CharField()))),
    default=Value(0),
    output_field=IntegerField(),
)
# A text, since the database layer turns every number it calculates into one again, row by row.
IS_FIRST = Case(When(first=True, then=Value("first")), default=Value(""), output_field=CharField())
QUOTES = 4
INDUSTRY = "industry"
COMPANY = "company"
FIELDS = {
    By.PRODUCT: "product_id",
    By.COMPETITOR: "competitor_id",
    By.REGION: "region",
    By.SEGMENT: "segment",
    By.OWNER_TEAM: "owner_team",
    By.STAGE_LOST: "stage_lost",
}


def deals_of(viewer: User | None, filters: Filters) -> DealQuerySet:
    """The deals `viewer` may see, narrowed; without a viewer those that everyone may see."""
    everyones = Deal.objects.filter(audience__everyone=True)
    visible = everyones if viewer is None else Deal.objects.visible_to(viewer)
    return filters.narrow(visible, viewer=viewer).order_by()


# ---------------------------------------------------------------- groups


def names() -> dict[str, dict[int, str]]:
    """What products, competitors and industries are called, in one query."""
    found: dict[str, dict[int, str]] = {By.PRODUCT: {}, By.COMPETITOR: {}, INDUSTRY: {}}
    products = Product.objects.order_by().values_list(Value(By.PRODUCT.value), "pk", "name")
    competitors = Competitor.objects.order_by().values_list(Value(By.COMPETITOR.value), "pk", "name")
    industries = Industry.objects.order_by().values_list(Value(INDUSTRY), "pk", "name")
    for kind, pk, name in products.union(competitors, industries, all=True):
        found[kind][pk] = name
    return found


def called(asked: Asked, viewer: User) -> dict[str, dict[int, str]]:
    """What is called how; of companies, which may be thousands, those that are filtered by and that `viewer` may see."""
    asked_for = [int(pk) for pk in asked.filters.company if pk != NONE]
    companies = (
        Company.objects.visible_to(viewer).filter(pk__in=asked_for) if asked_for else Company.objects.none()
    )
    return {**names(), COMPANY: dict(companies.values_list("pk", "name"))}


def tallies(deals: DealQuerySet, key: str | Combinable) -> dict[str | int | None, Tally]:
    """Some deals counted by one thing, in one query of one row for each value and result."""
    rows = (
        deals.annotate(key=F(key) if isinstance(key, str) else key)
        .values_list("key", "result")
        .annotate(
            number=Count("pk"),
            met=Count("pk", filter=MET),
            carry=Count("pk", filter=CARRIES),
            worth=Sum(AMOUNT, filter=CARRIES, default=0.0),
            squares=Sum(AMOUNT * AMOUNT, filter=CARRIES, default=0.0),
            largest=Max(AMOUNT, filter=CARRIES, default=0.0),
            first_currency=Min("currency", filter=CARRIES),
            last_currency=Max("currency", filter=CARRIES),
        )
    )
    found: dict[str | int | None, Tally] = defaultdict(Tally)
    for value, result, *numbers in rows:
        found[None if value in (None, "") else value] += one_result(result, *numbers)
    return dict(found)


def one_result(
    result: str,
    number: int,
    met: int,
    carry: int,
    worth: float,
    squares: float,
    largest: float,
    *currencies: str | None,
) -> Tally:
    """A row's counts in their places."""
    counted: dict[str, Any] = {result: number}
    if result not in DECIDED:
        return Tally(**counted)
    counted[f"carry_{result}"] = carry
    if result != Result.NO_DECISION:
        counted[f"met_{result}"] = met
    return Tally(
        **counted,
        worth_won=worth if result == Result.WON else 0.0,
        worth=worth,
        squares=squares,
        largest=largest,
        currencies=frozenset(currency for currency in currencies if currency),
    )


def by_period(deals: DealQuerySet, grain: Grain) -> dict[Period | None, Tally]:
    found: dict[Period | None, Tally] = defaultdict(Tally)
    for month, tally in tallies(deals, MONTH).items():
        period = Period.of(from_text(str(month)), grain, settings.FISCAL_YEAR_START) if month else None
        found[period] += tally
    return dict(found)


def by_thing(deals: DealQuerySet, by: By, called: Mapping[int, str]) -> list[Named]:
    """Groups of products, competitors or words."""
    return [
        Named(
            None if value is None else called[value] if isinstance(value, int) else str(value),
            NONE if value is None else str(value),
            tally,
        )
        for value, tally in tallies(deals, FIELDS[by]).items()
    ]


@dataclass(frozen=True)
class Groups:
    """The groups asked for, each against the rest, and all of it; the periods by their key where those are the groups."""

    total: Group
    groups: Sequence[Group]
    periods: Mapping[str, Period]


def groups_of(
    deals: DealQuerySet, asked: Asked, called: Mapping[str, Mapping[int, str]] | None = None
) -> Groups:
    """The one function behind the page, its exports and the command; `called` are names that were read already."""
    periods: dict[str, Period] = {}
    if asked.by == By.PERIOD:
        counted = by_period(deals, asked.grain)
        periods = {period.key: period for period in counted if period}
        named = [
            Named(period.key if period else None, period.key if period else NONE, tally)
            for period, tally in counted.items()
        ]
    else:
        has_names = asked.by in (By.PRODUCT, By.COMPETITOR)
        named = by_thing(deals, asked.by, (called or names())[asked.by] if has_names else {})
    # A stage is where a deal was lost: a win has none, so that groups of stages have no rates to compare.
    compare = asked.by != By.STAGE_LOST
    floor = settings.SMALL_N
    return Groups(total(named, floor=floor), grouped(named, floor=floor, compare=compare), periods)


def counts_by(
    deals: DealQuerySet, field: str, outcomes: Sequence[str], called: str = ""
) -> dict[tuple[str, str], tuple[int, int]]:
    """Wins and deals of these outcomes by one field, under its value and its name; what is not recorded is NONE."""
    rows = (
        deals.filter(result__in=outcomes)
        .values_list(field, called or field)
        .annotate(won=Count("pk", filter=Q(result=Result.WON)), n=Count("pk"))
    )
    return {
        (NONE, "") if value in (None, "") else (str(value), str(name)): (won, n)
        for value, name, won, n in rows
    }


# ---------------------------------------------------------------- trend, competitors, coverage


def decided(filters: Filters) -> Q:
    """Decided deals, said so that SQLite goes the shorter way: through an index alone, or through the table in its order."""
    elsewhere = any(value for name, value in vars(filters).items() if name not in INDEXED)
    return DECIDED_DEALS if elsewhere else Q(result__in=DECIDED)


def months(deals: DealQuerySet, filters: Filters) -> dict[int, tuple[int, int]]:
    """Wins and decided deals of each month, counted from year 0; `filters` are those of `deals`."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    # Day by day, as the index has them: some thousand rows at most, and no calculation for each deal.
    days = deals.filter(decided(filters)).values_list("result", "closed_on").annotate(number=Count("pk"))
    for result, closed_on, number in days:
        if closed_on is None:
            continue
        month = month_of(closed_on)
        won, n = found[month]
        found[month] = (won + number * (result == Result.WON), n + number)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Opponents:
    """Whom we met in the decided deals: wins and losses by competitor's id, losses by whom, no decisions by reason."""

    counts: Mapping[int, tuple[int, int]]
    lost_to: Mapping[str, int]
    reasons: Mapping[str, int]


def opponents(deals: DealQuerySet, filters: Filters) -> Opponents:
    """One query for three small tables; `filters` are those of `deals`."""
    rows = (
        deals.filter(decided(filters))
        .values_list("competitor_id", "result", "lost_to", "no_decision_reason")
        .annotate(number=Count("pk"))
    )
    counts: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    lost_to: dict[str, int] = defaultdict(int)
    reasons: dict[str, int] = defaultdict(int)
    for competitor, result, to, reason, number in rows:
        if result == Result.NO_DECISION:
            reasons[reason] += number
            continue
        if competitor is not None:
            won, n = counts[competitor]
            counts[competitor] = (won + number * (result == Result.WON), n + number)
        if result == Result.LOST:
            lost_to[to] += number
    return Opponents(dict(counts), dict(lost_to), dict(reasons))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Decided deals with a retrospective, and all of them, by outcome, size, owner and region."""

    result: Mapping[str, tuple[int, int]]
    size: Mapping[str, tuple[int, int]]
    rep: Mapping[str, tuple[int, int]]
    region: Mapping[str, tuple[int, int]]


def coverage(deals: DealQuerySet, viewer: User) -> Coverage:
    """One query for four tables; a retrospective that `viewer` may not read is none, as in the list it leads to."""
    reviewed = Q(pk__in=Retro.objects.follow(viewer).order_by().values("deal"))
    rows = (
        deals.filter(DECIDED_DEALS)
        .annotate(size=SIZE, rep=REP)
        .values_list("result", "size", "rep", "region")
        .annotate(reviewed=Count("pk", filter=reviewed), number=Count("pk"))
    )
    tables: tuple[dict[str, tuple[int, int]], ...] = tuple(defaultdict(lambda: (0, 0)) for _table in range(4))
    for *values, has, number in rows:
        for table, value in zip(tables, values, strict=True):
            has_so_far, so_far = table[str(value)]
            table[str(value)] = (has_so_far + has, so_far + number)
    return Coverage(*map(dict, tables))


def occurring(deals: DealQuerySet) -> dict[str, list[str]]:
    """The segments and teams that occur, to be picked as filters; regions are known from the coverage."""
    columns = list(zip(*deals.values_list("segment", "owner_team").distinct(), strict=True)) or [(), ()]
    words = [sorted({word for word in column if word}) for column in columns]
    return dict(zip(("segment", "owner_team"), words, strict=True))


# ---------------------------------------------------------------- drivers and quotes


def tree() -> dict[int, Node]:
    return {driver.pk: Node(driver.pk, driver.parent_id, str(driver)) for driver in Driver.objects.all()}


def follows(viewer: User) -> Q:
    """Things of retrospectives whose readers include `viewer`, once the deal's do."""
    return Q(retro__audience__isnull=True) | Q(retro__audience__in=Audience.objects.open_to(viewer))


def of_these(deals: DealQuerySet) -> Exists:
    """Things of retrospectives of these deals, asked one by one: most deals have none, and a list of all would come first."""
    return Exists(deals.filter(pk=OuterRef("retro_id")))


def ratings(
    deals: DealQuerySet, viewer: User
) -> QuerySet[DriverRating, tuple[int, str, int, str, int, int, str]]:
    """What was said of won and lost deals, in the order of drivers.Rating."""
    return (
        DriverRating.objects.filter(WON_OR_LOST, follows(viewer), of_these(deals))
        .order_by()
        .annotate(is_first=IS_FIRST)
        .values_list(
            "retro__deal_id",
            "retro__deal__result",
            "driver_id",
            "says",
            "performance",
            "importance",
            "is_first",
        )
    )


def drivers(deals: DealQuerySet, viewer: User) -> Drivers:
    """What won and lost deals turned on."""
    return drivers_of(ratings(deals, viewer), tree(), floor=settings.SMALL_N)


def quotes(deals: DealQuerySet, viewer: User) -> QuerySet[Quote]:
    """The customers' latest words about these deals."""
    said = Quote.objects.filter(follows(viewer), of_these(deals))
    said = said.select_related("retro__deal__company__industry")
    return said.order_by(F("said_on").desc(nulls_last=True), "-pk")[:QUOTES]


# ---------------------------------------------------------------- the deals behind a number


def behind(deals: DealQuerySet, asked: Behind, viewer: User) -> DealQuerySet:
    """`deals` narrowed by what the list of deals cannot say."""
    if asked.met:
        deals = deals.filter(MET if asked.met == "yes" else ~MET)
    if asked.reason:
        deals = deals.filter(no_decision_reason=asked.reason)
    if asked.rep:
        deals = deals.annotate(rep=REP).filter(rep="" if asked.rep == NONE else asked.rep)
    if asked.size:
        deals = deals.annotate(size=SIZE).filter(size=int(asked.size))
    if asked.part:
        driver = int(asked.driver) if asked.driver else None
        found = deals_behind(ratings(deals, viewer), tree(), driver=driver, part=asked.part)
        deals = deals.filter(pk__in=found)
    return deals
