"""Deals with all that was not said left out, put straight into the database in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from deals.crm.models import Deal, LostTo, Result
from deals.retros.actions import seed_drivers
from deals.retros.models import Driver, DriverRating, Quote, Retro
from kb.access.actions import set_audience
from kb.accounts.models import User
from kb.market.models import Competitor, Product
from kb.text import fold


def a_product(name: str = "ヒバリ 帳票") -> Product:
    return Product.objects.get_or_create(folded=fold(name), defaults={"name": name})[0]


def a_competitor(name: str = "ノヴァ") -> Competitor:
    return Competitor.objects.get_or_create(folded=fold(name), defaults={"name": name})[0]


def deals(by: User, *counts: tuple[int, str], people: Iterable[User] = (), **more: Any) -> list[Deal]:
    """So many deals of each result: `deals(lee, (3, "won"), (2, "lost"), region="関東")`."""
    people = list(people)
    audience = set_audience(None, everyone=not people, people=people)
    made = []
    for number, result in counts:
        for one in range(number):
            fields: dict[str, Any] = {
                "name": f"商談 {result} {one}",
                "currency": "JPY",
                "result": result,
                "lost_to": LostTo.NOT_KNOWN if result == Result.LOST else "",
                "closed_on": None if result == Result.OPEN else date(2026, 5, 1),
                **more,
            }
            if result != Result.LOST:
                fields["lost_to"] = ""
            if result != Result.NO_DECISION:
                fields.pop("no_decision_reason", None)
            made.append(Deal(**fields, audience=audience, updated_at=timezone.now(), updated_by=by))
    return Deal.objects.bulk_create(made)


def retros(by: User, of: Iterable[Deal], **more: Any) -> list[Retro]:
    now = timezone.now()
    fields = {"submitted_at": now, "updated_at": now, "updated_by": by, "author": by, **more}
    return Retro.objects.bulk_create([Retro(deal=deal, **fields) for deal in of])


def rated(retro: Retro, *ratings: tuple[str, str, int, int, bool]) -> None:
    """Ratings of a retrospective: driver's key, who says so, performance, importance, whether it is the first."""
    seed_drivers()  # gone where a test before emptied every table
    for key, says, performance, importance, first in ratings:
        DriverRating.objects.create(
            retro=retro,
            driver=Driver.objects.get(key=key),
            says=says,
            performance=performance,
            importance=importance,
            first=first,
        )


def quoted(retro: Retro, texts: Sequence[str], **more: Any) -> None:
    Quote.objects.bulk_create([Quote(retro=retro, text=text, **more) for text in texts])
