"""Text with delimiters: its encoding, its delimiter, its records."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from deals.crm.sheets.notices import Unreadable
from deals.crm.sheets.tables import Record, Table, table_of
from kb.notices import Problem
from kb.text import Decoded, NotText, decode

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 100
_STRAY = bytes([*range(9), *range(14, 27), *range(28, 32)])
_SEPARATOR_LINE = re.compile(r"\A\ufeff?sep=(.)\r?\n", re.IGNORECASE)
_MARKUP = re.compile(r"\s*(?:<!doctype html|<html|<table|<\?xml|<meta|<head)", re.IGNORECASE)
_KANA = re.compile("[\u3041-\u30ff]")
# Bytes that begin most kanji in Shift_JIS, and are nearly nothing in Western European text.
_JAPANESE_BYTES = bytes([0x81, *range(0x83, 0x91), *range(0x98, 0xA0)])
_PLAIN_BYTES = bytes(range(0x80))
# What nobody sees: control characters, spaces without width, halves of pairs.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200d\u2060\ufeff\ud800-\udfff]")
# The csv module's own limit is an error; a cell this long is told by its row instead.
csv.field_size_limit(1 << 30)
LONGEST_CELL = 32_767


def read_delimited(name: str, raw: bytes) -> Table:
    """The table in a file of text.

    Raises:
        Unreadable: it is not text, or is text of another kind.
    """
    decoded = _decoded(raw)
    text = decoded.text
    if _MARKUP.match(text):
        message = _(
            "This is a web page, whatever its name says. Open it in a spreadsheet and save it as XLSX or CSV."
        )
        raise Unreadable("html", message)
    given = _SEPARATOR_LINE.match(text)
    delimiter = given[1] if given else delimiter_of(text)
    text = text[given.end() :] if given else text
    table = table_of(
        name, _records(text, delimiter), encoding=_name_of(decoded.encoding), delimiter=delimiter
    )
    _tell_open_quote(table, text)
    return table


def delimiter_of(text: str) -> str:
    """The delimiter that cuts the first lines into the most columns of one number; a comma when none does."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE_LINES])
    best, best_score = ",", 1.0
    for delimiter in _DELIMITERS:
        widths = [
            len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if cells
        ]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = usual * widths.count(usual) / len(widths)
        if usual > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def clean_cell(cell: str) -> str:
    """A cell's value: no space around it, nothing invisible, its lines as lines."""
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    return _INVISIBLE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _records(text: str, delimiter: str) -> Iterator[Record]:
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield [clean_cell(cell) for cell in cells]


def _decoded(raw: bytes) -> Decoded:
    """The text, read as it most likely was written.

    UTF-16 without its mark, text with a few stray control characters and Western European text are read too.
    """
    if b"\x00" in raw[:1000] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        odd, even = raw[1:1000:2].count(0), raw[:1000:2].count(0)
        if max(odd, even) * 4 > min(len(raw), 1000):
            raw = (b"\xff\xfe" if odd > even else b"\xfe\xff") + raw
    try:
        decoded = decode(raw)
    except NotText as error:
        decoded = _second_reading(raw, error)
    if decoded.encoding == "cp932" and _looks_western(raw, decoded.text):
        decoded = _western(raw) or decoded
    return decoded


def _second_reading(raw: bytes, error: NotText) -> Decoded:
    if error.reason == "encoding":
        decoded = _western(raw)
        if decoded is None:
            message = _("The file's encoding is not known. Save it as UTF-8.")
            raise Unreadable("encoding", message) from error
        return decoded
    kept = raw.translate(None, _STRAY)
    try:
        if (len(raw) - len(kept)) * 100 > len(raw):
            raise error
        return decode(kept)
    except NotText:
        message = _("This is neither a table in text nor an XLSX file. Export the deals as CSV or XLSX.")
        raise Unreadable("not_a_table", message) from error


def _western(raw: bytes) -> Decoded | None:
    try:
        return Decoded(raw.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        return None


def _looks_western(raw: bytes, text: str) -> bool:
    """Whether what passes as Shift_JIS has no kana, and hardly a byte that kanji begin with: é and ü misread."""
    high = raw.translate(None, _PLAIN_BYTES)
    kanji = len(high) - len(high.translate(None, _JAPANESE_BYTES))
    return bool(high) and kanji * 20 < len(high) and not _KANA.search(text)


def _name_of(encoding: str) -> str:
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _tell_open_quote(table: Table, text: str) -> None:
    """A quote that is never closed makes one cell of everything behind it: that row is not taken."""
    for place, (number, cells) in enumerate(table.rows):
        for column, cell in zip(table.columns, cells, strict=True):
            if len(cell) > LONGEST_CELL or (place == len(table.rows) - 1 and _is_open(cell, text)):
                message = _(
                    "A quote is not closed here; what follows it was read as one value. Close it or take it out."
                )
                table.problems.append(Problem(table.name, number, column, cell, "open_quote", message))
                table.refused += 1
                table.rows = table.rows[:place]
                return


def _is_open(cell: str, text: str) -> bool:
    return "\n" in cell and text.count('"') % 2 == 1
