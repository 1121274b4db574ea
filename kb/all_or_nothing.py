"""Taking all of something or, when a part of it is refused, nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction


class _PartRefused(Exception):
    """Takes back what was written."""


def taken(write: Callable[[], None], *, refused: Callable[[], bool]) -> bool:
    """Write in one transaction, and take it back if something was refused before or by then; whether it stays."""
    if refused():
        return False
    try:
        with transaction.atomic():
            write()
            if refused():
                raise _PartRefused
    except _PartRefused:
        return False
    return True
