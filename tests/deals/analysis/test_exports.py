"""What leaves as CSV and XLSX: the page's numbers, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kb.accounts.models import User
from kb.text import FORMULA, inert
from tests.deals.analysis.made import deals

Enter = Callable[[User], Client]
NASTY = '=HYPERLINK("http://example.com","x")'


@given(st.text())
def test_no_exported_text_begins_like_a_formula(text: str) -> None:
    assert not inert(text).lstrip(" ").startswith(FORMULA)
    assert inert(text).endswith(text)


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@SUM(A1)", "\t=1", " =1", "＝1+1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.django_db
def test_the_csv_has_the_groups_and_all_together(signed_in: Enter, lee: User) -> None:
    deals(lee, (2, "won"), (1, "lost"), (1, "open"), region="関東")
    deals(lee, (1, "lost"), region=NASTY)

    answer = signed_in(lee).get("/analysis/export.csv?by=region")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="analysis-region-')
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[:6] for row in rows[1:3]] == [
        [f"'{NASTY}", "0", "1", "0", "0", "0"],
        ["関東", "2", "1", "0", "1", "0"],
    ]
    assert rows[3][1:5] == ["2", "2", "0", "1"]
    assert float(rows[2][6]) == pytest.approx(2 / 3)
    assert len({len(row) for row in rows}) == 1


@pytest.mark.django_db
def test_the_workbook_holds_texts_and_numbers_and_no_formula(signed_in: Enter, lee: User) -> None:
    deals(lee, (2, "won"), (1, "lost"), region="関東")
    deals(lee, (1, "lost"), region=NASTY)

    answer = signed_in(lee).get("/analysis/export.xlsx?by=region")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
        assert not any("hyperlink" in name.lower() for name in book.namelist())
    assert "<f>" not in sheet
    assert "関東" in texts
    assert re.search(r"&apos;=HYPERLINK|'=HYPERLINK", texts)
    assert "<v>0.6666666666666" in sheet
