"""Random documents of few tokens and random query trees over them, for tests that hold engines against each other."""

from __future__ import annotations

from array import array
from datetime import timedelta

from hypothesis import strategies as st

from kb.search.analysis import Prepared
from kb.search.engines.base import (
    Across,
    All,
    Any,
    Dated,
    Everything,
    Filters,
    Fuzzy,
    Marked,
    Node,
    Phrase,
    Prefix,
    Term,
    Without,
)
from tests.kb.search.texts import TODAY, a_document

TOKENS = ("a", "ab", "abc", "acb", "b", "ba", "c", "é", "失注")
FIELDS = ("title_words", "body_words")
READERS = st.frozensets(st.sampled_from(["all", "d:1", "u:1"]), min_size=1, max_size=2)
ACROSS = (("title_words", 3.0), ("body_words", 1.0))


def tokens_of(texts: list[str]) -> dict[str, array[int]]:
    """Tokens at the places where they stand; "" leaves a gap."""
    found: dict[str, array[int]] = {}
    for place, text in enumerate(texts):
        if text:
            found.setdefault(text, array("I")).append(place)
    return found


TEXTS = st.lists(st.sampled_from([*TOKENS, ""]), max_size=14)


@st.composite
def documents(draw: st.DrawFn, most: int = 9) -> Prepared:
    document = a_document(
        draw(st.integers(1, most)),
        source=draw(st.sampled_from(["article", "term"])),
        kind=draw(st.sampled_from(["faq", "news"])),
        tags=draw(st.sampled_from([(), ("価格",), ("SSO", "価格"), ("sso",)])),
        language=draw(st.sampled_from(["ja", "en"])),
        marks=draw(st.sampled_from([{}, {"author": ("1",)}, {"author": ("1", "2"), "result": ("won",)}])),
        readers=tuple(draw(st.lists(READERS, min_size=1, max_size=2))),
        updated_on=TODAY - timedelta(days=draw(st.integers(0, 400))),
    )
    return Prepared(document, {name: tokens_of(draw(TEXTS)) for name in FIELDS})


# ------------------------------------------------------------------ queries
FIELD = st.sampled_from(FIELDS)
TERMS = st.builds(Term, FIELD, st.sampled_from([*TOKENS, "missing"]), st.sampled_from([1.0, 2.5]))
PHRASES = st.lists(st.sampled_from(TOKENS), min_size=2, max_size=3).flatmap(
    lambda texts: st.builds(
        Phrase,
        FIELD,
        st.just(tuple(texts)),
        st.sampled_from([tuple(range(len(texts))), (0, 2, 3)[: len(texts)]]),
    )
)
LIKE = st.one_of(
    st.builds(Prefix, FIELD, st.sampled_from(["a", "ab", "失", "z"])),
    st.builds(Fuzzy, FIELD, st.sampled_from(["abc", "ab", "失注"]), st.integers(1, 2), st.integers(0, 1)),
)
ACROSSES = st.builds(Across, st.just(ACROSS), st.tuples(st.sampled_from(TOKENS)))
NARROW = st.one_of(
    st.builds(Marked, st.just("kind"), st.sampled_from([frozenset({"faq"}), frozenset({"no such"})])),
    st.builds(Marked, st.just("tag"), st.sampled_from([frozenset({"sso"}), frozenset({"価格"})])),
    st.builds(Marked, st.just("author"), st.sampled_from([frozenset({"2"}), frozenset({"1", "2"})])),
    st.builds(Dated, st.sampled_from([None, TODAY - timedelta(days=200)]), st.sampled_from([None, TODAY])),
)


def _deeper(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, max_size=4).map(tuple)
    return st.one_of(
        st.builds(All, several), st.builds(Any, several, st.integers(0, 3)), st.builds(Without, nodes)
    )


TREES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(TERMS, PHRASES, LIKE, ACROSSES, NARROW, st.just(Everything())), _deeper, max_leaves=8
)
FILTERS = st.builds(
    Filters,
    kinds=st.sampled_from([frozenset[str](), frozenset({"faq"})]),
    tags=st.sampled_from([frozenset[str](), frozenset({"sso"})]),
    languages=st.sampled_from([frozenset[str](), frozenset({"ja"})]),
    after=st.sampled_from([None, TODAY - timedelta(days=300)]),
    marks=st.sampled_from(
        [{}, {"author": frozenset({"1"})}, {"author": frozenset({"2"}), "result": frozenset({"won"})}]
    ),
)
