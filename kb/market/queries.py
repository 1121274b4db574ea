"""Finding a competitor, product or industry by any of its spellings."""

from __future__ import annotations

from typing import TypeVar

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
