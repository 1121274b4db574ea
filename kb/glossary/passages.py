"""Takes a page apart into the text a reader sees and the places where no term is linked.

Two readers: clean HTML, whose text is put together across inline tags so that a word's neighbours are known, and
Markdown as written, for people who check a file before it becomes a page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

HEADING, CODE, LINK = "heading", "code", "link"

# What is inside these is left alone, and why. A summary is pressed, so a link in it would be two things at once.
ZONE_OF = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), HEADING),
    **dict.fromkeys(
        ("code", "pre", "kbd", "samp", "svg", "math", "script", "style", "textarea", "rt", "rp"), CODE
    ),
    **dict.fromkeys(("a", "button", "summary", "select", "option"), LINK),
}
HEADINGS = frozenset(tag for tag, zone in ZONE_OF.items() if zone == HEADING)
# Text on both sides of these is one run of words; every other tag parts it.
INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q ruby s samp small span strong sub sup time u var wbr".split()
)

_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


@dataclass
class HtmlText:
    """The text of some HTML and the way back: which span of the text stands where in the HTML."""

    text: str = ""
    zones: list[tuple[int, int, str]] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    _text_at: list[int] = field(default_factory=list)
    _html_at: list[int] = field(default_factory=list)
    _whole: list[bool] = field(default_factory=list)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where in the HTML a span of the text stands; none where a tag runs through it."""
        if bisect_right(self.nodes, start) != bisect_right(self.nodes, end - 1):
            return None
        return self._place(start), self._place(end - 1, last=True)

    def _place(self, at: int, *, last: bool = False) -> int:
        piece = bisect_right(self._text_at, at) - 1
        if self._whole[piece]:
            return self._html_at[piece + 1] if last else self._html_at[piece]
        return self._html_at[piece] + at - self._text_at[piece] + last

    def mark_piece(self, text_at: int, html_at: int, *, whole: bool) -> None:
        """From here on text and HTML run side by side; `whole`: as one piece, an entity, that cannot be cut."""
        self._text_at.append(text_at)
        self._html_at.append(html_at)
        self._whole.append(whole)


class _HtmlReader:
    """Reads clean, well-formed HTML from left to right."""

    def __init__(self) -> None:
        self.page = HtmlText()
        self._parts: list[str] = []
        self._length = 0
        self._open: list[tuple[str, str]] = []
        self._zone_start = 0

    def read(self, html: str) -> HtmlText:
        at = 0
        for tag in _TAG.finditer(html):
            self._words(html, at, tag.start())
            self._tag(tag[2].lower(), closing=bool(tag[1]), empty=tag[0].endswith("/>"))
            at = tag.end()
        self._words(html, at, len(html))
        self._end_zone()
        self.page.text = "".join(self._parts)
        return self.page

    def _words(self, html: str, start: int, end: int) -> None:
        if start == end:
            return
        self.page.nodes.append(self._length)
        at = start
        for entity in _ENTITY.finditer(html, start, end):
            self._piece(html[at : entity.start()], at)
            self._piece(unescape(entity[0]), entity.start(), whole=True)
            at = entity.end()
        self._piece(html[at:end], at)

    def _piece(self, text: str, html_at: int, *, whole: bool = False) -> None:
        # An empty piece is kept after an entity: it says where the entity ends.
        self.page.mark_piece(self._length, html_at, whole=whole)
        self._parts.append(text)
        self._length += len(text)

    def _tag(self, name: str, *, closing: bool, empty: bool) -> None:
        if name not in INLINE:
            self.page.nodes.append(self._length)
            self._piece("\n", 0, whole=True)
        if name not in ZONE_OF or empty:
            return
        if not closing:
            if name in HEADINGS:
                self.page.sections.append(self._length)
            if not self._open:
                self._zone_start = self._length
            self._open.append((name, ZONE_OF[name]))
        elif any(name == opened for opened, _zone in self._open):
            while self._open[-1][0] != name:
                self._open.pop()
            if len(self._open) == 1:
                self._end_zone()
            else:
                self._open.pop()

    def _end_zone(self) -> None:
        if self._open:
            self.page.zones.append((self._zone_start, self._length, self._open[0][1]))
            self._open.clear()


def read_html(html: str) -> HtmlText:
    """The words of clean HTML. Headings, code and links are zones; each heading begins a section."""
    return _HtmlReader().read(html)


@dataclass(frozen=True)
class MarkdownZones:
    """Where no term is linked in a Markdown text as written, with the reason, and where sections begin."""

    zones: list[tuple[int, int, str]]
    sections: list[int]


_LINE = re.compile(r"[^\n]*\n?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*$\r?\n?", re.DOTALL | re.MULTILINE
)
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]+\]:[ \t]*\S+")
_INLINE = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`)[^\n]*?[^`\n](?P=ticks)(?!`))"
    r"|(?P<link>!?\[(?:[^\[\]\n]|\[[^\[\]\n]*\]){0,500}\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\[\]\n]{0,500}\]))"
    r"|(?P<address><?https?://[^\s<>「」、。（）]+>?|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)"
    r"|(?P<html><(?P<name>a|code|pre|kbd|samp|button|summary|script|style|h[1-6])\b[^<>\n]*>)"
    r"|(?P<tag></?[a-zA-Z!][^<>\n]{0,2000}>)"
)


def read_markdown(source: str) -> MarkdownZones:
    """Zones of a Markdown text. A heading, a fence and front matter are whole lines; code, links and addresses are inside lines."""
    zones: list[tuple[int, int, str]] = []
    sections: list[int] = []
    front = _FRONT_MATTER.match(source)
    at = front.end() if front else 0
    if front:
        zones.append((0, at, CODE))
    for start, end, zone in _Blocks(source, at).read():
        if zone:
            zones.append((start, end, zone))
            if zone == HEADING:
                sections.append(start)
        else:
            zones.extend(_inline(source, start, end, sections))
    return MarkdownZones(_without_overlap(zones), sections)


_LIST_ITEM = re.compile(r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)])[ \t]")


class _Blocks:
    """Lines of Markdown and runs of them: (start, end, zone), the zone empty for ordinary text."""

    def __init__(self, source: str, at: int) -> None:
        self._source = source
        self._at = at
        self._text_from = at
        self._fence = ""
        self._fence_at = at
        self._after_blank = True
        self._in_list = False

    def read(self) -> Iterator[tuple[int, int, str]]:
        for line in _LINE.finditer(self._source, self._at):
            words = line[0].rstrip("\r\n")
            if self._fence:
                yield from self._fenced(line, words)
            elif zone := self._zone_of(line, words):
                yield from self._text_until(line.start())
                self._text_from = line.end()
                if not self._fence:
                    yield line.start(), line.end(), zone
            elif not self._after_blank and self._text_from < line.start() and _UNDERLINE.match(words):
                yield from self._underlined(line)
            self._remember(words)
        if self._fence:
            yield self._fence_at, len(self._source), CODE
        else:
            yield from self._text_until(len(self._source))

    def _text_until(self, end: int) -> Iterator[tuple[int, int, str]]:
        if self._text_from < end:
            yield self._text_from, end, ""

    def _fenced(self, line: re.Match[str], words: str) -> Iterator[tuple[int, int, str]]:
        if words.strip(" ").startswith(self._fence) and not words.strip(f" {self._fence[0]}"):
            yield self._fence_at, line.end(), CODE
            self._fence, self._text_from = "", line.end()

    def _zone_of(self, line: re.Match[str], words: str) -> str:
        if found := _FENCE.match(words):
            self._fence, self._fence_at = found[1], line.start()
            return CODE
        if _HEADING.match(words):
            return HEADING
        if _DEFINITION.match(words):
            return LINK
        indented = words.startswith(("    ", "\t")) and bool(words.strip())
        return CODE if indented and self._after_blank and not self._in_list else ""

    def _underlined(self, line: re.Match[str]) -> Iterator[tuple[int, int, str]]:
        """The line above this one is a heading."""
        title = max(self._source.rfind("\n", 0, line.start() - 1) + 1, self._text_from)
        yield from self._text_until(title)
        yield title, line.end(), HEADING
        self._text_from = line.end()

    def _remember(self, words: str) -> None:
        indented = words.startswith((" ", "\t"))
        blank = not words.strip()
        if _LIST_ITEM.match(words):
            self._in_list = True
        elif not blank and not indented:
            self._in_list = False
        # A second indented line of code follows the first without a blank one between.
        self._after_blank = blank or (indented and self._after_blank and not self._in_list)


def _inline(source: str, start: int, end: int, sections: list[int]) -> Iterator[tuple[int, int, str]]:
    """Code, links, addresses and HTML inside ordinary text."""
    at = start
    unclosed: set[str] = set()
    while found := _INLINE.search(source, at, end):
        at = found.end()
        if found["code"]:
            yield found.start(), at, CODE
        elif found["html"]:
            name = found["name"].lower()
            closing = (
                None
                if name in unclosed
                else re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, at, end)
            )
            if closing:
                at = closing.end()
            else:
                unclosed.add(name)
            if ZONE_OF[name] == HEADING:
                sections.append(found.start())
            yield found.start(), at, ZONE_OF[name]
        else:
            yield found.start(), at, CODE if found["tag"] else LINK


def _without_overlap(zones: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """In order; where two overlap the first stands."""
    kept: list[tuple[int, int, str]] = []
    for zone in sorted(zones):
        if not kept or zone[0] >= kept[-1][1]:
            kept.append(zone)
    return kept
