"""The page of results and the suggestions: work, need sign-in, refuse other methods, survive any address."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.glossary.actions import TermContent, save_term
from kb.search.index import drain
from tests.factories import an_article

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
RESULTS = "/search/"
SUGGEST = "/search/suggest/"


def page(client: Client, **query: str | int) -> str:
    answer = client.get(RESULTS, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_addresses_are_fixed() -> None:
    assert reverse("search:results") == RESULTS
    assert reverse("search:suggest") == SUGGEST


def test_without_a_query_one_sees_what_changed_and_not_what_is_only_a_name(
    signed_in: Enter, sato: User
) -> None:
    an_article(sato, "比較表", "価格")
    save_term(by=sato, content=TermContent(preferred="歩留まり"))
    drain()
    said = page(signed_in(sato))
    assert "比較表" in said
    assert "歩留まり" not in said


@pytest.mark.parametrize("address", [RESULTS, SUGGEST])
def test_a_stranger_is_sent_to_sign_in(client: Client, address: str) -> None:
    answer = client.get(address, {"q": "失注"})

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("address", [RESULTS, SUGGEST])
def test_other_methods_are_refused(signed_in: Enter, ito: User, address: str) -> None:
    assert signed_in(ito).post(address, {"q": "失注"}).status_code == 405


def test_a_result_has_its_title_snippet_and_facts(signed_in: Enter, lee: User, ito: User) -> None:
    article = an_article(lee, "失注後の90日", "導入後の失注は<初回>で決まります。", kind="faq", tags=["支援"])
    drain()

    html = page(signed_in(ito), q="失注")

    assert f'href="{article.get_absolute_url()}"' in html
    assert "<mark>失注</mark>後の90日" in html
    assert "導入後の<mark>失注</mark>は" in html
    assert "支援" in html
    assert str(lee) in html
    assert 'name="kind" value="faq"' in html


def test_the_term_that_is_the_query_stands_on_top(signed_in: Enter, sato: User) -> None:
    save_term(by=sato, content=TermContent(preferred="失注", explanation="契約に至らなかったこと。"))
    drain()

    html = page(signed_in(sato), q="失注")

    assert 'class="answer"' in html
    assert html.index("契約に至らなかったこと") < html.index('class="hits"')


def test_a_line_divides_what_has_most_of_the_words(signed_in: Enter, lee: User) -> None:
    an_article(lee, "all", "alpha beta gamma")
    an_article(lee, "most", "alpha beta")
    drain()

    html = page(signed_in(lee), q="alpha beta gamma")

    assert html.count("hits-also") == 1
    assert html.index(">all<") < html.index("hits-also") < html.index(">most<")


def test_narrowing_down_by_address(signed_in: Enter, lee: User) -> None:
    an_article(lee, "質問", "失注", kind="faq")
    an_article(lee, "知らせ", "失注", kind="news")
    drain()

    html = page(signed_in(lee), q="失注", kind="news", since="3m", sort="newest")

    assert ">知らせ<" in html
    assert ">質問<" not in html
    assert 'name="kind" value="news" checked' in html
    assert 'name="since" value="3m" checked' in html
    assert '<span class="count">2</span>' in html


def chips(html: str) -> list[tuple[str, str]]:
    """(words, address) of each chip above the results."""
    found = re.findall(r'<a class="chip[^"]*" aria-current="true" href="([^"]*)">(.*?)</a>', html, re.DOTALL)
    return [(unescape(re.sub(r"<span.*|<[^>]+>", "", words)).strip(), unescape(url)) for url, words in found]


def test_what_a_query_says_stands_above_it_and_can_be_taken_off(signed_in: Enter, lee: User) -> None:
    an_article(lee, "質問", "失注", kind="faq", tags=["支援"])
    drain()

    html = page(signed_in(lee), q='失注 kind:faq -価格 "失注"', tag="支援", since="3m")

    words, addresses = zip(*chips(html), strict=True)
    assert [word.partition(": ")[2] or word for word in words] == [
        "faq", "価格", '"失注"', "支援", words[4].partition(": ")[2],
    ]  # fmt: skip
    for word, address in zip(words, addresses, strict=True):
        without = chips(signed_in(lee).get(RESULTS + address).content.decode())
        assert [other for other, _url in without] == [other for other in words if other != word]


def test_a_narrowing_of_the_query_is_chosen_beside_the_results_and_can_be_changed_there(
    signed_in: Enter, lee: User
) -> None:
    an_article(lee, "質問", "失注", kind="faq")
    an_article(lee, "知らせ", "失注", kind="news")
    drain()

    html = page(signed_in(lee), q="失注 kind:faq 以降:昨年")

    assert 'name="kind" value="faq" checked' in html
    assert 'name="kind" value="news">' in html
    assert '<input type="hidden" name="q" value="失注">' in html
    last_year = timezone.localdate().year - 1
    assert f'<input type="hidden" name="after" value="{last_year}-01-01">' in html


def test_many_values_of_a_facet_are_folded_away_but_for_those_that_are_chosen(
    signed_in: Enter, lee: User
) -> None:
    for number in range(40):
        an_article(lee, f"頁{number}", "失注", tags=[f"札{number:02}"])
    drain()

    html = page(signed_in(lee), q="失注", tag="札39")

    tags = html[html.index('name="tag"') :]
    assert 'value="札39" checked' in tags.partition("<summary>")[0]
    assert html.count('name="tag"') == 40
    assert tags.partition("<summary>")[0].count('name="tag"') == 6


def test_people_and_departments_are_offered_with_their_counts(
    signed_in: Enter, lee: User, sato: User
) -> None:
    an_article(lee, "一", "失注")
    an_article(sato, "二", "失注")
    drain()
    team = lee.departments.get()

    html = page(signed_in(lee), q="失注", department=team.pk)

    assert f'name="author" value="{lee.pk}"><span>{lee}</span><span class="meta">1</span>' in html
    assert f'name="department" value="{team.pk}" checked' in html
    assert ">一<" in html
    assert ">二<" not in html


def test_a_broken_query_says_what_was_done(signed_in: Enter, lee: User) -> None:
    an_article(lee, "失注", "失注")
    drain()

    html = page(signed_in(lee), q='失注 kind:poem OR "')

    assert "kind:poem" in html
    assert html.count('class="notice notice-stale"') == 1
    assert html.count('class="hit"') == 1


def test_the_language_of_queries_is_told_by_examples_that_add_to_the_query(
    signed_in: Enter, lee: User
) -> None:
    an_article(lee, "失注", "失注", tags=["two words"])
    drain()

    blank, html = page(signed_in(lee)), page(signed_in(lee), q="失注")

    assert 'class="guide"' in blank
    examples = re.findall(r'<dt><a href="([^"]*)"', html)
    assert len(examples) > 8
    for address in examples:
        answer = signed_in(lee).get(address)
        assert answer.status_code == 200
        assert "notice-stale" not in answer.content.decode(), address


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ({"kind": "no such", "lang": "xx", "sort": "upside-down", "page": "-3", "since": "ever"}, 1),
        ({"page": "many", "after": "yesterday", "before": "31.02.2026"}, 1),
        ({"page": "99999999999999999999", "tag": "'; --"}, 0),
        ({"q": "\x00失注\ud83d".encode("utf-8", "replace").decode()}, 1),
        ({"q": "失注 " * 2_000}, 1),
        ({"q": '(((("*?:^~'}, 0),
        ({"q": 'OR -() tag:"" kind: 結果：', "author": "x", "result": "perhaps", "department": "-1"}, 0),
        ({"q": "", "owner": "999999999", "competitor": "0", "product": "1" * 50}, 0),
        ({"q": "after:9999-12-31 before:0001", "sort": "read"}, 0),
    ],
)
def test_any_address_is_answered(signed_in: Enter, lee: User, query: dict[str, str], hits: int) -> None:
    """What makes no sense is left out, and the rest finds what it would without it."""
    an_article(lee, "失注", "失注")
    drain()

    html = page(signed_in(lee), **{"q": "失注", **query})

    assert html.count('class="hit"') == hits


def test_without_a_query_the_page_says_how_to_search_and_what_is_new(signed_in: Enter, lee: User) -> None:
    an_article(lee, "新しい頁")
    drain()

    html = page(signed_in(lee))

    assert "新しい頁" in html
    assert 'id="facets"' not in html


def test_nothing_found_offers_a_way_on(signed_in: Enter, lee: User, ito: User) -> None:
    an_article(lee, "一", "失注", kind="faq")
    drain()

    assert reverse("articles:new") in page(signed_in(lee), q="無い言葉")
    assert f'href="{reverse("glossary:index")}"' in page(signed_in(ito), q="無い言葉")
    assert "?q=%E5%A4%B1%E6%B3%A8" in page(signed_in(ito), q="失注", kind="news")


def test_without_an_index_the_page_stays_up(signed_in: Enter, lee: User) -> None:
    assert "notice" in page(signed_in(lee), q="失注")


def test_pages_keep_the_query(signed_in: Enter, lee: User) -> None:
    for number in range(12):
        an_article(lee, f"頁{number}", "失注")
    drain()

    html = page(signed_in(lee), q="失注", kind="collateral")

    assert "page=2" in html
    assert html.count('class="hit"') == 10
    assert page(signed_in(lee), q="失注", page=2).count('class="hit"') == 2


def test_markup_in_titles_and_queries_is_text(signed_in: Enter, lee: User) -> None:
    an_article(lee, "<b>失注</b>", "失注", tags=["<i>札</i>"])
    drain()

    html = page(signed_in(lee), q="<b>失注</b>")

    assert "<b>" not in html
    assert "<i>" not in html


def test_suggestions_are_options_of_a_list(signed_in: Enter, lee: User) -> None:
    article = an_article(lee, "失注後の90日", tags=["失注分析"])
    drain()

    html = signed_in(lee).get(SUGGEST, {"q": "失注"}).content.decode()

    assert html.startswith("<ul")
    assert html.count('role="option"') == 2
    assert f'href="{article.get_absolute_url()}"' in html


def test_no_suggestions_are_an_empty_list(signed_in: Enter, lee: User) -> None:
    answer = signed_in(lee).get(SUGGEST)

    assert answer.status_code == 200
    assert "option" not in answer.content.decode()


def test_an_outsider_sees_none_of_it(signed_in: Enter, sato: User, ito: User) -> None:
    an_article(sato, "内密の頁", "内密", tags=["内密の札"], readers=Readers(people=[sato]))
    drain()

    html = page(signed_in(ito), q="内密") + signed_in(ito).get(SUGGEST, {"q": "内密"}).content.decode()

    assert "内密の頁" not in html
    assert "内密の札" not in html


def test_other_forms_are_named_above_the_results_and_turned_off_by_one_press(
    signed_in: Enter, lee: User, sato: User
) -> None:
    save_term(by=sato, content=TermContent(preferred="失注", other_language="lost deal"))
    an_article(lee, "Why", "Each lost deal is discussed.")
    drain()
    client = signed_in(lee)

    wide = page(client, q="失注", kind="collateral")
    assert "<mark>lost deal</mark>" in wide
    assert "「失注」の別の形で見つかりました" in wide
    assert "?q=%E5%A4%B1%E6%B3%A8&amp;kind=collateral&amp;widen=0" in wide

    typed = page(client, q="失注", kind="collateral", widen=0)
    assert "<mark>lost deal" not in typed
    assert "入力した語だけ" in typed
    assert 'name="widen" value="0"' in typed
