"""The page put together: what is counted, from the queries, and how it is shown, from tables, charts and wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.utils.translation import gettext as _

from deals.analysis import cards, charts, narrowing, queries, tables, wording
from deals.analysis.filters import Asked, Behind, By, Part, behind_url, deals_url
from deals.analysis.measures import Rate, Verdict, change, rate
from deals.analysis.periods import Grain, Period, run
from deals.analysis.tables import Link, results
from deals.crm.models import DECIDED, LostTo, Result

if TYPE_CHECKING:
    from deals.analysis.drivers import Drivers
    from deals.analysis.groups import Group
    from deals.analysis.queries import Coverage, Opponents
    from kb.accounts.models import User

# How many periods the trend shows, so that their figures still fit beside each other.
SHOWN = {Grain.MONTH: 12, Grain.QUARTER: 9, Grain.YEAR: 6}
MOST_TO_FIX = 3


def page(viewer: User, asked: Asked, today: date) -> dict[str, Any]:
    """Everything the template shows."""
    deals = queries.deals_of(viewer, asked.filters)
    names = queries.called(asked, viewer)
    found = queries.groups_of(deals, asked, names)
    met = queries.opponents(deals, asked.filters)
    unbounded = replace(asked.filters, since=None)
    covered = queries.coverage(deals, viewer)
    drivers = queries.drivers(deals, viewer)
    words = {**queries.occurring(deals), "region": sorted(region for region in covered.region if region)}
    offered = narrowing.spans_offered(asked, today)
    group_table = (
        tables.stages_table(asked, found.groups, found.total)
        if asked.by == By.STAGE_LOST
        else tables.groups_table(asked, found.groups, found.total, found.periods)
    )
    return {
        "asked": asked,
        "total": found.total,
        "floor": settings.SMALL_N,
        "cards": cards.cards(asked, found.total, met, covered),
        "excluded": cards.excluded(asked, found.total),
        "trend": trend(asked, queries.months(queries.deals_of(viewer, unbounded), unbounded), today),
        "groups": group_table,
        "bys": [(by, by.label, f"?{asked.query(by=by.value)}", by == asked.by) for by in By],
        "grains": [
            (grain.label, f"?{asked.query(period=grain.value)}", grain == asked.grain) for grain in Grain
        ],
        "competitors": tables.competitors_table(
            asked, met.counts, names[By.COMPETITOR], found.total.competitive
        ),
        "lost_to": lost_to(asked, met),
        "drivers": drivers_shown(asked, drivers),
        "worth": found.total.worth,
        "no_worth": wording.no_worth(found.total.no_worth),
        "worth_left_out": found.total.tally.no_decision - found.total.tally.carry_no_decision,
        "coverage": coverage(asked, covered, found.total),
        "quotes": list(queries.quotes(deals, viewer)),
        "chips": narrowing.chips(asked, names),
        "menus": narrowing.menus(asked, names, words),
        "kept": parse_qsl(asked.narrowed({"since": None, "until": None})),
        "spans": offered,
        "span": narrowing.span_shown(asked, offered),
    }


# ---------------------------------------------------------------- trend


@dataclass(frozen=True, slots=True)
class Trend:
    """The periods side by side, the scale, the rate of all of them, and whether anything has changed."""

    columns: Sequence[tables.Column]
    ruler: str
    overall: Rate
    sentence: str


def trend(asked: Asked, months: Mapping[int, tuple[int, int]], today: date) -> Trend:
    """The last periods up to the end of the filters' days; those before the beginning are there to compare with."""
    floor = settings.SMALL_N
    periods = run(months, asked.grain, settings.FISCAL_YEAR_START)[-SHOWN[asked.grain] :]
    changes = [(period, change(*counted(months, period), floor=floor)) for period in periods]
    overall = rate(*summed(months, [month for period in periods for month in period.months]), floor=floor)
    marks = {Verdict.UP: _("risen"), Verdict.DOWN: _("fallen")}
    columns = tables.trend_columns(
        asked, [(period, one.now, marks.get(one.verdict, "")) for period, one in changes], overall.rate
    )
    end = charts.scale([one.now for _period, one in changes])
    told = [(period, one) for period, one in changes if one.now.n]
    sentence = ""
    if told:
        earlier = [period for period, one in told[:-1] if one.verdict in marks]
        sentence = wording.change(*told[-1], earlier, today=today, floor=floor)
    return Trend(columns, charts.ruler(end), overall, sentence)


def summed(months: Mapping[int, tuple[int, int]], of: Sequence[int]) -> tuple[int, int]:
    counts = [months[month] for month in of if month in months]
    return sum(won for won, _n in counts), sum(n for _won, n in counts)


def counted(months: Mapping[int, tuple[int, int]], period: Period) -> tuple[int, int, int, int]:
    """A period's wins and deals, then those of the twelve months before it."""
    return (*summed(months, list(period.months)), *summed(months, list(period.twelve_months_before)))


# ---------------------------------------------------------------- whom we lost to, drivers, coverage


def lost_to(asked: Asked, met: Opponents) -> list[Link]:
    labels = dict(LostTo.choices)
    lost = results(asked.filters, (Result.LOST,))
    return [
        Link(str(labels[to]), met.lost_to[to], deals_url(asked.filters, result=lost, lost_to=(to,)))
        for to in LostTo.values
        if met.lost_to.get(to)
    ]


@dataclass(frozen=True, slots=True)
class DriverRow:
    """A driver's numbers with the links to their deals and the pair of ticks."""

    name: str
    lost: Link
    fix: Link
    rep: Link
    buyer: Link
    pair: str
    performance_lost: float | None
    performance_won: float | None
    importance: float | None


def drivers_shown(asked: Asked, found: Drivers) -> dict[str, object]:
    lost = results(asked.filters, (Result.LOST,))

    def link(count: int, part: Part, driver: int | None = None, name: str = "") -> Link:
        behind = Behind(part=part.value, driver="" if driver is None else str(driver))
        return Link(name, count, behind_url(asked.filters, behind, result=lost))

    rows = [
        DriverRow(
            name=one.driver.name,
            lost=link(one.lost, Part.NAMED, one.driver.pk),
            fix=link(one.fix, Part.FIX, one.driver.pk),
            rep=link(one.rep, Part.REP, one.driver.pk),
            buyer=link(one.buyer, Part.BUYER, one.driver.pk),
            pair=charts.pair(one.rep_share, one.buyer_share),
            performance_lost=one.performance_lost,
            performance_won=one.performance_won,
            importance=one.importance,
        )
        for one in found.lines
    ]
    return {
        "rows": rows,
        "by_fix": sorted((row for row in rows if row.lost.count), key=lambda row: -row.fix.count),
        "fix": [link(number, Part.FIX, node.pk, node.name) for node, number in found.fix[:MOST_TO_FIX]],
        "reviewed": found.reviewed,
        "heard": link(found.heard, Part.HEARD),
        "agreed": link(found.agreement.won, Part.AGREED),
        "first": link(found.agreement.n, Part.FIRST),
        "agreement": found.agreement,
        "gap": wording.gap([(one.driver.name, one.rep, one.buyer) for one in found.lines]),
    }


def coverage(asked: Asked, covered: Coverage, total: Group) -> list[tuple[str, tables.Table]]:
    """By outcome, size, owner and region; sizes only where amounts are of one currency."""
    has, n = (sum(counts[place] for counts in covered.result.values()) for place in (0, 1))
    overall = rate(has, n, floor=settings.SMALL_N)
    outcomes = {result.value: covered.result[result] for result in DECIDED if result in covered.result}
    sizes = dict(sorted(covered.size.items(), key=lambda one: int(one[0])))
    parts = [
        (_("By outcome"), "result", outcomes, {one.value: str(one.label) for one in DECIDED}),
        (_("By size"), "size", sizes, narrowing.size_names(sizes)),
        (_("By owner"), "rep", covered.rep, {}),
        (_("By region"), "region", dict(sorted(covered.region.items())), {}),
    ]
    if len(total.tally.currencies) > 1:
        parts = [part for part in parts if part[1] != "size"]
    return [
        (title, tables.coverage_table(asked, field, counts, names, overall))
        for title, field, counts, names in parts
        if len(counts) > 1 or field == "result"
    ]
