"""What the templates of deals ask: outcomes as badges, amounts in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deals.crm.models import Deal
from deals.crm.queries import NONE, Choice, Filters
from deals.crm.source import badge_of

if TYPE_CHECKING:
    from collections.abc import Iterable

register = template.Library()

OKU, MAN = Decimal(100_000_000), Decimal(10_000)


@register.inclusion_tag("components/_badge.html")
def result_badge(deal: Deal) -> dict[str, object]:
    """The outcome of a deal, by colour, shape and word."""
    return {"badge": badge_of(deal)}


@register.filter
def money(amount: Decimal | None, currency: str = "JPY") -> str:
    """An amount as one reads it: 1,260万円 and 2.4億円 in Japanese, ¥12,600,000 otherwise; nothing for not known."""
    if amount is None:
        return ""
    if currency == "JPY" and get_language() == "ja":
        return yen(amount)
    sign = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}.get(currency, f"{currency} ")
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{sign}{number_format(amount, places, use_l10n=True, force_grouping=True)}"


def yen(amount: Decimal) -> str:
    if abs(amount) >= OKU:
        value, unit = amount / OKU, "億円"
    elif abs(amount) >= MAN:
        value, unit = amount / MAN, "万円"
    else:
        value, unit = amount, "円"
    places = 0 if value == value.to_integral_value() else 1
    return f"{number_format(value, places, use_l10n=True, force_grouping=True)}{unit}"


@register.filter
def filter_label(name: str) -> str:
    """What a filter is called."""
    return {
        "result": _("Result"),
        "lost_to": _("Who won it"),
        "product": _("Product"),
        "competitor": _("Competitor"),
        "company": _("Company"),
        "industry": _("Industry"),
        "region": _("Region"),
        "segment": _("Segment"),
        "owner_team": _("Owner's team"),
        "stage_lost": _("Stage lost"),
    }[name]


@register.simple_tag
def chips(
    filters: Filters, choices: Iterable[tuple[str, list[Choice]]], retro: Iterable[Choice] = ()
) -> list[dict[str, str]]:
    """The filters that are on, as words, each with the address without it."""
    found = []
    for name, offered in choices:
        labels = {choice.value: choice.label for choice in offered}
        chosen = getattr(filters, name)
        for value in chosen:
            label = _("not recorded") if value == NONE else labels.get(value, value)
            rest = tuple(other for other in chosen if other != value)
            found.append(
                {"name": filter_label(name), "label": label, "url": "?" + filters.query(**{name: rest})}
            )
    for choice in retro:
        if choice.chosen:
            url = "?" + filters.query(retro="")
            found.append({"name": _("Retrospective"), "label": choice.label, "url": url})
    for name, label in (("since", _("closed from")), ("until", _("closed until")), ("q", _("Words"))):
        if value := getattr(filters, name):
            found.append({"name": label, "label": str(value), "url": "?" + filters.query(**{name: None})})
    return found
