"""Other forms of the glossary's terms: found in both languages, told on the hit, turned off at will, never a leak."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.articles.actions import Content, save_article
from kb.glossary.actions import TermContent, delete_term, save_term
from kb.glossary.models import Term
from kb.search import registry
from kb.search.documents import Meaning
from kb.search.find import Results, find
from kb.search.index import check, drain, reindex
from kb.search.models import PendingChange
from kb.search.question import ask
from kb.search.widening import form_key, forms_typed, reworded, widen
from tests.factories import an_article

pytestmark = pytest.mark.django_db

LOST = TermContent(preferred="失注", other_language="lost deal", aliases=("失注案件", "取りこぼし"))
COST = TermContent(preferred="CAC", other_language="顧客獲得コスト", aliases=("customer acquisition cost",))


def titles(results: Results) -> list[str]:
    return sorted(hit.title for hit in results.hits)


@pytest.fixture
def pages(lee: User, sato: User) -> User:
    """Pages about one thing in several words, and about other things that look alike."""
    save_term(by=sato, content=LOST)
    save_term(by=sato, content=COST)
    for title, body in {
        "ja": "先月の失注を振り返る。値引きの話。",
        "en": "Every lost deal was discussed, and the price.",
        "alias": "取りこぼしを減らす。",
        "apart": "We lost the key and made a deal.",
        "cac": "The CAC rose by a tenth.",
        "kosuto": "顧客獲得コストが一割上がった。",
        "other": "会議室の予約。",
    }.items():
        an_article(lee, title, body)
    drain()
    return lee


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("失注", ["alias", "en", "ja"]),
        ("lost deal", ["alias", "apart", "en", "ja"]),
        ("Lost Deals", ["alias", "apart", "en", "ja"]),
        ("取りこぼし", ["alias", "en", "ja"]),
        ("cac", ["cac", "kosuto"]),
        ("ＣＡＣ", ["cac", "kosuto"]),
        ("顧客獲得コスト", ["cac", "kosuto"]),
        ("customer acquisition cost", ["cac", "kosuto"]),
        ("lost deal price", ["en"]),
        ("失注 値引き", ["ja"]),
    ],
)
def test_any_form_finds_every_other_form(pages: User, query: str, expected: list[str]) -> None:
    found = find(query, viewer=pages, kinds=["collateral"])

    assert sorted(hit.title for hit in found.hits if hit.complete) == expected
    assert found.total == len(expected)


def test_a_compound_is_found_with_its_word_in_another_form(pages: User, lee: User) -> None:
    an_article(lee, "compound", "失注理由を書く。")
    an_article(lee, "spread", "Of each lost deal, 理由 is noted.")
    drain()

    assert sorted(hit.title for hit in find("失注理由", viewer=pages).hits if hit.complete) == [
        "compound",
        "spread",
    ]
    assert find("失注の理由", viewer=pages).total == 1


def test_what_is_left_out_is_left_out_in_every_form(pages: User) -> None:
    found = find("-失注 price", viewer=pages, kinds=["collateral"])
    assert (found.total, found.also) == (0, 0)
    assert titles(find("-失注 会議室", viewer=pages)) == ["other"]


def test_a_choice_is_widened_where_it_stands_and_a_quotation_is_not(pages: User) -> None:
    either = find("失注 OR CAC", viewer=pages, kinds=["collateral"])
    assert sorted(hit.title for hit in either.hits) == ["alias", "cac", "en", "ja", "kosuto"]
    assert {hit.by_term for hit in either.hits} == {()}
    assert titles(find('"失注"', viewer=pages, kinds=["collateral"])) == ["ja"]
    assert titles(find('"lost deal"', viewer=pages, kinds=["collateral"])) == ["en"]


def test_what_was_typed_ranks_above_another_form_of_it(pages: User) -> None:
    assert find("失注", viewer=pages, kinds=["collateral"]).hits[0].title == "ja"
    assert find("lost deal", viewer=pages, kinds=["collateral"]).hits[0].title == "en"


def test_a_hit_says_that_it_has_another_form_and_marks_it(pages: User) -> None:
    found = find("失注", viewer=pages, kinds=["collateral"])
    by_title = {hit.title: hit for hit in found.hits}

    assert by_title["ja"].by_term == ()
    assert [typed for typed, _others in by_title["en"].by_term] == ["失注"]
    assert "<mark>lost deal</mark>" in by_title["en"].snippet
    assert {word.other for word in found.widened} == {"lost deal", "失注案件", "取りこぼし"}
    assert {word.term for word in found.widened} == {Term.objects.get(preferred="失注").pk}


def test_widening_is_turned_off_by_choice(pages: User) -> None:
    found = find("失注", viewer=pages, kinds=["collateral"], widen=False)

    assert titles(found) == ["ja"]
    assert found.widened == ()


def test_a_term_one_may_not_see_widens_nothing(lee: User, mori: User, sato: User) -> None:
    own = Readers(people=(sato,))
    save_term(by=sato, content=TermContent(preferred="青作戦", other_language="blue plan", readers=own))
    an_article(lee, "blue", "The blue plan begins.")
    drain()

    assert titles(find("青作戦", viewer=sato, kinds=["collateral"])) == ["blue"]
    hidden = find("青作戦", viewer=mori)
    assert (hidden.total, hidden.also, hidden.widened) == (0, 0, ())


def test_a_new_form_brings_only_the_pages_that_have_it_to_the_index_again(pages: User, sato: User) -> None:
    term = Term.objects.get(preferred="失注")
    save_term(by=sato, content=TermContent(preferred="会議室", other_language="meeting room"))
    # the term itself, and then the one page in which it stands
    assert drain() == 2
    assert titles(find("meeting room", viewer=pages, kinds=["collateral"])) == ["other"]

    delete_term(by=sato, term=term)
    drain()
    assert titles(find("失注", viewer=pages)) == ["ja"]
    assert check().ok


def test_a_page_saved_after_the_term_carries_it_at_once(pages: User, lee: User) -> None:
    page = an_article(lee, "later", "Another lost deal.")
    drain()
    assert "later" in titles(find("失注", viewer=pages))
    content = Content("later", "Nothing.", page.kind, page.language, page.collection)
    save_article(by=lee, article=page, content=content, base_version=page.version)
    drain()
    assert "later" not in titles(find("失注", viewer=pages))


def test_building_anew_leaves_nothing_to_be_done(pages: User) -> None:
    reindex()
    assert not PendingChange.objects.exists()
    assert "en" in titles(find("失注", viewer=pages))


def test_a_change_that_touches_no_form_brings_no_page_again(pages: User, sato: User) -> None:
    term = Term.objects.get(preferred="失注")
    changed = TermContent(
        preferred="失注", other_language="lost deal", aliases=LOST.aliases, explanation="負け"
    )
    save_term(by=sato, term=term, content=changed, base_version=term.version)
    assert drain() == 1


def test_the_glossary_is_asked_once_also_where_a_query_is_asked_a_second_time_in_parts(pages: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        find("失注の理由", viewer=pages)

    assert sum("glossary_edition" in query["sql"] for query in asked.captured_queries) == 1


@given(
    st.lists(
        st.sampled_from(["失注", "lost", "deal", "cost", "CAC", "理由", "失注理由", "の", "of"]), max_size=6
    )
)
def test_widening_keeps_every_word_and_can_be_undone(typed: list[str]) -> None:
    question = ask(" ".join(typed))
    forms = {form_key(form): Meaning(("1",), (("other", 1),)) for form in ("失注", "lost deal", "CAC")}
    known = {key: forms[key] for key in forms_typed(question) if key in forms}
    widened = widen(question, known)
    surfaces = [part.surface for leaf in widened.leaves for part in leaf.apart or (leaf,)]

    assert surfaces == [leaf.surface for leaf in question.leaves]
    assert all(not plain.others and not plain.terms for _leaf, plain in reworded(widened))
    assert bool(reworded(widened)) == bool(known)
    assert registry.expander().source == "term"
