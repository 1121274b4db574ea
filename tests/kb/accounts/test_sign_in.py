"""Signing in and out, as a stranger, a colleague, and somebody who guesses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from kb.accounts.actions import Details, add_person, change_person, deactivate_person, set_password
from kb.accounts.models import User
from kb.audit.models import AuditEvent

Enter = Callable[[User], Client]

LOGIN = "/accounts/login/"
PASSWORD = "tonari-no-ringi-7"


@pytest.fixture
def hana(lee: User) -> User:
    """Lee, with a password."""
    set_password(lee, by=None, password=PASSWORD)
    return lee


@pytest.mark.django_db
def test_a_stranger_gets_the_sign_in_page(client: Client) -> None:
    answer = client.get("/accounts/profile/")
    assert answer.status_code == 302
    assert answer["Location"] == f"{LOGIN}?next=/accounts/profile/"
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert 'name="login"' in page.content.decode()
    assert 'name="password"' in page.content.decode()


@pytest.mark.parametrize(
    "login", ["lee", "LEE", "hana.lee@hibari.example", "Hana.Lee@Hibari.example", " lee "]
)
def test_a_colleague_signs_in_by_user_name_or_mail_address(client: Client, hana: User, login: str) -> None:
    answer = client.post(LOGIN, {"login": login, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(hana.pk)


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client: Client, hana: User) -> None:
    answer = client.post(f"{LOGIN}?next=/accounts/profile/", {"login": "lee", "password": PASSWORD})
    assert answer["Location"] == "/accounts/profile/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://testserver.evil.example/",
        "\thttps://evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(client: Client, hana: User, elsewhere: str) -> None:
    answer = client.post(LOGIN, {"login": "lee", "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"


def test_who_is_signed_in_goes_straight_on(signed_in: Enter, lee: User) -> None:
    assert signed_in(lee).get(LOGIN)["Location"] == "/"


def test_a_device_is_remembered_for_14_days_when_asked_to(client: Client, hana: User) -> None:
    client.post(LOGIN, {"login": "lee", "password": PASSWORD, "remember": "on"})
    assert client.session.get_expiry_age() == 14 * 24 * 3600
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_a_device_is_forgotten_with_its_browser_unless_asked(client: Client, hana: User) -> None:
    client.post(LOGIN, {"login": "lee", "password": PASSWORD})
    assert client.session.get_expire_at_browser_close()
    assert client.cookies["sessionid"]["max-age"] == ""


@pytest.mark.parametrize("login", ["lee", "nobody", "hana.lee@hibari.example", "nobody@hibari.example"])
def test_a_wrong_password_and_an_unknown_name_are_told_alike(client: Client, hana: User, login: str) -> None:
    page = client.post(LOGIN, {"login": login, "password": "not-it-at-all"})
    assert page.status_code == 200
    assert [str(error) for error in page.context["form"].non_field_errors()] == [
        str(page.context["form"].non_field_errors()[0])
    ]
    assert page.context["form"].errors.as_data()["__all__"][0].code in (
        "username_password_mismatch",
        "email_password_mismatch",
    )
    assert "not-it-at-all" not in page.content.decode()
    assert f'value="{login}"' in page.content.decode()


def test_guessing_stops_after_five_attempts_at_one_name(client: Client, hana: User) -> None:
    for _ in range(5):
        client.post(LOGIN, {"login": "lee", "password": "not-it-at-all"})
    page = client.post(LOGIN, {"login": "lee", "password": PASSWORD})
    assert page.status_code == 200
    assert page.context["form"].errors.as_data()["__all__"][0].code == "too_many_login_attempts"
    assert "_auth_user_id" not in client.session


def test_guessing_stops_after_ten_attempts_from_one_place(client: Client, hana: User) -> None:
    for number in range(10):
        client.post(LOGIN, {"login": f"guess{number}", "password": "not-it-at-all"})
    page = client.post(LOGIN, {"login": "lee", "password": PASSWORD})
    assert page.context["form"].errors.as_data()["__all__"][0].code == "too_many_login_attempts"


def test_attempts_are_counted_among_processes(
    client: Client, hana: User, settings: Settings, tmp_path: Path
) -> None:
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }
    for _ in range(5):
        client.post(LOGIN, {"login": "lee", "password": "not-it-at-all"})
    assert list((tmp_path / "cache").iterdir())
    page = Client().post(LOGIN, {"login": "lee", "password": PASSWORD})
    assert page.context["form"].errors.as_data()["__all__"][0].code == "too_many_login_attempts"


def test_a_demo_person_has_no_password_that_works(client: Client, lee: User) -> None:
    for password in ("", "lee", "!", lee.password):
        client.post(LOGIN, {"login": "lee", "password": password})
    assert "_auth_user_id" not in client.session


def test_a_closed_account_says_that_it_is_closed_to_who_knows_the_password(
    client: Client, hana: User, takahashi: User
) -> None:
    deactivate_person(hana, by=takahashi)
    answer = client.post(LOGIN, {"login": "lee", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_its_open_sessions(signed_in: Enter, hana: User, takahashi: User) -> None:
    client = signed_in(hana)
    assert client.get("/accounts/profile/").status_code == 200
    deactivate_person(hana, by=takahashi)
    assert client.get("/accounts/profile/").status_code == 302


def test_the_old_mail_address_stops_working_with_the_new_one(client: Client, hana: User) -> None:
    client.post(LOGIN, {"login": "hana.lee@hibari.example", "password": PASSWORD})
    client.post("/accounts/logout/")
    change_person(hana, by=hana, details=Details(email="hana@hibari.example"))
    client.post(LOGIN, {"login": "hana.lee@hibari.example", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post(LOGIN, {"login": "hana@hibari.example", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(hana.pk)


def test_signing_out_asks_first_and_then_happens(signed_in: Enter, lee: User) -> None:
    client = signed_in(lee)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    answer = client.post("/accounts/logout/")
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "reauthenticate/",
        "password/set/",
        "login/code/confirm/",
        "login/code/",
        "phone/verify/",
        "whatever-comes/",
    ],
)
def test_what_allauth_brings_beside_is_closed(
    client: Client, signed_in: Enter, takahashi: User, path: str
) -> None:
    for visitor in (client, signed_in(takahashi)):
        assert visitor.get(f"/accounts/{path}").status_code == 404
        assert visitor.post(f"/accounts/{path}", {"username": "x", "password1": PASSWORD}).status_code == 404
    assert User.objects.count() == 5


def test_the_root_of_accounts_leads_to_ones_profile(signed_in: Enter, lee: User) -> None:
    assert signed_in(lee).get("/accounts/")["Location"] == reverse("accounts:profile")


def test_sign_in_without_the_forms_token_is_refused(hana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": "lee", "password": PASSWORD}).status_code == 403


def test_a_password_is_changed_by_who_knows_the_present_one(signed_in: Enter, hana: User) -> None:
    client = signed_in(hana)
    other = signed_in(hana)
    page = client.post(
        "/accounts/password/change/",
        {"oldpassword": "wrong", "password1": "atarashii-kotoba-9", "password2": "atarashii-kotoba-9"},
    )
    assert "oldpassword" in page.context["form"].errors
    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "atarashii-kotoba-9", "password2": "atarashii-kotoba-9"},
    )
    assert answer["Location"] == reverse("accounts:profile")
    hana.refresh_from_db()
    assert hana.check_password("atarashii-kotoba-9")
    assert client.get("/accounts/profile/").status_code == 200
    assert other.get("/accounts/profile/").status_code == 302
    assert AuditEvent.objects.filter(by=hana, verb="set_password", target_id=hana.pk).exists()


@pytest.mark.parametrize("weak", ["short", "password123", "hana.lee@hibari"])
def test_a_weak_password_is_refused_in_words(signed_in: Enter, hana: User, weak: str) -> None:
    page = signed_in(hana).post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )
    assert page.status_code == 200
    assert page.context["form"].errors["password1"]


def test_two_passwords_that_differ_are_told_at_the_second(signed_in: Enter, hana: User) -> None:
    page = signed_in(hana).post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "atarashii-kotoba-9", "password2": "atarashii-kotoba-8"},
    )
    assert len(page.context["form"].errors["password2"]) == 1


def test_who_has_no_password_finds_no_page_to_change_it(signed_in: Enter, lee: User) -> None:
    assert signed_in(lee).get("/accounts/password/change/", follow=True).status_code == 404


def test_a_user_name_that_looks_like_somebodys_address_does_not_open_their_account(
    client: Client, hana: User
) -> None:
    add_person(by=None, details=Details(username="hana.lee@hibari.example"), password="betsu-no-kotoba-3")
    client.post(LOGIN, {"login": "hana.lee@hibari.example", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(hana.pk)


def test_the_session_cookie_is_for_the_server_only(client: Client, hana: User) -> None:
    client.post(LOGIN, {"login": "lee", "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
