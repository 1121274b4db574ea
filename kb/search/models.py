"""What waits for the index."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class PendingChange(models.Model):
    """A thing that changed and is not yet in the index; written in the change's own transaction, gone once the engine has it.

    A thing that cannot be read is tried again later and later: `attempts` counts, `due_at` says when.
    """

    source = models.CharField(max_length=30)
    target_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=["source", "target_id"], name="pending_target"),)

    def __str__(self) -> str:
        return f"{self.source} {self.target_id}"
