"""Random texts, readers and queries: Whoosh answers as looking at every document does."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import ranking
from kb.search.analysis import Prepared
from kb.search.engines.base import Any, Engine, EnginePage, Filters, Key, Lift, Most, Node, Request, Sort
from kb.search.engines.memory import MemoryEngine
from kb.search.engines.whoosh import WhooshEngine
from kb.search.question import ask
from tests.kb.search.engines import trees
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


BATCHES = st.lists(st.lists(trees.documents(), min_size=1, max_size=3), max_size=10)
LIFTS = st.one_of(
    st.none(),
    st.builds(
        Lift,
        st.just(TODAY),
        fresh=st.sampled_from([0.0, 0.5]),
        used=st.sampled_from([0.0, 0.3]),
        use=st.dictionaries(st.builds(Key, st.just("article"), st.integers(1, 12)), st.integers(0, 9)),
    ),
)
UNSURE = st.frozensets(st.builds(Key, st.just("article"), st.integers(1, 12)), max_size=3)


def some_are_hidden(keys: frozenset[Key]) -> frozenset[Key]:
    return frozenset(key for key in keys if key.pk % 2)


@given(
    st.lists(trees.documents(), max_size=8, unique_by=lambda made: (made.document.source, made.document.pk)),
    BATCHES,
    st.sets(st.integers(1, 9), max_size=2),
    trees.TREES,
    st.one_of(st.none(), trees.TREES),
    st.one_of(
        st.none(),
        st.builds(
            Most,
            st.lists(trees.TREES, min_size=1, max_size=4).map(tuple),
            st.sampled_from([0.2, 0.5, 0.8]),
            st.sampled_from([0.0, 0.1, 0.3]),
            st.integers(1, 6),
        ),
    ),
    trees.FILTERS,
    LIFTS,
    st.sampled_from([Sort.NEWEST, Sort.READ]),
    UNSURE,
)
def test_any_tree_any_narrowing_any_order(
    first: list[Prepared],
    later: list[list[Prepared]],
    removed: set[int],
    strict: Node,
    whole: Node | None,
    loose: Most | None,
    filters: Filters,
    lift: Lift | None,
    sort: Sort,
    unsure: frozenset[Key],
) -> None:
    request = Request(
        strict=strict,
        viewer=frozenset({"all", "u:1"}),
        score=Any(()),
        whole=whole,
        loose=loose,
        loose_below=5,
        filters=filters,
        buckets={"1y": TODAY - timedelta(days=300)},
        sort=sort,
        lift=lift,
        size=100,
        unsure=unsure,
        decide=some_are_hidden,
    )
    plain = fill(MemoryEngine(), first, later, removed).search(request)
    with tempfile.TemporaryDirectory() as folder:
        whoosh = fill(WhooshEngine(Path(folder)), first, later, removed).search(request)

    assert shape(plain) == shape(whoosh)
    assert [hit.key for hit in plain.hits] == [hit.key for hit in whoosh.hits]


@given(
    st.lists(trees.documents(), max_size=9, unique_by=lambda made: (made.document.source, made.document.pk)),
    st.lists(st.one_of(trees.TERMS, trees.ACROSSES), min_size=1, max_size=3),
    LIFTS,
    st.one_of(st.none(), trees.TERMS),
)
def test_scores_their_lift_and_their_parts_are_those_of_the_plain_engine(
    first: list[Prepared], nodes: list[Node], lift: Lift | None, whole: Node | None
) -> None:
    """As long as nothing was deleted, which Whoosh counts in how rare a word is; short fields keep their exact length."""
    node = Any(tuple(nodes))
    request = Request(node, frozenset({"all", "u:1"}), score=node, whole=whole, lift=lift, size=100)
    short = [made for made in first if all(_length(made, name) <= 10 for name in trees.FIELDS)]
    plain = fill(MemoryEngine(), short, [], set()).search(request)
    with tempfile.TemporaryDirectory() as folder:
        whoosh = fill(WhooshEngine(Path(folder)), short, [], set()).search(request)

    found = {hit.key: hit for hit in whoosh.hits}
    assert {hit.key: hit.score for hit in plain.hits} == pytest.approx(
        {key: hit.score for key, hit in found.items()}, rel=1e-5
    )
    for hit in plain.hits:
        assert dict(hit.parts) == pytest.approx(dict(found[hit.key].parts), rel=1e-5)


def _length(made: Prepared, name: str) -> int:
    return sum(len(places) for places in made.fields[name].values())
