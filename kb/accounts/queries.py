"""What the list of people reads: who fits, and how many each filter would leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from kb.accounts.models import Department, Role, User

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: how many people have it, and whether it is on."""

    value: object
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom to list."""

    text: str = ""
    roles: Collection[str] = ()
    departments: Collection[int] = ()
    closed: bool = False


def people_wanted(wanted: Wanted) -> QuerySet[User]:
    """Those who fit, with their departments; closed accounts only when they are asked for."""
    people = User.objects.matching(wanted.text).filter(is_active=not wanted.closed)
    if wanted.roles:
        people = people.filter(role__in=wanted.roles)
    if wanted.departments:
        people = people.filter(departments__in=wanted.departments).distinct()
    return people.prefetch_related("departments")


def filters(wanted: Wanted) -> list[tuple[str, str, list[Choice]]]:
    """Every filter: its heading, its name in the address, its values with the people who have them."""
    roles = dict(User.objects.filter(is_active=True).order_by().values_list("role").annotate(Count("pk")))
    closed = User.objects.filter(is_active=False).count()
    by_role = [
        Choice(role.value, str(role.label), roles[role.value], role.value in wanted.roles)
        for role in Role
        if role.value in roles
    ]
    by_department = [
        Choice(one.pk, one.name, one.size, one.pk in wanted.departments)  # type: ignore[attr-defined]
        for one in Department.objects.with_sizes()
    ]
    by_state = [Choice(1, _("Closed"), closed, wanted.closed)] if closed else []
    return [
        (_("Role"), "role", by_role),
        (_("Departments"), "department", by_department),
        (_("Accounts"), "closed", by_state),
    ]
