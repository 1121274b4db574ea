"""How long the win/loss page takes and asks, and its counts beside pandas and DuckDB on the same deals.

`./run bench analysis --size 1000 10000 100000`; by default up to 10,000, which takes under a minute. The page's
yardstick is a plain view of as many bytes; that of the counts by product is the same table computed from a data frame,
or by a column store, with the deals in memory already.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import site
from benchmarks.deals import Filler, person
from benchmarks.measure import Case, interleaved, tell
from benchmarks.plain import client_of, page_case
from deals.analysis import queries
from deals.analysis.filters import Asked, By
from deals.crm.models import Deal
from deals.crm.queries import Filters
from kb.accounts.models import User

try:
    import duckdb
    import pandas as pd
except ModuleNotFoundError as error:
    sys.stderr.write(
        f"run: {error.name} is missing, which comes with what the tests need: ./run lint, then again\n"
    )
    sys.exit(3)

SIZES = (1_000, 10_000)
MOST_QUERIES = 14
PAGES = {
    "/analysis/ by product": "/analysis/?by=product",
    "/analysis/ by month": "/analysis/?by=period&period=month",
    "/analysis/ one region": "/analysis/?by=product&region=関東",
}
COLUMNS = ("product_id", "result", "amount", "competitor_id", "lost_to", "won_against")
DECIDED = ("won", "lost", "no_decision")
MET = ("competitor", "incumbent", "in_house")


def frame() -> pd.DataFrame:
    """The deals as pandas has them, numbers as numbers."""
    deals = pd.DataFrame.from_records(Deal.objects.values_list(*COLUMNS), columns=COLUMNS)
    deals["amount"] = pd.to_numeric(deals["amount"])
    return deals


def by_pandas(deals: pd.DataFrame) -> dict[int, tuple[float, ...]]:
    """Won, decided, met and won, met, and sums of amounts, by product."""
    decided = deals["result"].isin(DECIDED)
    won, lost = deals["result"].eq("won"), deals["result"].eq("lost")
    named = deals["competitor_id"].notna() | deals["lost_to"].isin(MET) | deals["won_against"].ne("")
    met = (won | lost) & named
    amount = deals["amount"].where(decided & (deals["amount"] > 0), 0.0)
    table = pd.DataFrame(
        {
            "won": won,
            "decided": decided,
            "met_won": met & won,
            "met": met,
            "worth_won": amount.where(won, 0.0),
            "worth": amount,
            "squares": amount * amount,
        }
    )
    grouped = table.groupby(deals["product_id"]).sum()
    return {int(row[0]): tuple(row[1:]) for row in grouped.itertuples()}


NAMED = f"(competitor_id IS NOT NULL OR lost_to IN {MET} OR won_against <> '')"
DUCK = f"""
    SELECT product_id,
           count(*) FILTER (result = 'won'),
           count(*) FILTER (result IN {DECIDED}),
           count(*) FILTER (result = 'won' AND {NAMED}),
           count(*) FILTER (result IN ('won', 'lost') AND {NAMED}),
           coalesce(sum(amount) FILTER (result = 'won' AND amount > 0), 0),
           coalesce(sum(amount) FILTER (result IN {DECIDED} AND amount > 0), 0),
           coalesce(sum(amount * amount) FILTER (result IN {DECIDED} AND amount > 0), 0)
    FROM deals GROUP BY product_id
"""


def by_duckdb(store: Any) -> dict[int, tuple[float, ...]]:
    return {row[0]: tuple(row[1:]) for row in store.execute(DUCK).fetchall()}


def ours(viewer: User) -> dict[int, tuple[float, ...]]:
    """The page's own function, with all it computes besides."""
    found = queries.groups_of(queries.deals_of(viewer, Filters()), Asked(by=By.PRODUCT))
    return {
        int(group.value): (
            group.tally.won,
            group.tally.decided,
            group.tally.met_won,
            group.tally.met,
            group.tally.worth_won,
            group.tally.worth,
            group.tally.squares,
        )
        for group in found.groups
    }


def same(left: dict[int, tuple[float, ...]], right: dict[int, tuple[float, ...]]) -> bool:
    """The same numbers, but for the order in which floating point added them."""
    return left.keys() == right.keys() and all(
        abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1.0)
        for key in left
        for a, b in zip(left[key], right[key], strict=True)
    )


def counts(viewer: User, size: int, runs: int) -> list[Case]:
    deals = frame()
    store = duckdb.connect()
    store.register("seen", deals)
    store.execute("CREATE TABLE deals AS SELECT * FROM seen")
    others: dict[str, Callable[[], dict[int, tuple[float, ...]]]] = {
        "pandas, the deals in memory": partial(by_pandas, deals),
        "DuckDB, the deals in memory": partial(by_duckdb, store),
        "pandas, reading the deals first": lambda: by_pandas(frame()),
    }
    counted = ours(viewer)
    cases = []
    for name, other in others.items():
        assert same(counted, other()), f"{name} counts otherwise"
        cases.append(
            interleaved(f"by product, beside {name}", size, partial(ours, viewer), name, other, runs)
        )
    store.close()
    return cases


def measure(sizes: list[int], runs: int) -> list[Case]:
    by = person()
    client, filler = client_of(by), Filler(by)
    cases: list[Case] = []
    for size in sizes:
        tell(f"building {size} deals")
        filler.fill(size)
        for name, address in PAGES.items():
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert answer.status_code == 200, address
            assert len(asked) <= MOST_QUERIES, len(asked)
            tell(f"{address}: {len(asked)} queries, {len(answer.content)} bytes")
            cases.append(page_case(client, name, address, size, runs))
        cases += counts(by, size, runs)
    return cases


if __name__ == "__main__":
    sys.exit(site.by_size("analysis", __doc__, SIZES, measure, runs=15, quick=5))
