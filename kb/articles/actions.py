"""Every write to pages, collections and drafts: one transaction each, its audit entry and its place in the index queue inside."""

from __future__ import annotations

from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from kb.access.actions import Readers, set_audience
from kb.access.models import Audience
from kb.articles.models import Article, Collection, Draft, Revision
from kb.audit.actions import record
from kb.markup import Rendered, render
from kb.search.index import request_change
from kb.text import fold, tag_names

if TYPE_CHECKING:
    from kb.accounts.models import User

SOURCE = "article"
DRAFTS_KEPT_DAYS = 30


class NotAllowed(PermissionError):
    """The person may not do this to this thing."""


class StaleRevision(RuntimeError):
    """The page was saved by somebody else since it was opened; `article` is how it stands now."""

    def __init__(self, article: Article) -> None:
        super().__init__(f"article {article.pk} is at version {article.version}")
        self.article = article


class LockedOut(ValueError):
    """The audience asked for does not include the person who sets it."""


class NotEmpty(ValueError):
    """A collection with pages in it was to be removed."""


@dataclass(frozen=True)
class Content:
    """What a save writes. `readers` none: as the collection; `note`: what changed, in the writer's words."""

    title: str
    body: str
    kind: str
    language: str
    collection: Collection
    tags: Sequence[str] = ()
    readers: Readers | None = None
    owner: User | None = None
    note: str = ""
    ref: str = ""
    import_digest: str = ""
    keep_readers: bool = field(default=False, kw_only=True)


def may_edit(user: User, article: Article) -> bool:
    """Who may see a page may edit it, as a writer or above."""
    return user.can_write and Article.objects.visible_to(user).filter(pk=article.pk).exists()


def save_article(
    *,
    by: User,
    content: Content,
    article: Article | None = None,
    base_version: int = 0,
    rendered: Rendered | None = None,
) -> Article:
    """Save a page as its next version; `rendered` is the body's, from a caller whose transaction is open already.

    Raises:
        NotAllowed: `by` is a reader, or may not see the page or the collection.
        StaleRevision: somebody saved since `base_version`.
        LockedOut: `by` would not be among the readers.
    """
    if not by.can_write or not Collection.objects.visible_to(by).filter(pk=content.collection.pk).exists():
        raise NotAllowed
    # Rendering may take seconds; the transaction, which on SQLite holds every other writer up, begins after it.
    rendered = rendered or render(content.body)
    return _write(by=by, content=content, rendered=rendered, article=article, base_version=base_version)


@transaction.atomic
def _write(
    *, by: User, content: Content, rendered: Rendered, article: Article | None, base_version: int
) -> Article:
    article = _locked(article, by=by, base_version=base_version) if article else Article(created_by=by)
    now = timezone.now()
    article.title = content.title
    article.kind, article.language, article.body = content.kind, content.language, content.body
    article.html, article.text, article.plain = rendered.html, rendered.text, rendered.plain
    article.headings = [[heading.level, heading.id, heading.text] for heading in rendered.headings]
    article.version += 1
    article.updated_at, article.updated_by = now, by
    article.owner = content.owner or article.owner or by
    if content.ref:
        article.ref, article.import_digest = content.ref, content.import_digest
    _place(article, content, by=by)
    article.save()
    article.tags.set(tag_names(content.tags))
    _remember(article, content, by=by)
    Draft.objects.filter(by=by, article=article, settled_at=None).delete()
    request_change(SOURCE, article.pk)
    return article


def _locked(article: Article, *, by: User, base_version: int) -> Article:
    """The row as it is now, held until the transaction ends."""
    current = (
        Article.objects.select_for_update(of=("self",))
        .select_related("collection")
        .filter(pk=article.pk)
        .first()
    )
    if current is None or not (current.version == 0 or may_edit(by, current)):
        raise NotAllowed
    if current.version != base_version:
        raise StaleRevision(current)
    return current


def _place(article: Article, content: Content, *, by: User) -> None:
    """Set the collection and the audience: the collection's own, or one narrower that still includes `by`."""
    before = article.collection if article.version > 1 else None
    article.collection = content.collection
    if content.keep_readers and before == content.collection:
        return
    if content.readers is None:
        article.audience = content.collection.audience
        return
    readers = content.readers
    # An audience that is the collection's belongs to all its pages: a narrower one begins anew.
    own = article.audience if before and article.audience_id != before.audience_id else None
    article.audience = set_audience(
        own, everyone=readers.everyone, departments=readers.departments, people=readers.people
    )
    if not Audience.objects.open_to(by).filter(pk=article.audience_id).exists():
        raise LockedOut


def _remember(article: Article, content: Content, *, by: User) -> None:
    tags = sorted(article.tags.names())
    Revision.objects.create(
        article=article,
        version=article.version,
        title=article.title,
        body=article.body,
        kind=article.kind,
        language=article.language,
        tags=tags,
        note=content.note,
        by=by,
        at=article.updated_at,
    )
    verb = "article.created" if article.version == 1 else "article.saved"
    detail = {
        "version": article.version,
        "collection": article.collection.name,
        "audience": article.audience_id,
        "tags": tags,
    }
    record(by=by, verb=verb, target=article, detail=detail)


def restore_revision(*, by: User, article: Article, version: int, base_version: int, note: str) -> Article:
    """Save an earlier version's words again as the newest; who may read stays as it is."""
    revision = article.revisions.get(version=version)
    content = Content(
        title=revision.title,
        body=revision.body,
        kind=revision.kind,
        language=revision.language,
        collection=article.collection,
        tags=revision.tags,
        note=note,
        keep_readers=True,
    )
    return save_article(by=by, content=content, article=article, base_version=base_version)


@transaction.atomic
def delete_article(*, by: User, article: Article) -> None:
    """Take a page away; it can be put back, with all its versions."""
    current = _locked(article, by=by, base_version=article.version)
    current.deleted_at = timezone.now()
    current.save(update_fields=["deleted_at"])
    record(by=by, verb="article.deleted", target=current)
    request_change(SOURCE, current.pk)


@transaction.atomic
def undelete_article(*, by: User, article: Article) -> None:
    """Put a deleted page back."""
    if not by.can_write or not Article.objects.deleted_for(by).filter(pk=article.pk).exists():
        raise NotAllowed
    Article.objects.filter(pk=article.pk).update(deleted_at=None)
    record(by=by, verb="article.undeleted", target=article)
    request_change(SOURCE, article.pk)


@transaction.atomic
def save_collection(
    *, by: User, name: str, readers: Readers, description: str = "", collection: Collection | None = None
) -> Collection:
    """Make or change a collection. Its audience bounds its articles' at once, also those with their own.

    Raises:
        NotAllowed: `by` may not write; or changes one without being an editor.
        LockedOut: `by` would not be among the readers.
    """
    if not (by.can_edit if collection else by.can_write):
        raise NotAllowed
    collection = collection or Collection()
    collection.name, collection.description = name, description
    collection.audience = set_audience(
        collection.audience if collection.audience_id else None,
        everyone=readers.everyone,
        departments=readers.departments,
        people=readers.people,
    )
    if not Audience.objects.open_to(by).filter(pk=collection.audience_id).exists():
        raise LockedOut
    collection.save()
    record(by=by, verb="collection.saved", target=collection, detail={"audience": collection.audience_id})
    for pk in collection.articles.values_list("pk", flat=True):
        request_change(SOURCE, pk)
    return collection


@transaction.atomic
def delete_collection(*, by: User, collection: Collection) -> None:
    """Remove an empty collection."""
    if not by.can_edit:
        raise NotAllowed
    if collection.articles.exists():
        raise NotEmpty
    record(by=by, verb="collection.deleted", target=collection)
    collection.delete()
    collection.audience.delete()


def collection_named(name: str, *, by: User, readers: Readers) -> Collection:
    """The collection whose name is the same when folded, made when there is none."""
    wanted = fold(name)
    for collection in Collection.objects.visible_to(by).select_related("audience"):
        if fold(collection.name) == wanted:
            return collection
    return save_collection(by=by, name=name, readers=readers)


@transaction.atomic
def keep_draft(
    *,
    by: User,
    fields: dict[str, str | list[str]],
    article: Article | None,
    base_version: int,
    draft: Draft | None = None,
) -> Draft:
    """Keep what is being written; one draft a person and page."""
    if not by.can_write:
        raise NotAllowed
    if draft is None and article is not None:
        draft = Draft.objects.filter(by=by, article=article, settled_at=None).first()
    draft = draft or Draft(by=by, article=article)
    draft.fields, draft.base_version = fields, base_version
    draft.save()
    return draft


def settle_draft(*, by: User, article: Article) -> None:
    """A conflict was answered: the text that went into it stays for a while, out of the way."""
    Draft.objects.filter(by=by, article=article, settled_at=None).update(settled_at=timezone.now())


def forget_settled_drafts() -> int:
    """Delete what was settled over 30 days ago; how many that were."""
    deadline = timezone.now() - timedelta(days=DRAFTS_KEPT_DAYS)
    return Draft.objects.filter(settled_at__lt=deadline).delete()[0]


@transaction.atomic
def drop_draft(*, by: User, draft: Draft) -> None:
    """Throw one's own draft away."""
    Draft.objects.filter(pk=draft.pk, by=by).delete()


def hold_places(
    refs: Many[str], *, by: User, collection_of: dict[str, Collection], title_of: dict[str, str]
) -> dict[str, Article]:
    """Rows of version 0 for pages about to be imported, so that their links to each other have somewhere to point."""
    existing = {
        article.ref: article for article in Article.objects.filter(ref__in=refs).defer("body", "html", "text")
    }
    now = timezone.now()
    new = [
        Article(
            ref=ref,
            title=title_of[ref],
            collection=collection_of[ref],
            audience=collection_of[ref].audience,
            created_by=by,
            updated_by=by,
            updated_at=now,
        )
        for ref in refs
        if ref not in existing
    ]
    for article in Article.objects.bulk_create(new, batch_size=500):
        existing[article.ref] = article
    return existing
