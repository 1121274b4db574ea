"""Made-up exports for the tests: rows as CSV in any encoding, as a workbook, in a ZIP; and what reading them gives."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from deals.crm.sheets.choices import Choices
from deals.crm.sheets.exports import Export, open_export, read_export
from deals.crm.sheets.records import SourceDeal, Surroundings

TODAY = date(2026, 11, 24)
AROUND = Surroundings(ZoneInfo("Asia/Tokyo"), TODAY)
Row = Sequence[object]
ENGLISH = ("Deal ID", "Deal Name", "Account Name", "Stage", "Create Date", "Close Date", "Amount")
THREE: tuple[Row, ...] = (
    ("D-1", "Reports", "Minato Trading", "Closed Won", "2026-01-10", "2026-03-31", "1200000"),
    ("D-2", "Approvals", "Kaede Works", "Closed Lost", "2026-01-12", "2026-04-02", "800000"),
    ("D-3", "Stock", "", "Proposal", "2026-02-01", "", ""),
)


def as_csv(header: Row, rows: Iterable[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_workbook(sheets: Mapping[str, Iterable[Row]]) -> bytes:
    """Sheets of rows; dates are written as dates."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(line, place, value, day)
                    else:
                        sheet.write(line, place, value)
    return file.getvalue()


def as_zip(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files in a folder; the one file itself where there is one only."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / next(iter(files)) if len(files) == 1 else folder


def export_of(path: Path, **choices: object) -> Export:
    """Everything read, with the choices made."""
    return read_export(open_export(path, Choices(**choices)), AROUND)  # type: ignore[arg-type]


def deals_of(tmp_path: Path, header: Row, rows: Iterable[Row], **choices: object) -> list[SourceDeal]:
    """The deals of a small CSV."""
    return export_of(put(tmp_path, {"deals.csv": as_csv(header, rows)}), **choices).read.deals


def codes_of(export: Export) -> dict[int | None, set[str]]:
    """The codes of all problems, by row."""
    found: dict[int | None, set[str]] = {}
    for problem in export.problems:
        found.setdefault(problem.row, set()).add(problem.code)
    return found
