"""The four rates on top of the page, and what is in none of their denominators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from deals.analysis import wording
from deals.analysis.filters import Asked, Behind, behind_url, deals_url
from deals.analysis.measures import Rate, against_the_rest, rate
from deals.analysis.tables import Link, results
from deals.crm.models import DECIDED, NoDecisionReason, Result

if TYPE_CHECKING:
    from deals.analysis.groups import Group
    from deals.analysis.queries import Coverage, Opponents

UNDECIDED = (Result.OPEN, Result.INVALID, Result.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Card:
    """One rate on top of the page: the count first; what is in its denominator, in words; what to beware of."""

    title: str
    rate: Rate
    won_url: str
    n_url: str
    words: str
    links: Sequence[Link] = ()
    warning: str = ""


def cards(asked: Asked, total: Group, met: Opponents, covered: Coverage) -> list[Card]:
    return [
        won_card(asked, total),
        competitive_card(asked, total),
        no_decision_card(asked, total, met),
        coverage_card(asked, covered),
    ]


def won_card(asked: Asked, total: Group) -> Card:
    return Card(
        title=_("Won"),
        rate=total.win,
        won_url=deals_url(asked.filters, result=results(asked.filters, (Result.WON,))),
        n_url=deals_url(asked.filters, result=results(asked.filters, DECIDED)),
        words=_("of won, lost and no decision"),
    )


def competitive_card(asked: Asked, total: Group) -> Card:
    """Among the deals in which somebody else is recorded; how many are not known stands beside it."""
    tally = total.tally
    decided = results(asked.filters, (Result.WON, Result.LOST))
    if total.competitive is None:
        words = _("cannot be computed: no deal records a competitor, an incumbent or an in-house build")
    else:
        words = _("of won and lost in which a competitor, an incumbent or an in-house build is recorded")
    not_known = Link(
        _("not recorded"),
        tally.meeting_not_known,
        behind_url(asked.filters, Behind(met="no"), result=decided),
    )
    return Card(
        title=_("Won against others"),
        rate=total.competitive or rate(0, 0, floor=settings.SMALL_N),
        won_url=behind_url(asked.filters, Behind(met="yes"), result=results(asked.filters, (Result.WON,))),
        n_url=behind_url(asked.filters, Behind(met="yes"), result=decided),
        words=words,
        links=[not_known] if not_known.count else [],
    )


def no_decision_card(asked: Asked, total: Group, met: Opponents) -> Card:
    dropped = results(asked.filters, (Result.NO_DECISION,))
    labels = dict(NoDecisionReason.choices)
    reasons = [
        Link(str(labels[reason]), number, behind_url(asked.filters, Behind(reason=reason), result=dropped))
        for reason, number in sorted(met.reasons.items(), key=lambda one: -one[1])
        if reason
    ]
    return Card(
        title=str(Result.NO_DECISION.label),
        rate=rate(total.tally.no_decision, total.tally.decided, floor=settings.SMALL_N),
        won_url=deals_url(asked.filters, result=dropped),
        n_url=deals_url(asked.filters, result=results(asked.filters, DECIDED)),
        words="" if reasons else _("of won, lost and no decision"),
        links=reasons,
    )


def coverage_card(asked: Asked, covered: Coverage) -> Card:
    has, n = (sum(counts[place] for counts in covered.result.values()) for place in (0, 1))
    decided = results(asked.filters, DECIDED)
    rows = outcome_rows(covered)
    lean = wording.lean(rows)
    return Card(
        title=_("With a retrospective"),
        rate=rate(has, n, floor=settings.SMALL_N),
        won_url=deals_url(asked.filters, result=decided, retro="yes"),
        n_url=deals_url(asked.filters, result=decided),
        words="" if lean or not n else _("no lean by outcome can be told"),
        warning=lean,
    )


def outcome_rows(covered: Coverage) -> list[wording.Compared]:
    counts = [covered.result[result] for result in DECIDED if result in covered.result]
    names = [str(result.label) for result in DECIDED if result in covered.result]
    rates = [rate(*one, floor=settings.SMALL_N) for one in counts]
    return list(zip(names, rates, against_the_rest(counts), strict=True))


def excluded(asked: Asked, total: Group) -> list[Link]:
    """What is in no denominator, counted beside it."""
    counts = {
        Result.OPEN: total.tally.open,
        Result.INVALID: total.tally.invalid,
        Result.UNKNOWN: total.tally.unknown,
    }
    labels = {
        Result.OPEN: _("still open"),
        Result.INVALID: _("not a deal"),
        Result.UNKNOWN: _("outcome not known"),
    }
    return [
        Link(labels[result], counts[result], deals_url(asked.filters, result=(result.value,)))
        for result in UNDECIDED
        if counts[result]
    ]
