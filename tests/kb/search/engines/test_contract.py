"""What every engine does alike; a new one joins by a line in `conftest`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kb.search.analysis import prepare
from kb.search.documents import MARKS
from kb.search.engines.base import (
    Across,
    All,
    Any,
    Engine,
    EngineHit,
    EnginePage,
    Everything,
    Filters,
    Key,
    Most,
    Phrase,
    Prefix,
    Sort,
    State,
    Term,
)
from tests.kb.search.engines.asking import ask, pks
from tests.kb.search.texts import ALL, TODAY, a_document, prepared

SALES, SUPPORT, LEE = frozenset({"d:1"}), frozenset({"d:2"}), frozenset({"u:7"})


# ------------------------------------------------------------------ matching
def test_an_empty_engine_finds_nothing_and_is_ready(engine: Engine) -> None:
    assert engine.state() is State.READY
    assert ask(engine) == EnginePage(hits=[])


@pytest.mark.parametrize(
    ("strict", "expected"),
    [
        (Term("body_words", "商談"), {1, 2}),
        (Term("body_words", "missing"), set()),
        (Term("title_words", "商談"), set()),
        (Phrase("body_words", ("商談", "記録"), (0, 1)), {1}),
        (Phrase("body_pairs", ("商談", "談記"), (0, 1)), {1}),
        (Phrase("body_pairs", ("missing", "談記"), (0, 1)), set()),
        (Prefix("body_readings", "しょう"), {1, 2}),
        (Prefix("body_readings", "zz"), set()),
        (Term("characters", "録"), {1, 2}),
        (All((Term("body_words", "商談"), Term("body_words", "sso"))), {2}),
        (All((Term("body_words", "商談"), Term("body_words", "missing"))), set()),
        (All(()), set()),
        (Any((Term("body_words", "sso"), Term("title_words", "価格"))), {2, 3}),
        (
            Any((Term("body_words", "sso"), Term("body_words", "商談"), Term("body_words", "記録")), least=3),
            {2},
        ),
        (Any(()), set()),
        (Everything(), {1, 2, 3}),
    ],
)
def test_a_query_tree_matches(engine: Engine, strict: object, expected: set[int]) -> None:
    engine.apply([prepared(1, body="商談記録を書く"), prepared(2, body="商談のSSO、記録")])
    engine.apply([prepared(3, "価格", "三つの見積もり")])

    page = ask(engine, strict)

    assert set(pks(page)) == expected
    assert page.total == len(expected)


def test_a_phrase_is_counted_across_commits_and_not_across_documents(engine: Engine) -> None:
    engine.apply([prepared(1, body="東京都"), prepared(2, body="京都")])
    engine.apply([prepared(3, body="京と都")])

    assert set(pks(ask(engine, Phrase("body_pairs", ("京都",), (0,))))) == {1, 2}


# ------------------------------------------------------------------ writing
def test_a_document_replaces_the_one_with_its_key(engine: Engine) -> None:
    engine.apply([prepared(1, body="古い", stamp="a")])
    engine.apply([prepared(1, body="新しい", stamp="b")])

    assert ask(engine).total == 1
    assert engine.stamps() == {Key("article", 1): "b"}


def test_a_document_twice_in_one_batch_is_there_once_as_it_was_last(engine: Engine) -> None:
    engine.apply([prepared(1, stamp="a"), prepared(1, stamp="b")])
    engine.apply([prepared(1, stamp="c"), prepared(2), prepared(1, stamp="d")])

    assert ask(engine).total == 2
    assert engine.stamps()[Key("article", 1)] == "d"


def test_one_number_in_two_sources_is_two_documents(engine: Engine) -> None:
    engine.apply([prepared(1), prepared(1, source="term", kind="term")])

    assert ask(engine).total == 2


def test_what_is_removed_is_gone_and_removing_it_again_is_nothing(engine: Engine) -> None:
    engine.apply([prepared(1, body="失注"), prepared(2, body="失注")])
    for _again in range(2):
        engine.apply([], [Key("article", 1), Key("article", 99)])

    assert pks(ask(engine, Term("body_words", "失注"))) == [2]
    assert engine.stamps() == {Key("article", 2): "2"}


def test_a_rebuild_takes_the_place_of_everything(engine: Engine) -> None:
    engine.apply([prepared(1)])

    assert engine.rebuild(prepared(pk) for pk in (2, 3, 3)) == 2
    assert engine.stamps().keys() == {Key("article", 2), Key("article", 3)}


def test_a_document_with_three_sets_of_readers_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="two sets"):
        engine.apply([prepare(a_document(1, readers=(ALL, SALES, LEE)))])

    assert ask(engine).total == 0


# ------------------------------------------------------------------ permission
@pytest.fixture
def shelves(engine: Engine) -> Engine:
    engine.apply(
        [
            prepared(1, body="失注", tags=("公開",)),
            prepared(2, body="失注", readers=(SALES,), kind="news", tags=("営業",)),
            prepared(3, body="失注", readers=(SUPPORT | LEE,), language="en", tags=("支援",)),
            prepared(4, body="失注", readers=(SALES, LEE), tags=("二つ",)),
        ]
    )
    return engine


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        (ALL, {1}),
        (ALL | SALES, {1, 2}),
        (ALL | SUPPORT, {1, 3}),
        (ALL | LEE, {1, 3}),
        (ALL | SALES | LEE, {1, 2, 3, 4}),
        (frozenset({"d:9"}), set()),
        (frozenset(), set()),
    ],
)
def test_a_viewer_meets_every_set_of_readers_or_finds_nothing(
    shelves: Engine, viewer: frozenset[str], expected: set[int]
) -> None:
    for strict in (Term("body_words", "失注"), Everything()):
        page = ask(shelves, strict, viewer)
        assert set(pks(page)) == expected
        assert page.total == len(expected)
        assert sum(page.facets["kind"].values()) == len(expected)
        assert sum(page.facets["tag"].values()) == len(expected)
    assert sum(shelves.tags(viewer, frozenset()).values()) == len(expected)


def test_tags_leave_out_what_is_hidden(shelves: Engine) -> None:
    assert shelves.tags(ALL | SALES, frozenset({Key("article", 2)})) == {"公開": 1}


def test_what_the_index_is_not_sure_of_counts_as_it_is_decided(shelves: Engine) -> None:
    asked: list[frozenset[Key]] = []

    def decide(keys: frozenset[Key]) -> frozenset[Key]:
        asked.append(keys)
        return keys & {Key("article", 3)}

    unsure = frozenset({Key("article", 1), Key("article", 3), Key("article", 88)})
    page = ask(shelves, Term("body_words", "失注"), ALL | SALES, unsure=unsure, decide=decide)

    assert set(pks(page)) == {2, 3}
    assert page.total == 2
    assert page.facets["language"] == {"ja": 1, "en": 1}
    assert asked == [frozenset({Key("article", 1), Key("article", 3)})]


# ------------------------------------------------------------------ narrowing, facets, order, pages
@pytest.fixture
def dated(engine: Engine) -> Engine:
    engine.apply(
        [
            prepared(1, body="失注", tags=("価格", "支援"), updated_on=TODAY),
            prepared(2, body="失注", kind="news", tags=("価格",), updated_on=TODAY - timedelta(days=100)),
            prepared(3, body="失注", language="en", updated_on=TODAY - timedelta(days=500)),
        ]
    )
    return engine


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {1, 2, 3}),
        (Filters(kinds=frozenset({"news"})), {2}),
        (Filters(kinds=frozenset({"news", "faq"})), {1, 2, 3}),
        (Filters(kinds=frozenset({"no such"})), set()),
        (Filters(tags=frozenset({"価格"})), {1, 2}),
        (Filters(tags=frozenset({"価格", "支援"}), kinds=frozenset({"faq"})), {1}),
        (Filters(languages=frozenset({"en"})), {3}),
        (Filters(after=TODAY - timedelta(days=100)), {1, 2}),
        (Filters(before=TODAY - timedelta(days=100)), {2, 3}),
        (Filters(after=TODAY, before=TODAY), {1}),
        (Filters(after=TODAY + timedelta(days=1)), set()),
    ],
)
def test_filters_narrow_down_and_the_total_follows(
    dated: Engine, filters: Filters, expected: set[int]
) -> None:
    page = ask(dated, Term("body_words", "失注"), filters=filters)

    assert set(pks(page)) == expected
    assert page.total == len(expected)


def test_each_facet_counts_as_if_it_were_not_narrowed_itself(dated: Engine) -> None:
    buckets = {"3m": TODAY - timedelta(days=91), "1y": TODAY - timedelta(days=365)}
    page = ask(dated, filters=Filters(kinds=frozenset({"faq"})), buckets=buckets)

    assert page.facets == {
        "kind": {"faq": 2, "news": 1},
        "tag": {"価格": 1, "支援": 1},
        "language": {"ja": 1, "en": 1},
        "date": {"3m": 1, "1y": 1},
        **{name: {} for name in MARKS},
    }


def test_two_narrowings_hide_what_fails_both(dated: Engine) -> None:
    page = ask(dated, filters=Filters(kinds=frozenset({"faq"}), languages=frozenset({"en"})))

    assert page.facets["kind"] == {"faq": 1}
    assert page.facets["language"] == {"ja": 1, "en": 1}


def test_newest_first(dated: Engine) -> None:
    assert pks(ask(dated, sort=Sort.NEWEST)) == [1, 2, 3]


def test_pages_follow_each_other_without_gaps(engine: Engine) -> None:
    engine.apply([prepared(pk, body="失注 " * pk + "その他" * 9) for pk in range(1, 24)])
    score = Term("body_words", "失注")
    whole = pks(ask(engine, score, score=score, size=100))

    parts = [pks(ask(engine, score, score=score, offset=start, size=10)) for start in (0, 10, 20, 30)]

    assert [len(part) for part in parts] == [10, 10, 3, 0]
    assert [pk for part in parts for pk in part] == whole


# ------------------------------------------------------------------ ranking
def test_rarer_words_and_shorter_fields_weigh_more(engine: Engine) -> None:
    engine.apply(
        [
            prepared(1, body="失注"),
            prepared(2, body="失注 " + "ほか " * 60),
            prepared(3, body="価格 失注 失注"),
        ]
    )
    score = Any((Term("body_words", "失注"), Term("body_words", "価格")))

    found = ask(engine, score, score=score).hits

    assert [hit.key.pk for hit in found] == [3, 1, 2]
    assert all(hit.score == pytest.approx(sum(hit.parts.values())) for hit in found)


def test_a_boost_multiplies(engine: Engine) -> None:
    engine.apply([prepared(1, "失注", "失注")])
    (hit,) = ask(engine, score=Any((Term("title_words", "失注", 3.0), Term("body_words", "失注")))).hits

    assert hit.parts["title_words"] == pytest.approx(3 * hit.parts["body_words"], rel=0.2)


def test_a_phrase_whose_tokens_stand_apart_everywhere_scores_nothing(engine: Engine) -> None:
    """Also where the page has far fewer hits than the index things, and only theirs are looked at."""
    engine.apply([prepared(number, "頁", f"基盤 と {number} 帳票") for number in range(1, 200)])
    phrase = Phrase("body_words", ("帳票", "基盤"), (0, 1))
    score = Any(
        (
            phrase,
            Across((("body_words", 1.0),), ("帳票",)),
            Across((("body_words", 1.0),), ("帳票", "基盤"), (0, 1)),
        )
    )

    page = ask(engine, Term("body_words", "帳票"), score=score, size=1)

    assert page.total == 199
    assert page.hits[0].score > 0


def test_whole_words_rank_above_any_number_of_parts_of_words(engine: Engine) -> None:
    engine.apply(
        [
            prepared(1, "東京都", "東京都" * 50),
            prepared(2, "案内", "あれこれ " * 500 + "京都"),
            prepared(3, "別"),
        ]
    )
    strict = Any((Phrase("body_pairs", ("京都",), (0,)), Phrase("title_pairs", ("京都",), (0,))))
    score = Any((Term("title_pairs", "京都", 3.0), Term("body_pairs", "京都"), Term("body_words", "京都")))

    hits = ask(engine, strict, score=score, whole=Term("body_words", "京都")).hits

    assert [hit.key.pk for hit in hits] == [2, 1]
    assert hits[0].score > hits[1].score


def below(engine: Engine, *, floor: int = 3, enough: int = 30, loose_below: int = 10) -> EnginePage:
    nodes = tuple(Term("body_words", word) for word in ("a1", "b1", "c1", "d1"))
    loose = Most(nodes, least=3, floor=floor, enough=enough)
    return ask(engine, All(nodes), loose=loose, loose_below=loose_below, score=Any(nodes))


@pytest.fixture
def partial(engine: Engine) -> Engine:
    bodies = ("a1 b1 c1 d1", "a1 b1 c1", "a1 b1", "a1", "x1")
    engine.apply([prepared(number, body=body) for number, body in enumerate(bodies)])
    return engine


def test_most_of_the_words_follow_below_what_has_all(partial: Engine) -> None:
    page = below(partial)

    assert [(hit.key.pk, hit.complete) for hit in page.hits] == [(0, True), (1, False)]
    assert (page.total, page.also) == (1, 1)
    assert page.facets["kind"] == {"faq": 2}


def test_enough_with_all_the_words_leaves_the_rest_out(partial: Engine) -> None:
    page = below(partial, loose_below=1)

    assert (page.total, page.also, len(page.hits)) == (1, 0, 1)


@pytest.mark.parametrize(("floor", "enough", "also"), [(2, 30, 2), (1, 30, 3), (1, 3, 2), (1, 2, 1)])
def test_fewer_words_will_do_while_there_is_too_little_to_read(
    partial: Engine, floor: int, enough: int, also: int
) -> None:
    assert below(partial, floor=floor, enough=enough).also == also


def test_a_hit_names_the_fields_it_scored_in(engine: Engine) -> None:
    engine.apply([prepared(1, "失注", "価格")])
    score = Any((Term("title_words", "失注"), Term("body_words", "価格"), Term("body_words", "missing")))

    (hit,) = ask(engine, score=score).hits

    assert isinstance(hit, EngineHit)
    assert hit.parts.keys() == {"title_words", "body_words"}


def test_warming_up_an_engine_changes_nothing(engine: Engine) -> None:
    engine.apply([prepared(1)])
    engine.warm()

    assert ask(engine).total == 1


LONG_AGO = date(1990, 1, 1)


def test_very_old_dates_are_dates(engine: Engine) -> None:
    engine.apply([prepared(1, updated_on=LONG_AGO)])

    assert ask(engine, filters=Filters(before=LONG_AGO)).total == 1
