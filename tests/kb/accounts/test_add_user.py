"""The command that adds people."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from kb.accounts.models import Department, User
from kb.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("add_user", *arguments, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    assert answer.pop("schema") == 1
    return answer


def refused(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("add_user", *arguments, "--json", stdout=out)
    error = json.loads(out.getvalue())["error"]
    assert error["message"]
    return int(str(end.value.code)), error["code"]


def test_a_person_is_added_with_departments_that_were_missing() -> None:
    answer = run(
        "aya",
        "--display",
        "山田 彩",
        "--department",
        "営業",
        "--department",
        "支援",
        "--role",
        "writer",
        "--language",
        "en",
    )
    assert answer == {"user": "aya", "created": True, "departments": ["営業", "支援"], "role": "writer"}
    aya = User.objects.get()
    assert (aya.display_name, aya.language, aya.has_usable_password()) == ("山田 彩", "en", False)
    assert AuditEvent.objects.get(verb="add_person").by is None


def test_a_name_alone_is_enough() -> None:
    assert run("aya") == {"user": "aya", "created": True, "departments": [], "role": "reader"}
    assert str(User.objects.get()) == "aya"


def test_the_second_time_changes_nothing_and_says_so() -> None:
    arguments = ("aya", "--display", "山田 彩", "--department", "営業", "--role", "writer")
    run(*arguments)
    count = AuditEvent.objects.count()
    assert run(*arguments) == {"user": "aya", "created": False, "departments": ["営業"], "role": "writer"}
    assert AuditEvent.objects.count() == count


def test_only_what_is_named_is_changed() -> None:
    run("aya", "--display", "山田 彩", "--department", "営業", "--role", "writer")
    assert run("AYA", "--role", "editor") == {
        "user": "aya",
        "created": False,
        "departments": ["営業"],
        "role": "editor",
    }
    assert run("aya", "--department", "支援")["departments"] == ["支援"]
    assert User.objects.get().display_name == "山田 彩"


def test_spellings_of_one_department_are_one() -> None:
    assert run("aya", "--department", "Sales", "--department", "ＳＡＬＥＳ")["departments"] == ["Sales"]
    assert run("ken", "--department", "sales")["departments"] == ["Sales"]
    assert Department.objects.count() == 1


def test_the_password_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("tonari-no-ringi-7\nnot this\n"))
    run("aya", "--password-stdin")
    client.post("/accounts/login/", {"login": "aya", "password": "tonari-no-ringi-7"})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_the_same_password_again_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.StringIO("tonari-no-ringi-7"))
        run("aya", "--password-stdin")
    assert AuditEvent.objects.filter(verb="set_password").count() == 1


def test_a_weak_password_is_refused_and_nobody_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("pw\n"))

    assert refused("aya", "--password-stdin") == (1, "weak_password")
    assert not User.objects.exists()


def test_whoever_insists_may_use_a_weak_password_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("pw"))
    err = io.StringIO()
    call_command("add_user", "aya", "--password-stdin", "--allow-weak", stdout=io.StringIO(), stderr=err)
    assert err.getvalue().isascii()
    assert "too short" in err.getvalue()
    assert User.objects.get().check_password("pw")


def test_no_password_on_standard_input_is_refused_and_nobody_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert refused("aya", "--password-stdin") == (1, "empty_password")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("two words",), "invalid_username"),
        (("",), "invalid_username"),
        (("x" * 151,), "invalid_username"),
        (("aya", "--display", "a\u202eb"), "unreadable_name"),
        (("aya", "--display", "x" * 101), "long_name"),
        (("aya", "--department", " "), "empty_name"),
        (("aya", "--email", "nobody"), "invalid_email"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_refused_whole(arguments: tuple[str, ...], code: str) -> None:
    assert refused(*arguments) == (1, code)
    assert not User.objects.exists()
    assert not Department.objects.exists()


def test_the_last_administrator_stays_one() -> None:
    run("boss", "--role", "administrator")
    assert refused("boss", "--role", "reader", "--department", "新部署") == (1, "last_administrator")
    assert User.objects.get().is_administrator
    assert not Department.objects.exists()


def test_for_a_person_it_answers_in_a_line() -> None:
    out = io.StringIO()
    call_command("add_user", "aya", "--department", "営業", stdout=out)
    assert "aya" in out.getvalue()
    assert "営業" in out.getvalue()
