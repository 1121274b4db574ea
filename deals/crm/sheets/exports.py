"""A CRM's export from its path to its deals: the one way in for the command line and the page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from deals.crm.sheets.archives import Reading, read_path
from deals.crm.sheets.choices import BY_ROW, Choices
from deals.crm.sheets.linking import Linked, link
from deals.crm.sheets.notices import Unreadable
from deals.crm.sheets.records import Read, Surroundings
from deals.crm.sheets.remarks import remarks_on
from deals.crm.sheets.roles import OUTCOME, deals_among
from deals.crm.sheets.rows import Reader
from deals.crm.sheets.tables import Table
from kb.notices import Problem


class UnknownColumn(ValueError):
    """A column was named that no file has; `columns` are those there are."""

    def __init__(self, column: str, columns: list[str]) -> None:
        super().__init__(column)
        self.column = column
        self.columns = columns


@dataclass
class Export:
    """Everything known of an export before and after its rows are read."""

    reading: Reading
    choices: Choices
    linked: Linked | None = None
    read: Read = field(default_factory=Read)

    @property
    def deals_table(self) -> Table | None:
        return self.linked.table if self.linked else None

    @property
    def mapping(self) -> dict[str, str]:
        """The field of every column that is taken."""
        return {column.label: column.field for column in self.linked.columns} if self.linked else {}

    @property
    def unmapped(self) -> list[str]:
        """The columns of the deals' table that are not taken."""
        table, mapping = self.deals_table, self.mapping
        return [column for column in table.columns if column not in mapping] if table else []

    @property
    def refused(self) -> int:
        """Rows that gave no deal."""
        table = self.deals_table
        return self.read.refused + (table.refused if table else 0)

    @property
    def problems(self) -> list[Problem]:
        """All there is to tell, the files' own first, then by row."""
        table = self.deals_table
        found = [
            *self.reading.problems,
            *(table.problems if table else ()),
            *(self.linked.problems if self.linked else ()),
        ]
        return sorted([*found, *self.read.problems], key=lambda one: (one.row is not None, one.row or 0))

    def files(self) -> list[dict[str, Any]]:
        """Each table with what was found out about it."""
        roles = self.linked.roles if self.linked else {}
        return [
            {
                "name": table.name,
                "encoding": table.encoding,
                "delimiter": table.delimiter,
                "rows": len(table.rows) + table.refused,
                "role": roles.get(table.name),
            }
            for table in self.reading.tables
        ]


def open_export(path: Path, choices: Choices) -> Export:
    """Find the deals and what is linked to them; reads no row yet.

    Raises:
        UnknownColumn: the choices name a column that is not there.
    """
    export = Export(read_path(path), choices)
    if not export.reading.tables:
        return export
    try:
        deals = deals_among(export.reading.tables, choices.file)
    except Unreadable as error:
        export.reading.problems.append(Problem(".", None, None, None, error.code, error.message))
        return export
    _forgive_empty(export.reading)
    export.choices = choices = _placed(choices, deals, export.reading.tables)
    export.linked = link(export.reading.tables, deals, choices.fields)
    return export


def read_export(export: Export, around: Surroundings) -> Export:
    """Read the rows, when it is known what the columns are."""
    linked = export.linked
    if linked is None:
        return export
    table = linked.table
    if not table.rows:
        if not table.refused:
            _refuse(export, "no_rows", around)
        return export
    fields = {column.field for column in linked.columns}
    named = fields & {"name", "company", "id", "product"} and fields & {"amount", "closed_on", "opened_on"}
    if not fields & OUTCOME and not named:
        _refuse(export, "no_deal_columns", around, columns=", ".join(table.columns[:20]))
        return export
    reader = Reader(linked, export.choices, around)
    export.read = reader.read()
    export.read.problems += remarks_on(reader)
    return export


def _refuse(export: Export, code: str, around: Surroundings, **details: object) -> None:
    table = export.deals_table
    message = around.wording(code, **details)
    if table is not None:
        export.reading.problems.append(Problem(table.name, None, None, None, code, message))
        export.read.refused += len(table.rows)


def _forgive_empty(reading: Reading) -> None:
    """An empty file beside the deals costs nobody anything."""
    reading.problems = [
        replace(one, refused=False) if one.code == "empty" else one for one in reading.problems
    ]


def _placed(choices: Choices, deals: Table, tables: list[Table]) -> Choices:
    """The choices with every column as it is called here: in the deals' table, or as `file:column`."""
    of_others = {
        f"{table.name}:{column}": column for table in tables if table is not deals for column in table.columns
    }
    fields: dict[str, str] = {}
    for said, name in choices.fields.items():
        if said in deals.columns or said in of_others:
            fields[said] = name
            continue
        meant = [label for label, column in of_others.items() if column == said]
        folded = [column for column in (*deals.columns, *of_others) if column.casefold() == said.casefold()]
        if len(meant) != 1 and len(folded) != 1:
            raise UnknownColumn(said, deals.columns)
        fields[(meant if len(meant) == 1 else folded)[0]] = name
    identity = choices.identity
    if identity and identity != BY_ROW:
        for name in identity:
            if name not in deals.columns:
                raise UnknownColumn(name, deals.columns)
    return replace(choices, fields=fields, identity=identity)


def columns_at(path: Path) -> set[str]:
    """Every column of every table there, also as `file:column`."""
    tables = read_path(path).tables
    return {
        name for table in tables for column in table.columns for name in (column, f"{table.name}:{column}")
    }
