"""XLSX: its sheets as tables, read by calamine, with a guard against sheets that would fill the memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from deals.crm.sheets.delimited import clean_cell
from deals.crm.sheets.notices import Unreadable
from deals.crm.sheets.tables import Exact, Record, Table, table_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# A sheet is laid out as a full rectangle: one stray value far down would make it billions of cells.
MOST_CELLS = 6_000_000
MOST_BYTES = 400 * 1024 * 1024
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"([^>]*)')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ERROR = re.compile(rb'\bt="e"')
_CHUNK = 1 << 20
# Cells that hold an error (#DIV/0!), by row and column; calamine gives them as empty.
Errors = dict[int, list[int]]
ERROR = "#ERROR!"
PASSWORD = gettext_lazy("The file is protected by a password. Take the password off and save it again.")
DAMAGED = gettext_lazy("The XLSX file is damaged. Open it in a spreadsheet and save it again.")


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes are an XLSX file, whatever the file is called."""
    if not raw.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return any(name.startswith("xl/workbook.") for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False


def refuse_old(raw: bytes) -> None:
    """An old or encrypted Office file.

    Raises:
        Unreadable: it is one; the message says which.
    """
    if not raw.startswith(OLE):
        return
    if ENCRYPTED in raw:
        raise Unreadable("password", str(PASSWORD))
    message = _("This is a file of an old Excel, or of another program. Save it as XLSX or CSV.")
    raise Unreadable("old_excel", message)


def read_workbook(name: str, raw: bytes) -> list[Table]:
    """Its visible sheets that hold anything, each a table: `name` if there is one, `name:sheet` if there are several.

    Raises:
        Unreadable: the file is damaged, protected or too large.
    """
    broken = _measured(raw)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        shown = [
            about.name for about in workbook.sheets_metadata if about.visible == SheetVisibleEnum.Visible
        ]
        read = [(title, list(_records(workbook.get_sheet_by_name(title), broken))) for title in shown]
    except PasswordError as error:
        raise Unreadable("password", str(PASSWORD)) from error
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable("damaged", str(DAMAGED)) from error
    full = [(title, records) for title, records in read if any(any(cells) for cells in records)]
    return [table_of(name if len(full) == 1 else f"{name}:{title}", records) for title, records in full]


def _measured(raw: bytes) -> Errors:
    """Check how large the sheets would be; returns the cells that hold an error, where there is one sheet only."""
    errors: Errors = {}
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise Unreadable(
                    "too_large", _("The XLSX file is too large once unpacked. Save the deals' sheet alone.")
                )
            sheets = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
            for name in sheets:
                errors = _scan(archive, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        raise Unreadable("damaged", str(DAMAGED)) from error
    return errors if len(sheets) == 1 else {}


def _scan(archive: zipfile.ZipFile, name: str) -> Errors:
    """Read one sheet's markup as it unpacks, and stop as soon as its rectangle is too large."""
    errors: Errors = {}
    last_row = last_column = unpacked = 0
    rest = b""
    with archive.open(name) as file:
        while chunk := file.read(_CHUNK):
            unpacked += len(chunk)
            text = rest + chunk
            whole, rest = text[: text.rfind(b"<")], text[text.rfind(b"<") :]
            for letters, digits, more in _CELL.findall(whole):
                if more.endswith(b"/"):
                    continue
                row, column = int(digits), _column_number(letters)
                last_row, last_column = max(last_row, row), max(last_column, column)
                if _ERROR.search(more):
                    errors.setdefault(row - 1, []).append(column - 1)
            if last_row * last_column > MOST_CELLS or unpacked > MOST_BYTES:
                message = _(
                    "A value stands in row %(row)s, far from all others. Delete the empty rows and columns, then save again."
                )
                raise Unreadable("too_large", message % {"row": last_row})
    return errors


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _records(sheet: CalamineSheet, errors: Errors) -> Iterator[Record]:
    for number, values in enumerate(sheet.iter_rows()):
        cells = [_text(value) for value in values]
        for column in errors.get(number, ()):
            if column < len(cells) and not cells[column]:
                cells[column] = ERROR
        yield cells


def _text(value: object) -> str:
    """A cell as text: days as 2026-04-03, numbers as they are kept."""
    if isinstance(value, str):
        return clean_cell(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return Exact(int(value)) if value.is_integer() and abs(value) < 1e15 else Exact(repr(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return Exact(value) if isinstance(value, int) else str(value)
