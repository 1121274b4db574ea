"""One rule of who may read, written in SQL and in tokens: both must say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kb.access.actions import EmptyAudience, set_audience
from kb.access.models import Audience
from kb.access.tokens import tokens_for, tokens_of
from kb.accounts.models import Department, User
from tests.cast import make_cast

NAMES = ["sato", "lee", "mori", "ito", "takahashi"]


def test_an_audience_of_nobody_is_refused(db: None) -> None:
    with pytest.raises(EmptyAudience):
        set_audience(None)


def test_everyone_is_everyone_with_an_open_account(lee: User, ito: User) -> None:
    audience = set_audience(None, everyone=True)
    ito.is_active = False
    ito.save()

    assert Audience.objects.open_to(lee).contains(audience)
    assert not Audience.objects.open_to(ito).exists()
    assert not tokens_for(ito)


def test_an_administrator_is_in_no_audience_by_office(lee: User, takahashi: User) -> None:
    audience = set_audience(None, people=[lee])

    assert Audience.objects.open_to(lee).contains(audience)
    assert not Audience.objects.open_to(takahashi).contains(audience)


def test_joining_a_department_opens_its_things_at_once(lee: User, mori: User) -> None:
    audience = set_audience(None, departments=list(lee.departments.all()))
    assert not Audience.objects.open_to(mori).contains(audience)

    mori.departments.add(*lee.departments.all())

    assert Audience.objects.open_to(mori).contains(audience)
    assert tokens_of(audience) & tokens_for(mori)


def test_an_audience_whose_last_person_has_gone_is_open_to_nobody_and_still_has_a_token(lee: User) -> None:
    audience = set_audience(None, people=[lee])
    audience.people.clear()

    assert not Audience.objects.open_to(lee).contains(audience)
    assert tokens_of(audience)
    assert not tokens_of(audience) & tokens_for(lee)


def test_every_change_of_an_audience_is_counted(lee: User) -> None:
    audience = set_audience(None, people=[lee])
    before = audience.version

    set_audience(audience, everyone=True)

    assert audience.version == before + 1
    assert not audience.people.exists()


class TheTwoRulesAgree(TestCase):
    """Over any people, departments and audiences, SQL and tokens let the same ones in."""

    @given(
        memberships=st.lists(st.sets(st.integers(0, 3)), min_size=5, max_size=5),
        audiences=st.lists(
            st.tuples(st.booleans(), st.sets(st.integers(0, 3)), st.sets(st.integers(0, 4))).filter(any),
            min_size=1,
            max_size=6,
        ),
    )
    def test_sql_and_tokens_agree(
        self, memberships: list[set[int]], audiences: list[tuple[bool, set[int], set[int]]]
    ) -> None:
        cast = make_cast()
        people = [cast[name] for name in NAMES]
        departments = [Department.objects.create(name=f"部門{number}") for number in range(4)]
        for person, chosen in zip(people, memberships, strict=True):
            person.departments.set([departments[number] for number in chosen])
        made = [
            set_audience(
                None,
                everyone=everyone,
                departments=[departments[number] for number in chosen],
                people=[people[number] for number in named],
            )
            for everyone, chosen, named in audiences
        ]
        for person in people:
            by_sql = set(Audience.objects.open_to(person).values_list("pk", flat=True))
            by_tokens = {audience.pk for audience in made if tokens_of(audience) & tokens_for(person)}
            assert by_sql & {audience.pk for audience in made} == by_tokens
