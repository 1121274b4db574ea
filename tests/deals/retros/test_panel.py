"""What other pages show of a retrospective: the deal's, a page's, a competitor's."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from deals.crm.models import Deal
from deals.retros.models import Quote
from kb.accounts.models import User
from tests.deals.retros.retros import EVIDENCE, a_retro, rated, read, sent
from tests.factories import an_article

Enter = Callable[[User], Client]


def test_rep_and_buyer_stand_side_by_side(lost: Deal, lee: User, ito: User, signed_in: Enter) -> None:
    a_retro(lee, lost, ratings=[rated("total-cost"), rated(says="buyer_interview", performance=-2)])

    answer = signed_in(ito).get(read(lost)["panel"], headers={"HX-Request": "true"})

    why = answer.context["why"]
    assert (len(why.lines), why.both, why.agreed) == (2, True, False)
    assert "<html" not in answer.content.decode()
    assert "form" not in answer.content.decode()


def test_consent_is_given_later(lost: Deal, lee: User, mori: User, signed_in: Enter) -> None:
    a_retro(lee, lost)
    client = signed_in(mori)
    address = sent(lost)["consent"]

    assert client.post(address, {"consent": "named", "speaker": ""}).status_code == 422
    assert client.post(address, {"consent": "named", "speaker": "情報システム部長"}).status_code == 302

    quote = Quote.objects.get()
    assert (quote.consent, quote.speaker, quote.text) == ("named", "情報システム部長", EVIDENCE)
    added = client.post(
        sent(lost)["add_quote"], {"text": "もう一言", "consent": "internal", "said_on": "2026-11-24"}
    )
    assert added.status_code == 302
    assert Quote.objects.count() == 2


def test_a_quote_of_another_deal_is_not_found(lost: Deal, closed: Deal, lee: User, signed_in: Enter) -> None:
    a_retro(lee, lost)
    quote = a_retro(lee, closed).quotes.get()

    address = reverse("retros:consent", args=[lost.pk, quote.pk])
    assert signed_in(lee).post(address, {"consent": "anonymous"}).status_code == 404


def test_a_page_says_in_which_deals_it_was_used(
    lost: Deal, closed: Deal, lee: User, mori: User, signed_in: Enter
) -> None:
    article = an_article(lee)
    a_retro(lee, lost, articles=[article])
    a_retro(lee, closed, articles=[article])
    address = reverse("retros:used_in", args=[article.pk])

    assert address in signed_in(mori).get(article.get_absolute_url()).content.decode()
    page = signed_in(mori).get(address, headers={"HX-Request": "true"}).content.decode()
    assert lost.name in page
    assert closed.name not in page
    assert Client().get(address).status_code == 302


def test_the_latest_losses_to_a_competitor_are_told_in_the_buyers_words(
    lost: Deal, lee: User, ito: User, signed_in: Enter
) -> None:
    address = reverse("retros:losses", args=[lost.competitor_id])
    a_retro(lee, lost)

    page = signed_in(ito).get(address, headers={"HX-Request": "true"}).content.decode()
    assert EVIDENCE in page
    assert signed_in(ito).get(address).status_code == 302


def test_the_panel_takes_few_queries(
    lost: Deal, lee: User, signed_in: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_retro(
        lee, lost, ratings=[rated("total-cost"), rated("fit", first=False), rated(says="buyer_interview")]
    )
    client = signed_in(lee)
    # once before: what a process looks up only once does not count
    client.get(read(lost)["panel"], headers={"HX-Request": "true"})

    with django_assert_max_num_queries(14):
        client.get(read(lost)["panel"], headers={"HX-Request": "true"})
