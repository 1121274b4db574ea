"""How a line of Markdown is recognised: which block it begins, and what belongs to the block it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

CODE_INDENT = 4

HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+|(?:\*[ \t]*+){3,}+)$")
FENCE = re.compile(r"( {0,3})(?:(`{3,})([^`]*)|(~{3,})(.*))$")
QUOTE = re.compile(r" {0,3}> ?")
ITEM = re.compile(r"( {0,3})([-+*]|(\d{1,9})[.)])( +|$)")
NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,100})\]:[ \t]*")
DEFINITION = re.compile(r" {0,3}:[ \t]+(?=\S)")
DELIMITERS = re.compile(r" {0,3}\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*$")
_MARKS = re.compile(r"(?: {0,3}>[ ]?| {0,3}(?:[-+*]|\d{1,9}[.)]) +)*+")

_HTML_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset"
    "|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav"
    "|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)


def _html(beginning: str) -> re.Pattern[str]:
    return re.compile(" {0,3}" + beginning, re.IGNORECASE)


# Where HTML begins, and what ends it: None is a blank line.
_HTML = (
    (_html(r"<(?:script|pre|style|textarea)(?=[\s>]|$)"), re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)),
    (_html("<!--"), re.compile("-->")),
    (_html(r"<\?"), re.compile(r"\?>")),
    (_html(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (_html(r"<![A-Za-z]"), re.compile(">")),
    (_html(rf"</?(?:{_HTML_NAMES})(?=\s|/?>|$)"), None),
)  # fmt: skip
_INTERRUPTING = frozenset("#>-+*_=`~<[123456789")


class Depth:
    """How deep the block being read stands, and which ends of HTML are known not to come any more."""

    def __init__(self) -> None:
        self.level = 0
        self._endless: dict[str, int] = {}

    def enter(self, levels: int) -> None:
        self.level += levels

    def leave(self, levels: int) -> None:
        """What does not come inside a container may come behind it."""
        self.level -= levels
        self._endless = {end: level for end, level in self._endless.items() if level <= self.level}

    def is_endless(self, end: re.Pattern[str]) -> bool:
        """Whether the end has been looked for in vain: looking again for each of ten thousand beginnings takes long."""
        return end.pattern in self._endless

    def found_endless(self, end: re.Pattern[str]) -> None:
        self._endless.setdefault(end.pattern, self.level)

    def reset(self) -> None:
        """For the next page."""
        self.level = 0
        self._endless.clear()


class Lines:
    """The lines of the blocks ahead, read as far as somebody looks.

    The library cuts a text into blocks at its blank lines; what is made of several is put together again here.
    """

    def __init__(self, blocks: list[str]) -> None:
        self._blocks = blocks
        self._block = blocks.pop(0)
        self._read = 0  # how far into the block; -1 when it is used up
        self._lines: list[str] = []

    def get(self, at: int) -> str | None:
        """The line at this place; None behind the last."""
        while at >= len(self._lines):
            if self._read < 0:
                if not self._blocks:
                    return None
                self._block, self._read = self._blocks.pop(0), 0
                self._lines.append("")
                continue
            end = self._block.find("\n", self._read)
            self._lines.append(self._block[self._read : end] if end >= 0 else self._block[self._read :])
            self._read = end + 1 or -1
        return self._lines[at]

    def after_blanks(self, at: int) -> int:
        """The place of the next line with something on it, or behind the last."""
        while self.get(at) == "":
            at += 1
        return at

    def take(self, count: int) -> list[str]:
        """The first lines; the others stay ahead."""
        self.get(count - 1)
        rest = self._lines[count:]
        if self._read >= 0:
            rest.append(self._block[self._read :])
        if rest:
            self._blocks[0:0] = "\n".join(rest).split("\n\n")
        return self._lines[:count]


def first_line(block: str) -> str:
    """Everything before the first line break."""
    end = block.find("\n")
    return block if end < 0 else block[:end]


@dataclass(frozen=True, slots=True)
class Fence:
    """An opened block of code: how far it is indented, its mark, and the language behind it."""

    indent: int
    mark: str
    info: str

    def is_closed_by(self, line: str) -> bool:
        """Whether the line is as long a mark, with nothing behind it."""
        bare = line.strip()
        return len(bare) >= len(self.mark) and not bare.strip(self.mark[0])


def fence(line: str) -> Fence | None:
    """The block of code the line opens."""
    found = FENCE.match(line)
    if found is None:
        return None
    return Fence(len(found[1]), found[2] or found[4], (found[3] or found[5] or "").strip())


def html_end(line: str) -> tuple[bool, re.Pattern[str] | None]:
    """Whether the line begins HTML that may stand directly behind a paragraph, and what ends it."""
    if "<" in line[:4]:
        for start, end in _HTML:
            if start.match(line):
                return True, end
    return False, None


def indent(line: str) -> int:
    """The spaces in front."""
    return len(line) - len(line.lstrip(" "))


def begins_block(line: str) -> bool:
    """Whether the line ends the paragraph before it."""
    if line.lstrip(" ")[:1] not in _INTERRUPTING or indent(line) >= CODE_INDENT:
        return False
    if HEADING.match(line) or RULE.match(line) or QUOTE.match(line) or FENCE.match(line) or NOTE.match(line):
        return True
    item = ITEM.match(line)
    if item:
        # "1998." at the start of a line is a year in a sentence, not the 1998th item.
        return item.end() < len(line) and item[3] in (None, "1")
    return html_end(line)[0]


class _Tail:
    """What the lines read so far end in."""

    def __init__(self) -> None:
        self.fence: Fence | None = None
        self.paragraph = False

    def read(self, line: str) -> None:
        marks = _MARKS.match(line)
        inner = line[marks.end() :] if marks else line
        if self.fence:
            if self.fence.is_closed_by(inner):
                self.fence = None
            return
        self.fence = fence(inner.lstrip(" "))
        self.paragraph = bool(inner) and (self.paragraph or indent(inner) < CODE_INDENT)
        if self.fence or HEADING.match(inner) or RULE.match(inner):
            self.paragraph = False


@dataclass(slots=True)
class Content:
    """The lines inside a container, without its indentation.

    `apart` says that blank lines stand between them, not counting those inside a list or a block of code in there.
    """

    lines: list[str]
    end: int
    apart: bool = False


def indented_content(
    lines: Lines, at: int, offset: int, first: str, stops: Callable[[str, str], object]
) -> Content:
    """What belongs to a container that begins with `first`: the lines indented by `offset`, and lazy ones.

    A line is lazy that goes on with the paragraph inside although it is not indented; `stops` tells by the line and
    the one after it what does not.
    """
    content = Content([first], at)
    tail = _Tail()
    tail.read(first)
    while (line := lines.get(at)) is not None:
        if not line:
            ahead = lines.after_blanks(at)
            following = lines.get(ahead)
            if following is None or indent(following) < offset or (not first and len(content.lines) == 1):
                break
            if tail.fence is None and _is_apart(content.lines, following[offset:]):
                content.apart = True
            content.lines += [""] * (ahead - at)
            tail.paragraph = False
            at = ahead
            continue
        if indent(line) >= offset:
            line = line[offset:]
        elif not tail.paragraph or begins_block(line) or stops(line, lines.get(at + 1) or ""):
            break
        content.lines.append(line)
        tail.read(line)
        at += 1
        content.end = at
    return content


def _is_apart(before: list[str], following: str) -> bool:
    """Whether the blank line is between two blocks of the container, not inside a list there."""
    for line in reversed(before):
        item = ITEM.match(line)
        if item or (line and line[0] != " "):
            return item is None or (indent(following) < item.end() and ITEM.match(following) is None)
    return True


def quoted_content(lines: Lines) -> Content:
    """The lines of a quote without their marks."""
    content = Content([], 0)
    tail = _Tail()
    while line := lines.get(content.end):
        mark = QUOTE.match(line)
        if mark:
            line = line[mark.end() :]
        elif not tail.paragraph or begins_block(line):
            break
        line = line if line.strip() else ""
        content.lines.append(line)
        tail.read(line)
        content.end += 1
    return content
