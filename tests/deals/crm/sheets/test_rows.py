"""What a row comes to: its id, its name, its days together, and what is merged into what."""

from __future__ import annotations

from pathlib import Path

from deals.crm.sheets.choices import Choices
from deals.crm.sheets.spelling import Merges, Spellings, key_of
from tests.deals.crm.exported import ENGLISH, THREE, Row, as_csv, codes_of, deals_of, export_of, put


def codes(tmp_path: Path, header: Row, rows: list[Row], **choices: object) -> dict[int | None, set[str]]:
    return codes_of(export_of(put(tmp_path, {"deals.csv": as_csv(header, rows)}), **choices))


def test_spellings_are_one_after_width_case_and_spaces() -> None:
    assert key_of("GTXPro") == key_of("gtx pro") == key_of("ＧＴＸ　Ｐｒｏ")
    assert key_of("株式会社みなと") != key_of("㈱みなと") == key_of("(株)みなと")


def test_the_commonest_spelling_stands_unless_a_list_or_a_person_says_otherwise() -> None:
    spellings = Spellings("product", Merges())
    spellings.note(["GTXPro", "GTXPro", "GTX Pro"])
    assert spellings.name("GTX Pro") == "GTXPro"
    spellings.prefer(["GTX Pro"])
    assert spellings.name("GTXPro") == "GTX Pro"
    said = Spellings("product", Choices(merges={"gtx pro": "GTX-Pro", "GTX-Pro": "Pro"}).merges_of("product"))
    said.note(["GTXPro", "Pro"])
    assert said.name("GTXPro") == "Pro"
    assert [merge.as_answer() for merge in said.merged()] == [
        {"field": "product", "from": "GTXPro", "to": "Pro", "rows": 1}
    ]


def test_a_merge_may_be_of_one_field_and_may_come_to_nothing(tmp_path: Path) -> None:
    header = ("ID", "Result", "Competitor", "Region")
    (deal,) = deals_of(tmp_path, header, [("1", "Won", "None", "None")], merges={"competitor:None": ""})
    assert (deal.competitor, deal.region) == ("", "None")


def test_a_merge_that_meets_nothing_is_told(tmp_path: Path) -> None:
    assert "merge_unused" in codes(tmp_path, ENGLISH, list(THREE), merges={"Nobody": "Somebody"})[None]


def test_a_deal_without_a_name_is_called_by_whom_and_what(tmp_path: Path) -> None:
    header = ("ID", "Account", "Product", "Result")
    rows: list[Row] = [("1", "Minato", "HBR", "Won"), ("2", "", "HBR", "Won"), ("3", "", "", "Won")]
    assert [deal.name for deal in deals_of(tmp_path, header, rows)] == ["Minato · HBR", "HBR", "3"]


def test_columns_together_may_tell_deals_apart(tmp_path: Path) -> None:
    header = ("Account", "Product", "Result")
    rows: list[Row] = [("Minato", "HBR", "Won"), ("minato", "HBR 2", "Won"), ("Minato", "hbr", "Lost")]
    export = export_of(put(tmp_path, {"deals.csv": as_csv(header, rows)}), identity=("Account", "Product"))
    assert [deal.ref for deal in export.read.deals] == [
        "account+product:minato\x1fhbr",
        "account+product:minato\x1fhbr2",
    ]
    assert codes_of(export)[3] == {"duplicate_id"}


def test_an_ambiguous_date_is_settled_by_the_column_or_by_people(tmp_path: Path) -> None:
    header = ("ID", "Result", "Close Date")
    alone: list[Row] = [("1", "Won", "03/04/2026")]
    assert codes(tmp_path, header, alone) == {1: {"ambiguous_date"}}
    assert codes(tmp_path, header, [*alone, ("2", "Won", "25/04/2026")]) == {}
    assert codes(tmp_path, header, alone, dates="mdy") == {}


def test_every_value_of_a_row_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    found = codes(tmp_path, ENGLISH, [("1", "x" * 201, "", "Won", "2026-02-30", "soon", "-5")])
    assert found == {1: {"too_long", "impossible_date", "bad_date", "negative_amount"}}


def test_the_day_a_record_was_made_is_no_opening_when_it_is_after_the_close(tmp_path: Path) -> None:
    rows: list[Row] = [("1", "Won", "2026-05-01", "2026-03-01")]
    assert codes(tmp_path, ("ID", "Result", "Opened on", "Closed on"), rows) == {1: {"closes_before_opens"}}
    made = export_of(
        put(tmp_path, {"made.csv": as_csv(("ID", "Result", "Created Date", "Close Date"), rows)})
    )
    (deal,) = made.read.deals
    assert deal.opened_on is None
    assert codes_of(made) == {1: {"created_after_close"}}


def test_the_planned_close_of_an_open_deal_is_no_close(tmp_path: Path) -> None:
    (deal,) = deals_of(tmp_path, ENGLISH, [("1", "a", "", "Proposal", "2026-01-01", "2027-03-31", "5")])
    assert (deal.result, deal.closed_on) == ("open", None)


def test_a_stage_beside_a_result_is_the_one_before_the_end(tmp_path: Path) -> None:
    header = ("ID", "Stage", "Result")
    rows: list[Row] = [("1", "Proposal", "Lost"), ("2", "Proposal", "Won"), ("3", "Closed Lost", "Lost")]
    assert [deal.stage_lost for deal in deals_of(tmp_path, header, rows)] == ["Proposal", "", ""]


def test_who_won_it_is_kept_for_losses_alone(tmp_path: Path) -> None:
    header = ("ID", "Result", "Lost to", "Competitor")
    rows: list[Row] = [
        ("1", "Lost", "Orion", ""), ("2", "Lost", "Incumbent", "Nova"), ("3", "Lost", "", "Nova"), ("4", "Won", "Orion", "Nova"),
    ]  # fmt: skip
    assert [(deal.lost_to, deal.competitor) for deal in deals_of(tmp_path, header, rows)] == [
        ("competitor", "Orion"), ("incumbent", "Nova"), ("not_known", "Nova"), ("", "Nova"),
    ]  # fmt: skip


def test_a_word_nobody_knows_is_told_once_with_its_number(tmp_path: Path) -> None:
    export = export_of(
        put(
            tmp_path,
            {
                "deals.csv": as_csv(
                    ("ID", "結果"), [("1", "受注"), ("2", "検収済"), ("3", "検収済"), ("4", "失注")]
                )
            },
        )
    )
    (problem,) = export.problems
    assert (problem.code, problem.value, problem.refused) == ("unknown_value", "検収済", False)
    assert "2" in problem.message
    assert "検収済=won" in problem.message


def test_competitors_called_none_are_kept_and_told(tmp_path: Path) -> None:
    header = ("ID", "Result", "Competitor")
    found = export_of(
        put(tmp_path, {"deals.csv": as_csv(header, [("1", "Won", "None"), ("2", "Lost", "Orion")])})
    )
    assert [deal.competitor for deal in found.read.deals] == ["None", "Orion"]
    assert codes_of(found) == {None: {"not_a_name"}}


def test_deals_without_ids_amounts_and_dates_come_in(tmp_path: Path) -> None:
    export = export_of(
        put(tmp_path, {"deals.csv": as_csv(("顧客", "結果"), [("みなと商会", "受注"), ("", "失注")])})
    )
    assert [(deal.company, deal.result, deal.ref) for deal in export.read.deals] == [
        ("みなと商会", "won", ""),
        ("", "lost", ""),
    ]
    assert codes_of(export) == {None: {"no_id"}}
