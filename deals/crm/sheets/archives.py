"""The files behind a path: one file, a folder's, or a ZIP's, within limits."""

from __future__ import annotations

import io
import os
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from deals.crm.sheets.delimited import read_delimited
from deals.crm.sheets.notices import Unreadable
from deals.crm.sheets.tables import Table
from deals.crm.sheets.workbooks import is_workbook, read_workbook, refuse_old
from kb.notices import Problem

LARGEST = 128 * 1024 * 1024
LARGEST_TOGETHER = 256 * 1024 * 1024
MOST_FILES = 200
MOST_ROWS = 500_000
TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls")
TEXTS = (".txt", ".dat")


@dataclass
class Reading:
    """The tables found, in the order of their names, and what is wrong with files. `refused`: files that gave none."""

    tables: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: int = 0

    def refuse(self, name: str, error: Unreadable) -> None:
        self.problems.append(Problem(name, None, None, None, error.code, error.message))
        self.refused += 1


def read_path(path: Path) -> Reading:
    """Every table in a file, a ZIP or a folder; what cannot be read is told."""
    reading = Reading()
    if path.is_dir():
        _read_all(reading, _files(path, reading))
        if not reading.tables and not reading.problems:
            message = _("There is no CSV, XLSX or ZIP file in this folder.")
            reading.refuse(".", Unreadable("no_tables", message))
        return reading
    try:
        raw = _bytes(path)
    except Unreadable as error:
        reading.refuse(path.name, error)
        return reading
    _read_one(reading, path.name, raw, alone=True)
    return reading


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable("too_large", _("The file is larger than 128 MB."))
        return path.read_bytes()
    except OSError as error:
        message = _("The file cannot be read: %(reason)s") % {"reason": error.strerror}
        raise Unreadable("unreadable", message) from error


def _files(folder: Path, reading: Reading) -> Iterator[tuple[str, bytes]]:
    """The folder's tables by their path in it; what is hidden or leads out of it is passed over."""
    found: list[str] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        found += [os.path.relpath(Path(place) / name, folder) for name in names]
    for name in _chosen([one.replace(os.sep, "/") for one in found]):
        file = folder / name
        if file.is_symlink() and not file.resolve().is_relative_to(folder.resolve()):
            continue
        try:
            yield name, _bytes(file)
        except Unreadable as error:
            reading.refuse(name, error)


def _chosen(names: list[str]) -> list[str]:
    """The names that are tables: by their ending, plain texts only where there is nothing else."""
    shown = sorted(name for name in names if not posixpath.basename(name).startswith((".", "~$", "_")))
    for endings in ((*TABLES, ".zip"), TEXTS):
        chosen = [name for name in shown if name.lower().endswith(endings)]
        if chosen:
            return chosen
    return []


def _read_all(reading: Reading, files: Iterator[tuple[str, bytes]]) -> None:
    for name, raw in files:
        _read_one(reading, name, raw, alone=False)


def _read_one(reading: Reading, name: str, raw: bytes, *, alone: bool) -> None:
    """Read one file as what its bytes are, whatever it is called."""
    try:
        if not raw.strip(b"\x00\r\n\t \xef\xbb\xbf"):
            raise Unreadable("empty", _("The file is empty."))
        refuse_old(raw)
        if is_workbook(raw):
            _take(reading, name, read_workbook(name, raw))
            _tell_other_name(reading, name)
        elif raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            if not alone:
                raise Unreadable("zip_inside", _("A ZIP inside is not opened. Unpack it first."))
            _read_all(reading, _members(reading, raw))
            if not reading.tables and not reading.problems:
                raise Unreadable("no_tables", _("There is no CSV or XLSX file in this ZIP."))
        else:
            table = read_delimited(name, raw)
            _take(reading, name, [table])
    except Unreadable as error:
        # An empty table beside others is nothing anybody misses.
        reading.refuse(name, error)


def _take(reading: Reading, name: str, tables: list[Table]) -> None:
    if not tables or not any(table.columns for table in tables):
        raise Unreadable("empty", _("The file is empty."))
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise Unreadable("too_large", _("The file has more than 500,000 rows. Cut it into several."))
    reading.tables += tables


def _tell_other_name(reading: Reading, name: str) -> None:
    if not name.lower().endswith((".xlsx", ".xlsm")):
        message = _("The name says otherwise, but this is an XLSX file; it was read as one.")
        reading.problems.append(Problem(name, None, None, None, "is_xlsx", message, refused=False))


def _members(reading: Reading, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The tables in a ZIP, none larger than it may be, whatever its list of contents says."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            inside = {_name_in_zip(member): member for member in archive.infolist() if not member.is_dir()}
            names = _chosen([name for name in inside if "__MACOSX" not in name])
            if len(names) > MOST_FILES:
                raise Unreadable("too_many_files", _("The ZIP has more than 200 tables."))
            left = LARGEST_TOGETHER
            for name in names:
                if inside[name].flag_bits & 1:
                    raise Unreadable("password", _("The ZIP is protected by a password. Unpack it first."))
                with archive.open(inside[name]) as file:
                    content = file.read(min(left, LARGEST) + 1)
                if len(content) > min(left, LARGEST):
                    raise Unreadable("too_large", _("The ZIP is too large once unpacked."))
                left -= len(content)
                yield name, content
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        raise Unreadable("damaged", _("The ZIP is damaged. Pack it again.")) from error


def _name_in_zip(member: zipfile.ZipInfo) -> str:
    """A member's name; old ZIPs made in Japan keep it in Shift_JIS."""
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return member.filename
