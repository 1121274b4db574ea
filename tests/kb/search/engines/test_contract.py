"""What every engine does alike; a new one joins by a line in `engine`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kb.search.analysis import prepare
from kb.search.documents import MARKS
from kb.search.engines.base import (
    Across,
    All,
    Any,
    Dated,
    Engine,
    EngineHit,
    EnginePage,
    Everything,
    Filters,
    Fuzzy,
    Key,
    Lift,
    Marked,
    Most,
    Phrase,
    Prefix,
    Request,
    Sort,
    State,
    Term,
    Without,
)
from kb.search.engines.memory import MemoryEngine
from kb.search.engines.whoosh import WhooshEngine
from tests.kb.search.texts import ALL, TODAY, a_document, prepared

SALES, SUPPORT, LEE = frozenset({"d:1"}), frozenset({"d:2"}), frozenset({"u:7"})


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    made: Engine = MemoryEngine() if request.param == "memory" else WhooshEngine(tmp_path / "index")
    made.rebuild([])
    return made


def ask(engine: Engine, strict: object = None, viewer: frozenset[str] = ALL, **said: object) -> EnginePage:
    wanted = strict if strict is not None else Everything()
    return engine.search(replace(Request(strict=wanted, viewer=viewer), **said))  # type: ignore[arg-type]


def pks(page: EnginePage) -> list[int]:
    return [hit.key.pk for hit in page.hits]


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


# ------------------------------------------------------------------ narrowing inside a query, near words, marks, lift
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


LONG_AGO = date(1990, 1, 1)


def test_very_old_dates_are_dates(engine: Engine) -> None:
    engine.apply([prepared(1, updated_on=LONG_AGO)])

    assert ask(engine, filters=Filters(before=LONG_AGO)).total == 1
