"""`import_deals` as scripts call it: its JSON, its exit codes, its options, and what is found afterwards."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from deals.crm.models import Deal, ImportMapping
from kb.accounts.models import User
from kb.search.find import find
from kb.search.models import PendingChange
from tests.deals.crm.exported import ENGLISH, THREE, as_csv, as_workbook, as_zip, put

KEYS = (
    "schema", "dry_run", "files", "mapping", "rows", "created", "updated", "unchanged", "refused", "won", "lost", "no_decision", "open",
    "excluded", "closed", "rate", "merged", "unmapped", "formats", "problems",
)  # fmt: skip


def run(*arguments: object, expect: int = 0, command: str = "import_deals") -> dict[str, Any]:
    """The command's answer with --json, once it left with the code expected."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(command, *map(str, arguments), "--json", stdout=out, stderr=err)
    except SystemExit as left:
        code = int(str(left.code))
    assert code == expect, out.getvalue()
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return put(tmp_path, {"deals.csv": as_csv(ENGLISH, THREE)})


def test_the_answer_has_the_listed_keys(path: Path, takahashi: User) -> None:
    answer = run(path)
    assert tuple(answer) == KEYS
    assert [answer[name] for name in KEYS[4:16]] == [3, 3, 0, 0, 0, 1, 1, 0, 1, 0, 2, 0.5]
    assert answer["files"] == [
        {"name": "deals.csv", "encoding": "utf-8", "delimiter": ",", "rows": 3, "role": "deals"}
    ]
    assert answer["mapping"] == dict(
        zip(ENGLISH, ("id", "name", "company", "stage", "opened_on", "closed_on", "amount"), strict=True)
    )
    assert Deal.objects.filter(updated_by=takahashi).count() == 3


def test_a_problem_has_the_listed_keys_and_leaves_with_one(tmp_path: Path, takahashi: User) -> None:
    path = put(tmp_path, {"deals.csv": as_csv(ENGLISH, ((*THREE[0][:6], "-5"),))})
    answer = run(path, expect=1)
    (problem,) = answer["problems"]
    assert list(problem) == ["file", "row", "column", "value", "code", "message", "refused"]
    assert (problem["file"], problem["row"], problem["column"], problem["value"], problem["code"]) == (
        "deals.csv", 1, "Amount", "-5", "negative_amount",
    )  # fmt: skip


def test_the_index_is_left_drained_unless_it_is_not_wanted(path: Path, takahashi: User) -> None:
    run(path)
    assert not PendingChange.objects.exists()
    assert find("Minato", viewer=takahashi).total == 2
    run(put(path.parent, {"more.csv": as_csv(ENGLISH, (("D-9", *THREE[0][1:]),))}), "--no-index")
    assert PendingChange.objects.exists()


def test_a_dry_run_leaves_with_the_same_code_and_writes_nothing(path: Path, takahashi: User) -> None:
    answer = run(path, "--dry-run", "--save-mapping", "x")
    assert (answer["dry_run"], answer["created"]) == (True, 3)
    assert not Deal.objects.exists()
    assert not ImportMapping.objects.exists()


def test_all_or_nothing(tmp_path: Path, takahashi: User) -> None:
    path = put(
        tmp_path, {"deals.csv": as_csv(ENGLISH, (*THREE, ("D-4", "x", "", "Won", "", "2026-02-30", "")))}
    )
    answer = run(path, "--strict", expect=1)
    assert (answer["rows"], answer["refused"], answer["won"]) == (4, 4, 0)
    assert not Deal.objects.exists()
    assert run(path, expect=1)["created"] == 3


def test_columns_may_be_said(path: Path, takahashi: User) -> None:
    answer = run(path, "--map", "Deal Name=製品", "--map", "amount=-", "--currency", "usd")
    assert answer["mapping"]["Deal Name"] == "product"
    assert "Amount" in answer["unmapped"]
    assert set(Deal.objects.values_list("product__name", "currency")) == {
        ("Reports", "USD"),
        ("Approvals", "USD"),
        ("Stock", "USD"),
    }


@pytest.mark.parametrize(
    ("options", "code", "left"),
    [
        (("--map", "Colour=region"), "unknown_column", 2),
        (("--map", "Amount=colour"), "usage", 2),
        (("--map", "Amount"), "usage", 2),
        (("--merge", "A"), "usage", 2),
        (("--currency", "money"), "usage", 2),
        (("--identity", "Colour"), "unknown_column", 2),
        (("--mapping", "nobody's"), "unknown_mapping", 4),
        (("--by", "nobody"), "unknown_user", 4),
        (("--by", "ito"), "not_allowed", 1),
    ],
)
def test_what_cannot_be_done_is_told_as_such(
    path: Path, takahashi: User, options: tuple[str, ...], code: str, left: int
) -> None:
    assert run(path, *options, expect=left)["error"]["code"] == code
    assert not Deal.objects.exists()


def test_a_path_that_is_not_there_is_told(tmp_path: Path, takahashi: User) -> None:
    assert run(tmp_path / "nothing.csv", expect=1)["error"]["code"] == "no_such_path"


def test_spellings_and_outcomes_may_be_merged(tmp_path: Path, takahashi: User) -> None:
    rows = (("1", "HBRPro", "検収済"), ("2", "HBR Pro", "失注"), ("3", "Hibari", "受注"))
    path = put(tmp_path, {"deals.csv": as_csv(("ID", "Product", "Result"), rows)})
    answer = run(path, "--merge", "Hibari=HBR Pro", "検収済=won")
    assert (answer["won"], answer["lost"], answer["excluded"]) == (2, 1, 0)
    assert answer["merged"] == [
        {"field": "product", "from": "HBRPro", "to": "HBR Pro", "rows": 1},
        {"field": "product", "from": "Hibari", "to": "HBR Pro", "rows": 1},
    ]
    assert set(Deal.objects.values_list("product__name", flat=True)) == {"HBR Pro"}


def test_a_mapping_is_kept_and_used_by_name(tmp_path: Path, takahashi: User) -> None:
    header = ("Key", "What", "State", "Sum")
    rows = (("1", "Reports", "検収済", "5"), ("2", "Approvals", "失注", "6"))
    path = put(tmp_path, {"deals.csv": as_csv(header, rows)})
    said = (
        "--map",
        "Key=id",
        "--map",
        "What=name",
        "--map",
        "State=result",
        "--map",
        "Sum=-",
        "--merge",
        "検収済=won",
    )
    run(path, *said, "--save-mapping", "Our CRM")
    more = put(tmp_path, {"more.csv": as_csv(header, (*rows, ("3", "Stock", "検収済", "7")))})
    answer = run(more, "--mapping", "our  crm")
    assert (answer["created"], answer["unchanged"], answer["won"]) == (1, 2, 2)
    assert answer["mapping"] == {"Key": "id", "What": "name", "State": "result"}
    run(more, "--mapping", "Our CRM", "--map", "Sum=amount", "--save-mapping", "OUR CRM")
    assert ImportMapping.objects.count() == 1
    assert Deal.objects.get(name="Stock").amount == 7


def test_an_ambiguous_date_may_be_decided(tmp_path: Path, takahashi: User) -> None:
    path = put(tmp_path, {"deals.csv": as_csv(("ID", "Result", "Close Date"), (("1", "Won", "03/04/2026"),))})
    assert run(path, expect=1)["problems"][0]["code"] == "ambiguous_date"
    run(path, "--dates", "dmy")
    closed = Deal.objects.get().closed_on
    assert closed is not None
    assert closed.isoformat() == "2026-04-03"


def test_how_days_and_amounts_were_read_is_told_by_column(tmp_path: Path, takahashi: User) -> None:
    header = ("ID", "Result", "Create Date", "Close Date", "Betrag (TEUR)", "Note")
    row = ("1", "Won", "2026-01-05", "31/03/2026", "1.234,5", "03/04/2026")
    path = put(tmp_path, {"deals.csv": as_csv(header, (row,), delimiter=";")})

    answer = run(path, "--dry-run", "--map", "Betrag (TEUR)=amount", "--currency", "EUR")

    assert answer["formats"] == {
        "Create Date": {"dates": None},
        "Close Date": {"dates": "dmy"},
        "Betrag (TEUR)": {"decimal": ",", "unit": 1, "currency": "EUR"},
    }
    out = StringIO()
    call_command("import_deals", str(path), "--dry-run", stdout=out, stderr=StringIO())
    assert "Close Date -> closed_on (dates dmy)" in out.getvalue()


def test_one_table_of_several_may_be_named(tmp_path: Path, takahashi: User) -> None:
    path = put(
        tmp_path,
        {"x.zip": as_zip({"north.csv": as_csv(ENGLISH, THREE), "south.csv": as_csv(ENGLISH, THREE[:1])})},
    )
    assert run(path, expect=1)["problems"][0]["code"] == "several_candidates"
    assert run(path, "--file", "south.csv")["created"] == 1


def test_a_workbook_comes_in_by_the_command(tmp_path: Path, takahashi: User) -> None:
    path = put(tmp_path, {"deals.xlsx": as_workbook({"Deals": (ENGLISH, *THREE)})})
    assert run(path)["created"] == 3


def test_people_are_told_in_lines(path: Path, takahashi: User) -> None:
    out, err = StringIO(), StringIO()
    call_command("import_deals", str(path), stdout=out, stderr=err)
    assert "3 rows, 3 created" in out.getvalue()
    assert "Close Date -> closed_on" in out.getvalue()
    assert "3" in err.getvalue()


@pytest.mark.real_data
@pytest.mark.parametrize("seed", ["salesforce", "hubspot"])
def test_a_connectors_tables_come_in_with_what_they_have(real_data: Path, takahashi: User, seed: str) -> None:
    folder = real_data / "deals" / seed / "seeds"
    expected = {"salesforce": (10, 5, 4, 1, 0), "hubspot": (44, 0, 0, 0, 44)}[seed]
    answer = run(folder)
    assert tuple(answer[name] for name in ("created", "won", "lost", "open", "excluded")) == expected
    assert answer["refused"] == 0
    assert run(folder)["unchanged"] == expected[0]


@pytest.mark.real_data
def test_a_public_crm_comes_in_twice_with_the_known_answers(real_data: Path, takahashi: User) -> None:
    folder = real_data / "deals" / "maven_crm"
    first = run(folder, "--no-index")
    known = {
        "rows": 8800,
        "created": 8800,
        "closed": 6711,
        "won": 4238,
        "lost": 2473,
        "open": 2089,
        "refused": 0,
    }
    assert {name: first[name] for name in known} == known
    assert round(first["rate"], 6) == 0.631501
    assert first["merged"] == [{"field": "product", "from": "GTXPro", "to": "GTX Pro", "rows": 1480}]
    assert first["problems"] == []
    merged = run(folder, "--no-index", "--merge", "GTXPro=GTX Pro")
    assert (merged["unchanged"], merged["created"], merged["updated"]) == (8800, 0, 0)
