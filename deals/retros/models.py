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


class Driver(models.Model):
    """A node of the driver tree: driver > attribute > aspect. There is no "Other"."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    key = models.SlugField(max_length=60, unique=True)
    name_ja = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    level = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    # False: somebody proposed it and no editor has accepted it yet.
    accepted = models.BooleanField(default=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("level", "position", "pk")
        constraints = (models.CheckConstraint(name="driver_level", condition=models.Q(level__in=(1, 2, 3))),)

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


class RetroQuerySet(models.QuerySet["Retro"]):
    """Reads of retrospectives: who may read the deal may read what was learned from it, unless it says fewer."""

    def submitted(self) -> RetroQuerySet:
        return self.filter(submitted_at__isnull=False)

    def visible_to(self, viewer: User | AnonymousUser) -> RetroQuerySet:
        mine = Audience.objects.open_to(viewer)
        return self.submitted().filter(audience__in=mine, deal__audience__in=mine)


class Retro(models.Model):
    """The retrospective of one deal. Unsubmitted, it is the draft of its author alone, in `draft` as it was typed."""

    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="retro")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="retros")
    lesson = models.TextField(_("one thing for the next person"), blank=True)
    # Our own reading of it, kept apart from the customer's words.
    hypothesis = models.TextField(_("what we think happened"), blank=True)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(default=dict, editable=False)

    tags = TaggableManager(blank=True)
    articles = models.ManyToManyField("articles.Article", blank=True, related_name="retros")
    objects: ClassVar[RetroQuerySet] = RetroQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-submitted_at", "-pk")

    def __str__(self) -> str:
        return str(self.deal)

    def get_absolute_url(self) -> str:
        return reverse("crm:detail", args=[self.deal_id])


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


class Quote(models.Model):
    """The customer's own words, and how far they may go."""

    retro = models.ForeignKey(Retro, on_delete=models.CASCADE, related_name="quotes")
    text = models.TextField(_("in the customer's words"))
    speaker = models.CharField(_("who said it"), max_length=200, blank=True)
    consent = models.CharField(max_length=20, choices=Consent, default=Consent.INTERNAL)
    said_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text[:60]
