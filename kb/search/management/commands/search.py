"""Search as somebody, and print what they find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html import unescape
from typing import Any

from django.core.management.base import CommandParser

from kb.accounts.models import User
from kb.answers import UNKNOWN_NAME, USAGE, AnsweringCommand, CommandFailure
from kb.search import registry
from kb.search.documents import MARKS
from kb.search.engines.base import Sort
from kb.search.find import LARGEST_SIZE, answer, languages
from kb.search.marks import known
from kb.search.question.names import BY_NAME
from kb.text import fold


def viewer_named(name: str) -> User:
    """The person with this user name. Raises CommandFailure."""
    person = User.objects.filter(username__iexact=name).first()
    if person is None:
        raise CommandFailure("unknown_user", f"There is no user {name}.", UNKNOWN_NAME)
    return person


class Command(AnsweringCommand):
    """The page's own search, for scripts."""

    help = "Search as a user, and print what they may see."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("words", metavar="WORDS")
        parser.add_argument("--as", dest="viewer", metavar="USER", required=True)
        parser.add_argument("--kind", action="append", default=[], metavar="K")
        parser.add_argument("--tag", action="append", default=[], metavar="T")
        parser.add_argument("--lang", action="append", default=[], choices=sorted(languages()))
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help=f"one of {', '.join(MARKS)}, and a name or number; repeatable",
        )
        parser.add_argument("--after", metavar="D", help="changed on or after this date, YYYY-MM-DD")
        parser.add_argument("--before", metavar="D", help="changed on or before this date, YYYY-MM-DD")
        parser.add_argument("--sort", choices=[sort.value for sort in Sort], default=Sort.RELEVANCE.value)
        parser.add_argument("--page", type=int, default=1, metavar="N")
        parser.add_argument("--size", type=int, default=10, metavar=f"1..{LARGEST_SIZE}")
        parser.add_argument("--no-widen", action="store_true", help="only the words as they were typed")
        parser.add_argument("--explain", action="store_true", help="how much each field gave to the score")

    def answer(self, **options: Any) -> Mapping[str, object]:
        if not 1 <= options["size"] <= LARGEST_SIZE:
            raise CommandFailure("usage", f"--size must be from 1 to {LARGEST_SIZE}.", USAGE)
        if options["page"] < 1:
            raise CommandFailure("usage", "--page must be 1 or more.", USAGE)
        known = registry.kinds()
        for kind in options["kind"]:
            if kind not in known:
                raise CommandFailure(
                    "unknown_kind", f"There is no kind {kind}; there are {', '.join(known)}.", USAGE
                )
        viewer = viewer_named(options["viewer"])
        results = answer(
            options["words"],
            viewer=viewer,
            kinds=options["kind"],
            tags=options["tag"],
            languages=options["lang"],
            marked=_marked(options["where"], viewer),
            after=_day("--after", options["after"]),
            before=_day("--before", options["before"]),
            sort=options["sort"],
            page=options["page"],
            size=options["size"],
            widen=not options["no_widen"],
            explain=options["explain"],
        )
        if not results.available:
            raise CommandFailure("no_index", results.notes[-1])
        return results.as_json()

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        yield f"{answer['total']} found, {answer['also']} more with some of the words"
        yield from answer["notes"]
        if answer["did_you_mean"]:
            yield f"did you mean: {', '.join(answer['did_you_mean'])}"
        for hit in answer["hits"]:
            yield from _hit_lines(hit)


def _hit_lines(hit: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"{hit['title']}  [{hit['kind']}]{'' if hit['complete'] else '  (some of the words)'}"
    yield f"  {hit['url']}  {hit['updated_on']}"
    yield f"  {unescape(re.sub('</?mark>', '', hit['snippet']))}"
    for field, score in (hit["parts"] or {}).items():
        yield f"  {score:8.3f}  {field}"


def _marked(conditions: Iterable[str], viewer: User) -> dict[str, set[str]]:
    """The values that NAME=VALUE means, by name."""
    found: dict[str, set[str]] = {}
    for condition in conditions:
        name, equals, value = condition.partition("=")
        mark = BY_NAME.get(fold(name), "")
        if not equals or mark not in MARKS:
            raise CommandFailure("usage", f"--where takes NAME=VALUE; names are {', '.join(MARKS)}.", USAGE)
        values = known(mark, value, viewer)
        if values is None:
            raise CommandFailure("unknown_value", f"There is no {mark} {value}.", UNKNOWN_NAME)
        found.setdefault(mark, set()).update(values)
    return found


def _day(option: str, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise CommandFailure("usage", f"{option} must be a date as YYYY-MM-DD.", USAGE) from None
