"""When segments become one: the ten smallest of a size, so that a save never waits for the whole index to be written anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# So many of one size become one of the next.
TOGETHER = 8
# More documents than this are not merged while somebody waits for a save to be found.
AT_ONCE = 600


class Size(NamedTuple):
    """A segment by its place in the table of contents, and how many documents of it are alive."""

    place: int
    alive: int


def chosen(alive: Sequence[int], limit: int = AT_ONCE) -> list[int]:
    """Which segments to merge, by their places and in order; none: []. Empty ones are not among them."""
    tiers: dict[int, list[Size]] = {}
    for place, count in enumerate(alive):
        if count:
            tiers.setdefault(_tier(count), []).append(Size(place, count))
    for tier in sorted(tiers):
        some = sorted(tiers[tier], key=lambda size: (size.alive, size.place))
        if len(some) >= TOGETHER and sum(size.alive for size in some) <= limit:
            return sorted(size.place for size in some)
        if len(some) >= TOGETHER:
            some = _within(some, limit)
            if len(some) >= TOGETHER:
                return sorted(size.place for size in some)
    return []


def _tier(count: int) -> int:
    tier = 0
    while count >= TOGETHER:
        count //= TOGETHER
        tier += 1
    return tier


def _within(sizes: list[Size], limit: int) -> list[Size]:
    kept: list[Size] = []
    total = 0
    for size in sizes:
        total += size.alive
        if total > limit:
            break
        kept.append(size)
    return kept
