"""Deals as they stand, and the companies they are with.

The outcome is two fields, never one: what came of it, and for a loss, to whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from kb.access.models import Audience
from kb.market.models import Competitor, Industry, Product

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kb.accounts.models import User


class Result(models.TextChoices):
    """What came of a deal."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    NO_DECISION = "no_decision", _("No decision")
    INVALID = "invalid", _("Not a deal")
    UNKNOWN = "unknown", _("Not known")


# In the denominator of the win rate; and what counts as closed with an outcome.
DECIDED = (Result.WON, Result.LOST, Result.NO_DECISION)


class LostTo(models.TextChoices):
    """Who won it instead; for a loss only."""

    COMPETITOR = "competitor", _("A competitor")
    INCUMBENT = "incumbent", _("The incumbent")
    IN_HOUSE = "in_house", _("Built in-house")
    NOT_KNOWN = "not_known", _("Not known")


class WonAgainst(models.TextChoices):
    """Who else was there when a deal was won; for a win only. A win that says nothing names nobody, or nobody knows."""

    COMPETITOR = "competitor", _("A competitor")
    INCUMBENT = "incumbent", _("The incumbent")
    IN_HOUSE = "in_house", _("Built in-house")


class NoDecisionReason(models.TextChoices):
    """Why nothing was decided."""

    STATUS_QUO = "status_quo", _("Went on as before")
    INDECISION = "indecision", _("Could not decide")
    GHOSTED = "ghosted", _("Stopped answering")


class CompanyQuerySet(models.QuerySet["Company"]):
    """Reads of companies."""

    def visible_to(self, viewer: User | AnonymousUser) -> CompanyQuerySet:
        return self.filter(audience__in=Audience.objects.open_to(viewer))


class Company(models.Model):
    """A customer, or one who may become it."""

    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=400, unique=True, editable=False)
    industry = models.ForeignKey(
        Industry, verbose_name=_("industry"), null=True, blank=True, on_delete=models.PROTECT
    )
    region = models.CharField(_("region"), max_length=100, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    audience = models.ForeignKey(
        Audience, verbose_name=_("who may read"), on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[CompanyQuerySet] = CompanyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:company", args=[self.pk])


class DealQuerySet(models.QuerySet["Deal"]):
    """Reads of deals."""

    def visible_to(self, viewer: User | AnonymousUser) -> DealQuerySet:
        return self.filter(audience__in=Audience.objects.open_to(viewer))

    def closed(self) -> DealQuerySet:
        """Those with an outcome that counts: won, lost, no decision."""
        return self.filter(result__in=DECIDED)


class Deal(models.Model):
    """One deal. Amounts are whole units of a currency with as many decimals as it has; null: not known, which is not 0."""

    name = models.CharField(_("deal"), max_length=200)
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
    )
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
    )
    # As the CRM calls the owner, where there is no account of that name.
    owner_name = models.CharField(_("owner's name"), max_length=100, blank=True)
    owner_team = models.CharField(_("owner's team"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    segment = models.CharField(_("segment"), max_length=100, blank=True)
    stage = models.CharField(_("stage"), max_length=100, blank=True)
    # The stage it stood at when it was lost or dropped, where that is known.
    stage_lost = models.CharField(_("stage lost"), max_length=100, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    result = models.CharField(_("result"), max_length=20, choices=Result, default=Result.OPEN)
    lost_to = models.CharField(_("who won it"), max_length=20, choices=LostTo, blank=True)
    won_against = models.CharField(
        _("whom it was won against"), max_length=20, choices=WonAgainst, blank=True, default=""
    )
    no_decision_reason = models.CharField(
        _("why nothing was decided"), max_length=20, choices=NoDecisionReason, blank=True
    )
    # Who won it, for a loss to a competitor; whom it was won against; otherwise whom we met on the way. Optional always.
    competitor = models.ForeignKey(
        Competitor,
        verbose_name=_("competitor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
    )
    note = models.TextField(_("note"), blank=True)
    audience = models.ForeignKey(
        Audience, verbose_name=_("who may read"), on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(db_index=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # An import's: which row of which kind of file this is, and the digest of what it held.
    ref = models.CharField(max_length=300, blank=True, editable=False)
    import_digest = models.CharField(max_length=64, blank=True, editable=False)

    tags = TaggableManager(verbose_name=_("tags"), blank=True)
    objects: ClassVar[DealQuerySet] = DealQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-closed_on", "-opened_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["ref"], name="deal_ref_once", condition=~Q(ref="")),
            models.CheckConstraint(
                name="deal_lost_to_of_a_loss", condition=Q(lost_to="") | Q(result=Result.LOST)
            ),
            models.CheckConstraint(
                name="deal_loss_says_to_whom", condition=~Q(result=Result.LOST) | ~Q(lost_to="")
            ),
            models.CheckConstraint(
                name="deal_won_against_of_a_win", condition=Q(won_against="") | Q(result=Result.WON)
            ),
            models.CheckConstraint(
                name="deal_reason_of_no_decision",
                condition=Q(no_decision_reason="") | Q(result=Result.NO_DECISION),
            ),
        )
        indexes = (
            # What the analysis counts most is answered by these alone, in their order, without a look at the deals.
            models.Index(fields=["result", "closed_on", "audience"], name="deal_result_day"),
            models.Index(
                fields=["result", "competitor", "lost_to", "no_decision_reason", "closed_on", "audience"],
                name="deal_result_whom",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:detail", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.result in DECIDED


class ImportMapping(models.Model):
    """How a kind of file is read, kept by name: which column is which field, which spellings are one, and so on."""

    name = models.CharField(_("name"), max_length=100)
    folded = models.CharField(max_length=200, unique=True, editable=False)
    choices = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Intake(models.Model):
    """An import under way on the page: the files lie in the home's uploads under its key until they are taken."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    choices = models.JSONField(default=dict)
    # What came of it; empty while it is under way.
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:import_columns", args=[self.key])
