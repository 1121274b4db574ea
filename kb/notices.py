"""What an import has to tell: problems by file, row and column, what could not be kept as it was, and how many of each outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OUTCOMES = ("created", "updated", "unchanged", "refused")
VALUE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or worth knowing. `row` 1 is the first data row, or the first line of a page; none for a whole file.

    `refused`: the row, or the file, is not taken because of it.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    code: str
    message: str
    refused: bool = True

    def as_answer(self) -> dict[str, object]:
        """The command line's shape, and whether it keeps the row out."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": None if self.value is None else shortened(self.value),
            "code": self.code,
            "message": self.message,
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """Something of a page or term that could not be kept as it was."""

    ref: str
    code: str
    message: str

    def as_answer(self) -> dict[str, object]:
        """The command line's shape."""
        return {"ref": self.ref, "code": self.code, "message": self.message}


def told_once(changes: Iterable[Change]) -> list[Change]:
    """The same changes in the same order, each once."""
    return list(dict.fromkeys(changes))


def counted(outcomes: Iterable[str], *, refused: int, stopped: bool) -> dict[str, int]:
    """How many rows there were, and of each outcome; `refused` more that never became a step.

    `stopped`: nothing was taken, the good rows no more than the bad ones; what was in before is in still.
    """
    count = dict.fromkeys(OUTCOMES, 0)
    for outcome in outcomes:
        count[outcome] += 1
    count["refused"] += refused
    if stopped:
        count["refused"] += count["created"] + count["updated"]
        count["created"] = count["updated"] = 0
    return {"rows": sum(count.values()), **count}


def shortened(text: str, length: int = VALUE_LENGTH) -> str:
    """A value as a message quotes it: on one line, and no longer than people read."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
