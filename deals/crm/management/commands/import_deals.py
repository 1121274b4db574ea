"""Bring deals in from what a CRM exports: `import_deals PATH`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from deals.crm.importing import Import, Options
from deals.crm.mappings import NAME_LENGTH, applied, mapping_named, save_mapping, whole
from deals.crm.sheets.amounts import CODES
from deals.crm.sheets.choices import BY_ROW, Choices
from deals.crm.sheets.days import ORDERS
from deals.crm.sheets.exports import UnknownColumn, columns_at
from deals.crm.sheets.headings import FIELDS, field_named
from kb.accounts.commands import acting_user
from kb.accounts.models import User
from kb.answers import DONE, REFUSED, UNKNOWN_NAME, USAGE, CommandFailure, ImportingCommand
from kb.search.index import drain

INDEXED_EVERY = 1000


def in_words(format_of: Mapping[str, Any]) -> str:
    """How a column of days or amounts is read, as far as something had to be found out."""
    found = [f"dates {format_of['dates']}"] if format_of.get("dates") else []
    found += ["decimals after a comma"] if format_of.get("decimal") == "," else []
    found += [f"times {format_of['unit']}"] if format_of.get("unit", 1) != 1 else []
    found += [str(format_of["currency"])] if format_of.get("currency") else []
    return f" ({', '.join(found)})" if found else ""


class Command(ImportingCommand):
    help = "Bring deals in from CSV, XLSX, a ZIP or a folder of linked files; the same file comes in once."

    def add_own_options(self, parser: CommandParser) -> None:
        parser.add_argument("--mapping", metavar="NAME", help="read the file as was kept under this name")
        parser.add_argument(
            "--save-mapping", metavar="NAME", help="keep how the file was read under this name"
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help=f"what a column is; FILE:COLUMN for a linked file; fields: {' '.join(FIELDS)}; - leaves it out",
        )
        parser.add_argument(
            "--identity", metavar="COL,COL|row", help="what tells deals apart, where no column of ids does"
        )
        parser.add_argument(
            "--currency", metavar="CUR", help="the currency of amounts that do not name theirs"
        )
        parser.add_argument(
            "--dates", choices=ORDERS, help="the order of day and month where a file leaves it open"
        )
        parser.add_argument(
            "--merge",
            nargs="+",
            action="extend",
            default=[],
            metavar="A=B",
            help="read A as B, a spelling or a word for an outcome; an empty B is nothing; FIELD:A=B in one field only",
        )
        parser.add_argument(
            "--file", default="", metavar="NAME", help="which of several tables holds the deals"
        )

    def answer(self, **options: Any) -> Mapping[str, object]:
        path = self.there(options["path"])
        by = acting_user(options["by"])
        if not by.can_write:
            raise CommandFailure("not_allowed", f"{by} is a reader and may not enter deals")
        choices = self.choices(options)
        if options["mapping"]:
            choices = self.with_mapping(options["mapping"], choices, path)
        asked = Options(choices=choices, dry_run=options["dry_run"], strict=options["strict"])
        run = Import(path, by=by, options=asked, progress=self.stderr.write)
        try:
            report = run.run()
        except UnknownColumn as error:
            columns = ", ".join(error.columns[:30])
            message = f"there is no column {error.column}; there is: {columns}"
            raise CommandFailure("unknown_column", message, USAGE) from error
        if not options["dry_run"]:
            self.keep_mapping(options["save_mapping"], run, by)
            if not options["no_index"]:
                drain(progress=self.tell_indexed)
        return report

    # -------------------------------------------------------------- what was asked for
    def choices(self, options: Mapping[str, Any]) -> Choices:
        currency = str(options["currency"] or "").upper()
        if currency and currency not in CODES:
            raise CommandFailure(
                "usage", f"{options['currency']} is not a currency; write a code such as JPY", USAGE
            )
        identity = tuple(part.strip() for part in (options["identity"] or "").split(",") if part.strip())
        return Choices(
            fields=dict(self.field(said) for said in options["map"]),
            identity=BY_ROW if identity == BY_ROW else identity,
            currency=currency,
            merges=dict(self.pair(said) for said in options["merge"]),
            dates=options["dates"] or "",
            file=options["file"],
        )

    def field(self, said: str) -> tuple[str, str]:
        column, equals, name = said.rpartition("=")
        field = field_named(name) if equals else None
        if not column or field is None:
            fields = " ".join(FIELDS)
            raise CommandFailure(
                "usage", f"--map takes COLUMN=FIELD, and {said} is none; fields: {fields}", USAGE
            )
        return column.strip(), field

    def pair(self, said: str) -> tuple[str, str]:
        source, equals, to = said.partition("=")
        if not equals or not source.strip():
            raise CommandFailure("usage", f'--merge takes "A=B", and {said} is none', USAGE)
        return source.strip(), to.strip()

    def with_mapping(self, name: str, choices: Choices, path: Path) -> Choices:
        mapping = mapping_named(name)
        if mapping is None:
            raise CommandFailure("unknown_mapping", f"there is no mapping {name}", UNKNOWN_NAME)
        return applied(mapping, choices, columns_at(path))

    def keep_mapping(self, name: str | None, run: Import, by: User) -> None:
        if name and name.strip() and run.export and run.export.linked:
            save_mapping(by=by, name=name[:NAME_LENGTH], choices=replace(whole(run.export), file=""))

    # -------------------------------------------------------------- telling
    def tell_indexed(self, done: int, count: int) -> None:
        if done and done % INDEXED_EVERY == 0:
            self.stderr.write(f"{done} of {count} found by search")

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        for file in answer["files"]:
            about = ", ".join(
                str(part)
                for part in (file["encoding"], repr(file["delimiter"]))
                if part not in (None, "None")
            )
            yield f"{file['name']}: {file['role'] or 'not read'}, {file['rows']} rows" + (
                f" ({about})" if about else ""
            )
        for column, field in answer["mapping"].items():
            yield f"  {column} -> {field}{in_words(answer['formats'].get(column, {}))}"
        yield self.tell_counts(answer)
        rate = "" if answer["rate"] is None else f", {answer['rate']:.1%} of {answer['closed']} won"
        results = ("won", "lost", "no_decision", "open", "excluded")
        yield ", ".join(f"{answer[name]} {name.replace('_', ' ')}" for name in results) + rate
        for merge in answer["merged"]:
            yield f"{merge['field']}: {merge['from']} -> {merge['to']} ({merge['rows']} rows)"
        for problem in answer["problems"]:
            yield self.tell_problem(problem)

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        return REFUSED if any(problem["refused"] for problem in answer["problems"]) else DONE
