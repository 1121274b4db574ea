"""Rates and intervals as people read them, and counts that open their deals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from deals.analysis.figures import interval_of, percent_of, points_of
from deals.crm.templatetags.deals import money

if TYPE_CHECKING:
    from deals.analysis.measures import Rate, Value

register = template.Library()
SMALLEST_P = 0.001


@register.filter
def percent(share: float | None) -> str:
    """70%, and never 0 % or 100 % of what is not quite that."""
    return percent_of(share)


@register.filter
def interval(of: Rate | Value | None) -> str:
    """56–82%, or a dash."""
    return "–" if of is None or of.low is None or of.high is None else interval_of(of.low, of.high)


@register.filter
def points(difference: float) -> str:
    """+12: the points of a difference."""
    return points_of(difference)


@register.filter
def grade(rating: float | None) -> str:
    """A mean rating with its sign: +1.2, −0.4, 0.0."""
    if rating is None:
        return "–"
    text = f"{rating:+.1f}"
    return text[1:] if text[1:] == "0.0" else text.replace("-", "−")


@register.filter
def mean(rating: float | None) -> str:
    """A mean without a sign: 2.4."""
    return "–" if rating is None else f"{rating:.1f}"


@register.filter
def chance(p: float) -> str:
    """A p-value: .034, or <.001."""
    return "<.001" if p < SMALLEST_P else f"{p:.3f}".removeprefix("0")


@register.filter
def worth_of(amount: float, currency: str) -> str:
    """An amount that was summed, in whole units."""
    return money(Decimal(round(amount)), currency)


@register.simple_tag
def number(count: int, url: str = "") -> SafeString:
    """A count that opens its deals; 0 opens nothing."""
    text = number_format(count, use_l10n=True, force_grouping=True)
    if not count or not url:
        return format_html("{}", text)
    return format_html('<a class="number" href="{}">{}</a>', url, text)
