"""Invented short documents in both languages, with a vocabulary whose words are as frequent as in any language, or real ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path

from benchmarks.pages import FILLERS, NOUNS, VERBS, WORDS, Page

# About two kilobytes each, as the pieces of a handbook are.
JAPANESE_LENGTH, ENGLISH_LENGTH, SPREAD = 450, 1_500, 0.6
VOCABULARY = 30_000
SYLLABLES = "ba be bo da de di fo ga go ha ka ki la le lo ma mi mo na ne no pa po ra re ri sa se si ta te to va vi za zo".split()
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモラリルレロ"
KANJI = "企画設計生産販売物流品質原価利益在庫工程部材検査開発試験運用保守監査法務財務経理人事総務広報調査統計推定回線端末基盤構成標準規格"
PARTICLES = "はがをにでもとの"


class _Vocabulary:
    """Words by rank: the first comes about ten times as often as the tenth."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))

    def draw(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self.words, cum_weights=self.weights, k=count)


def _english(rng: random.Random) -> _Vocabulary:
    made = dict.fromkeys(WORDS)
    while len(made) < VOCABULARY:
        made.setdefault("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))))
    return _Vocabulary(list(made))


def _japanese(rng: random.Random) -> _Vocabulary:
    made = dict.fromkeys(NOUNS)
    while len(made) < VOCABULARY:
        word = (
            "".join(rng.choices(KANJI, k=2))
            if rng.random() < 0.4
            else "".join(rng.choices(KANA, k=rng.randint(3, 5)))
        )
        made.setdefault(word)
    return _Vocabulary(list(made))


def chunks(count: int, seed: int = 1) -> Iterator[Page]:
    """The same documents each time, every second one in Japanese."""
    rng = random.Random(seed)
    english, japanese = _english(rng), _japanese(rng)
    for number in range(count):
        scale = rng.lognormvariate(0, SPREAD)
        if number % 2:
            words = english.draw(rng, max(20, int(ENGLISH_LENGTH * scale / 7)))
            text = " ".join(f"{rng.choice(FILLERS)} {word}" if rng.random() < 0.4 else word for word in words)
            yield Page(" ".join(words[:5]).capitalize(), text, "en")
        else:
            words = japanese.draw(rng, max(10, int(JAPANESE_LENGTH * scale / 4)))
            pieces = []
            for place, word in enumerate(words):
                end = f"{rng.choice(VERBS)}。" if place % 9 == 8 else rng.choice(PARTICLES)
                pieces.append(word + end)
            yield Page("の".join(words[:3]), "".join(pieces), "ja")


def files(folder: Path, count: int) -> Iterator[Page]:
    """Pieces of the Markdown files of a folder, in the order of their names, at most `count`."""
    made = 0
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text("utf-8", errors="replace")
        marks = [*range(0, len(text), ENGLISH_LENGTH), len(text)]
        for start, end in pairwise(marks):
            if made >= count:
                return
            body = text[start:end]
            japanese = sum("ぁ" <= character <= "鿿" for character in body) > len(body) // 10
            yield Page(f"{path.stem} {start}", body, "ja" if japanese else "en")
            made += 1
