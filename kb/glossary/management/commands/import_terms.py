"""Bring a glossary in: `import_terms FILE|FOLDER`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from kb.accounts.commands import acting_user, readers_named
from kb.answers import DONE, REFUSED, CommandFailure, ImportingCommand
from kb.glossary.formats.folders import FORMATS
from kb.glossary.importing import Import, Options
from kb.search.index import drain


class Command(ImportingCommand):
    help = "Bring a glossary in from CSV, YAML or Markdown; the same file comes in once."

    def add_own_options(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="auto", help="what the files are")
        parser.add_argument(
            "--on-conflict",
            choices=("skip", "update", "meaning"),
            default="skip",
            help="for a word that is in the glossary already: leave it, change it, or add another meaning",
        )
        parser.add_argument("--audience", nargs="+", help="everyone | department:NAME | user:NAME")

    def answer(self, **options: Any) -> Mapping[str, object]:
        path = self.there(options["path"])
        by = acting_user(options["by"])
        if not by.can_write:
            raise CommandFailure("not_allowed", f"{by} is a reader and may not add terms")
        asked = Options(
            format=options["format"],
            on_conflict=options["on_conflict"],
            readers=readers_named(options["audience"]) if options["audience"] else None,
            dry_run=options["dry_run"],
            strict=options["strict"],
        )
        report = Import(path, by=by, options=asked, progress=self.stderr.write).run()
        if not options["no_index"] and not options["dry_run"]:
            drain()
        return report

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        return REFUSED if answer["refused"] else DONE
