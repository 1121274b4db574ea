"""The Markdown people write here: Python-Markdown with blocks read as CommonMark does, and Japanese in mind.

Lists nested by two or three spaces, which is how most people write them, keep their levels. Beyond that: tables,
task lists, footnotes, definition lists, strikethrough, callouts (`> [!NOTE]`, `> [!注意]`), `{#id}` on headings,
bare addresses as links, captions (an image alone with a title). Emphasis works beside kana and kanji, and a line
broken inside a Japanese sentence leaves no gap. What nests deeper than anyone reads becomes text, and no cell of
a table is dropped.
"""

from __future__ import annotations

import re
from functools import cache

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import BACKTICK_RE, AutolinkInlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.util import HTML_PLACEHOLDER

from kb.markup import additions, blocks, containers, running
from kb.markup.emphasis import Emphasis
from kb.markup.lines import Depth, fence

_PLACEHOLDER = HTML_PLACEHOLDER % r"(\d+)"
_STASHED = re.compile(f"<{blocks.RAW}>{_PLACEHOLDER}</{blocks.RAW}>|{_PLACEHOLDER}")
# The library marks what it has put away with these two; nobody else may.
_MARKS = re.compile("[\x00\x02\x03]")
_QUOTED = re.compile("[> ]*")


@cache
def parser() -> Markdown:
    """The one parser of a process."""
    return Markdown(extensions=[Dialect()], output_format="html")


def html_of(source: str) -> str:
    """Markdown as HTML that is not clean yet."""
    return parser().reset().convert(source)


class Dialect(Extension):
    """Puts our rules in the place of the library's."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.registerExtension(self)
        md.ESCAPED_CHARS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
        md.block_level_elements = [*md.block_level_elements, blocks.RAW]
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(Whitespace(md), "normalize_whitespace", 30)
        self._depth = Depth()
        self._notes = containers.Notes(md.parser, self._depth)
        self._read_blocks(md)
        self._read_running_text(md)
        self._change_tree(md)
        md.postprocessors.register(Stashed(md), "raw_html", 30)

    def reset(self) -> None:
        """Forget the last page."""
        self._depth.reset()
        self._notes.notes.clear()

    def _read_blocks(self, md: Markdown) -> None:
        registry = md.parser.blockprocessors
        for name in ("indent", "hashheader", "setextheader"):
            registry.deregister(name)
        for name, priority, block in (
            ("code", 90, blocks.IndentedCode(md.parser)),
            ("fence", 85, blocks.Code(md.parser)),
            ("heading", 80, blocks.Heading(md.parser)),
            ("hr", 75, blocks.Rule(md.parser)),
            ("quote", 70, containers.Quote(md.parser, self._depth)),
            ("note", 65, self._notes),
            ("html", 60, blocks.Html(md.parser, self._depth)),
            ("table", 55, blocks.Table(md.parser)),
            ("ulist", 50, containers.List(md.parser, self._depth)),
            ("definition", 40, containers.Definitions(md.parser, self._depth)),
            ("reference", 30, blocks.Reference(md.parser)),
            ("paragraph", 10, blocks.Paragraph(md.parser)),
        ):
            registry.register(block, name, priority)
        registry.deregister("olist")

    def _read_running_text(self, md: Markdown) -> None:
        registry = md.inlinePatterns
        for name in ("reference", "image_reference", "short_reference", "short_image_ref", "em_strong"):
            registry.deregister(name)
        for name, priority, pattern in (
            ("backtick", 190, running.CodeSpan(BACKTICK_RE)),
            ("html", 186, running.Tag(md)),
            ("escape", 180, registry["escape"]),
            ("link", 160, running.Link(md, self._notes.notes)),
            ("image_link", 150, running.Image(md)),
            ("linebreak", 100, running.LineBreak()),
            ("address", 85, running.Address()),
            ("emphasis", 60, Emphasis()),
        ):
            registry.register(pattern, name, priority)
        registry.register(AutolinkInlineProcessor(running.WHOLE_ADDRESS, md), "autolink", 188)
        registry.register(registry["automail"], "automail", 187)

    def _change_tree(self, md: Markdown) -> None:
        # Running text is read at 20, line breaks between tags come at 10.
        md.treeprocessors.register(additions.NoteSection(md, self._notes), "note_section", 60)
        md.treeprocessors.register(additions.Callouts(md), "callouts", 55)
        md.treeprocessors.register(additions.Tasks(md), "tasks", 50)
        md.treeprocessors.register(additions.NoteNumbers(md), "note_numbers", 18)
        md.treeprocessors.register(additions.ContainedFormatting(md), "contained_formatting", 16)
        md.treeprocessors.register(additions.Captions(md), "captions", 5)


class Whitespace(Preprocessor):
    """One kind of line break, no spaces on blank lines, and spaces for tabs but in code between fences."""

    def run(self, lines: list[str]) -> list[str]:
        source = _MARKS.sub("", "\n".join(lines)).replace("\r\n", "\n").replace("\r", "\n")
        spaced: list[str] = []
        opened = None
        for line in source.split("\n"):
            marks = _QUOTED.match(line)
            inner = line[marks.end() :] if marks else line
            if opened:
                opened = None if opened.is_closed_by(inner) else opened
            else:
                opened = fence(inner)
                line = line.expandtabs(4)  # noqa: PLW2901 - the same line
            spaced.append(line if line.strip(" \t") else "")
        return spaced


class Stashed(Postprocessor):
    """Puts back what was put away, once: what is put back is not looked through again."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.md: Markdown = md

    def run(self, text: str) -> str:
        stash = self.md.htmlStash.rawHtmlBlocks
        return _STASHED.sub(lambda found: str(stash[int(found[1] or found[2])]), text)
