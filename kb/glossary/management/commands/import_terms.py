"""Bring a glossary in: `import_terms FILE|FOLDER`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kb.accounts.commands import acting_user, readers_named
from kb.answers import DONE, REFUSED, AnsweringCommand, CommandFailure
from kb.glossary.formats.folders import FORMATS
from kb.glossary.importing import Import, Options
from kb.search.index import drain


class Command(AnsweringCommand):
    help = "Bring a glossary in from CSV, YAML or Markdown; the same file comes in once."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--format", choices=FORMATS, default="auto", help="what the files are")
        parser.add_argument(
            "--on-conflict",
            choices=("skip", "update", "meaning"),
            default="skip",
            help="for a word that is in the glossary already: leave it, change it, or add another meaning",
        )
        parser.add_argument("--audience", nargs="+", help="everyone | department:NAME | user:NAME")
        parser.add_argument("--by", help="whose name the terms get; the first administrator unless given")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--strict", action="store_true", help="all or nothing")
        parser.add_argument("--no-index", action="store_true", help="leave the index to the worker")

    def answer(self, **options: Any) -> Mapping[str, object]:
        path: Path = options["path"]
        if not path.exists():
            raise CommandFailure("no_such_path", f"{path} does not exist")
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

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        counts = ("rows", "created", "updated", "unchanged", "refused")
        yield ", ".join(f"{answer[name]} {name}" for name in counts) + (
            " (dry run)" if answer["dry_run"] else ""
        )
        for change in answer["changed"]:
            yield f"{change['ref']}: {change['message']} [{change['code']}]"
        for problem in answer["problems"]:
            parts = [problem["file"]]
            parts += [f"row {problem['row']}"] if problem["row"] else []
            parts += [problem["column"]] if problem["column"] else []
            value = f" ({problem['value']})" if problem["value"] else ""
            yield f"{', '.join(parts)}: {problem['message']}{value} [{problem['code']}]"

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        return REFUSED if answer["refused"] else DONE
