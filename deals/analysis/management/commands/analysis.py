"""Wins and losses by product, region, competitor and so on: the page's own numbers, for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import translation

from deals.analysis import queries, wording
from deals.analysis.filters import Asked, By
from deals.analysis.groups import Group
from deals.analysis.measures import CORRECTION
from deals.analysis.periods import Grain
from deals.crm.models import LostTo, Result
from deals.crm.queries import NONE, WORDS, Filters
from kb.accounts.commands import person_named
from kb.answers import UNKNOWN_NAME, USAGE, AnsweringCommand, CommandFailure
from kb.market.models import Competitor, Product
from kb.market.queries import named

CHOICES = {"result": Result.values, "lost_to": LostTo.values, "retro": ["yes", "no"]}


class Command(AnsweringCommand):
    """One object with the total and the groups, sorted by key."""

    help = "Count wins and losses by one thing, with rates, intervals and comparisons."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--by", choices=By.values, default=By.PRODUCT.value)
        parser.add_argument(
            "--period", choices=Grain.values, default=Grain.QUARTER.value, help="how long a period is"
        )
        parser.add_argument("--where", nargs="+", action="extend", default=[], metavar="FIELD=VALUE")
        parser.add_argument(
            "--from", dest="since", metavar="D", help="closed on or after this day, YYYY-MM-DD"
        )
        parser.add_argument(
            "--to", dest="until", metavar="D", help="closed on or before this day, YYYY-MM-DD"
        )
        parser.add_argument("--as", dest="viewer", metavar="USER", help="without it: what everyone may see")

    def answer(self, **options: Any) -> Mapping[str, object]:
        given = conditions(options["where"])
        since, until = day("--from", options["since"]), day("--to", options["until"])
        viewer = person_named(options["viewer"]) if options["viewer"] else None
        filters = filters_of(given, since, until)
        asked = Asked(by=By(options["by"]), grain=Grain(options["period"]), filters=filters)
        found = queries.groups_of(queries.deals_of(viewer, filters), asked)
        days = {"from": options["since"], "to": options["until"]}
        return {
            "by": asked.by.value,
            "filters": given | {name: value for name, value in days.items() if value},
            "floor": settings.SMALL_N,
            "correction": CORRECTION,
            "total": as_json(found.total),
            "groups": [as_json(group) for group in found.groups],
        }

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        for group in [*answer["groups"], answer["total"] | {"key": "all together"}]:
            win = group["win"]
            if win["rate"] is None:
                yield f"{group['key'] or 'not recorded'}: none decided"
                continue
            told = f"{win['won']} of {win['n']}, {win['rate']:.1%} ({win['low']:.1%} to {win['high']:.1%})"
            few = f", fewer than {answer['floor']}" if win["small"] else ""
            versus = group["versus_rest"]
            apart = ", apart from the rest" if versus and versus["apart"] else ""
            yield f"{group['key'] or 'not recorded'}: {told}{few}{apart}"
        if reason := answer["total"]["value_reason"]:
            yield f"By value: {reason}"


def conditions(where: Iterable[str]) -> dict[str, list[str]]:
    """FIELD=VALUE, one or more of them; the same field again widens. Raises CommandFailure."""
    allowed = ("product", "competitor", *WORDS, *CHOICES)
    found: dict[str, list[str]] = {}
    for text in where:
        name, equals, value = text.partition("=")
        if not equals or name not in allowed:
            message = f"{text} is not FIELD=VALUE with one of the fields {', '.join(allowed)}"
            raise CommandFailure("usage", message, USAGE)
        if name in CHOICES and value not in CHOICES[name]:
            raise CommandFailure("usage", f"{name} is one of {', '.join(CHOICES[name])}", USAGE)
        found.setdefault(name, []).append(value)
    return found


def filters_of(given: Mapping[str, list[str]], since: date | None, until: date | None) -> Filters:
    """The page's filters from names; an empty value is what is not recorded. Raises CommandFailure."""
    chosen: dict[str, tuple[str, ...]] = {}
    for name, values in given.items():
        if name in ("product", "competitor"):
            chosen[name] = tuple(id_of(name, value) for value in values)
        elif name != "retro":
            chosen[name] = tuple(value or NONE for value in values)
    return Filters(**chosen, since=since, until=until, retro=given.get("retro", [""])[-1])  # type: ignore[arg-type]


def id_of(kind: str, name: str) -> str:
    """The product or competitor of that name, by any of its spellings. Raises CommandFailure."""
    if name in ("", NONE):
        return NONE
    thing: Product | Competitor | None = (
        named(Product, name) if kind == "product" else named(Competitor, name)
    )
    if thing is None:
        raise CommandFailure(f"unknown_{kind}", f"there is no {kind} {name}", UNKNOWN_NAME)
    return str(thing.pk)


def day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandFailure("usage", f"{option} must be a date as YYYY-MM-DD", USAGE) from None


def as_json(group: Group) -> dict[str, object]:
    """A group in the shape that scripts rely on; its reason in English whatever the site speaks."""
    tally = group.tally
    with translation.override("en"):
        reason = wording.no_worth(group.no_worth) or None
    return {
        "key": group.key,
        "won": tally.won,
        "lost": tally.lost,
        "no_decision": tally.no_decision,
        "open": tally.open,
        "excluded": tally.excluded,
        "win": asdict(group.win),
        "competitive": asdict(group.competitive) if group.competitive else None,
        "competitive_not_known": tally.meeting_not_known,
        "value": asdict(group.worth) if group.worth else None,
        "value_reason": reason,
        "versus_rest": asdict(group.versus_rest) if group.versus_rest else None,
    }
