"""What the page is asked for: by what to group, which periods, which deals; and the deals behind a number."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals.analysis.periods import Grain
from deals.crm.models import NoDecisionReason
from deals.crm.queries import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

LONGEST_NUMBER = 9


def without_nul(query: QueryDict) -> QueryDict:
    """The query without the values that hold a NUL, which PostgreSQL takes in no text."""
    sound = query.copy()
    for name, values in query.lists():
        sound.setlist(name, [value for value in values if "\x00" not in value])
    return sound


class By(models.TextChoices):
    """By what deals are grouped."""

    PRODUCT = "product", _("Product")
    COMPETITOR = "competitor", _("Competitor")
    REGION = "region", _("Region")
    SEGMENT = "segment", _("Segment")
    OWNER_TEAM = "owner_team", _("Owner's team")
    STAGE_LOST = "stage_lost", _("Stage lost")
    PERIOD = "period", _("Period")


@dataclass(frozen=True)
class Asked:
    """The page's address: grouping, length of a period, and the filters it shares with the list of deals."""

    by: By = By.PRODUCT
    grain: Grain = Grain.QUARTER
    filters: Filters = field(default_factory=Filters)

    @classmethod
    def from_query(cls, query: QueryDict) -> Asked:
        """What makes no sense is left out."""
        by, grain = query.get("by", ""), query.get("period", "")
        return cls(
            by=By(by) if by in By.values else By.PRODUCT,
            grain=Grain(grain) if grain in Grain.values else Grain.QUARTER,
            filters=Filters.from_query(without_nul(query)),
        )

    def query(self, *, by: str = "", period: str = "") -> str:
        """The address' query, grouped otherwise or by other periods."""
        return self.narrowed({}, by=by, period=period)

    def narrowed(self, changes: Mapping[str, object], *, by: str = "", period: str = "") -> str:
        """The address' query with some of the filters changed."""
        pairs = [("by", by or self.by.value)]
        if (period or self.grain.value) != Grain.QUARTER:
            pairs.append(("period", period or self.grain.value))
        rest = self.filters.query(**changes)
        return urlencode(pairs) + (f"&{rest}" if rest else "")


class Part(models.TextChoices):
    """What was said of the deals behind a number: of one driver, or of all of them."""

    NAMED = "named", _("named by anybody")
    FIX = "fix", _("decisive, and we did badly")
    REP = "rep", _("named by the rep, where the buyer was heard, too")
    BUYER = "buyer", _("named by the buyer, where the rep was heard, too")
    HEARD = "heard", _("rep and buyer were heard")
    FIRST = "first", _("rep and buyer named a first driver")
    AGREED = "agreed", _("rep and buyer named the same first driver")


@dataclass(frozen=True)
class Behind:
    """What narrows deals further than their list can say. `size`: the digits of the amount before the point; 0: none."""

    met: str = ""
    reason: str = ""
    rep: str = ""
    size: str = ""
    driver: str = ""
    part: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Behind:
        """What makes no sense is left out."""
        sent = without_nul(query)
        given = {one.name: sent.get(one.name, "") for one in fields(cls)}
        sound = {
            "met": given["met"] in ("yes", "no"),
            "reason": given["reason"] in NoDecisionReason.values,
            "rep": True,
            "size": given["size"].isdecimal() and len(given["size"]) < LONGEST_NUMBER,
            "driver": given["driver"].isdecimal() and len(given["driver"]) < LONGEST_NUMBER,
            "part": given["part"] in Part.values,
        }
        return cls(**{name: value for name, value in given.items() if sound[name]})

    def pairs(self) -> list[tuple[str, str]]:
        return [(one.name, value) for one in fields(self) if (value := getattr(self, one.name))]


def deals_url(filters: Filters, **changes: object) -> str:
    """The list of the deals that `filters` leave, some of them changed."""
    query = filters.query(**changes)
    return reverse("crm:list") + (f"?{query}" if query else "")


def behind_url(filters: Filters, behind: Behind, **changes: object) -> str:
    """The list of the deals behind a number that the list of deals cannot say."""
    pairs = urlencode(behind.pairs())
    rest = replace(filters, **changes).query()  # type: ignore[arg-type]
    return f"{reverse('analysis:deals')}?{pairs}" + (f"&{rest}" if rest else "")
