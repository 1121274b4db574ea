"""What the pages about articles read."""

from __future__ import annotations

import hashlib
from collections.abc import Collection as Many
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from taggit.models import Tag

from kb.access.models import Audience
from kb.accounts.models import User
from kb.articles.compare import Change, difference
from kb.articles.models import Article, Collection, Draft, Kind, Revision

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from kb.articles.models import ArticleQuerySet

# How fast a text is read, in characters a minute: silent reading of Japanese, and of English (238 words a minute,
# Brysbaert 2019, at about 6 characters a word).
CHARACTERS_A_MINUTE = {"ja": 500, "en": 1430}
LONGEST_ID = 19


@dataclass(frozen=True)
class Choice:
    """One filter of a list: what it is called, its value, how many things it leaves, whether it is on."""

    label: str
    value: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filters:
    """The filters of the list as they stand in the address; several values of one widen, different ones narrow."""

    kind: tuple[str, ...] = ()
    collection: tuple[int, ...] = ()
    tag: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> Filters:
        """What makes no sense is left out."""
        return cls(
            kind=tuple(value for value in query.getlist("kind") if value in Kind.values),
            collection=tuple(
                int(value)
                for value in query.getlist("collection")
                if value.isdecimal() and len(value) < LONGEST_ID
            ),
            tag=tuple(value for value in query.getlist("tag") if value),
        )

    def narrow(self, articles: ArticleQuerySet, *, but: str = "") -> ArticleQuerySet:
        """`articles` by every filter, save the one called `but` (whose own counts are wanted)."""
        if self.kind and but != "kind":
            articles = articles.filter(kind__in=self.kind)
        if self.collection and but != "collection":
            articles = articles.filter(collection__in=self.collection)
        if self.tag and but != "tag":
            articles = articles.filter(pk__in=Article.objects.filter(tags__name__in=self.tag).values("pk"))
        return articles


@dataclass(frozen=True)
class Around:
    """What a page shows beside its text."""

    tags: list[str]
    readers: list[str]
    owner: User | None
    author: User
    editor: User
    minutes: int
    contents: list[dict[str, object]]


def around(article: Article) -> Around:
    """Tags, readers, people and contents of a page that `read_by` gave."""
    article.refresh_from_db(fields=["text", "headings"])
    people = User.objects.in_bulk({article.created_by_id, article.updated_by_id, article.owner_id} - {None})
    readers: list[str] = []
    if article.own_audience:
        audience = article.audience
        readers = [*map(str, audience.departments.all()), *map(str, audience.people.all())]
    return Around(
        tags=list(article.tags.names()),
        readers=readers,
        owner=people.get(article.owner_id or 0),
        author=people[article.created_by_id],
        editor=people[article.updated_by_id],
        minutes=minutes_to_read(characters=len(article.text), language=article.language),
        contents=contents_of(article),
    )


def fingerprint(article: Article, text: str, *, by_writer: bool) -> str:
    """A name for the inside of a page as this viewer gets it: another version, audience or `text`, another name."""
    parts = (
        article.pk,
        article.version,
        article.audience_id,
        article.audience.version,
        article.collection.name,
    )
    return hashlib.sha256(f"{parts} {by_writer} {get_language()} {text}".encode()).hexdigest()


def minutes_to_read(*, characters: int, language: str) -> int:
    """Whole minutes, at least one."""
    return max(1, round(characters / CHARACTERS_A_MINUTE.get(language, 500)))


def contents_of(article: Article) -> list[dict[str, object]]:
    """The two upper levels of headings the page really has, for its table of contents."""
    headings = [(level, anchor, text) for level, anchor, text in article.headings if text]
    if not headings:
        return []
    top = min(level for level, _anchor, _text in headings)
    return [
        {"anchor": anchor, "text": text, "deeper": level > top}
        for level, anchor, text in headings
        if level <= top + 1
    ]


def collections_of(viewer: User | AnonymousUser, *, chosen: Many[int] = ()) -> list[Choice]:
    return [
        Choice(collection.name, str(collection.pk), collection.pages, collection.pk in chosen)  # type: ignore[attr-defined]
        for collection in Collection.objects.visible_to(viewer).with_counts(viewer)
    ]


def kinds_of(articles: ArticleQuerySet, *, chosen: Many[str] = ()) -> list[Choice]:
    """Kinds that occur, in their fixed order."""
    counts = dict(articles.order_by().values_list("kind").annotate(Count("pk")))
    return [
        Choice(str(kind.label), kind.value, counts.get(kind.value, 0), kind.value in chosen)
        for kind in Kind
        if kind.value in counts or kind.value in chosen
    ]


def tags_of(articles: ArticleQuerySet, *, limit: int = 20, chosen: Many[str] = ()) -> list[Choice]:
    """The tags used most among `articles`, the chosen ones first."""
    tagged = Tag.objects.filter(
        taggit_taggeditem_items__content_type=ContentType.objects.get_for_model(Article),
        taggit_taggeditem_items__object_id__in=articles.order_by().values("pk"),
    )
    tags = tagged.annotate(number=Count("pk")).order_by("-number", "name")[:limit]
    found = [Choice(tag.name, tag.name, tag.number, tag.name in chosen) for tag in tags]
    return sorted(found, key=lambda choice: not choice.chosen)


def tag_names_in_use(viewer: User | AnonymousUser, *, limit: int = 200) -> list[str]:
    """Tags to offer while typing, among those of pages `viewer` may see."""
    return [choice.value for choice in tags_of(Article.objects.visible_to(viewer), limit=limit)]


def drafts_of(user: User | AnonymousUser) -> list[Draft]:
    """One's own drafts, newest first; of pages one may still see."""
    if not user.is_authenticated:
        return []
    drafts = Draft.objects.filter(by=user, settled_at=None).select_related(
        "article__audience", "article__collection"
    )
    mine = set(Audience.objects.open_to(user).values_list("pk", flat=True)) if drafts else set()
    return [
        draft
        for draft in drafts
        if draft.article is None
        or (
            draft.article.deleted_at is None
            and {draft.article.audience_id, draft.article.collection.audience_id} <= mine
        )
    ]


def settled_drafts_of(user: User, article: Article) -> QuerySet[Draft]:
    """What one wrote before a conflict was answered, while it is kept."""
    return Draft.objects.filter(by=user, article=article, settled_at__isnull=False)


def revisions_of(article: Article) -> QuerySet[Revision]:
    return article.revisions.select_related("by").defer("body")


def change_in(article: Article, version: int) -> tuple[Revision, Revision | None, list[Change]]:
    """A version, the one before it, and what changed between them; raises Revision.DoesNotExist."""
    revision = article.revisions.select_related("by").get(version=version)
    before = article.revisions.filter(version__lt=version).first()
    return revision, before, difference(before.body if before else "", revision.body)
