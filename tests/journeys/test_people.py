"""From an empty site to a colleague at work: set-up, invitation, first password, another department."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from kb.accounts.models import Department, User


@pytest.mark.django_db
def test_an_empty_site_gets_its_people() -> None:
    out = StringIO()
    call_command("setup_link", base="http://testserver", stdout=out)
    boss = Client()
    own = {
        "display_name": "高橋 由紀",
        "username": "takahashi",
        "email": "yuki@kb.example",
        "password1": "saisho-no-kotoba-1",
        "password2": "saisho-no-kotoba-1",
        "department": "情報システム",
    }
    assert boss.post(out.getvalue().strip(), own)["Location"] == "/"

    boss.post("/people/departments/", {"name": "第一営業部"})
    sales = Department.objects.get(name="第一営業部")
    hana = {"display_name": "李 ハナ", "username": "lee", "email": "", "role": "reader", "language": "ja"}
    page = boss.post("/people/new/", hana | {"departments": [sales.pk]}, follow=True)
    link = boss.post(page.redirect_chain[-1][0] + "reset-link/").context["link"]

    colleague = Client()
    form = colleague.get(link, follow=True)
    password = {"password1": "hajimete-no-kotoba-2", "password2": "hajimete-no-kotoba-2"}
    colleague.post(form.context["action_url"], password)
    signed = colleague.post("/accounts/login/", {"login": "lee", "password": "hajimete-no-kotoba-2"})
    assert signed["Location"] == "/"
    assert "第一営業部" in colleague.get("/accounts/profile/").content.decode()
    assert colleague.get("/people/").status_code == 404

    lee = User.objects.get(username="lee")
    boss.post(f"/people/{lee.pk}/", hana | {"role": "administrator", "departments": [sales.pk]})
    assert colleague.get("/people/").status_code == 200
    boss.post("/accounts/logout/")
    assert boss.get("/people/").status_code == 302
