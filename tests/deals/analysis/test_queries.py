"""What is counted in SQL: groups, months, opponents, coverage, drivers; only of deals the viewer may see."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from deals.analysis import queries
from deals.analysis.filters import Asked, Behind, By
from deals.analysis.periods import Grain, from_text
from deals.crm.models import Deal, LostTo, NoDecisionReason, Result, WonAgainst
from deals.crm.queries import Filters
from kb.access.actions import set_audience
from kb.accounts.models import User
from tests.cast import make_cast
from tests.deals.analysis.made import a_competitor, a_product, deals, quoted, rated, retros

pytestmark = pytest.mark.django_db


def groups(
    viewer: User, by: By = By.PRODUCT, grain: Grain = Grain.QUARTER, **filters: object
) -> queries.Groups:
    asked = Asked(by=by, grain=grain, filters=Filters(**filters))  # type: ignore[arg-type]
    return queries.groups_of(queries.deals_of(viewer, asked.filters), asked)


def test_deals_are_counted_by_product_with_what_is_not_recorded_last(lee: User) -> None:
    deals(lee, (3, "won"), (1, "lost"), (2, "open"), (1, "invalid"), product=a_product())
    deals(lee, (1, "won"), (2, "no_decision"), (1, "unknown"))

    found = groups(lee)

    assert [
        (one.key, one.tally.won, one.tally.lost, one.tally.no_decision, one.tally.open, one.tally.excluded)
        for one in found.groups
    ] == [("ヒバリ 帳票", 3, 1, 0, 2, 1), (None, 1, 0, 2, 0, 1)]
    assert (found.total.win.won, found.total.win.n) == (4, 7)


@pytest.mark.parametrize("by", [By.REGION, By.SEGMENT, By.OWNER_TEAM, By.STAGE_LOST])
def test_deals_are_counted_by_words(lee: User, by: By) -> None:
    east: dict[str, Any] = {by.value: "関東"}
    west: dict[str, Any] = {by.value: "近畿"}
    deals(lee, (2, "won"), **east)
    deals(lee, (1, "lost"), **west)

    found = groups(lee, by)

    assert [(one.key, one.value, one.win.won, one.win.n) for one in found.groups] == [
        ("近畿", "近畿", 0, 1),
        ("関東", "関東", 2, 2),
    ]


def test_stages_are_not_compared_since_a_win_has_none(lee: User) -> None:
    deals(lee, (12, "lost"), stage_lost="提案")
    deals(lee, (12, "won"))

    assert [one.versus_rest for one in groups(lee, By.STAGE_LOST).groups] == [None, None]


def test_periods_are_those_of_the_fiscal_year(lee: User) -> None:
    deals(lee, (1, "won"), closed_on=date(2026, 3, 31))
    deals(lee, (2, "won"), closed_on=date(2026, 4, 1))
    deals(lee, (3, "open"))

    assert [(one.key, one.tally.won, one.tally.open) for one in groups(lee, By.PERIOD).groups] == [
        ("FY2025-Q4", 1, 0),
        ("FY2026-Q1", 2, 0),
        (None, 0, 3),
    ]
    assert [one.key for one in groups(lee, By.PERIOD, Grain.MONTH).groups] == ["2026-03", "2026-04", None]
    assert [one.key for one in groups(lee, By.PERIOD, Grain.YEAR).groups] == ["FY2025", "FY2026", None]


def test_competitive_are_deals_with_a_competitor_or_lost_to_somebody_known(lee: User) -> None:
    deals(lee, (2, "won"), (1, "lost"), (1, "no_decision"), competitor=a_competitor())
    deals(lee, (1, "lost"), lost_to=LostTo.INCUMBENT)
    deals(lee, (1, "lost"), lost_to=LostTo.COMPETITOR)
    deals(lee, (4, "won"), (3, "lost"))

    found = groups(lee).total

    assert found.competitive is not None
    assert (found.competitive.won, found.competitive.n) == (2, 5)
    assert found.tally.meeting_not_known == 7


def test_a_win_against_the_incumbent_is_competitive_though_nobody_is_named(lee: User) -> None:
    deals(lee, (3, "won"), won_against=WonAgainst.INCUMBENT)
    deals(lee, (1, "won"))
    deals(lee, (2, "lost"), lost_to=LostTo.INCUMBENT)

    found = groups(lee).total

    assert found.competitive is not None
    assert (found.competitive.won, found.competitive.n) == (3, 5)


def test_a_rate_by_value_counts_amounts_above_nothing(lee: User) -> None:
    deals(lee, (4, "won"), (4, "lost"), amount=Decimal(100))
    deals(lee, (1, "won"), (1, "no_decision"), amount=Decimal(0))
    deals(lee, (1, "lost"))
    deals(lee, (5, "open"), amount=Decimal(10**9), currency="USD")

    worth = groups(lee).total.worth

    assert worth is not None
    assert (worth.currency, worth.won, worth.total, worth.n_effective) == ("JPY", 400.0, 800.0, 8.0)
    assert worth.largest_share == pytest.approx(1 / 8)


def test_nobody_counts_what_he_may_not_see(lee: User, mori: User, takahashi: User) -> None:
    deals(lee, (2, "won"), people=[lee], region="関東")
    deals(lee, (1, "lost"))

    assert groups(lee).total.win.n == 3
    assert groups(mori).total.win.n == groups(takahashi).total.win.n == 1
    assert [one.key for one in groups(mori, By.REGION).groups] == [None]
    everyones = queries.deals_of(None, Filters())
    assert queries.groups_of(everyones, Asked()).total.win.n == 1


def test_filters_narrow_every_count(lee: User) -> None:
    deals(lee, (2, "won"), region="関東", closed_on=date(2026, 4, 1))
    deals(lee, (3, "lost"), region="近畿", closed_on=date(2026, 5, 1))

    assert groups(lee, region=("関東",)).total.win.n == 2
    assert groups(lee, since=date(2026, 4, 15)).total.win.n == 3
    assert groups(lee, region=("-",)).total.win.n == 0


def test_months_hold_wins_and_decided_deals(lee: User) -> None:
    deals(lee, (2, "won"), (1, "lost"), (1, "no_decision"), (1, "invalid"), closed_on=date(2026, 4, 30))
    deals(lee, (1, "won"), closed_on=None)

    assert queries.months(queries.deals_of(lee, Filters()), Filters()) == {from_text("2026-04"): (2, 4)}


def test_opponents_are_counted_by_competitor_by_whom_and_by_reason(lee: User) -> None:
    nova = a_competitor()
    deals(lee, (2, "won"), (1, "no_decision"), competitor=nova)
    deals(lee, (3, "lost"), competitor=nova, lost_to=LostTo.COMPETITOR)
    deals(lee, (1, "lost"))
    deals(lee, (2, "no_decision"), no_decision_reason=NoDecisionReason.GHOSTED)

    found = queries.opponents(queries.deals_of(lee, Filters()), Filters())

    assert found.counts == {nova.pk: (2, 5)}
    assert found.lost_to == {"competitor": 3, "not_known": 1}
    assert found.reasons == {"": 1, "ghosted": 2}


def test_coverage_counts_decided_deals_with_a_retrospective(lee: User) -> None:
    first = deals(lee, (2, "won"), amount=Decimal(1_500_000), region="関東", owner=lee)
    deals(lee, (1, "lost"), amount=Decimal(90), owner_name="退職した人")
    opened = deals(lee, (1, "open"))
    retros(lee, [first[0], opened[0]])

    found = queries.coverage(queries.deals_of(lee, Filters()), lee)

    assert found.result == {"won": (1, 2), "lost": (0, 1)}
    assert found.size == {"7": (1, 2), "2": (0, 1)}
    assert found.rep == {str(lee): (1, 2), "退職した人": (0, 1)}
    assert found.region == {"関東": (1, 2), "": (0, 1)}


def test_what_occurs_may_be_picked(lee: User) -> None:
    deals(lee, (1, "won"), region="関東", segment="大手")
    deals(lee, (1, "won"), region="近畿", owner_team="第一営業部", people=[lee])

    found = queries.occurring(queries.deals_of(lee, Filters()))

    assert found == {"segment": ["大手"], "owner_team": ["第一営業部"]}
    none = queries.deals_of(lee, Filters(region=("東北",)))
    assert queries.occurring(none) == {"segment": [], "owner_team": []}


def test_drivers_and_quotes_come_from_retrospectives_one_may_read(lee: User, mori: User) -> None:
    lost = deals(lee, (2, "lost"))
    shared, closed = (
        retros(lee, lost[:1])[0],
        retros(lee, lost[1:], audience=set_audience(None, people=[lee]))[0],
    )
    for retro in (shared, closed):
        rated(retro, ("total-cost", "rep", -1, 3, True))
        quoted(retro, ["料金表が三つありました。"])

    def seen(viewer: User) -> tuple[int, int]:
        visible = queries.deals_of(viewer, Filters())
        return queries.drivers(visible, viewer).reviewed, len(queries.quotes(visible, viewer))

    assert seen(lee) == (2, 2)
    assert seen(mori) == (1, 1)


def test_the_latest_quotes_come_first(lee: User) -> None:
    retro = retros(lee, deals(lee, (1, "won")))[0]
    quoted(retro, ["古い"], said_on=date(2026, 1, 1))
    quoted(retro, ["新しい"], said_on=date(2026, 6, 1))
    quoted(retro, ["日付なし"])

    found = queries.quotes(queries.deals_of(lee, Filters()), lee)

    assert [quote.text for quote in found] == ["新しい", "古い", "日付なし"]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("met=yes", 3),
        ("met=no", 3),
        ("met=perhaps", 6),
        ("reason=ghosted", 1),
        ("rep=-", 5),
        ("rep=佐藤 美咲", 1),
        ("size=7", 1),
        ("size=0", 5),
        ("size=x", 6),
        ("part=nonsense", 6),
    ],
)
def test_the_deals_behind_a_number_are_as_many_as_it_says(
    lee: User, sato: User, query: str, number: int
) -> None:
    deals(lee, (1, "won"), (1, "lost"), competitor=a_competitor())
    deals(lee, (1, "lost"), lost_to=LostTo.IN_HOUSE)
    deals(lee, (1, "no_decision"), no_decision_reason=NoDecisionReason.GHOSTED)
    deals(lee, (1, "won"), amount=Decimal(1_000_000))
    deals(lee, (1, "won"), owner=sato)

    found = queries.behind(queries.deals_of(lee, Filters()), Behind.from_query(QueryDict(query)), lee)

    assert found.count() == number


WORDS = st.sampled_from(["", "関東", "近畿"])


class AgainstPlainCounting(TestCase):
    """The grouped counts against counting deal by deal, whatever the deals are."""

    @settings(max_examples=15)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(Result.values), WORDS, st.booleans(), st.sampled_from([None, 0, 5, 70])
            ),
            max_size=30,
        )
    )
    def test_sql_counts_what_a_loop_counts(self, made: list[tuple[str, str, bool, int | None]]) -> None:
        lee = User.objects.filter(username="lee").first() or make_cast()["lee"]
        nova = a_competitor()
        for result, region, met, amount in made:
            deals(
                lee,
                (1, result),
                region=region,
                competitor=nova if met else None,
                amount=None if amount is None else Decimal(amount),
            )

        found = groups(lee, By.REGION)

        counted = Counter((result, region) for result, region, _met, _amount in made)
        for one in found.groups:
            region = one.key or ""
            assert one.tally.won == counted["won", region]
            assert one.tally.lost == counted["lost", region]
            assert one.win.n == sum(counted[result, region] for result in ("won", "lost", "no_decision"))
            assert one.tally.met == sum(
                met and where == region and result in ("won", "lost") for result, where, met, _amount in made
            )
            assert one.tally.worth == sum(
                amount or 0
                for result, where, _met, amount in made
                if where == region and result in ("won", "lost", "no_decision")
            )
        assert sum(one.tally.won for one in found.groups) == found.total.tally.won
        assert Deal.objects.count() == sum(
            one.tally.decided + one.tally.open + one.tally.excluded for one in found.groups
        )
