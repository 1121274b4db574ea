"""Finding: words, spellings, parts of words, readings, sentences, and who may see what is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.articles import actions
from kb.articles.models import Article
from kb.glossary.actions import TermContent, save_term
from kb.search import registry
from kb.search.find import Results, find, recent, suggest
from kb.search.index import drain
from tests.factories import a_collection, an_article

pytestmark = pytest.mark.django_db


def titles(results: Results) -> list[str]:
    return [hit.title for hit in results.hits]


def a_page(by: User, title: str, body: str = "本文です。", **said: object) -> Article:
    article = an_article(by, title, body, **said)  # type: ignore[arg-type]
    drain()
    return article


# ------------------------------------------------------------------ words
@pytest.mark.parametrize(
    "query",
    [
        "SSO",
        "sso",
        "ＳＳＯ",
        "SCIM",
        "データ",
        "ﾃﾞｰﾀ",
        "置き場所",
        "情報システム部",
        "システム SSO",
        "必要",
        "場",
        "情シス",
    ],
)
def test_a_reader_finds_a_word_in_the_middle_of_a_sentence(lee: User, ito: User, query: str) -> None:
    a_page(lee, "申し送り", "先方の情報システム部（情シス）はSSOとSCIMが必要で、ﾃﾞｰﾀの置き場所を気にする。")

    results = find(query, viewer=ito)

    assert titles(results) == ["申し送り"]
    assert results.total == 1
    assert "<mark>" in results.hits[0].snippet


def test_normalised_spellings_meet(lee: User) -> None:
    a_page(lee, "台数", "サーバの台数を打合せで決める。")

    assert find("サーバー 打ち合わせ", viewer=lee).total == 1


def test_whole_words_rank_above_parts_of_words(lee: User) -> None:
    a_page(lee, "東京都の一覧", "東京都、東京都、東京都。")
    a_page(lee, "出張", "来週は長い会議のあとで京都に行く。" + "ほかの話が続く。" * 100)

    results = find("京都", viewer=lee, explain=True)

    assert titles(results) == ["出張", "東京都の一覧"]
    assert results.total == 2
    assert results.hits[0].score > results.hits[1].score
    assert results.hits[1].why == ("part",)
    assert "whole" in (results.hits[0].parts or {})


def test_kana_finds_by_reading_and_kanji_does_not(lee: User) -> None:
    for title in ("公正", "構成", "校正"):
        a_page(lee, title, f"{title}の話。")

    assert set(titles(find("こうせい", viewer=lee))) == {"公正", "構成", "校正"}
    assert titles(find("公正", viewer=lee)) == ["公正"]


def test_two_words_typed_in_kana_as_one(lee: User) -> None:
    a_page(lee, "数字", "受注率が上がった。")

    (hit,) = find("じゅちゅうりつ", viewer=lee).hits

    assert hit.why == ("reading",)
    assert "<mark>受注率</mark>" in hit.snippet


def test_a_contiguous_phrase_is_counted_as_one(lee: User) -> None:
    a_page(lee, "続けて", "顧客の声を聞く。")
    a_page(lee, "離れて", "顧客に会い、声を聞く。")

    results = find("顧客の声", viewer=lee)

    assert (results.total, results.also) == (1, 1)
    assert [(hit.title, hit.complete) for hit in results.hits] == [("続けて", True), ("離れて", False)]


def test_what_nothing_has_as_one_is_searched_for_as_two(lee: User) -> None:
    a_page(lee, "離れて", "顧客に会い、声を聞く。")

    assert find("顧客の声", viewer=lee).total == 1


def test_a_title_weighs_more_than_the_text(lee: User) -> None:
    a_page(lee, "その他", "値引きの話。値引きは慎重に。")
    a_page(lee, "値引き", "話。")

    assert titles(find("値引き", viewer=lee)) == ["値引き", "その他"]


def test_tags_and_headings_are_found(lee: User) -> None:
    a_page(lee, "一", "本文", tags=["与信管理"])
    a_page(lee, "二", "## 与信管理の手順\n\n本文")

    assert set(titles(find("与信管理", viewer=lee))) == {"一", "二"}


def test_terms_are_found_by_every_name(sato: User) -> None:
    save_term(
        by=sato,
        content=TermContent(preferred="顧客獲得コスト", abbreviation="CAC", reading="こきゃくかくとくこすと"),
    )
    drain()

    for query in ("CAC", "獲得コスト", "こきゃくかくとくこすと"):
        results = find(query, viewer=sato)
        assert titles(results) == ["顧客獲得コスト"], query
        assert results.hits[0].kind == "term"
    answer = find("cac", viewer=sato).answer
    assert answer is not None
    assert answer.title == "顧客獲得コスト"


# ------------------------------------------------------------------ most of the words
@pytest.fixture
def partly(lee: User) -> None:
    for words in ("alpha beta gamma delta", "alpha beta gamma", "alpha beta", "alpha"):
        an_article(lee, words, words)
    drain()


def test_most_of_the_words_follow_when_few_have_all_and_what_has_least_of_them_comes_last(
    lee: User, partly: None
) -> None:
    results = find("alpha beta gamma delta", viewer=lee)

    assert (results.total, results.also) == (1, 2)
    assert [hit.title for hit in results.hits] == [
        "alpha beta gamma delta",
        "alpha beta gamma",
        "alpha beta",
    ]
    assert [hit.complete for hit in results.hits] == [True, False, False]


def test_a_sentence_shows_what_has_most_of_its_words(lee: User) -> None:
    a_page(lee, "価格", "値引きを求められたら三年の合計で比べる。")

    results = find("お客様から値引きを強く求められたときはどうすればよいですか", viewer=lee)

    assert titles(results) == ["価格"]
    assert (results.total, results.also) == (0, 1)


def test_ten_hits_with_all_the_words_are_enough(lee: User) -> None:
    for number in range(10):
        an_article(lee, f"{number}", "alpha beta gamma")
    an_article(lee, "partly", "alpha beta")
    drain()

    results = find("alpha beta gamma", viewer=lee, size=50)

    assert (results.total, results.also) == (10, 0)


# ------------------------------------------------------------------ narrowing and pages
def test_facets_and_filters(lee: User) -> None:
    a_page(lee, "一", "失注の話。", kind="faq", tags=["価格", "支援"])
    a_page(lee, "二", "失注の話。", kind="news", tags=["価格"])
    a_page(lee, "three", "失注, a lost deal in words that are mostly English here.", kind="faq")

    results = find("失注", viewer=lee, kinds=["faq"])

    assert results.total == 2
    assert {choice.value: (choice.count, choice.selected) for choice in results.facets["kind"]} == {
        "faq": (2, True),
        "news": (1, False),
    }
    assert {choice.value: choice.count for choice in results.facets["tag"]} == {"価格": 1, "支援": 1}
    assert {choice.value: choice.count for choice in results.facets["language"]} == {"ja": 1, "en": 1}
    assert {choice.value: choice.count for choice in results.facets["date"]} == {"3m": 2, "1y": 2}
    assert find("失注", viewer=lee, tags=["価格"], languages=["ja"]).total == 2
    assert find("失注", viewer=lee, after=timezone.localdate() + timedelta(days=1)).total == 0


def test_a_chosen_value_without_hits_can_still_be_taken_off(lee: User) -> None:
    a_page(lee, "一", "失注", kind="faq")

    results = find("失注", viewer=lee, kinds=["playbook"], tags=["無い"])

    assert results.total == 0
    assert ("playbook", True) in {(choice.value, choice.selected) for choice in results.facets["kind"]}
    assert ("無い", True) in {(choice.value, choice.selected) for choice in results.facets["tag"]}


def test_filters_alone_list_everything_that_fits_newest_first(lee: User) -> None:
    a_page(lee, "一", kind="faq")
    a_page(lee, "二", kind="faq")
    a_page(lee, "三", kind="news")

    assert find("", viewer=lee, kinds=["faq"]).total == 2


def test_pages_of_results(lee: User) -> None:
    for number in range(23):
        an_article(lee, f"ページ{number}", "失注")
    drain()

    pages = [find("失注", viewer=lee, page=page, size=10) for page in (1, 2, 3, 4)]

    assert [len(page.hits) for page in pages] == [10, 10, 3, 0]
    assert len({title for page in pages for title in titles(page)}) == 23
    assert {page.total for page in pages} == {23}
    assert pages[0].pages == 3


# ------------------------------------------------------------------ any query is answered
@pytest.mark.parametrize(
    "query",
    ["", "   ", "!!!", '()[]{}*?:"', "AND OR NOT", "\x00", "の", "a", "😀", "\ud83d失注\x00", "x" * 10_000],
)
def test_any_query_is_answered(lee: User, query: str) -> None:
    a_page(lee, "一", "失注の a 話")

    results = find(query, viewer=lee)

    assert results.total == len([hit for hit in results.hits if hit.complete])


def test_a_very_long_query_says_that_it_was_shortened(lee: User) -> None:
    a_page(lee, "一", "失注")

    assert find("失注 " * 5_000, viewer=lee).notes
    assert not find("失注", viewer=lee).notes


def test_without_an_index_the_answer_says_so(lee: User) -> None:
    results = find("失注", viewer=lee)

    assert not results.available
    assert results.notes
    assert recent(lee, 5) == ()
    assert suggest("失", viewer=lee) == []


# ------------------------------------------------------------------ who may see
def test_a_page_closed_a_moment_ago_is_neither_shown_nor_counted(sato: User, ito: User) -> None:
    page = a_page(sato, "改定案", "料金の改定案。", tags=["極秘"])
    a_page(sato, "別の改定案", "料金の改定案。")
    assert find("改定案", viewer=ito).total == 2
    content = actions.Content(
        title=page.title,
        body=page.body,
        kind=page.kind,
        language=page.language,
        collection=page.collection,
        tags=["極秘"],
        readers=Readers(departments=list(sato.departments.all())),
    )
    actions.save_article(by=sato, content=content, article=page, base_version=page.version)

    results = find("改定案", viewer=ito)

    assert titles(results) == ["別の改定案"]
    assert results.total == 1
    assert not results.facets["tag"]
    assert suggest("極", viewer=ito) == []
    assert find("改定案", viewer=sato).total == 2


def test_a_page_opened_a_moment_ago_is_found_before_the_index_knows(sato: User, ito: User) -> None:
    readers = Readers(departments=list(sato.departments.all()))
    shelf = a_collection(sato, "企画", readers=readers)
    a_page(sato, "改定案", "料金の改定案。", collection=shelf)
    assert find("改定案", viewer=ito).total == 0

    actions.save_collection(by=sato, name="企画", readers=Readers(everyone=True), collection=shelf)

    assert find("改定案", viewer=ito).total == 1


def test_joining_a_department_counts_at_once(sato: User, ito: User) -> None:
    a_page(sato, "改定案", readers=Readers(departments=list(sato.departments.all())))
    assert find("改定案", viewer=ito).total == 0

    ito.departments.add(*sato.departments.all())

    assert find("改定案", viewer=ito).total == 1


def test_a_row_that_vanished_without_a_note_is_dropped_from_page_and_total(lee: User) -> None:
    for number in range(12):
        an_article(lee, f"ページ{number}", "失注")
    drain()
    Article.objects.filter(title__in=["ページ0", "ページ5"]).delete()

    results = find("失注", viewer=lee)

    assert results.total == 10
    assert len(results.hits) == 10


def test_a_closed_account_finds_nothing(lee: User, ito: User) -> None:
    a_page(lee, "一", "失注")
    ito.is_active = False

    assert find("失注", viewer=ito).total == 0


def test_finding_asks_the_database_a_bounded_number_of_times(
    lee: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        an_article(lee, f"ページ{number}", "失注")
    drain()

    with django_assert_max_num_queries(12):
        find("失注", viewer=lee)


def test_lately_changed_pages_are_those_one_may_see(sato: User, ito: User) -> None:
    a_page(sato, "見える")
    a_page(sato, "見えない", readers=Readers(departments=list(sato.departments.all())))

    assert [hit.title for hit in recent(ito, 5)] == ["見える"]
    assert len(recent(sato, 5)) == 2
    assert registry.kinds()["faq"]
