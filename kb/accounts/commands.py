"""What commands say of people: as whom they act, and for whom they import."""

from __future__ import annotations

from collections.abc import Iterable

from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.answers import UNKNOWN_NAME, USAGE, CommandFailure
from kb.text import fold


def person_named(name: str) -> User:
    """The open account of that user name.

    Raises:
        CommandFailure: `unknown_user`, exit 4.
    """
    user = User.objects.filter(username__iexact=name, is_active=True).first()
    if user is None:
        raise CommandFailure("unknown_user", f"there is no user {name}", UNKNOWN_NAME)
    return user


def acting_user(name: str | None) -> User:
    """Whom a writing command acts as: `--by`, or the first administrator.

    Raises:
        CommandFailure: `unknown_user`, exit 4; also when nobody was named and there is no administrator yet.
    """
    if name:
        return person_named(name)
    first = User.objects.first_administrator()
    if first is None:
        message = "there is no administrator yet; add one with add_user NAME --role administrator, or name somebody with --by"
        raise CommandFailure("unknown_user", message, UNKNOWN_NAME)
    return first


def readers_named(specs: Iterable[str]) -> Readers:
    """`everyone`, `department:NAME`, `user:NAME`, one or more of them.

    Raises:
        CommandFailure: `unknown_department` or `unknown_user`, exit 4; `usage`, exit 2, for anything else.
    """
    departments: list[Department] = []
    people: list[User] = []
    for spec in specs:
        kind, _, name = spec.partition(":")
        if spec == "everyone":
            return Readers(everyone=True)
        if kind == "department" and name:
            departments.append(department_named(name))
        elif kind == "user" and name:
            people.append(person_named(name))
        else:
            raise CommandFailure("usage", f"{spec} is not everyone, department:NAME or user:NAME", USAGE)
    return Readers(departments=departments, people=people)


def department_named(name: str) -> Department:
    """The department of that name.

    Raises:
        CommandFailure: `unknown_department`, exit 4.
    """
    department = Department.objects.filter(folded=fold(name)).first()
    if department is None:
        raise CommandFailure("unknown_department", f"there is no department {name}", UNKNOWN_NAME)
    return department
