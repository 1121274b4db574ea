"""What columns are called, in many tongues, and what their values say where names do not."""

# ruff: noqa: E501 - tables read better on one line

from __future__ import annotations

from pathlib import Path

import pytest

from deals.crm.sheets.columns import guess
from deals.crm.sheets.headings import bare, field_named
from deals.crm.sheets.tables import Table, table_of
from tests.deals.crm.exported import ENGLISH, THREE, as_csv, deals_of, export_of, put


def table(header: tuple[str, ...], *rows: tuple[str, ...]) -> Table:
    return table_of("deals.csv", [list(header), *(list(row) for row in rows)])


HEADERS: dict[str, dict[str, str | None]] = {
    "Salesforce": {
        "Opportunity ID": "id", "Opportunity Name": "name", "Account Name": "company", "Stage": "stage", "Created Date": "opened_on",
        "Close Date": "closed_on", "Amount": "amount", "Amount Currency": "currency", "Opportunity Owner": "owner", "Main Competitor(s)": "competitor",
    },
    "HubSpot": {
        "Record ID": "id", "Deal Name": "name", "Deal Stage": "stage", "Close Date": "closed_on", "Create Date": "opened_on", "Amount": "amount",
        "Deal owner": "owner", "Is Closed Won": "is_won", "Closed Lost Reason": "note", "Pipeline": None,
    },
    "a connector": {
        "deal_id": "id", "property_dealname": "name", "property_amount": "amount", "property_closedate": "closed_on",
        "property_createdate": "opened_on", "deal_pipeline_stage_id": "stage_id", "owner_id": "owner_id", "is_deleted": None,
    },
    "Pipedrive": {
        "Deal - ID": "id", "Deal - Title": "name", "Deal - Organization": "company", "Deal - Value": "amount", "Deal - Currency": "currency",
        "Deal - Status": "result", "Deal - Stage": "stage", "Deal - Owner": "owner", "Deal - Lost reason": "note",
    },
    "Japanese": {
        "案件番号": "id", "案件名": "name", "取引先名": "company", "商談フェーズ": "stage", "受注予定日": "closed_on", "受注金額（千円）": "amount",
        "営業担当者": "owner", "部署": "owner_team", "エリア": "region", "競合他社": "competitor", "失注理由": "note", "業種": "industry",
    },
    "German": {
        "Vorgangsnummer": "id", "Bezeichnung": "name", "Kunde": "company", "Phase": "stage", "Abschlussdatum": "closed_on", "Betrag": "amount",
        "Verantwortlicher": "owner", "Gebiet": "region", "Wettbewerber": "competitor",
    },
    "French": {"Opportunité": "name", "Société": "company", "Étape": "stage", "Date de clôture": "closed_on", "Montant": "amount"},
    "Spanish": {"Oportunidad": "name", "Empresa": "company", "Etapa": "stage", "Fecha de cierre": "closed_on", "Importe": "amount"},
    "Chinese": {"商机名称": "name", "客户名称": "company", "阶段": "stage", "成交日期": "closed_on", "金额": "amount"},
    "Korean": {"영업기회명": "name", "고객사": "company", "단계": "stage", "마감일": "closed_on", "금액": "amount"},
}  # fmt: skip


@pytest.mark.parametrize("tongue", HEADERS)
def test_columns_are_known_in_the_words_of_many_programs_and_tongues(tongue: str) -> None:
    wanted = HEADERS[tongue]
    empty = table(tuple(wanted), ("",) * len(wanted))
    empty.rows = []
    empty.columns = list(wanted)
    assert guess(empty) == {column: field for column, field in wanted.items() if field}


def test_what_programs_put_around_a_name_is_taken_off() -> None:
    assert bare("property_dealname") == bare("Deal Name") == bare("deal-name") == "dealname"
    assert bare("Close_Date__c") == "closedate"
    assert bare("受注金額（千円）") == "受注金額"


def test_a_field_may_be_said_in_any_of_these_words() -> None:
    said = ["closed_on", "Close date", "クローズ日", "account", "顧客", "-", ""]
    assert [field_named(text) for text in said] == [
        "closed_on",
        "closed_on",
        "closed_on",
        "company",
        "company",
        "-",
        "-",
    ]
    assert field_named("colour") is None


def test_a_column_whose_values_do_not_fit_its_name_is_left_out_and_told(tmp_path: Path) -> None:
    rows = [(str(number), ("TRUE", "FALSE")[number % 2], "soon", "by Lee") for number in range(1, 13)]
    header = ("ID", "Closed", "Amount", "Created")
    export = export_of(put(tmp_path, {"deals.csv": as_csv(header, rows)}))
    assert export.mapping == {"ID": "id", "Closed": "is_closed"}
    told = [
        (problem.column, problem.value) for problem in export.problems if problem.code == "values_do_not_fit"
    ]
    assert told == [("Amount", "soon"), ("Created", "by Lee")]


def test_a_handful_of_bad_values_is_told_by_row(tmp_path: Path) -> None:
    export = export_of(
        put(tmp_path, {"deals.csv": as_csv(("ID", "Result", "Amount"), [("1", "Won", "soon")])})
    )
    assert [(problem.row, problem.code) for problem in export.problems] == [(1, "bad_amount")]


def test_a_column_of_wins_and_losses_is_the_result_whatever_it_is_called() -> None:
    assert guess(table(("x1", "x2"), ("a", "受注"), ("b", "失注"), ("c", "受注"))) == {"x2": "result"}


def test_a_status_that_is_no_outcome_is_a_stage() -> None:
    assert guess(table(("Name", "Status"), ("a", "Proposal"), ("b", "Demo"), ("c", "Contract"))) == {
        "Name": "name",
        "Status": "stage",
    }


def test_numbers_of_rows_are_no_ids() -> None:
    assert "id" not in guess(table(("No.", "結果"), ("1", "受注"), ("2", "失注"), ("3", "受注"))).values()
    assert "id" in guess(table(("No.", "結果"), ("17", "受注"), ("4", "失注"), ("3", "受注"))).values()


def test_a_column_that_repeats_itself_is_no_id() -> None:
    assert (
        "id"
        not in guess(
            table(("ID", "Result"), ("1", "Won"), ("1", "Lost"), ("1", "Won"), ("1", "Won"))
        ).values()
    )


def test_what_people_say_stands(tmp_path: Path) -> None:
    path = put(tmp_path, {"deals.csv": as_csv(("A", "B", *ENGLISH), [("x", "y", *row) for row in THREE])})
    export = export_of(path, fields={"A": "region", "Amount": "-"})
    assert export.mapping["A"] == "region"
    assert "Amount" in export.unmapped
    assert {deal.region for deal in export.read.deals} == {"x"}


def test_a_win_and_a_loss_may_close_in_columns_of_their_own(tmp_path: Path) -> None:
    header = ("案件ID", "結果", "受注日", "失注日", "受注予定日")
    rows = (("1", "受注", "2026-03-31", "", "2026-04-30"), ("2", "失注", "", "2026-05-31", "2026-06-30"))
    closed = [deal.closed_on and deal.closed_on.isoformat() for deal in deals_of(tmp_path, header, rows)]
    assert closed == ["2026-03-31", "2026-05-31"]


def test_notes_keep_the_name_of_their_column(tmp_path: Path) -> None:
    header = ("案件ID", "結果", "備考", "失注理由")
    (deal,) = deals_of(tmp_path, header, [("1", "失注", "来期に再提案", "価格")])
    assert deal.note == "来期に再提案\n失注理由: 価格"
