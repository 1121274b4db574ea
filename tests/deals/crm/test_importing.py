"""Imports of deals into the site: what is made, what a later file changes, what it leaves, and who may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deals.crm import actions
from deals.crm.actions import DealContent, NotAllowed
from deals.crm.importing import Import, Options
from deals.crm.models import Company, Deal
from deals.crm.sheets.choices import Choices
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.audit.models import AuditEvent
from kb.market.models import Competitor, Product
from kb.search.find import find
from kb.search.index import check, drain
from tests.deals.crm.exported import ENGLISH, THREE, Row, as_csv, put

HEADER = (
    "ID",
    "Deal Name",
    "Account Name",
    "Product",
    "Owner",
    "Result",
    "Create Date",
    "Close Date",
    "Amount",
)
MINATO = (
    "7",
    "Reports",
    "Minato Trading",
    "HBR Pro",
    "佐藤美咲",
    "Won",
    "2026-01-10",
    "2026-03-31",
    "1200000",
)


def bring(
    tmp_path: Path, by: User, rows: tuple[Row, ...] = (MINATO,), header: Row = HEADER, **options: Any
) -> dict[str, Any]:
    choices = options.pop("choices", Choices())
    path = put(tmp_path, {options.pop("name", "deals.csv"): as_csv(header, rows)})
    return Import(path, by=by, options=Options(choices=choices, **options)).run()


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in ("created", "updated", "unchanged", "refused"))


def changed(row: Row, **fields: object) -> Row:
    return tuple(fields.get(name.replace(" ", "_"), value) for name, value in zip(HEADER, row, strict=True))


# ------------------------------------------------------------------ what comes in
def test_a_row_becomes_a_deal_with_everything_it_names(tmp_path: Path, lee: User, sato: User) -> None:
    assert counts(bring(tmp_path, lee)) == (1, 0, 0, 0)
    deal = Deal.objects.get()
    assert (deal.name, str(deal.company), str(deal.product), deal.result) == (
        "Reports",
        "Minato Trading",
        "HBR Pro",
        "won",
    )
    assert (deal.owner, deal.owner_name) == (sato, "")
    assert (deal.opened_on, deal.closed_on, deal.amount, deal.currency) == (
        date(2026, 1, 10), date(2026, 3, 31), Decimal(1_200_000), "JPY",
    )  # fmt: skip
    assert (deal.version, deal.updated_by, deal.audience.everyone) == (1, lee, True)
    event = AuditEvent.objects.get(verb="deal.created", target_id=deal.pk)
    assert (event.by, event.detail["imported"]) == (lee, "id:7")


def test_an_owner_without_an_account_is_kept_by_name(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee, (changed(MINATO, Owner="Moses Frase"),))
    assert (Deal.objects.get().owner, Deal.objects.get().owner_name) == (None, "Moses Frase")


def test_what_is_imported_is_found_with_company_and_product(tmp_path: Path, lee: User, ito: User) -> None:
    bring(tmp_path, lee)
    drain()
    assert check().ok
    kinds = {hit.kind for words in ("Minato", "HBR Pro") for hit in find(words, viewer=ito).hits}
    assert kinds == {"deal", "company", "product"}


def test_names_that_are_here_already_are_used(tmp_path: Path, lee: User) -> None:
    company = actions.save_company(by=lee, name="ＭＩＮＡＴＯ trading", region="Kanto")
    actions.save_product(by=lee, name="Reports for HBR", near_names=["HBR Pro"])
    report = bring(tmp_path, lee)
    deal = Deal.objects.get()
    assert (deal.company, str(deal.product)) == (company, "Reports for HBR")
    assert {merge["to"] for merge in report["merged"]} == {"MINATO trading", "Reports for HBR", "佐藤 美咲"}
    assert Company.objects.get().region == "Kanto"


def test_what_is_not_known_of_a_company_is_filled_in_and_nothing_else(tmp_path: Path, lee: User) -> None:
    actions.save_company(by=lee, name="Minato Trading", region="Kanto", note="met at the fair")
    header = (*HEADER, "Industry", "Country", "Employees")
    bring(tmp_path, lee, ((*MINATO, "trade", "Japan", "1,200"),), header)
    company = Company.objects.get()
    assert (str(company.industry), company.region, company.employees, company.note) == (
        "trade",
        "Kanto",
        1200,
        "met at the fair",
    )


# ------------------------------------------------------------------ the second time
def test_the_same_file_changes_nothing_whatever_it_is_called(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee)
    before = list(Deal.objects.values())
    assert counts(bring(tmp_path, lee)) == (0, 0, 1, 0)
    (tmp_path / "deals.csv").unlink()
    assert counts(bring(tmp_path, lee, name="deals-april.csv")) == (0, 0, 1, 0)
    assert list(Deal.objects.values()) == before


def test_a_changed_row_changes_its_deal_and_only_it(tmp_path: Path, lee: User) -> None:
    other = changed(MINATO, ID="8", Deal_Name="Stock")
    bring(tmp_path, lee, (MINATO, other))
    report = bring(tmp_path, lee, (changed(MINATO, Amount="1500000", Result="Lost"), other))
    assert counts(report) == (0, 1, 1, 0)
    deal = Deal.objects.get(ref="id:7")
    assert (deal.amount, deal.result, deal.lost_to, deal.version) == (
        Decimal(1_500_000),
        "lost",
        "not_known",
        2,
    )
    assert AuditEvent.objects.filter(verb="deal.saved", target_id=deal.pk).count() == 1


def test_an_empty_cell_takes_nothing_away(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee)
    bring(tmp_path, lee, (changed(MINATO, Deal_Name="Reports 2", Account_Name="", Amount="", Product=""),))
    deal = Deal.objects.get()
    assert (deal.name, str(deal.company), str(deal.product), deal.amount) == (
        "Reports 2",
        "Minato Trading",
        "HBR Pro",
        Decimal(1_200_000),
    )


def test_what_people_entered_here_stays(tmp_path: Path, lee: User) -> None:
    lost = changed(MINATO, Result="Lost")
    bring(tmp_path, lee, (lost,))
    deal = Deal.objects.get()
    competitor = actions.save_competitor(by=lee, name="Orion")
    content = DealContent(
        name=deal.name, company=deal.company, result="lost", lost_to="competitor", competitor=competitor,
        segment="large", tags=["q1"], amount=deal.amount,
    )  # fmt: skip
    actions.save_deal(by=lee, content=content, deal=deal, base_version=1)
    assert counts(bring(tmp_path, lee, (lost,))) == (0, 0, 1, 0)
    assert counts(bring(tmp_path, lee, (changed(lost, Amount="5"),))) == (0, 1, 0, 0)
    deal.refresh_from_db()
    assert (deal.lost_to, deal.competitor, deal.segment, list(deal.tags.names()), deal.amount) == (
        "competitor", competitor, "large", ["q1"], Decimal(5),
    )  # fmt: skip


def test_whom_a_deal_was_won_against_stays_when_the_file_says_won_again(tmp_path: Path, lee: User) -> None:
    won = changed(MINATO, Result="Won")
    bring(tmp_path, lee, (won,))
    deal = Deal.objects.get()
    content = DealContent(name=deal.name, company=deal.company, result="won", won_against="incumbent")
    actions.save_deal(by=lee, content=content, deal=deal, base_version=1)
    bring(tmp_path, lee, (changed(won, Amount="7"),))
    deal.refresh_from_db()
    assert (deal.amount, deal.won_against) == (Decimal(7), "incumbent")


def test_a_deal_that_opens_again_has_no_close(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee, (changed(MINATO, Result="Lost"),))
    bring(tmp_path, lee, (changed(MINATO, Result="Open"),))
    deal = Deal.objects.get()
    assert (deal.result, deal.lost_to, deal.closed_on) == ("open", "", None)


def test_an_id_of_another_deal_is_refused_and_overwrites_nothing(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee)
    report = bring(
        tmp_path,
        lee,
        (changed(MINATO, Deal_Name="Scales", Account_Name="Kaede Works", Create_Date="2020-01-01"),),
    )
    assert counts(report) == (0, 0, 0, 1)
    assert [problem["code"] for problem in report["problems"]] == ["other_deal"]
    assert Deal.objects.get().name == "Reports"


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f"], ids=["nul", "bell", "escape", "delete"])
def test_a_stray_control_character_in_a_cell_never_reaches_the_database(
    tmp_path: Path, lee: User, character: str
) -> None:
    """PostgreSQL takes no NUL in a text, and a page no other of them."""
    row = changed(MINATO, Deal_Name=f"Rep{character}orts", Account_Name=f"Minato{character} Trading")
    others = tuple(changed(MINATO, Deal_ID=str(100 + number)) for number in range(9))
    report = bring(tmp_path, lee, (row, *others))
    assert counts(report) == (10, 0, 0, 0)
    assert set(Deal.objects.values_list("name", "company__name")) == {("Reports", "Minato Trading")}


# ------------------------------------------------------------------ rows without an id
NAMELESS = ("Account Name", "Result", "Amount")
FOUR: tuple[Row, ...] = (
    ("Minato", "Won", "10"),
    ("Kaede", "Lost", "20"),
    ("Minato", "Won", "10"),
    ("", "Won", "30"),
)


def test_rows_without_an_id_are_known_by_what_they_hold(tmp_path: Path, lee: User) -> None:
    assert counts(bring(tmp_path, lee, FOUR, NAMELESS)) == (4, 0, 0, 0)
    assert counts(bring(tmp_path, lee, FOUR, NAMELESS)) == (0, 0, 4, 0)
    assert counts(bring(tmp_path, lee, tuple(reversed(FOUR)), NAMELESS)) == (0, 0, 4, 0)


def test_a_new_row_on_top_is_new_and_moves_nobody(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee, FOUR, NAMELESS)
    before = dict(Deal.objects.values_list("pk", "company__name"))
    assert counts(bring(tmp_path, lee, (("Keyaki", "Won", "5"), *FOUR), NAMELESS)) == (1, 0, 4, 0)
    assert counts(bring(tmp_path, lee, (("Keyaki", "Won", "5"), *FOUR), NAMELESS)) == (0, 0, 5, 0)
    after = dict(Deal.objects.values_list("pk", "company__name"))
    assert {pk: after[pk] for pk in before} == before


def test_a_row_that_changed_in_its_place_is_the_same_deal(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee, FOUR, NAMELESS)
    rows = (FOUR[0], ("Kaede", "Won", "25"), *FOUR[2:])
    assert counts(bring(tmp_path, lee, rows, NAMELESS)) == (0, 1, 3, 0)
    assert Deal.objects.get(company__name="Kaede").amount == Decimal(25)


def test_a_named_row_is_found_again_wherever_it_went(tmp_path: Path, lee: User) -> None:
    header = ("Deal Name", "Account Name", "Result", "Amount")
    bring(tmp_path, lee, (("A", "Minato", "Open", "1"), ("B", "Kaede", "Open", "2")), header)
    report = bring(tmp_path, lee, (("B", "Kaede", "Won", "9"), ("A", "Minato", "Lost", "1")), header)
    assert counts(report) == (0, 2, 0, 0)
    assert dict(Deal.objects.values_list("name", "result")) == {"A": "lost", "B": "won"}


def test_two_files_without_ids_do_not_meet(tmp_path: Path, lee: User) -> None:
    bring(tmp_path, lee, FOUR, NAMELESS, name="north.csv")
    (tmp_path / "north.csv").unlink()
    assert counts(bring(tmp_path, lee, FOUR, NAMELESS, name="south.csv")) == (4, 0, 0, 0)


def test_chosen_columns_tell_deals_apart(tmp_path: Path, lee: User) -> None:
    choices = Choices(identity=("Account Name", "Amount"))
    report = bring(tmp_path, lee, FOUR, NAMELESS, choices=choices)
    assert counts(report) == (3, 0, 0, 1)
    assert counts(bring(tmp_path, lee, tuple(reversed(FOUR)), NAMELESS, choices=choices)) == (0, 0, 3, 1)


def test_the_row_may_be_chosen_over_a_column_of_ids(tmp_path: Path, lee: User) -> None:
    twice = (MINATO, changed(MINATO, Amount="5"))
    assert counts(bring(tmp_path, lee, twice, choices=Choices(identity=("row",)))) == (2, 0, 0, 0)


# ------------------------------------------------------------------ who may, and all or nothing
def test_a_reader_may_not_import(tmp_path: Path, ito: User) -> None:
    with pytest.raises(NotAllowed):
        bring(tmp_path, ito)


def test_a_deal_one_may_not_see_is_not_changed(tmp_path: Path, lee: User, mori: User) -> None:
    bring(tmp_path, lee)
    deal = Deal.objects.get()
    content = DealContent(name="Secret", readers=Readers(people=[lee]))
    actions.save_deal(by=lee, content=content, deal=deal, base_version=1)
    report = bring(tmp_path, mori, (changed(MINATO, Deal_Name="Secret", Amount="5"),))
    assert counts(report) == (0, 0, 0, 1)
    assert [problem["code"] for problem in report["problems"]] == ["not_allowed"]


def test_a_hidden_deals_name_is_not_told_to_whom_it_is_hidden_from(
    tmp_path: Path, lee: User, mori: User
) -> None:
    bring(tmp_path, lee)
    deal = Deal.objects.get()
    actions.save_deal(
        by=lee, content=DealContent(name="Secret", company=deal.company, opened_on=deal.opened_on, readers=Readers(people=[lee])),
        deal=deal, base_version=1,
    )  # fmt: skip
    row = changed(MINATO, Deal_Name="Scales", Account_Name="Kaede Works", Create_Date="2020-01-01")
    report = bring(tmp_path, mori, (row,))
    assert counts(report) == (0, 0, 0, 1)
    assert "Secret" not in str(report)


def test_all_or_nothing_takes_nothing_when_one_row_is_refused(tmp_path: Path, lee: User) -> None:
    report = bring(tmp_path, lee, (MINATO, changed(MINATO, ID="8", Amount="-5")), strict=True)
    assert counts(report) == (0, 0, 0, 2)
    assert not Deal.objects.exists()
    assert not Company.objects.exists()


def test_all_or_nothing_takes_what_has_only_remarks(tmp_path: Path, lee: User) -> None:
    assert counts(bring(tmp_path, lee, (changed(MINATO, Amount=""),), strict=True)) == (1, 0, 0, 0)


def test_a_dry_run_writes_nothing_at_all(tmp_path: Path, lee: User) -> None:
    before = AuditEvent.objects.count()
    assert counts(bring(tmp_path, lee, dry_run=True)) == (1, 0, 0, 0)
    assert not Deal.objects.exists()
    assert not Company.objects.exists()
    assert not Product.objects.exists()
    assert AuditEvent.objects.count() == before


def test_what_time_does_not_allow_is_left_for_the_next_run(
    tmp_path: Path, lee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deals.crm.importing.BATCH", 1)
    path = put(tmp_path, {"deals.csv": as_csv(ENGLISH, THREE)})
    run = Import(path, by=lee, options=Options(seconds=0))
    run.run()
    assert run.left == 2
    assert Deal.objects.count() == 1
    again = Import(path, by=lee, options=Options()).run()
    assert counts(again) == (2, 0, 1, 0)


def test_remarks_on_thousands_of_rows_are_told_in_short(tmp_path: Path, lee: User) -> None:
    rows = tuple((str(number), "Won", "") for number in range(1, 301))
    report = bring(tmp_path, lee, (*rows, ("301", "Won", "5")), ("ID", "Result", "Amount"))
    told = [problem for problem in report["problems"] if problem["code"] == "won_without_amount"]
    assert len(told) == 201
    assert "100" in told[-1]["message"]


def test_tags_are_added_to_those_that_are_here(tmp_path: Path, lee: User) -> None:
    header = (*HEADER, "Tags")
    bring(tmp_path, lee, ((*MINATO, "trade、q1"),), header)
    bring(tmp_path, lee, ((*MINATO, "q2"),), header)
    assert sorted(Deal.objects.get().tags.names()) == ["q1", "q2", "trade"]


def test_a_competitor_is_made_once_and_found(tmp_path: Path, lee: User) -> None:
    header = (*HEADER, "Competitor")
    bring(tmp_path, lee, ((*MINATO, "Orion"), (*changed(MINATO, ID="8"), "ＯＲＩＯＮ")), header)
    assert Competitor.objects.get().name == "Orion"
    drain()
    assert any(hit.kind == "competitor" for hit in find("Orion", viewer=lee).hits)
