"""Pages, the collections they stand in, and every version of them that was ever saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from kb.access.models import Audience
from kb.accounts.models import Language

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kb.accounts.models import User

TITLE_LENGTH = 300


class Kind(models.TextChoices):
    """What a page is for."""

    COLLATERAL = "collateral", _("Collateral")
    FAQ = "faq", _("FAQ")
    BATTLECARD = "battlecard", _("Battlecard")
    SUCCESS_STORY = "success_story", _("Success story")
    PLAYBOOK = "playbook", _("Playbook")
    NEWS = "news", _("News")


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Reads of collections."""

    def visible_to(self, viewer: User | AnonymousUser) -> CollectionQuerySet:
        return self.filter(audience__in=Audience.objects.open_to(viewer))

    def with_counts(self, viewer: User | AnonymousUser) -> CollectionQuerySet:
        """Each with `pages`, the number of its articles that `viewer` may see."""
        counted = (
            Article.objects.visible_to(viewer)
            .filter(collection=models.OuterRef("pk"))
            .order_by()
            .values("collection")
            .annotate(number=models.Count("pk"))
            .values("number")
        )
        return self.annotate(pages=models.functions.Coalesce(models.Subquery(counted), 0))


class Collection(models.Model):
    """A flat shelf; its audience is the default and the upper bound of its articles' audiences."""

    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=300, blank=True)
    audience = models.ForeignKey(
        Audience, verbose_name=_("who may read"), on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[CollectionQuerySet] = CollectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="collection_name_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:collection", args=[self.pk])


class ArticleQuerySet(models.QuerySet["Article"]):
    """Reads of articles. Rows of version 0 are places held by an import under way; nobody sees them."""

    def published(self) -> ArticleQuerySet:
        return self.filter(version__gt=0, deleted_at=None)

    def visible_to(self, viewer: User | AnonymousUser) -> ArticleQuerySet:
        """Those whose own audience and whose collection's audience both include `viewer`."""
        mine = Audience.objects.open_to(viewer)
        return self.published().filter(audience__in=mine, collection__audience__in=mine)

    def read_by(self, viewer: User | AnonymousUser, pk: int) -> Article:
        """One page with what every reading needs; source, plain text and headings come when they are asked for.

        Most pages are open to everyone: the audiences come with the row, and only closed ones are asked about.

        Raises:
            Article.DoesNotExist: there is no such page, or `viewer` may not see it.
        """
        article = (
            self.published()
            .select_related("collection__audience", "audience")
            .defer("body", "text", "headings")
            .get(pk=pk)
        )
        if not Audience.objects.includes(viewer, article.audience, article.collection.audience):
            raise Article.DoesNotExist
        return article

    def deleted_for(self, viewer: User) -> ArticleQuerySet:
        """Deleted ones that `viewer` could see before, newest first."""
        mine = Audience.objects.open_to(viewer)
        return self.filter(
            version__gt=0, deleted_at__isnull=False, audience__in=mine, collection__audience__in=mine
        ).order_by("-deleted_at")

    def listed(self) -> ArticleQuerySet:
        """What a list shows and no more: the long columns stay in the database."""
        return (
            self.select_related("collection", "updated_by", "owner")
            .prefetch_related("tags")  # type: ignore[misc]  # taggit brings no types
            .defer("body", "html", "text", "headings")
        )

    def for_index(self) -> ArticleQuerySet:
        return (
            self.published()
            .select_related("audience", "collection__audience")
            .prefetch_related(  # type: ignore[misc]  # taggit brings no types
                "tags",
                "audience__departments",
                "audience__people",
                "collection__audience__departments",
                "collection__audience__people",
            )
        )


class Article(models.Model):
    """A page as it stands now: its source, and the clean HTML and plain text made from it at save.

    `version` counts saves and guards against a lost one. `plain` says that rendering ran out of time: the page
    is then shown as written. `ref` and `import_digest` are an import's, so that the same files come in once.
    """

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.COLLATERAL)
    language = models.CharField(_("language"), max_length=5, choices=Language)
    collection = models.ForeignKey(
        Collection, verbose_name=_("collection"), on_delete=models.PROTECT, related_name="articles"
    )
    audience = models.ForeignKey(
        Audience, verbose_name=_("who may read"), on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    body = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    headings = models.JSONField(default=list, editable=False)
    plain = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(db_index=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    ref = models.CharField(max_length=500, blank=True, editable=False)
    import_digest = models.CharField(max_length=64, blank=True, editable=False)

    tags = TaggableManager(verbose_name=_("tags"), blank=True)
    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-updated_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["ref"], name="article_ref_once", condition=~models.Q(ref="")),
        )
        indexes = (models.Index(fields=["kind", "-updated_at"], name="article_kind_newest"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("articles:detail", args=[self.pk])

    @property
    def own_audience(self) -> bool:
        """Whether it is narrower than its collection."""
        return self.audience_id != self.collection.audience_id


class Revision(models.Model):
    """One saved version, whole; never changed."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    body = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=5, choices=Language)
    tags = models.JSONField(default=list)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=["article", "version"], name="revision_once"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Draft(models.Model):
    """What somebody is writing and has not published; one a person and page, found again on another machine."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="drafts")
    base_version = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)
    # Set once a conflict over it was settled: from then on it only waits to be looked up again, or forgotten.
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-updated_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["by", "article"],
                name="draft_once",
                condition=models.Q(article__isnull=False, settled_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return str(self.fields.get("title", ""))

    def text(self, name: str) -> str:
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""
