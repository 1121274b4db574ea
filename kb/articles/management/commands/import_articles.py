"""Bring a folder of Markdown in: `import_articles PATH`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kb.accounts.commands import acting_user, readers_named
from kb.answers import DONE, REFUSED, AnsweringCommand, CommandFailure
from kb.articles.importing import Import, Options
from kb.articles.models import Kind
from kb.search.index import drain


class Command(AnsweringCommand):
    help = "Bring a folder or file of Markdown in; the same files come in once."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--kind", choices=Kind.values, help="the kind of pages that do not say theirs")
        parser.add_argument("--collection", help="one collection for all, instead of one a top folder")
        parser.add_argument(
            "--audience", nargs="+", default=["everyone"], help="everyone | department:NAME | user:NAME"
        )
        parser.add_argument("--by", help="whose name the pages get; the first administrator unless given")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--strict", action="store_true", help="all or nothing")
        parser.add_argument("--no-index", action="store_true", help="leave the index to the worker")

    def answer(self, **options: Any) -> Mapping[str, object]:
        path: Path = options["path"]
        if not path.exists():
            raise CommandFailure("no_such_path", f"{path} does not exist")
        by = acting_user(options["by"])
        asked = Options(
            kind=options["kind"],
            collection=options["collection"],
            readers=readers_named(options["audience"]),
            dry_run=options["dry_run"],
            strict=options["strict"],
        )
        report = Import(path, by=by, options=asked, progress=self.progress).run()
        if not options["no_index"] and not options["dry_run"]:
            drain()
        return report

    def progress(self, line: str) -> None:
        self.stderr.write(line)

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        counts = ("rows", "created", "updated", "unchanged", "refused")
        yield ", ".join(f"{answer[name]} {name}" for name in counts) + (
            " (dry run)" if answer["dry_run"] else ""
        )
        for change in answer["changed"]:
            yield f"{change['ref']}: {change['message']} [{change['code']}]"
        for problem in answer["problems"]:
            yield f"{problem['file']}: {problem['message']} [{problem['code']}]"

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        return REFUSED if answer["refused"] else DONE
