"""Deals for measurements: made up from a fixed seed, with wins, competitors, amounts, retrospectives and quotes in fair shares."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from deals.crm.models import Deal, LostTo, NoDecisionReason, Result
from deals.retros.models import Consent, Driver, DriverRating, Quote, Retro, Says
from kb.access.actions import set_audience
from kb.access.models import Audience
from kb.accounts.models import Role, User
from kb.market.models import Competitor, Product
from kb.text import fold

PRODUCTS, COMPETITORS, REPS = 12, 9, 40
REGIONS = ("北海道", "東北", "関東", "中部", "近畿", "中国", "四国", "九州")
SEGMENTS = ("大企業", "中堅", "小規模", "公共")
STAGES = ("初回訪問", "提案", "見積もり", "稟議", "契約")
RESULTS = (Result.WON, Result.LOST, Result.NO_DECISION, Result.OPEN, Result.INVALID, Result.UNKNOWN)
SHARES = (30, 26, 17, 22, 3, 2)
FIRST_DAY, DAYS = date(2024, 4, 1), 940
BATCH, BLOCK = 2_000, 10_000
# Of the closed deals, how many have a retrospective; of those, how many heard the buyer, too.
REVIEWED, HEARD = 0.3, 0.3


def person() -> User:
    """Somebody who may read what everyone may."""
    return User.objects.create_user("bench", password=None, role=Role.WRITER, display_name="計測 係")


def named(kind: type[Product] | type[Competitor], number: int) -> list[int]:
    """So many products or competitors; their ids."""
    names = [f"{kind.__name__} {n + 1}" for n in range(number)]
    return [kind.objects.create(name=name, folded=fold(name)).pk for name in names]


def copy(model: type[Model], key: str, *, by: int, number: int) -> None:
    """The rows of the first `number` deals once more, for deals whose ids are `by` higher."""
    names = [field.column for field in model._meta.concrete_fields if field.column]  # noqa: SLF001
    columns = [name for name in names if name != "id" or key == "id"]
    values = ", ".join(f"{column} + {by}" if column == key else column for column in columns)
    table = model._meta.db_table  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {key} <= {number}"
        )


class Filler:
    """Adds deals to a database, the same ones in the same order each time."""

    def __init__(self, by: User) -> None:
        self.by, self.rng, self.there = by, random.Random(1), 0
        self.audience: Audience = set_audience(None, everyone=True)
        self.products, self.competitors = named(Product, PRODUCTS), named(Competitor, COMPETITORS)
        self.drivers = list(Driver.objects.filter(level=2).values_list("pk", flat=True))

    def fill(self, size: int) -> None:
        """Until there are `size` deals: made one by one, and after the first ten thousand as copies of those."""
        while self.there < min(size, BLOCK):
            number = min(BATCH, size - self.there, BLOCK - self.there)
            deals = Deal.objects.bulk_create([self.deal() for _one in range(number)])
            self.there += number
            closed = [deal for deal in deals if deal.is_closed and self.rng.random() < REVIEWED]
            retros = Retro.objects.bulk_create([self.retro(deal) for deal in closed])
            DriverRating.objects.bulk_create([one for retro in retros for one in self.ratings(retro)])
            Quote.objects.bulk_create([one for retro in retros for one in self.quotes(retro)])
        while self.there < size:
            number = min(BLOCK, size - self.there)
            for model, key in (
                (Deal, "id"),
                (Retro, "deal_id"),
                (DriverRating, "retro_id"),
                (Quote, "retro_id"),
            ):
                copy(model, key, by=self.there, number=number)
            self.there += number

    def deal(self) -> Deal:
        rng = self.rng
        result = rng.choices(RESULTS, SHARES)[0]
        product = rng.randrange(PRODUCTS)
        opened = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
        met = rng.random() < 0.5
        rep = rng.randrange(REPS)
        lost_to = ""
        if result == Result.LOST:
            lost_to = LostTo.COMPETITOR if met else rng.choice([LostTo.INCUMBENT, LostTo.NOT_KNOWN])
        dropped = result == Result.NO_DECISION
        return Deal(
            name=f"商談 {self.there}",
            product_id=self.products[product],
            competitor_id=rng.choice(self.competitors) if met else None,
            owner_name=f"担当 {rep}",
            owner_team=f"第{rep % 6 + 1}営業部",
            region=rng.choice(REGIONS),
            segment=rng.choice(SEGMENTS),
            stage_lost="" if result in (Result.WON, Result.OPEN) else rng.choice(STAGES),
            opened_on=opened,
            closed_on=None if result == Result.OPEN else opened + timedelta(days=rng.randrange(20, 200)),
            amount=Decimal(int(rng.lognormvariate(14, 1))) if rng.random() < 0.9 else None,
            currency="JPY",
            result=result,
            lost_to=lost_to,
            no_decision_reason=rng.choice(NoDecisionReason.values) if dropped else "",
            audience=self.audience,
            updated_at=timezone.now(),
            updated_by=self.by,
        )

    def retro(self, deal: Deal) -> Retro:
        now = timezone.now()
        return Retro(deal=deal, author=self.by, submitted_at=now, updated_at=now, updated_by=self.by)

    def ratings(self, retro: Retro) -> Iterator[DriverRating]:
        witnesses = [Says.REP, Says.BUYER_INTERVIEW] if self.rng.random() < HEARD else [Says.REP]
        for says in witnesses:
            for place, driver in enumerate(self.rng.sample(self.drivers, self.rng.randrange(1, 4))):
                yield DriverRating(
                    retro=retro,
                    driver_id=driver,
                    says=says,
                    performance=self.rng.randrange(-2, 3),
                    importance=self.rng.randrange(1, 4),
                    first=place == 0,
                )

    def quotes(self, retro: Retro) -> Iterator[Quote]:
        if self.rng.random() < 0.2:
            yield Quote(
                retro=retro, text="夜に止まったら誰に電話するのか。", consent=self.rng.choice(Consent.values)
            )
