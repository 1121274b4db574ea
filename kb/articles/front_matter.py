"""The head of a Markdown file, between lines of `---` (YAML) or `+++` (TOML)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

LONGEST = 100_000  # characters; what goes on longer is no front matter
_FENCES = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_KEY = re.compile(r"^[\w-]+[ \t]*[:=]", re.MULTILINE)
_SAME = {"lang": "language", "tag": "tags"}
_TOML_LINE = re.compile(r"line (\d+)")
# What an escape in YAML or TOML can make, and no database takes.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class FrontMatter:
    """What stands above the text, everything as written; the text; and what keeps the head from being read.

    `lines`: in which line of the file a key stands. `error`: why it is not YAML or TOML, `error_line` where;
    `written` is then the head as it is.
    """

    fields: Mapping[str, str | list[str]] = field(default_factory=dict)
    body: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    error_line: int | None = None
    written: str = ""

    def one(self, key: str) -> str:
        """A value as one line of text; several are joined."""
        value = self.fields.get(key, "")
        return " ".join((value if isinstance(value, str) else ", ".join(value)).split())

    def several(self, key: str) -> list[str] | None:
        """A list, or what commas separate; None when the key is not there."""
        value = self.fields.get(key)
        if value is None:
            return None
        parts = re.split("[,、，]", value) if isinstance(value, str) else value
        return [part.strip() for part in parts if part.strip()]


def parted(text: str) -> FrontMatter:
    """Take the head off a text. Without one, or with one that cannot be read, the body is all of it."""
    opening = text[:3]
    first_line, newline, rest = text.partition("\n")
    if opening not in _FENCES or first_line.rstrip() != opening or not newline:
        return FrontMatter(body=text)
    closing = _FENCES[opening].search(rest, 0, LONGEST)
    head = rest[: closing.start()] if closing else ""
    if closing is None or (head.strip() and not _KEY.search(head)):
        return FrontMatter(body=text)  # a line across the page, and text below it
    body = rest[closing.end() :].removeprefix("\n")
    try:
        tree = tomllib.loads(head) if opening == "+++" else yaml.load(head, Loader=_LOADER)  # noqa: S506 - makes strings, lists and mappings only
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError, TypeError) as error:
        return FrontMatter(body=body, error=_reason(error), error_line=_line(error), written=head)
    if tree is None or (isinstance(tree, dict) and not tree):
        return FrontMatter(body=body)
    if not isinstance(tree, dict):
        return FrontMatter(body=body, error="not a mapping", error_line=2, written=head)
    return FrontMatter(_fields(tree), body, _lines(head))


def _fields(tree: Mapping[Any, Any]) -> dict[str, str | list[str]]:
    """Strings and lists of strings; what is deeper is nobody's here."""
    fields: dict[str, str | list[str]] = {}
    for key, value in tree.items():
        name = str(key).strip().lower()
        name = _SAME.get(name, name)
        if isinstance(value, list):
            fields[name] = [_text(part) for part in value if not isinstance(part, (list, dict))]
        elif not isinstance(value, dict):
            fields[name] = _text(value)
    return fields


def _text(value: object) -> str:
    text = _NOT_TEXT.sub("", str(value)).strip()
    return "" if text in ("~", "null") else text


def _lines(head: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(head.split("\n"), start=2):
        key, colon, _value = re.sub("=", ":", line, count=1).partition(":")
        if colon and key == key.lstrip():
            name = key.strip().strip("\"'").lower()
            found.setdefault(_SAME.get(name, name), number)
    return found


def _line(error: Exception) -> int | None:
    """The line of the file; the head begins in its second."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 2
    found = _TOML_LINE.search(str(error))
    return int(found[1]) + 1 if found else None


def _reason(error: Exception) -> str:
    return str(getattr(error, "problem", None) or str(error).partition("\n")[0] or type(error).__name__)
