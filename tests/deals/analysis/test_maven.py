"""The known answers of a public CRM file, imported as people would, against pandas and scipy reading the same file."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.core.management import call_command
from scipy import stats

from kb.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]
SAME_PRODUCT = {"GTXPro": "GTX Pro"}


def said(command: str, *words: str) -> Any:
    out = StringIO()
    call_command(command, *words, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def maven(real_data: Path, cast: dict[str, User]) -> pd.DataFrame:
    """The deals imported; and what pandas reads of the files, joined by hand."""
    folder = real_data / "deals" / "maven_crm"
    said("import_deals", str(folder), "--no-index")
    deals = pd.read_csv(folder / "sales_pipeline.csv").replace({"product": SAME_PRODUCT})
    teams = pd.read_csv(folder / "sales_teams.csv")
    joined = deals.merge(teams, on="sales_agent", how="left").rename(
        columns={"regional_office": "region", "manager": "owner_team"}
    )
    assert len(joined) == len(deals)
    return joined


def counted(deals: pd.DataFrame, column: str) -> dict[str, tuple[int, int]]:
    """Won and decided by one column."""
    decided = deals[deals["deal_stage"].isin(["Won", "Lost"])]
    table = decided["deal_stage"].eq("Won").groupby(decided[column]).agg(["sum", "size"])
    return {str(key): (int(won), int(n)) for key, won, n in table.itertuples()}


def check_groups(answer: Any, expected: dict[str, tuple[int, int]]) -> None:
    groups = answer["groups"]
    assert {group["key"]: (group["win"]["won"], group["win"]["n"]) for group in groups} == expected
    all_won, all_n = (sum(counts[place] for counts in expected.values()) for place in (0, 1))
    chances = [
        stats.fisher_exact([[won, n - won], [all_won - won, all_n - n - all_won + won]]).pvalue
        for won, n in expected.values()
    ]
    adjusted = dict(zip(expected, stats.false_discovery_control(chances), strict=True))
    for group in groups:
        won, n = expected[group["key"]]
        interval = stats.binomtest(won, n).proportion_ci(method="wilson")
        assert (group["win"]["low"], group["win"]["high"]) == pytest.approx((interval.low, interval.high))
        assert group["versus_rest"]["p_adjusted"] == pytest.approx(adjusted[group["key"]])
        assert group["versus_rest"]["apart"] == (adjusted[group["key"]] < 0.05)


def test_the_known_answers_hold(maven: pd.DataFrame) -> None:
    products = said("analysis", "--by", "product")

    known = {"GTX Pro": (729, 1147), "MG Special": (793, 1223), "GTK 500": (15, 25)}
    assert known.items() <= counted(maven, "product").items()
    check_groups(products, counted(maven, "product"))
    for name in ("region", "owner_team"):
        check_groups(said("analysis", "--by", name), counted(maven, name))
    total = products["total"]
    assert (total["won"], total["lost"], total["open"], round(total["win"]["rate"], 6)) == (
        4238,
        2473,
        2089,
        0.631501,
    )
    assert total["competitive"] is None
    assert total["value"] is None
    assert total["value_reason"] == "Cannot be computed: 2473 of 2473 losses carry no amount."
    assert all(group["value"] is None for group in products["groups"])
