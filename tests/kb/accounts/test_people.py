"""The administrator's pages of people and departments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kb.access.actions import set_audience
from kb.accounts.actions import Details, add_department, add_person
from kb.accounts.models import Department, User
from kb.audit.models import AuditEvent

Enter = Callable[[User], Client]
FORM = {
    "display_name": "山田 彩",
    "username": "aya",
    "email": "aya@kb.example",
    "role": "writer",
    "language": "en",
    "departments": [],
}
PAGES = [
    ("accounts:people", False, "get"),
    ("accounts:add_person", False, "both"),
    ("accounts:person", True, "both"),
    ("accounts:deactivate_person", True, "post"),
    ("accounts:reactivate_person", True, "post"),
    ("accounts:reset_link", True, "post"),
    ("accounts:departments", False, "both"),
    ("accounts:rename_department", True, "both"),
    ("accounts:remove_department", True, "post"),
]


def address(name: str, lee: User, *, numbered: bool) -> str:
    if not numbered:
        return reverse(name)
    return reverse(name, args=[lee.departments.get().pk if "department" in name else lee.pk])


@pytest.mark.parametrize(("name", "numbered", "methods"), PAGES)
def test_every_page_of_people_is_the_administrators(
    client: Client, signed_in: Enter, cast: dict[str, User], name: str, numbered: bool, methods: str
) -> None:
    url = address(name, cast["lee"], numbered=numbered)
    for request in (client.get, client.post):
        answer = request(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
    for outsider in ("ito", "lee", "mori", "sato"):
        for request in (signed_in(cast[outsider]).get, signed_in(cast[outsider]).post):
            assert request(url).status_code == 404
    before = AuditEvent.objects.count()
    boss = signed_in(cast["takahashi"])
    assert boss.delete(url).status_code == 405
    assert boss.get(url).status_code == (405 if methods == "post" else 200)
    if methods == "get":
        assert boss.post(url).status_code == 405
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(("name", "numbered", "methods"), [page for page in PAGES if page[1]])
def test_who_is_not_there_is_not_found(
    signed_in: Enter, takahashi: User, name: str, numbered: bool, methods: str
) -> None:
    boss = signed_in(takahashi)
    assert (boss.post if methods == "post" else boss.get)(reverse(name, args=[999_999])).status_code == 404


# ---------------------------------------------------------------- the list


def listed(client: Client, **query: Any) -> list[str]:
    page = client.get("/people/", query)
    assert page.status_code == 200
    return [person.username for person in page.context["page"]]


def test_people_are_found_by_name_user_name_and_mail_address(signed_in: Enter, takahashi: User) -> None:
    boss = signed_in(takahashi)
    assert len(listed(boss)) == 5
    assert listed(boss, q="森") == ["mori"]
    assert listed(boss, q="ＭＯＲＩ") == ["mori"]
    assert listed(boss, q="takuya.mori@") == ["mori"]
    assert listed(boss, q="ﾊﾅ 李") == ["lee"]
    assert listed(boss, q="% _") == []
    assert listed(boss, q="だれもいない") == []


def test_people_are_narrowed_by_role_and_department_and_state(
    signed_in: Enter, cast: dict[str, User]
) -> None:
    boss = signed_in(cast["takahashi"])
    assert sorted(listed(boss, role="writer")) == ["lee", "mori"]
    assert sorted(listed(boss, role=["writer", "reader"])) == ["ito", "lee", "mori"]
    assert listed(boss, department=cast["mori"].departments.get().pk) == ["mori"]
    assert listed(boss, closed=1) == []
    boss.post(f"/people/{cast['ito'].pk}/deactivate/")
    assert listed(boss, closed=1) == ["ito"]
    assert "ito" not in listed(boss)
    page = boss.get("/people/", {"role": "writer"})
    roles = {choice.value: (choice.count, choice.chosen) for choice in page.context["facets"][0][2]}
    assert roles == {"writer": (2, True), "editor": (1, False), "administrator": (1, False)}


@pytest.mark.parametrize(
    "query",
    [
        {"role": "boss"},
        {"department": "x"},
        {"department": 0},
        {"page": "last"},
        {"page": -3},
        {"q": "x" * 10_000},
    ],
)
def test_filters_nobody_can_mean_are_left_out(
    signed_in: Enter, takahashi: User, query: dict[str, Any]
) -> None:
    assert len(listed(signed_in(takahashi), **query)) == 5


def test_a_long_list_is_paged_and_asks_the_database_no_more_often(
    signed_in: Enter, takahashi: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(60):
        add_person(by=None, details=Details(username=f"p{number:03}", display_name=f"人 {number:03}"))
    boss = signed_in(takahashi)
    with django_assert_max_num_queries(11):  # type: ignore[attr-defined]
        assert len(listed(boss)) == 50
    assert len(listed(boss, page=2)) == 15


# ---------------------------------------------------------------- one person


def test_an_administrator_adds_somebody(signed_in: Enter, takahashi: User, lee: User) -> None:
    sales = lee.departments.get()
    boss = signed_in(takahashi)
    assert boss.get("/people/new/").status_code == 200
    answer = boss.post("/people/new/", FORM | {"departments": [sales.pk]})
    aya = User.objects.get(username="aya")
    assert answer["Location"] == f"/people/{aya.pk}/"
    assert (str(aya), aya.email, aya.role, aya.language, aya.demo_line) == (
        "山田 彩",
        "aya@kb.example",
        "writer",
        "en",
        "",
    )
    assert list(aya.departments.all()) == [sales]
    assert not aya.has_usable_password()
    event = AuditEvent.objects.get(verb="add_person", target_id=aya.pk)
    assert (event.by, event.detail) == (takahashi, {"role": "writer"})
    assert "/reset-link/" in boss.get(answer["Location"]).content.decode()


def test_an_administrator_changes_role_and_departments(
    signed_in: Enter, takahashi: User, lee: User, mori: User
) -> None:
    support = mori.departments.get()
    form = {
        "display_name": "李 ハナ",
        "username": "lee",
        "email": lee.email,
        "role": "editor",
        "language": "",
        "departments": [support.pk],
    }
    assert signed_in(takahashi).post(f"/people/{lee.pk}/", form).status_code == 302
    lee.refresh_from_db()
    assert lee.role == "editor"
    assert list(lee.departments.all()) == [support]
    assert AuditEvent.objects.get(verb="change_person").detail == {
        "changed": ["role", "departments"],
        "role": "editor",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "LEE"),
        ("username", "two words"),
        ("username", "<script>"),
        ("username", "x" * 151),
        ("email", "Hana.Lee@hibari.example"),
        ("email", "nobody"),
        ("role", "owner"),
        ("language", "fr"),
        ("departments", ["0"]),
        ("display_name", ""),
        ("display_name", "\u2066x\u2069"),
    ],
)
def test_what_cannot_be_used_is_told_and_nobody_is_added(
    signed_in: Enter, takahashi: User, field: str, value: object
) -> None:
    page = signed_in(takahashi).post("/people/new/", FORM | {field: value})
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert User.objects.count() == 5


def test_the_only_administrator_stays_one(signed_in: Enter, takahashi: User) -> None:
    boss = signed_in(takahashi)
    form = {
        "display_name": "高橋 由紀",
        "username": "takahashi",
        "email": "",
        "role": "reader",
        "language": "",
    }
    page = boss.post(f"/people/{takahashi.pk}/", form)
    assert page.context["form"].errors["role"]
    boss.post(f"/people/{takahashi.pk}/deactivate/")
    takahashi.refresh_from_db()
    assert takahashi.is_administrator
    assert takahashi.is_active
    assert takahashi.email


def test_an_account_is_closed_and_opened_again(signed_in: Enter, takahashi: User, lee: User) -> None:
    boss, hers = signed_in(takahashi), signed_in(lee)
    assert boss.post(f"/people/{lee.pk}/deactivate/")["Location"] == f"/people/{lee.pk}/"
    assert hers.get("/accounts/profile/").status_code == 302
    assert "/reactivate/" in boss.get(f"/people/{lee.pk}/").content.decode()
    assert boss.post(f"/people/{lee.pk}/reset-link/").status_code == 404
    boss.post(f"/people/{lee.pk}/reactivate/")
    assert signed_in(lee).get("/accounts/profile/").status_code == 200
    verbs = (
        AuditEvent.objects.filter(target_id=lee.pk, by=takahashi)
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == ["deactivate_person", "reactivate_person"]


def test_a_demo_persons_page_offers_no_link(signed_in: Enter, takahashi: User, lee: User) -> None:
    boss = signed_in(takahashi)
    assert "/reset-link/" not in boss.get(f"/people/{lee.pk}/").content.decode()
    assert boss.post(f"/people/{lee.pk}/reset-link/").status_code == 404


# ---------------------------------------------------------------- departments


def test_departments_are_added_renamed_and_removed(signed_in: Enter, takahashi: User) -> None:
    boss = signed_in(takahashi)
    assert boss.post("/people/departments/", {"name": " 第三　営業部 "}).status_code == 302
    third = Department.objects.get(name="第三 営業部")
    assert boss.post(f"/people/departments/{third.pk}/", {"name": "第三営業部"}).status_code == 302
    third.refresh_from_db()
    assert third.name == "第三営業部"
    boss.post(f"/people/departments/{third.pk}/remove/")
    assert not Department.objects.filter(pk=third.pk).exists()
    verbs = (
        AuditEvent.objects.filter(by=takahashi).order_by("pk").values_list("verb", "target_name", "detail")
    )
    assert list(verbs) == [
        ("add_department", "第三 営業部", {}),
        ("rename_department", "第三営業部", {"before": "第三 営業部"}),
        ("remove_department", "第三営業部", {}),
    ]


@pytest.mark.parametrize("name", ["", "  ", "ﾏｰｹﾃｨﾝｸﾞ", "マーケティング ", "x" * 101, "a\u200bb"])
def test_a_department_needs_a_name_of_its_own(signed_in: Enter, takahashi: User, name: str) -> None:
    boss = signed_in(takahashi)
    before = Department.objects.count()
    assert boss.post("/people/departments/", {"name": name}).context["form"].errors
    assert Department.objects.count() == before
    other = Department.objects.exclude(name="マーケティング")[0]
    assert boss.post(f"/people/departments/{other.pk}/", {"name": name}).context["form"].errors
    other.refresh_from_db()
    assert other.name != name


def test_a_department_may_be_respelt_in_its_own_case(signed_in: Enter, takahashi: User) -> None:
    department = add_department(by=takahashi, name="it")
    signed_in(takahashi).post(f"/people/departments/{department.pk}/", {"name": "IT"})
    department.refresh_from_db()
    assert department.name == "IT"


def test_a_department_with_people_or_readers_is_kept(signed_in: Enter, takahashi: User, lee: User) -> None:
    boss = signed_in(takahashi)
    sales = lee.departments.get()
    boss.post(f"/people/departments/{sales.pk}/remove/")
    empty = add_department(by=takahashi, name="監査")
    audience = set_audience(None, departments=[empty])
    boss.post(f"/people/departments/{empty.pk}/remove/")
    assert Department.objects.filter(pk__in=[sales.pk, empty.pk]).count() == 2
    assert audience.departments.count() == 1
