"""Rates, intervals and differences as people read them."""

from __future__ import annotations

import math

# Shares that would be rounded to none or all of it without being that.
NEARLY = 0.005


def percent_of(share: float | None) -> str:
    if share is None:
        return "–"
    if 0 < share < NEARLY:
        return "<1%"
    if 1 - NEARLY < share < 1:
        return ">99%"
    return f"{whole(share)}%"


def whole(share: float) -> int:
    """Percent, halves upwards as people round."""
    return math.floor(share * 100 + 0.5)


def interval_of(low: float, high: float) -> str:
    return f"{whole(low)}–{whole(high)}%"


def points_of(difference: float) -> str:
    points = whole(difference) if difference >= 0 else -whole(-difference)
    return f"{points:+d}".replace("-", "−") if points else "0"
