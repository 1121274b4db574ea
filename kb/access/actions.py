"""Setting who may read a thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kb.access.models import Audience

if TYPE_CHECKING:
    from kb.accounts.models import Department, User


class EmptyAudience(ValueError):
    """An audience of nobody was asked for: the thing could never be read again."""


@dataclass(frozen=True)
class Readers:
    """An audience as asked for in a form or on the command line."""

    everyone: bool = False
    departments: Sequence[Department] = ()
    people: Sequence[User] = ()


@transaction.atomic
def set_audience(
    audience: Audience | None,
    *,
    everyone: bool = False,
    departments: Collection[Department] = (),
    people: Collection[User] = (),
) -> Audience:
    """Write who may read; makes the audience when there is none. Called inside the action of the thing it belongs to.

    Raises:
        EmptyAudience: neither everyone, nor a department, nor a person was named.
    """
    if not everyone and not departments and not people:
        raise EmptyAudience
    audience = audience or Audience()
    audience.everyone = everyone
    audience.version += 1
    audience.save()
    audience.departments.set([] if everyone else departments)
    audience.people.set([] if everyone else people)
    return audience
