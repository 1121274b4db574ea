"""What was learned from a deal: why it went as it did, who says so, in whose words, and one lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from deals.crm.models import Deal
from kb.access.models import Audience

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kb.accounts.models import User


NAME_LENGTH = 100


class DriverQuerySet(models.QuerySet["Driver"]):
    """Reads of drivers."""

    def offered_to(self, user: User) -> DriverQuerySet:
        """What may be chosen: everything accepted, and what one proposed oneself."""
        return self.filter(models.Q(accepted=True) | models.Q(proposed_by=user))

    def proposed(self) -> DriverQuerySet:
        return self.filter(accepted=False).select_related("parent__parent", "proposed_by")


class Driver(models.Model):
    """A node of the driver tree: driver > attribute > aspect. There is no "Other"."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    key = models.SlugField(max_length=60, unique=True)
    name_ja = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH)
    level = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    # False: somebody proposed it and no editor has accepted it yet.
    accepted = models.BooleanField(default=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[DriverQuerySet] = DriverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("level", "position", "pk")
        constraints = (
            models.CheckConstraint(name="driver_level", condition=models.Q(level__in=(1, 2, 3))),
            models.CheckConstraint(
                name="driver_parent_of_all_but_the_first",
                condition=models.Q(level=1, parent=None) | models.Q(level__gt=1, parent__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name_ja if get_language() == "ja" else self.name_en


class Says(models.TextChoices):
    """Who says that a driver played a part."""

    REP = "rep", _("The rep")
    BUYER_INTERVIEW = "buyer_interview", _("The buyer, in an interview")
    BUYER_SURVEY = "buyer_survey", _("The buyer, in a survey")
    CRM = "crm", _("The CRM")


class Consent(models.TextChoices):
    """How far a customer's words may go."""

    INTERNAL = "internal", _("Only inside the company")
    NAMED = "named", _("With name")
    ANONYMOUS = "anonymous", _("Without name")


BUYERS = (Says.BUYER_INTERVIEW, Says.BUYER_SURVEY)


class RetroQuerySet(models.QuerySet["Retro"]):
    """Reads of retrospectives: who may read the deal may read what was learned from it, unless it says fewer."""

    def submitted(self) -> RetroQuerySet:
        """All of them: what is being written is a draft, and no retrospective yet."""
        return self.all()

    def follow(self, viewer: User | AnonymousUser) -> RetroQuerySet:
        """Those that `viewer` may read wherever the deal is theirs to read, which is asked beside it."""
        mine = Audience.objects.open_to(viewer)
        return self.filter(models.Q(audience__isnull=True) | models.Q(audience__in=mine))

    def visible_to(self, viewer: User | AnonymousUser) -> RetroQuerySet:
        return self.follow(viewer).filter(deal__audience__in=Audience.objects.open_to(viewer))


class Retro(models.Model):
    """The retrospective of one deal, whose key it shares. There is none before somebody submitted it."""

    deal = models.OneToOneField(Deal, primary_key=True, on_delete=models.CASCADE, related_name="retro")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="retros")
    lesson = models.TextField(_("one thing for the next person"), blank=True)
    # Our own reading of it, kept apart from the customer's words.
    hypothesis = models.TextField(_("what we think happened"), blank=True)
    # Fewer readers than the deal's; null: whoever may read the deal, also when that changes.
    audience = models.ForeignKey(Audience, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, editable=False)
    submitted_at = models.DateTimeField(db_index=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    tags = TaggableManager(blank=True)
    articles = models.ManyToManyField("articles.Article", blank=True, related_name="retros")
    objects: ClassVar[RetroQuerySet] = RetroQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-submitted_at", "-deal")

    def __str__(self) -> str:
        return str(self.deal)

    def get_absolute_url(self) -> str:
        return reverse("crm:detail", args=[self.deal_id]) + "#retro"


class RetroDraft(models.Model):
    """What somebody is writing about a deal and has not sent: one a person and deal, found again on another machine."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="retro_drafts")
    # The form's fields as they were typed: a list of values for each name.
    fields = models.JSONField(default=dict)
    # The versions of the retrospective (0: none) and of the deal that it was begun from.
    base_version = models.PositiveIntegerField(default=0)
    deal_version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-updated_at",)
        constraints = (models.UniqueConstraint(fields=["by", "deal"], name="retro_draft_once"),)

    def __str__(self) -> str:
        return f"{self.deal} ({self.by})"


class DriverRating(models.Model):
    """One driver in one deal, as one kind of witness saw it. Performance -2 … +2, importance 1 … 3; `first`: the main one."""

    retro = models.ForeignKey(Retro, on_delete=models.CASCADE, related_name="ratings")
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="ratings")
    says = models.CharField(max_length=20, choices=Says)
    performance = models.SmallIntegerField(validators=[MinValueValidator(-2), MaxValueValidator(2)])
    importance = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3)])
    first = models.BooleanField(default=False)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ("-first", "-importance", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["retro", "driver", "says"], name="driver_rated_once_by_a_witness"
            ),
            models.UniqueConstraint(
                fields=["retro", "says"], name="one_first_driver_a_witness", condition=models.Q(first=True)
            ),
            models.CheckConstraint(name="performance_range", condition=models.Q(performance__range=(-2, 2))),
            models.CheckConstraint(name="importance_range", condition=models.Q(importance__range=(1, 3))),
        )

    def __str__(self) -> str:
        return f"{self.driver} {self.performance:+d}"


class QuoteQuerySet(models.QuerySet["Quote"]):
    """Reads of quotes."""

    def may_leave(self) -> QuoteQuerySet:
        """Those a customer agreed to: the only ones an export, a page for customers or a copy elsewhere may hold."""
        return self.exclude(consent=Consent.INTERNAL)


class Quote(models.Model):
    """The customer's own words, and how far they may go."""

    retro = models.ForeignKey(Retro, on_delete=models.CASCADE, related_name="quotes")
    text = models.TextField(_("in the customer's words"))
    speaker = models.CharField(_("who said it"), max_length=200, blank=True)
    consent = models.CharField(max_length=20, choices=Consent, default=Consent.INTERNAL)
    said_on = models.DateField(null=True, blank=True)

    objects: ClassVar[QuoteQuerySet] = QuoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def named(self) -> str:
        """Who said it, for whoever is outside: nobody unless they agreed to be named."""
        return self.speaker if self.consent == Consent.NAMED else ""
