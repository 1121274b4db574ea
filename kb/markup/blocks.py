"""Blocks that hold text: paragraphs, headings, code, tables, raw HTML, and where addresses are kept for later.

Each looks at the first line only. The library's own look for their marks anywhere in a block, and cut paragraphs,
lists and tables where CommonMark does not.
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.util import AtomicString

from kb.markup.code import highlighted
from kb.markup.lines import (
    CODE_INDENT,
    DEFINITION,
    DELIMITERS,
    HEADING,
    RULE,
    UNDERLINE,
    Depth,
    Lines,
    begins_block,
    fence,
    first_line,
    html_end,
    indent,
)
from kb.markup.raw_html import WHOLE_TAG, tamed

RAW = "raw"  # an element that stands for stashed HTML and is gone in the end

_ATTRIBUTES = re.compile(r"[ \t]*\{:?((?:[ \t]*[#.][^\s#.{}]+)+)[ \t]*\}$")
_CELL = re.compile(r"(?<!\\)\|")
_REFERENCE = re.compile(
    r" {0,3}\[(?!\^)((?:[^\[\]\\]|\\.){1,999})\]:[ \t]*+\n?[ \t]*+(?:<([^<>\n]*)>|([^\s<]\S*+))"
    r"(?:(?:[ \t]++\n?|\n)[ \t]*+(\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\([^()]*+\)))?[ \t]*+(?:\n|\Z)"
)
# `[担当]: 佐藤` is no address but something to read.
_LIKE_ADDRESS = re.compile(r"[/#.?]|[A-Za-z][A-Za-z0-9+.-]*:|\S*/|\S*\.[A-Za-z]{2}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def raw(parent: Element, processor: BlockProcessor, markup: str) -> None:
    """Put HTML into the tree that nothing looks into any more."""
    markup = markup.rstrip("\n")
    SubElement(parent, RAW).text = AtomicString(processor.parser.md.htmlStash.store(markup))


class Code(BlockProcessor):
    """Lines between fences."""

    def test(self, parent: Element, block: str) -> bool:
        return fence(first_line(block)) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        opened = fence(lines.get(0) or "")
        at, code = 1, []
        while opened and (line := lines.get(at)) is not None:
            at += 1
            if opened.is_closed_by(line) and indent(line) < CODE_INDENT:
                break
            code.append(line[min(opened.indent, indent(line)) :])
        else:
            while code and not code[-1]:
                code.pop()
        lines.take(at)
        language = html.unescape(opened.info).split(maxsplit=1)[:1] if opened else []
        text = "".join(f"{line}\n" for line in code)
        raw(parent, self, highlighted(text, language[0] if language else ""))


class IndentedCode(BlockProcessor):
    """Lines indented by four spaces."""

    def test(self, parent: Element, block: str) -> bool:
        return block.startswith(" " * CODE_INDENT)

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        end = at = 0
        while (lines.get(at) or "").startswith(" " * CODE_INDENT):
            end = at + 1
            at = lines.after_blanks(end)
        code = "".join(f"{line[CODE_INDENT:]}\n" for line in lines.take(end))
        raw(parent, self, highlighted(code, ""))


class Heading(BlockProcessor):
    """`## ` in front of a line; `{#id}` behind it names the heading."""

    def test(self, parent: Element, block: str) -> bool:
        return HEADING.match(first_line(block)) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        (line,) = Lines(blocks).take(1)
        mark = HEADING.match(line)
        if mark:
            text = line[mark.end() :].strip()
            bare = text.rstrip("#")
            if not bare or bare[-1] in " \t":
                text = bare.rstrip()
            add_heading(parent, len(mark[1]), text)


def add_heading(parent: Element, level: int, text: str) -> None:
    """A heading, called by the id behind its text; classes there are dropped."""
    heading = SubElement(parent, f"h{level}")
    attributes = _ATTRIBUTES.search(text) if text.endswith("}") else None
    if attributes:
        text = text[: attributes.start()]
        names = re.findall(r"#([^\s#.{}]+)", attributes[1])
        if names:
            heading.set("id", names[0])
    heading.text = text


class Rule(BlockProcessor):
    """Three hyphens, stars or underscores."""

    def test(self, parent: Element, block: str) -> bool:
        return RULE.match(first_line(block)) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        Lines(blocks).take(1)
        SubElement(parent, "hr")


class Html(BlockProcessor):
    """HTML up to a blank line, or up to its end where it has one of its own; Markdown goes on behind it."""

    def __init__(self, parser: BlockParser, depth: Depth) -> None:
        super().__init__(parser)
        self.depth = depth

    def test(self, parent: Element, block: str) -> bool:
        line = first_line(block)
        return html_end(line)[0] or ("<" in line[:4] and WHOLE_TAG.fullmatch(line.strip()) is not None)

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        lines = Lines(blocks)
        _, end = html_end(lines.get(0) or "")
        if end and self.depth.is_endless(end):
            lines.take(0)
            return False
        at = 0
        while (line := lines.get(at)) is not None and (end or line):
            at += 1
            if end and end.search(line):
                break
        else:
            if end:  # it never ends: then it is none, or the whole page would be taken for it
                lines.take(0)
                self.depth.found_endless(end)
                return False
        raw(parent, self, tamed("\n".join(lines.take(at))))
        return None


class Table(BlockProcessor):
    """Cells between bars, with a line of hyphens below the first row; no cell of a longer row is lost."""

    def test(self, parent: Element, block: str) -> bool:
        head = first_line(block)
        return "|" in head and begins_table(head, first_line(block[len(head) + 1 :]))

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        head, delimiters = (lines.get(0) or ""), (lines.get(1) or "")
        at = 2
        while (line := lines.get(at)) and not begins_block(line):
            at += 1
        rows = lines.take(at)[2:]
        alignments = [_alignment(cell) for cell in cells(delimiters)]
        table = SubElement(parent, "table")
        _add_row(SubElement(table, "thead"), "th", cells(head), alignments)
        if rows:
            body = SubElement(table, "tbody")
            for row in rows:
                _add_row(body, "td", cells(row), alignments)


def begins_table(head: str, delimiters: str) -> bool:
    """Whether these two lines are the beginning of a table."""
    if "|" not in head or "-" not in delimiters or DELIMITERS.match(delimiters) is None:
        return False
    return len(cells(head)) == len(cells(delimiters))


def cells(row: str) -> list[str]:
    """What stands between the bars of a row."""
    row = row.strip()
    found = [cell.strip().replace("\\|", "|") for cell in _CELL.split(row)]
    first = 1 if row.startswith("|") else 0
    last = len(found) - 1 if len(found) > 1 and not found[-1] else len(found)
    return found[first:last]


def _alignment(delimiter: str) -> str:
    if delimiter.endswith(":"):
        return "align-center" if delimiter.startswith(":") else "align-right"
    return ""


def _add_row(parent: Element, tag: str, texts: list[str], alignments: list[str]) -> None:
    row = SubElement(parent, "tr")
    width = len(alignments)
    for number, text in enumerate(texts + [""] * (width - len(texts))):
        cell = SubElement(row, tag, {"scope": "col"} if tag == "th" else {})
        cell.text = text
        if number < width and alignments[number]:
            cell.set("class", alignments[number])


class Reference(BlockProcessor):
    """`[name]: address`, for links elsewhere."""

    def test(self, parent: Element, block: str) -> bool:
        return block.lstrip(" ").startswith("[")

    def run(self, parent: Element, blocks: list[str]) -> bool:
        found = _REFERENCE.match(blocks[0])
        if found is None or not found[1].strip():
            return False
        address = found[2] if found[2] is not None else found[3]
        if found[2] is None and _LIKE_ADDRESS.match(address) is None:
            return False
        block = blocks.pop(0)
        if rest := block[found.end() :]:
            blocks.insert(0, rest)
        title = _ESCAPED.sub(r"\1", found[4][1:-1]) if found[4] else ""
        self.parser.md.references.setdefault(label(found[1]), (_ESCAPED.sub(r"\1", address), title))
        return True


def label(text: str) -> str:
    """What names of references have in common."""
    return " ".join(_ESCAPED.sub(r"\1", text).split()).casefold()


class Paragraph(BlockProcessor):
    """What is nothing else, up to a blank line or the next block; a heading if it is underlined."""

    def test(self, parent: Element, block: str) -> bool:
        return True

    def run(self, parent: Element, blocks: list[str]) -> None:
        lines = Lines(blocks)
        at = 1
        while line := lines.get(at):
            if UNDERLINE.match(line):
                text = "\n".join(line.strip() for line in lines.take(at + 1)[:at])
                add_heading(parent, 1 if "=" in line else 2, text)
                return
            if begins_block(line) or DEFINITION.match(line) or begins_table(line, lines.get(at + 1) or ""):
                break
            at += 1
        text = "\n".join(line.lstrip() for line in lines.take(at)).rstrip()
        if text:
            SubElement(parent, "p").text = text
