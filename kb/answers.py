"""What every command of the command line answers with: one JSON object or lines, or a failure with its code and exit."""

from __future__ import annotations

import io
import json
import sys
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

SCHEMA = 1
DONE = 0
REFUSED = 1
USAGE = 2
UNKNOWN_NAME = 4


class CommandFailure(Exception):
    """A command cannot do what it was asked: `code` is stable for scripts, `message` is for people, `exit_code` as above."""

    def __init__(self, code: str, message: str, exit_code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.exit_code = exit_code


def json_line(answer: Mapping[str, object]) -> str:
    """One object with `schema` first, Japanese readable; half a surrogate pair becomes a question mark."""
    line = json.dumps({"schema": SCHEMA, **answer}, ensure_ascii=False)
    return line.encode("utf-8", "replace").decode()


def print_json(answer: Mapping[str, object], stdout: TextIO) -> None:
    """Write the answer as one line, in UTF-8 whatever the locale says."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    stdout.write(json_line(answer) + "\n")


class AnsweringCommand(BaseCommand):
    """A command with `--json`: it answers one mapping, printed as JSON or told in lines; failures have a code and an exit."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer with one JSON object")
        self.add_options(parser)

    def add_options(self, parser: CommandParser) -> None:
        """The command's own arguments."""

    @abstractmethod
    def answer(self, **options: Any) -> Mapping[str, object]:
        """Do it, and return the listed keys without `schema`. Raises CommandFailure."""

    @abstractmethod
    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        """The same answer for a person."""

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        """What to leave with once the answer is printed."""
        return DONE

    def handle(self, *args: object, as_json: bool, **options: Any) -> None:
        try:
            answer = self.answer(**options)
        except CommandFailure as failure:
            self.tell_failure(failure, as_json=as_json)
            raise SystemExit(failure.exit_code) from None
        if as_json:
            print_json(answer, self.stdout)  # type: ignore[arg-type]
        else:
            for line in self.lines(answer):
                self.stdout.write(line)
        if code := self.exit_code(answer):
            raise SystemExit(code)

    def tell_failure(self, failure: CommandFailure, *, as_json: bool) -> None:
        if as_json:
            print_json({"error": {"code": failure.code, "message": failure.message}}, self.stdout)  # type: ignore[arg-type]
        else:
            self.stderr.write(failure.message)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if "--json" in sys.argv:
            # a wrong argument is then raised and told as JSON, instead of argparse's own words and exit
            parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            self.tell_failure(CommandFailure("usage", str(error), USAGE), as_json=True)
            raise SystemExit(USAGE) from None


class ImportingCommand(AnsweringCommand):
    """A command that brings a file or folder in: the options all of them share, and how its report is told in lines."""

    row_word = "row"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        self.add_own_options(parser)
        parser.add_argument("--by", help="in whose name it comes in; the first administrator unless given")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--strict", action="store_true", help="all or nothing")
        parser.add_argument("--no-index", action="store_true", help="leave the index to the worker")

    def add_own_options(self, parser: CommandParser) -> None:
        """What this kind of import asks besides."""

    def there(self, path: Path) -> Path:
        """The path, if there is something. Raises CommandFailure."""
        if not path.exists():
            raise CommandFailure("no_such_path", f"{path} does not exist")
        return path

    def tell_counts(self, answer: Mapping[str, Any]) -> str:
        counts = ("rows", "created", "updated", "unchanged", "refused")
        dry = " (dry run)" if answer["dry_run"] else ""
        return ", ".join(f"{answer[name]} {name}" for name in counts) + dry

    def tell_problem(self, problem: Mapping[str, Any]) -> str:
        parts = [problem["file"]]
        parts += [f"{self.row_word} {problem['row']}"] if problem["row"] else []
        parts += [problem["column"]] if problem["column"] else []
        value = f" ({problem['value']})" if problem["value"] else ""
        note = "" if problem["refused"] else "note, "
        return f"{', '.join(parts)}: {problem['message']}{value} [{note}{problem['code']}]"

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        yield self.tell_counts(answer)
        for change in answer["changed"]:
            yield f"{change['ref']}: {change['message']} [{change['code']}]"
        for problem in answer["problems"]:
            yield self.tell_problem(problem)
