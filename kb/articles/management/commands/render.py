"""Show the clean HTML a page would get: `render FILE|-`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kb.answers import AnsweringCommand, CommandFailure
from kb.markup import RendererUnavailable, render
from kb.text import NotText, decode


class Command(AnsweringCommand):
    help = "Show the clean HTML that a Markdown text becomes."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a file, or - for what comes in")

    def answer(self, **options: Any) -> Mapping[str, object]:
        try:
            rendered = render(self._source(options["file"]))
        except RendererUnavailable as error:
            raise CommandFailure("renderer_unavailable", f"Nothing can be rendered: {error}") from error
        if rendered.plain:
            self.stderr.write("This text could not be rendered in time; it is shown as written.")
        return {"html": rendered.html, "plain": rendered.plain}

    def _source(self, name: str) -> str:
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return decode(raw).text
        except NotText as error:
            raise CommandFailure("not_text", f"{name} is not text in UTF-8, UTF-16 or Shift_JIS") from error
        except OSError as error:
            raise CommandFailure("no_such_path", f"{name} cannot be read: {error.strerror}") from error

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        # in UTF-8, whatever the locale says
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        yield answer["html"]
