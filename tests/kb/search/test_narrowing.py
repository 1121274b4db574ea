"""Finding precisely: operators and narrowings of the query, filters beside it, exact counts, what ranks first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries, Settings

from kb.access.actions import Readers
from kb.accounts.actions import Details, change_person
from kb.accounts.models import Department, User
from kb.articles.models import Article
from kb.glossary.actions import TermContent, save_term
from kb.market.actions import save_named
from kb.market.models import Competitor
from kb.search.find import Results, find
from kb.search.index import check, drain, reindex
from tests.factories import an_article

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["memory:", "whoosh:"], autouse=True)
def engine(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.SEARCH_URL = request.param


def titles(results: Results) -> set[str]:
    return {hit.title for hit in results.hits if hit.complete}


def counts(results: Results, facet: str) -> dict[str, int]:
    return {str(choice.label): choice.count for choice in results.facets[facet]}


@pytest.fixture
def pages(sato: User, lee: User) -> None:
    an_article(sato, "価格の失注", "値引きの前に総額を示す。", kind="battlecard", tags=["価格"])
    an_article(lee, "支援の失注", "顧客の声を先に聞く。", kind="faq", tags=["支援", "価格"])
    an_article(lee, "見送りの記録", "稟議が止まった。声の大きい顧客。", kind="faq")
    drain()


# ------------------------------------------------------------------ operators
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("失注", {"価格の失注", "支援の失注"}),
        ("失注 -支援", {"価格の失注"}),
        ("-失注", {"見送りの記録"}),
        ("失注 OR 見送り", {"価格の失注", "支援の失注", "見送りの記録"}),
        ("(失注 または 見送り) -価格", {"見送りの記録"}),
        ("(失注 支援) OR 稟議", {"支援の失注", "見送りの記録"}),
        ('"顧客の声"', {"支援の失注"}),
        ("顧客 声", {"支援の失注", "見送りの記録"}),
        ('顧客 -"顧客の声"', {"見送りの記録"}),
        ("tag:支援", {"支援の失注"}),
        ("tag:価格 -tag:支援", {"価格の失注"}),
        ("失注 -種別:バトルカード", {"支援の失注"}),
        ("kind:faq", {"支援の失注", "見送りの記録"}),
        ("kind:faq,battlecard 失注", {"価格の失注", "支援の失注"}),
        ("kind:faq kind:battlecard 失注", {"価格の失注", "支援の失注"}),
        ("kind:battlecard OR tag:支援", {"価格の失注", "支援の失注"}),
        ("著者:佐藤", {"価格の失注"}),
        ("author:lee 失注", {"支援の失注"}),
        ("-author:LEE", {"価格の失注"}),
        ("owner:佐藤", {"価格の失注"}),
        ("is:mine", {"支援の失注", "見送りの記録"}),
        ("失注 -is:自分", {"価格の失注"}),
        ("著者:自分 失注", {"支援の失注"}),
        ("lang:日本語 稟議", {"見送りの記録"}),
        ("lang:en", set()),
        ("in:title 価格", {"価格の失注"}),
        ("範囲:本文 声", {"支援の失注", "見送りの記録"}),
        ("in:title 声", set()),
        ("in:title 支", {"支援の失注"}),
        ("in:tags 価格", {"価格の失注", "支援の失注"}),
        ("after:今日 失注", {"価格の失注", "支援の失注"}),
        ("before:昨日", set()),
        ("期間:今日 稟議", {"見送りの記録"}),
        ("-after:今日", set()),
    ],
)
@pytest.mark.usefixtures("pages")
def test_a_query_finds_what_it_says(lee: User, query: str, found: set[str]) -> None:
    results = find(query, viewer=lee)

    assert titles(results) == found
    assert results.total == len(found)
    assert results.notes == ()


@pytest.mark.usefixtures("pages")
def test_what_is_left_out_stays_out_below_the_line_as_well(lee: User) -> None:
    results = find("顧客 総額 稟議 声 -支援", viewer=lee)

    assert results.total == 0
    assert {hit.title for hit in results.hits} == {"価格の失注", "見送りの記録"}


@pytest.mark.usefixtures("pages")
def test_with_and_without_a_word_divide_what_is_found(lee: User) -> None:
    every = titles(find("顧客", viewer=lee))

    for word in ("声", "支援", "大きい", "こえ", '"顧客の声"', "kind:faq", "tag:価格", "顧客の声"):
        having, lacking = titles(find(f"顧客 {word}", viewer=lee)), titles(find(f"顧客 -{word}", viewer=lee))
        assert having | lacking == every, word
        assert not having & lacking, word


@pytest.mark.parametrize(
    ("query", "found", "said"),
    [
        ("失注 foo:支援", set(), "foo:"),
        ('失注 "支援', {"支援の失注"}, "支援"),
        ("失注 OR", {"価格の失注", "支援の失注"}, "OR"),
        ("(失注 支援", {"支援の失注"}, "bracket"),
        ("失注 kind:poem", {"価格の失注", "支援の失注"}, "kind:poem"),
        ("失注 kind:poem,faq", {"支援の失注"}, "kind:poem"),
        ("失注 author:nobody", {"価格の失注", "支援の失注"}, "author:nobody"),
        ("失注 after:いつか", {"価格の失注", "支援の失注"}, "いつか"),
        ("失注 in:sky", {"価格の失注", "支援の失注"}, "in:sky"),
        ("失注 is:yours", {"価格の失注", "支援の失注"}, "is:yours"),
        ("失注 competitor:無い会社", {"価格の失注", "支援の失注"}, "competitor:無い会社"),
        ("失注 -result:perhaps", {"価格の失注", "支援の失注"}, "result:perhaps"),
    ],
)
@pytest.mark.usefixtures("pages")
def test_a_broken_query_is_mended_and_says_so(lee: User, query: str, found: set[str], said: str) -> None:
    with override("en"):
        results = find(query, viewer=lee)

    assert titles(results) == found
    assert len(results.notes) == 1
    assert said in results.notes[0]


@pytest.mark.usefixtures("pages")
def test_a_query_of_nothing_but_what_nobody_knows_leaves_the_filters(lee: User) -> None:
    assert titles(find("kind:poem", viewer=lee, kinds=["battlecard"])) == {"価格の失注"}
    assert titles(find("kind:battlecard", viewer=lee, kinds=["battlecard"])) == {"価格の失注"}
    assert find("kind:poem", viewer=lee).total == 0
    assert find("!!!", viewer=lee, kinds=["battlecard"]).total == 0


# ------------------------------------------------------------------ filters and facets
@pytest.mark.usefixtures("pages")
def test_facets_count_people_and_departments(lee: User, sato: User, ito: User) -> None:
    results = find("失注", viewer=ito)

    assert counts(results, "author") == {str(sato): 1, str(lee): 1}
    assert counts(results, "owner") == {str(sato): 1, str(lee): 1}
    assert counts(results, "department") == {str(sato.departments.get()): 1, str(lee.departments.get()): 1}


@pytest.mark.usefixtures("pages")
def test_each_facet_counts_as_if_it_were_not_narrowed_down_itself(lee: User, sato: User) -> None:
    marketing = str(sato.departments.get().pk)

    by_query = find("部門:マーケティング 失注 kind:battlecard", viewer=lee)
    beside = find("失注", viewer=lee, kinds=["battlecard"], marked={"department": [marketing]})

    for results in (by_query, beside):
        assert titles(results) == {"価格の失注"}
        assert counts(results, "department") == {str(sato.departments.get()): 1}
        assert counts(results, "owner") == {str(sato): 1}
        assert [choice.selected for choice in results.facets["department"]] == [True]
    both = find("失注", viewer=lee, marked={"department": [marketing]})
    assert counts(both, "department") == {str(sato.departments.get()): 1, str(lee.departments.get()): 1}
    assert list(counts(both, "kind").values()) == [1]


def test_a_department_is_whoever_belongs_to_it_now(lee: User, takahashi: User) -> None:
    an_article(lee, "失注", "失注")
    drain()
    support = Department.objects.exclude(pk=lee.departments.get().pk).first()
    assert support is not None

    change_person(lee, by=takahashi, details=Details(departments=[support]))

    assert find("失注", viewer=lee, marked={"department": [str(support.pk)]}).total == 1
    assert find(f'部門:"{support.name}" 失注', viewer=lee).total == 1
    assert counts(find("失注", viewer=lee), "department") == {support.name: 1}
    assert check().ok


def test_a_department_without_people_has_nothing(lee: User, takahashi: User) -> None:
    an_article(lee, "失注", "失注")
    empty = Department.objects.create(name="空の部門")
    drain()

    assert find("失注", viewer=lee, marked={"department": [str(empty.pk)]}).total == 0
    assert find("失注 部門:空の部門", viewer=lee).total == 0
    assert find("失注 -部門:空の部門", viewer=lee).total == 1


def test_a_chosen_value_that_fits_nothing_stays_to_be_taken_off(lee: User, mori: User) -> None:
    an_article(lee, "失注", "失注")
    drain()

    results = find("失注", viewer=lee, marked={"author": [str(mori.pk)]})

    assert results.total == 0
    assert [(choice.label, choice.count) for choice in results.facets["author"] if choice.selected] == [
        (str(mori), 0)
    ]


def test_what_is_hidden_gives_no_value_to_choose(sato: User, ito: User) -> None:
    an_article(sato, "内密の失注", "失注", tags=["内密"], readers=Readers(people=[sato]))
    drain()

    for query in ("失注", "著者:佐藤", "tag:内密", "-見えない", "失注 OR 価格"):
        results = find(query, viewer=ito)
        assert results.total == 0
        assert all(choice.count == 0 for choices in results.facets.values() for choice in choices)
    assert find("失注", viewer=ito).facets["author"] == []
    assert find("tag:内密", viewer=ito).notes == find("tag:無い", viewer=ito).notes == ()


def test_a_competitor_is_known_by_any_of_its_names(lee: User, sato: User) -> None:
    save_named(Competitor, by=sato, name="ノヴァ", near_names=["Nova Systems"], note="総額で来る")
    # competitors are noted by the room above; here everything is read
    reindex()

    for query in ("競合:ノヴァ", "competitor:nova", 'competitor:"NOVA SYSTEMS"', "競合：ノ"):
        assert titles(find(query, viewer=lee)) == {"ノヴァ"}, query


def test_finding_with_every_facet_asks_the_database_a_bounded_number_of_times(
    lee: User, sato: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        an_article(lee if number % 2 else sato, f"ページ{number}", "失注", tags=[f"札{number}"])
    drain()

    with django_assert_max_num_queries(18):
        find("失注 -価格 著者:佐藤 部門:マーケ 競合:無い", viewer=lee)


# ------------------------------------------------------------------ order
def test_what_is_called_as_the_query_outranks_what_speaks_of_it(lee: User, sato: User) -> None:
    an_article(lee, "失注 価格 失注 価格", "失注 価格。" * 40, tags=["失注", "価格"])
    an_article(lee, "失注の価格", "ほかの話。" * 400)
    save_term(
        by=sato, content=TermContent(preferred="敗戦", other_language="Lost Price", explanation="負け。")
    )
    an_article(lee, "Lost price, lost price", "lost price " * 50)
    drain()

    first = find("失注の価格", viewer=lee, explain=True).hits[0]
    assert first.title == "失注の価格"
    assert (first.parts or {})["exact"] > 0
    assert find("ＬＯＳＴ　ｐｒｉｃｅ", viewer=lee).hits[0].title == "敗戦"


def test_an_exact_title_in_the_middle_of_a_word_outranks_whole_words(lee: User) -> None:
    an_article(lee, "京都", "ほかの話。")
    an_article(lee, "京都と東京都", "京都、京都、京都。")
    drain()

    assert find("京都", viewer=lee).hits[0].title == "京都"


def test_of_equals_the_newer_ranks_first_and_says_why(lee: User) -> None:
    for age in (900, 10, 400):
        article = an_article(lee, f"頁 {age}", "失注の記録。")
        Article.objects.filter(pk=article.pk).update(updated_at=timezone.now() - timedelta(days=age))
    reindex()

    results = find("失注", viewer=lee, explain=True)

    assert [hit.title for hit in results.hits] == ["頁 10", "頁 400", "頁 900"]
    assert [bool((hit.parts or {}).get("fresh")) for hit in results.hits] == [True] * 3
    assert all((hit.parts or {})["fresh"] <= 0.11 * hit.score for hit in results.hits)
