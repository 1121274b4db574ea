"""Random texts, readers and queries: Whoosh answers as looking at every document does."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kb.search import ranking
from kb.search.analysis import Prepared
from kb.search.engines.base import Engine, EnginePage, Filters, Key, Request
from kb.search.engines.memory import MemoryEngine
from kb.search.engines.whoosh import WhooshEngine
from kb.search.question import ask
from tests.kb.search.texts import TEXTS, TODAY, prepared

TOKENS = st.frozensets(st.sampled_from(["all", "d:1", "d:2", "u:1"]), min_size=1, max_size=2)
READERS = st.lists(TOKENS, min_size=1, max_size=2).map(tuple)
TAGS = st.frozensets(st.sampled_from(["価格", "SSO", "支援"]), max_size=2).map(
    lambda tags: tuple(sorted(tags))
)


@st.composite
def documents(draw: st.DrawFn) -> Prepared:
    return prepared(
        draw(st.integers(1, 8)),
        draw(TEXTS),
        draw(TEXTS),
        kind=draw(st.sampled_from(["faq", "news"])),
        tags=draw(TAGS),
        readers=draw(READERS),
        updated_on=TODAY - timedelta(days=draw(st.integers(0, 3))),
    )


def fill(engine: Engine, first: list[Prepared], later: list[list[Prepared]], removed: set[int]) -> Engine:
    engine.rebuild(first)
    for batch in later:
        engine.apply(batch)
    engine.apply([], [Key("article", pk) for pk in removed])
    return engine


def shape(page: EnginePage) -> object:
    return (page.total, page.also, page.facets, {(hit.key, hit.complete) for hit in page.hits})


@given(
    st.lists(documents(), max_size=6, unique_by=lambda made: made.document.pk),
    st.lists(st.lists(documents(), max_size=3), max_size=3),
    st.sets(st.integers(1, 8), max_size=2),
    st.lists(
        st.one_of(TEXTS, st.sampled_from(["失注", "京都", "しょうだん", "声", "SSO 商談 受注"])),
        min_size=1,
        max_size=4,
    ),
    st.frozensets(st.sampled_from(["all", "d:1", "d:2", "u:1", "u:9"])),
    st.sampled_from(
        [Filters(), Filters(kinds=frozenset({"faq"})), Filters(tags=frozenset({"価格"}), after=TODAY)]
    ),
)
def test_whoosh_finds_and_counts_what_the_plain_engine_does(
    first: list[Prepared],
    later: list[list[Prepared]],
    removed: set[int],
    queries: list[str],
    viewer: frozenset[str],
    filters: Filters,
) -> None:
    plain = fill(MemoryEngine(), first, later, removed)
    with tempfile.TemporaryDirectory() as folder:
        whoosh = fill(WhooshEngine(Path(folder)), first, later, removed)
        assert plain.stamps() == whoosh.stamps()
        assert plain.tags(viewer, frozenset()) == whoosh.tags(viewer, frozenset())
        for query in queries:
            question = ask(query)
            request = Request(
                strict=ranking.strict(question),
                whole=ranking.whole(question),
                loose=ranking.loose(question),
                loose_below=ranking.loose_below(question),
                score=ranking.score(question),
                viewer=viewer,
                filters=filters,
                size=100,
            )
            assert shape(plain.search(request)) == shape(whoosh.search(request)), query
