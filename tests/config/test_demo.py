"""The sample company: as large as promised, no two texts alike, its links whole, and its story really seen in the counts."""

import re
from collections import Counter
from datetime import date

import pytest

from config.demo.companies import COMPANIES
from config.demo.deals import DEALS
from config.demo.market import COMPETITORS, INDUSTRIES, PRODUCTS
from config.demo.pages import PAGES
from config.demo.people import LEFT, PEOPLE
from config.demo.retros import RETROS
from config.demo.rows import DemoDeal, day
from config.demo.seeding import LAST_DAY, LINK
from config.demo.shelves import COLLECTIONS
from config.demo.story import (
    BUYERS_SAY,
    COMPETITOR,
    NOVA_COMES,
    ONBOARDING_BEGINS,
    PRICE_CHANGES,
    REPS_SAY,
    SEGMENT,
)
from config.demo.terms import OF_THE_WEEK, TERMS
from deals.crm.models import DECIDED, LostTo, Result
from deals.retros.models import Consent
from deals.retros.tree import TREE
from kb.accounts.demo import CAST
from kb.articles.models import Kind
from kb.text import is_kana

FIRST_LEVEL = {attribute.key: driver.key for driver in TREE for attribute in driver.children}
SEGMENT_OF = {company.name: company.segment for company in COMPANIES}
ROW_OF = {deal.name: deal for deal in DEALS}
RETRO_OF = {retro.deal: retro for retro in RETROS}
EVERYONE = {one.username for one in (*CAST, *PEOPLE)}
# Firms that exist and were near to hand when names were chosen.
REAL = ("みなと銀行", "サクラ情報", "さくら情報", "銀杏書房", "なぎさ信用金庫")


# ---------------------------------------------------------------- the tables


def test_the_company_is_as_large_as_promised() -> None:
    assert len(EVERYONE) == len(CAST) + len(PEOPLE) == 12
    assert {one.department for one in (*CAST, *PEOPLE)} == {
        "マーケティング",
        "第一営業部",
        "第二営業部",
        "カスタマー支援",
        "情報システム",
    }
    assert (len(PAGES), len(TERMS), len(DEALS), len(RETROS)) == (70, 90, 300, 130)


def test_every_kind_of_page_is_there_and_a_fifth_is_in_english() -> None:
    kinds = Counter(page.kind for page in PAGES)
    assert set(kinds) == set(Kind.values)
    assert min(kinds.values()) >= 7
    assert sum(page.language == "en" for page in PAGES) == 14
    assert sum(len(page.body.splitlines()) >= 15 for page in PAGES) >= 35


def test_some_pages_are_for_one_department_alone() -> None:
    closed = {shelf.name for shelf in COLLECTIONS if len(shelf.departments) == 1}
    assert sum(page.collection in closed or len(page.departments) == 1 for page in PAGES) >= 3


def test_no_two_texts_are_alike() -> None:
    parts = [part for retro in RETROS for part in (*retro.rep, *retro.buyer)]
    texts = [
        *(retro.lesson for retro in RETROS),
        *(retro.hypothesis for retro in RETROS if retro.hypothesis),
        *(part.evidence for part in parts),
        *(words.text for retro in RETROS for words in retro.words),
        *(deal.note for deal in DEALS if deal.note),
        *(deal.name for deal in DEALS),
        *(company.note for company in COMPANIES if company.note),
        *(page.title for page in PAGES),
        *(page.body for page in PAGES),
        *(term.explanation for term in TERMS),
        *(term.explanation_en for term in TERMS),
    ]
    assert [
        text for text, count in Counter(re.sub(r"\W", "", text) for text in texts).items() if count > 1
    ] == []


def test_no_sentence_stands_in_two_retrospectives() -> None:
    seen: Counter[str] = Counter()
    for retro in RETROS:
        whole = "。".join(
            (retro.lesson, retro.hypothesis, *(part.evidence for part in (*retro.rep, *retro.buyer)))
        )
        seen.update({sentence for sentence in re.split(r"[。\n]", whole) if len(sentence) > 8})
    assert [sentence for sentence, count in seen.items() if count > 1] == []


def test_the_tone_is_plain() -> None:
    texts = [page.title + page.body for page in PAGES] + [str(retro) for retro in RETROS]
    texts += [term.explanation + term.explanation_en for term in TERMS] + [str(deal) for deal in DEALS]
    assert [text[:60] for text in texts if re.search(r"!(?!\[|\()|！", re.sub(r"> \[!|!=", "", text))] == []
    assert [name for name in REAL if any(name in text for text in texts)] == []


def test_every_term_has_its_reading_and_both_explanations() -> None:
    for term in TERMS:
        assert is_kana(term.reading.replace("ー", "")), term.preferred
        assert term.other.isascii(), term.preferred
        assert term.explanation.endswith("。"), term.preferred
        assert term.explanation_en.endswith("."), term.preferred
    forms = Counter((term.preferred, term.scope) for term in TERMS)
    assert max(forms.values()) == 1
    assert {term.preferred for term in TERMS} >= set(OF_THE_WEEK)


def test_every_person_named_exists() -> None:
    named = {page.by for page in PAGES} | {page.changed_by for page in PAGES} | {term.by for term in TERMS}
    named |= {shelf.by for shelf in COLLECTIONS} | {retro.by for retro in RETROS}
    assert named - {""} <= EVERYONE
    assert {deal.owner for deal in DEALS} <= EVERYONE | set(LEFT)
    assert not any(retro.by == "" and ROW_OF[retro.deal].owner in LEFT for retro in RETROS)


def test_every_persons_line_fits_its_place() -> None:
    assert max(len(one.line) for one in PEOPLE) < 70


def test_every_name_of_the_market_is_in_its_table() -> None:
    assert {deal.company for deal in DEALS} == set(SEGMENT_OF)
    assert {company.industry for company in COMPANIES} == {industry.name for industry in INDUSTRIES}
    assert {deal.met for deal in DEALS if deal.met} == {competitor.name for competitor in COMPETITORS}
    assert {deal.product for deal in DEALS} == {product.name for product in PRODUCTS if not product.retired}


def test_a_deal_closes_after_it_opened_and_never_on_a_weekend() -> None:
    for deal in DEALS:
        if deal.closed:
            assert day(deal.opened) < day(deal.closed) <= LAST_DAY, deal.name
            assert day(deal.closed).weekday() < 5, deal.name
        assert (deal.result in DECIDED) <= bool(deal.closed), deal.name
        assert (deal.result == Result.LOST) == bool(deal.lost_to), deal.name
        assert (deal.lost_to == LostTo.COMPETITOR) <= bool(deal.met), deal.name


def test_nearly_every_won_and_lost_deal_carries_an_amount() -> None:
    for result in (Result.WON, Result.LOST):
        amounts = [deal.amount for deal in DEALS if deal.result == result]
        assert sum(bool(amount) for amount in amounts) / len(amounts) > 0.8


def test_a_retrospective_is_of_a_closed_deal_and_rests_on_something() -> None:
    assert len(RETRO_OF) == len(RETROS)
    for retro in RETROS:
        assert ROW_OF[retro.deal].result in DECIDED, retro.deal
        assert retro.rep, retro.deal
        for side in (retro.rep, retro.buyer):
            assert len({part.driver for part in side}) == len(side), retro.deal
            for part in side:
                assert part.driver in FIRST_LEVEL, (retro.deal, part.driver)
                assert part.evidence, retro.deal
                assert -2 <= part.performance <= 2, retro.deal
                assert 1 <= part.importance <= 3, retro.deal


def test_a_retrospective_names_pages_that_exist() -> None:
    slugs = {page.slug for page in PAGES}
    assert {slug for retro in RETROS for slug in retro.pages} <= slugs
    assert sum(bool(retro.pages) for retro in RETROS) > 60


def test_customers_words_come_with_every_kind_of_consent() -> None:
    words = [words for retro in RETROS for words in retro.words]
    assert len(words) >= 80
    assert min(Counter(one.consent for one in words)[consent] for consent in Consent) >= 20
    assert all(one.speaker for one in words)


def test_every_link_of_a_page_leads_somewhere() -> None:
    kept = {
        "article": {page.slug for page in PAGES},
        "deal": set(ROW_OF),
        "competitor": {competitor.name for competitor in COMPETITORS},
    }
    for page in PAGES:
        links = LINK.findall(page.body)
        assert len(re.findall(r"\]\(", page.body)) == len(links), page.slug
        assert [target for kind, target in links if target not in kept[kind]] == [], page.slug
    assert sum(bool(LINK.search(page.body)) for page in PAGES) > 45


def test_what_a_page_said_before_is_taken_from_what_it_says_now() -> None:
    for page in PAGES:
        for now, _then in page.earlier:
            assert now in page.body, page.slug
        if page.has_history:
            assert page.note, page.slug
            assert page.first_body != page.body or page.earlier_title, page.slug
            assert page.on < page.changed, page.slug


# ---------------------------------------------------------------- the story


def decided(since: date | None = None, until: date | None = None) -> list[DemoDeal]:
    return [
        deal
        for deal in DEALS
        if deal.result in DECIDED
        and (since is None or day(deal.closed or "") >= since)
        and (until is None or day(deal.closed or "") < until)
    ]


def rate(deals: list[DemoDeal]) -> float:
    return sum(deal.result == Result.WON for deal in deals) / len(deals)


def against(competitor: str, deals: list[DemoDeal]) -> list[DemoDeal]:
    """Won or lost while this competitor was in the room."""
    return [deal for deal in deals if deal.met == competitor and deal.result != Result.NO_DECISION]


def test_nova_comes_in_spring_2025_and_wins_where_the_others_do_not() -> None:
    assert against(COMPETITOR, decided(until=NOVA_COMES)) == []
    before = decided(NOVA_COMES, ONBOARDING_BEGINS)
    nova = against(COMPETITOR, before)
    others = [
        deal for other in COMPETITORS if other.name != COMPETITOR for deal in against(other.name, before)
    ]
    assert (sum(deal.result == Result.WON for deal in nova), len(nova)) == (4, 28)
    assert rate(nova) < 0.2 < 0.45 < rate(others)


def test_the_smaller_minimum_raises_the_wins_of_small_customers_only() -> None:
    def small(deals: list[DemoDeal], *, is_small: bool) -> list[DemoDeal]:
        kept = [deal for deal in deals if deal.met != COMPETITOR]
        return [deal for deal in kept if (SEGMENT_OF[deal.company] == SEGMENT) == is_small]

    before, since = decided(until=PRICE_CHANGES), decided(PRICE_CHANGES)
    assert rate(small(since, is_small=True)) - rate(small(before, is_small=True)) > 0.25
    assert abs(rate(small(since, is_small=False)) - rate(small(before, is_small=False))) < 0.1


def test_the_better_onboarding_wins_deals_back_from_nova() -> None:
    before, since = (
        against(COMPETITOR, decided(NOVA_COMES, ONBOARDING_BEGINS)),
        against(COMPETITOR, decided(ONBOARDING_BEGINS)),
    )
    assert (sum(deal.result == Result.WON for deal in since), len(since)) == (20, 32)
    assert rate(since) - rate(before) > 0.4
    others = [other.name for other in COMPETITORS if other.name != COMPETITOR]
    still = rate([deal for name in others for deal in against(name, decided(ONBOARDING_BEGINS))])
    earlier = rate([deal for name in others for deal in against(name, decided(until=ONBOARDING_BEGINS))])
    assert still - earlier < 0.2


def first_reasons(deals: list[DemoDeal]) -> tuple[Counter[str], Counter[str], int]:
    """What the rep and what the buyer named first, by drivers of the first level, where both spoke; how often they agree."""
    both = [RETRO_OF[deal.name] for deal in deals if deal.name in RETRO_OF and RETRO_OF[deal.name].buyer]
    pairs = [(retro.rep[0].driver, retro.buyer[0].driver) for retro in both]
    return (
        Counter(FIRST_LEVEL[rep] for rep, _buyer in pairs),
        Counter(FIRST_LEVEL[buyer] for _rep, buyer in pairs),
        sum(rep == buyer for rep, buyer in pairs),
    )


def test_reps_say_price_where_buyers_say_support() -> None:
    lost = [
        deal
        for deal in against(COMPETITOR, decided(NOVA_COMES, ONBOARDING_BEGINS))
        if deal.result == Result.LOST
    ]
    reps, buyers, agreed = first_reasons(lost)
    assert reps.total() >= 12
    assert reps.most_common(1)[0][0] == REPS_SAY
    assert buyers.most_common(1)[0][0] == BUYERS_SAY
    assert buyers[REPS_SAY] <= 2
    assert agreed / reps.total() < 0.3


def test_what_is_lost_to_nova_later_has_other_reasons_on_which_both_sides_agree() -> None:
    lost = [deal for deal in against(COMPETITOR, decided(date(2026, 4, 1))) if deal.result == Result.LOST]
    reps, buyers, agreed = first_reasons(lost)
    assert buyers.total() >= 4
    assert buyers[BUYERS_SAY] == 0
    assert agreed / reps.total() > 0.6


def test_what_is_written_up_is_not_like_the_rest() -> None:
    share = {
        result: sum(deal.name in RETRO_OF for deal in decided() if deal.result == result)
        / sum(deal.result == result for deal in decided())
        for result in DECIDED
    }
    assert share[Result.LOST] > share[Result.WON] > share[Result.NO_DECISION]


@pytest.mark.parametrize(
    ("slug", "since", "until"),
    [
        ("news-winloss-2025", date(2025, 4, 1), date(2026, 4, 1)),
        ("news-winloss-h1", date(2026, 4, 1), date(2026, 10, 1)),
    ],
)
def test_the_news_counts_as_the_deals_do(slug: str, since: date, until: date) -> None:
    body = next(page.body for page in PAGES if page.slug == slug)
    deals = decided(since, until)
    won = sum(deal.result == Result.WON for deal in deals)
    reviewed = sum(deal.name in RETRO_OF for deal in deals)
    nova = against(COMPETITOR, deals)
    assert (
        f"商談は{len(deals)}件、受注は{won}件です。受注率は**{won / len(deals):.0%}**".replace("%", "％")
        in body
    )
    assert f"{len(deals)}件中{reviewed}件" in body
    assert f"{sum(deal.result == Result.WON for deal in nova)} / {len(nova)}" in body
