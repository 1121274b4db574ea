"""Finds the forms of terms in a text: longest first, at word boundaries, in whatever width and case they are written.

Plain Python over an Aho-Corasick automaton; one pass however many terms there are. A form counts as a word where
the character beside it is of another script (`SSOと`). Where it is of the same script, a Latin or katakana form is
part of a longer word and does not count (`SSOX`, データ in データベース), and a kanji or hiragana form counts only where
a tokenizer sees a word begin and end (商談 in 商談管理, never 京都 in 東京都).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from kb.text import fold, fold_map, nfkc

# Capitals this short may be English words otherwise: IT, AM, WHO, GET, FIRE.
SHORT_CAPITALS = 5
# How much of a run of Japanese the tokenizer is given at once, and how much of it on either side for context.
BLOCK, CONTEXT = 300, 50

Starts = Callable[[str], Collection[int]]


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of a term; `linkable` false: found, but never made a link."""

    text: str
    term: int
    linkable: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """Terms found at code points `start` to `end`; where no form of them may be linked, `linkable` is false."""

    start: int
    end: int
    terms: tuple[int, ...]
    linkable: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A hit, and why it is not made a link: heading, code, link, repeat or never; empty where it is."""

    start: int
    end: int
    terms: tuple[int, ...]
    reason: str = ""

    @property
    def linked(self) -> bool:
        return not self.reason


_SPACES = re.compile(r"\s{2,}|[^\S ]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison, and for each of its characters (and the end) where in the original its piece begins.

    Without places the two texts agree character by character.
    """

    text: str
    places: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The original span of a folded one; none where that would cut a piece in two (ロ in ㌔)."""
        places = self.places
        if places is None:
            return start, end
        cut_before = start > 0 and places[start] == places[start - 1]
        return None if cut_before or places[end] == places[end - 1] else (places[start], places[end])


def fold_with_places(text: str) -> Folded:
    """Width and case folded, every run of spaces and line ends one space."""
    folded, places = fold_map(text)
    found = _SPACES.search(folded)
    if found is None:
        return Folded(folded, places)
    places = places or list(range(len(folded) + 1))
    pieces: list[str] = []
    kept: list[int] = []
    at = 0
    while found is not None:
        pieces += (folded[at : found.start()], " ")
        kept += places[at : found.start() + 1]
        at = found.end()
        found = _SPACES.search(folded, at)
    pieces.append(folded[at:])
    kept += places[at:]
    return Folded("".join(pieces), kept)


LATIN, KATAKANA, HIRAGANA, KANJI, OTHER = "latin", "katakana", "hiragana", "kanji", ""
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]")
_HIRAGANA = re.compile("[\u3041-\u309f]")
_KANJI = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_JAPANESE_RUN = re.compile(
    "[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+"
)


@lru_cache(maxsize=20_000)
def script_of(character: str) -> str:
    """The script that makes neighbours one word; empty for punctuation, spaces and the middle dot."""
    if _KANJI.match(character):
        return KANJI
    if _HIRAGANA.match(character):
        return HIRAGANA
    if _KATAKANA.match(character):
        return KATAKANA
    if character.isalnum() or character == "_" or unicodedata.combining(character):
        return LATIN
    return OTHER


def spellings(key: str) -> tuple[str, ...]:
    """A folded form, and the same with or without the last long mark of a katakana word: サーバ and サーバー."""
    if len(key) < 3 or script_of(key[-1]) != KATAKANA:
        return (key,)
    if key[-1] != "ー":
        return (key, key + "ー")
    return (key, key[:-1]) if len(key) > 3 and script_of(key[-2]) == KATAKANA else (key,)


def _one_line(text: str) -> str:
    return " ".join(nfkc(text).split())


def _is_short_capitals(form: str) -> bool:
    letters = [c for c in nfkc(form) if c.isalpha()]
    return 0 < len(letters) <= SHORT_CAPITALS and all(c.isascii() and c.isupper() for c in letters)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A form in the automaton; `exact`: the spelling it must have, capitals included, or empty."""

    form: Form
    exact: str


class Matcher:
    """Every form of a glossary, ready to be found in any text."""

    def __init__(self, forms: Iterable[Form]) -> None:
        entries: dict[str, list[_Entry]] = {}
        for form in forms:
            key = fold(form.text)
            if not key:
                continue
            exact = _one_line(form.text) if _is_short_capitals(form.text) else ""
            for spelling in spellings(key):
                entries.setdefault(spelling, []).append(_Entry(form, exact))
        self._automaton = ahocorasick.Automaton()
        for key, found in entries.items():
            self._automaton.add_word(key, (len(key), tuple(found)))
        self._empty = not entries
        if not self._empty:
            self._automaton.make_automaton()

    def find(self, text: str, *, starts: Starts, may_see: Container[int] | None = None) -> list[Hit]:
        """Hits in order, none overlapping: of two that overlap the longer stands, of equals the earlier.

        `starts` answers where words start in a piece of Japanese, as offsets into it. What is not in `may_see`
        does not exist: it neither is found nor hides a shorter term inside it.
        """
        if self._empty or not text:
            return []
        candidates = list(self._candidates(text, fold_with_places(text), starts, may_see))
        candidates.sort(key=lambda hit: (hit.start - hit.end, hit.start))
        taken = bytearray(len(text))
        kept = []
        for hit in candidates:
            if taken.find(1, hit.start, hit.end) == -1:
                taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
                kept.append(hit)
        return sorted(kept, key=lambda hit: hit.start)

    def terms_in(self, text: str, *, starts: Starts) -> frozenset[int]:
        """Every term that stands in a text in some form, also inside another's, so that no reader's rights count."""
        if self._empty or not text:
            return frozenset()
        hits = self._candidates(text, fold_with_places(text), starts, None)
        return frozenset(term for hit in hits for term in hit.terms)

    def _candidates(
        self, text: str, folded: Folded, starts: Starts, may_see: Container[int] | None
    ) -> Iterator[Hit]:
        words = _Words(folded.text, starts)
        for last, (length, entries) in self._automaton.iter(folded.text):
            start, end = last - length + 1, last + 1
            seen = [entry for entry in entries if may_see is None or entry.form.term in may_see]
            span = folded.span(start, end) if seen else None
            if span is None:
                continue
            plural = False
            if not words.stand_alone(start, end):
                plural = words.stand_alone(start, end + 1) and text[span[1] : span[1] + 1] == "s"
                if not plural:
                    continue
            surface = _one_line(text[span[0] : span[1]])
            fitting = [
                entry.form for entry in seen if (entry.exact == surface) or not (entry.exact or plural)
            ]
            if fitting:
                yield _hit(span[0], span[1] + plural, fitting)


def _hit(start: int, end: int, forms: list[Form]) -> Hit:
    """One hit for all forms spelled alike; those that may be linked speak for it, if there are any."""
    linkable = [form for form in forms if form.linkable]
    terms = tuple(sorted({form.term for form in linkable or forms}))
    return Hit(start, end, terms, linkable=bool(linkable))


class _Words:
    """Where words begin and end in one folded text; the tokenizer is asked only about runs of Japanese that need it."""

    def __init__(self, text: str, starts: Starts) -> None:
        self._text = text
        self._starts = starts
        self._runs: list[tuple[int, int]] | None = None
        self._known: dict[int, frozenset[int]] = {}

    def stand_alone(self, start: int, end: int) -> bool:
        """Whether the piece is a word, or several."""
        return end <= len(self._text) and self._boundary(start) and self._boundary(end)

    def _boundary(self, at: int) -> bool:
        if at in (0, len(self._text)):
            return True
        script = script_of(self._text[at])
        if script == OTHER or script != script_of(self._text[at - 1]):
            return True
        return script in (KANJI, HIRAGANA) and self._word_starts_at(at)

    def _word_starts_at(self, at: int) -> bool:
        if self._runs is None:
            self._runs = [run.span() for run in _JAPANESE_RUN.finditer(self._text)]
        start, end = self._runs[bisect_right(self._runs, (at, len(self._text))) - 1]
        # A run without end is cut into blocks, each read with a little of its neighbours.
        block = start + (at - start) // BLOCK * BLOCK
        if block not in self._known:
            left, right = max(start, block - CONTEXT), min(end, block + BLOCK + CONTEXT)
            self._known[block] = frozenset(left + offset for offset in self._starts(self._text[left:right]))
        return at in self._known[block]


Zone = tuple[int, int, str]


def choose(hits: Iterable[Hit], zones: Sequence[Zone], sections: Sequence[int]) -> list[Match]:
    """Decide which hits become links: the first of each term in a section, outside every zone.

    `zones` are spans with the reason why nothing is linked in them, in order and not overlapping; `sections` are
    the places where one begins, in order.
    """
    begins = [zone[0] for zone in zones]
    seen: set[int] = set()
    section = -1
    matches = []
    for hit in hits:
        here = bisect_right(sections, hit.start)
        if here != section:
            section, seen = here, set()
        reason = _zone_at(hit, zones, begins) or ("" if hit.linkable else "never")
        if not reason and seen.issuperset(hit.terms):
            reason = "repeat"
        if not reason:
            seen.update(hit.terms)
        matches.append(Match(hit.start, hit.end, hit.terms, reason))
    return matches


def _zone_at(hit: Hit, zones: Sequence[Zone], begins: Sequence[int]) -> str:
    """The reason of the zone that a hit touches."""
    at = bisect_right(begins, hit.end - 1) - 1
    return zones[at][2] if at >= 0 and zones[at][1] > hit.start else ""
