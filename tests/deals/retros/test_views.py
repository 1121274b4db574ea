"""The pages about retrospectives as a browser without scripts meets them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from deals.crm import actions as crm
from deals.crm.actions import DealContent
from deals.crm.models import Deal
from deals.retros import actions
from deals.retros.models import Quote, Retro, RetroDraft
from kb.access.actions import Readers
from kb.accounts.models import User
from kb.market.models import Competitor
from tests.deals.retros.retros import EVIDENCE, LESSON, a_retro, posted, rated, read, sent
from tests.factories import an_article

Enter = Callable[[User], Client]


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("name", ["submit", "panel"])
def test_a_page_opens_for_the_deals_readers_alone(
    name: str, closed: Deal, lee: User, mori: User, signed_in: Enter
) -> None:
    address = read(closed)[name]

    assert signed_in(lee).get(address).status_code == 200
    assert signed_in(mori).get(address).status_code == 404
    stranger = Client().get(address)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["submit", "autosave", "drop", "add_quote", "consent"])
def test_an_outsider_writes_nothing(name: str, closed: Deal, lee: User, mori: User, signed_in: Enter) -> None:
    a_retro(lee, closed)
    address = sent(closed)[name]

    assert signed_in(mori).post(address, posted(closed)).status_code == 404
    assert Client().post(address, posted(closed)).status_code == 302
    assert Retro.objects.get().version == 1
    assert not RetroDraft.objects.exists()


@pytest.mark.parametrize("name", ["submit", "autosave", "drop", "add_quote", "consent"])
def test_a_reader_writes_nothing(name: str, lost: Deal, lee: User, ito: User, signed_in: Enter) -> None:
    a_retro(lee, lost)

    assert signed_in(ito).post(sent(lost)[name], posted(lost)).status_code == 404
    assert Retro.objects.get().version == 1


@pytest.mark.parametrize("name", ["autosave", "drop", "add_quote", "consent"])
def test_what_is_posted_cannot_be_fetched(name: str, lost: Deal, lee: User, signed_in: Enter) -> None:
    a_retro(lee, lost)

    assert signed_in(lee).get(sent(lost)[name]).status_code == 405


def test_what_is_read_cannot_be_posted_to(lost: Deal, lee: User, signed_in: Enter) -> None:
    client = signed_in(lee)
    article = an_article(lee)

    assert client.post(read(lost)["panel"]).status_code == 405
    assert client.post(reverse("retros:queue")).status_code == 405
    assert client.post(reverse("retros:used_in", args=[article.pk])).status_code == 405
    assert client.post(reverse("retros:losses", args=[lost.competitor_id])).status_code == 405


def test_a_retrospective_with_fewer_readers_does_not_exist_for_the_others(
    lost: Deal, lee: User, mori: User, signed_in: Enter
) -> None:
    a_retro(lee, lost, readers=Readers(departments=list(lee.departments.all())))
    client = signed_in(mori)

    assert client.get(read(lost)["submit"]).status_code == 404
    panel = client.get(read(lost)["panel"], headers={"HX-Request": "true"}).content.decode()
    assert LESSON not in panel
    assert "90" not in panel


# ---------------------------------------------------------------- the short form


def test_the_form_begins_from_the_deal(lost: Deal, lee: User, signed_in: Enter) -> None:
    form = signed_in(lee).get(read(lost)["submit"]).context["form"]

    assert (form["result"].value(), form["winner"].value()) == ("lost", str(lost.competitor_id))
    assert str(lost.competitor) in dict(form.fields["winner"].choices).values()
    assert form["whose"].value() == "rep"


def test_a_loss_is_sent_and_stands_on_the_deals_page(lost: Deal, lee: User, signed_in: Enter) -> None:
    client = signed_in(lee)

    answer = client.post(read(lost)["submit"], posted(lost), follow=True)

    assert answer.redirect_chain == [(f"{lost.get_absolute_url()}#retro", 302)]
    assert read(lost)["panel"] in answer.content.decode()
    panel = client.get(read(lost)["panel"]).content.decode()
    assert LESSON in panel
    assert EVIDENCE in panel
    assert not RetroDraft.objects.exists()


@pytest.mark.parametrize(("result", "performance"), [("won", 1), ("lost", -1), ("no_decision", -1)])
def test_a_rating_that_nobody_gave_follows_the_outcome(
    result: str, performance: int, lost: Deal, lee: User, signed_in: Enter
) -> None:
    signed_in(lee).post(read(lost)["submit"], posted(lost, result=result, reason="indecision"))

    rating = Retro.objects.get().ratings.get()
    assert (rating.performance, rating.importance, rating.first) == (performance, 3, True)
    lost.refresh_from_db()
    assert lost.result == result


def test_what_an_owner_heard_is_the_reps_word_beside_a_quote(lost: Deal, lee: User, signed_in: Enter) -> None:
    signed_in(lee).post(read(lost)["submit"], posted(lost))

    retro = Retro.objects.get()
    assert retro.ratings.get().says == "rep"
    assert (retro.quotes.get().text, retro.quotes.get().consent) == (EVIDENCE, "internal")


def test_what_a_colleague_heard_is_the_buyers_word(lost: Deal, mori: User, signed_in: Enter) -> None:
    signed_in(mori).post(read(lost)["submit"], posted(lost))

    assert Retro.objects.get().ratings.get().says == "buyer_interview"
    assert Quote.objects.get().text == EVIDENCE


def test_ones_own_reading_is_no_quote(lost: Deal, mori: User, signed_in: Enter) -> None:
    signed_in(mori).post(read(lost)["submit"], posted(lost, whose="rep"))

    assert Retro.objects.get().ratings.get().says == "rep"
    assert not Quote.objects.exists()


def test_further_drivers_quotes_tags_and_pages_come_along(lost: Deal, lee: User, signed_in: Enter) -> None:
    article = an_article(lee, "体制図の作り方")
    more = {
        "driver_1": "total-cost", "says_1": "buyer_interview", "performance_1": "0", "importance_1": "2",
        "evidence_1": "差は180万円", "driver_2": "fit", "says_2": "buyer_interview", "evidence_2": "",
        "driver_3": "", "says_3": "rep", "quote_1": "見積は悪くなかった", "speaker_1": "購買課長", "consent_1": "named",
        "hypothesis": "体制の話が遅かった", "tags": "支援、製造業", "articles": [article.pk],
    }  # fmt: skip
    signed_in(lee).post(read(lost)["submit"], posted(lost, **more))

    retro = Retro.objects.get()
    found = {
        (one.driver.key, one.says, one.performance, one.importance, one.first) for one in retro.ratings.all()
    }
    assert found == {
        ("incident-response", "rep", -1, 3, True),
        ("total-cost", "buyer_interview", 0, 2, True),
        ("fit", "buyer_interview", -1, 2, False),
    }
    assert {(one.text, one.named) for one in retro.quotes.all()} == {
        (EVIDENCE, ""),
        ("見積は悪くなかった", "購買課長"),
    }
    assert (retro.hypothesis, set(retro.tags.names())) == ("体制の話が遅かった", {"支援", "製造業"})
    assert list(retro.articles.all()) == [article]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("result", {"result": ""}),
        ("reason", {"result": "no_decision"}),
        ("driver", {"driver": ""}),
        ("driver", {"driver": "other"}),
        ("evidence", {"driver": "price", "evidence": " "}),
        ("lesson", {"lesson": ""}),
        ("driver_1", {"driver_1": "", "evidence_1": "何のことか"}),
        ("driver_1", {"driver_1": "incident-response", "says_1": "rep"}),
        ("evidence_1", {"driver_1": "discount"}),
        ("speaker_1", {"quote_1": "言葉", "consent_1": "named"}),
        ("quote_1", {"quote_1": "", "speaker_1": "だれか"}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept_as_a_draft(
    field: str, changes: dict[str, str], lost: Deal, lee: User, signed_in: Enter
) -> None:
    answer = signed_in(lee).post(read(lost)["submit"], posted(lost, **changes))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Retro.objects.exists()
    assert RetroDraft.objects.get().fields["evidence"] == [changes.get("evidence", EVIDENCE)]


def test_a_new_competitor_is_made_with_the_retrospective(lost: Deal, lee: User, signed_in: Enter) -> None:
    signed_in(lee).post(read(lost)["submit"], posted(lost, winner="other", winner_name="ＯＲＩＯＮ"))

    lost.refresh_from_db()
    assert lost.competitor == Competitor.objects.get(name="ORION")


def test_a_name_known_already_makes_no_second_competitor(lost: Deal, lee: User, signed_in: Enter) -> None:
    signed_in(lee).post(read(lost)["submit"], posted(lost, winner="other", winner_name=" ﾉｳﾞｧ "))

    assert Competitor.objects.count() == 1


@pytest.mark.parametrize("winner", ["incumbent", "in_house", "not_known"])
def test_who_won_without_being_a_competitor(winner: str, lost: Deal, lee: User, signed_in: Enter) -> None:
    signed_in(lee).post(read(lost)["submit"], posted(lost, winner=winner))

    lost.refresh_from_db()
    assert (lost.lost_to, lost.competitor and lost.competitor.name) == (winner, "ノヴァ")
    assert signed_in(lee).get(read(lost)["submit"]).context["form"]["winner"].value() == winner


def test_a_question_left_out_changes_nothing(lost: Deal, lee: User, signed_in: Enter) -> None:
    signed_in(lee).post(read(lost)["submit"], posted(lost, winner=""))

    lost.refresh_from_db()
    assert (lost.lost_to, lost.version) == ("competitor", 1)


# ---------------------------------------------------------------- again, and together


def test_what_was_sent_is_found_in_the_form_and_sent_again_unchanged(
    lost: Deal, mori: User, lee: User, signed_in: Enter
) -> None:
    ratings = [
        rated("price", evidence="180万円", performance=-2),
        rated(says="buyer_survey", performance=-2, importance=2),
    ]
    retro = a_retro(mori, lost, ratings=ratings, tags=["価格"])
    actions.set_consent(by=mori, quote=retro.quotes.get(), consent="anonymous", speaker="部長")
    client = signed_in(lee)
    form = client.get(read(lost)["submit"]).context["form"]

    values = {field.name: field.value() for field in form if field.value() not in (None, "", [])}
    answer = client.post(read(lost)["submit"], values)

    assert answer.status_code == 302
    retro.refresh_from_db()
    assert (retro.version, retro.author, retro.updated_by) == (3, mori, lee)
    found = {
        (one.driver.key, one.says, one.performance, one.importance, one.first) for one in retro.ratings.all()
    }
    assert found == {("price", "rep", -2, 3, True), ("incident-response", "buyer_survey", -2, 2, True)}
    quote = retro.quotes.get()
    assert (quote.text, quote.consent, quote.speaker) == (EVIDENCE, "anonymous", "部長")
    lost.refresh_from_db()
    assert lost.version == 1


def test_two_retrospectives_meet_and_nothing_is_lost(
    lost: Deal, lee: User, sato: User, signed_in: Enter
) -> None:
    a_retro(sato, lost, lesson="先に書いた教え")
    client = signed_in(lee)

    answer = client.post(read(lost)["submit"], posted(lost))

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "先に書いた教え" in page
    assert LESSON in page
    assert RetroDraft.objects.get().fields["lesson"] == [LESSON]
    assert Retro.objects.get().lesson == "先に書いた教え"
    base, deal = answer.context["versions"]
    again = client.post(read(lost)["submit"], posted(lost, base_version=base, deal_version=deal))
    assert again.status_code == 302
    assert Retro.objects.get().lesson == LESSON


def test_a_deal_that_was_changed_meanwhile_is_shown_first(
    lost: Deal, lee: User, sato: User, signed_in: Enter
) -> None:
    crm.save_deal(by=sato, content=DealContent(name=lost.name, result="won"), deal=lost, base_version=1)

    answer = signed_in(lee).post(read(lost)["submit"], posted(lost, deal_version=1))

    assert answer.status_code == 409
    assert str(sato) in answer.content.decode()
    assert LESSON in answer.content.decode()
    lost.refresh_from_db()
    assert lost.result == "won"


# ---------------------------------------------------------------- drafts


def test_a_draft_is_found_again_on_another_machine(lost: Deal, lee: User, signed_in: Enter) -> None:
    kept = signed_in(lee).post(
        reverse("retros:autosave", args=[lost.pk]),
        posted(lost, lesson="", driver="", evidence="まだ途中", evidence_1="これも"),
    )
    assert kept.status_code == 200
    assert not Retro.objects.exists()

    answer = signed_in(lee).get(read(lost)["submit"])

    form = answer.context["form"]
    assert (form["evidence"].value(), form["whose"].value()) == ("まだ途中", "buyer")
    assert form["evidence_1"].value() == "これも"
    assert not form.errors
    assert "no-store" in answer["Cache-Control"]


def test_later_keeps_the_draft_without_any_script(lost: Deal, lee: User, signed_in: Enter) -> None:
    client = signed_in(lee)

    answer = client.post(read(lost)["submit"], {**posted(lost, lesson=""), "later": "1"}, follow=True)

    assert answer.redirect_chain == [(reverse("retros:queue"), 302)]
    assert RetroDraft.objects.get().by == lee
    assert lost.pk in answer.context["drafts"]


def test_a_draft_is_its_writers_alone(lost: Deal, lee: User, mori: User, signed_in: Enter) -> None:
    actions.keep_retro_draft(by=lee, deal=lost, fields={"lesson": ["李だけの下書き"]})

    for name in ("submit", "panel"):
        assert "李だけの下書き" not in signed_in(mori).get(read(lost)[name]).content.decode()
    signed_in(mori).post(reverse("retros:drop", args=[lost.pk]))
    assert RetroDraft.objects.exists()
    signed_in(lee).post(reverse("retros:drop", args=[lost.pk]))
    assert not RetroDraft.objects.exists()
