"""The groups as a table for spreadsheets: CSV and XLSX, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext as _

from deals.analysis import wording
from kb.text import inert

if TYPE_CHECKING:
    from deals.analysis.filters import Asked
    from deals.analysis.groups import Group
    from deals.analysis.queries import Groups

Cell = str | int | float | None
Writer = Callable[["Asked", "Groups"], bytes]
SHARES = range(6, 9)
WIDTH = 28


def header(asked: Asked) -> list[str]:
    return [
        str(asked.by.label),
        _("won"),
        _("lost"),
        _("no decision"),
        _("open"),
        _("not counted"),
        _("win rate"),
        _("95% from"),
        _("95% to"),
        _("won against others"),
        _("won and lost against others"),
        _("currency"),
        _("value won"),
        _("value decided"),
        _("rate by value"),
        _("by value from"),
        _("by value to"),
        _("effective n"),
        _("share of the largest deal"),
        _("why no rate by value"),
        _("difference from the rest"),
        _("difference from"),
        _("difference to"),
        _("p"),
        _("p adjusted (Benjamini-Hochberg)"),
        _("told apart"),
    ]


def row(group: Group, name: str) -> list[Cell]:
    tally, win, worth, versus = group.tally, group.win, group.worth, group.versus_rest
    cells: list[Cell] = [inert(name), tally.won, tally.lost, tally.no_decision, tally.open, tally.excluded]
    cells += [win.rate, win.low, win.high, tally.met_won, tally.met]
    if worth is None:
        cells += [None] * 8
    else:
        cells += [worth.currency, worth.won, worth.total, worth.rate, worth.low, worth.high]
        cells += [worth.n_effective, worth.largest_share]
    cells.append(wording.no_worth(group.no_worth))
    if versus is None:
        return [*cells, *[None] * 6]
    apart = _("yes") if versus.apart else _("no")
    return [*cells, versus.difference, versus.low, versus.high, versus.p, versus.p_adjusted, apart]


def rows(found: Groups) -> Iterator[list[Cell]]:
    for group in found.groups:
        yield row(group, group.key if group.key is not None else _("not recorded"))
    yield row(found.total, _("all together"))


def as_csv(asked: Asked, found: Groups) -> bytes:
    """With a byte order mark, without which Excel reads Japanese as something else."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header(asked))
    writer.writerows(rows(found))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(asked: Asked, found: Groups) -> bytes:
    """One sheet, its first row frozen; texts stay texts."""
    file = io.BytesIO()
    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, {"in_memory": True, **texts}) as book:
        sheet = book.add_worksheet(_("Analysis"))
        bold, percent = (
            book.add_format({"bold": True, "text_wrap": True}),
            book.add_format({"num_format": "0.0%"}),
        )
        sheet.write_row(0, 0, header(asked), bold)
        for line, cells in enumerate(rows(found), start=1):
            for place, cell in enumerate(cells):
                if cell is not None:
                    sheet.write(line, place, cell, percent if place in SHARES else None)
        sheet.set_column(0, 0, WIDTH)
        sheet.freeze_panes(1, 1)
    return file.getvalue()
