"""The lines under a hit: a piece of its text around what was asked for, marked, in the text's own spelling.

Found by regular expression in the text as it is read from the database, so nothing is analysed a second time. Whatever
leaves here is escaped; <mark> is the only element in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import islice

from django.utils.safestring import SafeString, mark_safe

from kb.search.analysis import JA, is_japanese, latin, words
from kb.search.question import Leaf, Question
from kb.text import fold_map

# A snippet's width in half-width columns: about two lines of the page.
WIDTH = 150
BEFORE = 40
# The text is read in pieces of so many characters until it has shown all that was asked for.
PIECE = 8_000
LOOK_ON = 40_000
# How much of all the texts together is read aloud to find which of their words a reading in kana meant.
ALOUD = 4_000
MATCHES = 200
NEIGHBOURS = 12
WHOLE_LEAF = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """A place to mark, in the original text: which leaf it answers and how well."""

    start: int
    end: int
    leaf: int
    weight: int


@dataclass
class Marker:
    """Marks what a question asks for. It learns which words a reading meant, so one is made for each page of hits."""

    question: Question
    _patterns: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    # What every match begins with, for a plain search is much quicker than that of an expression.
    _begins: set[str] = field(default_factory=set)
    _compiled: re.Pattern[str] | None = None
    _aloud: int = 0

    def __post_init__(self) -> None:
        for index, leaf in enumerate(self.question.leaves):
            self._learn_leaf(leaf, index, WHOLE_LEAF)
            for atom in leaf.atoms:
                self._learn_leaf(atom, index, 1)
            for other in leaf.others:
                self._learn_leaf(other.leaf, index, WHOLE_LEAF)

    def _learn_leaf(self, leaf: Leaf, index: int, weight: int) -> None:
        if leaf.run:
            self._learn(leaf.run, index, weight)
            normal = "".join(text for text, _offset in leaf.words)
            if normal and is_japanese(normal[0]):
                self._learn(normal, index, weight)
        elif len(leaf.words) == 1:
            begins = _beginning(leaf.surface, leaf.words[0][0]) or leaf.words[0][0]
            self._add(
                rf"(?<![^\W_{JA}]){re.escape(begins)}[^\W_{JA}]*", begins, leaf.words[0][0], index, weight
            )
        else:
            self._learn(leaf.surface, index, weight)

    def _learn(self, surface: str, index: int, weight: int) -> None:
        self._add(re.escape(surface), surface, "", index, weight)

    def _add(self, pattern: str, begins: str, term: str, index: int, weight: int) -> None:
        self._patterns.setdefault(pattern, (index, weight, term))
        self._begins.add(begins)
        self._compiled = None

    # -------------------------------------------------------------- what comes out
    def title(self, title: str) -> SafeString:
        """A whole line, marked."""
        return _marked(title, 0, len(title), list(self._find(title)))

    def snippet(self, text: str) -> SafeString:
        """The best piece of a text; its beginning when nothing in it can be marked."""
        found = self._scan(text)
        if not found and self._listen(text):
            found = self._scan(text)
        start = _best_start(found)
        start = _at_border(text, start)
        end = _end_of_width(text, start)
        return _marked(text, start, end, found)

    def _scan(self, text: str) -> list[_Found]:
        found: list[_Found] = []
        wanted = set(range(len(self.question.leaves)))
        stop = len(text)
        for start in range(0, len(text), PIECE):
            if start >= stop or len(found) >= MATCHES or not wanted:
                break
            # pieces overlap, so that nothing is cut in two
            for place in islice(self._find(text[start : start + PIECE + WIDTH]), MATCHES):
                found.append(_Found(place.start + start, place.end + start, place.leaf, place.weight))
                if place.weight == WHOLE_LEAF:
                    wanted.discard(place.leaf)
                stop = min(stop, place.start + start + LOOK_ON)
        return found

    def _find(self, text: str) -> Iterator[_Found]:
        if not self._patterns:
            return
        if self._compiled is None:
            best_first = sorted(
                self._patterns, key=lambda pattern: (self._patterns[pattern][1], len(pattern)), reverse=True
            )
            self._compiled = re.compile("|".join(f"({pattern})" for pattern in best_first))
            self._patterns = {pattern: self._patterns[pattern] for pattern in best_first}
        meanings = list(self._patterns.values())
        folded, places = fold_map(text)
        first = min((at for begins in self._begins if (at := folded.find(begins)) >= 0), default=None)
        if first is None:
            return
        for match in self._compiled.finditer(folded, first):
            leaf, weight, term = meanings[(match.lastindex or 1) - 1]
            if term and latin(match.group()) != term:
                continue
            yield _Found(*_unfolded(places, *match.span()), leaf, weight)

    def _listen(self, text: str) -> bool:
        """Whether the beginning of a text has words that read as was typed in kana; they are marked from now on."""
        wanted = {leaf.kana: index for index, leaf in enumerate(self.question.leaves) if leaf.kana}
        if not wanted or self._aloud >= ALOUD:
            return False
        before = len(self._patterns)
        folded = fold_map(text[: ALOUD - self._aloud])[0]
        self._aloud += len(folded)
        run: list[tuple[str, str]] = []
        for word in words(folded):
            run = [*run[-2:], (word.reading, folded[word.start : word.end])] if word.reading else []
            for length in range(1, len(run) + 1):
                reading = "".join(kana for kana, _surface in run[-length:])
                if reading in wanted:
                    self._learn(
                        "".join(surface for _kana, surface in run[-length:]), wanted[reading], WHOLE_LEAF
                    )
        return len(self._patterns) > before


def _unfolded(places: list[int] | None, start: int, end: int) -> tuple[int, int]:
    """A span of the folded text in the original; of a character that became several, the whole character."""
    if places is None:
        return start, end
    last = end
    while last < len(places) - 1 and places[last] == places[end - 1]:
        last += 1
    return places[start], places[last]


def _beginning(typed: str, term: str) -> str:
    """What every word with this stem begins with: studies and study share stud."""
    length = 0
    while length < min(len(typed), len(term)) and typed[length] == term[length]:
        length += 1
    common = typed[:length]
    return common[:-1] if length > 3 and common[-1] in "iey" else common


def _best_start(found: list[_Found]) -> int:
    """Where the window with the most that was asked for begins; the first of equals."""
    best = best_start = last = 0
    for index, first in enumerate(found):
        last = max(last, index)
        while last < len(found) and found[last].start < first.start + WIDTH // 2:
            last += 1
        inside: dict[int, int] = {}
        for place in found[index : min(last, index + NEIGHBOURS)]:
            inside[place.leaf] = max(inside.get(place.leaf, 0), place.weight)
        if sum(inside.values()) > best:
            best, best_start = sum(inside.values()), first.start
    return max(0, best_start - BEFORE)


def _at_border(text: str, start: int) -> int:
    """A start moved on to the beginning of a sentence, a line or a word, if one is near."""
    if start == 0:
        return 0
    window = text[start : start + BEFORE - 10]
    for border in (r"[。！？!?\n]\s*", r"[、，,;:]\s*", r"\s+"):
        match = re.search(border, window)
        if match:
            return start + match.end()
    return start


def _end_of_width(text: str, start: int) -> int:
    columns = 0
    for index in range(start, min(len(text), start + WIDTH)):
        columns += 2 if unicodedata.east_asian_width(text[index]) in "WFA" else 1
        if columns > WIDTH:
            return index
    return min(len(text), start + WIDTH)


def _marked(text: str, start: int, end: int, found: list[_Found]) -> SafeString:
    """The piece from `start` to `end`, escaped, its places marked, white space made one, … where it goes on."""
    pieces: list[str] = ["…"] if start > 0 else []
    at = start
    for place in sorted(found, key=lambda place: (place.start, -place.end)):
        if place.start < at or place.end > end or place.start == place.end:
            continue
        pieces += [_plain(text[at : place.start]), "<mark>", _plain(text[place.start : place.end]), "</mark>"]
        at = place.end
    pieces.append(_plain(text[at:end]))
    if end < len(text.rstrip()):
        pieces.append("…")
    return mark_safe("".join(pieces).strip())  # noqa: S308 - every piece of text went through escape


def _plain(text: str) -> str:
    return escape(re.sub(r"\s+", " ", text))
