"""The audience behind every readable thing, and the one rule of who may read it, in SQL.

The same rule as index tokens lives beside it in `tokens`; a test holds the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kb.accounts.models import User


class AudienceQuerySet(models.QuerySet["Audience"]):
    """Reads of audiences."""

    def open_to(self, viewer: User | AnonymousUser) -> AudienceQuerySet:
        """Audiences that include `viewer`, meant as a subquery; a stranger is in none, an administrator in no more than others."""
        if not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        departments = Audience.departments.through.objects.filter(
            audience=OuterRef("pk"), department__people=viewer.pk
        )
        people = Audience.people.through.objects.filter(audience=OuterRef("pk"), user=viewer.pk)
        return self.filter(Q(everyone=True) | Exists(departments) | Exists(people))

    def includes(self, viewer: User | AnonymousUser, *audiences: Audience) -> bool:
        """Whether `viewer` is in every one of `audiences`; asks the database only about those not open to everyone."""
        if not viewer.is_authenticated or not viewer.is_active:
            return False
        closed = {audience.pk for audience in audiences if not audience.everyone}
        return not closed or self.open_to(viewer).filter(pk__in=closed).count() == len(closed)


class Audience(models.Model):
    """Who may read: everyone with an account, or any of these departments and people."""

    everyone = models.BooleanField(_("everyone"), default=False)
    departments = models.ManyToManyField(
        "accounts.Department", verbose_name=_("departments"), blank=True, related_name="+"
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people"), blank=True, related_name="+"
    )
    # Counts changes, so that an index can tell that a thing's readers are no longer the ones it knows.
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[AudienceQuerySet] = AudienceQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"audience {self.pk}"
