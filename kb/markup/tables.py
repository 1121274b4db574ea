"""Rows of a table written with pipes."""

from __future__ import annotations

import re

_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_END = re.compile(r"\\.|`+[^`]*`+|\|")


def is_head(row: str, below: str) -> bool:
    """Whether a row is the head of a table: as many cells stand below it as hyphens between pipes."""
    return (
        "|" in row
        and _DELIMITERS.match(below.strip()) is not None
        and ("|" in below or len(_cells(row)) == 1)
        and len(_cells(below)) == len(_cells(row))
    )


def widened_to_fit(rows: list[str]) -> list[str]:
    """The same rows, the head made as wide as the widest: Python-Markdown drops surplus cells."""
    missing = max(len(_cells(row)) for row in rows) - len(_cells(rows[0]))
    if missing <= 0 or len(rows) < 2:
        return rows
    return [_widened(rows[0], " ", missing), _widened(rows[1], "-", missing), *rows[2:]]


def _cells(row: str) -> list[int]:
    """Where the cells of a row end."""
    row = row.strip().removeprefix("|")
    ends = [end.start() for end in _CELL_END.finditer(row) if end[0] == "|"]
    return ends if ends and ends[-1] == len(row) - 1 else [*ends, len(row)]


def _widened(row: str, cell: str, times: int) -> str:
    row = row if row.rstrip().endswith("|") else f"{row} |"
    return row.rstrip() + f" {cell} |" * times
