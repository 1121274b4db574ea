"""What the numbers say, in sentences; where they say nothing, that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from deals.analysis.figures import percent_of, points_of, whole
from deals.analysis.filters import By
from deals.analysis.groups import Lack, NoValue
from deals.analysis.measures import Change, Rate, Verdict, Versus

if TYPE_CHECKING:
    from datetime import date

    from deals.analysis.periods import Period

# A name, its rate, and how it compares with all the others together.
Compared = tuple[str, Rate, Versus | None]
MOST_NAMES = 6
PAIR = 2


def told(sentences: Iterable[str]) -> str:
    """Sentences one after the other, as the language sets them."""
    text = ""
    for sentence in sentences:
        if text and sentence:
            text = pgettext("two sentences", "%(first)s %(second)s") % {"first": text, "second": sentence}
        else:
            text = text or sentence
    return text


def joined(names: Sequence[str]) -> str:
    """Names in a line of text, the first few of many."""
    shown = pgettext("between names", ", ").join(names[:MOST_NAMES])
    if len(names) <= MOST_NAMES:
        return shown
    more = len(names) - MOST_NAMES
    return ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more) % {
        "names": shown,
        "more": more,
    }


# ---------------------------------------------------------------- groups


def nothing_apart(by: By) -> str:
    """That no group of this kind differs from the others by more than chance."""
    return {
        By.PRODUCT: _("No product can be told apart from all the others together at these counts."),
        By.COMPETITOR: _("No competitor can be told apart from all the others together at these counts."),
        By.REGION: _("No region can be told apart from all the others together at these counts."),
        By.SEGMENT: _("No segment can be told apart from all the others together at these counts."),
        By.OWNER_TEAM: _("No team can be told apart from all the others together at these counts."),
        By.PERIOD: _("Whether a period is a change is said under the trend, by the one rule for it."),
        By.STAGE_LOST: "",
    }[by]


def apart(by: By, rows: Iterable[Compared], floor: int) -> str:
    """Which groups can be told apart from all the others together, and which are too small for more than a hint."""
    rows = list(rows)
    compared = [(name, versus) for name, _rate, versus in rows if versus]
    sentences = [difference(name, versus) for name, versus in compared if versus.apart]
    if len(compared) == PAIR:
        del sentences[1:]  # of two groups each is the other's rest
    elsewhere = [versus for _name, versus in compared if not versus.apart]
    if sentences and elsewhere:
        sentences.append(_("The rest cannot be told apart at these counts."))
    elif not sentences and (compared or by == By.PERIOD):
        sentences.append(nothing_apart(by))
    small = [name for name, rate, _versus in rows if rate.small and rate.n]
    if small:
        words = {"names": joined(small), "floor": floor}
        sentences.append(_("%(names)s: fewer than %(floor)d deals, only a hint.") % words)
    return told(sentences)


def difference(name: str, versus: Versus) -> str:
    """How far a group lies from all the others together."""
    above = versus.difference > 0
    low, high = (versus.low, versus.high) if above else (-versus.high, -versus.low)
    words = {
        "name": name,
        "points": whole(abs(versus.difference)),
        "low": points_of(low).removeprefix("+"),
        "high": points_of(high).removeprefix("+"),
    }
    if above:
        return (
            _(
                "%(name)s lies %(points)d points above all the others together (95%% interval %(low)s to %(high)s)."
            )
            % words
        )
    return (
        _(
            "%(name)s lies %(points)d points below all the others together (95%% interval %(low)s to %(high)s)."
        )
        % words
    )


def no_worth(lack: NoValue | None) -> str:
    """Why there is no rate by value."""
    if lack is None:
        return ""
    words = {"missing": lack.missing, "of": lack.of, "currencies": joined(lack.currencies)}
    return {
        Lack.LOSSES: _("Cannot be computed: %(missing)d of %(of)d losses carry no amount."),
        Lack.WINS: _("Cannot be computed: %(missing)d of %(of)d wins carry no amount."),
        Lack.CURRENCIES: _("Cannot be computed: the amounts are in several currencies (%(currencies)s)."),
        Lack.NO_DEALS: _("Cannot be computed: no decided deal carries an amount."),
    }[lack.lack] % words


# ---------------------------------------------------------------- trend


def period_name(period: Period, today: date) -> str:
    """What a period is called in a sentence."""
    if period.until >= today:
        return _("%(period)s (so far)") % {"period": period.label()}
    return period.label()


def verdicts() -> dict[Verdict, str]:
    """The one sentence for each verdict."""
    return {
        Verdict.NOT_KNOWN: _(
            "Fewer than %(floor)d deals were decided in the twelve months before %(period)s:"
            " whether anything has changed cannot be said."
        ),
        Verdict.NO_CHANGE: _(
            "%(period)s: %(won)d of %(n)d won. At the rate of the twelve months before (%(rate)s),"
            " %(low)d to %(high)d would be ordinary, so no change can be claimed."
        ),
        Verdict.UP: _(
            "%(period)s: %(won)d of %(n)d won. At the rate of the twelve months before (%(rate)s),"
            " %(low)d to %(high)d would be ordinary: the rate has risen."
        ),
        Verdict.DOWN: _(
            "%(period)s: %(won)d of %(n)d won. At the rate of the twelve months before (%(rate)s),"
            " %(low)d to %(high)d would be ordinary: the rate has fallen."
        ),
    }


def change(period: Period, found: Change, earlier: Sequence[Period], *, today: date, floor: int) -> str:
    """Whether the latest period is a change, by the one rule for that; and which earlier ones are."""
    words = {
        "period": period_name(period, today),
        "won": found.now.won,
        "n": found.now.n,
        "rate": percent_of(found.before.rate),
        "low": found.low,
        "high": found.high,
        "floor": floor,
    }
    sentences = [verdicts()[found.verdict] % words]
    if earlier:
        names = joined([one.label() for one in earlier])
        sentences.append(_("Of the periods before, these were changes: %(periods)s.") % {"periods": names})
    return told(sentences)


# ---------------------------------------------------------------- coverage and drivers


def lean(rows: Sequence[Compared]) -> str:
    """In which outcome far fewer deals were reviewed; empty where none can be told apart."""
    apart_rows = [(rate.rate, name) for name, rate, versus in rows if versus and versus.apart]
    if not apart_rows:
        return ""
    least, name = min((rate.rate, name) for name, rate, _versus in rows if rate.rate is not None)
    return _("%(outcome)s: only %(rate)s, a lean") % {"outcome": name, "rate": percent_of(least)}


def reviewed(rows: Sequence[Compared]) -> str:
    """Which of these were reviewed less and more than the others, as far as it can be told."""
    leaning = [(name, versus) for name, _rate, versus in rows if versus and versus.apart]
    if not leaning:
        return _("No lean can be told at these counts.")
    less = [name for name, versus in leaning if versus.difference < 0]
    more = [name for name, versus in leaning if versus.difference > 0]
    sentences = []
    if less:
        sentences.append(_("Reviewed less often than the others: %(names)s.") % {"names": joined(less)})
    if more:
        sentences.append(_("Reviewed more often than the others: %(names)s.") % {"names": joined(more)})
    return told(sentences)


def gap(lines: Sequence[tuple[str, int, int]]) -> str:
    """Which driver the rep named more often than the buyer, and the other way round; in these deals, no more."""
    if not lines:
        return ""
    rep_name, rep_gap = max(((name, rep - buyer) for name, rep, buyer in lines), key=lambda one: one[1])
    buyer_name, buyer_gap = max(((name, buyer - rep) for name, rep, buyer in lines), key=lambda one: one[1])
    if rep_gap <= 0 or buyer_gap <= 0:
        return ""
    words = {"rep": rep_name, "buyer": buyer_name}
    return _("In these deals reps named %(rep)s more often, buyers %(buyer)s.") % words
