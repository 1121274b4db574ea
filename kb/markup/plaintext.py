"""The plain text of clean HTML: what a reader reads, for the index and for snippets."""

from __future__ import annotations

import html as entities
import re

from kb.markup.cleaning import TAG

_BLOCKS = frozenset(
    "blockquote br caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table"
    " tbody tfoot thead tr ul".split()
)
_CELLS = frozenset(("td", "th", "img"))
_ALT = re.compile(r' alt="([^"]*)"')


def plaintext(html: str) -> str:
    """A line a block, cells of a table on one line; alternative texts are there, marks of footnotes are not.

    Readings above words (ruby) follow the block, so that the word stays whole.
    """
    lines = _Lines()
    done = 0
    for tag in TAG.finditer(html):
        lines.add(html[done : tag.start()])
        lines.meet(closing=bool(tag[1]), name=tag[2], attributes=tag[3])
        done = tag.end()
    lines.add(html[done:])
    lines.end()
    return "\n".join(lines.lines)


class _Lines:
    """Collects words until a block ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._words: list[str] = []
        self._readings: list[str] = []
        self._inside = ""
        self._code = 0

    def add(self, text: str) -> None:
        if not text or self._inside == "nothing":
            return
        if self._inside == "reading":
            self._readings.append(text)
        elif self._code:
            first, *others = text.split("\n")
            self._words.append(first)
            for other in others:
                self.end()
                self._words.append(other)
        else:
            self._words.append(text)

    def meet(self, *, closing: bool, name: str, attributes: str) -> None:
        if name in _BLOCKS:
            self.end()
            if name == "pre":
                self._code += -1 if closing else 1
        elif name in _CELLS:
            alt = _ALT.search(attributes)
            self._words.append(f" {alt[1]} " if alt else " ")
        elif name == "rp" or (name == "a" and ("footnote-" in attributes or self._inside)):
            self._inside = "" if closing else "nothing"
        elif name == "rt":
            self._inside = "" if closing else "reading"

    def end(self) -> None:
        """End the line, if anything stands on it."""
        for parts in (self._words, self._readings):
            line = " ".join(entities.unescape("".join(parts)).split())
            if line:
                self.lines.append(line)
            parts.clear()
