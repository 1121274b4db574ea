"""Markdown and HTML of explanations as the plain paragraphs a glossary keeps."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_BLOCKS = frozenset("p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote".split())
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(
    r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\[\]\n]{0,500}\])"
)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"(?<!`)`{1,3}([^`\n]{1,500})`{1,3}")
_SHORTCODE = re.compile(r"\{\{[<%][^{}\n]{0,500}[%>]\}\}|\{:[^{}\n]*\}")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*(?:\{#[^{}]*\})?\s*#*$")
_QUOTE = re.compile(r"^ {0,3}>\s?")
_ITEM = re.compile(r"^\s*(?:[-+*]|[0-9]{1,9}[.)])\s+")
_JAPANESE_END = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]$")


def plain_text(source: str) -> str:
    """Paragraphs divided by an empty line; links keep their words, lists their items, everything else its text."""
    text = _SHORTCODE.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    text = _TAG.sub(lambda tag: "\n\n" if tag[2].lower() in _BLOCKS else "", text)
    paragraphs: list[str] = []
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        heading = _HEADING.match(line)
        item = _ITEM.match(line)
        if heading or item or not line.strip():
            if lines:
                paragraphs.append(_joined(lines))
                lines = []
            if heading and heading[1]:
                paragraphs.append(_inline(heading[1]))
            elif item:
                lines = [f"・{line[item.end() :].strip()}"]
        else:
            lines.append(_QUOTE.sub("", line).strip())
    return "\n\n".join(unescape(paragraph) for paragraph in paragraphs if paragraph)


def _joined(lines: list[str]) -> str:
    """Lines of one paragraph; Japanese lines are joined without a space."""
    text = ""
    for line in lines:
        text += ("" if not text or _JAPANESE_END.search(text) else " ") + line
    return _inline(text)


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return " ".join(_CODE.sub(r"\1", text).split())
