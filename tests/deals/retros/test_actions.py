"""Writing retrospectives: what is checked, what the deal gets, whose words stay whose."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from deals.crm import actions as crm
from deals.crm.actions import DealContent, StaleDeal
from deals.crm.models import Deal
from deals.retros import actions
from deals.retros.actions import (
    NobodyNamed,
    NoEvidence,
    NotAllowed,
    NotClosed,
    RatedTwice,
    StaleRetro,
    UnknownDriver,
    submit_retro,
)
from deals.retros.content import Outcome, Said
from deals.retros.models import DriverRating, Quote, Retro, RetroDraft
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.audit.models import AuditEvent
from kb.market.models import Competitor
from kb.search.models import PendingChange
from tests.deals.retros.retros import EVIDENCE, LESSON, a_retro, content, rated
from tests.factories import an_article


def test_a_retrospective_is_sent_with_its_audit_entry_and_its_place_in_the_index(
    lost: Deal, lee: User
) -> None:
    PendingChange.objects.all().delete()
    retro = a_retro(lee, lost, tags=["支援", " 支援 "])

    assert (retro.pk, retro.version, retro.author) == (lost.pk, 1, lee)
    assert list(retro.tags.names()) == ["支援"]
    assert retro.quotes.get().consent == "internal"
    assert AuditEvent.objects.filter(verb="retro.submitted", by=lee, target_id=lost.pk).count() == 1
    assert set(PendingChange.objects.values_list("source", "target_id")) == {
        ("retro", lost.pk),
        ("deal", lost.pk),
    }


def test_a_refused_retrospective_leaves_nothing(lost: Deal, lee: User) -> None:
    with pytest.raises(NoEvidence):
        a_retro(lee, lost, ratings=[rated("price", evidence=" ")], outcome=Outcome(result="won"))

    lost.refresh_from_db()
    assert (lost.result, lost.version) == ("lost", 1)
    assert not Retro.objects.exists()


@pytest.mark.parametrize("driver", ["price", "total-cost", "discount"])
def test_price_alone_is_refused_without_evidence(driver: str, lost: Deal, lee: User) -> None:
    with pytest.raises(NoEvidence):
        a_retro(lee, lost, ratings=[rated(driver, evidence="")])
    a_retro(lee, lost, ratings=[rated(driver, evidence="3年で180万円の差")])


def test_other_drivers_need_no_evidence(lost: Deal, lee: User) -> None:
    assert a_retro(lee, lost, ratings=[rated("trust", evidence="")], quotes=[]).ratings.count() == 1


def test_a_driver_out_of_the_tree_is_refused(lost: Deal, lee: User) -> None:
    with pytest.raises(UnknownDriver):
        a_retro(lee, lost, ratings=[rated("other")])


def test_a_witness_names_a_driver_once_and_one_main_one(lost: Deal, lee: User) -> None:
    with pytest.raises(RatedTwice):
        a_retro(lee, lost, ratings=[rated("trust"), rated("trust", first=False)])
    with pytest.raises(RatedTwice):
        a_retro(lee, lost, ratings=[rated("trust"), rated("fit")])
    a_retro(lee, lost, ratings=[rated("trust"), rated("trust", says="buyer_interview")])


def test_the_database_refuses_a_second_main_driver_of_a_witness(lost: Deal, lee: User) -> None:
    retro = a_retro(lee, lost, ratings=[rated("trust"), rated("fit", first=False)])
    with pytest.raises(IntegrityError), transaction.atomic():
        DriverRating.objects.filter(retro=retro).update(first=True)


def test_the_outcome_goes_to_the_deal_and_the_rest_of_it_stays(lost: Deal, lee: User) -> None:
    outcome = Outcome(result="lost", lost_to="competitor", competitor_name="オリオン")
    a_retro(lee, lost, outcome=outcome)

    lost.refresh_from_db()
    assert (lost.competitor, lost.lost_to, lost.version) == (
        Competitor.objects.get(name="オリオン"),
        "competitor",
        2,
    )
    assert (str(lost.company), lost.amount, list(lost.tags.names())) == (
        "北海製作所",
        Decimal(12_600_000),
        ["製造業"],
    )


def test_an_outcome_that_is_the_deals_already_saves_no_deal(lost: Deal, lee: User, nova: Competitor) -> None:
    a_retro(lee, lost, outcome=Outcome(result="lost", lost_to="competitor", competitor=nova))

    lost.refresh_from_db()
    assert lost.version == 1


def test_a_competitor_nobody_can_name_is_still_a_competitor(lost: Deal, lee: User) -> None:
    a_retro(lee, lost, outcome=Outcome(result="lost", lost_to="competitor"))

    lost.refresh_from_db()
    assert (lost.lost_to, lost.competitor) == ("competitor", None)


def test_a_competitor_met_on_the_way_stays_when_the_incumbent_won(
    lost: Deal, lee: User, nova: Competitor
) -> None:
    a_retro(lee, lost, outcome=Outcome(result="lost", lost_to="incumbent"))

    lost.refresh_from_db()
    assert (lost.lost_to, lost.competitor) == ("incumbent", nova)


def test_an_open_deal_closes_today_with_its_outcome(lee: User) -> None:
    deal = crm.save_deal(by=lee, content=DealContent(name="進行中", owner=lee))
    with pytest.raises(NotClosed):
        a_retro(lee, deal)

    a_retro(lee, deal, outcome=Outcome(result="no_decision", no_decision_reason="ghosted"))

    deal.refresh_from_db()
    assert (deal.result, deal.no_decision_reason) == ("no_decision", "ghosted")
    assert deal.closed_on is not None


def test_a_deal_changed_meanwhile_keeps_its_outcome(lost: Deal, lee: User, sato: User) -> None:
    crm.save_deal(by=sato, content=DealContent(name="改名", result="won"), deal=lost, base_version=1)

    with pytest.raises(StaleDeal):
        submit_retro(by=lee, deal=lost, content=content(outcome=Outcome(result="lost")), deal_version=1)

    assert not Retro.objects.exists()


def test_the_second_of_two_retrospectives_is_refused(lost: Deal, lee: User, sato: User) -> None:
    a_retro(sato, lost, lesson="先の人の教え")
    with pytest.raises(StaleRetro) as stale:
        a_retro(lee, lost)
    assert stale.value.retro.lesson == "先の人の教え"

    submit_retro(by=lee, deal=lost, content=content(), base_version=1)

    retro = Retro.objects.get()
    assert (retro.lesson, retro.version, retro.author, retro.updated_by) == (LESSON, 2, sato, lee)


def test_readers_and_outsiders_write_nothing(lost: Deal, closed: Deal, ito: User, mori: User) -> None:
    with pytest.raises(NotAllowed):
        a_retro(ito, lost)
    with pytest.raises(NotAllowed):
        a_retro(mori, closed)
    with pytest.raises(NotAllowed):
        actions.keep_retro_draft(by=mori, deal=closed, fields={})


def test_a_retrospective_follows_its_deals_readers(closed: Deal, lee: User, mori: User) -> None:
    a_retro(lee, closed)
    assert not Retro.objects.visible_to(mori).exists()

    readers = Readers(everyone=True)
    crm.save_deal(
        by=lee, content=DealContent(name="開く", result="won", readers=readers), deal=closed, base_version=1
    )

    assert Retro.objects.visible_to(mori).exists()


def test_a_retrospective_may_have_fewer_readers_than_its_deal(lost: Deal, lee: User, mori: User) -> None:
    a_retro(lee, lost, readers=Readers(departments=list(lee.departments.all())))

    assert Retro.objects.visible_to(lee).exists()
    assert not Retro.objects.visible_to(mori).exists()
    with pytest.raises(NotAllowed):
        submit_retro(by=mori, deal=lost, content=content(), base_version=1)
    readers = Readers(departments=list(mori.departments.all()))
    with pytest.raises(actions.LockedOut):
        submit_retro(by=lee, deal=lost, content=content(readers=readers), base_version=1)


def test_changed_words_need_a_new_consent_and_unchanged_ones_keep_theirs(lost: Deal, lee: User) -> None:
    retro = a_retro(lee, lost)
    actions.set_consent(by=lee, quote=retro.quotes.get(), consent="named", speaker="情報システム部長")

    submit_retro(by=lee, deal=lost, content=content(lesson="直した"), base_version=2)
    quote = retro.quotes.get()
    assert (quote.consent, quote.speaker) == ("named", "情報システム部長")

    submit_retro(by=lee, deal=lost, content=content(quotes=[Said(text="別の言葉")]), base_version=3)
    assert [(one.text, one.consent) for one in retro.quotes.all()] == [("別の言葉", "internal")]


def test_a_quote_is_named_only_with_a_name_and_leaves_only_with_consent(
    lost: Deal, lee: User, mori: User
) -> None:
    retro = a_retro(lee, lost)
    quote = actions.add_quote(by=mori, retro=retro, text="体制図に名前がなかった", speaker="購買課長")
    assert not Quote.objects.may_leave().exists()
    with pytest.raises(NobodyNamed):
        actions.set_consent(by=lee, quote=retro.quotes.exclude(pk=quote.pk).get(), consent="named")

    actions.set_consent(by=mori, quote=quote, consent="anonymous")

    assert [one.text for one in Quote.objects.may_leave()] == ["体制図に名前がなかった"]
    assert Quote.objects.get(pk=quote.pk).named == ""
    retro.refresh_from_db()
    assert retro.version == 3
    assert AuditEvent.objects.filter(verb="quote.anonymous", by=mori).exists()


def test_a_reader_gives_no_consent(lost: Deal, lee: User, ito: User) -> None:
    retro = a_retro(lee, lost)
    with pytest.raises(NotAllowed):
        actions.set_consent(by=ito, quote=retro.quotes.get(), consent="named", speaker="だれか")
    with pytest.raises(NotAllowed):
        actions.add_quote(by=ito, retro=retro, text="言葉")


def test_links_to_pages_that_the_writer_may_not_see_stay(lost: Deal, lee: User, mori: User) -> None:
    public = an_article(lee, "公開の資料")
    secret = an_article(lee, "営業の資料", readers=Readers(departments=list(lee.departments.all())))
    retro = a_retro(lee, lost, articles=[public, secret])

    submit_retro(by=mori, deal=lost, content=content(articles=[]), base_version=1)

    assert list(retro.articles.all()) == [secret]


def test_a_draft_is_one_a_person_and_deal_and_goes_when_it_is_sent(lost: Deal, lee: User, mori: User) -> None:
    actions.keep_retro_draft(by=lee, deal=lost, fields={"lesson": ["書き"]})
    actions.keep_retro_draft(by=lee, deal=lost, fields={"lesson": ["書きかけ"]})
    actions.keep_retro_draft(by=mori, deal=lost, fields={"lesson": ["別の人"]})
    assert RetroDraft.objects.count() == 2

    a_retro(lee, lost)

    assert RetroDraft.objects.get().by == mori


def test_evidence_is_what_was_typed(lost: Deal, lee: User) -> None:
    assert a_retro(lee, lost).ratings.get().evidence == EVIDENCE
