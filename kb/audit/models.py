"""The append-only record of what was done."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete an entry of the record."""


class AuditEvent(models.Model):
    """One thing done: by whom, when, to what, and the detail needed to understand it later."""

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(_("verb"), max_length=60)
    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    target_id = models.BigIntegerField()
    target_name = models.CharField(max_length=300)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["target_type", "target_id"], name="audit_target"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.target_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise AppendOnly
