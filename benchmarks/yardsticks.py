"""The engines ours is held against: the same tokens, the same readers, the same questions, ten titles as the answer."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import tantivy
from whoosh import query as whoosh_query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BM25F

from benchmarks.measure import tell

KINDS: tuple[str, ...] = ("common term", "rare term", "OR of 3", "AND of 3", "phrase", "prefix", "fuzzy")
FIELD = "body_words"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as every engine gets it: its words, already cut, and who may read it."""

    number: int
    title: str
    words: str
    readers: str


class Yardstick(Protocol):
    """An engine beside ours."""

    name: str
    kinds: tuple[str, ...]

    def put(self, entries: Iterator[Entry]) -> None:
        """Take all of them, and be ready to be asked."""

    def replace(self, entry: Entry) -> None:
        """Put one in the place of the one with its number; it can be found when this returns."""

    def ask(self, kind: str, words: Sequence[str], viewer: Sequence[str]) -> list[str]:
        """The titles of the best ten that the viewer may read."""


class Tantivy:
    """A library like Lucene, in Rust."""

    name = "tantivy"
    kinds = KINDS

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", indexed=True)
        builder.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("words", tokenizer_name="whitespace")
        builder.add_text_field("readers", tokenizer_name="whitespace", index_option="basic")
        self.schema = builder.build()
        folder.mkdir(exist_ok=True)
        self.index = tantivy.Index(self.schema, path=str(folder))
        self.searcher = self.index.searcher()

    def put(self, entries: Iterator[Entry]) -> None:
        writer = self.index.writer(128_000_000, 1)
        for entry in entries:
            writer.add_document(self._document(entry))
        writer.commit()
        writer.wait_merging_threads()
        self._reload()

    def replace(self, entry: Entry) -> None:
        writer = self.index.writer(15_000_000, 1)
        writer.delete_documents("number", entry.number)
        writer.add_document(self._document(entry))
        writer.commit()
        self._reload()

    def _reload(self) -> None:
        self.index.reload()
        self.searcher = self.index.searcher()

    def _document(self, entry: Entry) -> Any:
        document = tantivy.Document(title=entry.title, words=entry.words, readers=entry.readers)
        document.add_unsigned("number", entry.number)
        return document

    def ask(self, kind: str, words: Sequence[str], viewer: Sequence[str]) -> list[str]:
        must = tantivy.Occur.Must
        readers = tantivy.Query.const_score_query(self._any("readers", viewer), 0.0)
        asked = tantivy.Query.boolean_query([(must, self._query(kind, words)), (must, readers)])
        hits = self.searcher.search(asked, 10).hits
        return [self.searcher.doc(address)["title"][0] for _score, address in hits]

    def _any(self, field: str, words: Sequence[str]) -> Any:
        terms = [tantivy.Query.term_query(self.schema, field, word) for word in words]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])

    def _query(self, kind: str, words: Sequence[str]) -> Any:
        schema = self.schema
        match kind:
            case "AND of 3":
                terms = [tantivy.Query.term_query(schema, "words", word) for word in words]
                return tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in terms])
            case "phrase":
                return tantivy.Query.phrase_query(schema, "words", list(words))
            case "prefix":
                return tantivy.Query.regex_query(schema, "words", re.escape(words[0]) + ".*")
            case "fuzzy":
                return tantivy.Query.fuzzy_term_query(schema, "words", words[0])
            case _:
                return self._any("words", words)


class SqliteFts:
    """The full-text index that comes with SQLite."""

    name = "SQLite FTS5"
    kinds = KINDS[:-1]

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute(
            "CREATE VIRTUAL TABLE docs USING fts5(words, readers, title UNINDEXED, prefix='2 3', tokenize='unicode61')"
        )

    def put(self, entries: Iterator[Entry]) -> None:
        self.connection.executemany(
            "INSERT INTO docs (rowid, words, readers, title) VALUES (?, ?, ?, ?)", map(self._row, entries)
        )
        self.connection.commit()

    def replace(self, entry: Entry) -> None:
        self.connection.execute("DELETE FROM docs WHERE rowid = ?", (entry.number,))
        self.put(iter([entry]))

    def _row(self, entry: Entry) -> tuple[int, str, str, str]:
        return entry.number, entry.words, _plain(entry.readers), entry.title

    def ask(self, kind: str, words: Sequence[str], viewer: Sequence[str]) -> list[str]:
        match kind:
            case "phrase":
                asked = f'words : "{" ".join(words)}"'
            case "prefix":
                asked = f'words : "{words[0]}" *'
            case _:
                joint = " AND " if kind == "AND of 3" else " OR "
                asked = joint.join(f'words : "{word}"' for word in words)
        readers = " OR ".join(f'readers : "{_plain(token)}"' for token in viewer)
        rows = self.connection.execute(
            "SELECT title FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, 1, 0) LIMIT 10",
            (f"({asked}) AND ({readers})",),
        )
        return [title for (title,) in rows]

    def snippets(self, word: str) -> list[str]:
        rows = self.connection.execute(
            "SELECT snippet(docs, 0, '<mark>', '</mark>', '…', 30) FROM docs WHERE docs MATCH ? LIMIT 10",
            (f'words : "{word}"',),
        )
        return [text for (text,) in rows]


class Postgres:
    """PostgreSQL with an inverted index over its lexemes."""

    name = "PostgreSQL GIN"
    kinds = KINDS[:-1]

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        self.connection.execute(
            "CREATE TABLE docs (number bigint PRIMARY KEY, title text, readers text[], words tsvector)"
        )

    def put(self, entries: Iterator[Entry]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE raw (number bigint, title text, words text, readers text)")
            with cursor.copy("COPY raw FROM STDIN") as copy:
                for entry in entries:
                    copy.write_row((entry.number, entry.title, entry.words, entry.readers))
            cursor.execute(
                "INSERT INTO docs SELECT number, title, string_to_array(readers, ' '), to_tsvector('simple', words) FROM raw"
            )
            cursor.execute("DROP TABLE raw")
            cursor.execute("CREATE INDEX IF NOT EXISTS by_words ON docs USING gin (words)")
            cursor.execute("ANALYZE docs")

    def replace(self, entry: Entry) -> None:
        self.connection.execute(
            "UPDATE docs SET title = %s, words = to_tsvector('simple', %s) WHERE number = %s",
            (entry.title, entry.words, entry.number),
        )

    def ask(self, kind: str, words: Sequence[str], viewer: Sequence[str]) -> list[str]:
        match kind:
            case "phrase":
                asked = " <-> ".join(f"'{word}'" for word in words)
            case "prefix":
                asked = f"'{words[0]}':*"
            case _:
                asked = (" & " if kind == "AND of 3" else " | ").join(f"'{word}'" for word in words)
        rows = self.connection.execute(
            "SELECT title FROM docs, to_tsquery('simple', %s) asked WHERE words @@ asked AND readers && %s"
            " ORDER BY ts_rank(words, asked) DESC LIMIT 10",
            (asked, list(viewer)),
        )
        return [title for (title,) in rows]


class StockWhoosh:
    """Whoosh's own searcher over the files that ours reads."""

    name = "stock Whoosh"
    kinds = KINDS

    def __init__(self, folder: Path, titles: Any) -> None:
        self.index = FileIndex(FileStorage(str(folder)))
        self.searcher = self.index.searcher(weighting=BM25F())
        self.titles = titles

    def put(self, entries: Iterator[Entry]) -> None:
        """The files are ours."""

    def replace(self, entry: Entry) -> None:
        """Not measured on them."""

    def ask(self, kind: str, words: Sequence[str], viewer: Sequence[str]) -> list[str]:
        readers = whoosh_query.Or([whoosh_query.Term("readers0", token) for token in viewer])
        hits = self.searcher.search(self._query(kind, words), filter=readers, limit=10)
        found: list[str] = self.titles([hit["row"][1] for hit in hits])
        return found

    def _query(self, kind: str, words: Sequence[str]) -> Any:
        terms = [whoosh_query.Term(FIELD, word) for word in words]
        match kind:
            case "AND of 3":
                return whoosh_query.And(terms)
            case "phrase":
                return whoosh_query.Phrase(FIELD, list(words))
            case "prefix":
                return whoosh_query.Prefix(FIELD, words[0])
            case "fuzzy":
                return whoosh_query.FuzzyTerm(FIELD, words[0], maxdist=1, prefixlength=1)
            case _:
                return whoosh_query.Or(terms)


def _plain(token: str) -> str:
    return token.replace(":", "")


# ------------------------------------------------------------------ a PostgreSQL of our own
@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a server that lives as long as this; none where there are no programs to start one."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = (
        programs[-1].parent
        if programs
        else shutil.which("initdb") and Path(str(shutil.which("initdb"))).parent
    )
    if not found:
        tell("there is no PostgreSQL on this machine; it is left out")
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="kotohashi-postgresql-") as name:
        folder = Path(name)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = f"-p {port} -h 127.0.0.1 -k {folder}"
        _as_postgres(
            folder,
            found / "initdb",
            "-D",
            folder / "data",
            "-U",
            "bench",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
        )
        _as_postgres(
            folder,
            found / "pg_ctl",
            "-D",
            folder / "data",
            "-w",
            "-l",
            folder / "log",
            "-o",
            options,
            "start",
        )
        try:
            yield f"postgresql://bench@127.0.0.1:{port}/postgres"
        finally:
            _as_postgres(folder, found / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


def _as_postgres(folder: Path, *command: object) -> None:
    """PostgreSQL refuses to be run by root."""
    words = [str(word) for word in command]
    if Path("/proc/self").owner() == "root":
        shutil.chown(folder, "postgres")
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, cwd=folder, stdout=subprocess.DEVNULL)
