"""Bring a folder of Markdown in: `import_articles PATH`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from kb.access.actions import Readers
from kb.accounts.commands import acting_user, readers_named
from kb.accounts.models import User
from kb.answers import DONE, REFUSED, USAGE, CommandFailure, ImportingCommand
from kb.articles.importing import Import
from kb.articles.models import Kind
from kb.articles.planning import COLLECTION_LENGTH, Options, includes
from kb.search.index import drain


class Command(ImportingCommand):
    row_word = "line"
    help = "Bring a folder or file of Markdown in; the same files come in once."

    def add_own_options(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=Kind.values, help="the kind of pages that do not say theirs")
        parser.add_argument("--collection", help="one collection for all, instead of one a top folder")
        parser.add_argument(
            "--audience",
            nargs="+",
            action="extend",
            help="everyone | department:NAME | user:NAME; everyone unless given, known pages keep theirs",
        )

    def answer(self, **options: Any) -> Mapping[str, object]:
        self.strict = bool(options["strict"])
        path = self.there(options["path"])
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

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        stopped = self.strict and answer["problems"]
        return REFUSED if answer["refused"] or stopped else DONE
