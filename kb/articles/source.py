"""Pages as the search sees them."""

from __future__ import annotations

from collections.abc import Collection as Many
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from kb.access.tokens import tokens_of
from kb.articles.models import Article, Kind
from kb.search.documents import Called, Document, Offer, Shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User


class Articles:
    """The source of articles."""

    name = "article"
    offer = Offer.TITLE

    def kinds(self) -> dict[str, StrOrPromise]:
        return {kind.value: kind.label for kind in Kind}

    def document(self, pk: int) -> Document | None:
        article = Article.objects.for_index().filter(pk=pk).first()
        return None if article is None else as_document(article)

    def stamps(self) -> Iterable[tuple[int, str]]:
        rows = Article.objects.published().values_list(
            "pk", "version", "audience_id", "audience__version", "collection__audience__version"
        )
        for pk, *parts in rows.order_by("pk").iterator(chunk_size=2000):
            yield pk, ".".join(map(str, parts))

    def visible(self, viewer: User, pks: Many[int]) -> dict[int, Shown]:
        rows = (
            Article.objects.visible_to(viewer)
            .filter(pk__in=pks)
            .select_related("owner")
            .prefetch_related("tags", "owner__departments")  # type: ignore[misc]
        )
        return {article.pk: as_shown(article) for article in rows.defer("body", "html", "headings")}

    def called(self, viewer: User, pks: Many[int]) -> dict[int, Called]:
        rows = Article.objects.visible_to(viewer).filter(pk__in=pks).only("title", "kind")
        return {row.pk: Called(row.title, row.kind, row.get_absolute_url()) for row in rows}


def as_document(article: Article) -> Document:
    """What of a page is indexed, and for whom: its own audience and its collection's, both."""
    readers = [tokens_of(article.audience)]
    if article.audience_id != article.collection.audience_id:
        readers.append(tokens_of(article.collection.audience))
    return Document(
        source=Articles.name,
        pk=article.pk,
        kind=article.kind,
        stamp=f"{article.version}.{article.audience_id}.{article.audience.version}.{article.collection.audience.version}",
        title=article.title,
        body=article.text,
        headings=tuple(text for _level, _id, text in article.headings),
        tags=tuple(sorted(tag.name for tag in article.tags.all())),
        language=article.language,
        updated_on=timezone.localdate(article.updated_at),
        readers=tuple(readers),
        marks=marks_of(article),
    )


def marks_of(article: Article) -> dict[str, tuple[str, ...]]:
    """Who wrote it first and last, and who answers for it; all of them change with the version alone."""
    authors = dict.fromkeys((article.created_by_id, article.updated_by_id))
    marks = {"author": tuple(map(str, authors))}
    return marks | ({"owner": (str(article.owner_id),)} if article.owner_id else {})


def as_shown(article: Article) -> Shown:
    departments = [str(department) for department in article.owner.departments.all()] if article.owner else []
    return Shown(
        source=Articles.name,
        pk=article.pk,
        kind=article.kind,
        ref=article.ref,
        title=article.title,
        url=article.get_absolute_url(),
        text=article.text,
        language=article.language,
        updated_on=timezone.localdate(article.updated_at),
        tags=tuple(sorted(tag.name for tag in article.tags.all())),
        owner=str(article.owner) if article.owner else None,
        department=departments[0] if departments else None,
    )
