"""The write side of the index: what changed is noted with the change itself, and the worker brings it to the engine."""

from __future__ import annotations

from kb.search.models import PendingChange


def request_change(source: str, pk: int) -> None:
    """Note that a thing was made, changed or removed, or that its readers changed.

    Called inside the action's transaction: a rolled-back save leaves nothing, and a save never waits for the index.
    """
    PendingChange.objects.create(source=source, target_id=pk)
