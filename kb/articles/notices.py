"""What an import has to tell: problems, for which something was refused or read differently, and what was not kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

VALUE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file. `row` is a line of it, 1 the first, none for the whole file.

    `refused`: the file is not taken because of it.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    code: str
    message: str
    refused: bool = True

    def as_answer(self) -> dict[str, object]:
        """The command line's shape."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """Something of a page that could not be kept as it was."""

    ref: str
    code: str
    message: str

    def as_answer(self) -> dict[str, object]:
        """The command line's shape."""
        return {"ref": self.ref, "code": self.code, "message": self.message}


def told_once(changes: Iterable[Change]) -> list[Change]:
    """The same changes in the same order, each once."""
    return list(dict.fromkeys(changes))


def shortened(text: str, length: int = VALUE_LENGTH) -> str:
    """A value as a message quotes it: on one line, and no longer than people read."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
