"""Headings of clean HTML: their levels below the page's own title, an id for each, and the list of them."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from dataclasses import dataclass

from kb.markup.anchors import HEADING, slug
from kb.markup.cleaning import TAG
from kb.markup.plaintext import plaintext
from kb.markup.rendered import Heading

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_ID = re.compile(r' id="([^"]*)"')


@dataclass
class _Found:
    level: int
    given: str
    text: str = ""


def outlined(html: str) -> tuple[str, tuple[Heading, ...]]:
    """The same HTML with an id on every heading and no id twice, and its headings.

    The page's title is its h1. Where the text has an h1 too, every heading goes one level down; otherwise all stay.
    """
    found = _headings(html)
    down = int(any(heading.level == 1 for heading in found))
    ids = _ids(found)
    headings = [
        Heading(min(6, heading.level + down), id_, heading.text)
        for heading, id_ in zip(found, ids, strict=True)
    ]
    ahead = iter(headings)
    seen = set(ids)

    def placed(tag: re.Match[str]) -> str:
        closing, name, attributes = tag.groups()
        if name in _HEADINGS:
            if closing:
                return f"</h{min(6, int(name[1]) + down)}>"
            heading = next(ahead)
            return f'<h{heading.level} id="{entities.escape(heading.id)}"{_ID.sub("", attributes)}>'
        if name == "table":
            return "</table></div>" if closing else f'<div class="table-scroll" tabindex="0">{tag[0]}'
        own = _ID.search(attributes)
        if own is None:
            return tag[0]
        if own[1] in seen:
            return tag[0].replace(own[0], "", 1)
        seen.add(own[1])
        return tag[0]

    return TAG.sub(placed, html), tuple(heading for heading in headings if heading.text)


def _headings(html: str) -> list[_Found]:
    """Every heading in the order of the opening tags."""
    found: list[_Found] = []
    open_ones: list[tuple[_Found, int]] = []
    for tag in TAG.finditer(html):
        if tag[2] not in _HEADINGS:
            continue
        if not tag[1]:
            given = _ID.search(tag[3])
            found.append(_Found(int(tag[2][1]), entities.unescape(given[1]) if given else ""))
            open_ones.append((found[-1], tag.end()))
        elif open_ones:
            heading, start = open_ones.pop()
            heading.text = plaintext(html[start : tag.start()]).replace("\n", " ")
    return found


def _ids(found: list[_Found]) -> list[str]:
    """An id each: the one given, else made of the text as GitHub does; a number behind the second of a kind."""
    given = {heading.given for heading in found}
    taken: set[str] = set()
    uses: Counter[str] = Counter()
    ids: list[str] = []
    for heading in found:
        wanted = id_ = heading.given or HEADING + slug(heading.text)
        while id_ in taken or (id_ in given and not heading.given):
            uses[wanted] += 1
            id_ = f"{wanted}-{uses[wanted]}"
        taken.add(id_)
        ids.append(id_)
    return ids
