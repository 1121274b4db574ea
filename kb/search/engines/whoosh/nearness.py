"""Which of many words are few edits away from one: the table of edit distances, filled for all words at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def near(words: Sequence[str], wanted: str, distance: int) -> dict[str, int]:
    """Those at most `distance` insertions, deletions, replacements or swaps of neighbours away, and how many."""
    some = [word for word in words if abs(len(word) - len(wanted)) <= distance]
    if not some:
        return {}
    width = max(map(len, some))
    letters = np.array(some, f"<U{max(width, 1)}").view(np.uint32).reshape(len(some), -1)
    edits = _edits(letters, [ord(letter) for letter in wanted])
    lengths = np.array([len(word) for word in some])
    found = edits[np.arange(len(some)), lengths]
    return {some[index]: int(found[index]) for index in np.flatnonzero(found <= distance).tolist()}


def _edits(words: NDArray[np.uint32], wanted: list[int]) -> NDArray[np.int16]:
    """For each word and each of its beginnings, the edits from `wanted`."""
    count, width = words.shape
    row = np.tile(np.arange(width + 1, dtype=np.int16), (count, 1))
    before = row
    for place, letter in enumerate(wanted, 1):
        above, row = row, np.empty_like(row)
        row[:, 0] = place
        same = words == letter
        for column in range(1, width + 1):
            replaced = above[:, column - 1] + ~same[:, column - 1]
            best = np.minimum(np.minimum(above[:, column], row[:, column - 1]) + 1, replaced)
            if place > 1 and column > 1:
                swapped = same[:, column - 2] & (words[:, column - 1] == wanted[place - 2])
                best = np.where(swapped, np.minimum(best, before[:, column - 2] + 1), best)
            row[:, column] = best
        before = above
    return row
