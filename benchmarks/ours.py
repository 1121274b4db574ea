"""Our engine, asked as the yardsticks are: one field, the reader's tokens, ten titles. Run by itself it answers one question
in a fresh process and prints how many milliseconds that took after everything was imported.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kb.search.analysis import Prepared
from kb.search.engines.base import All, Any, Fuzzy, Node, Phrase, Prefix, Request, Term
from kb.search.engines.whoosh import WhooshEngine

FIELD = "body_words"


class Ours:
    """Whoosh's files, read by our engine; the titles are in the database."""

    def __init__(self, engine: WhooshEngine, titles: Callable[[Sequence[int]], list[str]]) -> None:
        self.engine = engine
        self.titles = titles

    def replace(self, prepared: Prepared) -> None:
        self.engine.apply([prepared])

    def ask(self, kind: str, words: Sequence[str], viewer: Sequence[str]) -> list[str]:
        node = as_node(kind, words)
        request = Request(node, frozenset(viewer), score=node, facets=())
        return self.titles([hit.key.pk for hit in self.engine.search(request).hits])


def as_node(kind: str, words: Sequence[str]) -> Node:
    terms = tuple(Term(FIELD, word) for word in words)
    match kind:
        case "AND of 3":
            return All(terms)
        case "phrase":
            return Phrase(FIELD, tuple(words), tuple(range(len(words))))
        case "prefix":
            return Prefix(FIELD, words[0])
        case "fuzzy":
            return Fuzzy(FIELD, words[0])
        case _:
            return Any(terms)


def titles_in(path: Path) -> Callable[[Sequence[int]], list[str]]:
    """Reads titles of pages from the site's database, as its page of results does."""
    connection = sqlite3.connect(path)

    def titles(numbers: Sequence[int]) -> list[str]:
        marks = ", ".join("?" * len(numbers))
        rows = dict(
            connection.execute(f"SELECT id, title FROM articles_article WHERE id IN ({marks})", numbers)
        )
        return [rows[number] for number in numbers]

    return titles


def main() -> int:
    asked = json.loads(sys.argv[1])
    titles = titles_in(Path(asked["database"]))
    started = time.perf_counter()
    ours = Ours(WhooshEngine(Path(asked["index"])), titles)
    found = ours.ask(asked["kind"], asked["words"], asked["viewer"])
    taken = (time.perf_counter() - started) * 1000
    status = Path("/proc/self/smaps_rollup").read_text("ascii")
    own = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("Private"))
    print(json.dumps({"took": taken, "found": len(found), "private_mb": own / 1024}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
