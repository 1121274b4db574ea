"""What is added to the parsed tokens: callouts, task lists, captions, ids of headings, footnotes nothing refers to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from kb.text import fold, guess_language

# Marker (folded) -> kind of callout. English markers are GitHub's and a few of other tools'.
CALLOUTS = {
    "note": "note", "info": "note", "補足": "note", "注": "note", "メモ": "note", "参考": "note", "備考": "note", "情報": "note",
    "tip": "tip", "hint": "tip", "success": "tip", "ヒント": "tip", "コツ": "tip", "ポイント": "tip",
    "important": "important", "重要": "important",
    "warning": "warning", "attention": "warning", "注意": "warning",
    "caution": "caution", "danger": "caution", "警告": "caution", "危険": "caution",
}  # fmt: skip
_JAPANESE_TITLES = {
    "note": "補足",
    "tip": "ヒント",
    "important": "重要",
    "warning": "注意",
    "caution": "警告",
}
_FORMATTING = re.compile(
    r"<(/?)(a|abbr|b|big|code|em|font|i|kbd|mark|q|s|small|span|strong|sub|sup|tt|u)\b", re.IGNORECASE
)
_MARKER = re.compile(r"\[!([^\]\n]{1,20})\][ \t]*")


def heading_attributes(state: StateCore) -> None:
    """`## 見出し {#id .class}`: the id is the heading's, a class is dropped."""
    for token, inline in pairwise(state.tokens):
        if token.type != "heading_open" or not inline.content.endswith("}"):
            continue
        text, _, inside = inline.content[:-1].rpartition("{")
        attributes = inside.removeprefix(":").split()
        if attributes and all(len(attribute) > 1 and attribute[0] in "#." for attribute in attributes):
            inline.content = text.rstrip()
            named = [attribute[1:] for attribute in attributes if attribute[0] == "#"]
            if named:
                token.attrSet("id", named[0])


def callouts(state: StateCore) -> None:
    """A quote that begins with `[!NOTE]`, alone on its line or before the text, becomes a callout.

    Its title is the marker as written if that is Japanese; otherwise in the language of the text.
    """
    tokens = state.tokens
    for start, token in enumerate(tokens):
        if token.type != "blockquote_open" or tokens[start + 1].type != "paragraph_open":
            continue
        inline = tokens[start + 2]
        marker = _MARKER.match(inline.content)
        kind = CALLOUTS.get(fold(marker[1])) if marker else None
        if marker is None or kind is None:
            continue
        end = _closing(tokens, start)
        inline.content = inline.content[marker.end() :].lstrip("\n")
        words = " ".join(inside.content for inside in tokens[start:end] if inside.type == "inline")
        title = marker[1].strip()
        if title.isascii():
            title = _JAPANESE_TITLES[kind] if guess_language(words) == "ja" else title.capitalize()
        _turn_into_callout(token, tokens[end], kind)
        _put_title(tokens, start + 1, title, keep=bool(inline.content))


def _closing(tokens: list[Token], start: int) -> int:
    level = tokens[start].level
    return next(
        at for at in range(start + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting == -1
    )


def _turn_into_callout(opening: Token, closing: Token, kind: str) -> None:
    opening.type, closing.type = "callout_open", "callout_close"
    opening.tag = closing.tag = "div"
    opening.attrs = {"class": f"callout callout-{kind}", "role": "note"}


def _put_title(tokens: list[Token], at: int, title: str, *, keep: bool) -> None:
    """Put the title's paragraph at `at`; the paragraph there stays if anything is left of it."""
    opening = Token(
        "paragraph_open", "p", 1, attrs={"class": "callout-title"}, block=True, level=tokens[at].level
    )
    inline = Token(
        "inline", "", 0, content=title, children=[], block=True, level=opening.level + 1, map=[0, 1]
    )
    closing = Token("paragraph_close", "p", -1, block=True, level=opening.level)
    tokens[at : at if keep else at + 3] = [opening, inline, closing]


def task_labels(state: StateCore) -> None:
    """The checkbox of a task and its words are one label, so that it is read out with them."""
    for start, token in enumerate(state.tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            if "contains-task-list" in str(token.attrs.get("class", "")):
                token.attrs["class"] = "task-list"
        elif token.type == "list_item_open" and "checked" in token.meta:
            inline = state.tokens[min(start + 2, len(state.tokens) - 1)]
            if inline.type == "inline" and inline.children is not None:
                checked = " checked" if token.meta.pop("checked") else ""
                box = Token(
                    "html_inline", "", 0, content=f'<label><input type="checkbox" disabled{checked}> '
                )
                inline.children[:] = [box, *inline.children, Token("html_inline", "", 0, content="</label>")]


def contained_formatting(state: StateCore) -> None:
    """`<b>` or `<a>` that is not closed in its paragraph ends with it, instead of reaching over the rest of the page."""
    for inline in state.tokens:
        opened = Counter[str]()
        for token in inline.children or []:
            tag = _FORMATTING.match(token.content) if token.type == "html_inline" else None
            if tag:
                opened[tag[2].lower()] += -1 if tag[1] else 1
        for name, times in opened.items():
            closing = Token("html_inline", "", 0, content=f"</{name}>")
            (inline.children or []).extend([closing] * times)


def captions(state: StateCore) -> None:
    """An image alone in its paragraph, with a title, is a figure with that caption."""
    for start, inline in enumerate(state.tokens):
        children = inline.children or []
        if inline.type != "inline" or len(children) != 1 or children[0].type != "image":
            continue
        caption = children[0].attrs.get("title")
        around = (state.tokens[start - 1], state.tokens[start + 1])
        if not caption or around[0].type != "paragraph_open" or around[0].hidden:
            continue
        del children[0].attrs["title"]
        for token in around:
            token.tag = "figure"
        html = f"<figcaption>{escapeHtml(str(caption))}</figcaption>"
        children.append(Token("html_inline", "", 0, content=html))


def unreferenced_footnotes(state: StateCore) -> None:
    """A note nothing refers to stands after the others; the parser would drop it."""
    notes = state.env.get("footnotes")
    if notes is None:
        return
    for label in _unreferenced(notes["refs"]):
        number = len(notes["list"])
        notes["list"][number] = {"label": label, "count": 0}
        notes["refs"][f":{label}"] = number


def _unreferenced(references: dict[str, int]) -> Iterator[str]:
    for key, number in list(references.items()):
        if number < 0:
            yield key.removeprefix(":")
