"""The pages of the glossary: each works, needs sign-in, refuses the outsider, rejects the wrong method."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kb.accounts.models import Department, User
from kb.glossary.actions import TermContent, delete_term, save_term
from kb.glossary.models import Status, Term
from tests.kb.glossary.terms import a_term, only

SignIn = Callable[[User], Client]
FORM = {
    "preferred": "失注",
    "reading": "",
    "other_language": "lost deal",
    "abbreviation": "",
    "explanation": "契約に至らなかったこと。",
    "explanation_en": "A deal that was not won.",
    "aliases": "ロスト、負け",
    "forbidden": "",
    "hidden": "",
    "status": "approved",
    "use_instead": "",
    "scope": "",
    "readers": "everyone",
    "base_version": "0",
}


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def term(sato: User) -> Term:
    return a_term(
        sato, "稟議", other_language="internal approval round", aliases=["社内稟議"], forbidden=["稟議決裁"]
    )


@pytest.fixture
def secret(sato: User) -> Term:
    return a_term(sato, "社外秘", readers=only("マーケティング"))


def addresses(term: Term) -> dict[str, str]:
    names = {
        name: reverse(f"glossary:{name}", args=[term.pk])
        for name in ("edit", "history", "status", "delete", "deleted")
    }
    return names | {
        "index": "/glossary/",
        "new": "/glossary/new/",
        "card": f"/glossary/{term.pk}/card/",
        "term": term.get_absolute_url(),
    }


def test_every_page_needs_sign_in(client: Client, term: Term) -> None:
    for address in addresses(term).values():
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_a_hidden_term_does_not_exist_for_others(
    signed_in: SignIn, secret: Term, lee: User, takahashi: User
) -> None:
    for person in (lee, takahashi):
        client = signed_in(person)
        for name, address in addresses(secret).items():
            if name not in ("index", "new", "status"):
                assert client.get(address).status_code == 404, name
        assert (
            client.post(reverse("glossary:status", args=[secret.pk]), {"status": "approved"}).status_code
            == 404
        )
        assert "社外秘" not in text_of(client, "/glossary/")
        assert "社外秘" not in text_of(client, "/glossary/?status=approved")
        assert client.get("/glossary/?q=社外秘").context["found"] == 0
        assert client.get("/glossary/").context["total"] == 0


def test_a_reader_sees_terms_and_no_way_to_write(signed_in: SignIn, term: Term, ito: User) -> None:
    client = signed_in(ito)
    assert "/glossary/new/" not in text_of(client, "/glossary/")
    assert "/edit/" not in text_of(client, term.get_absolute_url())
    for name in ("edit", "delete"):
        address = reverse(f"glossary:{name}", args=[term.pk])
        assert client.get(address).status_code == 404
        assert client.post(address, FORM).status_code == 404
    assert client.get("/glossary/new/").status_code == 404
    assert client.post("/glossary/new/", FORM).status_code == 404


@pytest.mark.parametrize("name", ["index", "history", "card", "term"])
def test_pages_for_reading_take_no_post(signed_in: SignIn, term: Term, sato: User, name: str) -> None:
    assert signed_in(sato).post(addresses(term)[name]).status_code == 405


def test_a_state_is_changed_by_post_alone(signed_in: SignIn, term: Term, sato: User, lee: User) -> None:
    address = reverse("glossary:status", args=[term.pk])
    assert signed_in(sato).get(address).status_code == 405
    assert signed_in(lee).post(address, {"status": "deprecated"}).status_code == 404
    assert signed_in(sato).post(address, {"status": "perhaps"}).status_code == 404
    assert signed_in(sato).post(address, {"status": "deprecated"}).status_code == 302
    term.refresh_from_db()
    assert term.status == Status.DEPRECATED


def test_the_index_is_sorted_by_reading_and_counts_its_rows(signed_in: SignIn, sato: User) -> None:
    for form, reading in (("利益率", "りえきりつ"), ("リード", ""), ("API", ""), ("顧客", "こきゃく")):
        a_term(sato, form, reading=reading)
    client = signed_in(sato)
    everything = client.get("/glossary/").context
    assert [term.preferred for term in everything["page"]] == ["顧客", "リード", "利益率", "API"]
    assert dict(everything["tabs"])["ら"] == 2
    row = client.get("/glossary/?row=ら").context
    assert [term.preferred for term in row["page"]] == ["リード", "利益率"]
    assert [term.preferred for term in client.get("/glossary/?row=A-Z").context["page"]] == ["API"]
    assert dict(client.get("/glossary/?row=A").context["letters"])["A"] == 1
    assert client.get("/glossary/?row=nonsense").context["found"] == 4


@pytest.mark.parametrize("query", ["りんぎ", "リンギ", "ﾘﾝｷﾞ", "internal", "INTERNAL", "社内", "議決", "稟"])
def test_the_filter_finds_by_reading_english_and_every_form(
    signed_in: SignIn, term: Term, ito: User, query: str
) -> None:
    found = signed_in(ito).get("/glossary/", {"q": query}).context["page"]
    assert list(found) == [term]


def test_a_filter_that_finds_nothing_offers_to_add_the_word(
    signed_in: SignIn, term: Term, lee: User, ito: User
) -> None:
    assert "/glossary/new/?preferred=zzz" in text_of(signed_in(lee), "/glossary/?q=zzz")
    assert "/glossary/new/" not in text_of(signed_in(ito), "/glossary/?q=zzz")


def test_an_empty_glossary_says_what_to_do_first(signed_in: SignIn, lee: User) -> None:
    assert "/glossary/new/" in text_of(signed_in(lee), "/glossary/")


def test_the_page_of_a_term_shows_all_that_is_known_of_it(signed_in: SignIn, term: Term, ito: User) -> None:
    page = text_of(signed_in(ito), "/g/稟議/")
    for words in (
        "稟議",
        "（りんぎ）",
        "internal approval round",
        "社内稟議",
        "<s>稟議決裁</s>",
        "やさしい言葉",
    ):
        assert words in page


@pytest.mark.parametrize(
    "form", ["社内稟議", "Internal Approval Round", "稟議決裁", "internal%20approval%20round"]
)
def test_another_form_leads_to_the_page_of_the_term(
    signed_in: SignIn, term: Term, ito: User, form: str
) -> None:
    answer = signed_in(ito).get(f"/g/{form}/")
    assert (answer.status_code, answer["Location"]) == (302, term.get_absolute_url())


def test_forms_with_slashes_and_signs_have_pages(signed_in: SignIn, sato: User) -> None:
    client = signed_in(sato)
    for form in ("CI/CD", "T&C", "C#", "50% 引き", "a?b", "..", "R/", "é"):
        term = a_term(sato, form)
        assert client.get(term.get_absolute_url()).status_code == 200, form


def test_a_word_that_is_not_in_the_glossary_can_be_added(signed_in: SignIn, lee: User, ito: User) -> None:
    assert "/glossary/new/?preferred=%E6%9C%AA%E7%9F%A5" in text_of(signed_in(lee), "/g/未知/", 404)
    assert "/glossary/new/" not in text_of(signed_in(ito), "/g/未知/", 404)
    assert signed_in(lee).get(f"/g/{'長' * 3000}/").status_code == 404


def test_a_word_with_several_meanings_lists_them(signed_in: SignIn, sato: User, lee: User) -> None:
    general = a_term(sato, "DNS", explanation="名前を番号に変える仕組み")
    own = a_term(sato, "DNS", scope=lee.departments.get(), explanation="売ってはいけない先")
    client = signed_in(lee)
    page = text_of(client, "/g/DNS/")
    assert page.index("売ってはいけない先") < page.index("名前を番号に変える仕組み")
    one = text_of(client, f"/g/DNS/?term={general.pk}")
    assert "名前を番号に変える仕組み" in one
    assert f"?term={own.pk}" in one
    card = text_of(client, f"/glossary/{own.pk},{general.pk}/card/")
    assert card.index("売ってはいけない先") < card.index("名前を番号に変える仕組み")


def test_a_card_is_in_the_readers_language(signed_in: SignIn, sato: User, ito: User) -> None:
    term = a_term(sato, "失注", explanation="負けた商談", explanation_en="A deal that was lost")
    client = signed_in(ito)
    assert "負けた商談" in text_of(client, f"/glossary/{term.pk}/card/")
    ito.language = "en"
    ito.save()
    card = text_of(client, f"/glossary/{term.pk}/card/")
    assert "A deal that was lost" in card
    assert "負けた商談" not in card


def test_a_card_shows_only_what_one_may_see(signed_in: SignIn, secret: Term, term: Term, lee: User) -> None:
    card = text_of(signed_in(lee), f"/glossary/{secret.pk},{term.pk}/card/")
    assert "稟議" in card
    assert "社外秘" not in card
    assert signed_in(lee).get("/glossary/999999/card/").status_code == 404


def test_a_writer_adds_a_term(signed_in: SignIn, lee: User) -> None:
    answer = signed_in(lee).post("/glossary/new/", FORM)
    term = Term.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, term.get_absolute_url())
    assert (term.reading, term.status, term.created_by) == ("しっちゅう", Status.PROPOSED, lee)
    assert [alias.text for alias in term.aliases.all()] == ["ロスト", "負け"]


def test_the_form_says_what_would_be_right_and_keeps_what_was_typed(signed_in: SignIn, sato: User) -> None:
    wrong = FORM | {"preferred": "", "reading": "shicchu", "aliases": "長" * 201}
    answer = signed_in(sato).post("/glossary/new/", wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"preferred", "reading", "aliases"}
    assert "shicchu" in answer.content.decode()


def test_readers_are_chosen_and_one_of_them_is_oneself(signed_in: SignIn, lee: User) -> None:
    client = signed_in(lee)
    nobody = client.post("/glossary/new/", FORM | {"readers": "chosen"})
    assert "departments" in nobody.context["form"].errors
    other = Department.objects.exclude(pk__in=lee.departments.all()).first()
    assert other is not None
    assert (
        client.post("/glossary/new/", FORM | {"readers": "chosen", "departments": [other.pk]}).status_code
        == 422
    )
    own = lee.departments.get()
    client.post("/glossary/new/", FORM | {"readers": "chosen", "departments": [own.pk]})
    assert list(Term.objects.get().audience.departments.all()) == [own]


def test_a_word_that_is_there_is_offered_and_may_be_given_another_meaning(
    signed_in: SignIn, sato: User
) -> None:
    known = a_term(sato, "失注")
    client = signed_in(sato)
    answer = client.post("/glossary/new/", FORM)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"?term={known.pk}" in page
    assert 'type="checkbox" name="another_meaning"' in page
    assert "lost deal" in page
    saved = client.post("/glossary/new/", FORM | {"another_meaning": "on"})
    second = Term.objects.exclude(pk=known.pk).get()
    assert saved["Location"].endswith(f"?term={second.pk}")


def test_two_people_edit_one_term_and_neither_text_is_lost(
    signed_in: SignIn, term: Term, sato: User, lee: User
) -> None:
    save_term(
        by=lee, term=term, base_version=1, content=TermContent(preferred="稟議", explanation="李の説明")
    )
    client = signed_in(sato)
    mine = FORM | {"preferred": "稟議", "explanation": "佐藤の説明", "base_version": "1"}
    answer = client.post(reverse("glossary:edit", args=[term.pk]), mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "李の説明" in page
    assert "佐藤の説明" in page
    term.refresh_from_db()
    assert term.explanation == "李の説明"
    again = mine | {"base_version": str(answer.context["form"]["base_version"].value())}
    assert client.post(reverse("glossary:edit", args=[term.pk]), again).status_code == 302
    term.refresh_from_db()
    assert term.explanation == "佐藤の説明"
    assert "李の説明" in text_of(client, reverse("glossary:history", args=[term.pk]))


def test_an_edit_that_changes_nothing_else_keeps_everything(
    signed_in: SignIn, term: Term, sato: User
) -> None:
    client = signed_in(sato)
    address = reverse("glossary:edit", args=[term.pk])
    shown = client.get(address).context["form"]
    data = {field.name: field.value() for field in shown if field.value() is not None}
    assert client.post(address, data).status_code == 302
    term.refresh_from_db()
    assert term.version == 2
    assert sorted(alias.text for alias in term.aliases.all()) == ["社内稟議", "稟議決裁"]
    assert "term.saved" in [
        event.event.verb for event in client.get(addresses(term)["history"]).context["entries"]
    ]


def test_the_history_names_no_readers(signed_in: SignIn, sato: User) -> None:
    term = a_term(sato, "社外秘")
    save_term(
        by=sato,
        term=term,
        base_version=1,
        content=TermContent(preferred="社外秘", readers=only("マーケティング")),
    )
    entries = signed_in(sato).get(reverse("glossary:history", args=[term.pk])).context["entries"]
    assert entries[0].changes[-1][1:] == ("", "")


def test_a_term_is_deleted_after_a_question_and_put_back(signed_in: SignIn, term: Term, sato: User) -> None:
    client = signed_in(sato)
    assert client.get(reverse("glossary:delete", args=[term.pk])).status_code == 200
    gone = client.post(reverse("glossary:delete", args=[term.pk]), follow=True)
    assert gone.redirect_chain[-1][0] == reverse("glossary:deleted", args=[term.pk])
    assert client.get(term.get_absolute_url()).status_code == 404
    assert client.post(reverse("glossary:deleted", args=[term.pk]))["Location"] == term.get_absolute_url()
    assert client.get(term.get_absolute_url()).status_code == 200
    delete_term(by=sato, term=term)
    a_term(sato, "稟議")
    assert client.post(reverse("glossary:deleted", args=[term.pk])).status_code == 409


def test_deleted_terms_are_listed_for_those_who_saw_them(
    signed_in: SignIn, term: Term, secret: Term, sato: User, lee: User, ito: User, client: Client
) -> None:
    for gone in (term, secret):
        delete_term(by=sato, term=gone)
    assert "社外秘" in text_of(signed_in(sato), "/glossary/deleted/")
    page = text_of(signed_in(lee), "/glossary/deleted/")
    assert "稟議" in page
    assert "社外秘" not in page
    assert signed_in(ito).get("/glossary/deleted/").status_code == 404
    assert signed_in(lee).post("/glossary/deleted/").status_code == 405
    assert client.get("/glossary/deleted/").status_code == 302


@pytest.mark.parametrize("form", ["%00", "%EF%B7%BA" * 150, "%ED%A0%80", "%E2%80%8B", "%F0%9F%98%80"])
def test_any_address_and_any_filter_is_answered(signed_in: SignIn, term: Term, sato: User, form: str) -> None:
    client = signed_in(sato)
    assert client.get(f"/g/{form}/").status_code == 404
    assert client.get(f"/glossary/?q={form}").status_code == 200
    assert client.get(f"/glossary/new/?preferred={form}").status_code == 200


def test_a_form_that_folds_to_a_book_is_refused_in_its_field(signed_in: SignIn, sato: User) -> None:
    answer = signed_in(sato).post(
        "/glossary/new/", FORM | {"preferred": "\ufdfa" * 150, "aliases": "\ufdfa" * 150}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"preferred", "aliases"}


def test_the_index_asks_few_questions_however_many_terms(
    signed_in: SignIn, sato: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        a_term(sato, f"用語{number}号", scope=Department.objects.first())
    client = signed_in(sato)
    client.get("/glossary/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/glossary/")
