"""Finding a competitor, product or industry by any of its spellings."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q

from kb.market.models import Competitor, Industry, Product
from kb.text import fold

Thing = TypeVar("Thing", Competitor, Product, Industry)


def named(kind: type[Thing], text: str) -> Thing | None:
    """The one that is called so or also written so; none for an empty text."""
    wanted = fold(text)
    if not wanted:
        return None
    found = kind.objects.filter(folded=wanted).first()
    return found or kind.objects.filter(near_names__folded=wanted).first()


def beginning(kind: type[Thing], text: str, limit: int = 50) -> list[Thing]:
    """The one that is called so; without one, those of which a name begins so."""
    wanted = fold(text)
    if not wanted:
        return []
    if (found := named(kind, text)) is not None:
        return [found]
    begins = Q(folded__startswith=wanted) | Q(near_names__folded__startswith=wanted)
    return list(kind.objects.filter(begins).distinct().order_by("folded")[:limit])
