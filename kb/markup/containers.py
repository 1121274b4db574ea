"""Blocks that hold other blocks: quotes, lists, definitions and footnotes.

Lists follow CommonMark: what is indented as far as the text of an item belongs to it, be that two, three or four
spaces. The library's own lists want four, and take what most people write for one flat list.
"""

from __future__ import annotations

import re
from itertools import islice
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

from kb.markup.lines import (
    CODE_INDENT,
    DEFINITION,
    ITEM,
    NOTE,
    QUOTE,
    RULE,
    Depth,
    Lines,
    first_line,
    indented_content,
    quoted_content,
)

DEEPEST = 28  # levels of quotes and lists, each list counts twice; what nests deeper is text


class _Container(BlockProcessor):
    """Reads its content as blocks again."""

    COUNTS = 1

    def __init__(self, parser: BlockParser, depth: Depth) -> None:
        super().__init__(parser)
        self.depth = depth

    def has_room(self) -> bool:
        return self.depth.level < DEEPEST

    def fill(self, parent: Element, lines: list[str]) -> None:
        self.depth.enter(self.COUNTS)
        self.parser.parseChunk(parent, "\n".join(lines))
        self.depth.leave(self.COUNTS)


class Quote(_Container):
    """`> ` in front of lines."""

    def test(self, parent: Element, block: str) -> bool:
        return self.has_room() and QUOTE.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        content = quoted_content(lines)
        lines.take(content.end)
        self.fill(SubElement(parent, "blockquote"), content.lines)


class List(_Container):
    """Items with bullets, or with numbers."""

    COUNTS = 2

    def test(self, parent: Element, block: str) -> bool:
        return self.has_room() and ITEM.match(first_line(block)) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        items, at, loose = [], 0, False
        kind, start = "", ""
        while item := ITEM.match(lines.get(at) or ""):
            if (kind and item[2][-1] != kind) or (kind and RULE.match(item.string)):
                break
            kind = item[2][-1]
            start = start or item[3] or "1"
            offset, first = _inside(item)
            content = indented_content(lines, at + 1, offset, first, _is_item)
            items.append(content.lines)
            at = lines.after_blanks(content.end)
            following = ITEM.match(lines.get(at) or "")
            apart = at > content.end and following is not None and following[2][-1] == kind
            loose = loose or content.apart or apart
        lines.take(at)
        element = SubElement(parent, "ul" if kind in "-+*" else "ol")
        if int(start) != 1:
            element.set("start", str(int(start)))
        for content_lines in items:
            entry = SubElement(element, "li")
            self.fill(entry, content_lines)
            if not loose:
                unwrap(entry)


def _is_item(line: str, _: str) -> bool:
    return ITEM.match(line) is not None


def _is_definition(line: str, following: str) -> bool:
    """The next meaning, or the next term."""
    return DEFINITION.match(line) is not None or DEFINITION.match(following) is not None


def _is_nothing(_line: str, _following: str) -> bool:
    return False


def _inside(item: re.Match[str]) -> tuple[int, str]:
    """How far the text of an item is indented, and its first line."""
    first = item.string[item.end() :]
    marker = len(item[1]) + len(item[2])
    if not first:
        return marker + 1, ""
    spaces = len(item[4])
    if spaces > CODE_INDENT:  # one space, and code behind it
        return marker + 1, " " * (spaces - 1) + first
    return marker + spaces, first


def unwrap(container: Element) -> None:
    """The text of the paragraphs inside, without the paragraphs."""
    previous: Element | None = None
    for child in list(container):
        if child.tag != "p":
            previous = child
            continue
        container.remove(child)
        if previous is None:
            container.text = f"{container.text}\n{child.text}" if container.text else child.text
        else:
            previous.tail = f"{previous.tail}\n{child.text}" if previous.tail else f"\n{child.text}"


class Definitions(_Container):
    """A line, or several, with `: ` below: terms and what they mean."""

    def test(self, parent: Element, block: str) -> bool:
        return DEFINITION.match(block) is not None and self._terms(parent) is not None

    def _terms(self, parent: Element) -> Element | None:
        return parent[-1] if len(parent) and parent[-1].tag in ("p", "dl") and self.has_room() else None

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        terms = parent[-1]
        if terms.tag == "p":
            parent.remove(terms)
            before = parent[-1] if len(parent) else None
            definitions = before if before is not None and before.tag == "dl" else SubElement(parent, "dl")
            for term in (terms.text or "").split("\n"):
                SubElement(definitions, "dt").text = term.strip()
        else:
            definitions = terms
        at = 0
        while mark := DEFINITION.match(lines.get(at) or ""):
            offset, first = min(mark.end(), CODE_INDENT), mark.string[mark.end() :]
            content = indented_content(lines, at + 1, offset, first, _is_definition)
            meaning = SubElement(definitions, "dd")
            self.fill(meaning, content.lines)
            if not content.apart:
                unwrap(meaning)
            at = lines.after_blanks(content.end)
        lines.take(at)


class Notes(_Container):
    """`[^1]: …`, kept for the end of the page."""

    def __init__(self, parser: BlockParser, depth: Depth) -> None:
        super().__init__(parser, depth)
        self.notes: dict[str, list[str]] = {}

    def test(self, parent: Element, block: str) -> bool:
        return NOTE.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        mark = NOTE.match(lines.get(0) or "")
        if mark is None:
            return
        content = indented_content(lines, 1, CODE_INDENT, mark.string[mark.end() :], _is_nothing)
        lines.take(content.end)
        # A second note of that name is shown too, although nothing can refer to it.
        label = mark[1] if mark[1] not in self.notes else f"{mark[1]} {len(self.notes)}"
        self.notes[label] = content.lines

    def section(self) -> Element | None:
        """All notes in the order they stand in the source; a note may hold notes."""
        if not self.notes:
            return None
        section = Element("section", {"class": "footnote"})
        listed = SubElement(section, "ol")
        waiting = list(self.notes)
        for label in waiting:
            known = len(self.notes)
            self.fill(SubElement(listed, "li", {"id": label}), self.notes[label])
            waiting.extend(islice(self.notes, known, None))
        return section
