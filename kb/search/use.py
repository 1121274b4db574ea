"""How often each thing was used in the last year: opened from the search, or read. Without names, and without a cost."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from kb.search.engines.base import Key
from kb.search.models import Reading

COUNTED_DAYS = 365
KEPT_SECONDS = 300


def use() -> Mapping[Key, int]:
    """The counts, at most five minutes old in any process; things nobody used are not in them."""
    return _kept(settings.HOME, int(time.monotonic() // KEPT_SECONDS))


@lru_cache(maxsize=2)
def _kept(home: Path, moment: int) -> Mapping[Key, int]:
    return MappingProxyType(counted())


def counted() -> dict[Key, int]:
    """The counts as they are now: one query."""
    first = timezone.localdate() - timedelta(days=COUNTED_DAYS)
    rows = Reading.objects.filter(day__gt=first).order_by().values("source", "target_id")
    return {Key(row["source"], row["target_id"]): row["times"] for row in rows.annotate(times=Sum("count"))}
