"""Charts as SVG: intervals as bands with a tick, in percent of their place, coloured and dashed by classes alone.

The numbers stand in the table beside each chart, so the drawings are hidden from those who listen to the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from deals.analysis.measures import Rate

NOTHING = mark_safe("")
BAND_HEIGHT, BAND_THICK, TICK = 36, 8, 16
TREND_HEIGHT, TREND_THICK, TREND_TICK = 120, 12, 22
# The trend's scale ends at one of these, the next above the highest interval.
ENDS = (0.2, 0.4, 0.6, 0.8, 1.0)


def percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def vertical(css: str, share: float, top: float, bottom: float) -> SafeString:
    """A line from top to bottom at a place of the horizontal scale."""
    return format_html(
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', css, percent(share), percent(share), top, bottom
    )


def band(rate: Rate, overall: float | None = None) -> SafeString:
    """A rate's interval on 0..100 %, its tick, and the dashed line of all together; hollow where n is small."""
    if rate.rate is None or rate.low is None or rate.high is None:
        return drawing("band", BAND_HEIGHT, [axis()])
    middle = BAND_HEIGHT / 2
    interval = format_html(
        '<rect class="interval" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
        percent(rate.low),
        middle - BAND_THICK / 2,
        percent(rate.high - rate.low),
        BAND_THICK,
        BAND_THICK / 2,
    )
    line = NOTHING if overall is None else vertical("overall", overall, 0, BAND_HEIGHT)
    ends = middle - TICK / 2, middle + TICK / 2
    ticks = [vertical("halo", rate.rate, *ends), vertical("tick", rate.rate, *ends)]
    return drawing("band is-small" if rate.small else "band", BAND_HEIGHT, [axis(), interval, line, *ticks])


def axis() -> SafeString:
    return format_html('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>', BAND_HEIGHT / 2)


def drawing(css: str, height: int, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="chart {}" width="100%" height="{}" aria-hidden="true" focusable="false">{}</svg>',
        css,
        height,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def pair(rep: float | None, buyer: float | None) -> SafeString:
    """What the rep says above the line, what the buyer says below it, on one scale."""
    middle = BAND_HEIGHT / 2
    parts = [axis()]
    if rep is not None and buyer is not None:
        between = '<line class="between" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        parts.append(format_html(between, percent(rep), percent(buyer), middle, middle))
    if rep is not None:
        parts.append(vertical("tick rep", rep, middle - 11, middle + 1))
    if buyer is not None:
        parts.append(vertical("tick", buyer, middle - 1, middle + 11))
    return drawing("pair", BAND_HEIGHT, parts)


def scale(rates: Sequence[Rate]) -> float:
    """Where a trend's scale ends: the next fifth above the highest interval; it always begins at 0."""
    highest = max((rate.high for rate in rates if rate.high is not None), default=1.0)
    return next((end for end in ENDS if end >= min(1.0, math.nextafter(highest, 0))), 1.0)


def column(rate: Rate, end: float, overall: float | None = None) -> SafeString:
    """One period of the trend, standing; `end` is the scale's."""
    lines = [
        format_html('<line class="{}" x1="0" x2="100%" y1="{}" y2="{}"/>', css, y, y)
        for css, y in (
            ("grid", height_of(end, end)),
            ("grid", height_of(end / 2, end)),
            ("base", height_of(0, end)),
        )
    ]
    dashed = NOTHING
    if overall is not None:
        y = height_of(overall, end)
        dashed = format_html('<line class="overall" x1="0" x2="100%" y1="{}" y2="{}"/>', y, y)
    css = "column is-small" if rate.small else "column"
    return drawing(css, TREND_HEIGHT, [*lines, standing(rate, end), dashed, standing_tick(rate, end)])


def height_of(share: float, end: float) -> float:
    """Pixels from the top."""
    return round((1 - share / end) * (TREND_HEIGHT - 2) + 1, 1)


def standing(rate: Rate, end: float) -> SafeString:
    if rate.low is None or rate.high is None:
        return NOTHING
    top, bottom = height_of(rate.high, end), height_of(rate.low, end)
    return format_html(
        '<svg class="in" x="50%"><rect class="interval" x="{}" y="{}" width="{}" height="{}" rx="4"/></svg>',
        -TREND_THICK / 2,
        top,
        TREND_THICK,
        round(max(bottom - top, 1), 1),
    )


def standing_tick(rate: Rate, end: float) -> SafeString:
    if rate.rate is None:
        return NOTHING
    y = height_of(rate.rate, end)
    return format_html(
        '<svg class="in" x="50%"><line class="halo" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
        '<line class="tick" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/></svg>',
        -TREND_TICK / 2,
        TREND_TICK / 2,
        y,
    )


def ruler(end: float) -> SafeString:
    """The trend's scale in figures: 0, its middle and its end."""
    figures = [
        format_html(
            '<text x="100%" y="{}">{}{}</text>',
            height_of(share, end) + 4,
            round(share * 100),
            "%" if share == end else "",
        )
        for share in (end, end / 2, 0.0)
    ]
    return drawing("ruler", TREND_HEIGHT, figures)
