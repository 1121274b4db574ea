"""The whole way through the house: a page is written, brought over by the worker, found in mid-sentence, opened and read."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.articles import actions
from kb.articles.models import Article
from kb.search.index import drain
from kb.search.models import PendingChange
from tests.factories import a_collection, an_article

Enter = Callable[[User], Client]


def found(client: Client, words: str) -> str:
    return client.get(reverse("search:results"), {"q": words}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_page_is_written_found_in_mid_sentence_opened_and_read(
    lee: User, ito: User, signed_in: Enter
) -> None:
    shelf = a_collection(lee)
    form = {
        "title": "次回への申し送り",
        "body": "先方の情報システム部はSSOとSCIMが必要だと言い、ﾃﾞｰﾀの置き場所を気にしていた。",
        "kind": "faq",
        "language": "ja",
        "collection": shelf.pk,
        "readers": "collection",
        "base_version": 0,
    }
    signed_in(lee).post(reverse("articles:new"), form)
    assert PendingChange.objects.exists()

    call_command("worker", once=True)

    assert not PendingChange.objects.exists()
    reader = signed_in(ito)
    article = Article.objects.get()
    for words in ("情報システム", "SSO", "ｓｓｏ", "データ", "置き場所", "scim 必要"):
        page = found(reader, words)
        assert article.get_absolute_url() in page, words
        assert "<mark>" in page, words
    assert "置き場所を気に" in reader.get(article.get_absolute_url()).content.decode()


def test_what_is_hidden_is_found_by_nobody_else(lee: User, mori: User, signed_in: Enter) -> None:
    readers = Readers(departments=list(lee.departments.all()))
    article = an_article(lee, "値引きの線", "線は八分までとする。", readers=readers, tags=["極秘の線"])
    drain()

    assert article.get_absolute_url() in found(signed_in(lee), "値引き")
    for words in ("値引き", "八分", "極秘の線"):
        page = found(signed_in(mori), words)
        assert article.get_absolute_url() not in page
        assert "値引きの線" not in page


def test_a_page_that_was_closed_a_moment_ago_is_not_shown_by_the_old_index(
    sato: User, ito: User, signed_in: Enter
) -> None:
    article = an_article(sato, "料金の改定案", "五人から使える。")
    drain()
    readers = Readers(departments=list(sato.departments.all()))
    actions.save_collection(by=sato, name="営業資料", readers=readers, collection=article.collection)

    page = found(signed_in(ito), "改定案")

    assert article.get_absolute_url() not in page


def test_a_deleted_page_is_found_no_more_and_comes_back_with_its_words(lee: User, signed_in: Enter) -> None:
    article = an_article(lee, "障害の一次対応", "折り返しの時刻を約束する。")
    drain()
    client = signed_in(lee)
    client.post(reverse("articles:delete", args=[article.pk]))
    assert article.get_absolute_url() not in found(client, "折り返し")
    drain()
    client.post(reverse("articles:undelete", args=[article.pk]))
    drain()

    assert article.get_absolute_url() in found(client, "折り返し")
