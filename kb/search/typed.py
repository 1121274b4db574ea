"""What somebody has typed so far, in every way it can be meant: a word half written, kana before conversion, letters on their way to kana."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.search.analysis import JA, fold, hiragana
from kb.search.question import Question, ask, legible

# Nobody types a longer name letter by letter; of what was pasted the beginning is enough.
TYPED_LENGTH = 80

# Letters that have not become kana yet: しょうd, 商談のkっ; a vowel would have finished them.
_UNFINISHED = re.compile(rf"(?<=[{JA}])[bcdfghjklmnpqrstvwxyz]{{1,3}}$")
_WORD = re.compile(rf"[^\W_{JA}]+$")
_KANA = re.compile(r"[ぁ-ゖゝゞァ-ヺー-ヾ]+$")
_ONE = re.compile(rf"(?<![{JA}])[{JA}]$")
_PARTICLES = "のをがはにでとへもや"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take it: whole words, then the beginning of a word as it is written, or of one as it is read."""

    words: Question
    begins: str = ""
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """`text` is folded; `kana` is the whole as a reading, where it is one."""

    text: str
    kana: str
    ways: tuple[Way, ...]


def typed(raw: str) -> Typed:
    """Read what was typed; nothing that is a word leaves no ways."""
    text = fold(legible(raw))[:TYPED_LENGTH].lstrip()
    finished = _UNFINISHED.sub("", text)
    ways = [way for variant in dict.fromkeys((text, finished)) for way in _ways(variant)]
    kept = {(way.words.leaves, way.begins, way.reads): way for way in ways}
    return Typed(" ".join(text.split()), hiragana(finished.strip()), tuple(kept.values()))


def _ways(text: str) -> list[Way]:
    whole = Way(ask(text))
    found = [whole] if whole.words.leaves else []
    if (word := _WORD.search(text)) or (word := _ONE.search(text)):
        found.append(Way(ask(text[: word.start()]), begins=word.group()))
    if tail := _KANA.search(text):
        before = ask(text[: tail.start()])
        found += [Way(before, reads=reads) for reads in _readings(tail.group(), first=not before.leaves)]
    return found


def _readings(tail: str, *, first: bool) -> list[str]:
    """The reading that kana at the end begin, and the same without the particle that joins them to a word before."""
    parts = [tail] if first or tail[0] not in _PARTICLES else [tail, tail[1:]]
    return [reads for part in parts if (reads := hiragana(part))]
