"""Make a person's account, or write what is given about somebody who is there."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from kb.accounts import actions
from kb.accounts.models import Language, Role, User
from kb.answers import AnsweringCommand, CommandFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.core.management.base import CommandParser

GENERIC = {"invalid", "blank", "max_length", "null_characters_not_allowed"}


class Command(AnsweringCommand):
    """Repeatable: the second time it changes only what is different, and only what is named."""

    help = "Make a person's account, or change it. Departments that are missing are made."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the user name")
        parser.add_argument("--display", metavar="TEXT", help="the name colleagues know")
        parser.add_argument("--email", metavar="ADDRESS", help="the mail address")
        parser.add_argument(
            "--department",
            action="append",
            metavar="D",
            help="a department by name; repeat for several; replaces the ones before",
        )
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument("--language", choices=Language.values)
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        parser.add_argument(
            "--allow-weak", action="store_true", help="take a password that is easy to guess, and say so"
        )

    def answer(self, **options: Any) -> Mapping[str, object]:
        # The command line speaks English throughout; refusals of names come translated otherwise.
        with translation.override(None), transaction.atomic():
            return self.add_or_change(**options)

    def add_or_change(self, **options: Any) -> Mapping[str, object]:
        password = read_password() if options["password_stdin"] else None
        try:
            person, created = self.write(options)
        except ValidationError as error:
            raise CommandFailure(first_code(error), " ".join(error.messages)) from None
        except actions.LastAdministrator:
            raise CommandFailure(
                "last_administrator", f"{options['name']} is the only administrator."
            ) from None
        if password is not None and not person.check_password(password):
            self.look_at(password, person, allow_weak=options["allow_weak"])
            actions.set_password(person, by=None, password=password)
        return {
            "user": person.username,
            "created": created,
            "departments": [department.name for department in person.departments.all()],
            "role": person.role,
        }

    def write(self, options: Mapping[str, Any]) -> tuple[User, bool]:
        """The person, and whether the account is new."""
        names: Sequence[str] | None = options["department"]
        details = actions.Details(
            display_name=options["display"],
            email=options["email"],
            role=options["role"],
            language=options["language"],
            departments=None if names is None else actions.departments_named(names, by=None),
        )
        username = User.normalize_username(options["name"].strip())
        person = User.objects.filter(username__iexact=username).first()
        if person:
            return actions.change_person(person, by=None, details=details), False
        return actions.add_person(by=None, details=replace(details, username=username)), True

    def look_at(self, password: str, person: User, *, allow_weak: bool) -> None:
        """A password by which anybody gets in is refused; whoever runs the server may insist."""
        try:
            validate_password(password, person)
        except ValidationError as error:
            why = " ".join(error.messages)
            if not allow_weak:
                message = f"The password is easy to guess: {why} Choose another, or insist with --allow-weak."
                raise CommandFailure("weak_password", message) from None
            self.stderr.write(f"The password was taken, but is easy to guess: {why}")

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        what = "added" if answer["created"] else "is there"
        yield f"{answer['user']} {what}: {answer['role']}, {', '.join(answer['departments']) or 'no department'}"


def read_password() -> str:
    """The first line of standard input."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandFailure("empty_password", "No password came on standard input.")
    return password


def first_code(error: ValidationError) -> str:
    """A stable word for what is wrong: our own, or the field that Django found wanting."""
    if not hasattr(error, "error_dict"):
        return str(error.error_list[0].code)
    field, errors = next(iter(error.error_dict.items()))
    return f"invalid_{field}" if errors[0].code in GENERIC else str(errors[0].code)
