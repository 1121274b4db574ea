"""A line over time as SVG: places across in percent of the width, coloured and dashed by classes alone.

The numbers stand in the table below the line, so the drawing is hidden from those who listen to the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

HEIGHT, EDGE = 96, 8
DOT = 4
# A scale begins at 0 and ends at one of these, the next above the highest point and the target.
ENDS = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


def end_of(shares: Sequence[float | None], target: float) -> float:
    highest = max((*(share for share in shares if share is not None), target))
    return next((end for end in ENDS if end > highest), 1.0)


def line(shares: Sequence[float | None], small: Sequence[bool], target: float) -> SafeString:
    """One point in the middle of each column, joined where no column between is empty; hollow where it stands on few.

    `target` is the dashed line across. The line itself is drawn in a picture of its own that stretches with the width.
    """
    end = end_of(shares, target)
    grid = [rule("grid", end, end), rule("grid", end / 2, end), rule("base", 0, end)]
    points = [(across(index, len(shares)), share) for index, share in enumerate(shares)]
    runs = [
        format_html(
            '<polyline class="line" vector-effect="non-scaling-stroke" points="{}"/>',
            " ".join(f"{x:.2f},{height_of(share, end)}" for x, share in run),
        )
        for run in unbroken(points)
    ]
    stretched = format_html(
        '<svg viewBox="0 0 100 {0}" width="100%" height="{0}" preserveAspectRatio="none">{1}</svg>',
        HEIGHT,
        joined(runs),
    )
    dots = [
        format_html(
            '<circle class="dot{}" cx="{}%" cy="{}" r="{}"/>',
            " is-small" if few else "",
            f"{x:.2f}",
            height_of(share, end),
            DOT,
        )
        for (x, share), few in zip(points, small, strict=True)
        if share is not None
    ]
    return drawing("week-line", [*grid, rule("overall", target, end), stretched, *dots])


def unbroken(
    points: Sequence[tuple[float, float | None]],
) -> Iterator[list[tuple[float, float]]]:
    """The stretches of neighbours that have a share, of two or more."""
    run: list[tuple[float, float]] = []
    for x, share in (*points, (0.0, None)):
        if share is not None:
            run.append((x, share))
            continue
        if len(run) > 1:
            yield run
        run = []


def ruler(shares: Sequence[float | None], target: float) -> SafeString:
    """The scale in figures: 0, its middle and its end."""
    end = end_of(shares, target)
    figures = [
        format_html(
            '<text x="100%" y="{}">{}{}</text>',
            height_of(share, end) + 4,
            round(share * 100),
            "%" if share == end else "",
        )
        for share in (end, end / 2, 0.0)
    ]
    return drawing("ruler", figures)


def across(index: int, columns: int) -> float:
    """The middle of a column, in percent of the width."""
    return (index + 0.5) * 100 / columns


def height_of(share: float, end: float) -> float:
    """Pixels from the top."""
    return round((1 - share / end) * (HEIGHT - 2 * EDGE) + EDGE, 1)


def rule(css: str, share: float, end: float) -> SafeString:
    return format_html('<line class="{0}" x1="0" x2="100%" y1="{1}" y2="{1}"/>', css, height_of(share, end))


def joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts)) if parts else mark_safe("")


def drawing(css: str, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="chart {}" width="100%" height="{}" aria-hidden="true" focusable="false">{}</svg>',
        css,
        HEIGHT,
        joined(parts),
    )
