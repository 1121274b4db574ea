"""What may have been meant: slips in Latin and kana, wrong conversions, and never a word the viewer may not see."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import example, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.search import registry
from kb.search.engines.base import Engine, EnginePage, Request
from kb.search.find import answer
from kb.search.find.corrections import corrections
from kb.search.index import drain
from kb.text import fold
from tests.factories import an_article
from tests.kb.glossary.terms import a_term, only

pytestmark = pytest.mark.django_db


def offered(query: str, viewer: User) -> list[str]:
    return [correction.text for correction in corrections(query, viewer)]


def a_page(by: User, title: str, body: str = "本文です。", **said: object) -> None:
    an_article(by, title, body, **said)  # type: ignore[arg-type]
    drain()


# ------------------------------------------------------------------ slips
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Salesfroce", "Salesforce"),
        ("SALESFORCEE", "Salesforce"),
        ("onbording", "onboarding"),
        ("onboardign plan", "onboarding plan"),
        ("integation", "integrations"),
        ("しょだん", "商談"),
        ("しょうだんn", ""),
        ("じゅちゅりつ", "受注率"),
        ("マーケテング", "マーケティング"),
        ("しょうだんお", "商談"),
        ("商段", "商談"),
        ("商段の記録", "商談の記録"),
        ("競号", ""),
    ],
)
def test_a_slip_leads_to_the_word(lee: User, typed: str, meant: str) -> None:
    a_page(lee, "Salesforce integrations", "Plan the onboarding with care.")
    a_page(lee, "商談の記録とマーケティング", "受注率を上げる。")

    assert offered(typed, lee) == ([meant] if meant else [])


@pytest.mark.parametrize(
    "typed", ["商談", "Salesforce", "しょうだん", "plan", "", "()", "xyzzy", "xyzzy plan", "SSO", "んんん"]
)
def test_a_known_word_and_one_like_nothing_lead_nowhere(lee: User, typed: str) -> None:
    a_page(lee, "Salesforceの商談", "Plan it.")

    assert offered(typed, lee) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("失柱", "失注"),
        ("失柱の記録", "失注の記録"),
        ("商淡", "商談"),
        ("契役", "契約"),
        ("顧各", "顧客"),
        ("稟義", "稟議"),
        ("競合分折", "競合分析"),
        ("分折", "分析"),
        ("導人支援", "導入支援"),
        ("価格交捗", "価格交渉"),
        ("決栽者", "決裁者"),
        ("顧客満足土", "顧客満足度"),
        ("失火", ""),
        ("商法", ""),
        ("商談中", ""),
        ("導入分析", ""),
    ],
)
def test_one_wrong_character_leads_to_the_word_but_a_word_of_its_own_does_not(
    lee: User, typed: str, meant: str
) -> None:
    a_page(lee, "失注の記録", "稟議は決裁者にまわす。")
    a_page(lee, "商談の準備と競合分析", "導入支援の契約。商談後の価格交渉。")
    a_page(lee, "顧客満足度")

    assert [(one.text, one.sure) for one in corrections(typed, lee)] == ([(meant, False)] if meant else [])


@pytest.mark.parametrize(
    "typed", ["しょうaん", "しょうぁん", "けいやaしょ", "onboardinん", "ab-onbording-zzyx"]
)
def test_a_piece_of_a_word_is_not_mended_by_itself(lee: User, typed: str) -> None:
    a_page(lee, "けいやくしょ")
    a_page(lee, "onboarding")

    assert offered(typed, lee) == []


class Counted:
    """An engine that counts how often it is asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.asked = 0

    def search(self, request: Request) -> EnginePage:
        self.asked += 1
        return self.engine.search(request)


STRANGE = [f"zzx{one}{other}q" for one in "abcdefgh" for other in "stuv"]


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        (" ".join(STRANGE), 0),
        ("-".join(STRANGE), 3),
        ("&".join(STRANGE), 3),
        (" ".join(STRANGE[:6]), 3),
        (" ".join("-".join(STRANGE[at : at + 5]) for at in range(0, 30, 5)), 6),
        ("未知語彙" * 8, 6),
        ("失柱 契役 顧各 稟義 分折 導人支援", 40),
    ],
)
def test_however_many_unknown_words_there_are_the_engine_is_asked_a_few_times(
    lee: User, monkeypatch: pytest.MonkeyPatch, typed: str, asks: int
) -> None:
    a_page(lee, "失注の記録と契約", "顧客の稟議の分析と導入支援")
    counted = Counted(registry.engine())
    monkeypatch.setattr(registry, "engine", lambda: counted)

    corrections(typed, lee)

    assert counted.asked <= asks


def test_a_form_of_a_term_is_meant_but_never_one_that_should_not_be_written(sato: User) -> None:
    a_term(
        sato, "顧客生涯価値", other_language="lifetime value", aliases=["churnless"], forbidden=["lifetimely"]
    )
    drain()

    assert offered("lifetmie", sato) == ["lifetime"]
    assert offered("churnles", sato) == []  # its stem is known
    assert offered("churnlezs", sato) == ["churnless"]
    assert "lifetimely" not in offered("lifetimel", sato)


def test_the_reading_of_a_term_is_no_second_meaning_beside_it(sato: User) -> None:
    a_term(sato, "商談", reading="しょうだん")
    drain()

    assert [(one.text, one.sure) for one in corrections("しょだん", sato)] == [("商談", True)]
    assert offered("商段", sato) == ["商談"]


def test_homophones_are_offered_and_none_is_taken_for_granted(sato: User) -> None:
    a_page(sato, "構成の話")
    a_page(sato, "公正な校正")

    found = corrections("こうせえ", sato)

    assert {one.text for one in found} == {"構成", "公正", "校正"}
    assert not any(one.sure for one in found)


def test_a_word_that_is_far_commoner_than_others_as_near_is_surely_meant(lee: User) -> None:
    a_page(lee, "書店の話")
    for number in range(4):
        an_article(lee, f"商談{number}", "x")
    drain()
    assert next((one.text, one.sure) for one in corrections("しょだん", lee)) == ("商談", False)

    a_page(lee, "商談五")

    assert [(one.text, one.sure) for one in corrections("しょだん", lee)] == [("商談", True), ("書店", False)]


def test_a_rare_word_may_be_a_slip_when_another_is_in_many_more(lee: User) -> None:
    a_page(lee, "Salesfroce", "x")
    for number in range(5):
        a_page(lee, f"Salesforce {number}", "x")

    assert answer("Salesfroce", viewer=lee).did_you_mean == ("Salesforce",)
    assert answer("Salesforce", viewer=lee).did_you_mean == ()


def test_a_long_query_is_left_alone(lee: User) -> None:
    a_page(lee, "Salesforce")

    assert offered("one two three four five six Salesfroce", lee) == []


def test_a_slip_is_seen_among_operators_and_left_out_words_are_left_alone(lee: User) -> None:
    a_page(lee, "Salesforceの設定", kind="faq")

    assert offered("Salesfroce 種別:FAQ", lee) == ["Salesforce 種別:FAQ"]
    assert offered('"Salesfroce" OR 設定', lee) == ['"Salesforce" OR 設定']
    assert offered("設定 -Salesfroce", lee) == []


# ------------------------------------------------------------------ on the page
Enter = Callable[[User], Client]


def page(client: Client, **query: str | int) -> str:
    return client.get("/search/", query).content.decode()


def test_a_query_that_finds_nothing_is_asked_as_it_was_surely_meant(
    signed_in: Enter, lee: User, ito: User
) -> None:
    a_page(lee, "Salesforceの設定")

    html = page(signed_in(ito), q="Salesfroce")

    assert "<mark>Salesforce</mark>の設定" in html
    assert "exactly=1" in html
    assert 'value="Salesfroce"' in html


def test_what_was_typed_can_be_searched_for_as_it_stands(signed_in: Enter, lee: User, ito: User) -> None:
    a_page(lee, "Salesforceの設定")

    html = page(signed_in(ito), q="Salesfroce", exactly=1)

    assert "の設定" not in html
    assert 'href="/search/?q=Salesforce"' in html


def test_a_doubtful_meaning_is_only_offered(signed_in: Enter, lee: User) -> None:
    a_page(lee, "商談の記録")
    a_page(lee, "Contract and contact")

    assert "の記録" not in page(signed_in(lee), q="商段")
    assert "?q=%E5%95%86%E8%AB%87" in page(signed_in(lee), q="商段")


def test_pages_and_filters_of_a_mended_query_stay_mended(signed_in: Enter, lee: User) -> None:
    for number in range(12):
        a_page(lee, f"Salesforce {number}", kind="faq")

    assert page(signed_in(lee), q="Salesfroce", page=2).count('class="hit"') == 2
    assert page(signed_in(lee), q="Salesfroce", kind="faq").count('class="hit"') == 10
    assert page(signed_in(lee), q="Salesfroce", kind="news").count('class="hit"') == 0


def test_the_command_line_mends_nothing_by_itself(lee: User) -> None:
    a_page(lee, "Salesforceの設定")

    results = answer("Salesfroce", viewer=lee)

    assert (results.total, results.did_you_mean, results.instead) == (0, ("Salesforce",), "")


# ------------------------------------------------------------------ who may see
@pytest.mark.parametrize("typed", ["Valkyire", "valkyrei", "ゔぁるきゅーり", "商段", "商淡", "しょだん"])
def test_a_hidden_word_is_never_meant(sato: User, ito: User, typed: str) -> None:
    readers = Readers(departments=list(sato.departments.all()))
    a_page(sato, "Valkyrieヴァルキューレの商談", "Valkyrie 商談", tags=["Valkyrie", "商談"], readers=readers)
    a_term(sato, "商談", other_language="Valkyrie", readers=only("マーケティング"))
    drain()

    assert offered(typed, ito) == []
    assert offered(typed, sato)


def test_a_word_closed_a_moment_ago_is_not_meant(sato: User, ito: User) -> None:
    page = an_article(sato, "Valkyrie")
    drain()
    assert offered("Valkyire", ito) == ["Valkyrie"]

    page.audience.everyone = False
    page.audience.save()
    page.audience.people.set([sato])

    assert offered("Valkyire", ito) == []


WORDS = ("salesforce", "valkyrie", "onboarding", "しょうだん", "けいやくしょ", "まーけてぃんぐ")
SLIPS = st.tuples(st.sampled_from(WORDS), st.integers(1, 30), st.sampled_from("aeぁいんー"))


@example_settings(max_examples=12)
@example(pages=[("けいやくしょ", frozenset({0}))], slips=[("しょうだん", 2, "a")])
@example(pages=[("けいやくしょ", frozenset({0}))], slips=[("しょうだん", 2, "ぁ")])
@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.frozensets(st.integers(0, 4), min_size=1)),
        min_size=1,
        max_size=4,
    ),
    st.lists(SLIPS, min_size=1, max_size=4),
)
def test_whatever_is_meant_stands_in_what_the_viewer_may_read(
    cast: dict[str, User], pages: Sequence[tuple[str, frozenset[int]]], slips: Sequence[tuple[str, int, str]]
) -> None:
    people = list(cast.values())
    registry.engine().rebuild([])
    with transaction.atomic():
        for word, readers in pages:
            an_article(
                people[0],
                word,
                f"{word} x",
                readers=Readers(people=[people[0], *(people[one] for one in readers)]),
            )
        drain()
        for number, person in enumerate(people):
            permitted = {word for word, readers in pages if number in readers or number == 0}
            for word, place, letter in slips:
                at = 1 + place % (len(word) - 1)
                typed = word[:at] + letter + word[at + 1 :]
                meant = {part for query in offered(typed, person) for part in re.findall(r"\w+", fold(query))}
                assert meant <= permitted | {"x"}
        transaction.set_rollback(True)
