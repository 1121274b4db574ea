"""The lines of Markdown as people write them, laid out as Python-Markdown reads them.

Python-Markdown wants lists nested by four spaces and a blank line before most blocks. People write what CommonMark
and GitHub read: lists nested under their text, by two spaces or three, a list or a table right below a sentence,
Markdown inside HTML. So the lines are read once by CommonMark's rules of containers and laid out anew. Code blocks
and HTML are taken out on the way and stand in the text as a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kb.markup.lines import Block, Line, is_wide
from kb.markup.raw_html import HTML_ALONE, HTML_BLOCK, HTML_UNTIL
from kb.markup.tables import is_head, widened_to_fit

DEEPEST = 14  # lists or quotes in each other; what nests deeper than anyone reads is text

_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})(.*)")
_QUOTE = re.compile(r">[ \t]?")
_ITEM = re.compile(r"([-*+]|\d{1,9}[.)])(?:([ \t]+)(.*)|$)")
_CLOSING_MARKS = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_MARK = re.compile(r"^(\d*)([-*+.)])")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
_DEFINITION = re.compile(r":[ \t]")
_FOOTNOTE = re.compile(r"\[\^[^\]\n]+\]:")

Put = Callable[[Block], str]


def laid_out(lines: Sequence[Line], put: Put, depth: int = 0) -> list[str]:
    """The lines for Python-Markdown. `put` gives the mark that stands for a block taken out."""
    return _Layout(lines, put, depth).run()


class _Layout:
    """Reads lines one by one, knowing the list items that are open and whether a paragraph is."""

    def __init__(self, lines: Sequence[Line], put: Put, depth: int) -> None:
        self.lines = list(lines)
        self.put = put
        self.depth = depth
        self.out: list[str] = []
        self.items: list[tuple[int, str]] = []  # where each open item's text begins, and what marks its list
        # The kind of block the last line belongs to, empty after a blank line. Running text is "item" where it
        # began behind the mark of an item, else "text".
        self.previous = ""
        self.begun = 0  # where in `out` the paragraph begins that runs
        self.chunk = 0  # how many items were open where the lines since the last blank one began
        self.endless: set[re.Pattern[str]] = set()  # ends that occur nowhere below
        self.at = 0

    def run(self) -> list[str]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.blank:
                self.out.append("")
                self.previous = ""
                self.at += 1
            else:
                self.container(line)
        return self.out

    @property
    def running(self) -> bool:
        return self.previous in ("text", "item", "definition")

    def container(self, line: Line) -> None:
        """Close the items the line does not belong to, and read on at its place."""
        level = sum(line.indent >= begin for begin, _ in self.items)
        lazy = self.running and level < len(self.items) and not self.interrupts(line, level)
        if lazy:
            level = len(self.items)
        closed = len(self.items) - level
        marker = self.items[level][1] if closed else ""
        del self.items[level:]
        begin = self.items[-1][0] if self.items else 0
        self.block(line.without(line.indent if lazy else begin), closed=bool(closed), marker=marker)

    def interrupts(self, line: Line, level: int) -> bool:
        """Whether the line begins a block of its own, where a sentence could go on."""
        inside = line.without(self.items[level - 1][0] if level else 0)
        if inside.indent >= 4:
            return False
        text = inside.text.strip()
        return bool(
            _FENCE.match(text)
            or text.startswith(">")
            or _HEADING.match(text)
            or _RULE.match(text)
            or (_ITEM.match(text) if level < len(self.items) else self.is_item(text))
            or self.html_end(inside) is not None
        )

    @staticmethod
    def is_item(text: str) -> bool:
        """An item may interrupt a sentence unless it is empty, or numbered from anything but 1."""
        found = _ITEM.match(text)
        return bool(found and found[3] and (not found[1][0].isdigit() or found[1][:-1] == "1"))

    def block(self, line: Line, *, closed: bool = False, marker: str = "") -> None:
        """One block, or one line of one; `line` begins where its container's text does."""
        text = line.text.strip(" \t")
        if line.indent >= 4 and not self.running:
            self.indented(line)
        elif line.indent >= 4:
            self.text(line, closed=closed)
        elif fence := _FENCE.match(line.text.lstrip()):
            self.fenced(line, fence)
        elif text.startswith(">"):
            self.quote(line)
        elif (end := self.html_end(line)) is not None:
            self.html(end)
        elif self.previous == "text" and not closed and _UNDERLINE.match(text):
            self.underlined(1 if text[0] == "=" else 2)
        elif _RULE.match(text):
            self.emit("***", "rule")
        elif heading := _HEADING.match(text):
            self.heading(len(heading[0].rstrip()), _CLOSING_MARKS.sub("", text[heading.end() :].strip()))
        elif self.is_item(text) if self.running and not closed else _ITEM.match(text):
            self.item(line, marker=marker)
        elif self.table_begins(text):
            self.table(text)
        else:
            self.text(line, closed=closed)

    # ------------------------------------------------------------ what goes out

    @property
    def prefix(self) -> str:
        return "    " * len(self.items)

    def part(self) -> None:
        if self.out and self.out[-1]:
            self.out.append("")

    def add(self, text: str) -> None:
        if not self.out or not self.out[-1]:
            self.chunk = len(self.items)
        self.out.append(text)

    def emit(self, text: str, kind: str, *, apart: bool = True) -> None:
        """One line out, a blank one before it where Python-Markdown needs it."""
        if apart:
            self.part()
        self.add(self.prefix + text)
        self.previous = kind
        self.at += 1

    def text(self, line: Line, *, closed: bool) -> None:
        """A line of running text; one that goes on a Japanese sentence joins it."""
        text = line.text.strip(" \t") + _hard_break(line.text)
        new_term = self.previous == "definition" and self.definition_follows()
        if self.running and not closed and not new_term and _joins(self.out[-1], text):
            self.out[-1] += text
            self.at += 1
            return
        goes_on = self.running and not closed
        kind = self.previous if goes_on else "text"
        if _DEFINITION.match(text):
            kind, goes_on = "definition", True
        elif new_term:
            kind, goes_on = "text", False
        if not goes_on or not self.previous:
            self.part()
            self.begun = len(self.out)
        self.emit(text, kind, apart=False)

    def definition_follows(self) -> bool:
        """Whether this line is the next term of a list of definitions."""
        below = self.inside(self.at + 1) if self.at + 1 < len(self.lines) else None
        return below is not None and _DEFINITION.match(below.text.strip()) is not None

    def heading(self, level: int, words: str) -> None:
        if not words.strip():
            self.at += 1
            return
        # Python-Markdown takes every # at the end for a closing mark, as in C#, and a backslash for an escape
        if words.endswith("#") and not words.endswith("\\#"):
            words = words[:-1] + "\\#"
        elif words.endswith("\\"):
            words += "\\"
        self.emit(f"{'#' * level} {words}", "heading")

    def underlined(self, level: int) -> None:
        """The paragraph above is a heading, however many lines it has."""
        words = [row.strip() for row in self.out[self.begun :]]
        del self.out[self.begun :]
        self.heading(level, " ".join(words))

    def indented(self, line: Line) -> None:
        self.emit(line.text, "indented", apart=self.previous != "indented")

    def placed(self, block: Block) -> None:
        """A block taken out, as a paragraph of its mark alone."""
        self.part()
        self.out += [self.prefix + self.put(block), ""]
        self.previous = ""

    # ------------------------------------------------------------ blocks of several lines

    def inside(self, at: int) -> Line | None:
        """The line without its container, or none where the container has ended."""
        begin = self.items[-1][0] if self.items else 0
        line = self.lines[at]
        return line.without(begin) if line.blank or line.indent >= begin else None

    def fenced(self, first: Line, fence: re.Match[str]) -> None:
        mark, start = fence[1], self.at
        content: list[str] = []
        self.at += 1
        while self.at < len(self.lines) and (line := self.inside(self.at)) is not None:
            self.at += 1
            closing = line.text.strip()
            if line.indent < 4 and len(closing) >= len(mark) and not closing.strip(mark[0]):
                break
            content.append(line.without(first.indent).text)
        numbers = range(self.lines[start].number, self.lines[self.at - 1].number + 1)
        text = "\n".join(content) + "\n" if content else ""
        self.placed(Block("code", text, fence[2].strip(), numbers))

    def html_end(self, line: Line) -> int | None:
        """Where the HTML block that begins with this line ends, as an index of lines; none if none begins."""
        text = line.text.lstrip()
        if not text.startswith("<"):
            return None
        for begins, ends in HTML_UNTIL:
            if begins.match(text):
                last = self.find(ends)
                return None if last is None else last + 1
        if HTML_BLOCK.match(text) or (not self.running and HTML_ALONE.match(text)):
            end = self.at
            while end < len(self.lines) and not self.lines[end].blank and self.inside(end) is not None:
                end += 1
            return max(end, self.at + 1)
        return None

    def find(self, ends: re.Pattern[str]) -> int | None:
        """The first line from here on, within the container, that holds the end."""
        if ends in self.endless:
            return None
        for at in range(self.at, len(self.lines)):
            inside = self.inside(at)
            if inside is None:
                return None
            if ends.search(inside.text):
                return at
        self.endless.add(ends)
        return None

    def html(self, end: int) -> None:
        part = [line.text for at in range(self.at, end) if (line := self.inside(at)) is not None]
        numbers = range(self.lines[self.at].number, self.lines[end - 1].number + 1)
        self.at = end
        self.placed(Block("html", "\n".join(part) + "\n", "", numbers))

    def quote(self, first: Line) -> None:
        """All lines of a quote, laid out by themselves; a sentence may go on without its mark."""
        inner: list[Line] = []
        running = False
        while self.at < len(self.lines) and (line := self.inside(self.at)) is not None and not line.blank:
            text = line.text.lstrip()
            if line.indent < 4 and text.startswith(">"):
                inner.append(Line(line.number, _unquoted(text)))
                running = bool(inner[-1].text.strip()) and not _starts_code_or_heading(inner[-1].text)
            elif running and not self.interrupts_quote(text):
                inner.append(Line(line.number, text))
            else:
                break
            self.at += 1
        if self.depth >= DEEPEST:
            words = [line.text.lstrip("> \t") or line.text.strip() for line in inner]
            rows = [word.replace(">", "&gt;") if word.startswith(">") else word for word in words if word]
        else:
            rows = [f"> {row}" if row else ">" for row in _trimmed(laid_out(inner, self.put, self.depth + 1))]
        self.part()
        self.out += [self.prefix + row for row in rows]
        self.out.append("")
        self.previous = ""

    def interrupts_quote(self, text: str) -> bool:
        return bool(_FENCE.match(text) or _HEADING.match(text) or _RULE.match(text) or self.is_item(text))

    def item(self, line: Line, *, marker: str) -> None:
        """The first line of a list item. What is not running text stands below its mark, apart."""
        found = _ITEM.match(line.text.lstrip())
        if found is None or len(self.items) >= DEEPEST:
            self.emit(_MARK.sub(r"\1\\\2", line.text.strip(), count=1), "text", apart=False)
            return
        kind = "1" if found[1][0].isdigit() else found[1]
        begin = self.items[-1][0] if self.items else 0
        spaces = len((found[2] or " ").expandtabs(4))
        width = len(found[1]) + (spaces if spaces <= 4 and found[3] else 1)
        # a plus, since a row of hyphens would underline what is above it
        written = f"{found[1][:-1]}." if kind == "1" else "+"
        goes_on = (
            self.previous in ("", "item", "empty") and marker in ("", kind) and self.chunk <= len(self.items)
        )
        if not goes_on:
            self.part()
        rest = Line(line.number, " " * (spaces - 1) + found[3] if found[3] and spaces > 4 else found[3] or "")
        self.begin_item(begin + line.indent + width, kind, written, rest)

    def begin_item(self, begin: int, kind: str, written: str, rest: Line) -> None:
        mark = f"{self.prefix}{written} "
        apart = not rest.text.strip() or self.stands_apart(rest)
        self.add(mark if apart else mark + rest.text.strip() + _hard_break(rest.text))
        self.items.append((begin, kind))
        if apart:
            if rest.blank:
                self.previous = "empty"
                self.at += 1
                return
            self.out.append("")
            self.previous = ""
            # read the rest of the line as the first line inside the item
            self.lines[self.at] = Line(rest.number, " " * begin + rest.text)
            return
        self.previous = "item"
        self.at += 1

    def stands_apart(self, rest: Line) -> bool:
        text = rest.text.strip()
        return rest.indent >= 4 or bool(
            _FENCE.match(text)
            or text.startswith(">")
            or _HEADING.match(text)
            or _RULE.match(text)
            or _ITEM.match(text)
            or HTML_BLOCK.match(text)
            or self.table_begins(text)
        )

    # ------------------------------------------------------------ tables

    def table_begins(self, text: str) -> bool:
        if "|" not in text or self.at + 1 >= len(self.lines):
            return False
        below = self.inside(self.at + 1)
        return below is not None and below.indent < 4 and is_head(text, below.text)

    def table(self, text: str) -> None:
        """All rows down to a blank line or another block."""
        rows = [text]
        self.at += 1
        while self.at < len(self.lines) and (line := self.inside(self.at)) is not None and not line.blank:
            if len(rows) > 1 and self.interrupts(self.lines[self.at], len(self.items)):
                break
            rows.append(line.text.strip())
            self.at += 1
        self.part()
        self.out += [self.prefix + row for row in widened_to_fit(rows)]
        self.out.append("")
        self.previous = ""


def _unquoted(text: str) -> str:
    found = _QUOTE.match(text)
    inside = text[found.end() :] if found else text
    written = inside.lstrip(" \t")
    return inside[: len(inside) - len(written)].expandtabs(4) + written


def _starts_code_or_heading(text: str) -> bool:
    return bool(text.startswith("    ") or _FENCE.match(text.lstrip()) or _HEADING.match(text.lstrip()))


def _trimmed(rows: list[str]) -> list[str]:
    """Without blank rows at either end."""
    first, last = 0, len(rows)
    while first < last and not rows[first].strip():
        first += 1
    while last > first and not rows[last - 1].strip():
        last -= 1
    return rows[first:last]


def _hard_break(text: str) -> str:
    return "  " if text.endswith("  ") else ""


def _joins(before: str, after: str) -> bool:
    """Whether a line break between the two stands inside a Japanese sentence, where a browser would show a gap."""
    last, first = before.rstrip("*_~`"), after.lstrip("*_~`")
    return bool(last and first and is_wide(last[-1]) and is_wide(first[0]))
