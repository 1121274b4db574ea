"""What may be written about people, and by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from kb.accounts.actions import (
    DepartmentInUse,
    Details,
    LastAdministrator,
    NotAllowed,
    add_department,
    add_person,
    change_person,
    choose_language,
    deactivate_person,
    departments_named,
    reactivate_person,
    remove_department,
    rename_department,
    set_password,
)
from kb.accounts.models import Department, Role, User
from kb.audit.models import AuditEvent


def forbidden(by: User, mori: User) -> list[Callable[[], object]]:
    """What only administrators do, attempted by somebody else."""
    department = mori.departments.get()
    return [
        lambda: add_person(by=by, details=Details(username="x")),
        lambda: change_person(mori, by=by, details=Details(display_name="x")),
        lambda: change_person(by, by=by, details=Details(role=Role.ADMINISTRATOR)),
        lambda: change_person(by, by=by, details=Details(departments=[department])),
        lambda: change_person(by, by=by, details=Details(username="boss")),
        lambda: deactivate_person(mori, by=by),
        lambda: reactivate_person(mori, by=by),
        lambda: set_password(mori, by=by, password="x"),
        lambda: add_department(by=by, name="x"),
        lambda: rename_department(department, by=by, name="x"),
        lambda: remove_department(department, by=by),
    ]


@pytest.mark.parametrize("name", ["ito", "lee", "sato"])
def test_only_an_administrator_writes_about_others(cast: dict[str, User], name: str) -> None:
    before = AuditEvent.objects.count()
    for attempt in forbidden(cast[name], cast["mori"]):
        with pytest.raises(NotAllowed):
            attempt()
    assert AuditEvent.objects.count() == before


def test_a_closed_administrator_is_none(takahashi: User, lee: User) -> None:
    change_person(lee, by=takahashi, details=Details(role=Role.ADMINISTRATOR))
    deactivate_person(takahashi, by=lee)
    takahashi.refresh_from_db()
    with pytest.raises(NotAllowed):
        add_person(by=takahashi, details=Details(username="x"))


def test_the_last_administrator_is_neither_demoted_nor_closed(takahashi: User, lee: User) -> None:
    with pytest.raises(LastAdministrator):
        change_person(takahashi, by=takahashi, details=Details(role=Role.EDITOR))
    with pytest.raises(LastAdministrator):
        deactivate_person(takahashi, by=takahashi)
    change_person(lee, by=takahashi, details=Details(role=Role.ADMINISTRATOR))
    deactivate_person(takahashi, by=lee)
    with pytest.raises(LastAdministrator):
        change_person(lee, by=lee, details=Details(role=Role.READER))
    assert User.objects.first_administrator() == lee


def test_what_is_not_given_stays(takahashi: User, lee: User) -> None:
    change_person(lee, by=takahashi, details=Details(theme="dark"))
    lee.refresh_from_db()
    assert (lee.username, lee.display_name, lee.role, lee.theme) == ("lee", "李 ハナ", "writer", "dark")
    assert lee.departments.count() == 1


def test_a_refused_change_leaves_nothing(takahashi: User, lee: User) -> None:
    with pytest.raises(ValidationError):
        change_person(
            lee, by=takahashi, details=Details(display_name="New", email="takuya.mori@hibari.example")
        )
    lee.refresh_from_db()
    assert lee.display_name == "李 ハナ"
    assert not AuditEvent.objects.filter(verb="change_person").exists()


@pytest.mark.django_db
def test_departments_are_one_whatever_their_case_and_width() -> None:
    first, *others = departments_named(["Sales", "ｓａｌｅｓ", " SALES "], by=None)
    assert others == []
    assert departments_named(["sales"], by=None) == [first]
    assert Department.objects.get().name == "Sales"


def test_a_department_of_a_closed_account_is_in_use(takahashi: User, lee: User) -> None:
    deactivate_person(lee, by=takahashi)
    with pytest.raises(DepartmentInUse):
        remove_department(lee.departments.get(), by=takahashi)


def test_a_language_there_is_not_is_not_kept(lee: User) -> None:
    choose_language(lee, language="fr")
    lee.refresh_from_db()
    assert lee.language == ""


@pytest.mark.django_db
def test_djangos_own_superuser_is_an_ordinary_administrator() -> None:
    boss = User.objects.create_superuser("boss", "boss@kb.example", "tonari-no-ringi-7")
    assert boss.is_administrator
    assert not boss.is_superuser
    assert not boss.has_perm("accounts.delete_user")


@pytest.mark.django_db
def test_a_user_name_keeps_its_script_and_loses_its_width() -> None:
    assert add_person(by=None, details=Details(username="ｙａｍａｄａ")).username == "yamada"
    assert add_person(by=None, details=Details(username="山田")).username == "山田"
