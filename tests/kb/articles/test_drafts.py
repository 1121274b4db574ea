"""What is typed is kept: drafts, their owner, and how long they stay."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.accounts.models import User
from kb.articles import actions
from kb.articles.models import Article, Draft
from tests.factories import a_collection, an_article

Enter = Callable[[User], Client]


def test_a_draft_is_kept_while_typing_and_found_again(lee: User, signed_in: Enter) -> None:
    a_collection(lee)
    client = signed_in(lee)

    kept = client.post(
        reverse("articles:autosave"), {"title": "", "body": "書きかけ", "article": "", "draft": ""}
    )
    draft = Draft.objects.get()
    assert str(draft.pk) in kept.content.decode()
    client.post(
        reverse("articles:autosave"),
        {"title": "題", "body": "書きかけの続き", "article": "", "draft": draft.pk},
    )
    again = client.get(reverse("articles:draft", args=[draft.pk]))

    assert Draft.objects.count() == 1
    assert "書きかけの続き" in again.content.decode()


def test_publishing_a_new_page_ends_its_draft(lee: User, signed_in: Enter) -> None:
    shelf = a_collection(lee)
    draft = actions.keep_draft(by=lee, fields={"title": "題"}, article=None, base_version=0)
    form = {
        "title": "題",
        "body": "文",
        "kind": "faq",
        "language": "ja",
        "collection": shelf.pk,
        "readers": "collection",
    }

    signed_in(lee).post(reverse("articles:new"), {**form, "draft": draft.pk, "base_version": 0})

    assert Article.objects.exists()
    assert not Draft.objects.exists()


def test_somebody_elses_draft_does_not_exist(lee: User, mori: User, signed_in: Enter) -> None:
    draft = actions.keep_draft(by=lee, fields={"title": "李の"}, article=None, base_version=0)
    other = signed_in(mori)

    assert other.get(reverse("articles:draft", args=[draft.pk])).status_code == 404
    assert other.post(reverse("articles:drop_draft", args=[draft.pk])).status_code == 404
    other.post(reverse("articles:autosave"), {"title": "奪う", "draft": draft.pk})
    draft.refresh_from_db()
    assert draft.text("title") == "李の"


def test_what_went_into_a_conflict_stays_for_thirty_days(lee: User, signed_in: Enter) -> None:
    article = an_article(lee)
    actions.keep_draft(by=lee, fields={"title": "題", "body": "わたしの文"}, article=article, base_version=1)
    actions.settle_draft(by=lee, article=article)
    client = signed_in(lee)

    assert (
        "わたしの文" in client.get(reverse("articles:draft", args=[Draft.objects.get().pk])).content.decode()
    )
    assert reverse("articles:draft", args=[Draft.objects.get().pk]) in (
        client.get(reverse("articles:history", args=[article.pk])).content.decode()
    )
    assert actions.forget_settled_drafts() == 0
    Draft.objects.update(settled_at=timezone.now() - timedelta(days=31))
    assert actions.forget_settled_drafts() == 1


def test_an_open_draft_is_never_forgotten(lee: User) -> None:
    actions.keep_draft(by=lee, fields={"title": "題"}, article=None, base_version=0)
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=400))

    assert actions.forget_settled_drafts() == 0
    assert Draft.objects.exists()


def test_going_on_with_a_draft_of_a_changed_page_meets_the_change(
    lee: User, mori: User, signed_in: Enter
) -> None:
    article = an_article(lee, body="一。\n\n二。")
    fields = {
        "title": article.title, "body": "一の一。\n\n二。", "kind": article.kind, "language": "ja",
        "collection": str(article.collection_id), "readers": "collection",
    }  # fmt: skip
    draft = actions.keep_draft(by=lee, fields=dict(fields), article=article, base_version=1)
    other = {**fields, "body": "一。\n\n二の二。", "base_version": 1}
    signed_in(mori).post(reverse("articles:edit", args=[article.pk]), other)
    client = signed_in(lee)
    form = client.get(reverse("articles:draft", args=[draft.pk])).context["form"]

    answer = client.post(
        reverse("articles:edit", args=[article.pk]), {**fields, "base_version": form["base_version"].value()}
    )

    assert answer.status_code == 409
    assert answer.context["conflict"].merged.clean
