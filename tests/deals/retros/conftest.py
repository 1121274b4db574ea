"""Deals to look back on, and the driver tree, which tests in a browser find emptied."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from deals.crm import actions as crm
from deals.crm.actions import DealContent
from deals.crm.models import Deal
from deals.retros.actions import seed_drivers
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.market.actions import ensure
from kb.market.models import Competitor


@pytest.fixture(autouse=True)
def drivers(db: None) -> None:
    """The tree as a new site has it."""
    seed_drivers()


@pytest.fixture
def nova(lee: User) -> Competitor:
    return ensure(Competitor, "ノヴァ", by=lee)


@pytest.fixture
def lost(lee: User, nova: Competitor) -> Deal:
    """Lee's deal, lost to Nova yesterday, open to everyone."""
    return crm.save_deal(
        by=lee,
        content=DealContent(
            name="北海製作所 2026",
            company=crm.ensure_company("北海製作所", by=lee),
            owner=lee,
            result="lost",
            lost_to="competitor",
            competitor=nova,
            amount=Decimal(12_600_000),
            closed_on=timezone.localdate() - timedelta(days=1),
            tags=["製造業"],
        ),
    )


@pytest.fixture
def closed(lee: User) -> Deal:
    """A win that only Lee's department may see."""
    return crm.save_deal(
        by=lee,
        content=DealContent(
            name="みなもと信用金庫 窓口",
            owner=lee,
            result="won",
            closed_on=timezone.localdate() - timedelta(days=3),
            readers=Readers(departments=list(lee.departments.all())),
        ),
    )
