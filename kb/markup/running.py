"""Running text: links, images, marks of footnotes, tags, addresses and line breaks."""

from __future__ import annotations

import re
from collections.abc import Container
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import BacktickInlineProcessor, InlineProcessor
from markdown.util import ETX, HTML_PLACEHOLDER_RE, STX, AtomicString

from kb.markup.blocks import label
from kb.markup.raw_html import WHOLE_TAG, tamed

_BRACKET = re.compile(r"[\[\]]")
_NESTED = r"[^\s()]*+"
for _ in range(3):
    _NESTED = rf"(?:[^\s()]++|\({_NESTED}\))*+"
_DESTINATION = re.compile(
    rf"\(\s*+(?:<([^<>\n]*+)>|(?!<)({_NESTED}))(?:\s++(\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+\s*+\)"
)
_ESCAPED = re.compile(f"{STX}(\\d+){ETX}")
_LABEL = re.compile(r"\[([^\[\]]{0,999})\]")
_LONGEST_LABEL = 999
# A tag or a comment that no backslash stands before, and that is not the address of a link.
_TAG = rf"(?<!\\)(?<!\]\()(?:{WHOLE_TAG.pattern}|<!--(?:[^<-]|<(?!!--)|-(?!->))*+-->)"
WHOLE_ADDRESS = r"(?<!\]\()<((?i:https?://|mailto:|tel:)[^\s<>\x02\x03]+)>"
_ADDRESS = r"(?<![A-Za-z0-9.+-])(?i:https?)://[A-Za-z0-9][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*"

Match = tuple[Element | str | None, int | None, int | None]
NOTHING: Match = (None, None, None)


class _Bracketed(InlineProcessor):
    """What begins with a bracket. Which bracket closes which is worked out once for a text.

    Places are counted from the end, where they stay the same while what stands before is replaced: a search from
    each bracket anew would take minutes for ten thousand of them.
    """

    def __init__(self, pattern: str, md: Markdown) -> None:
        super().__init__(pattern, md)
        self.md: Markdown = md
        self._seen = ""
        self._closing: dict[int, int] = {}

    def closing(self, data: str, opening: int) -> int | None:
        """The place of the bracket that closes this one."""
        if data is not self._seen:
            tail = data[opening:]
            if not (len(self._seen) >= len(tail) and self._seen.endswith(tail)):
                self._closing = _pairs(data)
            self._seen = data
        distance = self._closing.get(len(data) - opening)
        return None if distance is None else len(data) - distance

    def target(self, data: str, text: str, after: int) -> tuple[str, str, int] | None:
        """Address, title and end of a link whose text is followed by `after`."""
        found = _DESTINATION.match(data, after) if data.startswith("(", after) else None
        if found:
            address = found[1] if found[1] is not None else found[2]
            return self.readable(address), self.readable(found[3][1:-1] if found[3] else ""), found.end()
        if not self.md.references:
            return None
        named = _LABEL.match(data, after) if data.startswith("[", after) else None
        name = named[1] if named and named[1].strip() else text
        if len(name) > _LONGEST_LABEL:
            return None
        known = self.md.references.get(label(self.readable(name)))
        return (known[0], known[1], named.end() if named else after) if known else None

    def readable(self, text: str) -> str:
        """With what has been replaced in it so far, since nothing is replaced in an attribute."""
        if STX not in text:
            return text
        stash = self.md.htmlStash.rawHtmlBlocks
        text = HTML_PLACEHOLDER_RE.sub(lambda found: str(stash[int(found[1])]), self.unescape(text))
        return _ESCAPED.sub(lambda found: chr(int(found[1])), text)


def _pairs(data: str) -> dict[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    length = len(data)
    for bracket in _BRACKET.finditer(data):
        if bracket[0] == "[":
            opened.append(length - bracket.start())
        elif opened:
            pairs[opened.pop()] = length - bracket.start()
    return pairs


class Link(_Bracketed):
    """`[text](address "title")`, `[text][name]`, `[name]`, and `[^1]`, which refers to a footnote."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown, notes: Container[str]) -> None:
        super().__init__(r"(?<!!)\[", md)
        self.notes = notes

    def handleMatch(self, m: re.Match[str], data: str) -> Match:  # type: ignore[override] # noqa: N802
        end = self.closing(data, m.start())
        if end is None:
            return NOTHING
        text = data[m.end() : end]
        if text.startswith("^") and text[1:] in self.notes:
            return _note_mark(text[1:]), m.start(), end + 1
        target = self.target(data, text, end + 1)
        if target is None:
            return NOTHING
        element = Element("a", {"href": target[0]})
        if target[1]:
            element.set("title", target[1])
        element.text = text
        return element, m.start(), target[2]


def _note_mark(name: str) -> Element:
    mark = Element("sup")
    SubElement(mark, "a", {"class": "footnote-ref", "href": name})
    return mark


class Image(_Bracketed):
    """`![what it shows](address "title")`, or with a name instead of the address."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"!\[", md)

    def handleMatch(self, m: re.Match[str], data: str) -> Match:  # type: ignore[override] # noqa: N802
        end = self.closing(data, m.end() - 1)
        target = self.target(data, data[m.end() : end], end + 1) if end is not None else None
        if target is None:
            return NOTHING
        element = Element("img", {"src": target[0], "alt": self.readable(data[m.end() : end])})
        if target[1]:
            element.set("title", target[1])
        return element, m.start(), target[2]


class Tag(InlineProcessor):
    """HTML, tamed and put away; so is an `&` behind a backslash, or it would begin an entity after all."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(rf"{_TAG}|(?<!\\)\\&", md)
        self.md: Markdown = md

    def handleMatch(self, m: re.Match[str], data: str) -> Match:  # type: ignore[override] # noqa: N802
        html = "&amp;" if m[0] == "\\&" else tamed(m[0])
        return self.md.htmlStash.store(html), m.start(), m.end()


class CodeSpan(BacktickInlineProcessor):
    """Code between backticks; a line break in it is a space."""

    def handleMatch(self, m: re.Match[str], data: str) -> Match:  # type: ignore[override] # noqa: N802
        element, start, end = super().handleMatch(m, data)
        if isinstance(element, Element) and element.text:
            element.text = AtomicString(element.text.replace("\n", " "))
        return element, start, end


class Address(InlineProcessor):
    """`https://…` up to the first character no address has: 詳細はhttps://example.com/を参照."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self) -> None:
        super().__init__(_ADDRESS)

    def handleMatch(self, m: re.Match[str], data: str) -> Match:  # type: ignore[override] # noqa: N802
        address = _without_closing_marks(m[0])
        element = Element("a", {"href": address.replace("&amp;", "&")})
        element.text = AtomicString(address.replace("&amp;", "&"))
        return element, m.start(), m.start() + len(address)


def _without_closing_marks(address: str) -> str:
    """Without the punctuation of the sentence around it, and brackets it did not open."""
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while end:
        last = address[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in "?!.,:;*_~'(":
            break
        end -= 1
    return address[:end]


class LineBreak(InlineProcessor):
    """Two spaces or a backslash at the end of a line."""

    def __init__(self) -> None:
        super().__init__(r"(?: {2,}|\\)\n")

    def handleMatch(self, m: re.Match[str], data: str) -> Match:  # type: ignore[override] # noqa: N802
        return Element("br"), m.start(), m.end()
