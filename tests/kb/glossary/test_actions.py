"""Writing terms: who may, what is kept, and what can never be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.audit.models import AuditEvent
from kb.glossary.actions import (
    LockedOut,
    NotAllowed,
    NotATerm,
    SameForm,
    StaleTerm,
    TermContent,
    add_terms,
    delete_term,
    may_delete,
    restore_term,
    save_term,
    set_status,
)
from kb.glossary.models import Alias, Edition, Status, Term
from kb.search.models import PendingChange
from tests.kb.glossary.terms import a_term, only


def test_a_saved_term_is_recorded_queued_for_the_index_and_a_new_edition(sato: User) -> None:
    term = a_term(sato, "稟議")
    assert term.version == 1
    assert AuditEvent.objects.get(verb="term.created").target_id == term.pk
    assert PendingChange.objects.filter(source="term", target_id=term.pk).count() == 1
    before = Edition.objects.get().stamp
    set_status(by=sato, term=term, status="deprecated")
    assert Edition.objects.get().stamp != before


def test_a_rolled_back_save_leaves_nothing(sato: User) -> None:
    with pytest.raises(NotATerm):
        a_term(sato, "稟議", aliases=["長" * 201])
    assert not Term.objects.exists()
    assert not PendingChange.objects.filter(source="term").exists()
    assert not Edition.objects.exists()


def test_forms_are_kept_as_written_and_compared_folded(sato: User) -> None:
    term = a_term(sato, " ｻｰﾊﾞ\u200b ー ", aliases=["Server", "SERVER", "ｻｰﾊﾞ ー", ""], abbreviation="ＳＶ")
    assert term.preferred == "ｻｰﾊﾞ ー"
    assert term.folded == "サーバ ー"
    assert [alias.text for alias in term.aliases.all()] == ["Server"]
    assert term.abbreviation_folded == "sv"


def test_language_and_reading_are_found_out(sato: User) -> None:
    assert (a_term(sato, "稟議").language, a_term(sato, "与信").reading) == ("ja", "よしん")
    assert a_term(sato, "lead", other_language="リード").reading == "りーど"
    assert a_term(sato, "lead time").language == "en"
    assert a_term(sato, "TCO", other_language="total cost of ownership").language == "ja"


def test_a_reader_writes_nothing(sato: User, ito: User) -> None:
    term = a_term(sato)
    with pytest.raises(NotAllowed):
        a_term(ito, "失注")
    with pytest.raises(NotAllowed):
        delete_term(by=ito, term=term)
    with pytest.raises(NotAllowed):
        set_status(by=ito, term=term, status="approved")


def test_a_writers_term_is_a_proposal_and_an_editor_approves_it(sato: User, lee: User) -> None:
    term = a_term(lee, "失注", status="approved")
    assert term.status == Status.PROPOSED
    with pytest.raises(NotAllowed):
        set_status(by=lee, term=term, status="approved")
    assert set_status(by=sato, term=term, status="approved").status == Status.APPROVED
    changed = save_term(
        by=lee, term=term, base_version=2, content=TermContent(preferred="失注", explanation="負け")
    )
    assert changed.status == Status.PROPOSED


def test_what_one_may_not_see_one_may_not_change(sato: User, lee: User, takahashi: User) -> None:
    term = a_term(sato, "社外秘", readers=only("マーケティング"))
    for person in (lee, takahashi):
        with pytest.raises(NotAllowed):
            save_term(by=person, term=term, base_version=1, content=TermContent(preferred="x"))
        with pytest.raises(NotAllowed):
            delete_term(by=person, term=term)


def test_nobody_locks_themselves_out(sato: User, lee: User) -> None:
    with pytest.raises(LockedOut):
        a_term(lee, "社外秘", readers=only("マーケティング"))
    term = a_term(lee, "社外秘")
    with pytest.raises(LockedOut):
        save_term(
            by=lee,
            term=term,
            base_version=1,
            content=TermContent(preferred="社外秘", readers=only("マーケティング")),
        )


def test_the_second_of_two_saves_is_refused(sato: User, lee: User) -> None:
    term = a_term(sato)
    save_term(
        by=lee, term=term, base_version=1, content=TermContent(preferred="稟議", explanation="李の説明")
    )
    with pytest.raises(StaleTerm) as stale:
        save_term(
            by=sato,
            term=term,
            base_version=1,
            content=TermContent(preferred="稟議", explanation="佐藤の説明"),
        )
    assert stale.value.term.explanation == "李の説明"


def test_two_terms_of_one_form_differ_in_department_or_readers(sato: User) -> None:
    first = a_term(sato, "サーバ")
    with pytest.raises(SameForm) as same:
        a_term(sato, "ｻｰﾊﾞ")
    assert same.value.term == first
    marketing = Department.objects.get(name="マーケティング")
    a_term(sato, "サーバ", scope=marketing)
    a_term(sato, "サーバ", readers=only("マーケティング"))
    with pytest.raises(SameForm):
        a_term(sato, "サーバ", scope=marketing)


def test_another_meaning_is_kept_when_it_is_said_to_be_one(sato: User) -> None:
    a_term(sato, "DNS")
    second = a_term(sato, "ＤＮＳ", another_meaning=True)
    assert second.meaning == 2
    same = save_term(
        by=sato, term=second, base_version=1, content=TermContent(preferred="DNS", explanation="x")
    )
    assert same.meaning == 2
    third = a_term(sato, "WINS")
    with pytest.raises(SameForm):
        save_term(by=sato, term=third, base_version=1, content=TermContent(preferred="DNS"))


@pytest.mark.parametrize("column", ["folded", "audience_key"])
def test_the_database_holds_to_it_too(sato: User, column: str) -> None:
    term = a_term(sato)
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(**{column: ""})
    twin = a_term(sato, "失注")
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=twin.pk).update(folded=term.folded)
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(status="perhaps")
    with pytest.raises(IntegrityError), transaction.atomic():
        Alias.objects.create(term=term, text="", folded="", language="ja")


@pytest.mark.parametrize(
    ("content", "field", "code"),
    [
        ({"preferred": " \u200b "}, "preferred", "empty"),
        ({"preferred": "長" * 201}, "preferred", "too_long"),
        ({"preferred": "x", "explanation": "長" * 20_001}, "explanation", "too_long"),
        ({"preferred": "x", "use_instead": "長" * 1001}, "use_instead", "too_long"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(
    sato: User, content: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(NotATerm) as refused:
        save_term(by=sato, content=TermContent(**content))
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_deleted_term_can_be_put_back_until_its_form_is_taken(sato: User) -> None:
    term = a_term(sato)
    delete_term(by=sato, term=term)
    assert not Term.objects.visible_to(sato).exists()
    restore_term(by=sato, term=term)
    assert Term.objects.visible_to(sato).get() == term
    delete_term(by=sato, term=term)
    a_term(sato)
    with pytest.raises(SameForm):
        restore_term(by=sato, term=term)


def test_writers_delete_their_own_proposals_and_nothing_else(sato: User, lee: User, mori: User) -> None:
    own = a_term(lee, "失注")
    assert may_delete(lee, own)
    assert not may_delete(mori, own)
    assert may_delete(sato, own)
    approved = set_status(by=sato, term=own, status="approved")
    assert not may_delete(lee, approved)


def test_many_terms_at_once_are_as_one_by_one(sato: User) -> None:
    contents = [
        TermContent(preferred=f"用語{number}", aliases=["同じ別名", f"別名{number}"], status="approved")
        for number in range(3)
    ]
    terms = add_terms(by=sato, contents=contents, readers=Readers(everyone=True))
    assert [term.meaning for term in terms] == [1, 1, 1]
    assert Alias.objects.count() == 6
    assert AuditEvent.objects.filter(verb="term.created").count() == 3
    assert PendingChange.objects.filter(source="term").count() == 3
    with pytest.raises(SameForm):
        add_terms(
            by=sato,
            contents=[TermContent(preferred="新語"), TermContent(preferred="用語1")],
            readers=Readers(everyone=True),
        )
    assert not Term.objects.filter(preferred="新語").exists()


def test_terms_that_came_in_together_part_when_the_readers_of_one_change(sato: User, lee: User) -> None:
    first, second = add_terms(
        by=sato,
        contents=[TermContent(preferred="一"), TermContent(preferred="二")],
        readers=Readers(everyone=True),
    )
    save_term(
        by=sato,
        term=first,
        base_version=1,
        content=TermContent(preferred="一", readers=only("マーケティング")),
    )
    assert list(Term.objects.visible_to(lee)) == [second]


def test_the_record_says_what_changed(sato: User) -> None:
    term = a_term(sato, explanation="前", aliases=["りん議"])
    save_term(
        by=sato,
        term=term,
        base_version=1,
        content=TermContent(preferred="稟議", explanation="後", aliases=["りん議", "社内稟議"]),
    )
    detail = AuditEvent.objects.get(verb="term.saved").detail
    assert detail["changes"] == {"explanation": ["前", "後"], "aliases.alias": ["りん議", "りん議、社内稟議"]}
