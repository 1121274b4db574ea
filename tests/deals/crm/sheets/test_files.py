"""Files as they come: encodings, delimiters, workbooks, archives, and those that are something else."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from deals.crm.sheets.delimited import delimiter_of
from deals.crm.sheets.workbooks import ENCRYPTED, OLE
from tests.deals.crm.exported import ENGLISH, THREE, as_csv, as_workbook, as_zip, codes_of, export_of, put

JAPANESE = ("案件ID", "案件名", "顧客名", "結果", "クローズ日", "金額")
TWO = (
    ("K-1", "帳票の電子化", "みなと商会", "受注", "2026-03-31", "120万"),
    ("K-2", "稟議", "かえで工業", "失注", "2026-04-02", "80万"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_japanese_comes_in_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = put(tmp_path, {"deals.csv": as_csv(JAPANESE, TWO, delimiter=delimiter, encoding=encoding)})
    export = export_of(path)
    assert [(deal.name, deal.result) for deal in export.read.deals] == [
        ("帳票の電子化", "won"),
        ("稟議", "lost"),
    ]
    (file,) = export.files()
    said = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    assert (file["encoding"], file["delimiter"], file["rows"], file["role"]) == (said, delimiter, 2, "deals")


def test_western_european_letters_are_not_taken_for_kanji(tmp_path: Path) -> None:
    header = ("Vorgangsnummer", "Bezeichnung", "Kunde", "Phase", "Abschlussdatum", "Betrag")
    rows = (("1", "Prüfgerät für Café", "Müller & Söhne", "Gewonnen", "31.03.2026", "1.234,50"),)
    path = put(tmp_path, {"chancen.csv": as_csv(header, rows, delimiter=";", encoding="cp1252")})
    (deal,) = export_of(path).read.deals
    assert (deal.name, deal.company, str(deal.amount), deal.result) == (
        "Prüfgerät für Café",
        "Müller & Söhne",
        "1234.50",
        "won",
    )


def test_a_line_that_names_the_delimiter_is_obeyed() -> None:
    assert delimiter_of("a;b;c\n1,5;2,5;3,5\n") == ";"
    assert delimiter_of("one\ntwo\n") == ","


def test_excels_line_of_the_delimiter_is_no_header(tmp_path: Path) -> None:
    path = put(tmp_path, {"deals.csv": b"sep=;\r\n" + as_csv(ENGLISH, THREE, delimiter=";")})
    assert len(export_of(path).read.deals) == 3


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    text = "商談一覧,,,,,,\n出力日,2026-04-10,,,,,\n,,,,,,\n".encode() + as_csv(ENGLISH, THREE)
    export = export_of(put(tmp_path, {"deals.csv": text}))
    assert [deal.row for deal in export.read.deals] == [1, 2, 3]


def test_a_workbook_comes_in_with_its_dates_and_numbers(tmp_path: Path) -> None:
    rows = (
        JAPANESE,
        (101, "帳票", "みなと商会", "受注", date(2026, 3, 31), 1200000.5),
        (102, "稟議", "", "失注", date(2026, 4, 2), 0),
    )
    export = export_of(put(tmp_path, {"商談.xlsx": as_workbook({"Sheet1": rows})}))
    first, second = export.read.deals
    assert (first.ref, first.closed_on, str(first.amount)) == ("id:101", date(2026, 3, 31), "1200000.50")
    assert (second.result, str(second.amount)) == ("lost", "0.00")
    assert export.files() == [
        {"name": "商談.xlsx", "encoding": None, "delimiter": None, "rows": 2, "role": "deals"}
    ]


def test_a_cell_with_an_error_is_told_and_not_empty(tmp_path: Path) -> None:
    book = as_workbook({"Sheet1": (JAPANESE, ("K-1", "帳票", "", "受注", "2026-03-31", "=1/0"))})
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    sheet = inside["xl/worksheets/sheet1.xml"]
    inside["xl/worksheets/sheet1.xml"] = sheet.replace(
        b'<c r="F2"><f>1/0</f><v>0</v></c>', b'<c r="F2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )
    assert inside["xl/worksheets/sheet1.xml"] != sheet
    assert codes_of(export_of(put(tmp_path, {"deals.xlsx": as_zip(inside)}))) == {1: {"bad_amount"}}


def test_a_value_far_from_all_others_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = as_workbook({"Sheet1": (ENGLISH, *THREE)})
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    sheet = inside["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    inside["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    export = export_of(put(tmp_path, {"deals.xlsx": as_zip(inside)}))
    assert codes_of(export) == {None: {"too_large"}}


def test_a_csv_that_is_a_workbook_is_read_as_one_and_told(tmp_path: Path) -> None:
    export = export_of(put(tmp_path, {"deals.csv": as_workbook({"Sheet1": (ENGLISH, *THREE)})}))
    assert len(export.read.deals) == 3
    assert "is_xlsx" in codes_of(export)[None]
    assert not any(problem.refused for problem in export.problems)


def test_a_workbook_that_is_a_csv_is_read_as_one(tmp_path: Path) -> None:
    assert len(export_of(put(tmp_path, {"deals.xlsx": as_csv(ENGLISH, THREE)})).read.deals) == 3


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("deals.csv", b"", "empty"),
        ("deals.csv", b"\xef\xbb\xbf\r\n  \r\n", "empty"),
        ("deals.xlsx", as_workbook({"Sheet1": ()}), "empty"),
        ("deals.csv", as_csv(ENGLISH, ()), "no_rows"),
        ("deals.xlsx", as_workbook({"Sheet1": (ENGLISH,)}), "no_rows"),
        ("deals.xlsx", OLE + bytes(500) + ENCRYPTED, "password"),
        ("deals.xls", OLE + bytes(1000), "old_excel"),
        ("deals.xls", b"<html><table><tr><td>ID</td></tr></table></html>", "html"),
        ("deals.csv", bytes(range(256)) * 20, "not_a_table"),
        ("deals.xlsx", as_workbook({"Sheet1": (ENGLISH, *THREE)})[:-200], "damaged"),
        ("deals.zip", as_zip({"deals.csv": as_csv(ENGLISH, THREE)})[:60], "damaged"),
        ("deals.zip", as_zip({"readme.md": b"hello"}), "no_tables"),
        ("deals.csv", b"Name,Colour\nA,red\nB,blue\n", "no_deal_columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    export = export_of(put(tmp_path, {name: content}))
    assert codes_of(export) == {None: {code}}
    assert not export.read.deals
    (problem,) = export.problems
    assert problem.refused
    assert problem.file == name
    assert len(problem.message) > 5


def test_a_zip_of_linked_files_is_read_as_a_folder_of_them(tmp_path: Path) -> None:
    accounts = as_csv(
        ("Account Name", "Industry"), (("Minato Trading", "Trade"), ("Kaede Works", "Machines"))
    )
    files = {
        "export/deals.csv": as_csv(ENGLISH, THREE),
        "export/accounts.csv": accounts,
        "__MACOSX/._deals.csv": b"\0",
    }
    export = export_of(put(tmp_path, {"export.zip": as_zip(files)}))
    assert [deal.industry for deal in export.read.deals] == ["Trade", "Machines", ""]
    assert {file["name"]: file["role"] for file in export.files()} == {
        "export/accounts.csv": "companies",
        "export/deals.csv": "deals",
    }


def test_a_zip_with_two_candidates_names_them(tmp_path: Path) -> None:
    export = export_of(
        put(
            tmp_path,
            {"x.zip": as_zip({"north.csv": as_csv(ENGLISH, THREE), "south.csv": as_csv(ENGLISH, THREE)})},
        )
    )
    (problem,) = export.problems
    assert problem.code == "several_candidates"
    assert "north.csv" in problem.message
    assert "south.csv" in problem.message
    chosen = export_of(tmp_path / "x.zip", file="south.csv")
    assert len(chosen.read.deals) == 3


def test_two_sheets_of_deals_are_two_candidates(tmp_path: Path) -> None:
    book = as_workbook({"2025": (ENGLISH, *THREE), "2026": (ENGLISH, *THREE)})
    assert codes_of(export_of(put(tmp_path, {"deals.xlsx": book}))) == {None: {"several_candidates"}}


def test_a_zip_inside_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = as_zip({"deals.csv": as_csv(ENGLISH, THREE)})
    assert codes_of(export_of(put(tmp_path, {"x.zip": as_zip({"inner.zip": inner})}))) == {
        None: {"zip_inside"}
    }


def test_a_zip_that_unpacks_to_far_too_much_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deals.crm.sheets.archives.LARGEST", 10_000)
    bomb = as_zip({"deals.csv": b"a,b\n" * 1_000_000})
    assert codes_of(export_of(put(tmp_path, {"x.zip": bomb}))) == {None: {"too_large"}}


def test_names_in_an_old_japanese_zip_are_readable(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("商談.csv".encode("cp932").decode("cp437"))
        archive.writestr(info, as_csv(ENGLISH, THREE))
        archive.getinfo(info.filename).flag_bits = 0
    raw = file.getvalue().replace(
        "商談.csv".encode("cp932").decode("cp437").encode(), "商談.csv".encode("cp932")
    )
    path = put(tmp_path, {"x.zip": as_zip({"deals.csv": as_csv(ENGLISH, THREE)})})
    assert raw
    assert [file["name"] for file in export_of(path).files()] == ["deals.csv"]


def test_a_folder_may_hold_other_things_beside_the_deals(tmp_path: Path) -> None:
    files = {
        "deals.csv": as_csv(ENGLISH, THREE),
        "LICENSE": b"words",
        ".hidden.csv": b"a,b\n1,2\n",
        "~$deals.xlsx": b"lock",
        "notes.csv": b"",
    }
    export = export_of(put(tmp_path, files))
    assert len(export.read.deals) == 3
    assert not any(problem.refused for problem in export.problems)


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    assert codes_of(export_of(tmp_path)) == {None: {"no_tables"}}


def test_two_hundred_columns_are_no_trouble(tmp_path: Path) -> None:
    header = (*ENGLISH, *(f"Custom field {number}" for number in range(193)))
    rows = [(*row, *("x" for _number in range(193))) for row in THREE]
    export = export_of(put(tmp_path, {"deals.csv": as_csv(header, rows)}))
    assert len(export.read.deals) == 3
    assert len(export.unmapped) == 193
    assert len(export.mapping) == 7


def test_two_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    header = (*ENGLISH, "Amount")
    rows = [(*row, "999") for row in THREE]
    export = export_of(put(tmp_path, {"deals.csv": as_csv(header, rows)}))
    assert "duplicate_column" in codes_of(export)[None]
    assert [str(deal.amount) for deal in export.read.deals][:1] == ["1200000.00"]
    assert "Amount (2)" in export.unmapped


def test_a_quote_that_is_never_closed_costs_its_row_and_is_told(tmp_path: Path) -> None:
    text = as_csv(ENGLISH, THREE).decode().replace("Approvals", '"Approvals', 1)
    export = export_of(put(tmp_path, {"deals.csv": text.encode()}))
    assert [deal.ref for deal in export.read.deals] == ["id:D-1"]
    assert "open_quote" in codes_of(export)[2]


def test_stray_control_characters_do_not_refuse_a_file(tmp_path: Path) -> None:
    text = as_csv(ENGLISH, THREE * 20).replace(b"Reports", b"Re\x02ports", 1)
    assert export_of(put(tmp_path, {"deals.csv": text})).read.deals[0].name == "Reports"


def test_blank_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    text = as_csv(ENGLISH, (THREE[0], ("",) * 7, THREE[1]))
    assert [deal.row for deal in export_of(put(tmp_path, {"deals.csv": text})).read.deals] == [1, 3]
