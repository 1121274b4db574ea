"""A judged set, and how one lies in a folder."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Corpus:
    """A judged set: documents, queries, and for each query the documents that answer it with their gain."""

    name: str
    documents: list[dict[str, str]]
    queries: dict[str, str]
    gains: Mapping[str, Mapping[str, float]]


def read_corpus(folder: Path, limit: int | None) -> Corpus:
    """A folder in BEIR's layout; queries without an answer are left out."""
    gains: dict[str, dict[str, float]] = defaultdict(dict)
    lines = (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]
    for line in filter(str.strip, lines):
        query, document, gain = line.split("\t")
        if float(gain) > 0:
            gains[query][document] = float(gain)
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl") if row["_id"] in gains}
    chosen = dict(list(queries.items())[: limit or len(queries)])
    return Corpus(folder.name, list(_rows(folder / "corpus.jsonl")), chosen, gains)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield {key: str(value) for key, value in json.loads(line).items() if value is not None}
