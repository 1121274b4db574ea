"""One competitor or product in numbers: its rate, how that stands to the others, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.analysis import charts, queries, wording
from deals.analysis.filters import By, deals_url
from deals.analysis.measures import Rate, Versus, against_the_rest, rate
from deals.analysis.tables import Row, Table
from deals.crm.models import DECIDED, Result
from deals.crm.queries import NONE, Filters

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from deals.crm.models import DealQuerySet
    from kb.accounts.models import User
    from kb.market.models import Competitor, Product

Counts = Mapping[tuple[str, str], tuple[int, int]]
# What wins are counted of: against a competitor those that somebody won, of a product all that were decided.
COUNTED = {By.COMPETITOR: (Result.WON, Result.LOST), By.PRODUCT: DECIDED}
LINES = 6


@dataclass(frozen=True, slots=True)
class Panel:
    """A rate with its links and band, that of all together, what the comparison says, and a table by industry or segment."""

    by: By
    rate: Rate
    won_url: str
    n_url: str
    band: SafeString
    overall: Rate
    sentence: str
    table: Table
    heading: str
    more: str


def head_to_head(viewer: User, competitor: Competitor) -> Panel:
    """Won of won and lost against one competitor, beside all the others together."""
    return _panel(viewer, By.COMPETITOR, str(competitor.pk), competitor.name)


def of_product(viewer: User, product: Product) -> Panel:
    """Won of the decided deals with one product, beside all the others together."""
    return _panel(viewer, By.PRODUCT, str(product.pk), product.name)


def _panel(viewer: User, by: By, value: str, name: str) -> Panel:
    filters = Filters(**{by.value: (value,)})  # type: ignore[arg-type]
    everything = queries.deals_of(viewer, Filters())
    counts = queries.counts_by(everything, f"{by.value}_id", COUNTED[by])
    if by == By.COMPETITOR:
        # Deals without one are no deals against others of this kind.
        counts.pop((NONE, ""), None)
    keys = list(counts)
    versus = dict(zip(keys, against_the_rest([counts[key] for key in keys]), strict=True))
    floor = settings.SMALL_N
    found = rate(*counts.get((value, value), (0, 0)), floor=floor)
    overall = rate(*(sum(one[place] for one in counts.values()) for place in (0, 1)), floor=floor)
    heading, table = _table(queries.deals_of(viewer, filters), by, filters, found)
    return Panel(
        by=by,
        rate=found,
        won_url=deals_url(filters, result=(Result.WON,)),
        n_url=deals_url(filters, result=COUNTED[by]),
        band=charts.band(found, overall.rate),
        overall=overall,
        sentence=_sentence(name, found, versus.get((value, value))),
        table=table,
        heading=heading,
        more=f"{reverse('analysis:page')}?{filters.query()}",
    )


def _sentence(name: str, found: Rate, versus: Versus | None) -> str:
    """How it stands to the others, and whether there are deals enough to say so."""
    if not found.n:
        return ""
    parts = []
    if versus:
        parts.append(
            wording.difference(name, versus)
            if versus.apart
            else _("It cannot be told apart from all the others together at these counts.")
        )
    if found.small:
        parts.append(_("Fewer than %(floor)d deals, only a hint.") % {"floor": settings.SMALL_N})
    return wording.told(parts)


def _table(deals: DealQuerySet, by: By, filters: Filters, found: Rate) -> tuple[str, Table]:
    """By the companies' industry; by segment where no industry is recorded."""
    for field, path, called, heading in (
        ("industry", "company__industry", "company__industry__name", _("Industry")),
        ("segment", "segment", "segment", _("Segment")),
    ):
        counts = queries.counts_by(deals, path, COUNTED[by], called)
        if any(value != NONE for value, _name in counts):
            return heading, Table(_rows(counts, by, filters, field, found), found.rate, "")
    return "", Table((), None, "")


def _rows(counts: Counts, by: By, filters: Filters, field: str, found: Rate) -> Sequence[Row]:
    """The lines with the most deals first, what is not recorded last."""
    ordered = sorted(counts.items(), key=lambda one: (one[0][0] == NONE, -one[1][1], one[0][1]))
    rows = []
    for (value, name), numbers in ordered[:LINES]:
        line = rate(*numbers, floor=settings.SMALL_N)
        rows.append(
            Row(
                name=name or _("not recorded"),
                rate=line,
                won_url=deals_url(filters, **{field: (value,)}, result=(Result.WON,)),
                n_url=deals_url(filters, **{field: (value,)}, result=COUNTED[by]),
                band=charts.band(line, found.rate),
                recorded=value != NONE,
            )
        )
    return rows
