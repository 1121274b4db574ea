"""The page's filters: which are on, in words, and what else may be picked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from deals.analysis.drivers import Node
from deals.analysis.filters import Asked, Behind, By, Part
from deals.analysis.periods import spans
from deals.crm.models import LostTo, NoDecisionReason, Result
from deals.crm.queries import NONE, WORDS
from deals.crm.templatetags.deals import filter_label, money


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter that is not on, with what may be picked."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]


def menus(
    asked: Asked, names: Mapping[str, Mapping[int, str]], words: Mapping[str, Sequence[str]]
) -> list[Menu]:
    found = []
    for field in (By.PRODUCT, By.REGION, By.COMPETITOR, By.SEGMENT, By.OWNER_TEAM):
        if getattr(asked.filters, field.value):
            continue
        offered = (
            [(str(pk), name) for pk, name in sorted(names[field].items(), key=lambda one: one[1])]
            if field in names
            else [(word, word) for word in words[field.value]]
        )
        choices = [(name, f"?{asked.narrowed({field.value: (value,)})}") for value, name in offered]
        if choices:
            found.append(Menu(field.value, filter_label(field.value), choices))
    return found


def chips(asked: Asked, names: Mapping[str, Mapping[int, str]]) -> list[tuple[str, str, str]]:
    """The filters that are on, in words, each with the address without it."""
    found = []
    labels = dict(Result.choices) | dict(LostTo.choices)
    for field in ("result", "lost_to", By.PRODUCT.value, By.COMPETITOR.value, "company", "industry", *WORDS):
        chosen = getattr(asked.filters, field)
        known = {str(pk): name for pk, name in names.get(field, {}).items()}
        for value in chosen:
            rest = tuple(other for other in chosen if other != value)
            word = _("not recorded") if value == NONE else str(labels.get(value) or known.get(value, value))
            found.append((filter_label(field), word, f"?{asked.narrowed({field: rest})}"))
    if asked.filters.retro:
        word = _("yes") if asked.filters.retro == "yes" else _("no")
        found.append((_("Retrospective"), word, f"?{asked.narrowed({'retro': ''})}"))
    if asked.filters.q:
        found.append((_("Words"), asked.filters.q, f"?{asked.narrowed({'q': ''})}"))
    return found


def spans_offered(asked: Asked, today: date) -> list[tuple[str, str, bool]]:
    """Stretches of days to look at: name, address, whether it is the one on."""
    on = (asked.filters.since, asked.filters.until)
    return [
        (
            span.label,
            f"?{asked.narrowed({'since': span.since, 'until': span.until})}",
            on == (span.since, span.until),
        )
        for span in spans(today, settings.FISCAL_YEAR_START)
    ]


def span_shown(asked: Asked, offered: Sequence[tuple[str, str, bool]]) -> str:
    """The stretch of days that is on, by its name or its days."""
    named = next((label for label, _url, on in offered if on), "")
    if named:
        return named
    since, until = asked.filters.since, asked.filters.until
    return f"{since.isoformat() if since else ''}–{until.isoformat() if until else ''}"


def behind_words(
    asked: Asked, behind: Behind, names: Mapping[str, Mapping[int, str]], tree: Mapping[int, Node]
) -> list[str]:
    """What the deals behind a number have in common, in words."""
    words = [f"{name}: {word}" for name, word, _url in chips(asked, names)]
    if asked.filters.since or asked.filters.until:
        words.append(span_shown(asked, spans_offered(asked, timezone.localdate())))
    if behind.met:
        words.append(
            _("a competitor, an incumbent or an in-house build is recorded")
            if behind.met == "yes"
            else _("no competitor, incumbent or in-house build is recorded")
        )
    if behind.reason:
        words.append(str(NoDecisionReason(behind.reason).label))
    if behind.rep:
        words.append(_("Owner: %(name)s") % {"name": _("not recorded") if behind.rep == NONE else behind.rep})
    if behind.size:
        words.append(size_names([behind.size])[behind.size])
    driver = tree.get(int(behind.driver)) if behind.driver else None
    if driver:
        words.append(driver.name)
    if behind.part:
        words.append(str(Part(behind.part).label))
    return words


def size_names(sizes: Iterable[str]) -> dict[str, str]:
    """Bands of size by the digits of the amount: from 1,000,000 to below 10,000,000."""
    names = {"0": _("no amount")}
    for size in sizes:
        if size != "0":
            least = Decimal(10) ** (int(size) - 1)
            words = {"least": money(least, settings.CURRENCY), "most": money(least * 10, settings.CURRENCY)}
            names[size] = _("%(least)s to below %(most)s") % words
    return names
