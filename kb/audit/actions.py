"""Writing to the record, from inside the action that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from kb.audit.models import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models

    from kb.accounts.models import User

NAME_LENGTH = 300


def record(
    *, by: User | None, verb: str, target: models.Model, detail: dict[str, object] | None = None
) -> AuditEvent:
    """Append that `by` did `verb` to `target`; `by` is null only where the site itself acted."""
    return AuditEvent.objects.create(
        by=by,
        verb=verb,
        target_type=ContentType.objects.get_for_model(target),
        target_id=target.pk,
        target_name=str(target)[:NAME_LENGTH],
        detail=detail or {},
    )


def record_all(
    *, by: User | None, verb: str, targets: Sequence[models.Model], details: Sequence[dict[str, object]]
) -> None:
    """Append one entry for each of many things of one kind, as an import makes them; `details` go with them in order."""
    if not targets:
        return
    kind = ContentType.objects.get_for_model(targets[0])
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                by=by,
                verb=verb,
                target_type=kind,
                target_id=target.pk,
                target_name=str(target)[:NAME_LENGTH],
                detail=detail,
            )
            for target, detail in zip(targets, details, strict=True)
        ),
        batch_size=500,
    )
