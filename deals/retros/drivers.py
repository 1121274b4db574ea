"""Every write to the driver tree: whoever misses a reason proposes one, an editor takes it in or leads it to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from deals.retros.actions import SOURCE, NotAllowed
from deals.retros.models import NAME_LENGTH, Driver, DriverRating, Retro
from kb.audit.actions import record
from kb.search.index import request_change
from kb.text import fold, nfkc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.accounts.models import User

DEEPEST = 3


class DriverExists(ValueError):
    """There is a driver of this name below the same parent; `driver` is it."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(f"{driver} is there")
        self.driver = driver


@transaction.atomic
def propose_driver(*, by: User, parent: Driver, name: str) -> Driver:
    """Add what the tree lacks, below a driver or an attribute; an editor's stands at once, anybody else's is a proposal.

    Raises:
        NotAllowed: `by` is a reader.
        DriverExists: there is one of this name.
        ValueError: an aspect has nothing below it.
    """
    if not by.can_write:
        raise NotAllowed
    if parent.level >= DEEPEST:
        raise ValueError(parent.key)
    name = driver_name(name)
    _refuse_twice(parent, [name], but=0)
    number = parent.children.count() + 1
    while Driver.objects.filter(key=f"{parent.key}-{number}").exists():
        number += 1
    driver = Driver.objects.create(
        parent=parent,
        key=f"{parent.key}-{number}",
        name_ja=name,
        name_en=name,
        level=parent.level + 1,
        position=number,
        accepted=by.can_edit,
        proposed_by=by,
    )
    record(by=by, verb="driver.added" if driver.accepted else "driver.proposed", target=driver)
    return driver


@transaction.atomic
def accept_driver(*, by: User, driver: Driver, name_ja: str, name_en: str) -> Driver:
    """Take a proposal into the tree, under its names in both languages. Raises NotAllowed, DriverExists."""
    if not by.can_edit:
        raise NotAllowed
    names = [driver_name(name_ja), driver_name(name_en)]
    _refuse_twice(driver.parent, names, but=driver.pk)
    driver.name_ja, driver.name_en = names
    driver.accepted = True
    driver.save()
    record(by=by, verb="driver.accepted", target=driver)
    _reindex(driver)
    return driver


@transaction.atomic
def decline_driver(*, by: User, driver: Driver, instead: Driver) -> None:
    """Take a proposal out; what was rated by it is rated by `instead`, once for each witness. Raises NotAllowed."""
    if not by.can_edit or driver.accepted or instead.pk == driver.pk:
        raise NotAllowed
    _reindex(driver)
    for rating in driver.ratings.all():
        same = DriverRating.objects.filter(retro=rating.retro_id, says=rating.says, driver=instead).first()
        if same is None:
            rating.driver = instead
            rating.save()
            continue
        rating.delete()
        same.evidence = "\n".join(text for text in (same.evidence, rating.evidence) if text)
        same.first = same.first or rating.first
        same.save()
    record(by=by, verb="driver.declined", target=driver, detail={"instead": instead.key})
    driver.delete()


def driver_name(text: str) -> str:
    """The name as it is kept: width folded, single spaces. Raises ValueError for an empty one."""
    name = " ".join(nfkc(text).split())[:NAME_LENGTH]
    if not name:
        raise ValueError(text)
    return name


def _refuse_twice(parent: Driver | None, names: Sequence[str], *, but: int) -> None:
    wanted = {fold(name) for name in names}
    for other in Driver.objects.filter(parent=parent).exclude(pk=but):
        if wanted & {fold(other.name_ja), fold(other.name_en)}:
            raise DriverExists(other)


def _reindex(driver: Driver) -> None:
    """A driver's names stand in the documents of the retrospectives that name it: their versions say that they changed."""
    for retro in Retro.objects.filter(ratings__driver=driver).distinct():
        Retro.objects.filter(pk=retro.pk).update(version=F("version") + 1)
        request_change(SOURCE, retro.pk)
