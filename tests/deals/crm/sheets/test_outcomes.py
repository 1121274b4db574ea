"""What words for the state of a deal mean, alone and together with flags and stages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.crm.sheets.choices import Choices
from deals.crm.sheets.outcomes import has_ended, read_flag, read_lost_to, read_outcome, read_stage
from deals.crm.sheets.results import Contradiction, Results

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("Closed Won", "won"), ("closedwon", "won"), ("WON", "won"), ("6. Closed Won", "won"), ("Closed Won (100%)", "won"), ("受注", "won"),
        ("受注済み", "won"), ("成約", "won"), ("Gewonnen", "won"), ("gagné", "won"), ("Ganada", "won"), ("赢单", "won"), ("수주", "won"),
        ("ｗｏｎ", "won"),
        ("Closed Lost", "lost"), ("Loss", "lost"), ("失注", "lost"), ("Closed Lost - Price", "lost"), ("失注（価格）", "lost"), ("06_失注", "lost"),
        ("Perdu", "lost"), ("输单", "lost"), ("見送り", "no_decision"), ("検討中止", "no_decision"), ("No Decision", "no_decision"),
        ("Closed Lost - No decision", "no_decision"), ("現状維持", "no_decision"), ("商談中", "open"), ("In progress", "open"), ("保留", "open"),
        ("Duplicate", "invalid"), ("対象外", "invalid"), ("不明", "unknown"),
    ],
)  # fmt: skip
def test_a_word_for_an_outcome_is_known(written: str, result: str) -> None:
    found = read_outcome(written)
    assert found is not None
    assert found.result == result


@pytest.mark.parametrize(
    "written",
    [
        "提案",
        "Negotiation/Review",
        "Engaging",
        "受注見込み",
        "受注前",
        "未受注",
        "失注懸念",
        "Won't decide",
        "検収済",
        "Closed",
        "完了",
    ],
)
def test_a_stage_on_the_way_is_no_outcome(written: str) -> None:
    assert read_outcome(written) is None


def test_a_contract_is_a_win_as_a_result_and_a_step_as_a_stage() -> None:
    assert read_outcome("契約")
    assert read_stage("契約") is None
    assert read_stage("受注")


def test_a_reason_for_a_loss_says_nothing_of_whom_it_went_to() -> None:
    assert (read_outcome("Closed Lost - Price") or read_outcome("")).lost_to == "not_known"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "to"),
    [
        ("Lost to competitor", "competitor"),
        ("失注（競合）", "competitor"),
        ("失注-内製", "in_house"),
        ("Lost - Incumbent", "incumbent"),
    ],
)
def test_a_word_that_names_who_won_it_says_so(written: str, to: str) -> None:
    found = read_outcome(written)
    assert found is not None
    assert (found.result, found.lost_to) == ("lost", to)


def test_whom_a_loss_went_to_is_a_word_or_a_name() -> None:
    assert [read_lost_to(text) for text in ("競合", "既存ベンダー", "In-house", "不明", "オリオン")] == [
        "competitor", "incumbent", "in_house", "not_known", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "flag"),
    [
        ("TRUE", True),
        ("はい", True),
        ("○", True),
        ("1.0", True),
        ("No", False),
        ("×", False),
        ("0", False),
        ("maybe", None),
        ("", None),
    ],
)
def test_yes_and_no_are_known(written: str, flag: bool | None) -> None:
    assert read_flag(written) is flag


def test_a_word_that_only_ends_a_deal_is_no_outcome() -> None:
    assert has_ended("完了")
    assert has_ended("5. Closed")
    assert not has_ended("提案")


def outcome(choices: Choices | None = None, closed_on: date | None = None, **cells: str) -> str:
    return Results(choices or Choices()).of_row(lambda name: cells.get(name, ""), closed_on, TODAY).result


@pytest.mark.parametrize(
    ("cells", "result"),
    [
        ({"is_won": "true", "is_closed": "true", "stage": "GavUFuuf4DrnQAoiRGlWpQ=="}, "won"),
        ({"is_won": "false", "is_closed": "true", "stage": "tXi3M8u3iPxq0ggxTSxMKw=="}, "lost"),
        ({"is_won": "false", "is_closed": "false", "stage": "Negotiation"}, "open"),
        ({"is_won": "FALSE", "is_closed": "TRUE", "stage": "見送り"}, "no_decision"),
        ({"is_won": "FALSE", "stage": "Negotiation"}, "open"),
        ({"is_won": "FALSE", "stage": "Closed Lost"}, "lost"),
        ({"is_lost": "Yes"}, "lost"),
        ({"result": "TRUE"}, "won"),
        ({"result": "Lost", "stage": "Proposal"}, "lost"),
        ({"result": "Lost", "stage": "Closed - no decision"}, "no_decision"),
        ({"result": "Active", "stage": "Closed Won"}, "won"),
        ({"result": "Activated", "stage": "Closed Lost"}, "lost"),
        ({"result": "検収済"}, "unknown"),
        ({"stage": "Engaging"}, "open"),
        ({"stage": "Closed"}, "unknown"),
        ({"stage": "Won"}, "won"),
        ({}, "unknown"),
    ],
)  # fmt: skip
def test_flags_words_and_stages_together_give_one_outcome(cells: dict[str, Any], result: str) -> None:
    assert outcome(**cells) == result


def test_a_lone_no_is_a_loss_once_the_deal_is_closed() -> None:
    assert outcome(is_won="No", closed_on=date(2026, 3, 31)) == "lost"
    assert outcome(is_won="No") == "open"
    assert outcome(result="FALSE", closed_on=date(2027, 3, 31)) == "open"


@pytest.mark.parametrize(
    "cells",
    [
        {"result": "失注", "stage": "Closed Won"},
        {"is_won": "TRUE", "stage": "Closed Lost"},
        {"is_won": "TRUE", "is_lost": "TRUE"},
    ],
)
def test_won_and_lost_at_once_is_a_contradiction(cells: dict[str, Any]) -> None:
    with pytest.raises(Contradiction):
        outcome(**cells)


def test_what_people_say_a_word_means_holds() -> None:
    said = Choices(merges={"検収済": "won", "result:無効": "no decision"})
    assert outcome(said, result="検収済") == "won"
    assert outcome(said, stage="検収済") == "won"
    assert outcome(said, result="無効") == "no_decision"


def test_an_unknown_word_is_counted() -> None:
    results = Results(Choices())
    for _row in range(3):
        results.of_row(lambda name: "検収済" if name == "result" else "", None, TODAY)
    assert results.unknown == {("result", "検収済"): 3}


@given(st.text(max_size=60))
def test_any_word_is_an_outcome_or_none(text: str) -> None:
    found = read_outcome(text)
    assert found is None or found.result in ("won", "lost", "no_decision", "open", "invalid", "unknown")
