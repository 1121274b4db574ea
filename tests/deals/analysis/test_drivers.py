"""Drivers: once a deal whoever names them, rep beside buyer on the same deals, and what to fix first."""

from __future__ import annotations

from deals.analysis.drivers import Node, Rating, deals_behind, drivers_of

# support > onboarding > handbook, support > language; price
TREE = {
    1: Node(1, None, "support"),
    2: Node(2, 1, "onboarding"),
    3: Node(3, 2, "handbook"),
    4: Node(4, 1, "language"),
    9: Node(9, None, "price"),
}
FLOOR = 10


def lost(
    deal: int,
    driver: int,
    says: str = "rep",
    *,
    performance: int = -1,
    importance: int = 3,
    first: bool = False,
) -> Rating:
    return Rating(deal, "lost", driver, says, performance, importance, first)


def test_a_driver_counts_once_a_deal_however_many_people_and_parts_of_it_are_named() -> None:
    ratings = [lost(1, 2), lost(1, 3), lost(1, 4), lost(1, 2, "buyer_interview"), lost(1, 2, "buyer_survey")]

    found = drivers_of(ratings, TREE, floor=FLOOR)

    assert [(one.driver.name, one.lost, one.fix, one.rep, one.buyer) for one in found.lines] == [
        ("support", 1, 1, 1, 1)
    ]
    assert found.reviewed == 1
    assert [(node.name, number) for node, number in found.fix] == [("onboarding", 1), ("language", 1)]


def test_to_fix_is_what_was_decisive_and_weak_in_the_same_rating_of_a_lost_deal() -> None:
    ratings = [
        lost(1, 2, performance=-1, importance=2),
        lost(1, 2, "crm", performance=1, importance=3),
        Rating(2, "won", 2, "rep", -2, 3, 1),
        lost(3, 2, performance=0, importance=3),
    ]

    found = drivers_of(ratings, TREE, floor=FLOOR)

    assert found.fix == []
    assert (found.lines[0].lost, found.lines[0].won, found.lines[0].fix) == (2, 1, 0)


def test_rep_and_buyer_are_compared_on_the_deals_in_which_both_were_heard() -> None:
    ratings = [
        lost(1, 9, first=True),
        lost(1, 2, "buyer_interview", first=True),
        lost(2, 9, first=True),
        lost(2, 9, "buyer_survey", first=True),
        lost(3, 9, first=True),  # the rep alone
        lost(4, 2, "buyer_interview", first=True),  # the buyer alone
    ]

    found = drivers_of(ratings, TREE, floor=FLOOR)

    lines = {one.driver.name: (one.rep, one.buyer, one.rep_share, one.buyer_share) for one in found.lines}
    assert lines == {"price": (2, 1, 1.0, 0.5), "support": (0, 1, 0.0, 0.5)}
    assert found.heard == 2
    assert (found.agreement.won, found.agreement.n, found.agreement.small) == (1, 2, True)


def test_of_two_buyers_the_interview_goes_before_the_survey() -> None:
    ratings = [
        lost(1, 9, first=True),
        lost(1, 9, "buyer_survey", first=True),
        lost(1, 2, "buyer_interview", first=True),
    ]

    for order in (ratings, ratings[::-1]):
        assert drivers_of(order, TREE, floor=FLOOR).agreement.won == 0


def test_agreement_is_on_the_driver_and_not_on_its_parts() -> None:
    ratings = [lost(1, 3, first=True), lost(1, 4, "buyer_interview", first=True)]

    assert drivers_of(ratings, TREE, floor=FLOOR).agreement.won == 1


def test_means_are_over_all_ratings() -> None:
    ratings = [
        lost(1, 9, performance=-2, importance=1),
        lost(2, 9, performance=-1, importance=3),
        Rating(3, "won", 9, "rep", 2, 2, 1),
    ]

    line = drivers_of(ratings, TREE, floor=FLOOR).lines[0]

    assert (line.performance_lost, line.performance_won, line.importance) == (-1.5, 2.0, 2.0)


def test_every_number_is_the_size_of_the_list_behind_it() -> None:
    ratings = [
        lost(1, 9, first=True),
        lost(1, 2, "buyer_interview", first=True),
        lost(2, 3, performance=-2),
        Rating(5, "won", 2, "rep", 1, 2, 1),
    ]
    found = drivers_of(ratings, TREE, floor=FLOOR)

    def behind(part: str, driver: int | None = None) -> set[int]:
        return deals_behind(ratings, TREE, driver=driver, part=part)

    for line in found.lines:
        pk = line.driver.pk
        assert len(behind("named", pk)) == line.lost + line.won
        assert len(behind("fix", pk)) == line.fix
        assert (len(behind("rep", pk)), len(behind("buyer", pk))) == (line.rep, line.buyer)
    assert {node.name: number for node, number in found.fix} == {
        node.name: len(behind("fix", node.pk)) for node, _number in found.fix
    }
    assert (len(behind("heard")), len(behind("first")), len(behind("agreed"))) == (
        found.heard,
        found.agreement.n,
        found.agreement.won,
    )


def test_without_ratings_there_is_nothing_to_say() -> None:
    found = drivers_of([], TREE, floor=FLOOR)

    assert (list(found.lines), list(found.fix), found.reviewed, found.heard) == ([], [], 0, 0)
    assert found.agreement.rate is None
