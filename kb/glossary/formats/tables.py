"""Tables of terms: CSV in any delimiter, and the tables of a Markdown document."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kb.glossary.formats.headers import field_named, names_terms
from kb.glossary.formats.prose import plain_text
from kb.glossary.formats.rows import Parsed, plain_form, row_of
from kb.notices import Problem

DELIMITERS = (",", "\t", ";", "|")
# A quoted cell may run over lines, but not over pages: one quotation mark too many must not swallow the file.
LINES_IN_A_CELL = 200
QUOTED_LINES_TRIED = 20
CELL_LENGTH = 1_000_000
VALUE_LENGTH = 80
# These two mean languages only where they stand together.
PAIRED = {"source": "target", "target": "source"}
PROSE = ("explanation", "explanation_ja", "explanation_en", "notes", "use_instead")


@dataclass(frozen=True)
class Record:
    """One record of a table; `broken` instead of cells where its quotation marks do not close."""

    line: int
    cells: list[str]
    broken: bool = False


def fields_of(header: Sequence[str]) -> list[str]:
    """The field of each column; empty for one that is not known."""
    plain = [cell.strip().lower() for cell in header]
    return [
        "" if PAIRED.get(name) and PAIRED[name] not in plain else field_named(plain_form(cell))
        for name, cell in zip(plain, header, strict=True)
    ]


def read_csv(file: str, text: str) -> Parsed:
    """Terms of a CSV file. The delimiter is the one that makes the best header."""
    parsed = Parsed()
    if not text.strip():
        parsed.refuse(Problem(file, None, None, None, "empty", _("The file is empty.")))
        return parsed
    delimiter = max(DELIMITERS, key=lambda found: _header_quality(text, found))
    records = records_of(text, delimiter)
    header = next((record for record in records if any(cell.strip() for cell in record.cells)), None)
    if header is None or not names_terms(fields_of(header.cells)):
        shown = delimiter.join(header.cells)[:VALUE_LENGTH] if header else None
        message = _("No column holds terms. Name one in the first row: term, 用語, 日本語 or English.")
        parsed.refuse(Problem(file, None, None, shown, "no_term_column", message))
        return parsed
    read_records(parsed, file, header.cells, records)
    return parsed


def _header_quality(text: str, delimiter: str) -> tuple[bool, int]:
    first = next((record.cells for record in records_of(text, delimiter) if any(record.cells)), [])
    known = [name for name in fields_of(first) if name]
    return names_terms(known), len(known)


def records_of(text: str, delimiter: str) -> Iterator[Record]:
    """The records of a CSV text; where a quotation mark is never closed, that line alone is broken."""
    csv.field_size_limit(CELL_LENGTH * 16)
    lines = text.splitlines(keepends=True)
    at = 0
    while at < len(lines):
        end, cells = _record_at(lines, at, delimiter)
        yield Record(at + 1, cells, broken=not end)
        at = end or at + 1


def _record_at(lines: list[str], at: int, delimiter: str) -> tuple[int, list[str]]:
    """(where the next record begins, cells), or (0, []) where this one is broken."""
    end = at + 1
    for _try in range(QUOTED_LINES_TRIED):
        cells = _cells(lines[at:end], delimiter)
        if cells is not None:
            return end, cells
        # Only a line with a quotation mark in it can close the open one.
        closing = next(
            (n for n in range(end, min(len(lines), at + LINES_IN_A_CELL)) if '"' in lines[n]), None
        )
        if closing is None:
            break
        end = closing + 1
    return 0, []


def _cells(lines: list[str], delimiter: str) -> list[str] | None:
    """The cells of one record; none while a quotation mark is open."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
    # A quotation mark inside a cell that was not doubled: taken as it stands, if it is on one line.
    rows = list(csv.reader(lines[:1], delimiter=delimiter, strict=False)) if len(lines) == 1 else []
    return rows[0] if rows else None


def read_records(
    parsed: Parsed, file: str, header: Sequence[str], records: Iterator[Record], first: int = 1
) -> None:
    """Read the rows below a header; unknown columns are told once each."""
    fields = fields_of(header)
    for name, column in zip(fields, header, strict=True):
        if not name and column.strip():
            message = _("The column %(column)s is not known and was left out.") % {"column": column.strip()}
            parsed.note(file, None, "unknown_column", message, column=column.strip())
    for number, record in enumerate(records, first):
        if record.broken:
            message = _("A quotation mark in line %(line)d is never closed.") % {"line": record.line}
            parsed.refuse(Problem(file, number, None, None, "open_quote", message))
        elif any(cell.strip() for cell in record.cells):
            _read_cells(parsed, file, number, header, fields, record.cells)


def _read_cells(
    parsed: Parsed, file: str, number: int, header: Sequence[str], fields: list[str], cells: list[str]
) -> None:
    extra = [cell for cell in cells[len(header) :] if cell.strip()]
    if extra:
        message = _(
            "The row has %(cells)d cells, the first row %(columns)d. Put quotation marks around a text with commas."
        ) % {"cells": len(cells), "columns": len(header)}
        parsed.refuse(Problem(file, number, None, extra[0][:VALUE_LENGTH], "too_many_cells", message))
        return
    values: dict[str, list[str]] = {}
    for name, cell in zip(fields, cells, strict=False):
        if name and name != "ignored" and cell.strip():
            values.setdefault(name, []).append(plain_text(cell) if name in PROSE else cell)
    row = row_of(file, number, values)
    if row.preferred.strip():
        parsed.rows.append(row)
    else:
        column = next(
            (
                title
                for title, name in zip(header, fields, strict=True)
                if name in ("preferred", "ja", "en", "avoid")
            ),
            None,
        )
        parsed.refuse(Problem(file, number, column, None, "no_term", _("The row has no term.")))


_DELIMITER_ROW = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


def has_tables(text: str) -> bool:
    """Whether a Markdown document has a table with terms in it."""
    return any(names_terms(fields_of(header)) for _line, header, _rows in tables_of(text))


def tables_of(text: str) -> Iterator[tuple[int, list[str], list[Record]]]:
    """(line, header, rows) of each table of a Markdown document; code is passed over."""
    lines = text.splitlines()
    fenced = False
    at = 0
    while at < len(lines):
        if _FENCE.match(lines[at]):
            fenced = not fenced
        elif (
            not fenced
            and "|" in lines[at]
            and at + 1 < len(lines)
            and "|" in lines[at + 1]
            and _DELIMITER_ROW.match(lines[at + 1])
        ):
            header, begin = split_row(lines[at]), at
            at += 2
            rows = []
            while at < len(lines) and "|" in lines[at] and lines[at].strip():
                rows.append(Record(at + 1, split_row(lines[at])))
                at += 1
            yield begin + 1, header, rows
            continue
        at += 1


def split_row(line: str) -> list[str]:
    """The cells of a row of a Markdown table; a bar behind a backslash, or in code, belongs to the cell."""
    cells, cell, code = [], "", False
    line = line.strip()
    line = line.removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    at = 0
    while at < len(line):
        if line.startswith("\\|", at):
            cell += "|"
            at += 2
            continue
        code ^= line[at] == "`"
        if line[at] == "|" and not code:
            cells.append(cell.strip())
            cell = ""
        else:
            cell += line[at]
        at += 1
    return [*cells, cell.strip()]


def read_markdown_tables(file: str, text: str) -> Parsed:
    """Terms of all tables of a document, counted through; tables about something else are told and passed over."""
    parsed = Parsed()
    number = 1
    for line, header, rows in tables_of(text):
        if names_terms(fields_of(header)):
            read_records(parsed, file, header, iter(rows), number)
            number += len(rows)
        else:
            message = _("The table in line %(line)d has no column of terms and was passed over.") % {
                "line": line
            }
            parsed.leave_out(f"{file}:{line}", "table_without_terms", message)
    return parsed
