"""The driver tree: seeded, grown by proposals, kept by editors."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from deals.crm.models import Deal
from deals.retros import drivers as tree
from deals.retros.actions import NotAllowed, UnknownDriver, seed_drivers
from deals.retros.drivers import DriverExists
from deals.retros.models import Driver, Retro
from deals.retros.queries import driver_choices, is_price, path_of
from deals.retros.source import Retros
from kb.accounts.models import User
from tests.deals.retros.retros import a_retro, posted, rated

Enter = Callable[[User], Client]


def driver(key: str) -> Driver:
    return Driver.objects.select_related("parent__parent").get(key=key)


def test_the_first_two_levels_are_there_in_both_languages() -> None:
    assert Driver.objects.filter(level=1).count() == 8
    assert Driver.objects.filter(level=2).count() == 26
    assert not Driver.objects.filter(key="other").exists()
    with translation.override("en"):
        assert path_of(driver("ringi")) == "Process and legal > Internal approval round (ringi)"
    with translation.override("ja"):
        assert str(driver("ringi")) == "稟議"


def test_seeding_again_changes_nothing_and_keeps_a_new_name() -> None:
    Driver.objects.filter(key="trust").update(name_ja="信用")

    seed_drivers()

    assert Driver.objects.count() == 34
    assert driver("trust").name_ja == "信用"


def test_the_database_keeps_the_tree_a_tree() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.create(key="loose", name_ja="宙", name_en="loose", level=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.create(key="top", name_ja="上", name_en="top", level=1, parent=driver("price"))


def test_every_branch_of_price_is_price() -> None:
    assert [key for key in ("price", "discount", "return", "terms") if is_price(driver(key))] == [
        "price",
        "discount",
    ]


def test_a_writers_driver_is_a_proposal_that_the_writer_may_use_at_once(
    lost: Deal, lee: User, mori: User, sato: User
) -> None:
    night = tree.propose_driver(by=lee, parent=driver("incident-response"), name="　夜間の 駆けつけ ")
    assert (night.name_ja, night.level, night.accepted) == ("夜間の 駆けつけ", 3, False)
    with pytest.raises(UnknownDriver):
        a_retro(mori, lost, ratings=[rated(night.key)])
    a_retro(lee, lost, ratings=[rated(night.key)])
    stamps = dict(Retros().stamps())

    tree.accept_driver(by=sato, driver=night, name_ja="夜間の駆けつけ", name_en="Coming at night")

    assert driver(night.key).accepted
    assert dict(Retros().stamps()) != stamps


def test_an_editors_driver_stands_at_once(sato: User) -> None:
    assert tree.propose_driver(by=sato, parent=driver("trust"), name="紹介者").accepted


def test_nothing_hangs_below_an_aspect_and_no_name_comes_twice(lee: User) -> None:
    aspect = tree.propose_driver(by=lee, parent=driver("trust"), name="紹介者")
    with pytest.raises(ValueError):
        tree.propose_driver(by=lee, parent=aspect, name="もっと下")
    with pytest.raises(DriverExists):
        tree.propose_driver(by=lee, parent=driver("trust"), name="紹介者")
    with pytest.raises(DriverExists):
        tree.propose_driver(by=lee, parent=driver("sales"), name="ＴＲＵＳＴ")


def test_who_may_do_what(lee: User, ito: User) -> None:
    with pytest.raises(NotAllowed):
        tree.propose_driver(by=ito, parent=driver("trust"), name="紹介者")
    proposed = tree.propose_driver(by=lee, parent=driver("trust"), name="紹介者")
    with pytest.raises(NotAllowed):
        tree.accept_driver(by=lee, driver=proposed, name_ja="紹介者", name_en="Referrer")
    with pytest.raises(NotAllowed):
        tree.decline_driver(by=lee, driver=proposed, instead=driver("trust"))


def test_what_was_rated_by_a_declined_driver_goes_along(lost: Deal, lee: User, sato: User) -> None:
    aspect = tree.propose_driver(by=lee, parent=driver("trust"), name="紹介者")
    ratings = [
        rated(aspect.key, evidence="紹介の"),
        rated("trust", first=False, evidence="信頼の"),
        rated("fit", says="crm"),
    ]
    a_retro(lee, lost, ratings=ratings)

    tree.decline_driver(by=sato, driver=aspect, instead=driver("trust"))

    found = Retro.objects.get().ratings.filter(says="rep").get()
    assert (found.driver.key, found.first, found.evidence) == ("trust", True, "信頼の\n紹介の")
    assert not Driver.objects.filter(pk=aspect.pk).exists()


def test_an_accepted_driver_is_not_declined(sato: User) -> None:
    with pytest.raises(NotAllowed):
        tree.decline_driver(by=sato, driver=driver("fit"), instead=driver("trust"))


def test_the_select_says_every_line_in_full() -> None:
    with translation.override("en"):
        groups = dict(driver_choices(Driver.objects.select_related("parent__parent")))
    assert groups["Support"][:2] == [("support", "Support"), ("onboarding", "Support > Onboarding")]


# ---------------------------------------------------------------- the page


def test_everyone_reads_the_tree_and_a_stranger_does_not(ito: User, lee: User, signed_in: Enter) -> None:
    page = signed_in(ito).get(reverse("retros:drivers"))

    assert page.status_code == 200
    assert 'name="parent"' not in page.content.decode()
    assert 'name="parent"' in signed_in(lee).get(reverse("retros:drivers")).content.decode()
    assert Client().get(reverse("retros:drivers")).status_code == 302
    assert signed_in(ito).post(reverse("retros:drivers"), {"parent": "trust", "name": "x"}).status_code == 404


def test_a_proposal_is_made_taken_in_and_chosen_on_the_pages(
    lost: Deal, lee: User, mori: User, sato: User, signed_in: Enter
) -> None:
    address = reverse("retros:drivers")
    assert signed_in(lee).post(address, {"parent": "trust", "name": "紹介者"}).status_code == 302
    assert signed_in(lee).post(address, {"parent": "trust", "name": "紹介者"}).status_code == 422
    assert signed_in(lee).post(address, {"parent": "", "name": ""}).status_code == 422
    key = Driver.objects.get(accepted=False).key
    assert key in signed_in(lee).get(reverse("retros:submit", args=[lost.pk])).content.decode()
    assert key not in signed_in(mori).get(reverse("retros:submit", args=[lost.pk])).content.decode()

    accept = reverse("retros:accept", args=[Driver.objects.get(key=key).pk])
    assert signed_in(lee).post(accept).status_code == 404
    assert signed_in(sato).get(accept).status_code == 405
    assert signed_in(sato).post(accept, {"name_ja": "", "name_en": ""}).status_code == 422
    assert signed_in(sato).post(accept, {"name_ja": "紹介者", "name_en": "Trust"}).status_code == 302
    assert signed_in(sato).post(accept, {"name_ja": "紹介者", "name_en": "x"}).status_code == 404

    answer = signed_in(mori).post(reverse("retros:submit", args=[lost.pk]), posted(lost, driver=key))
    assert answer.status_code == 302


def test_a_proposal_is_led_to_another_driver(lee: User, sato: User, signed_in: Enter) -> None:
    proposed = tree.propose_driver(by=lee, parent=driver("trust"), name="信用")
    decline = reverse("retros:decline", args=[proposed.pk])

    assert signed_in(lee).post(decline, {"instead": "trust"}).status_code == 404
    assert signed_in(sato).get(decline).status_code == 405
    assert signed_in(sato).post(decline, {"instead": "nowhere"}).status_code == 404
    assert signed_in(sato).post(decline, {"instead": "trust"}).status_code == 302
    assert not Driver.objects.filter(pk=proposed.pk).exists()
