"""Which segments become one: the smallest of a size, a few at once with a save, more of them while nobody waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# So many of one size become one of the next.
TOGETHER = 8
# More documents than this are not merged while somebody waits for a save to be found.
AT_ONCE = 16
# Nor more than this at all: what is in memory while segments are merged grows with the words of all of them.
AT_MOST = 64_000


class Size(NamedTuple):
    """A segment by its place in the table of contents, and how many documents of it are alive."""

    place: int
    alive: int


def chosen(alive: Sequence[int], most: int = AT_ONCE, beyond: int = 0) -> list[int]:
    """Which segments to merge, by their places and in order; none: []. Empty ones are not among them.

    most: how many documents they may have together. beyond: what has no more than these is left to others.
    """
    tiers: dict[int, list[Size]] = {}
    for place, count in enumerate(alive):
        if count:
            tiers.setdefault(_tier(count), []).append(Size(place, count))
    for tier in sorted(tiers):
        some = _within(sorted(tiers[tier], key=lambda size: (size.alive, size.place)), most)
        if len(some) >= TOGETHER and sum(size.alive for size in some) > beyond:
            return sorted(size.place for size in some)
    return []


def _tier(count: int) -> int:
    tier = 0
    while count >= TOGETHER:
        count //= TOGETHER
        tier += 1
    return tier


def _within(sizes: list[Size], most: int) -> list[Size]:
    kept: list[Size] = []
    total = 0
    for size in sizes:
        total += size.alive
        if total > most:
            break
        kept.append(size)
    return kept
