"""One's own page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kb.accounts.actions import set_password
from kb.accounts.models import User
from kb.audit.models import AuditEvent

Enter = Callable[[User], Client]

PROFILE = "/accounts/profile/"
FORM = {"display_name": "李 ハナ", "email": "hana.lee@hibari.example", "language": "ja", "theme": "auto"}


def test_a_person_changes_what_is_theirs(signed_in: Enter, lee: User) -> None:
    client = signed_in(lee)
    assert client.get(PROFILE).status_code == 200
    changed = {"display_name": "  Hana   Lee ", "email": "Hana@KB.example", "language": "en", "theme": "dark"}
    assert client.post(PROFILE, changed)["Location"] == PROFILE
    lee.refresh_from_db()
    assert (lee.display_name, lee.email, lee.language, lee.theme) == (
        "Hana Lee",
        "hana@kb.example",
        "en",
        "dark",
    )
    page = client.get(PROFILE)
    assert page["Content-Language"] == "en"
    assert 'data-theme="dark"' in page.content.decode()
    assert AuditEvent.objects.get(verb="change_person").detail == {
        "changed": ["display_name", "email", "language", "theme"]
    }


def test_saving_what_is_there_already_leaves_no_entry(signed_in: Enter, lee: User) -> None:
    lee.language = "ja"
    lee.save()
    signed_in(lee).post(PROFILE, FORM)
    assert not AuditEvent.objects.filter(verb="change_person").exists()


def test_role_user_name_and_departments_are_not_ones_own_to_change(
    signed_in: Enter, lee: User, takahashi: User
) -> None:
    department = takahashi.departments.get()
    extra = {
        "role": "administrator",
        "username": "boss",
        "departments": [department.pk],
        "is_superuser": "on",
    }
    signed_in(lee).post(PROFILE, FORM | extra)
    lee.refresh_from_db()
    assert (lee.role, lee.username, lee.is_superuser) == ("writer", "lee", False)
    assert [str(one) for one in lee.departments.all()] == ["第一営業部"]
    page = signed_in(lee).get(PROFILE).content.decode()
    assert "第一営業部" in page
    assert 'name="departments"' not in page


def test_an_administrator_changes_their_own_departments(signed_in: Enter, takahashi: User, lee: User) -> None:
    sales = lee.departments.get()
    form = {
        "display_name": "高橋 由紀",
        "email": "",
        "language": "ja",
        "theme": "auto",
        "departments": [sales.pk],
    }
    signed_in(takahashi).post(PROFILE, form)
    assert takahashi.departments.get() == sales


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "x" * 101),
        ("display_name", "abc\u202edef"),
        ("display_name", "a\x00b"),
        ("email", "nobody"),
        ("email", "takuya.mori@hibari.example"),
        ("email", "Takuya.MORI@hibari.example"),
        ("language", "fr"),
        ("theme", "pink"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(
    signed_in: Enter, lee: User, field: str, value: str
) -> None:
    page = signed_in(lee).post(PROFILE, FORM | {field: value})
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert page.context["form"][field].value() == value
    lee.refresh_from_db()
    assert (lee.display_name, lee.email) == ("李 ハナ", "hana.lee@hibari.example")


def test_who_has_a_password_is_shown_where_to_change_it(signed_in: Enter, lee: User) -> None:
    assert "/accounts/password/change/" not in signed_in(lee).get(PROFILE).content.decode()
    set_password(lee, by=None, password="tonari-no-ringi-7")
    client = signed_in(lee)
    assert "/accounts/password/change/" in client.get(PROFILE).content.decode()
    assert client.get("/accounts/password/change/").status_code == 200


def test_a_stranger_has_no_profile_and_it_takes_no_other_method(
    client: Client, signed_in: Enter, lee: User
) -> None:
    assert client.get(PROFILE).status_code == 302
    assert client.post(PROFILE, FORM).status_code == 302
    assert signed_in(lee).delete(PROFILE).status_code == 405
