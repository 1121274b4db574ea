"""The kinds of arrays this package computes with, and the few things it does with them everywhere."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

# Numbers of documents, in order and each once, unless said otherwise.
Numbers: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Weights: TypeAlias = NDArray[np.float32]
Bytes: TypeAlias = NDArray[np.uint8]
# One truth a document.
Mask: TypeAlias = NDArray[np.bool_]

NO_NUMBERS: Numbers = np.empty(0, np.int32)
NO_WEIGHTS: Weights = np.empty(0, np.float32)

# A list this much shorter than another is looked up in it rather than laid beside it.
MUCH_SHORTER = 24


def spans(starts: Longs, lengths: Longs) -> Longs:
    """All the places from each start on, as many as its length, one span after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(total, dtype=np.int64)


def places(sorted_in: Numbers | Longs, wanted: Numbers | Longs) -> tuple[Longs, Mask]:
    """Where each of `wanted` would be in an ordered array, and whether it is there."""
    if not len(sorted_in):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(sorted_in, wanted), len(sorted_in) - 1)
    return at, sorted_in[at] == wanted
