"""A file of forty rows that nobody would wish to receive: each is taken or refused as its last column says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from deals.crm.importing import Import, Options
from deals.crm.models import Deal
from kb.accounts.models import User

FILE = Path(__file__).with_name("forty_rows.csv")
COLUMNS = 14
EXPECTED = re.compile(
    r"(?:refused (?P<code>\w+)|taken (?P<result>\w+) (?P<amount>\S+)(?: (?P<currency>[A-Z]{3}))?)\s*:"
)


def rows() -> Iterator[tuple[int, list[str], re.Match[str]]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        for number, cells in enumerate(csv.reader(file)):
            if number:
                expected = EXPECTED.match(cells[COLUMNS - 1])
                assert expected, cells
                yield number, cells, expected


@pytest.fixture
def report(lee: User) -> dict[str, object]:
    return Import(FILE, by=lee, options=Options()).run()


def refusals(report: dict[str, object]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    problems = report["problems"]
    assert isinstance(problems, list)
    for problem in problems:
        if problem["refused"]:
            found.setdefault(problem["row"], set()).add(problem["code"])
    return found


def test_there_are_forty_rows() -> None:
    assert len(list(rows())) == 40


def test_each_row_is_refused_as_its_comment_says(report: dict[str, object]) -> None:
    assert refusals(report) == {number: {says["code"]} for number, _cells, says in rows() if says["code"]}


def test_each_row_is_taken_as_its_comment_says(report: dict[str, object]) -> None:
    expected = {
        (" ".join(cells[1].split()), says["result"], says["amount"], says["currency"] or "JPY")
        for _number, cells, says in rows()
        if says["result"] and cells[1] and cells[1] != "ＡＢＣ統合"
    } | {("ABC統合", "won", "12345", "JPY"), ("つばき銀行 · ヒバリ 稟議", "won", "100", "JPY")}
    taken = {
        (
            deal.name,
            deal.result,
            "-" if deal.amount is None else f"{deal.amount:f}".removesuffix(".00"),
            deal.currency,
        )
        for deal in Deal.objects.all()
    }
    assert taken == expected


def test_the_counts_add_up(report: dict[str, object]) -> None:
    refused = sum(says["code"] is not None for _number, _cells, says in rows())
    assert (report["rows"], report["created"], report["refused"]) == (40, 40 - refused, refused)
    assert Deal.objects.count() == report["created"]


def test_every_problem_says_where_what_and_what_to_do(report: dict[str, object]) -> None:
    problems = report["problems"]
    assert isinstance(problems, list)
    for problem in problems:
        assert problem["file"] == "forty_rows.csv"
        assert len(problem["message"]) > 12, problem
        assert problem["row"] is not None or not problem["refused"]


def test_a_second_import_changes_nothing(report: dict[str, object], lee: User) -> None:
    before = list(Deal.objects.order_by("pk").values())
    again = Import(FILE, by=lee, options=Options()).run()
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, report["created"])
    assert again["refused"] == report["refused"]
    assert list(Deal.objects.order_by("pk").values()) == before


def test_one_name_is_one_thing_however_it_is_spelt(report: dict[str, object]) -> None:
    assert set(
        Deal.objects.filter(product__name__contains="点検").values_list("product__name", flat=True)
    ) == {"ヒバリ 点検"}
    assert set(Deal.objects.filter(region__contains="畿").values_list("region", flat=True)) == {"近畿"}
    merged = report["merged"]
    assert {"field": "product", "from": "ヒバリ点検", "to": "ヒバリ 点検", "rows": 1} in merged  # type: ignore[operator]


def test_a_word_for_nothing_is_a_name_where_names_stand(report: dict[str, object]) -> None:
    deal = Deal.objects.get(name="None")
    assert deal.company
    assert deal.competitor
    assert (deal.company.name, deal.competitor.name, deal.region, deal.owner_name) == (
        "None",
        "None",
        "None",
        "None",
    )
    assert Deal.objects.get(name="N/A").region == "NA"


def test_what_stands_in_a_name_is_text_and_nothing_else(
    report: dict[str, object], lee: User, signed_in: object
) -> None:
    deal = Deal.objects.get(name='<b>太字</b> & "引用"')
    page = signed_in(lee).get(deal.get_absolute_url()).content.decode()  # type: ignore[operator]
    assert "<b>太字</b>" not in page
    assert "&lt;b&gt;太字&lt;/b&gt;" in page


def test_all_or_nothing_takes_nothing_of_such_a_file(lee: User) -> None:
    report = Import(FILE, by=lee, options=Options(strict=True)).run()
    assert (report["created"], report["refused"], report["rows"]) == (0, 40, 40)
    assert not Deal.objects.exists()


def test_a_dry_run_says_the_same_and_writes_nothing(lee: User, report: dict[str, object]) -> None:
    Deal.objects.all().delete()
    dry = Import(FILE, by=lee, options=Options(dry_run=True)).run()
    assert (dry["created"], dry["refused"]) == (report["created"], report["refused"])
    assert not Deal.objects.exists()


def test_amounts_and_days_are_what_they_say(report: dict[str, object]) -> None:
    assert Deal.objects.get(name="稟議の見直し").amount == Decimal(120_000_000)
    era = Deal.objects.get(name="在庫の棚卸")
    assert era.opened_on
    assert era.closed_on
    assert (era.opened_on.isoformat(), era.closed_on.isoformat()) == ("2026-01-15", "2026-04-03")
    serial = Deal.objects.get(name="エクセルの日付")
    assert serial.opened_on
    assert serial.opened_on.isoformat() == "2026-01-10"
