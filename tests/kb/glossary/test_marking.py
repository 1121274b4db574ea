"""Terms linked in an article, for the person who reads it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.access.tokens import tokens_for
from kb.accounts.models import Department, User
from kb.glossary.actions import TermContent, delete_term, save_term, set_status
from kb.glossary.marking import explain, mark
from kb.glossary.models import Term
from kb.glossary.queries import lexicon
from kb.markup import render
from tests.kb.glossary.terms import a_term, only


def linked(html: str, viewer: User) -> list[str]:
    return re.findall(r'<a class="term"[^>]*>(.*?)</a>', mark(html, viewer))


def test_a_term_becomes_a_link_to_its_page(sato: User) -> None:
    term = a_term(sato, "稟議")
    assert mark("<p>稟議を書く</p>", sato) == (
        f'<p><a class="term" href="/g/%E7%A8%9F%E8%AD%B0/" data-term="{term.pk}">稟議</a>を書く</p>'
    )


def test_the_first_mention_of_each_section_is_linked(sato: User) -> None:
    a_term(sato, "SSO", other_language="single sign-on")
    html = "<p>SSO SSO</p><h2>SSO</h2><p>single sign-on</p><p>SSO</p><h3>x</h3><ul><li>SSO</li></ul>"
    assert linked(html, sato) == ["SSO", "single sign-on", "SSO"]


@pytest.mark.parametrize(
    "html",
    [
        "<h1>SSO</h1>",
        "<h2 id='x'><em>SSO</em></h2>",
        "<p><a href='/x/'>about <b>SSO</b></a></p>",
        "<p><code>SSO</code></p>",
        "<pre><code>SSO</code></pre>",
        "<p><button>SSO</button></p>",
        "<details><summary>SSO</summary></details>",
        "<p><kbd>SSO</kbd></p>",
        "<ruby>字<rt>SSO</rt></ruby>",
        '<p title="SSO">x</p>',
        '<img alt="SSO" src="SSO.png">',
        "<p>S<b>S</b>O</p>",
    ],
)
def test_nothing_is_linked_where_it_would_be_in_the_way(sato: User, html: str) -> None:
    a_term(sato, "SSO")
    assert mark(html, sato) == html


def test_a_word_with_a_tag_inside_hides_the_shorter_word_in_it(sato: User) -> None:
    a_term(sato, "data model")
    a_term(sato, "data")
    assert linked("<p><b>data</b> model and data</p>", sato) == ["data"]
    assert mark("<p><b>data</b> model</p>", sato) == "<p><b>data</b> model</p>"


def test_entities_and_tags_stay_as_they_were(sato: User) -> None:
    a_term(sato, "T&C")
    a_term(sato, "C<D")
    html = "<p>a &lt;b&gt; T&amp;C &amp; C&lt;D</p>"
    marked = mark(html, sato)
    assert re.sub(r'<a class="term"[^>]*>|</a>', "", marked) == html
    assert linked(html, sato) == ["T&amp;C", "C&lt;D"]


def test_a_form_cannot_bring_markup_into_the_page(sato: User) -> None:
    a_term(sato, '"><script>alert(1)</script>')
    marked = mark("<p>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>", sato)
    assert "<script" not in marked
    assert 'class="term"' in marked


def test_a_rendered_article_is_linked(sato: User) -> None:
    a_term(sato, "SSO")
    a_term(sato, "データ")
    html = render("# SSO\n\n`SSO`と[SSO](https://x.example)。SSOとﾃﾞｰﾀが**必要**。\n").html
    assert linked(html, sato) == ["SSO", "ﾃﾞｰﾀ"]


def test_one_sees_links_only_to_terms_one_may_read(sato: User, lee: User, mori: User) -> None:
    a_term(sato, "社外秘", readers=only("マーケティング"))
    assert linked("<p>社外秘の話</p>", sato) == ["社外秘"]
    assert linked("<p>社外秘の話</p>", lee) == []
    assert linked("<p>社外秘の話</p>", mori) == []


def test_a_hidden_longer_term_does_not_hide_an_open_one(sato: User, lee: User) -> None:
    a_term(sato, "値引き交渉", readers=only("マーケティング"))
    a_term(sato, "値引き")
    assert linked("<p>値引き交渉</p>", sato) == ["値引き交渉"]
    assert linked("<p>値引き交渉</p>", lee) == ["値引き"]


def test_links_follow_every_change_of_the_glossary(sato: User) -> None:
    html = "<p>根回しをする</p>"
    assert linked(html, sato) == []
    term = a_term(sato, "根回し")
    assert linked(html, sato) == ["根回し"]
    set_status(by=sato, term=term, status="forbidden")
    assert linked(html, sato) == []
    set_status(by=sato, term=term, status="deprecated")
    assert linked(html, sato) == ["根回し"]
    delete_term(by=sato, term=term)
    assert linked(html, sato) == []


def test_a_term_of_one_letter_is_never_linked(sato: User) -> None:
    a_term(sato, "R", aliases=["R言語"])
    assert linked("<p>R と R言語</p>", sato) == ["R言語"]


def test_a_homonym_names_all_its_meanings_the_readers_own_first(sato: User, lee: User, mori: User) -> None:
    sales = Department.objects.get(pk=lee.departments.get().pk)
    general = a_term(sato, "DNS")
    own = a_term(sato, "DNS", scope=sales, explanation="Do Not Sell: 売ってはいけない先")
    assert f'data-term="{own.pk},{general.pk}"' in mark("<p>DNS</p>", lee)
    assert f'data-term="{general.pk},{own.pk}"' in mark("<p>DNS</p>", mori)


def test_several_meanings_of_an_abbreviation_lead_to_the_page_of_that_abbreviation(sato: User) -> None:
    a_term(sato, "継続的デリバリー", abbreviation="CD")
    a_term(sato, "継続的デプロイメント", abbreviation="CD")
    assert 'href="/g/CD/"' in mark("<p>CDs</p>", sato)


def test_reading_costs_one_query_where_all_terms_are_open_and_four_after_a_change(sato: User) -> None:
    a_term(sato, "SSO")
    with CaptureQueriesContext(connection) as first:
        mark("<p>SSO</p>", sato)
    assert len(first) <= 4
    with CaptureQueriesContext(connection) as again:
        mark("<p>SSO</p>", sato)
        mark("<p>SSO and SSO</p>", sato)
    assert len(again) == 2


def test_the_rule_of_who_sees_a_term_is_one_in_sql_and_in_links(cast: dict[str, User], sato: User) -> None:
    departments = list(Department.objects.order_by("pk"))
    for number, department in enumerate(departments):
        open_to = only(department.name)
        if department not in sato.departments.all():
            open_to = type(open_to)(departments=[department], people=[sato])
        a_term(sato, f"用語{number}号", readers=open_to)
    a_term(sato, "みんなの用語")
    for viewer in cast.values():
        in_sql = set(Term.objects.visible_to(viewer).values_list("pk", flat=True))
        assert lexicon().visible_to(tokens_for(viewer)) == in_sql


def test_explain_says_why_a_term_is_not_linked(sato: User) -> None:
    a_term(sato, "SSO")
    a_term(sato, "R")
    source = "# SSO\n`SSO` [SSO](x) SSO SSO R"
    told = [(source[match.start : match.end], match.reason) for match in explain(source, viewer=sato)]
    assert told == [
        ("SSO", "heading"),
        ("SSO", "code"),
        ("SSO", "link"),
        ("SSO", ""),
        ("SSO", "repeat"),
        ("R", "never"),
    ]


def test_explain_without_a_viewer_knows_what_everyone_may_see(sato: User) -> None:
    a_term(sato, "社外秘", readers=only("マーケティング"))
    assert explain("社外秘", viewer=None) == []
    assert len(explain("社外秘", viewer=sato)) == 1


def test_explain_for_a_department_names_its_own_meaning(sato: User, lee: User) -> None:
    sales = lee.departments.get()
    a_term(sato, "DNS")
    own = a_term(sato, "DNS", scope=sales)
    [match] = explain("DNS", viewer=sato, scope=sales)
    assert match.terms == (own.pk,)


def test_a_term_edited_by_another_is_linked_by_its_new_form(sato: User) -> None:
    term = a_term(sato, "見積り")
    save_term(by=sato, term=term, base_version=1, content=TermContent(preferred="見積もり"))
    assert linked("<p>見積もりを出す</p>", sato) == ["見積もり"]
