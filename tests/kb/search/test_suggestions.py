"""What stands under the box: everything that is called so, however half it is typed, and nothing the viewer may not see."""

from __future__ import annotations

from string import printable

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from deals.crm.actions import ensure_company, save_competitor, save_product
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.articles.models import Article
from kb.search.actions import note_search, save_search
from kb.search.find import find, suggest
from kb.search.index import drain
from kb.search.typed import TYPED_LENGTH, typed
from tests.factories import an_article
from tests.kb.glossary.terms import a_term, only

pytestmark = pytest.mark.django_db


def offered(prefix: str, viewer: User) -> list[str]:
    return [suggestion.text for suggestion in suggest(prefix, viewer=viewer)]


def a_page(by: User, title: str, **said: object) -> Article:
    article = an_article(by, title, "本文です。", **said)  # type: ignore[arg-type]
    drain()
    return article


# ------------------------------------------------------------------ every kind of thing
def test_titles_terms_tags_people_and_companies_are_offered_together(sato: User) -> None:
    a_term(sato, "北海道弁")
    ensure_company("北海製作所", by=sato)
    save_competitor(by=sato, name="北海ソフト")
    a_page(sato, "北海道の進め方", tags=["北海"])
    User.objects.create_user("hokkai", display_name="北海 太郎")
    drain()

    found = {(suggestion.text, suggestion.kind) for suggestion in suggest("北海", viewer=sato)}

    assert found == {
        ("北海道弁", "term"),
        ("北海製作所", "company"),
        ("北海ソフト", "competitor"),
        ("北海道の進め方", "collateral"),
        ("北海", "tag"),
        ("北海 太郎", "person"),
    }


def test_what_begins_so_stands_before_what_only_holds_it_and_the_thing_itself_before_both(sato: User) -> None:
    a_page(sato, "価格と支援")
    a_page(sato, "支援体制")
    a_page(sato, "支援")

    assert offered("支援", sato) == ["支援", "支援体制", "価格と支援"]


def test_a_few_names_are_not_crowded_out_by_many_pages(sato: User) -> None:
    for number in range(12):
        a_page(sato, f"価格表{number}")
    a_term(sato, "価格弾力性")
    save_product(by=sato, name="価格管理パック")
    drain()

    found = offered("価格", sato)

    assert {"価格弾力性", "価格管理パック"} <= set(found)
    assert len(found) == 8


@pytest.mark.parametrize("prefix", ["稟", "りん", "リン", "ﾘﾝ", "app", "APP", "社内"])
def test_a_term_is_offered_by_every_form_and_by_its_reading(sato: User, prefix: str) -> None:
    a_term(sato, "稟議", other_language="approval", aliases=["社内稟議"])
    drain()

    [suggestion] = suggest(prefix, viewer=sato)

    assert (suggestion.text, suggestion.kind, suggestion.url) == ("稟議", "term", "/g/%E7%A8%9F%E8%AD%B0/")


def test_a_tag_leads_to_what_carries_it_and_a_person_to_what_they_wrote(sato: User) -> None:
    a_page(sato, "頁", tags=["失注分析"])

    [tag] = suggest("失注", viewer=sato)
    [person] = suggest("佐藤", viewer=sato)

    assert (tag.kind, tag.url) == (
        "tag",
        f"{reverse('search:results')}?tag=%E5%A4%B1%E6%B3%A8%E5%88%86%E6%9E%90",
    )
    assert (person.kind, person.url) == ("person", f"{reverse('search:results')}?author={sato.pk}")


@pytest.mark.parametrize(
    "prefix", ["佐", "佐藤", "佐藤美", "佐藤 美咲", "美咲", "さと", "みさ", "サトウ", "sa", "Sato"]
)
def test_a_person_is_offered_by_any_part_of_the_name_and_its_reading(sato: User, prefix: str) -> None:
    assert offered(prefix, sato) == ["佐藤 美咲"]


def test_a_closed_account_is_not_offered(sato: User, lee: User) -> None:
    User.objects.filter(pk=lee.pk).update(is_active=False)

    assert offered("李", sato) == []
    assert offered("lee", sato) == []


def test_a_person_is_not_offered_by_the_mail_address(sato: User) -> None:
    assert offered("hibari", sato) == []


def test_own_searches_are_offered_and_alone_before_anything_is_typed(sato: User, ito: User) -> None:
    a_page(sato, "失注の話")
    for query in ("失注の理由", "価格"):
        note_search(by=sato, found=find(query, viewer=sato), filters="")
    save_search(by=sato, name="失注だけ", address="q=失注&kind=faq")

    assert [(one.text, one.kind) for one in suggest("", viewer=sato)] == [
        ("失注だけ", "saved"),
        ("価格", "search"),
        ("失注の理由", "search"),
    ]
    assert {(one.text, one.kind) for one in suggest("失注", viewer=sato)} == {
        ("失注だけ", "saved"),
        ("失注の理由", "search"),
        ("失注の話", "collateral"),
    }
    assert "失注の理由" not in offered("失注の理由", sato)
    assert offered("", ito) == []


# ------------------------------------------------------------------ half typed
@pytest.mark.parametrize(
    "typed_so_far",
    [
        "しっち",
        "しっちゅう",
        "ｼｯﾁｭｳ",
        "シッチュウ",
        "しっちゅうｇ",
        "しっt",
        "失注g",
        "失注後のk",
        "失注後のきゅう",
        "失注ご",
    ],
)
def test_a_title_is_offered_before_kana_is_converted(sato: User, typed_so_far: str) -> None:
    a_page(sato, "失注後の90日にすること、九州で")
    a_page(sato, "契約の更新")

    assert offered(typed_so_far, sato) == ["失注後の90日にすること、九州で"]


@pytest.mark.parametrize(
    "typed_so_far",
    ["pri", "pricin", "pricing", "Pricing n", "notes on pri", "notes pricin", "quarterl", "ＰＲＩＣ"],
)
def test_an_english_title_is_offered_by_half_a_word(sato: User, typed_so_far: str) -> None:
    a_page(sato, "Quarterly pricing: notes on everything")
    a_page(sato, "Something else")

    assert offered(typed_so_far, sato) == ["Quarterly pricing: notes on everything"]


def test_letters_behind_kana_that_are_a_name_count_as_well(sato: User) -> None:
    a_page(sato, "プランBの価格")
    a_page(sato, "プランの一覧")

    assert offered("プランb", sato)[0] == "プランBの価格"


def test_a_long_title_is_offered_to_its_end(sato: User) -> None:
    title = "支援体制で負けないための提案書を初回の訪問までに用意しておくときの手順とその理由について"
    a_page(sato, title)

    for length in range(1, len(title)):
        assert offered(title[:length], sato) == [title], title[:length]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30) | st.text(printable))
def test_anything_typed_is_taken_some_way(text: str) -> None:
    taken = typed(text)

    assert len(taken.text) <= TYPED_LENGTH
    assert all(way.words.leaves or way.begins or way.reads for way in taken.ways)


@pytest.mark.parametrize("nothing", ["", " 　", "\x00\ud83d", "("])
def test_nothing_is_offered_for_nothing(sato: User, nothing: str) -> None:
    a_page(sato, "失注")

    assert offered(nothing, sato) == []


# ------------------------------------------------------------------ who may see
def test_only_what_may_be_seen_is_offered(sato: User, ito: User) -> None:
    readers = Readers(departments=list(sato.departments.all()))
    a_page(sato, "失注の内幕", tags=["失注の秘密"], readers=readers)
    a_term(sato, "失注予報", readers=only("マーケティング"))
    ensure_company("失注商会", by=sato)
    drain()

    assert offered("失注", ito) == ["失注商会"]
    assert set(offered("失注", sato)) == {"失注の内幕", "失注の秘密", "失注予報", "失注商会"}


def test_what_was_closed_a_moment_ago_is_not_offered(sato: User, ito: User) -> None:
    page = a_page(sato, "失注の内幕", tags=["失注の秘密"])
    assert len(offered("失注", ito)) == 2

    page.audience.everyone = False
    page.audience.save()
    page.audience.departments.set(sato.departments.all())

    assert "失注の内幕" not in offered("失注", ito)


def test_without_an_index_people_are_still_offered(sato: User) -> None:
    assert offered("佐藤", sato) == ["佐藤 美咲"]
    assert offered("失", sato) == []
