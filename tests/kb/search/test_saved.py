"""Saved searches: kept under a name, found on the blank page, removed by who saved them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from kb.accounts.models import User
from kb.search import actions
from kb.search.addresses import kept, narrowing
from kb.search.index import drain
from kb.search.models import SavedSearch
from kb.search.queries import saved_searches
from tests.factories import an_article

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
SAVE = "/search/saved/"
ADDRESS = "q=%E5%A4%B1%E6%B3%A8&kind=faq&kind=news&since=3m"


def test_a_search_is_saved_from_its_page_and_found_again(signed_in: Enter, lee: User) -> None:
    an_article(lee, "失注", kind="faq")
    drain()
    client = signed_in(lee)
    html = client.get(f"/search/?{ADDRESS}&page=1").content.decode()
    assert f'name="address" value="{ADDRESS.replace("&", "&amp;")}"' in html
    assert 'name="name" class="form-control" value="失注"' in html

    answer = client.post(SAVE, {"name": " 失注の FAQ ", "address": ADDRESS}, follow=True)

    (saved,) = saved_searches(lee)
    assert (saved.name, saved.get_absolute_url()) == ("失注の FAQ", f"/search/?{ADDRESS}")
    assert answer.redirect_chain == [(saved.get_absolute_url(), 302)]
    assert f'action="{SAVE}{saved.pk}/remove/"' in answer.content.decode()
    assert "失注の FAQ" in client.get("/search/").content.decode()


def test_the_same_search_is_saved_once_and_renamed(lee: User) -> None:
    actions.save_search(by=lee, name="一", address=ADDRESS)
    actions.save_search(by=lee, name="二", address=ADDRESS)

    assert [saved.name for saved in saved_searches(lee)] == ["二"]


def test_saved_searches_are_offered_by_their_name(lee: User, mori: User) -> None:
    for name in ("失注の FAQ", "ＳＳＯ", "sso の競合"):
        actions.save_search(by=lee, name=name, address=f"q={name}")

    assert {saved.name for saved in saved_searches(lee, "sso")} == {"ＳＳＯ", "sso の競合"}
    assert len(saved_searches(lee, limit=2)) == 2
    assert saved_searches(mori) == []


def test_one_removes_ones_own_only(signed_in: Enter, lee: User, mori: User) -> None:
    saved = actions.save_search(by=lee, name="失注", address="q=失注")
    address = f"{SAVE}{saved.pk}/remove/"

    assert signed_in(mori).post(address).status_code == 404
    with pytest.raises(actions.NotAllowed):
        actions.remove_saved_search(by=mori, saved=saved)
    assert signed_in(lee).post(address).status_code == 302
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("address", [SAVE, f"{SAVE}1/remove/"])
def test_these_need_sign_in_and_post(client: Client, signed_in: Enter, ito: User, address: str) -> None:
    assert "/accounts/login/" in client.post(address)["Location"]
    assert signed_in(ito).get(address).status_code == 405


def test_a_search_too_long_to_keep_says_so(signed_in: Enter, lee: User) -> None:
    answer = signed_in(lee).post(SAVE, {"name": "長い", "address": f"q={'a' * 1_001}"}, follow=True)

    assert answer.status_code == 200
    assert "notice-lost" in answer.content.decode()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("address", ["", "page=2", "q=", "q=%20&kind="])
def test_nothing_is_no_search(signed_in: Enter, lee: User, address: str) -> None:
    assert signed_in(lee).post(SAVE, {"name": "無", "address": address}).status_code == 404


PARTS = st.lists(
    st.tuples(st.sampled_from(["q", "kind", "tag", "page", "sort"]), st.text(max_size=5)), max_size=8
)


@given(PARTS)
@example([("q", "\x00")])
def test_the_same_search_has_one_address(parts: list[tuple[str, str]]) -> None:
    query = QueryDict(mutable=True)
    for name, value in parts:
        query.appendlist(name, value)
    address = kept(query)

    assert kept(QueryDict(address)) == address
    assert "page" not in QueryDict(address)
    assert set(QueryDict(narrowing(query))) <= {"kind", "tag"}
