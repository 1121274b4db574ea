"""Bring a folder of Markdown in: `import_articles PATH`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kb.access.actions import Readers
from kb.accounts.commands import acting_user, readers_named
from kb.accounts.models import User
from kb.answers import DONE, REFUSED, USAGE, AnsweringCommand, CommandFailure
from kb.articles.importing import Import
from kb.articles.models import Kind
from kb.articles.planning import COLLECTION_LENGTH, Options, includes
from kb.search.index import drain


class Command(AnsweringCommand):
    help = "Bring a folder or file of Markdown in; the same files come in once."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--kind", choices=Kind.values, help="the kind of pages that do not say theirs")
        parser.add_argument("--collection", help="one collection for all, instead of one a top folder")
        parser.add_argument(
            "--audience",
            nargs="+",
            action="extend",
            help="everyone | department:NAME | user:NAME; everyone unless given, known pages keep theirs",
        )
        parser.add_argument("--by", help="whose name the pages get; the first administrator unless given")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--strict", action="store_true", help="all or nothing")
        parser.add_argument("--no-index", action="store_true", help="leave the index to the worker")

    def answer(self, **options: Any) -> Mapping[str, object]:
        self.strict = bool(options["strict"])
        path: Path = options["path"]
        if not path.exists():
            raise CommandFailure("no_such_path", f"{path} does not exist")
        collection = " ".join((options["collection"] or "").split())
        if len(collection) > COLLECTION_LENGTH:
            raise CommandFailure(
                "usage", f"a collection's name has at most {COLLECTION_LENGTH} characters", USAGE
            )
        by = acting_user(options["by"])
        readers = readers_named(options["audience"]) if options["audience"] else None
        self.check_readers(by, readers)
        asked = Options(
            kind=options["kind"],
            collection=collection or None,
            readers=readers,
            dry_run=options["dry_run"],
            strict=self.strict,
        )
        report = Import(path, by=by, options=asked, progress=self.progress).run()
        if not options["no_index"] and not options["dry_run"]:
            drain()
        return report

    def check_readers(self, by: User, readers: Readers | None) -> None:
        if not by.can_write:
            raise CommandFailure("not_allowed", f"{by} is a reader and may not write pages")
        if readers is not None and not includes(readers, by):
            message = f"{by} would not be among the readers; name somebody who is with --by"
            raise CommandFailure("locked_out", message)

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
            parts = [problem["file"]]
            parts += [f"line {problem['row']}"] if problem["row"] else []
            parts += [problem["column"]] if problem["column"] else []
            value = f" ({problem['value']})" if problem["value"] else ""
            yield f"{', '.join(parts)}: {problem['message']}{value} [{problem['code']}]"

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        stopped = self.strict and answer["problems"]
        return REFUSED if answer["refused"] or stopped else DONE
