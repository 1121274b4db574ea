"""Everything that changes people, departments and what each may do; every write leaves its entry in the record."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.access.models import Audience
from kb.accounts.demo import CAST, MAIL_DOMAIN
from kb.accounts.models import Department, Language, Role, User
from kb.accounts.names import clean_name
from kb.audit.actions import record
from kb.text import fold, nfkc

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class NotAllowed(Exception):
    """Only an administrator may do this."""


class LastAdministrator(Exception):
    """The site would be left without anyone who may administer it."""


class AdministratorExists(Exception):
    """The first administrator has been made already."""


class DepartmentInUse(Exception):
    """People belong to the department, or something is readable by it."""


class DemoPerson(Exception):
    """A person of the demo company has no password to reset."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is to be written about a person; None leaves a thing as it is."""

    username: str | None = None
    display_name: str | None = None
    email: str | None = None
    role: str | None = None
    departments: Collection[Department] | None = None
    language: str | None = None
    theme: str | None = None


# What a person may change about themselves; the rest is the administrators'.
OWN = {"display_name", "email", "language", "theme"}


def require_administrator(by: User | None) -> None:
    """Raises NotAllowed unless `by` is an active administrator, or None: the site itself, at its command line."""
    if by is not None and not (by.is_active and by.is_administrator):
        raise NotAllowed


# ---------------------------------------------------------------- people


@transaction.atomic
def add_person(
    *, by: User | None, details: Details, password: str | None = None, demo_line: str = ""
) -> User:
    """Make an account; without a password nobody can sign in to it until a reset link has been used.

    Raises:
        NotAllowed: `by` is no administrator.
        ValidationError: a name, the user name or the mail address cannot be used; keyed by field.
    """
    require_administrator(by)
    person = User(demo_line=demo_line)
    person.set_password(password)
    write_details(person, details)
    record(by=by, verb="add_person", target=person, detail={"role": person.role})
    return person


@transaction.atomic
def change_person(person: User, *, by: User | None, details: Details) -> User:
    """Write what is given in `details`; a person may change what is theirs, an administrator everything.

    Raises:
        NotAllowed, ValidationError: as in `add_person`.
        LastAdministrator: the role of the only administrator would change.
    """
    if by != person or given(details) - OWN:
        require_administrator(by)
    if details.role not in (None, Role.ADMINISTRATOR):
        keep_an_administrator(person)
    changed = write_details(person, details)
    if changed:
        detail: dict[str, object] = {"changed": changed}
        detail |= {"role": person.role} if "role" in changed else {}
        record(by=by, verb="change_person", target=person, detail=detail)
    return person


@transaction.atomic
def deactivate_person(person: User, *, by: User | None) -> None:
    """Close an account at once, its open sessions included; what the person wrote stays theirs.

    Raises:
        NotAllowed: `by` is no administrator.
        LastAdministrator: nobody would be left to reopen it.
    """
    require_administrator(by)
    keep_an_administrator(person)
    person.is_active = False
    person.save()
    record(by=by, verb="deactivate_person", target=person)


@transaction.atomic
def reactivate_person(person: User, *, by: User | None) -> None:
    """Open a closed account again."""
    require_administrator(by)
    person.is_active = True
    person.save()
    record(by=by, verb="reactivate_person", target=person)


@transaction.atomic
def choose_language(person: User | AnonymousUser, *, language: str) -> None:
    """Keep the language a signed-in person switched to; for a stranger there is nothing to keep here."""
    if isinstance(person, User) and language in Language.values:
        change_person(person, by=person, details=Details(language=language))


@transaction.atomic
def set_password(person: User, *, by: User | None, password: str) -> None:
    """Write a password that has been checked already; it ends every other session and link of the person."""
    if by != person:
        require_administrator(by)
    person.set_password(password)
    person.save()
    record(by=by, verb="set_password", target=person)


@transaction.atomic
def make_reset_link(person: User, *, by: User | None) -> str:
    """The path where the person may choose a password once, within three days; an administrator passes it on.

    Raises:
        NotAllowed: `by` is no administrator.
        DemoPerson: the person is one of the demo company's.
    """
    require_administrator(by)
    if person.demo_line:
        raise DemoPerson
    key = default_token_generator.make_token(person)
    record(by=by, verb="make_reset_link", target=person)
    return reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key}
    )


@transaction.atomic
def set_up_first_administrator(*, details: Details, password: str, department: str = "") -> User:
    """Make the account that every later one comes from.

    Raises:
        AdministratorExists: there is one already.
        ValidationError: as in `add_person`.
    """
    if User.objects.administrators().exists():
        raise AdministratorExists
    departments = departments_named([department], by=None) if department else []
    mine = Details(
        username=details.username,
        display_name=details.display_name,
        email=details.email,
        language=details.language,
        role=Role.ADMINISTRATOR,
        departments=departments,
    )
    return add_person(by=None, details=mine, password=password)


@transaction.atomic
def seed_cast() -> dict[str, User]:
    """The people of the demo company by user name, made where they are missing; nobody who is there is changed."""
    people = {}
    for one in CAST:
        person = User.objects.filter(username__iexact=one.username).first()
        people[one.username] = person or add_person(
            by=None,
            details=Details(
                username=one.username,
                display_name=one.name,
                email=f"{one.mail}@{MAIL_DOMAIN}",
                role=one.role,
                departments=departments_named([one.department], by=None),
            ),
            demo_line=one.line,
        )
    return people


# ---------------------------------------------------------------- departments


@transaction.atomic
def add_department(*, by: User | None, name: str) -> Department:
    """Make a department.

    Raises:
        NotAllowed: `by` is no administrator.
        ValidationError: the name cannot be used, or a department has it but for case and width.
    """
    require_administrator(by)
    department = Department(name=clean_name(name))
    require_free_name(department)
    department.save()
    record(by=by, verb="add_department", target=department)
    return department


@transaction.atomic
def rename_department(department: Department, *, by: User | None, name: str) -> Department:
    """Give a department another name. Raises as `add_department` does."""
    require_administrator(by)
    before, department.name = department.name, clean_name(name)
    require_free_name(department)
    department.save()
    record(by=by, verb="rename_department", target=department, detail={"before": before})
    return department


@transaction.atomic
def remove_department(department: Department, *, by: User | None) -> None:
    """Remove a department that nobody belongs to and nothing is readable by.

    Raises:
        NotAllowed: `by` is no administrator.
        DepartmentInUse: it is not empty; taking it out of an audience could leave that audience empty.
    """
    require_administrator(by)
    if department.people.exists() or Audience.objects.filter(departments=department).exists():
        raise DepartmentInUse
    record(by=by, verb="remove_department", target=department)
    try:
        department.delete()
    except ProtectedError:
        raise DepartmentInUse from None


def departments_named(names: Iterable[str], *, by: User | None) -> list[Department]:
    """The departments of these names, made where there are none; spellings that fold to one are one."""
    found: dict[str, Department] = {}
    for name in names:
        key = fold(clean_name(name))
        if key not in found:
            found[key] = Department.objects.filter(folded=key).first() or add_department(by=by, name=name)
    return list(found.values())


# ---------------------------------------------------------------- parts of the above


def given(details: Details) -> set[str]:
    """The names of what `details` holds."""
    return {field.name for field in fields(details) if getattr(details, field.name) is not None}


def write_details(person: User, details: Details) -> list[str]:
    """Clean, check and save; returns the names of what is different now."""
    before = {name: getattr(person, name) for name in given(details) - {"departments"}}
    if details.display_name is not None:
        person.display_name = named_field("display_name", details.display_name)
    if details.username is not None:
        person.username = User.normalize_username(details.username.strip())
    if details.email is not None:
        person.email = nfkc(details.email).strip().lower()
    for name in ("role", "language", "theme"):
        if getattr(details, name) is not None:
            setattr(person, name, getattr(details, name))
    require_free_login(person)
    person.full_clean(exclude={"password", "folded"}, validate_unique=False, validate_constraints=False)
    changed = sorted(name for name, value in before.items() if getattr(person, name) != value)
    person.save()
    if "email" in changed:
        # allauth keeps addresses of its own, by which one can sign in: the old one must stop working.
        EmailAddress.objects.filter(user=person).delete()
    if details.departments is not None and set(person.departments.all()) != set(details.departments):
        person.departments.set(details.departments)
        changed.append("departments")
    return changed


def require_free_login(person: User) -> None:
    """Raises ValidationError, keyed by field, when somebody else signs in by this name or address."""
    others = User.objects.exclude(pk=person.pk)
    if others.filter(username__iexact=person.username).exists():
        message = _("Somebody has this user name already.")
        raise ValidationError({"username": ValidationError(message, code="username_taken")})
    if person.email and others.filter(email__iexact=person.email).exists():
        message = _("Somebody has this mail address already.")
        raise ValidationError({"email": ValidationError(message, code="email_taken")})


def named_field(field: str, text: str) -> str:
    """A clean name; its error names the field it was typed in."""
    try:
        return clean_name(text)
    except ValidationError as error:
        raise ValidationError({field: error}) from None


def keep_an_administrator(person: User) -> None:
    """Raises LastAdministrator when `person` is the only one. The rows are locked, so that two cannot go at once."""
    administrators = list(User.objects.administrators().select_for_update())
    if [one.pk for one in administrators] == [person.pk]:
        raise LastAdministrator


def require_free_name(department: Department) -> None:
    """Raises ValidationError when another department has this name, but for case, width and spacing."""
    if Department.objects.filter(folded=fold(department.name)).exclude(pk=department.pk).exists():
        message = _("There is a department of this name already.")
        raise ValidationError(message, code="department_exists")
