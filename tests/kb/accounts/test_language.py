"""The language of the screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client

from kb.accounts.models import User

Enter = Callable[[User], Client]

SWITCH = "/accounts/language/"


@pytest.mark.django_db
def test_a_stranger_reads_the_sites_language_whatever_the_browser_says(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "en,fr;q=0.5"})
    assert page["Content-Language"] == "ja"
    assert '<html lang="ja"' in page.content.decode()
    assert "Cookie" in page["Vary"]


@pytest.mark.django_db
def test_a_stranger_switches_the_language_on_this_device(client: Client) -> None:
    answer = client.post(SWITCH, {"language": "en", "next": "/accounts/login/?next=/search/"})
    assert answer["Location"] == "/accounts/login/?next=/search/"
    page = client.get("/accounts/login/")
    assert page["Content-Language"] == "en"
    assert '<html lang="en"' in page.content.decode()
    assert "Stay signed in on this device" in page.content.decode()
    assert client.cookies[django_settings.LANGUAGE_COOKIE_NAME]["httponly"]


def test_a_persons_own_choice_wins_over_the_device(signed_in: Enter, lee: User) -> None:
    client = signed_in(lee)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/accounts/profile/")["Content-Language"] == "en"
    lee.language = "ja"
    lee.save()
    assert client.get("/accounts/profile/")["Content-Language"] == "ja"


def test_switching_while_signed_in_is_kept_with_the_account(signed_in: Enter, lee: User) -> None:
    client = signed_in(lee)
    client.post(SWITCH, {"language": "en", "next": "/accounts/profile/"})
    lee.refresh_from_db()
    assert lee.language == "en"
    assert signed_in(lee).get("/accounts/profile/")["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["", "fr", "ja ", "../en", "x" * 1000])
@pytest.mark.django_db
def test_a_language_there_is_not_is_not_found(client: Client, language: str) -> None:
    assert client.post(SWITCH, {"language": language}).status_code == 404
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language[:50]
    assert client.get("/accounts/login/")["Content-Language"] == "ja"


@pytest.mark.django_db
def test_switching_never_leads_to_another_site_and_is_never_a_mere_link(client: Client) -> None:
    assert client.post(SWITCH, {"language": "en", "next": "//evil.example/"})["Location"] == "/"
    assert client.get(SWITCH).status_code == 405


def test_every_message_of_sign_in_is_japanese_for_a_japanese_reader(client: Client, lee: User) -> None:
    page = client.post("/accounts/login/", {"login": "lee", "password": "wrong"})
    (error,) = page.context["form"].non_field_errors()
    assert any("ぁ" <= letter <= "ん" for letter in error)
