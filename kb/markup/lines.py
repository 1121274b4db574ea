"""Lines of a source, and the blocks taken out of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source, `number` counted from 0."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    def without(self, columns: int) -> Line:
        """Moved left, as far as there are spaces."""
        return Line(self.number, self.text[min(columns, self.indent) :])


@dataclass(frozen=True, slots=True)
class Block:
    """A code or HTML block taken out of the text; `lines` are its source lines, `info` what follows a fence."""

    kind: Literal["code", "html"]
    text: str
    info: str
    lines: range


def source_lines(source: str) -> list[Line]:
    """The lines, tabs before their text as spaces."""
    lines: list[Line] = []
    for number, text in enumerate(source.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        written = text.lstrip(" \t")
        before = text[: len(text) - len(written)]
        lines.append(Line(number, before.expandtabs(4) + written if "\t" in before else text))
    return lines


def is_wide(character: str) -> bool:
    """Whether it is written without spaces around it: kana, kanji and their punctuation, not Hangul."""
    return unicodedata.east_asian_width(character) in "WFH" and not "\uac00" <= character <= "\ud7a3"
