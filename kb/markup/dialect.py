"""The Markdown people write here: Python-Markdown, reading lines by CommonMark's rules, with Japanese in mind.

Beyond plain Markdown: tables, task lists, footnotes, definition lists, strikethrough, callouts (`> [!NOTE]`,
`> [!注意]`), `{#id}` on headings, bare addresses as links, captions (an image alone with a title). `layout` turns the
lines people write into those Python-Markdown expects.
"""

from __future__ import annotations

import re
import string
from functools import cache
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockQuoteProcessor
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import HtmlInlineProcessor, InlineProcessor, SubstituteTagInlineProcessor
from markdown.postprocessors import RawHtmlPostprocessor
from markdown.preprocessors import Preprocessor
from markdown.util import ETX, STX, AtomicString
from pymdownx.saneheaders import SaneHeadersExtension

from kb.markup import additions
from kb.markup.code import highlighted
from kb.markup.layout import laid_out
from kb.markup.lines import Block, source_lines
from kb.markup.raw_html import WHOLE_TAG, tamed

_ADDRESS = r"(?<![A-Za-z0-9.+-])https?://[A-Za-z0-9][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*"
_BACKSLASH_BREAK = r"\\\n"


@cache
def parser() -> Markdown:
    """The one parser of a process."""
    footnotes = FootnoteExtension(
        SEPARATOR="-", BACKLINK_TEXT="↩", BACKLINK_TITLE="", SUPERSCRIPT_TEXT="[{}]"
    )
    md = Markdown(
        extensions=[
            "sane_lists",
            "def_list",
            TableExtension(use_align_attribute=True),
            footnotes,
            SaneHeadersExtension(),
        ],
        output_format="html",
    )
    if md.delimiters:
        md.delimiters.add("~", "s", double=True)
    md.ESCAPED_CHARS = list(string.punctuation)
    # the layout does what these do, by other rules
    md.preprocessors.deregister("normalize_whitespace")
    md.preprocessors.deregister("html_block")
    md.preprocessors.register(_Layout(md), "layout", 30)
    md.parser.blockprocessors.register(_Quote(md.parser), "quote", 20)
    md.inlinePatterns.register(_InlineHtml(f"({WHOLE_TAG}|<!--(?:(?!-->).){0, 2000}-->)", md), "html", 90)
    md.inlinePatterns.register(SubstituteTagInlineProcessor(_BACKSLASH_BREAK, "br"), "backslash_break", 185)
    md.inlinePatterns.register(_BareAddress(_ADDRESS, md), "bare_address", 85)
    md.postprocessors.register(_PutBack(md), "raw_html", 30)
    additions.register(md)
    return md


def html_of(source: str) -> str:
    """The page's HTML; not yet clean."""
    md = parser()
    md.reset()
    return additions.contained_formatting(md.convert(source))


class _Layout(Preprocessor):
    """Lays the lines out; code and HTML are finished here and put back last."""

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines).replace(STX, "").replace(ETX, "")
        return [*laid_out(source_lines(source), self.put), "", ""]

    def put(self, block: Block) -> str:
        if block.kind == "html":
            return self.md.htmlStash.store(tamed(block.text))
        language = block.info.split(maxsplit=1)[:1]
        return self.md.htmlStash.store(highlighted(block.text, language[0] if language else ""))


class _PutBack(RawHtmlPostprocessor):
    """What was taken out comes back as it was; a block that is alone in its paragraph without the paragraph."""

    def isblocklevel(self, html: str) -> bool:
        return True


class _Quote(BlockQuoteProcessor):
    """A quote after a blank line is another quote."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        last = self.lastChild(parent)
        if last is not None and last.tag == "blockquote":
            # a brother between them keeps the two apart; it is empty and goes when the page is cleaned
            SubElement(parent, "wbr")
        super().run(parent, blocks)


class _InlineHtml(HtmlInlineProcessor):
    """HTML inside running text, made harmless to the words around it."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802 - the parser's name
        return (
            self.md.htmlStash.store(tamed(self.backslash_unescape(self.unescape(m.group(1))))),
            m.start(0),
            m.end(0),
        )


class _BareAddress(InlineProcessor):
    """`https://…` in running text, up to the first character no address has: 詳細はhttps://example.com/を参照."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802 - the parser's name
        address = _without_closing_marks(m.group(0))
        link = Element("a", {"href": address})
        link.text = AtomicString(address)
        return link, m.start(0), m.start(0) + len(address)


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
