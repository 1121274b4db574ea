"""Whoosh's own searcher over the files we write: the same documents, the same scores."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any as Anything

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BM25F, bm25
from whoosh.support.levenshtein import damerau_levenshtein

from kb.search.analysis import Prepared
from kb.search.engines.base import All, Any, Fuzzy, Key, Node, Phrase, Prefix, Request, Term, Without
from kb.search.engines.whoosh import WhooshEngine
from tests.kb.search.engines.trees import FIELD, PHRASES, TERMS, TOKENS, documents

READERS = query.And(
    [query.Term("readers0", "all"), query.Or([query.Term("readers1", "all"), query.Term("readers1", "*")])]
)
VIEWER = frozenset({"all"})
# Scores are kept in four bytes.
CLOSE = 1e-5
POSITIVE = st.recursive(
    TERMS,
    lambda nodes: st.one_of(
        st.builds(Any, st.lists(nodes, min_size=1, max_size=3, unique=True).map(tuple)),
        st.builds(All, st.lists(nodes, min_size=1, max_size=3, unique=True).map(tuple)),
    ),
    max_leaves=6,
)
# Whoosh's Not scores what does not match, and its AndNot lets through some of what should not be there.
BUT = st.builds(lambda this, that: All((this, Without(that))), TERMS, TERMS)


def as_whoosh(node: Node) -> Anything:
    match node:
        case Term(field, text, boost):
            return query.Term(field, text, boost=boost)
        case All(nodes):
            return query.And([as_whoosh(child) for child in nodes])
        case Any(nodes):
            return query.Or([as_whoosh(child) for child in nodes])
        case Prefix(field, text):
            return query.Prefix(field, text)
        case Fuzzy(field, text, distance, prefix):
            return query.FuzzyTerm(field, text, maxdist=distance, prefixlength=prefix)
        case Phrase(field, texts):
            return query.Phrase(field, list(texts))
    raise TypeError(node)


def asked(
    first: list[Prepared],
    later: list[list[Prepared]],
    removed: set[int],
    ask: Callable[[WhooshEngine, Anything], None],
) -> None:
    """Build an index of several commits with deletions, and ask it both ways."""
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.rebuild(first)
        for batch in later:
            engine.apply(batch)
        engine.apply([], [Key("article", pk) for pk in removed])
        current = engine.files.current()
        assert current is not None
        index = FileIndex(FileStorage(str(engine.files.path(current))))
        with index.searcher(weighting=BM25F()) as searcher:
            ask(engine, searcher)


def ours(engine: WhooshEngine, node: Node) -> dict[Key, float]:
    request = Request(node, VIEWER, score=node, size=100, facets=())
    return {hit.key: hit.score for hit in engine.search(request).hits}


def theirs(searcher: Anything, node: Node) -> dict[Key, float]:
    if not any(True for _number in searcher.docs_for_query(READERS)):
        return {}
    if isinstance(node, All) and isinstance(node.nodes[-1], Without):
        excluded = theirs(searcher, node.nodes[-1].node)
        return {key: score for key, score in theirs(searcher, node.nodes[0]).items() if key not in excluded}
    hits = searcher.search(as_whoosh(node), filter=READERS, limit=None)
    return {Key(*hit["row"][:2]): hit.score for hit in hits}


CORPUS = (
    st.lists(documents(), max_size=8),
    st.lists(st.lists(documents(), min_size=1, max_size=3), max_size=11),
    st.sets(st.integers(1, 9), max_size=3),
)


@given(*CORPUS, st.lists(st.one_of(POSITIVE, BUT), min_size=1, max_size=6))
def test_scores_are_those_of_whoosh(
    first: list[Prepared], later: list[list[Prepared]], removed: set[int], nodes: list[Node]
) -> None:
    def ask(engine: WhooshEngine, searcher: Anything) -> None:
        for node in nodes:
            assert ours(engine, node) == pytest.approx(theirs(searcher, node), rel=CLOSE), node

    asked(first, later, removed, ask)


@given(
    *CORPUS, st.lists(st.builds(Prefix, FIELD, st.sampled_from(["a", "ab", "失"])), min_size=1, max_size=3)
)
def test_what_begins_so_is_what_whoosh_finds(
    first: list[Prepared], later: list[list[Prepared]], removed: set[int], nodes: list[Node]
) -> None:
    def ask(engine: WhooshEngine, searcher: Anything) -> None:
        for node in nodes:
            assert ours(engine, node).keys() == theirs(searcher, node).keys(), node

    asked(first, later, removed, ask)


@given(
    *CORPUS,
    st.lists(
        st.builds(Fuzzy, FIELD, st.sampled_from([*TOKENS, "abd"]), st.integers(1, 2)), min_size=1, max_size=3
    ),
)
def test_what_is_near_is_what_whoosh_finds(
    first: list[Prepared], later: list[list[Prepared]], removed: set[int], nodes: list[Fuzzy]
) -> None:
    def ask(engine: WhooshEngine, searcher: Anything) -> None:
        for node in nodes:
            # its automaton knows no swaps of neighbours, its distance does
            every = [text.decode() for text in searcher.reader().lexicon(node.field)]
            near = [
                text
                for text in every
                if damerau_levenshtein(text, node.text) <= node.distance
                and text[: node.prefix] == node.text[: node.prefix]
            ]
            terms = Any(tuple(Term(node.field, text) for text in near))
            assert ours(engine, node).keys() == (theirs(searcher, terms).keys() if terms.nodes else set()), (
                node
            )

    asked(first, later, removed, ask)


@given(
    *CORPUS,
    st.lists(
        PHRASES.filter(lambda node: node.offsets == tuple(range(len(node.texts)))), min_size=1, max_size=4
    ),
)
def test_a_phrase_is_where_whoosh_finds_it_and_scores_as_one_rare_word(
    first: list[Prepared], later: list[list[Prepared]], removed: set[int], nodes: list[Phrase]
) -> None:
    """Whoosh adds up the words' scores however often they stand elsewhere; ours counts the phrase."""

    def ask(engine: WhooshEngine, searcher: Anything) -> None:
        for node in nodes:
            found = ours(engine, node)
            assert found.keys() == theirs(searcher, node).keys(), node
            rarity = sum(searcher.idf(node.field, text) for text in node.texts) if found else 0.0
            for key, score in found.items():
                number = searcher.document_number(key=str(key))
                length = searcher.doc_field_length(number, node.field)
                expected = bm25(
                    rarity,
                    _count(first, later, key, node),
                    length,
                    searcher.avg_field_length(node.field),
                    0.75,
                    1.2,
                )
                assert score == pytest.approx(expected, rel=CLOSE)

    asked(first, later, removed, ask)


def _count(first: list[Prepared], later: list[list[Prepared]], key: Key, node: Phrase) -> int:
    """How often the newest document of that key has the phrase."""
    begun: dict[Key, Prepared] = {}
    for prepared in first:
        begun.setdefault(Key(prepared.document.source, prepared.document.pk), prepared)
    for prepared in (prepared for batch in later for prepared in batch):
        begun[Key(prepared.document.source, prepared.document.pk)] = prepared
    tokens = begun[key].fields[node.field]
    starts = [{place - at for place in tokens.get(text, ())} for at, text in enumerate(node.texts)]
    return len(set.intersection(*starts))
