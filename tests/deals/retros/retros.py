"""Retrospectives, posted forms with everything not said filled in, and the addresses they go to."""

from django.urls import reverse

from deals.crm.models import Deal
from deals.retros.actions import submit_retro
from deals.retros.content import Rated, RetroContent, Said
from deals.retros.models import Quote, Retro
from kb.accounts.models import User

LESSON = "支援担当を初回に同席させ、体制図に名前を入れる。"
EVIDENCE = "障害のとき、誰が来てくれるのかが最後まで見えなかった。"


def rated(driver: str = "incident-response", **changes: object) -> Rated:
    values = {"driver": driver, "performance": -1, "first": True, "evidence": EVIDENCE}
    return Rated(**values | changes)  # type: ignore[arg-type]


def content(**changes: object) -> RetroContent:
    values: dict[str, object] = {"lesson": LESSON, "ratings": [rated()], "quotes": [Said(text=EVIDENCE)]}
    return RetroContent(**values | changes)  # type: ignore[arg-type]


def a_retro(by: User, deal: Deal, **changes: object) -> Retro:
    """A submitted retrospective."""
    return submit_retro(by=by, deal=deal, content=content(**changes))


def posted(deal: Deal, **changes: object) -> dict[str, object]:
    """What the browser sends of the short form on a loss."""
    fields: dict[str, object] = {
        "base_version": 0,
        "deal_version": deal.version,
        "result": "lost",
        "winner": str(deal.competitor_id or ""),
        "driver": "incident-response",
        "whose": "buyer",
        "evidence": EVIDENCE,
        "lesson": LESSON,
    }
    return fields | changes


def read(deal: Deal) -> dict[str, str]:
    """Addresses that are read."""
    return {name: reverse(f"retros:{name}", args=[deal.pk]) for name in ("submit", "panel")}


def sent(deal: Deal) -> dict[str, str]:
    """Addresses that are posted to."""
    addresses = {name: reverse(f"retros:{name}", args=[deal.pk]) for name in ("submit", "autosave", "drop")}
    if Retro.objects.filter(pk=deal.pk).exists():
        addresses["add_quote"] = reverse("retros:add_quote", args=[deal.pk])
        addresses["consent"] = reverse("retros:consent", args=[deal.pk, Quote.objects.get(retro=deal.pk).pk])
    return addresses
