"""Say what a word means to somebody: `lookup FORM --as USER`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandParser

from kb.accounts.commands import person_named
from kb.answers import AnsweringCommand
from kb.glossary.models import EXPLAINED_TO, AliasKind
from kb.glossary.queries import nearest


class Command(AnsweringCommand):
    help = "Say what a word means, in all its meanings that USER may see."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("form")
        parser.add_argument("--as", dest="viewer", required=True, metavar="USER")
        parser.add_argument(
            "--audience",
            choices=EXPLAINED_TO,
            help="whom it is explained to; each term has one explanation for all",
        )

    def answer(self, **options: Any) -> Mapping[str, object]:
        viewer = person_named(options["viewer"])
        form: str = options["form"]
        terms = [
            {
                "id": term.pk,
                "preferred": term.preferred,
                "reading": term.reading or None,
                "other_language": term.other_language or None,
                "abbreviation": term.abbreviation or None,
                "aliases": [alias.text for alias in term.aliases.all() if alias.kind == AliasKind.ALIAS],
                "explanation": term.explanation_in(viewer.language or None)[0] or None,
                "status": term.status,
                "scope": term.scope.name if term.scope else None,
                "use_instead": term.use_instead or None,
            }
            for term in nearest(form, viewer=viewer)
        ]
        return {"form": form, "terms": terms}

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        if not answer["terms"]:
            yield f"{answer['form']} is not in the glossary."
        for term in answer["terms"]:
            reading = f"（{term['reading']}）" if term["reading"] else ""
            other = f" {term['other_language']}" if term["other_language"] else ""
            scope = f", {term['scope']}" if term["scope"] else ""
            yield f"{term['preferred']}{reading}{other} [{term['status']}{scope}]"
            if term["explanation"]:
                yield term["explanation"]
