"""What the box would suggest to somebody while they type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from kb.answers import AnsweringCommand
from kb.search.find import suggest
from kb.search.management.commands.search import viewer_named


class Command(AnsweringCommand):
    """The suggestions of the page, for scripts."""

    help = "Suggest names, titles, tags and people to a user."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("prefix", metavar="PREFIX")
        parser.add_argument("--as", dest="viewer", metavar="USER", required=True)

    def answer(self, **options: Any) -> Mapping[str, object]:
        found = suggest(options["prefix"], viewer=viewer_named(options["viewer"]))
        return {"prefix": options["prefix"], "suggestions": [asdict(suggestion) for suggestion in found]}

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        for suggestion in answer["suggestions"]:
            yield f"{suggestion['text']}  [{suggestion['kind']}]  {suggestion['url']}"
