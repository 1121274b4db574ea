"""What the form of a retrospective begins with: the deal, what was sent before, or a draft."""

from __future__ import annotations

from django.http import QueryDict

from deals.crm.models import Deal, LostTo
from deals.retros.models import BUYERS, DriverRating, Retro, RetroDraft, Says

# Values of the form's own choices.
OTHER = "other"
BUYER, REP = "buyer", "rep"


def main_rating(retro: Retro | None) -> DriverRating | None:
    """What the short form shows of a retrospective: the rep's main driver, else the first there is."""
    ratings = list(retro.ratings.all()) if retro else []
    of_rep = [rating for rating in ratings if rating.says == Says.REP]
    return next(iter([*of_rep, *ratings]), None)


def whose_of(rating: DriverRating, retro: Retro | None) -> str:
    """Whether the evidence is the customer's words: heard from a buyer, or kept as a quote."""
    quotes = {quote.text for quote in retro.quotes.all()} if retro else set()
    return BUYER if rating.says in BUYERS or (rating.evidence and rating.evidence in quotes) else REP


def initial_of(deal: Deal, retro: Retro | None) -> dict[str, object]:
    """What is known of the deal, and of its retrospective where there is one."""
    known: dict[str, object] = {
        "result": deal.result if deal.is_closed else "",
        "winner": winner_of(deal, said=retro is not None),
        "reason": deal.no_decision_reason,
        "deal_version": deal.version,
        "base_version": 0,
    }
    return {**known, **initial_of_retro(retro)} if retro else known


def winner_of(deal: Deal, *, said: bool) -> str:
    """The choice that stands for who won; that it is not known counts only where somebody said so here."""
    if deal.lost_to == LostTo.COMPETITOR:
        return str(deal.competitor_id) if deal.competitor_id else OTHER
    return "" if deal.lost_to == LostTo.NOT_KNOWN and not said else deal.lost_to


def initial_of_retro(retro: Retro) -> dict[str, object]:
    main = main_rating(retro)
    found: dict[str, object] = {
        "base_version": retro.version,
        "lesson": retro.lesson,
        "hypothesis": retro.hypothesis,
        "tags": ", ".join(sorted(tag.name for tag in retro.tags.all())),
        "articles": list(retro.articles.values_list("pk", flat=True)),
    }
    if main:
        found |= {"driver": main.driver.key, "whose": whose_of(main, retro), "evidence": main.evidence}
        found |= {"performance": str(main.performance), "importance": str(main.importance)}
    others = [rating for rating in retro.ratings.all() if main is None or rating.pk != main.pk]
    for number, rating in enumerate(others, 1):
        found |= {
            f"driver_{number}": rating.driver.key,
            f"says_{number}": rating.says,
            f"performance_{number}": str(rating.performance),
            f"importance_{number}": str(rating.importance),
            f"evidence_{number}": rating.evidence,
        }
    return found | initial_of_quotes(retro, main)


def initial_of_quotes(retro: Retro, main: DriverRating | None) -> dict[str, object]:
    """The quotes but the one that stands as the main driver's evidence."""
    apart = main.evidence if main and whose_of(main, retro) == BUYER else None
    quotes = [quote for quote in retro.quotes.all() if quote.text != apart]
    found: dict[str, object] = {}
    for number, quote in enumerate(quotes, 1):
        found |= {
            f"quote_{number}": quote.text,
            f"speaker_{number}": quote.speaker,
            f"consent_{number}": quote.consent,
        }
    return found


def data_of_draft(draft: RetroDraft) -> QueryDict:
    """A draft as the browser would send it."""
    data = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        data.setlist(name, values)
    data["base_version"], data["deal_version"] = str(draft.base_version), str(draft.deal_version)
    return data
