"""Whoosh's known traps: each shown in Whoosh itself, and not to be felt in our engine over the same files."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from whoosh import collectors, fields, query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, LockError
from whoosh.query import QueryError

from kb.search.engines.base import Everything, Key, Prefix, Request, Term
from kb.search.engines.whoosh import WhooshEngine
from tests.kb.search.texts import ALL, prepared

LOST = query.Term("body_words", "失注")
STRANGER = frozenset({"d:404"})


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    made = WhooshEngine(tmp_path / "index")
    made.rebuild(
        [prepared(1, body="失注"), prepared(2, body="失注", readers=(frozenset({"d:1"}),)), prepared(3)]
    )
    return made


@pytest.fixture
def stock(engine: WhooshEngine) -> FileIndex:
    current = engine.files.current()
    assert current is not None
    return FileIndex(FileStorage(str(engine.files.path(current))))


def pks(engine: WhooshEngine, strict: Any, viewer: frozenset[str] = ALL) -> set[int]:
    return {hit.key.pk for hit in engine.search(Request(strict, viewer, size=100)).hits}


@pytest.fixture
def plain(tmp_path: Path) -> FileIndex:
    """An index of Whoosh's own making."""
    (tmp_path / "plain").mkdir()
    schema = fields.Schema(id=fields.ID(unique=True, stored=True))
    return FileIndex.create(FileStorage(str(tmp_path / "plain")), schema)


def test_an_empty_filter_lets_everything_through(engine: WhooshEngine, stock: FileIndex) -> None:
    with stock.searcher() as searcher:
        assert len(searcher.search(LOST, filter=set(), limit=None)) == 2

    assert pks(engine, Term("body_words", "失注"), frozenset()) == set()


def test_a_filter_without_a_match_still_counts(engine: WhooshEngine, stock: FileIndex) -> None:
    with stock.searcher() as searcher:
        results = searcher.search(LOST, filter=query.Term("readers0", "d:404"), limit=1)
        assert (results.scored_length(), len(results), len(results.docs())) == (0, 2, 2)

    assert engine.search(Request(Everything(), STRANGER)).total == 0


def test_a_time_limit_drops_the_filter(engine: WhooshEngine, stock: FileIndex) -> None:
    with stock.searcher() as searcher:
        limited = collectors.TimeLimitCollector(
            searcher.collector(limit=10, filter=query.Term("readers0", "all")), 60, use_alarm=False
        )
        searcher.search_with_collector(LOST, limited)
        assert {hit["row"][1] for hit in limited.results()} == {1, 2}

    assert pks(engine, Term("body_words", "失注")) == {1}


def test_one_id_twice_in_a_batch_is_there_twice(engine: WhooshEngine, plain: FileIndex) -> None:
    writer = plain.writer()
    writer.update_document(id="1")
    writer.update_document(id="1")
    writer.commit()
    assert plain.doc_count() == 2

    engine.apply([prepared(1, body="失注"), prepared(1, body="失注")])
    assert engine.search(Request(Term("body_words", "失注"), ALL)).total == 1


def test_a_second_writer_is_refused_at_once(engine: WhooshEngine, plain: FileIndex) -> None:
    first = plain.writer()
    with pytest.raises(LockError):
        plain.writer()
    first.cancel()

    other = WhooshEngine(engine.files.folder)
    engine.apply([prepared(4)])
    other.apply([prepared(5)])
    assert engine.search(Request(Everything(), ALL)).total == 4


def test_a_table_of_contents_goes_while_it_is_opened(engine: WhooshEngine, stock: FileIndex) -> None:
    """Whoosh looks which is the newest, then opens it; in between another process may have committed."""
    before = stock.latest_generation()
    engine.apply([prepared(4)])
    with pytest.raises(FileNotFoundError):
        TOC.read(stock.storage, "MAIN", gen=before)

    assert pks(engine, Everything()) == {1, 3, 4}


def test_a_reader_that_is_refreshed_sees_neither_old_nor_merged_documents(engine: WhooshEngine) -> None:
    reader = WhooshEngine(engine.files.folder)
    for version in range(40):
        engine.apply([prepared(1, body=f"失注 {version}", stamp=str(version))])
        assert pks(reader, Term("body_words", "失注")) == {1}
        assert reader.stamps()[Key("article", 1)] == str(version)


def test_a_prefix_asks_for_its_commonest_tokens_and_no_more(engine: WhooshEngine) -> None:
    engine.rebuild(prepared(pk, body=f"x{pk % 200:03d} x{pk % 3}") for pk in range(400))
    snapshot = engine._snapshot()

    tokens = snapshot.tokens(Prefix("body_words", "x", limit=5))

    assert len(tokens) == 5
    assert set(tokens[:3]) == {"x0", "x1", "x2"}
    assert pks(engine, Prefix("body_words", "x", limit=3)) == set(pks(engine, Prefix("body_words", "x")))


def test_a_phrase_where_no_positions_are_kept_is_an_error(engine: WhooshEngine, stock: FileIndex) -> None:
    with stock.searcher() as searcher, pytest.raises(QueryError):
        searcher.search(query.Phrase("characters", ["失", "注"]))


def test_segments_written_after_the_same_seed_are_told_apart(engine: WhooshEngine) -> None:
    """Tests, and programs that want the same twice, seed the generator that Whoosh draws names from."""
    for pk in (7, 8):
        random.seed(1)
        engine.rebuild([prepared(pk, body="失注")])
        assert pks(engine, Term("body_words", "失注")) == {pk}


# ------------------------------------------------------------------ what Whoosh writes
def test_what_whoosh_itself_wrote_and_merged_is_read(engine: WhooshEngine, stock: FileIndex) -> None:
    engine.apply([prepared(4, body="失注 失注", tags=("価格",), marks={"author": ("7",)})])
    writer = stock.writer()
    writer.commit(optimize=True)

    page = WhooshEngine(engine.files.folder).search(
        Request(Term("body_words", "失注"), ALL, score=Term("body_words", "失注"))
    )

    assert {hit.key.pk for hit in page.hits} == {1, 4}
    assert page.facets["tag"] == {"価格": 1}
    assert page.facets["author"] == {"7": 1}
