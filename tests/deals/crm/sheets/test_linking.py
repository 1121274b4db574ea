"""Several files about the same deals: which holds them, and what the others say."""

# ruff: noqa: E501 - tables read better on one line

from __future__ import annotations

from pathlib import Path

from deals.crm.sheets.exports import Export
from tests.deals.crm.exported import as_csv, codes_of, export_of, put

Files = dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]]


def read(tmp_path: Path, files: Files, **choices: object) -> Export:
    return export_of(
        put(tmp_path, {name: as_csv(header, rows) for name, (header, rows) in files.items()}), **choices
    )


BY_NAME: Files = {
    "pipeline.csv": (
        ("opportunity_id", "sales_agent", "product", "account", "deal_stage", "close_date", "close_value"),
        [
            ("1", "Hana Lee", "HBR Pro", "Minato", "Won", "2026-03-31", "100"),
            ("2", "Takuya Mori", "HBRPro", "Kaede", "Lost", "2026-04-01", "0"),
            ("3", "Hana Lee", "HBR Pro", "", "Engaging", "", ""),
        ],
    ),
    "accounts.csv": (("account", "sector", "office_location", "employees"), [("Minato", "trade", "Japan", "1,200"), ("Kaede", "technolgy", "Korea", "90")]),
    "products.csv": (("product", "series"), [("HBR Pro", "HBR"), ("HBR Basic", "HBR")]),
    "sales_teams.csv": (("sales_agent", "manager", "regional_office"), [("Hana Lee", "Sato", "East"), ("Takuya Mori", "Ito", "West")]),
    "dictionary.csv": (("Table", "Field", "Description"), [("accounts", "account", "Company name")]),
}  # fmt: skip


def test_files_are_linked_by_the_names_they_share(tmp_path: Path) -> None:
    export = read(tmp_path, BY_NAME)
    first, second, third = export.read.deals
    assert (first.owner_team, first.region, first.industry, first.company_region, first.employees) == (
        "Sato", "East", "trade", "Japan", 1200,
    )  # fmt: skip
    assert (second.product, second.industry) == ("HBR Pro", "technolgy")
    assert (third.company, third.result) == ("", "open")
    assert {file["name"]: file["role"] for file in export.files()} == {
        "pipeline.csv": "deals", "accounts.csv": "companies", "products.csv": "products", "sales_teams.csv": "owners", "dictionary.csv": "other",
    }  # fmt: skip
    assert [merge.as_answer() for merge in export.read.merged] == [
        {"field": "product", "from": "HBRPro", "to": "HBR Pro", "rows": 1}
    ]


BY_ID: Files = {
    "deal_data.csv": (
        ("deal_id", "deal_pipeline_stage_id", "owner_id", "property_dealname", "property_amount", "property_closedate"),
        [
            ("1", "s-9", "71", "Reports", "100", "2026-03-31"),
            ("2", "s-8", "72", "Approvals", "50", "2026-03-31"),
            ("3", "s-1", "99", "Stock", "", ""),
            ("4", "closedwon", "", "Old", "10", "2020-01-01"),
        ],
    ),
    "deal_pipeline_stage_data.csv": (
        ("stage_id", "label", "closed_won", "is_closed", "probability"),
        [("s-1", "Demo", "FALSE", "FALSE", "0.2"), ("s-8", "Out", "FALSE", "TRUE", "0"), ("s-9", "In", "TRUE", "TRUE", "1")],
    ),
    "owner_data.csv": (("owner_id", "first_name", "last_name", "email"), [("71", "Hana", "Lee", "l@example.com"), ("72", "Takuya", "Mori", "m@example.com")]),
    "deal_company_data.csv": (("company_id", "deal_id", "type_id"), [("500", "1", "5"), ("501", "2", "5")]),
    "company_data.csv": (("id", "property_name", "property_industry"), [("500", "Minato", "trade"), ("501", "Kaede", "machines")]),
    "deal_property_history_data.csv": (("deal_id", "timestamp", "name", "value"), [("1", "2026-01-01", "dealname", "x"), ("1", "2026-02-01", "dealname", "y")]),
}  # fmt: skip


def test_files_are_linked_by_ids_and_over_a_table_in_between(tmp_path: Path) -> None:
    export = read(tmp_path, BY_ID)
    first, second, third, fourth = export.read.deals
    assert (first.result, first.stage, first.owner, first.company, first.industry) == (
        "won",
        "In",
        "Hana Lee",
        "Minato",
        "trade",
    )
    assert (second.result, second.lost_to, second.owner, second.company) == (
        "lost",
        "not_known",
        "Takuya Mori",
        "Kaede",
    )
    assert (third.result, third.stage, third.owner) == ("open", "Demo", "")
    assert (fourth.result, fourth.company) == ("won", "")
    roles = {file["name"]: file["role"] for file in export.files()}
    assert roles["deal_data.csv"] == "deals"
    assert roles["deal_company_data.csv"] == "links"
    assert roles["deal_property_history_data.csv"] == "history"


def test_a_key_that_leads_nowhere_is_told_once(tmp_path: Path) -> None:
    export = read(tmp_path, BY_ID)
    assert "not_in_other_file" in codes_of(export)[None]


def test_a_key_is_no_name_where_no_file_tells_it(tmp_path: Path) -> None:
    export = read(tmp_path, {"deal_data.csv": BY_ID["deal_data.csv"]})
    assert {deal.owner for deal in export.read.deals} == {""}
    assert "id_not_name" in codes_of(export)[None]
    assert export.read.deals[3].result == "won"


def test_a_linked_column_may_be_said_to_be_something_else(tmp_path: Path) -> None:
    export = read(tmp_path, BY_NAME, fields={"accounts.csv:sector": "segment", "regional_office": "-"})
    assert export.read.deals[0].segment == "trade"
    assert {deal.region for deal in export.read.deals} == {""}


def test_tables_of_other_things_are_not_taken_for_deals(tmp_path: Path) -> None:
    files: Files = {
        "sf_opportunity_data.csv": (
            ("id", "account_id", "name", "is_won", "is_closed", "stage_name", "amount", "close_date"),
            [("o1", "a1", "Reports", "true", "true", "x", "5", "2026-03-31")],
        ),
        "sf_opportunity_history_data.csv": (
            ("id", "account_id", "name", "is_won", "is_closed", "stage_name", "amount", "close_date", "_fivetran_start", "_fivetran_end"),
            [("o1", "a1", "Reports", "false", "false", "y", "4", "2026-03-31", "2026-01-01", "9999-12-31")],
        ),
        "sf_order_data.csv": (("id", "account_id", "status", "total_amount", "end_date"), [("r1", "a1", "Activated", "5", "2026-04-30")]),
        "sf_task_data.csv": (("id", "is_closed", "status", "subject", "activity_date"), [("t1", "TRUE", "Done", "Call", "2026-04-30")]),
        "sf_account_data.csv": (("id", "name", "billing_country"), [("a1", "Minato", "Japan")]),
    }  # fmt: skip
    export = read(tmp_path, files)
    (deal,) = export.read.deals
    assert (deal.company, deal.result, deal.company_region) == ("Minato", "won", "Japan")
