"""The people of the demo company, and who may enter as one of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from kb.accounts.actions import Details, add_person, deactivate_person, seed_cast
from kb.accounts.demo import CAST, is_loopback
from kb.accounts.models import Department, Role, User
from kb.audit.models import AuditEvent

HERE: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}
ELSEWHERE = [
    {"REMOTE_ADDR": "192.0.2.7"},
    {"REMOTE_ADDR": "10.0.0.2"},
    {"REMOTE_ADDR": ""},
    {"REMOTE_ADDR": "::ffff:192.0.2.7"},
    {"HTTP_HOST": "kb.example"},
    {"HTTP_HOST": "localhost.evil.example"},
    {"HTTP_HOST": "192.0.2.7:8000"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_FORWARDED_HOST": "localhost"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_FORWARDED_WHATEVER": ""},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_VIA": "1.1 proxy"},
    {"HTTP_CF_CONNECTING_IP": "127.0.0.1"},
    {"SERVER_PROTOCOL": "HTTP/1.0"},
]


@pytest.fixture(autouse=True)
def every_host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


def entry(person: User) -> str:
    return f"/accounts/enter/{person.pk}/"


@pytest.mark.parametrize(
    "here",
    [
        {},
        {"HTTP_HOST": "localhost"},
        {"HTTP_HOST": "[::1]:8000", "REMOTE_ADDR": "::1"},
        {"REMOTE_ADDR": "127.0.0.9"},
        {"REMOTE_ADDR": "::ffff:127.0.0.1"},
    ],
)
def test_who_sits_at_the_machine_enters_with_one_click(
    client: Client, lee: User, here: dict[str, str]
) -> None:
    extra = HERE | here
    page = client.get("/accounts/login/", **extra).content.decode()
    assert [f'action="{entry(person)}"' in page for person in User.objects.demo_cast()] == [True] * 5
    assert page.index("佐藤 美咲") < page.index("李 ハナ") < page.index("高橋 由紀")
    answer = client.post(entry(lee), **extra)
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(lee.pk)


@pytest.mark.parametrize("there", ELSEWHERE, ids=str)
def test_from_anywhere_else_there_is_no_such_page(client: Client, lee: User, there: dict[str, str]) -> None:
    extra = HERE | there
    page = client.get("/accounts/login/", **extra)
    assert page.status_code == 200
    assert "/accounts/enter/" not in page.content.decode()
    assert "佐藤" not in page.content.decode()
    for method in (client.post, client.get):
        assert method(entry(lee), **extra).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_site_with_a_public_address_has_no_demo_entry(
    client: Client, lee: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://kb.example"
    assert client.post(entry(lee), **HERE).status_code == 404
    settings.SITE_URL = "http://localhost:8000"
    assert client.post(entry(lee), **HERE).status_code == 302


def test_nobody_enters_as_a_real_or_a_closed_person(client: Client, cast: dict[str, User]) -> None:
    real = add_person(by=None, details=Details(username="aya", role=Role.ADMINISTRATOR))
    assert client.post(entry(real), **HERE).status_code == 404
    deactivate_person(cast["lee"], by=None)
    assert client.post(entry(cast["lee"]), **HERE).status_code == 404
    assert client.post("/accounts/enter/999999/", **HERE).status_code == 404


def test_entry_is_never_a_mere_link_and_wants_the_forms_token(lee: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get(entry(lee), **HERE).status_code == 405
    assert client.post(entry(lee), **HERE).status_code == 403


def test_entry_leads_on_to_the_page_asked_for_and_nowhere_else(client: Client, lee: User) -> None:
    assert client.post(entry(lee), {"next": "/people/"}, **HERE)["Location"] == "/people/"
    assert client.post(entry(lee), {"next": "https://evil.example"}, **HERE)["Location"] == "/"


def test_entering_as_another_leaves_nothing_of_the_first(client: Client, lee: User, mori: User) -> None:
    client.post(entry(lee), **HERE)
    session = client.session
    session["theirs"] = "draft"
    session.save()
    client.post(entry(mori), **HERE)
    assert client.session["_auth_user_id"] == str(mori.pk)
    assert "theirs" not in client.session


@pytest.mark.django_db
def test_without_demo_people_the_page_has_one_half(client: Client) -> None:
    page = client.get("/accounts/login/", **HERE).content.decode()
    assert "bare-side" not in page


@pytest.mark.django_db
def test_the_cast_is_made_once() -> None:
    first = seed_cast()
    count = AuditEvent.objects.count()
    assert seed_cast() == first
    assert AuditEvent.objects.count() == count
    assert Department.objects.count() == 5
    roles = {name: person.role for name, person in first.items()}
    assert roles == {
        "sato": "editor",
        "lee": "writer",
        "mori": "writer",
        "ito": "reader",
        "takahashi": "administrator",
    }
    for person in first.values():
        assert not person.has_usable_password()
        assert person.email.endswith("@hibari.example")
        assert person.demo_line


@pytest.mark.django_db
def test_seeding_leaves_real_people_of_the_same_name_alone() -> None:
    real = add_person(
        by=None, details=Details(username="Ito", display_name="別人"), password="mukashi-no-kotoba-1"
    )
    assert seed_cast()["ito"] == real
    real.refresh_from_db()
    assert (real.display_name, real.demo_line, real.role) == ("別人", "", "reader")
    assert real.check_password("mukashi-no-kotoba-1")


def test_every_line_of_the_cast_fits_its_place() -> None:
    assert max(len(one.line) for one in CAST) < 70


@pytest.mark.parametrize(
    "address", ["", "localhost.", "127.1", "0.0.0.0", "127.0.0.1.nip.io", "::", "2130706433", "[::1]"]
)
def test_what_only_looks_like_loopback_is_not(address: str) -> None:
    assert not is_loopback(address)
