"""What the templates of retrospectives ask: ratings as signed figures and as a small drawing, words with their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

from deals.retros.models import Driver
from deals.retros.queries import Line, path_of
from kb.glossary.marking import mark

if TYPE_CHECKING:
    from django.template import Context

register = template.Library()

# The drawing's line, in its own units: from −2 on the left to +2 on the right.
LEFT, STEP = 4, 33


@register.filter
def signed(number: int) -> str:
    """A rating with its sign: +1, 0, −2."""
    return str(number) if number == 0 else f"{number:+d}".replace("-", "−")


@register.filter
def path(driver: Driver) -> str:
    """A driver with all above it; wants `parent__parent` fetched."""
    return path_of(driver)


@register.inclusion_tag("retros/_balance.html")
def balance(line: Line) -> dict[str, object]:
    """The rep's tick above the line, the buyer's below, joined where they differ."""
    rep = None if line.rep is None else LEFT + STEP * (line.rep.performance + 2)
    buyer = None if line.buyer is None else LEFT + STEP * (line.buyer.performance + 2)
    apart = rep is not None and buyer is not None and rep != buyer
    return {"rep": rep, "buyer": buyer, "apart": apart, "start": LEFT, "end": LEFT + 4 * STEP}


@register.simple_tag(takes_context=True)
def with_terms(context: Context, text: str) -> SafeString:
    """Plain text in paragraphs, its terms linked for whoever reads."""
    html = linebreaks(escape(text))
    return mark_safe(mark(html, context["request"].user))  # noqa: S308  (escaped above, then only links put in)
