"""The first administrator's link."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from kb.accounts import setup
from kb.accounts.actions import (
    AdministratorExists,
    Details,
    add_person,
    deactivate_person,
    set_up_first_administrator,
)
from kb.accounts.models import Department, Role, User
from kb.audit.models import AuditEvent

PASSWORD = "saisho-no-kotoba-1"
FORM = {
    "display_name": "高橋 由紀",
    "username": "yuki",
    "email": "yuki@kb.example",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "department": "情報システム",
}

pytestmark = pytest.mark.django_db


def printed(**options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("setup_link", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def path() -> str:
    return printed()[0].strip().removeprefix("http://127.0.0.1:8000")


def test_the_link_makes_the_first_administrator_and_signs_them_in(client: Client) -> None:
    link = path()
    assert client.get(link).status_code == 200
    answer = client.post(link, FORM)
    assert answer["Location"] == "/"
    person = User.objects.get()
    assert (person.username, person.role, person.language, person.is_superuser) == (
        "yuki",
        "administrator",
        "ja",
        False,
    )
    assert [department.name for department in person.departments.all()] == ["情報システム"]
    assert person.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get("/people/").status_code == 200
    assert AuditEvent.objects.filter(verb="add_person", by=None, target_id=person.pk).exists()


def test_the_department_may_be_left_out(client: Client) -> None:
    client.post(path(), FORM | {"department": ""})
    assert User.objects.get().is_administrator
    assert not Department.objects.exists()


def test_the_link_works_once(client: Client) -> None:
    link = path()
    client.post(link, FORM)
    other = Client()
    assert other.get(link).status_code == 410
    assert other.post(link, FORM | {"username": "mallory", "email": "m@kb.example"}).status_code == 410
    assert User.objects.count() == 1


def test_two_links_make_one_administrator(client: Client) -> None:
    first, second = path(), path()
    assert first != second
    client.post(first, FORM)
    assert Client().post(second, FORM | {"username": "mallory"}).status_code == 410


def test_the_link_is_over_after_a_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = path()
    monkeypatch.setattr(setup, "LIFETIME", -1)
    assert client.get(link).status_code == 410
    assert client.post(link, FORM).status_code == 410
    assert not User.objects.exists()


@pytest.mark.parametrize("forged", ["x", "x:y:z", "x" * 2000, "あ:い:う"])
def test_a_forged_link_is_not_found(client: Client, forged: str) -> None:
    assert client.get(f"/accounts/setup/{forged}/").status_code == 404


def test_a_link_signed_with_another_key_is_not_found(client: Client, settings: Settings) -> None:
    link = path()
    settings.SECRET_KEY = "another" * 10
    assert client.post(link, FORM).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("username", "two words"),
        ("username", ""),
        ("email", "not an address"),
        ("email", ""),
        ("password1", "short"),
        ("password1", "yuki@kb.example"),
        ("password2", "something else"),
        ("department", "a" * 101),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_made(
    client: Client, field: str, value: str
) -> None:
    page = client.post(path(), FORM | {field: value})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not User.objects.exists()
    assert not Department.objects.exists()
    assert PASSWORD not in page.content.decode()


def test_the_command_names_the_sites_address(settings: Settings) -> None:
    assert printed(base="http://127.0.0.1:9999/")[0].startswith("http://127.0.0.1:9999/accounts/setup/")
    settings.SITE_URL = "https://kb.example"
    out, err = printed()
    assert out.startswith("https://kb.example/accounts/setup/")
    assert err == ""


def test_with_an_administrator_the_command_has_nothing_to_do() -> None:
    boss = add_person(by=None, details=Details(username="boss", role=Role.ADMINISTRATOR))
    out, err = printed()
    assert out == ""
    assert err
    with pytest.raises(AdministratorExists):
        set_up_first_administrator(details=Details(username="mallory"), password=PASSWORD)
    User.objects.filter(pk=boss.pk).update(is_active=False)
    assert printed()[0]


def test_the_only_administrator_cannot_be_closed_so_that_the_link_never_opens_again_by_accident() -> None:
    boss = add_person(by=None, details=Details(username="boss", role=Role.ADMINISTRATOR))
    with pytest.raises(Exception, match=r"^$"):
        deactivate_person(boss, by=boss)
    assert printed()[0] == ""


def test_the_page_takes_no_other_method(client: Client) -> None:
    assert client.put(path()).status_code == 405
