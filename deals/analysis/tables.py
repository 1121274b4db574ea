"""The tables of the page: each row with its numbers, the links to the deals behind them, and its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.analysis import charts, wording
from deals.analysis.filters import Asked, Behind, By, behind_url, deals_url
from deals.analysis.groups import Group
from deals.analysis.measures import Rate, Versus, against_the_rest, rate
from deals.analysis.periods import Period
from deals.crm.models import DECIDED, Result
from deals.crm.queries import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.safestring import SafeString

    from deals.analysis.measures import Value
    from deals.crm.queries import Filters


@dataclass(frozen=True, slots=True)
class Link:
    """A count with its word and its deals."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is called, won of n with links, the rate, its band."""

    name: str
    rate: Rate
    won_url: str
    n_url: str
    band: SafeString
    versus: Versus | None = None
    worth: Value | None = None
    url: str = ""
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the rate of all together and what can be said of them."""

    rows: Sequence[Row]
    overall: float | None
    sentence: str

    @property
    def has_worth(self) -> bool:
        return any(row.worth for row in self.rows)

    @property
    def compared(self) -> list[Row]:
        return [row for row in self.rows if row.versus]

    @property
    def has_small(self) -> bool:
        return any(row.rate.small and row.rate.n for row in self.rows)


def results(filters: Filters, wanted: Iterable[str]) -> tuple[str, ...]:
    """The outcomes a number counts, as far as the filter of outcomes leaves them."""
    return tuple(one for one in wanted if not filters.result or one in filters.result)


def narrowed(asked: Asked, value: str, periods: Mapping[str, Period]) -> dict[str, object] | None:
    """What the filters have to become for one group; null where the list of deals cannot say it."""
    if asked.by != By.PERIOD:
        return {asked.by.value: (value,)}
    period = periods.get(value)
    return within(asked.filters, period) if period else None


def within(filters: Filters, period: Period) -> dict[str, object]:
    """A period's days, no wider than the filters' own."""
    return {
        "since": max(period.since, filters.since or period.since),
        "until": min(period.until, filters.until or period.until),
    }


def groups_table(asked: Asked, groups: Sequence[Group], total: Group, periods: Mapping[str, Period]) -> Table:
    """The groups asked for: periods in time, stages by their losses, others by their rate with the small ones last."""
    order = {
        By.PERIOD: lambda one: (one.key is None, one.key or ""),
        By.STAGE_LOST: lambda one: (one.key is None, -one.tally.lost, one.key or ""),
    }.get(asked.by, lambda one: (one.key is None, one.win.small, -(one.win.rate or 0.0), one.key or ""))
    shown = [one for one in sorted(groups, key=order) if one.win.n]
    rows = [group_row(asked, one, total, periods) for one in shown]
    compared = [(row.name, row.rate, row.versus) for row in rows]
    sentence = wording.apart(asked.by, compared, settings.SMALL_N)
    return Table(rows, total.win.rate, sentence)


def group_row(asked: Asked, one: Group, total: Group, periods: Mapping[str, Period]) -> Row:
    changes = narrowed(asked, one.value, periods)
    decided = results(asked.filters, DECIDED)
    won = results(asked.filters, (Result.WON,))
    period = periods.get(one.value)
    name = period.label() if period else one.key if one.key is not None else _("not recorded")
    return Row(
        name=name,
        rate=one.win,
        won_url=deals_url(asked.filters, **changes, result=won) if changes else "",
        n_url=deals_url(asked.filters, **changes, result=decided) if changes else "",
        band=charts.band(one.win, total.win.rate),
        # A period is a change by the trend's rule alone.
        versus=None if asked.by == By.PERIOD else one.versus_rest,
        worth=one.worth,
        url=page_of(asked.by, one.value),
        recorded=one.key is not None,
    )


def page_of(by: By, value: str) -> str:
    """The page of the thing itself, where it has one."""
    if by in (By.PRODUCT, By.COMPETITOR) and value != NONE:
        return reverse(f"crm:{by.value}", args=[value])
    return ""


def stages_table(asked: Asked, groups: Sequence[Group], total: Group) -> Table:
    """Of the lost deals, how many were lost at which stage: a stage lost has no wins, so no rate of them."""
    lost = results(asked.filters, (Result.LOST,))
    all_lost = total.tally.lost
    share = rate(total.tally.lost, total.tally.decided, floor=settings.SMALL_N)
    rows = []
    for one in sorted(groups, key=lambda one: (one.key is None, -one.tally.lost, one.key or "")):
        if not one.tally.lost:
            continue
        found = rate(one.tally.lost, all_lost, floor=settings.SMALL_N)
        url = deals_url(asked.filters, stage_lost=(one.value,), result=lost)
        rows.append(
            Row(
                name=one.key if one.key is not None else _("not recorded"),
                rate=found,
                won_url=url,
                n_url=deals_url(asked.filters, result=lost),
                band=charts.band(found),
                recorded=one.key is not None,
            )
        )
    return Table(rows, share.rate, "")


def competitors_table(
    asked: Asked, counts: Mapping[int, tuple[int, int]], names: Mapping[int, str], overall: Rate | None
) -> Table:
    """Won of won and lost, competitor by competitor, each against all the other competitors together."""
    floor = settings.SMALL_N
    ids = list(counts)
    versus = dict(zip(ids, against_the_rest([counts[pk] for pk in ids]), strict=True))
    rows = []
    for pk in ids:
        found = rate(*counts[pk], floor=floor)
        changes = {"competitor": (str(pk),)}
        rows.append(
            Row(
                name=names[pk],
                rate=found,
                won_url=deals_url(asked.filters, **changes, result=results(asked.filters, (Result.WON,))),
                n_url=deals_url(
                    asked.filters, **changes, result=results(asked.filters, (Result.WON, Result.LOST))
                ),
                band=charts.band(found, overall.rate if overall else None),
                versus=versus[pk],
                url=reverse("crm:competitor", args=[pk]),
            )
        )
    rows.sort(key=lambda row: (row.rate.small, -(row.rate.rate or 0.0), row.name))
    sentence = wording.apart(By.COMPETITOR, [(row.name, row.rate, row.versus) for row in rows], floor)
    return Table(rows, overall.rate if overall else None, sentence)


def coverage_table(
    asked: Asked, field: str, counts: Mapping[str, tuple[int, int]], names: Mapping[str, str], overall: Rate
) -> Table:
    """How many of the decided deals have a retrospective, by one thing, each against all the others together."""
    values = list(counts)
    versus = dict(zip(values, against_the_rest([counts[value] for value in values]), strict=True))
    rows = []
    for value in values:
        found = rate(*counts[value], floor=settings.SMALL_N)
        rows.append(
            Row(
                name=names.get(value, value) or _("not recorded"),
                rate=found,
                won_url=coverage_url(asked.filters, field, value, retro="yes"),
                n_url=coverage_url(asked.filters, field, value, retro=asked.filters.retro),
                band=charts.band(found, overall.rate),
                versus=versus[value],
                recorded=bool(value),
            )
        )
    if field == "rep":
        rows.sort(key=lambda row: (not row.recorded, row.rate.rate or 0.0, row.name))
    sentence = wording.reviewed([(row.name, row.rate, row.versus) for row in rows])
    return Table(rows, overall.rate, sentence)


def coverage_url(filters: Filters, field: str, value: str, *, retro: str) -> str:
    """The decided deals of one line of the coverage."""
    changes: dict[str, object] = {"result": results(filters, DECIDED), "retro": retro}
    if field == "result":
        return deals_url(filters, **{**changes, "result": (value,)})
    if field == "region":
        return deals_url(filters, **changes, region=(value or NONE,))
    return behind_url(filters, Behind(**{field: value or NONE}), **changes)


@dataclass(frozen=True, slots=True)
class Column:
    """One period of the trend, for the standing chart and for the row on a phone."""

    name: str
    short_name: str
    rate: Rate
    won_url: str
    n_url: str
    chart: SafeString
    band: SafeString
    changed: str


def trend_columns(
    asked: Asked, rates: Sequence[tuple[Period, Rate, str]], overall: float | None
) -> list[Column]:
    """The periods in time; `overall` is the rate of all of them."""
    end = charts.scale([found for _period, found, _changed in rates])
    columns = []
    before: Period | None = None
    for period, found, changed in rates:
        days = {"since": period.since, "until": period.until}
        columns.append(
            Column(
                name=period.label(),
                short_name=period.label(beside=before),
                rate=found,
                won_url=deals_url(asked.filters, **days, result=results(asked.filters, (Result.WON,))),
                n_url=deals_url(asked.filters, **days, result=results(asked.filters, DECIDED)),
                chart=charts.column(found, end, overall),
                band=charts.band(found, overall),
                changed=changed,
            )
        )
        before = period
    return columns
