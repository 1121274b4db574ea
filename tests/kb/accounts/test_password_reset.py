"""A forgotten password: by mail, and by an administrator who passes a link on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from kb.accounts.actions import DemoPerson, Details, NotAllowed, add_person, make_reset_link
from kb.accounts.models import User
from kb.audit.models import AuditEvent

Enter = Callable[[User], Client]

RESET = "/accounts/password/reset/"
NEW = "kotoba-no-hashi-5"


@pytest.fixture
def aya(takahashi: User) -> User:
    """Somebody who is no demo person, with a password."""
    details = Details(username="aya", display_name="山田 彩", email="aya@kb.example", language="ja")
    return add_person(by=takahashi, details=details, password="mukashi-no-kotoba-1")


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://\S+", str(message.body))
    assert found
    return found.group()


def choose(client: Client, link: str, password: str = NEW) -> Any:
    """Follow a link and type the new password twice; the last answer."""
    page = client.get(link, follow=True)
    action = page.context["action_url"]
    return client.post(action, {"password1": password, "password2": password}, follow=True)


def test_a_forgotten_password_is_renewed_by_mail(client: Client, aya: User) -> None:
    assert client.get(RESET).status_code == 200
    answer = client.post(RESET, {"email": "Aya@KB.example"})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert client.get(answer["Location"]).status_code == 200
    (message,) = mail.outbox
    assert message.to == ["aya@kb.example"]
    link = link_in(message)
    assert link.startswith("http://testserver/accounts/password/reset/key/")
    answer = choose(client, link)
    assert answer.status_code == 200
    aya.refresh_from_db()
    assert aya.check_password(NEW)
    assert AuditEvent.objects.filter(verb="set_password", target_id=aya.pk, by=aya).count() == 1


def test_the_link_works_once(client: Client, aya: User) -> None:
    client.post(RESET, {"email": "aya@kb.example"})
    link = link_in(mail.outbox[0])
    choose(client, link)
    again = Client().get(link, follow=True)
    assert again.context["token_fail"]
    aya.refresh_from_db()
    assert aya.check_password(NEW)


def test_a_weak_password_is_refused_and_the_link_still_works(client: Client, aya: User) -> None:
    client.post(RESET, {"email": "aya@kb.example"})
    link = link_in(mail.outbox[0])
    page = choose(client, link, "short")
    assert page.context["form"].errors["password1"]
    choose(client, link)
    aya.refresh_from_db()
    assert aya.check_password(NEW)


def test_an_old_link_does_not_work(client: Client, aya: User, settings: Settings) -> None:
    client.post(RESET, {"email": "aya@kb.example"})
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link_in(mail.outbox[0]), follow=True).context["token_fail"]


@pytest.mark.parametrize("link", ["1-abc", "zzzz-set-password", "0-0", "1-" + "x" * 500])
@pytest.mark.django_db
def test_an_invented_link_does_not_work(client: Client, link: str) -> None:
    page = client.get(f"/accounts/password/reset/key/{link}/", follow=True)
    assert page.status_code == 200
    assert page.context["token_fail"]


def test_the_mail_speaks_the_readers_language(client: Client, aya: User) -> None:
    client.cookies["kotohashi_language"] = "en"
    client.post(RESET, {"email": "aya@kb.example"})
    aya.language = "en"
    aya.save()
    client.cookies["kotohashi_language"] = "ja"
    client.post(RESET, {"email": "aya@kb.example"})
    japanese, english = mail.outbox
    assert english.subject == "[Kotohashi] A link to a new password"
    assert "The link works once" in str(english.body)
    assert "The link works once" not in str(japanese.body)
    assert "山田 彩" in str(japanese.body)


def test_an_address_nobody_has_is_answered_alike_and_gets_no_mail(client: Client, aya: User) -> None:
    known = client.post(RESET, {"email": "aya@kb.example"})
    unknown = client.post(RESET, {"email": "nobody@kb.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["aya@kb.example"]]


def test_a_demo_person_and_a_closed_account_get_no_mail(client: Client, aya: User, lee: User) -> None:
    aya.is_active = False
    aya.save()
    client.post(RESET, {"email": "aya@kb.example"})
    client.post(RESET, {"email": lee.email})
    assert mail.outbox == []


def test_the_mails_for_one_address_are_limited(client: Client, aya: User) -> None:
    answers = [client.post(RESET, {"email": "aya@kb.example"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_the_link_in_the_mail_names_the_sites_own_address(
    client: Client, aya: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://kb.example"
    client.post(RESET, {"email": "aya@kb.example"})
    assert link_in(mail.outbox[0]).startswith("https://kb.example/accounts/password/reset/key/")


def test_an_administrator_makes_a_link_to_pass_on(signed_in: Enter, takahashi: User, aya: User) -> None:
    page = signed_in(takahashi).post(f"/people/{aya.pk}/reset-link/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page.context["link"] in page.content.decode()
    assert mail.outbox == []
    assert AuditEvent.objects.filter(by=takahashi, verb="make_reset_link", target_id=aya.pk).exists()
    choose(Client(), page.context["link"])
    aya.refresh_from_db()
    assert aya.check_password(NEW)


def test_the_old_password_works_until_the_link_is_used(client: Client, takahashi: User, aya: User) -> None:
    make_reset_link(aya, by=takahashi)
    client.post("/accounts/login/", {"login": "aya", "password": "mukashi-no-kotoba-1"})
    assert client.session["_auth_user_id"] == str(aya.pk)


def test_no_link_is_made_by_others_nor_for_demo_people(takahashi: User, lee: User, aya: User) -> None:
    with pytest.raises(NotAllowed):
        make_reset_link(aya, by=lee)
    with pytest.raises(DemoPerson):
        make_reset_link(lee, by=takahashi)
