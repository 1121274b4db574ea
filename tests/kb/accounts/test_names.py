"""What a name may hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kb.accounts.actions import Details, add_person
from kb.accounts.models import User
from kb.accounts.names import clean_name

Enter = Callable[[User], Client]

FINE = [
    "佐藤 美咲",
    "O'Brien-Müller, Jr.",
    "محمد بن سلمان",
    "שלום עליכם",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE accounts_user;--",
    "{{ 7 * 7 }} {% url 'home' %}",
    "%s %(name)s {0}",
    "null",
    "../../etc/passwd",
    "👩‍👩‍👧",
    "می‌خواهم",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "ｱｲｳ㈱",
    "x" * 100,
]
WRONG = [
    "",
    " ",
    "　",
    "\u200d",
    "a\x00b",
    "a\x1b[31mb",
    "a\u202eb",
    "\u2067a",
    "a\u200bb",
    "\ufeffa",
    "a\ue000b",
    "\ud800",
    "x" * 101,
]


@pytest.mark.parametrize("name", FINE)
def test_a_name_one_can_read_is_kept(name: str) -> None:
    assert clean_name(f"  {name}\n") == name


@pytest.mark.parametrize("name", WRONG, ids=ascii)
def test_a_name_one_cannot_read_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_name(name)
    assert refusal.value.messages


@given(st.text(max_size=120))
def test_a_name_is_kept_whole_or_refused(text: str) -> None:
    try:
        name = clean_name(text)
    except ValidationError:
        return
    assert 0 < len(name) <= 100
    assert clean_name(name) == name


@pytest.mark.parametrize("name", FINE)
def test_hostile_names_are_shown_as_typed_on_every_page(signed_in: Enter, takahashi: User, name: str) -> None:
    person = add_person(by=takahashi, details=Details(username="hostile", display_name=name))
    boss = signed_in(takahashi)
    for page in ("/people/", f"/people/{person.pk}/", "/people/?q=hostile"):
        text = boss.get(page).content.decode()
        assert "<script>alert" not in text
        assert "49" not in text.split("<main")[1].split("</h1>")[0]
    assert boss.get(f"/people/{person.pk}/").context["person"].display_name == name
