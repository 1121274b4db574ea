"""What an import of deals has to tell, by file, row and column."""

from __future__ import annotations

from dataclasses import dataclass

VALUE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or worth knowing. `row` 1 is the first data row, none for a whole file.

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


class Unreadable(Exception):
    """A file cannot be read as tables at all; `code` and `message` say why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def shortened(text: str, length: int = VALUE_LENGTH) -> str:
    """A value as a message quotes it: on one line, and no longer than people read."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
