"""`manage.py analysis`: the contract of its JSON, and that it says what the page says."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from kb.accounts.models import User
from tests.deals.analysis.made import a_competitor, a_product, deals

pytestmark = pytest.mark.django_db
GROUP = {
    "key",
    "won",
    "lost",
    "no_decision",
    "open",
    "excluded",
    "win",
    "competitive",
    "competitive_not_known",
    "value",
    "value_reason",
    "versus_rest",
}
RATE = {"won", "n", "rate", "low", "high", "small"}
VALUE = {"currency", "won", "total", "n_effective", "rate", "low", "high", "largest_share"}
VERSUS = {"difference", "low", "high", "p", "p_adjusted", "apart"}


def analysis(*words: str) -> Any:
    out = StringIO()
    call_command("analysis", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def failure(*words: str) -> tuple[int, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("analysis", *words, "--json", stdout=out)
    return int(left.value.code or 0), json.loads(out.getvalue())["error"]["code"]


def test_the_answer_has_every_key_of_the_contract(lee: User) -> None:
    deals(lee, (9, "won"), (3, "lost"), product=a_product(), competitor=a_competitor(), amount=Decimal(10))
    deals(lee, (2, "lost"), (1, "open"), (1, "unknown"))

    answer = analysis("--by", "product")

    assert {"schema", "by", "filters", "floor", "correction", "total", "groups"} == set(answer)
    assert (answer["schema"], answer["by"], answer["filters"], answer["floor"]) == (1, "product", {}, 10)
    assert answer["correction"] == "benjamini-hochberg"
    named, unnamed = answer["groups"]
    assert all(set(group) == GROUP for group in (named, unnamed, answer["total"]))
    assert (named["key"], unnamed["key"], answer["total"]["key"]) == ("ヒバリ 帳票", None, None)
    assert set(named["win"]) == set(named["competitive"]) == RATE
    assert set(named["value"]) == VALUE
    assert set(named["versus_rest"]) == VERSUS
    assert (unnamed["open"], unnamed["excluded"], unnamed["competitive"]) == (1, 1, None)
    assert unnamed["value"] is None
    assert unnamed["value_reason"] == "Cannot be computed: 2 of 2 losses carry no amount."
    assert answer["total"]["versus_rest"] is None
    assert named["win"] == {"won": 9, "n": 12, "rate": 0.75, "small": False} | {
        bound: named["win"][bound] for bound in ("low", "high")
    }


def test_nothing_decided_has_no_rate(lee: User) -> None:
    deals(lee, (1, "open"))

    win = analysis()["total"]["win"]

    assert win == {"won": 0, "n": 0, "rate": None, "low": None, "high": None, "small": True}


def test_groups_are_sorted_by_key_and_what_is_not_recorded_is_null(lee: User) -> None:
    deals(lee, (1, "won"), region="b")
    deals(lee, (1, "won"))
    deals(lee, (1, "won"), region="a")

    assert [group["key"] for group in analysis("--by", "region")["groups"]] == ["a", "b", None]


def test_periods_are_as_long_as_asked_for(lee: User) -> None:
    deals(lee, (1, "won"))

    assert analysis("--by", "period")["groups"][0]["key"] == "FY2026-Q1"
    assert analysis("--by", "period", "--period", "month")["groups"][0]["key"] == "2026-05"


def test_conditions_name_things_and_words_and_nothing(lee: User) -> None:
    deals(lee, (2, "won"), product=a_product(), region="関東")
    deals(lee, (3, "lost"), region="近畿")

    assert analysis("--where", "product=ﾋﾊﾞﾘ 帳票")["total"]["won"] == 2
    answer = analysis("--where", "region=関東", "region=近畿", "--from", "2026-05-01", "--to", "2026-05-31")
    assert answer["total"]["win"]["n"] == 5
    assert answer["filters"] == {"region": ["関東", "近畿"], "from": "2026-05-01", "to": "2026-05-31"}
    assert analysis("--where", "product=")["total"]["lost"] == 3
    assert analysis("--from", "2026-06-01")["total"]["win"]["n"] == 0


def test_it_counts_what_somebody_may_see_or_what_everyone_may(lee: User) -> None:
    deals(lee, (2, "won"), people=[lee])
    deals(lee, (1, "lost"))

    assert analysis("--as", "lee")["total"]["win"]["n"] == 3
    assert analysis("--as", "mori")["total"]["win"]["n"] == analysis()["total"]["win"]["n"] == 1


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("--as", "nobody"), 4, "unknown_user"),
        (("--where", "product=nothing"), 4, "unknown_product"),
        (("--where", "competitor=nobody"), 4, "unknown_competitor"),
        (("--where", "colour=red"), 2, "usage"),
        (("--where", "region"), 2, "usage"),
        (("--where", "result=perhaps"), 2, "usage"),
        (("--from", "yesterday"), 2, "usage"),
    ],
)
def test_what_it_cannot_do_has_a_code_and_an_exit(
    cast: dict[str, User], words: tuple[str, ...], code: int, name: str
) -> None:
    assert failure(*words) == (code, name)


def test_for_people_it_says_the_same_in_lines(lee: User) -> None:
    deals(lee, (2, "won"), (1, "lost"), region="関東")
    out = StringIO()

    call_command("analysis", "--by", "region", stdout=out)

    assert out.getvalue().splitlines() == [
        "関東: 2 of 3, 66.7% (20.8% to 93.9%), fewer than 10",
        "all together: 2 of 3, 66.7% (20.8% to 93.9%), fewer than 10",
        "By value: Cannot be computed: 1 of 1 losses carry no amount.",
    ]
