"""Which parts of a Markdown text are prose, and which are code that nobody may touch."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

# Stands for every character of code in a mask. No text has it: a file with it is binary.
CODE = "\x00"

_FENCE = re.compile(r"(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*(?P<marks>`{3,}|~{3,})(?P<info>.*)")
_ITEM = re.compile(r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|$)")
# Where running text ends at the latest: a span of code does not reach over these.
_BREAK = re.compile(r"\n(?=[ \t]*(?:\n|#{1,6}[ \t]|[-+*][ \t]|[0-9]{1,9}[.)][ \t]|\||\x00))")
_TICKS = re.compile("`+")
_START = re.compile(r"\\.|`+|<!--|<(?P<tag>pre|code|script|style|textarea)\b", re.IGNORECASE | re.DOTALL)
_ENDS = {
    name: re.compile(rf"</{name}\b[^>]{{0,99}}>", re.IGNORECASE)
    for name in ("pre", "code", "script", "style", "textarea")
} | {"": re.compile("-->")}
_NOT_NEWLINE = re.compile(r"[^\n]")


def masked(text: str) -> str:
    """The same text with code, comments, scripts and styles blanked; lines and places stay as they are.

    Code is what is fenced, indented outside of a list, between backticks, or in `<pre>` and `<code>`.
    """
    return _without_spans(_without_blocks(text))


def replaced(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text with (start, end, replacement) put in; of two that overlap the outer one counts."""
    pieces: list[str] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= done:
            pieces += (text[done:start], new)
            done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(CODE, text)


def _without_blocks(text: str) -> str:
    """Blank fenced and indented code."""
    kept: list[str] = []
    fence = ""
    in_list = indented = quoted = False
    after_blank = True
    for line in _lines(text):
        bare = line.strip()
        if fence and quoted and not bare.startswith(">"):
            fence = ""  # a quote takes its code along when it ends
        if fence:
            kept.append(_blank(line))
            if _closes(bare, fence):
                fence = ""
            continue
        opened = _FENCE.match(line) if "```" in bare or "~~~" in bare else None
        if opened and not (opened["marks"][0] == "`" and "`" in opened["info"]):
            fence, quoted = opened["marks"], bare.startswith(">")
            kept.append(_blank(line))
            indented = False
            continue
        deep = line.startswith(("    ", "\t"))
        indented = bool(bare) and deep and not in_list and (after_blank or indented)
        if _ITEM.match(line) and not indented:
            in_list = True
        elif bare and not line[0].isspace() and after_blank:
            in_list = False
        kept.append(_blank(line) if indented else line)
        after_blank = not bare
    return "".join(kept)


def _lines(text: str) -> Iterator[str]:
    """Lines as Markdown has them: ended by a line feed alone."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start : end + 1]
        start = end + 1
    if start < len(text):
        yield text[start:]


def _closes(bare: str, fence: str) -> bool:
    marks = bare.lstrip("> \t")
    return marks.startswith(fence) and not marks.strip(fence[0])


def _without_spans(text: str) -> str:
    """Blank what stands between backticks, in comments and in tags of code."""
    runs = [(found.start(), found.end() - found.start()) for found in _TICKS.finditer(text)]
    by_length: dict[int, list[int]] = {}
    for at, length in runs:
        by_length.setdefault(length, []).append(at)
    breaks = [found.start() for found in _BREAK.finditer(text)]
    endless: set[str] = set()  # tags without an end from here on; not looked for again
    spans: list[tuple[int, int, str]] = []
    at = 0
    while found := _START.search(text, at):
        at = found.end()
        if found[0].startswith("\\"):
            # A backslash keeps one backtick from opening code; the others of its run still may.
            continue
        if found[0].startswith("`"):
            end = _closing_ticks(found, by_length, breaks, len(text))
        else:
            end = _closing_tag(text, found, endless)
        if end:
            # The beginning of a tag stays visible, so that one can tell that there was one.
            start = found.end() if found["tag"] else found.start()
            spans.append((start, end, _blank(text[start:end])))
            at = end
    return replaced(text, spans)


def _closing_ticks(
    opening: re.Match[str], by_length: dict[int, list[int]], breaks: list[int], end: int
) -> int:
    """Where the code that these backticks open ends; 0 when they open none."""
    length = opening.end() - opening.start()
    same = by_length.get(length, [])
    following = bisect_left(same, opening.end())
    next_break = bisect_right(breaks, opening.start())
    last = breaks[next_break] if next_break < len(breaks) else end
    return same[following] + length if following < len(same) and same[following] < last else 0


def _closing_tag(text: str, opening: re.Match[str], endless: set[str]) -> int:
    """Where the comment or tag ends; 0 when it has no end."""
    name = (opening["tag"] or "").lower()
    closing = None if name in endless else _ENDS[name].search(text, opening.end())
    if closing is None:
        endless.add(name)
        return 0
    return closing.end()
