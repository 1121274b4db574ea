"""Show which terms stand in a text, and which of them a page would link: `explain FILE|-`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kb.accounts.commands import department_named, person_named
from kb.answers import AnsweringCommand, CommandFailure
from kb.glossary.marking import explain
from kb.glossary.models import EXPLAINED_TO
from kb.text import NotText, decode


class Command(AnsweringCommand):
    help = "Show the terms in a Markdown text, and why some would not be linked."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a file, or - for what comes in")
        parser.add_argument(
            "--as", dest="viewer", metavar="USER", help="who reads; without it: what everyone may see"
        )
        parser.add_argument(
            "--audience",
            choices=EXPLAINED_TO,
            help="whom it is explained to; each term has one explanation for all",
        )
        parser.add_argument(
            "--scope", metavar="DEPARTMENT", help="whose meaning counts where a word has several"
        )

    def answer(self, **options: Any) -> Mapping[str, object]:
        viewer = person_named(options["viewer"]) if options["viewer"] else None
        scope = department_named(options["scope"]) if options["scope"] else None
        source = self._text(options["file"])
        found = explain(source, viewer=viewer, scope=scope)
        return {
            "matches": [
                {
                    "start": match.start,
                    "end": match.end,
                    "surface": source[match.start : match.end],
                    "terms": list(match.terms),
                    "linked": match.linked,
                    "reason": match.reason or None,
                }
                for match in found
            ]
        }

    def _text(self, name: str) -> str:
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return decode(raw).text
        except NotText as error:
            raise CommandFailure("not_text", f"{name} is not text in UTF-8, UTF-16 or Shift_JIS") from error
        except OSError as error:
            raise CommandFailure("no_such_path", f"{name} cannot be read: {error.strerror}") from error

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        for match in answer["matches"]:
            told = "linked" if match["linked"] else match["reason"]
            yield f"{match['start']}-{match['end']} {match['surface']} {told} {','.join(map(str, match['terms']))}"
