"""Judged sets made from a folder of Markdown: a page is what its own title, or its description, asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judged import Corpus
from kb.articles.front_matter import parted
from kb.markup.rendering import render

# Shorter ones name nothing that could be told from other pages.
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its path, and its title, description and text, each without the others."""

    ref: str
    title: str
    description: str
    text: str


def sheets(folder: Path) -> Iterator[Sheet]:
    for file in sorted(folder.rglob("*.md")):
        head = parted(file.read_text("utf-8", "replace"))
        title, description = head.one("title"), head.one("description")
        lines = render(head.body).text.splitlines()
        text = "\n".join(line for line in lines if line.strip() not in {title, description})
        yield Sheet(str(file.relative_to(folder)), title, description, text)


def read_handbook(folder: Path, limit: int | None) -> list[Corpus]:
    """Two sets: titles, which the pages then do not have, and descriptions, which they never have."""
    found = list(sheets(folder))
    untitled = [
        {"_id": one.ref, "title": f"{number:05}", "text": one.text} for number, one in enumerate(found)
    ]
    titled = [{"_id": one.ref, "title": one.title or one.ref, "text": one.text} for one in found]
    return [
        _judged(f"{folder.name} title", untitled, {one.ref: one.title for one in found}, limit),
        _judged(f"{folder.name} description", titled, {one.ref: one.description for one in found}, limit),
    ]


def _judged(name: str, documents: list[dict[str, str]], asked: dict[str, str], limit: int | None) -> Corpus:
    """A query for each page whose words no other page has for its own."""
    times = Counter(asked.values())
    queries = {ref: text for ref, text in asked.items() if times[text] == 1 and len(text) >= SHORTEST}
    chosen = dict(list(queries.items())[: limit or len(queries)])
    return Corpus(name, documents, chosen, {ref: {ref: 1.0} for ref in chosen})
