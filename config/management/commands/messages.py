"""Collects every string to translate into the Japanese catalogue, fills it, compiles it, and checks that it is whole.

Works without gettext's own tools, which a bare machine lacks; hence the compiled catalogue is kept with the source.
Entries carry no line numbers, so that a change of code changes no catalogue.
"""

import ast
import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

from config.env import BASE_DIR

CATALOGUE = BASE_DIR / "config" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
ROOMS = ("config", "kb", "deals")
# Function -> which of its arguments are the context, the singular and the plural.
FUNCTIONS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
LITERAL = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(
    rf"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?(?:\s*,\s*{LITERAL})?",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
HEADER = {
    "Project-Id-Version": "kotohashi",
    "Language": "ja",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One string to translate, as gettext identifies it."""

    context: str
    singular: str
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.singular

    def __str__(self) -> str:
        return f"{self.context} | {self.singular}" if self.context else self.singular


def messages_in_python(source: str) -> Iterator[Message]:
    """Find the calls of gettext's functions whose arguments are written out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            words = [
                a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None
                for a in node.args
            ]
            yield from message_of_call(name, words)


def messages_in_template(source: str, name: str) -> Iterator[Message]:
    """Find what translate, blocktranslate and _() say in a template."""
    for function, *literals in CALL.findall(templatize(source, origin=name)):
        yield from message_of_call(function, [ast.literal_eval(literal) for literal in literals if literal])


def message_of_call(function: str, words: list[str | None]) -> Iterator[Message]:
    if function not in FUNCTIONS:
        return
    chosen = [words[i] if i is not None and i < len(words) else None for i in FUNCTIONS[function]]
    context, singular, plural = chosen
    if singular:
        yield Message(context or "", singular, plural or "")


def messages_in_source() -> dict[tuple[str, str], Message]:
    """Every message of the project; one that is used with and without a plural keeps the plural."""
    found: dict[tuple[str, str], Message] = {}
    for message in sorted(all_messages()):
        found[message.key] = message
    return found


def all_messages() -> Iterator[Message]:
    for room in ROOMS:
        for path in sorted((BASE_DIR / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from messages_in_python(path.read_text(encoding="utf-8"))
    for suffix in ("html", "txt"):
        for path in sorted((BASE_DIR / "templates").rglob(f"*.{suffix}")):
            yield from messages_in_template(path.read_text(encoding="utf-8"), str(path))


def read_catalogue() -> dict[tuple[str, str], polib.POEntry]:
    if not CATALOGUE.exists():
        return {}
    return {
        (entry.msgctxt or "", entry.msgid): entry
        for entry in polib.pofile(str(CATALOGUE))
        if not entry.obsolete
    }


def translations_of(entry: polib.POEntry) -> list[str]:
    """The translation, as a list because a plural could have several; empty when there is none."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return [text for text in texts if text]


def entry_for(message: Message, texts: list[str]) -> polib.POEntry:
    flags = ["python-format"] if re.search(r"%\(\w+\)[a-z]|%[sd]", message.singular + message.plural) else []
    text = texts[0] if texts else ""
    return polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.singular,
        msgid_plural=message.plural,
        msgstr="" if message.plural else text,
        msgstr_plural={0: text} if message.plural else {},
        flags=flags,
    )


def merged(filled: dict[tuple[str, str], list[str]]) -> polib.POFile:
    """The catalogue of today's messages: translations kept or filled in, dead ones dropped, in order."""
    known = {key: translations_of(entry) for key, entry in read_catalogue().items()}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = HEADER
    for key, message in messages_in_source().items():
        catalogue.append(entry_for(message, filled.get(key) or known.get(key, [])))
    return catalogue


def read_fillings(paths: list[str]) -> dict[tuple[str, str], list[str]]:
    """Read JSON objects of message to translation; a context comes before the message and a \\x04, as in gettext."""
    filled: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        for key, text in content.items():
            context, _separator, singular = key.rpartition("\x04")
            filled[context, singular] = [text] if isinstance(text, str) else text
    return filled


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def problems_of(message: Message, entry: polib.POEntry | None) -> Iterator[str]:
    if entry is None:
        yield f"missing: {message}"
        return
    texts = translations_of(entry)
    if not texts or entry.fuzzy:
        yield f"untranslated: {message}"
    if (entry.msgid_plural or "") != message.plural:
        yield f"another plural: {message}"
    wanted = placeholders(message.plural or message.singular)
    for text in texts:
        if placeholders(text) != wanted:
            yield f"other placeholders: {message} -> {text}"


def problems() -> list[str]:
    """All that keeps the Japanese catalogue from being whole, one line each."""
    source, known = messages_in_source(), read_catalogue()
    found = [line for key, message in source.items() for line in problems_of(message, known.get(key))]
    found += [
        f"no longer used: {singular}" for context, singular in known if (context, singular) not in source
    ]
    compiled = CATALOGUE.with_suffix(".mo")
    if known and (not compiled.exists() or compiled.read_bytes() != polib.pofile(str(CATALOGUE)).to_binary()):
        found.append(f"not compiled: {compiled.name}")
    return found


class Command(BaseCommand):
    """`manage.py messages [--check | --fill FILE.json ...]`."""

    help = "Collects the strings to translate into the Japanese catalogue and compiles it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 unless the catalogue is whole"
        )
        parser.add_argument(
            "--fill", nargs="+", default=[], metavar="FILE", help="JSON objects of message: translation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_catalogue()
        else:
            self.write_catalogue(options["fill"])

    def check_catalogue(self) -> None:
        found = problems()
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(
                f"The Japanese catalogue has {len(found)} problems; ./run messages collects anew."
            )

    def write_catalogue(self, paths: list[str]) -> None:
        filled = read_fillings(paths)
        catalogue = merged(filled)
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(CATALOGUE))
        catalogue = polib.pofile(str(CATALOGUE))
        CATALOGUE.with_suffix(".mo").write_bytes(catalogue.to_binary())
        present = {(entry.msgctxt or "", entry.msgid) for entry in catalogue}
        for context, singular in sorted(set(filled) - present):
            self.stderr.write(f"not in the source: {context}{' | ' if context else ''}{singular}")
        open_ones = [entry for entry in catalogue if not translations_of(entry)]
        for entry in open_ones:
            self.stdout.write(f"untranslated: {entry.msgid}")
        self.stdout.write(f"{len(catalogue)} messages, {len(open_ones)} without a translation")
