"""What to ask: picked from the words of the documents themselves by how many have them, so that any corpus will do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# So many questions of each kind.
EACH = 8
# Phrases are looked for in the first so many documents.
SAMPLE = 4_000
_LATIN = re.compile(r"[a-z]{4,}")
RARE = range(3, 30)


@dataclass(frozen=True, slots=True)
class Questions:
    """For each kind of question the words of several."""

    by_kind: Mapping[str, Sequence[Sequence[str]]]

    def of(self, kind: str) -> Sequence[Sequence[str]]:
        return self.by_kind[kind]


class Counting:
    """Counts words while documents go by."""

    def __init__(self) -> None:
        self.having: Counter[str] = Counter()
        self.together: Counter[tuple[str, str]] = Counter()
        self.documents = 0

    def add(self, words: Sequence[str]) -> None:
        self.having.update(set(words))
        if self.documents < SAMPLE:
            self.together.update(pairwise(words))
        self.documents += 1

    def questions(self) -> Questions:
        latin = [word for word, _count in self.having.most_common() if _LATIN.fullmatch(word)]
        common = latin[:EACH]
        rare = [word for word in latin if self.having[word] in RARE][:EACH] or latin[-EACH:]
        threes = [[latin[n], latin[n + EACH], latin[n + 5 * EACH]] for n in range(EACH)]
        phrases = [
            list(pair)
            for pair, _count in self.together.most_common(2_000)
            if all(_LATIN.fullmatch(word) for word in pair)
        ]
        middling = latin[EACH : EACH * 2]
        return Questions(
            {
                "common term": [[word] for word in common],
                "rare term": [[word] for word in rare],
                "OR of 3": threes,
                "AND of 3": threes,
                "phrase": phrases[:EACH],
                "prefix": [[word[:3]] for word in middling],
                "fuzzy": [[word[:2] + word[3:]] for word in middling],
            }
        )
