"""A table as any file gives it: where its header is, what its columns are called, and its rows by number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kb.notices import Problem

# A title, a date of export and the like may stand above the header.
_HEADER_WITHIN = 15
_LOOKED_AT = 60
_DATA = re.compile(r"[-+(]?[¥$€£]?\s*\d[\d,./:%\s年月日-]*\)?[円%]?")


# What programs and people write into a cell that has nothing to say.
NO_VALUE = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "–",
        "―",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "nan",
        "なし",
        "無し",
        "未定",
        "tbd",
        "未入力",
    }
)


class Exact(str):
    """A number that a program wrote, not a person: its point is the decimal point."""

    __slots__ = ()


Record = list[str]


@dataclass
class Table:
    """One sheet or file. `rows` are (number, cells), 1 being the first row below the header; blank rows are left out."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, Record]] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None
    problems: list[Problem] = field(default_factory=list)
    refused: int = 0

    def values(self, column: str) -> list[str]:
        """The cells of one column, from top to bottom."""
        place = self.columns.index(column)
        return [cells[place] for _number, cells in self.rows]

    @property
    def stem(self) -> str:
        """The file's name without folder, ending and the marks of a copy."""
        name = re.split(r"[/\\]", self.name)[-1].split(":")[0]
        name = re.sub(r"\.[A-Za-z]{2,4}$", "", name)
        return re.sub(
            r"(?:\s*\(\d+\)|[ _-]+copy|\s*[-–]?\s*コピー(?:\s*\(\d+\))?)+$", "", name, flags=re.IGNORECASE
        )


def table_of(
    name: str, records: Iterable[Record], *, encoding: str | None = None, delimiter: str | None = None
) -> Table:
    """The table that a file's records make."""
    table = Table(name, encoding=encoding, delimiter=delimiter)
    lines = list(records)
    start = _header_at(lines)
    if start is None:
        return table
    header = [" ".join(cell.split()) for cell in lines[start]]
    body = lines[start + 1 :]
    used = _used_columns(header, body)
    table.columns = _names(header, used, table)
    for number, cells in enumerate(body, start=1):
        if not any(cells):
            continue
        if any(cells[len(header) :]):
            _refuse_long(table, number, cells[len(header) :])
            continue
        padded = cells + [""] * (len(header) - len(cells))
        table.rows.append((number, [padded[place] for place in used]))
    return table


def _header_at(lines: list[Record]) -> int | None:
    """The first row that is nearly as wide as the table and holds words only; the first with anything when there is none."""
    filled = [place for place, cells in enumerate(lines) if any(cells)]
    if not filled:
        return None
    width = max(sum(map(bool, lines[place])) for place in filled[:_LOOKED_AT])
    for place in filled[:_HEADER_WITHIN]:
        words = [cell for cell in lines[place] if cell]
        if len(words) * 2 >= max(width, 2) and not any(map(_DATA.fullmatch, words)):
            return place
    return filled[0]


def _used_columns(header: Record, body: list[Record]) -> list[int]:
    """Columns with a name or a value; spreadsheets save many that have neither."""
    width = len(header)
    used = {place for place, name in enumerate(header) if name}
    for cells in body:
        if len(used) == width:
            break
        used.update(place for place, cell in enumerate(cells[:width]) if cell)
    return sorted(used)


def _names(header: Record, used: list[int], table: Table) -> list[str]:
    """Each column's name; a second of the same name is told, and a nameless one goes by its number."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for place in used:
        name = header[place] or f"#{place + 1}"
        seen[name] += 1
        if seen[name] == 1:
            names.append(name)
            continue
        names.append(f"{name} ({seen[name]})")
        message = _("There are two columns of this name; this one is called %(name)s here.") % {
            "name": names[-1]
        }
        table.problems.append(
            Problem(table.name, None, names[-1], None, "duplicate_column", message, refused=False)
        )
    return names


def _refuse_long(table: Table, number: int, extra: Record) -> None:
    value = next(cell for cell in extra if cell)
    message = _("The row has more cells than the header. Put values that hold the delimiter into quotes.")
    table.problems.append(Problem(table.name, number, None, value, "too_many_cells", message))
    table.refused += 1
