"""Making and renaming competitors, products and industries; a name is one thing however it is spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from kb.audit.actions import record
from kb.market.models import NAME_LENGTH, Competitor, Industry, Named, NearName, Product
from kb.market.queries import named
from kb.text import fold, nfkc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.accounts.models import User

Thing = TypeVar("Thing", Competitor, Product, Industry)
FIELDS: dict[type[Named], str] = {Competitor: "competitor", Product: "product", Industry: "industry"}


class NotAllowed(PermissionError):
    """The person may not change the market's names."""


class NameTaken(ValueError):
    """Another thing of the same kind has this name, or is also written so; `thing` is it."""

    def __init__(self, thing: Named) -> None:
        super().__init__(f"{thing} has this name")
        self.thing = thing


def clean_name(text: str) -> str:
    """The name as it is kept: width folded, single spaces, not too long."""
    return " ".join(nfkc(text).split())[:NAME_LENGTH]


@transaction.atomic
def ensure(kind: type[Thing], text: str, *, by: User) -> Thing:
    """The thing that is called so, in any spelling known; made when there is none."""
    found = named(kind, text)
    return found or save_named(kind, by=by, name=text)


@transaction.atomic
def save_named(
    kind: type[Thing],
    *,
    by: User,
    name: str,
    near_names: Iterable[str] = (),
    note: str = "",
    thing: Thing | None = None,
    **fields: object,
) -> Thing:
    """Make or change one; its near-names become exactly those given.

    Raises:
        NotAllowed: `by` is a reader.
        NameTaken: another of its kind is called so already.
    """
    if not by.can_write:
        raise NotAllowed
    thing = thing or kind()
    spellings: dict[str, str] = {fold(text): clean_name(text) for text in near_names if fold(text)}
    spellings.pop(fold(name), None)
    for text in (name, *spellings.values()):
        other = named(kind, text)
        if other is not None and other.pk != thing.pk:
            raise NameTaken(other)
    thing.name, thing.folded, thing.note = clean_name(name), fold(name), note
    for field, value in fields.items():
        setattr(thing, field, value)
    thing.save()
    rows = thing.near_names
    rows.all().delete()
    NearName.objects.bulk_create(
        NearName(text=text, folded=folded, **{FIELDS[kind]: thing}) for folded, text in spellings.items()
    )
    record(
        by=by, verb=f"{FIELDS[kind]}.saved", target=thing, detail={"near_names": sorted(spellings.values())}
    )
    return thing
