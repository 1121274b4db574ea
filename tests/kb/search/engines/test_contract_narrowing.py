"""What every engine does alike with what stands inside a query, with marks, and with what rises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kb.search.engines.base import (
    Across,
    All,
    Any,
    Dated,
    Engine,
    Everything,
    Filters,
    Fuzzy,
    Key,
    Lift,
    Marked,
    Prefix,
    Sort,
    Term,
    Without,
)
from tests.kb.search.engines.asking import ask, pks
from tests.kb.search.texts import TODAY, prepared


@pytest.fixture
def marked(engine: Engine) -> Engine:
    engine.apply(
        [
            prepared(1, "Pricing", "deal deal customer", tags=("価格",), marks={"author": ("7",)}),
            prepared(
                2, "Price list", "deals costumer", kind="news", language="en",
                marks={"author": ("7", "8"), "result": ("won",)}, updated_on=TODAY - timedelta(days=400),
            ),
            prepared(3, "Other", "custom", tags=("ＳＳＯ",)),
        ]
    )  # fmt: skip
    return engine


@pytest.mark.parametrize(
    ("strict", "expected"),
    [
        (Fuzzy("body_words", "custon"), {1, 3}),
        (Fuzzy("body_words", "cutsom"), {1, 3}),
        (Fuzzy("body_words", "xustom"), set()),
        (Fuzzy("body_words", "xustom", prefix=0), {1, 3}),
        (Fuzzy("body_words", "cus", distance=1), set()),
        (Marked("kind", frozenset({"news"})), {2}),
        (Marked("tag", frozenset({"sso"})), {3}),
        (Marked("language", frozenset({"en", "ja"})), {1, 2, 3}),
        (Marked("author", frozenset({"8"})), {2}),
        (Marked("author", frozenset({"nobody"})), set()),
        (Dated(after=TODAY), {1, 3}),
        (Dated(before=TODAY - timedelta(days=1)), {2}),
        (Dated(), {1, 2, 3}),
        (Without(Term("body_words", "deal")), {3}),
        (All((Term("body_words", "deal"), Without(Marked("kind", frozenset({"news"}))))), {1}),
        (Any((Term("body_words", "custom"), Without(Everything()))), {1, 3}),
        (Across((("title_words", 2.0), ("body_words", 1.0)), ("price",)), {1, 2}),
        (Across((("title_words", 2.0), ("body_words", 1.0)), ("price", "list"), (0, 1)), {2}),
    ],
)
def test_words_can_be_near_left_out_marked_and_dated(
    marked: Engine, strict: object, expected: set[int]
) -> None:
    assert set(pks(ask(marked, strict))) == expected


def test_what_is_deleted_does_not_come_back_by_leaving_something_out(marked: Engine) -> None:
    marked.apply([], [Key("article", 3)])

    assert set(pks(ask(marked, Without(Term("body_words", "missing"))))) == {1, 2}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({"author": frozenset({"7"})}, {1, 2}),
        ({"author": frozenset({"7"}), "result": frozenset({"won", "lost"})}, {2}),
        ({"author": frozenset[str]()}, {1, 2, 3}),
        ({"owner": frozenset({"7"})}, set()),
    ],
)
def test_marks_narrow_down_and_are_counted(
    marked: Engine, marks: dict[str, frozenset[str]], expected: set[int]
) -> None:
    page = ask(marked, filters=Filters(marks=marks))

    assert set(pks(page)) == expected
    assert page.total == len(expected)


def test_each_mark_is_counted_as_if_it_were_not_narrowed_itself(marked: Engine) -> None:
    page = ask(marked, filters=Filters(marks={"author": frozenset({"8"})}))

    assert page.facets["author"] == {"7": 2, "8": 1}
    assert page.facets["result"] == {"won": 1}


def test_only_the_facets_that_were_asked_for_are_counted(marked: Engine) -> None:
    page = ask(marked, facets=("kind",))

    assert page.facets["kind"] == {"faq": 2, "news": 1}
    assert not any(page.facets[name] for name in page.facets if name != "kind")


@pytest.mark.parametrize("sort", [Sort.READ, Sort.RELEVANCE])
def test_without_reads_most_read_is_best_first(marked: Engine, sort: Sort) -> None:
    score = Term("body_words", "deal")

    assert pks(ask(marked, score, score=score, sort=sort)) == [1, 2]


def test_most_read_first_whatever_the_score(marked: Engine) -> None:
    lift = Lift(TODAY, use={Key("article", 2): 5, Key("article", 3): 9, Key("article", 77): 50})

    assert pks(ask(marked, sort=Sort.READ, lift=lift)) == [3, 2, 1]


def test_what_is_new_or_used_rises_and_says_by_how_much(marked: Engine) -> None:
    score = Term("body_words", "deal")
    plain = {hit.key.pk: hit.score for hit in ask(marked, score, score=score).hits}
    lift = Lift(TODAY, half_life=400, fresh=0.5, used=1.0, use={Key("article", 2): 3})

    hits = {hit.key.pk: hit for hit in ask(marked, score, score=score, lift=lift).hits}

    assert hits[1].score == pytest.approx(plain[1] * 1.5)
    assert hits[2].score == pytest.approx(plain[2] * 2.25)
    assert hits[2].parts["used"] == pytest.approx(plain[2])
    assert all(hit.score == pytest.approx(sum(hit.parts.values())) for hit in hits.values())


@pytest.mark.parametrize(
    "node", [Prefix("body_words", "w", limit=2), Fuzzy("body_words", "w0", prefix=1, limit=2)]
)
def test_of_many_tokens_the_commonest_are_looked_for(engine: Engine, node: object) -> None:
    engine.apply([prepared(pk, body=f"w{pk % 3} w9") for pk in range(1, 8)])
    engine.apply([prepared(20, body="w5"), prepared(21, body="w6")])

    assert set(pks(ask(engine, node))) == set(range(1, 8))
