"""Emphasis as CommonMark pairs it, beside Japanese too.

The library's own loses letters: of `*a**b*c**` it drops the c. CommonMark in turn wants a space or punctuation
outside `**「初回」**は`; Japanese has none, so that there a wide character does as well.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX

Match = tuple[Element | None, int | None, int | None]

_PUT_AWAY = (STX, ETX)  # what stands for a tag, a link or code that has been read already
_DEEPEST = 30  # emphasis inside emphasis; what is deeper keeps its marks
_RUN = re.compile(r"\*+|_+|~+")
_TAGS = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong", ("~", 2): "s"}


def is_wide(character: str) -> bool:
    """Whether it is written without spaces around it: kana, kanji and their punctuation, not Hangul."""
    return unicodedata.east_asian_width(character) in "WFH" and not "\uac00" <= character <= "\ud7a3"


@dataclass(slots=True)
class _Run:
    """Marks of one kind in a row; those that are paired are cut off, an opening run at its end."""

    start: int
    length: int
    mark: str
    opens: bool
    closes: bool
    whole: int


@dataclass(frozen=True, slots=True, order=True)
class _Pair:
    start: int
    inner_start: int
    inner_end: int
    end: int
    tag: str


def _run(data: str, found: re.Match[str]) -> _Run:
    before = data[found.start() - 1] if found.start() else " "
    after = data[found.end()] if found.end() < len(data) else " "
    mark, length = found[0][0], len(found[0])
    punctuated_before, punctuated_after = _is_punctuation(before), _is_punctuation(after)
    left = not after.isspace() and (not punctuated_after or before.isspace() or punctuated_before)
    right = not before.isspace() and (not punctuated_before or after.isspace() or punctuated_after)
    if mark == "_":
        opens, closes = left and (not right or punctuated_before), right and (not left or punctuated_after)
    else:
        wide = is_wide(before) or is_wide(after) or before in _PUT_AWAY or after in _PUT_AWAY
        opens = not after.isspace() and (left or wide)
        closes = not before.isspace() and (right or wide)
    if mark == "~" and length != 2:  # 3~5日
        opens = closes = False
    return _Run(found.start(), length, mark, opens, closes, length)


def _is_punctuation(character: str) -> bool:
    return character in _PUT_AWAY or unicodedata.category(character)[0] in "PS"


def _pairs(data: str) -> list[_Pair]:
    """Which marks belong together. Opened runs wait on a stack; one that closes takes the nearest that fits."""
    pairs: list[_Pair] = []
    waiting: list[_Run] = []
    hopeless: dict[tuple[str, bool, int], int] = {}  # how much of the stack has been searched in vain
    for found in _RUN.finditer(data):
        run = _run(data, found)
        kind = (run.mark, run.opens, run.whole % 3)
        while run.closes and run.length:
            place = _opening(waiting, run, min(hopeless.get(kind, 0), len(waiting)))
            if place is None:
                hopeless[kind] = len(waiting)
                break
            opened = waiting[place]
            del waiting[place + 1 :]
            size = 2 if run.length >= 2 and opened.length >= 2 else 1
            inner = opened.start + opened.length
            pairs.append(_Pair(inner - size, inner, run.start, run.start + size, _TAGS[run.mark, size]))
            opened.length -= size
            run.start, run.length = run.start + size, run.length - size
            if not opened.length:
                waiting.pop()
            hopeless = {key: min(height, len(waiting)) for key, height in hopeless.items()}
        if run.opens and run.length:
            waiting.append(run)
    return pairs


def _opening(waiting: list[_Run], closing: _Run, bottom: int) -> int | None:
    for place in range(len(waiting) - 1, bottom - 1, -1):
        opened = waiting[place]
        if opened.mark != closing.mark:
            continue
        # CommonMark's rule of three: of `*foo**bar*` the middle does not close what the first one opens.
        both = opened.closes or closing.opens
        if both and (opened.whole + closing.whole) % 3 == 0 and opened.whole % 3:
            continue
        return place
    return None


@dataclass(slots=True)
class _Open:
    element: Element
    pair: _Pair
    read: int

    def add(self, text: str) -> None:
        if not text:
            return
        if len(self.element):
            self.element[-1].tail = f"{self.element[-1].tail or ''}{text}"
        else:
            self.element.text = f"{self.element.text or ''}{text}"


def _elements(data: str) -> dict[int, tuple[Element, int]]:
    """The outermost emphasis by where it begins, and where it ends; the rest is inside."""
    outermost: dict[int, tuple[Element, int]] = {}
    around: list[_Open] = []

    def leave(until: int) -> None:
        while around and until >= around[-1].pair.end:
            left = around.pop()
            left.add(data[left.read : left.pair.inner_end])

    for pair in sorted(_pairs(data)):
        leave(pair.start)
        if len(around) >= _DEEPEST:
            continue
        element = Element(pair.tag)
        if around:
            around[-1].add(data[around[-1].read : pair.start])
            around[-1].element.append(element)
            around[-1].read = pair.end
        else:
            outermost[pair.start] = (element, pair.end)
        around.append(_Open(element, pair, pair.inner_start))
    leave(len(data))
    return outermost


class Emphasis(InlineProcessor):
    """Stars, underscores and tildes. All of a text are paired at once; places are counted from its end, where they
    stay the same while what stands before is replaced."""

    def __init__(self) -> None:
        super().__init__("[*_~]")
        self._seen = ""
        self._found: dict[int, tuple[Element, int]] = {}

    def handleMatch(self, m: re.Match[str], data: str) -> Match:  # type: ignore[override] # noqa: N802
        if data is not self._seen:
            rest = data[m.start() :]
            if not (self._found and len(self._seen) >= len(rest) and self._seen.endswith(rest)):
                self._found = {
                    len(data) - start: (element, len(data) - end)
                    for start, (element, end) in _elements(data).items()
                }
            self._seen = data
        found = self._found.pop(len(data) - m.start(), None)
        return (found[0], m.start(), len(data) - found[1]) if found else (None, None, None)
