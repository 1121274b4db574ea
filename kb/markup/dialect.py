"""The Markdown people write here: CommonMark and GitHub's additions, with Japanese in mind.

markdown-it-py rather than Python-Markdown: lists nested by two or three spaces, which is how most people write
them, keep their levels, and no input of 40 kB takes seconds. Beyond CommonMark: tables, task lists, footnotes,
definition lists, strikethrough, callouts (`> [!NOTE]`, `> [!注意]`), `{#id}` on headings, bare addresses as links,
captions (an image alone with a title). Emphasis works beside kana and kanji, and a line broken inside a Japanese
sentence leaves no gap. What nests deeper than anyone reads becomes text, and no cell of a table is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from kb.markup import additions
from kb.markup.code import highlighted
from kb.markup.raw_html import tamed

DEEPEST = (
    28  # levels of lists and quotes; each list counts twice. The parser drops what stands at its own limit
)

_ADDRESS = re.compile(r"://[A-Za-z0-9][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*")
_SCHEME = re.compile(r"(?:^|[^A-Za-z0-9.+-])(https?)$", re.IGNORECASE)


@cache
def parser() -> MarkdownIt:
    """The one parser of a process."""
    md = MarkdownIt(renderer_cls=_Renderer)
    md.inline = _Inline()
    md.configure("commonmark", {"html": True, "tasklists": True, "maxNesting": DEEPEST + 4})
    md.enable(["table", "strikethrough"])
    md.inline.ruler.before("linkify", "bare_address", _bare_address)
    md.use(deflist_plugin).use(footnote_plugin)
    for name in ("blockquote", "list", "deflist", "footnote_def"):
        _limit_depth(md, name)
    for name in ("link", "image", "footnote_inline"):
        _need_bracket(md, name)
    md.block.ruler.at("table", _whole_table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.before("inline", "heading_attributes", additions.heading_attributes)
    md.core.ruler.before("inline", "callouts", additions.callouts)
    md.core.ruler.before("footnote_tail", "unreferenced_footnotes", additions.unreferenced_footnotes)
    md.core.ruler.push("contained_formatting", additions.contained_formatting)
    md.core.ruler.push("task_labels", additions.task_labels)
    md.core.ruler.push("captions", additions.captions)
    for name in _Renderer.FOOTNOTES:
        md.add_render_rule(name, getattr(_Renderer, f"show_{name}"))
    return md


def blocks(source: str) -> list[Token]:
    """The blocks of Markdown with the lines they stand on (`map`); running text is left as it is."""
    tokens: list[Token] = []
    parser().block.parse(source, parser(), {}, tokens)
    return tokens


def words(line: str) -> str:
    """Running text without its markup."""
    (inline,) = parser().parseInline(line)
    children = [token for token in inline.children or [] if token.type != "html_inline"]
    return " ".join(parser().renderer.renderInlineAsText(children, parser().options, {}).split())  # type: ignore[attr-defined]


def is_wide(character: str) -> bool:
    """Whether it is written without spaces around it: kana, kanji and their punctuation, not Hangul."""
    return unicodedata.east_asian_width(character) in "WFH" and not "\uac00" <= character <= "\ud7a3"


class _JapaneseState(StateInline):
    """Where emphasis may begin and end.

    CommonMark wants a space or punctuation outside `**「初回」**は`; Japanese has none, so that there a wide
    character does as well.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - the parser's names
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        if not canSplitWord or start == 0 or end >= self.posMax:
            return scanned
        before, after = self.src[start - 1], self.src[end]
        can_open = scanned.can_open or (is_wide(before) and not after.isspace())
        can_close = scanned.can_close or (is_wide(after) and not before.isspace())
        return Scanned(can_open, can_close, scanned.length)


class _Inline(ParserInline):
    """The parser of running text, on `_JapaneseState`."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _JapaneseState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _bare_address(state: StateInline, silent: bool) -> bool:
    """`https://…` in running text, up to the first character no address has: 詳細はhttps://example.com/を参照."""
    if silent or state.linkLevel > 0 or state.src[state.pos] != ":":
        return False
    address = _ADDRESS.match(state.src, state.pos)
    scheme = _SCHEME.search(state.pending[-6:])
    if address is None or scheme is None:
        return False
    rest = _without_closing_marks(address[0])
    url = scheme[1] + rest
    href = state.md.normalizeLink(url)
    if not state.md.validateLink(href):
        return False
    state.pending = state.pending[: -len(scheme[1])]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


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


def _need_bracket(md: MarkdownIt, name: str) -> None:
    """Skip the rule where no `]` follows; it would look for one up to the end, for each of ten thousand `[`."""
    rule = next(rule.fn for rule in md.inline.ruler.__rules__ if rule.name == name)

    def guarded(state: StateInline, silent: bool) -> bool:
        return state.html_terminator_last("]") > state.pos and rule(state, silent)

    md.inline.ruler.at(name, guarded)


def _rule(md: MarkdownIt, name: str) -> tuple[RuleFuncBlockType, list[str]]:
    found = next(rule for rule in md.block.ruler.__rules__ if rule.name == name)
    return found.fn, found.alt


def _limit_depth(md: MarkdownIt, name: str) -> None:
    """Below `DEEPEST` the rule no longer applies: what would nest is text. The parser itself would drop it."""
    rule, alt = _rule(md, name)

    def limited(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start, end, silent)

    md.block.ruler.at(name, limited, {"alt": alt})


_TABLE_RULE = _rule(MarkdownIt(), "table")[0]


def _whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table whose rows may be longer than its head; the parser's own rule drops the surplus cells."""
    first = len(state.tokens)
    if not _TABLE_RULE(state, start, end, silent):
        return False
    if silent:
        return True
    whole: list[Token] = []
    width = sum(token.type == "th_open" for token in state.tokens[first:])
    line = 0
    for token in state.tokens[first:]:
        if token.type == "tr_open" and token.map:
            line = token.map[0]
        elif token.type == "tr_close" and line > start:
            for text in _cells(state, line)[width:]:
                whole += _cell(text, line, token.level + 1)
        whole.append(token)
    state.tokens[first:] = whole
    return True


def _cells(state: StateBlock, line: int) -> list[str]:
    cells = escapedSplit(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip())
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return cells


def _cell(text: str, line: int, level: int) -> list[Token]:
    inline = Token("inline", "", 0, content=text.strip(), children=[], map=[line, line + 1], level=level + 1)
    return [Token("td_open", "td", 1, level=level), inline, Token("td_close", "td", -1, level=level)]


class _Renderer(RendererHTML):
    """Tokens to HTML; not yet clean."""

    FOOTNOTES = (
        "footnote_ref",
        "footnote_block_open",
        "footnote_block_close",
        "footnote_open",
        "footnote_close",
        "footnote_anchor",
    )

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Nothing between two Japanese characters: a browser would show a space."""
        before = next(
            (token.content for token in reversed(tokens[max(0, idx - 4) : idx]) if token.content), ""
        )
        after = next((token.content for token in tokens[idx + 1 : idx + 5] if token.content), "")
        return "" if before and after and is_wide(before[-1]) and is_wide(after[0]) else "\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        language = tokens[idx].info.split(maxsplit=1)[:1]
        return highlighted(tokens[idx].content, language[0] if language else "")

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return highlighted(tokens[idx].content, "")

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return tamed(tokens[idx].content)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return tamed(tokens[idx].content)

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tokens[idx].attrSet("scope", "col")
        return self.td_open(tokens, idx, options, env)

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        alignment = str(tokens[idx].attrs.pop("style", "")).removeprefix("text-align:")
        if alignment in ("right", "center"):
            tokens[idx].attrSet("class", f"align-{alignment}")
        return self.renderToken(tokens, idx, options, env)

    def show_footnote_ref(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        number, again = tokens[idx].meta["id"] + 1, tokens[idx].meta.get("subId", 0)
        place = f"fnref-{number}-{again + 1}" if again else f"fnref-{number}"
        return f'<sup><a class="footnote-ref" href="#fn-{number}" id="{place}">[{number}]</a></sup>'

    def show_footnote_block_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<section class="footnote"><ol>\n'

    def show_footnote_block_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</ol></section>\n"

    def show_footnote_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f'<li id="fn-{tokens[idx].meta["id"] + 1}">'

    def show_footnote_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</li>\n"

    def show_footnote_anchor(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The way back, for each place that refers to the note; none for a note nothing refers to."""
        number, again = tokens[idx].meta["id"] + 1, tokens[idx].meta.get("subId", 0)
        if env["footnotes"]["list"][number - 1].get("count", 1) == 0:
            return ""
        place = f"fnref-{number}-{again + 1}" if again else f"fnref-{number}"
        return f' <a class="footnote-backref" href="#{escapeHtml(place)}">↩</a>'
