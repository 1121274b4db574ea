"""The pages about articles as a browser without scripts meets them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.articles import actions
from kb.articles.models import Article, Collection, Draft
from tests.factories import a_collection, an_article

Enter = Callable[[User], Client]


@pytest.fixture
def closed(lee: User) -> Article:
    """A page that only Lee's department may see, at version 2, with a draft of hers."""
    shelf = a_collection(lee, "営業だけ", readers=Readers(departments=list(lee.departments.all())))
    article = an_article(lee, "値引きの線", "線は**8％**まで。", collection=shelf, tags=["価格"])
    return actions.restore_revision(by=lee, article=article, version=1, base_version=1, note="念のため")


def addresses_of(article: Article) -> dict[str, str]:
    pk = article.pk
    return {
        "detail": reverse("articles:detail", args=[pk]),
        "edit": reverse("articles:edit", args=[pk]),
        "history": reverse("articles:history", args=[pk]),
        "version": reverse("articles:version", args=[pk, 1]),
        "delete": reverse("articles:delete", args=[pk]),
        "collection": reverse("articles:collection", args=[article.collection_id]),
        "tag": reverse("articles:tag", args=["価格"]),
    }


def posted_to(article: Article) -> dict[str, str]:
    pk = article.pk
    return {
        "merge": reverse("articles:merge", args=[pk]),
        "restore": reverse("articles:restore", args=[pk, 1]),
        "undelete": reverse("articles:undelete", args=[pk]),
        "delete": reverse("articles:delete", args=[pk]),
        "edit": reverse("articles:edit", args=[pk]),
    }


GENERAL = ["articles:list", "articles:new", "articles:deleted", "articles:collection_new"]


@pytest.mark.parametrize("name", ["detail", "edit", "history", "version", "delete", "collection", "tag"])
def test_a_page_about_an_article_opens_for_its_reader_alone(
    name: str, closed: Article, lee: User, mori: User, signed_in: Enter
) -> None:
    address = addresses_of(closed)[name]

    assert signed_in(lee).get(address).status_code == 200
    assert signed_in(mori).get(address).status_code == 404
    stranger = Client().get(address)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["merge", "restore", "undelete", "delete", "edit"])
def test_an_outsider_changes_nothing(name: str, closed: Article, mori: User, signed_in: Enter) -> None:
    assert signed_in(mori).post(posted_to(closed)[name], {"title": "x"}).status_code == 404
    assert Client().post(posted_to(closed)[name]).status_code == 302
    closed.refresh_from_db()
    assert (closed.version, closed.deleted_at) == (2, None)


@pytest.mark.parametrize("name", ["merge", "restore", "undelete"])
def test_what_is_posted_cannot_be_fetched(name: str, closed: Article, lee: User, signed_in: Enter) -> None:
    assert signed_in(lee).get(posted_to(closed)[name]).status_code == 405


@pytest.mark.parametrize("name", ["detail", "history", "version", "collection", "tag"])
def test_what_is_read_cannot_be_posted_to(name: str, closed: Article, lee: User, signed_in: Enter) -> None:
    assert signed_in(lee).post(addresses_of(closed)[name]).status_code == 405


@pytest.mark.parametrize("name", GENERAL)
def test_the_general_pages_open_for_a_writer(name: str, closed: Article, lee: User, signed_in: Enter) -> None:
    assert signed_in(lee).get(reverse(name)).status_code == 200
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", GENERAL[1:])
def test_a_reader_is_offered_no_writing(name: str, closed: Article, ito: User, signed_in: Enter) -> None:
    assert signed_in(ito).get(reverse(name)).status_code == 404


def test_a_reader_reads_but_does_not_edit(lee: User, ito: User, signed_in: Enter) -> None:
    article = an_article(lee)
    client = signed_in(ito)

    page = client.get(article.get_absolute_url())

    assert "導入後の支援" in page.content.decode()
    assert reverse("articles:edit", args=[article.pk]) not in page.content.decode()
    assert client.get(reverse("articles:edit", args=[article.pk])).status_code == 404
    assert client.post(reverse("articles:delete", args=[article.pk])).status_code == 404


def test_reading_takes_at_most_eight_queries(
    lee: User, ito: User, signed_in: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    article = an_article(lee, tags=["支援", "製造業"], readers=Readers(people=[lee, ito]))
    client = signed_in(ito)
    client.get(article.get_absolute_url())

    with django_assert_max_num_queries(8):
        client.get(article.get_absolute_url())


def fields(article: Article, **changes: object) -> dict[str, object]:
    return {
        "title": article.title,
        "body": article.body,
        "kind": article.kind,
        "language": article.language,
        "collection": article.collection_id,
        "tags": ", ".join(article.tags.names()),
        "readers": "collection",
        "base_version": article.version,
        **changes,
    }


def test_a_page_is_written_and_read(lee: User, signed_in: Enter) -> None:
    shelf = a_collection(lee)
    client = signed_in(lee)
    form = {
        "title": "  初回訪問で\u3000聞くこと ",
        "body": "## 七つ\n\n- 推進者は誰か",
        "kind": "playbook",
        "language": "ja",
        "collection": shelf.pk,
        "tags": "初回訪問、営業",
        "readers": "collection",
        "base_version": 0,
    }

    answer = client.post(reverse("articles:new"), form, follow=True)

    article = Article.objects.get()
    assert answer.redirect_chain[-1][0] == article.get_absolute_url()
    assert article.title == "初回訪問で 聞くこと"
    assert sorted(article.tags.names()) == ["初回訪問", "営業"]
    assert "推進者は誰か" in answer.content.decode()


def test_nothing_typed_is_lost_when_a_field_is_wrong(lee: User, signed_in: Enter) -> None:
    shelf = a_collection(lee)
    form = {
        "title": " ",
        "body": "長く書いた文",
        "kind": "faq",
        "language": "ja",
        "collection": shelf.pk,
        "readers": "collection",
    }

    answer = signed_in(lee).post(reverse("articles:new"), form)

    assert answer.status_code == 422
    assert "長く書いた文" in answer.content.decode()
    assert not Article.objects.exists()


def test_an_audience_without_oneself_is_explained(lee: User, mori: User, signed_in: Enter) -> None:
    article = an_article(lee)
    form = fields(article, readers="chosen", people=[mori.pk])

    answer = signed_in(lee).post(reverse("articles:edit", args=[article.pk]), form)

    assert answer.status_code == 422
    assert answer.context["form"].errors["departments"]


def test_a_collection_one_may_not_see_cannot_be_written_into(
    closed: Article, mori: User, signed_in: Enter
) -> None:
    form = fields(closed, title="こっそり", base_version=0)

    answer = signed_in(mori).post(reverse("articles:new"), form)

    assert answer.status_code == 422
    assert Article.objects.count() == 1


def test_the_second_save_meets_both_texts_and_loses_neither(lee: User, mori: User, signed_in: Enter) -> None:
    article = an_article(lee, body="一枚目は表。\n二枚目は体制図。\n障害時は1時間以内。")
    address = reverse("articles:edit", args=[article.pk])
    theirs = fields(article, body="一枚目は表。\n二枚目は体制図。\n障害時は30分以内。")
    mine = fields(article, body="一枚目は実例。\n二枚目は体制図。\n障害時は45分以内。")
    signed_in(mori).post(address, theirs)
    client = signed_in(lee)

    met = client.post(address, mine)

    page = met.content.decode()
    assert met.status_code == 409
    assert "30分以内" in page
    assert "45分以内" in page
    assert Draft.objects.get(by=lee).text("body") == mine["body"]
    assert met.context["conflict"].collisions == 1

    choice = {**mine, "theirs_version": 2, "choice-0": "theirs", "own-0": ""}
    client.post(reverse("articles:merge", args=[article.pk]), choice)
    article.refresh_from_db()
    assert article.body == "一枚目は実例。\n二枚目は体制図。\n障害時は30分以内。"
    assert article.version == 3


def test_ones_own_wording_settles_a_collision(lee: User, mori: User, signed_in: Enter) -> None:
    article = an_article(lee, body="障害時は1時間以内。")
    address = reverse("articles:edit", args=[article.pk])
    signed_in(mori).post(address, fields(article, body="障害時は30分以内。"))
    mine = fields(article, body="障害時は45分以内。")

    choice = {**mine, "theirs_version": 2, "choice-0": "own", "own-0": "障害時は、おおむね40分以内。"}
    signed_in(lee).post(reverse("articles:merge", args=[article.pk]), choice)

    article.refresh_from_db()
    assert article.body == "障害時は、おおむね40分以内。"


def test_a_third_save_during_the_choosing_is_met_again(lee: User, mori: User, signed_in: Enter) -> None:
    article = an_article(lee, body="一。\n二。")
    address = reverse("articles:edit", args=[article.pk])
    other = signed_in(mori)
    other.post(address, fields(article, body="一の一。\n二。"))
    mine = fields(article, body="一。\n二の二。")
    other.post(address, fields(article, body="一の一。\n二。\n三。", base_version=2))

    met = signed_in(lee).post(reverse("articles:merge", args=[article.pk]), {**mine, "theirs_version": 2})

    assert met.status_code == 409
    article.refresh_from_db()
    assert article.version == 3


def test_tags_of_both_edits_are_kept(lee: User, mori: User, signed_in: Enter) -> None:
    article = an_article(lee, body="文。", tags=["支援", "価格"])
    signed_in(mori).post(
        reverse("articles:edit", args=[article.pk]), fields(article, tags="支援, 価格, 金融", body="文。変。")
    )
    mine = fields(article, tags="支援, 製造業", theirs_version=2)

    signed_in(lee).post(reverse("articles:merge", args=[article.pk]), mine)

    assert sorted(Article.objects.get().tags.names()) == sorted(["支援", "金融", "製造業"])


def test_the_preview_is_clean(lee: User, signed_in: Enter) -> None:
    body = "**太字** <script>alert(1)</script> <img src=x onerror=alert(1)>"

    page = signed_in(lee).post(reverse("articles:preview"), {"body": body}).content.decode()

    assert "<strong>太字</strong>" in page
    assert "<script" not in page
    assert "onerror" not in page


def test_lists_narrow_by_kind_collection_and_tag(lee: User, signed_in: Enter) -> None:
    shelf = a_collection(lee, "競合対策")
    an_article(lee, "ノヴァ対策", kind="battlecard", collection=shelf, tags=["競合"])
    an_article(lee, "よくある質問", kind="faq", tags=["用語"])
    client = signed_in(lee)

    def titles(query: str) -> list[str]:
        return [article.title for article in client.get(f"/articles/?{query}").context["page"]]

    assert titles("kind=battlecard") == ["ノヴァ対策"]
    assert titles(f"collection={shelf.pk}") == ["ノヴァ対策"]
    assert titles("tag=用語") == ["よくある質問"]
    assert len(titles("kind=battlecard&kind=faq")) == 2
    assert titles("kind=faq&tag=競合") == []
    assert len(titles("kind=nonsense&collection=-1&page=999")) == 2


def test_counts_tags_and_collections_show_nothing_hidden(
    closed: Article, mori: User, signed_in: Enter
) -> None:
    page = signed_in(mori).get("/articles/")

    assert page.context["total"] == 0
    assert page.context["collections"] == []
    assert page.context["tags"] == []
    assert "価格" not in page.content.decode()


def test_history_shows_who_changed_what_by_characters(lee: User, mori: User, signed_in: Enter) -> None:
    article = an_article(lee, body="障害時は1時間以内に連絡します。")
    client = signed_in(mori)
    client.post(
        reverse("articles:edit", args=[article.pk]),
        fields(article, body="障害時は30分以内に連絡します。", note="約束を短く"),
    )

    page = client.get(reverse("articles:version", args=[article.pk, 2])).content.decode()

    assert "<del>" in page
    assert "<ins>" in page
    assert "約束を短く" in page


def test_a_deleted_page_is_offered_back_at_once(lee: User, signed_in: Enter) -> None:
    article = an_article(lee)
    client = signed_in(lee)

    answer = client.post(reverse("articles:delete", args=[article.pk]))
    assert reverse("articles:undelete", args=[article.pk]) in answer.content.decode()
    assert client.get(article.get_absolute_url()).status_code == 404

    client.post(reverse("articles:undelete", args=[article.pk]))
    assert client.get(article.get_absolute_url()).status_code == 200


def test_the_first_page_needs_a_collection_first(lee: User, signed_in: Enter) -> None:
    answer = signed_in(lee).get(reverse("articles:new"))

    assert answer.status_code == 302
    assert answer["Location"] == reverse("articles:collection_new")


def test_a_collection_is_made_changed_and_removed(sato: User, ito: User, signed_in: Enter) -> None:
    client = signed_in(sato)
    client.post(reverse("articles:collection_new"), {"name": "営業資料", "readers": "everyone"})
    shelf = Collection.objects.get()

    twin = client.post(
        reverse("articles:collection_new"), {"name": "営業 資料".replace(" ", ""), "readers": "everyone"}
    )
    assert twin.status_code == 422

    change = {"name": "資料", "readers": "chosen", "departments": [d.pk for d in sato.departments.all()]}
    client.post(reverse("articles:collection_edit", args=[shelf.pk]), change)
    assert not Collection.objects.visible_to(ito).exists()

    client.post(reverse("articles:collection_delete", args=[shelf.pk]))
    assert not Collection.objects.exists()


def test_the_first_day_says_what_to_do_first(lee: User, ito: User, signed_in: Enter) -> None:
    assert reverse("articles:new") in signed_in(lee).get("/").content.decode()
    assert reverse("articles:new") not in signed_in(ito).get("/").content.decode()
    an_article(lee)
    assert "支援体制で負けない" in signed_in(ito).get("/").content.decode()


def test_the_site_says_it_is_well(db: None) -> None:
    assert Client().get("/healthz").content == b"ok"
