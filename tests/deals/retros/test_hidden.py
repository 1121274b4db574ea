"""What a retrospective's form and the driver tree tell of deals and retrospectives that are hidden: nothing."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from deals.crm.actions import DealContent, save_deal
from deals.crm.models import Deal
from deals.retros.drivers import propose_driver
from deals.retros.models import Driver
from deals.retros.queries import proposals, winners_for
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.market.actions import ensure
from kb.market.models import Competitor
from tests.deals.retros.retros import a_retro, rated


def test_the_winners_offered_tell_nothing_of_hidden_losses(
    lost: Deal, lee: User, sato: User, mori: User
) -> None:
    known, secret = ensure(Competitor, "ア社", by=sato), ensure(Competitor, "ン社", by=sato)
    for number in range(3):
        content = DealContent(
            name=f"秘密の失注{number}",
            result="lost",
            lost_to="competitor",
            competitor=secret,
            closed_on=timezone.localdate() - timedelta(days=2),
            readers=Readers(people=[sato]),
        )
        save_deal(by=sato, content=content)

    def offered(viewer: User) -> list[Competitor]:
        return [one for one in winners_for(lost, viewer) if one in (known, secret)]

    assert offered(sato) == [secret, known]
    assert offered(mori) == [known, secret]


def test_how_often_a_proposal_is_used_counts_what_one_may_read(lost: Deal, lee: User, mori: User) -> None:
    parent = Driver.objects.get(key="trust")
    driver = propose_driver(by=lee, parent=parent, name="夜間の窓口")
    a_retro(lee, lost, ratings=[rated(driver.key)], readers=Readers(people=[lee]))

    assert [one.used for one in proposals(lee)] == [1]  # type: ignore[attr-defined]
    assert [one.used for one in proposals(mori)] == [0]  # type: ignore[attr-defined]
