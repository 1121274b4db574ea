"""Retrospectives in the index: what of them is found, by whom, and when it must be read again."""

from deals.crm import actions as crm
from deals.crm.actions import DealContent
from deals.crm.models import Deal
from deals.retros import actions
from deals.retros.models import Retro
from deals.retros.source import Retros
from kb.access.actions import Readers
from kb.access.tokens import tokens_for
from kb.accounts.models import User
from kb.search.find import find, suggest
from kb.search.index import drain
from tests.deals.retros.retros import EVIDENCE, LESSON, a_retro

source = Retros()


def found(query: str, viewer: User) -> list[str]:
    return [hit.title for hit in find(query, viewer=viewer, kinds=["retro"]).hits]


def test_it_is_found_by_a_word_of_the_lesson_the_evidence_or_the_driver(
    lost: Deal, lee: User, ito: User
) -> None:
    a_retro(lee, lost, hypothesis="購買より先に情報システム部へ渡すべきだった", tags=["体制"])
    drain()

    for query in ("同席", "誰が来てくれる", "購買より先", "障害時の対応", "Incident response", "北海製作所"):
        assert found(query, ito) == [lost.name], query
    assert [hit.title for hit in find("", viewer=ito, tags=["体制"]).hits] == [lost.name]


def test_it_is_not_found_by_who_may_not_read_the_deal(closed: Deal, lee: User, mori: User) -> None:
    a_retro(lee, closed)
    drain()

    assert found("同席", lee) == [closed.name]
    assert found("同席", mori) == []
    assert find("同席", viewer=mori).total == 0


def test_two_audiences_are_two_conditions(lost: Deal, lee: User, mori: User) -> None:
    a_retro(lee, lost, readers=Readers(people=[lee, mori]))
    document = source.document(lost.pk)

    assert document is not None
    assert len(document.readers) == 2
    assert all(tokens_for(mori) & tokens for tokens in document.readers)


def test_sql_and_tokens_agree_on_everybody(
    lost: Deal, closed: Deal, lee: User, cast: dict[str, User]
) -> None:
    a_retro(lee, lost, readers=Readers(departments=list(lee.departments.all())))
    a_retro(lee, closed)
    for person in cast.values():
        by_sql = set(Retro.objects.visible_to(person).values_list("pk", flat=True))
        documents = [source.document(pk) for pk, _stamp in source.stamps()]
        by_tokens = {
            one.pk for one in documents if one and all(tokens_for(person) & part for part in one.readers)
        }
        assert by_sql == by_tokens == set(source.visible(person, [lost.pk, closed.pk]))


def test_the_stamp_of_a_document_is_the_one_listed_and_changes_with_it(lost: Deal, lee: User) -> None:
    retro = a_retro(lee, lost)
    stamps = [dict(source.stamps())[lost.pk]]
    document = source.document(lost.pk)
    assert document is not None
    assert document.stamp == stamps[0]

    actions.add_quote(by=lee, retro=retro, text="もう一言")
    stamps.append(dict(source.stamps())[lost.pk])
    crm.save_company(by=lee, name="北海製作所 本社", company=lost.company)
    stamps.append(dict(source.stamps())[lost.pk])
    crm.save_deal(by=lee, content=DealContent(name="別の名", result="lost"), deal=lost, base_version=1)
    stamps.append(dict(source.stamps())[lost.pk])

    assert len(set(stamps)) == len(stamps)


def test_a_deal_renamed_is_found_by_its_new_name(lost: Deal, lee: User) -> None:
    a_retro(lee, lost)
    drain()
    content = DealContent(name="北海製作所 更改", result="lost", company=lost.company)
    crm.save_deal(by=lee, content=content, deal=lost, base_version=1)
    drain()

    assert found("更改", lee) == ["北海製作所 更改"]


def test_the_row_of_results_leads_to_the_deal(lost: Deal, lee: User) -> None:
    a_retro(lee, lost)
    shown = source.visible(lee, [lost.pk])[lost.pk]

    assert (shown.title, shown.url) == (lost.name, f"{lost.get_absolute_url()}#retro")
    assert shown.text.startswith(LESSON)
    assert EVIDENCE in shown.text
    assert shown.owner == str(lee)


def test_a_retrospective_is_not_suggested_beside_its_deal(lost: Deal, lee: User) -> None:
    a_retro(lee, lost)
    drain()

    assert [(one.text, one.kind) for one in suggest(lost.name, viewer=lee)] == [(lost.name, "deal")]
