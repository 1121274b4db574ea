"""Every write to retrospectives, drafts and quotes: one transaction each, audit entry and index queue inside."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deals.crm.actions import WRITTEN, DealContent, save_competitor, save_deal
from deals.crm.models import Deal, LostTo, NoDecisionReason, Result
from deals.retros.content import Outcome, Rated, RetroContent, Said
from deals.retros.models import Consent, Driver, DriverRating, Quote, Retro, RetroDraft, Says
from deals.retros.queries import drivers_for, is_price
from deals.retros.tree import plant
from kb.access.actions import Readers, set_audience
from kb.access.models import Audience
from kb.articles.models import Article
from kb.audit.actions import record
from kb.market.models import Competitor
from kb.market.queries import named
from kb.search.index import request_change
from kb.text import tag_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kb.accounts.models import User

SOURCE = "retro"


class NotAllowed(PermissionError):
    """The person may not do this to this thing."""


class StaleRetro(RuntimeError):
    """The retrospective was sent by somebody else since it was opened; `retro` is how it stands now."""

    def __init__(self, retro: Retro) -> None:
        super().__init__(f"retrospective {retro.pk} is at version {retro.version}")
        self.retro = retro


class NotClosed(ValueError):
    """The deal has no outcome yet that one could look back on."""


class UnknownDriver(ValueError):
    """A driver was named that is not in the tree, or that somebody else has only proposed."""


class NoEvidence(ValueError):
    """Price was named, and nothing that it rests on."""


class RatedTwice(ValueError):
    """A witness rated one driver twice, or has two main ones."""


class NobodyNamed(ValueError):
    """A quote may go out with its speaker's name, and has none."""


class LockedOut(ValueError):
    """The audience asked for does not include the person who sets it."""


@transaction.atomic
def submit_retro(
    *, by: User, deal: Deal, content: RetroContent, base_version: int = 0, deal_version: int | None = None
) -> Retro:
    """Send a retrospective as its next version, the deal's outcome with it; one's own draft has done its work.

    Raises:
        NotAllowed: `by` is a reader, or may not see the deal or what was written about it.
        StaleRetro: somebody sent one since `base_version`.
        crm.StaleDeal: the outcome differs from the deal's, and the deal was saved since `deal_version`.
        NotClosed, UnknownDriver, NoEvidence, RatedTwice, NobodyNamed, LockedOut.
    """
    deal = seen_deal(deal, by=by)
    retro = _locked(deal, by=by, base_version=base_version)
    ratings = _checked(content.ratings, of=retro, by=by)
    if content.outcome:
        deal = _settle(deal, content.outcome, by=by, deal_version=deal_version)
    if not deal.is_closed:
        raise NotClosed
    retro.lesson, retro.hypothesis = content.lesson.strip(), content.hypothesis.strip()
    retro.deal, retro.version = deal, retro.version + 1
    retro.updated_at, retro.updated_by = timezone.now(), by
    if content.readers:
        retro.audience = _audience(retro, content.readers, by=by)
    retro.save()
    _rate(retro, ratings)
    _quote(retro, content.quotes)
    retro.tags.set(tag_names(content.tags))
    _link(retro, content.articles, by=by)
    _remember(retro, by=by)
    RetroDraft.objects.filter(by=by, deal=deal).delete()
    return retro


def seen_deal(deal: Deal, *, by: User) -> Deal:
    """The row as it is now, held until the transaction ends; raises NotAllowed."""
    found = Deal.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=deal.pk).first()
    if found is None or not by.can_write:
        raise NotAllowed
    return found


def _locked(deal: Deal, *, by: User, base_version: int) -> Retro:
    retro = Retro.objects.select_for_update(of=("self",)).filter(pk=deal.pk).first()
    if retro is None:
        return Retro(deal=deal, author=by, submitted_at=timezone.now())
    if not Retro.objects.visible_to(by).filter(pk=retro.pk).exists():
        raise NotAllowed
    if retro.version != base_version:
        raise StaleRetro(retro)
    return retro


def _checked(ratings: Sequence[Rated], *, of: Retro, by: User) -> list[tuple[Driver, Rated]]:
    """Each rating with its driver, once it is known that they do not contradict each other."""
    wanted = {rated.driver for rated in ratings}
    drivers = {driver.key: driver for driver in drivers_for(by, of.pk).filter(key__in=wanted)}
    if wanted - drivers.keys():
        raise UnknownDriver(", ".join(sorted(wanted - drivers.keys())))
    pairs = Counter((rated.driver, rated.says) for rated in ratings)
    mains = Counter(rated.says for rated in ratings if rated.first)
    if any(number > 1 for number in (*pairs.values(), *mains.values())):
        raise RatedTwice
    if any(is_price(drivers[rated.driver]) and not rated.evidence.strip() for rated in ratings):
        raise NoEvidence
    return [(drivers[rated.driver], rated) for rated in ratings]


def _settle(deal: Deal, outcome: Outcome, *, by: User, deal_version: int | None) -> Deal:
    """Save the deal with this outcome, if it has another; a competitor met on the way stays."""
    lost = outcome.result == Result.LOST
    dropped = outcome.result == Result.NO_DECISION
    competitor = deal.competitor
    if lost and outcome.lost_to == LostTo.COMPETITOR:
        competitor = outcome.competitor or _competitor(outcome.competitor_name, by=by)
    second = {
        "result": Result(outcome.result),
        "lost_to": LostTo(outcome.lost_to or LostTo.NOT_KNOWN) if lost else "",
        "no_decision_reason": (
            NoDecisionReason(outcome.no_decision_reason) if dropped and outcome.no_decision_reason else ""
        ),
        "competitor": competitor,
    }
    if all(getattr(deal, name) == value for name, value in second.items()):
        return deal
    stands = {name: getattr(deal, name) for name in (*WRITTEN, "currency", "won_against")}
    closed_on = deal.closed_on or timezone.localdate()
    content = DealContent(**stands | second | {"closed_on": closed_on, "tags": list(deal.tags.names())})
    base = deal.version if deal_version is None else deal_version
    return save_deal(by=by, content=content, deal=deal, base_version=base)


def _competitor(name: str, *, by: User) -> Competitor | None:
    """The competitor of this name, made when it is new; none for a competitor nobody can name."""
    if not name.strip():
        return None
    return named(Competitor, name) or save_competitor(by=by, name=name)


def _audience(retro: Retro, readers: Readers, *, by: User) -> Audience:
    audience = set_audience(
        retro.audience, everyone=readers.everyone, departments=readers.departments, people=readers.people
    )
    if not Audience.objects.open_to(by).filter(pk=audience.pk).exists():
        raise LockedOut
    return audience


def _rate(retro: Retro, ratings: Sequence[tuple[Driver, Rated]]) -> None:
    retro.ratings.all().delete()
    DriverRating.objects.bulk_create(
        DriverRating(
            retro=retro,
            driver=driver,
            says=Says(rated.says),
            performance=rated.performance,
            importance=rated.importance,
            first=rated.first,
            evidence=rated.evidence.strip(),
        )
        for driver, rated in ratings
    )


def _quote(retro: Retro, quotes: Sequence[Said]) -> None:
    """Write exactly these words. A consent was given to words: what reads otherwise than before needs a new one."""
    before = {quote.text: quote for quote in retro.quotes.all()}
    kept = []
    for said in quotes:
        text = said.text.strip()
        quote = before.pop(text, None) or Quote(retro=retro, text=text)
        _describe(quote, speaker=said.speaker, consent=said.consent, said_on=said.said_on)
        kept.append(quote.pk)
    retro.quotes.exclude(pk__in=kept).delete()


def _describe(quote: Quote, *, speaker: str | None, consent: str | None, said_on: date | None) -> None:
    """Set what is known about a quote and save it; what is none stays. Raises NobodyNamed."""
    quote.speaker = quote.speaker if speaker is None else speaker.strip()
    quote.consent = quote.consent if consent is None else Consent(consent)
    quote.said_on = said_on or quote.said_on
    if quote.consent == Consent.NAMED and not quote.speaker:
        raise NobodyNamed
    quote.save()


def _link(retro: Retro, articles: Sequence[Article], *, by: User) -> None:
    """Link exactly these pages, and keep the links to pages that `by` may not see."""
    hidden = retro.articles.exclude(pk__in=Article.objects.visible_to(by).values("pk"))
    retro.articles.set([*articles, *hidden])


def _remember(retro: Retro, *, by: User) -> None:
    verb = "retro.submitted" if retro.version == 1 else "retro.changed"
    detail: dict[str, object] = {
        "version": retro.version,
        "result": retro.deal.result,
        "drivers": [f"{rating.driver.key} {rating.performance:+d} {rating.says}" for rating in rated(retro)],
    }
    record(by=by, verb=verb, target=retro, detail=detail)
    request_change(SOURCE, retro.pk)
    request_change("deal", retro.pk)


def rated(retro: Retro) -> Sequence[DriverRating]:
    return list(retro.ratings.select_related("driver"))


# ---------------------------------------------------------------- drafts


@transaction.atomic
def keep_retro_draft(
    *, by: User, deal: Deal, fields: dict[str, list[str]], base_version: int = 0, deal_version: int = 0
) -> RetroDraft:
    """Keep what is being written, as it was typed. Raises NotAllowed."""
    if not by.can_write or not Deal.objects.visible_to(by).filter(pk=deal.pk).exists():
        raise NotAllowed
    draft, _made = RetroDraft.objects.update_or_create(
        by=by,
        deal=deal,
        defaults={"fields": fields, "base_version": base_version, "deal_version": deal_version},
    )
    return draft


@transaction.atomic
def drop_retro_draft(*, by: User, deal: Deal) -> None:
    """Throw one's own draft away."""
    RetroDraft.objects.filter(by=by, deal=deal).delete()


# ---------------------------------------------------------------- quotes


def _next_version(retro: Retro, *, by: User, verb: str) -> None:
    """A quote changed: whoever has the form open meets it, and the index hears of it."""
    retro.version += 1
    retro.updated_at, retro.updated_by = timezone.now(), by
    retro.save(update_fields=["version", "updated_at", "updated_by"])
    record(by=by, verb=verb, target=retro, detail={"version": retro.version})
    request_change(SOURCE, retro.pk)


def _for_quotes(retro: Retro, *, by: User) -> Retro:
    found = Retro.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=retro.pk).first()
    if found is None or not by.can_write:
        raise NotAllowed
    return found


@transaction.atomic
def add_quote(
    *,
    by: User,
    retro: Retro,
    text: str,
    speaker: str = "",
    consent: str = Consent.INTERNAL,
    said_on: date | None = None,
) -> Quote:
    """Add the customer's words to a retrospective that stands. Raises NotAllowed, NobodyNamed."""
    current = _for_quotes(retro, by=by)
    quote = Quote(retro=current, text=text.strip())
    _describe(quote, speaker=speaker, consent=consent, said_on=said_on)
    _next_version(current, by=by, verb="quote.added")
    return quote


@transaction.atomic
def set_consent(
    *, by: User, quote: Quote, consent: str, speaker: str | None = None, said_on: date | None = None
) -> Quote:
    """Write how far the customer lets these words go, and by whom they are. Raises NotAllowed, NobodyNamed."""
    retro = _for_quotes(quote.retro, by=by)
    _describe(quote, speaker=speaker, consent=consent, said_on=said_on)
    _next_version(retro, by=by, verb=f"quote.{quote.consent}")
    return quote


def seed_drivers() -> None:
    """Put the first two levels of the tree in, where they are not; the migration does the same."""
    plant(Driver.objects)
