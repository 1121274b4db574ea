"""The sample company as it is put in: everything there, linked, dated, closed to whom it is closed, and found."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from config.demo.deals import DEALS
from config.demo.pages import PAGES
from config.demo.retros import RETROS
from config.demo.seeding import LAST_DAY, Site, seed
from config.demo.story import COMPETITOR
from config.demo.terms import OF_THE_WEEK
from deals.crm.models import DECIDED, Deal
from deals.retros.models import DriverRating, Quote, Retro, Says
from kb.accounts.models import User
from kb.articles.models import Article, Revision
from kb.glossary.models import Term
from kb.search.find import find
from kb.search.index import drain
from kb.search.models import AssignedQuestion
from kb.search.queries import Wanted, failed, gaps, health, saved_searches


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The sample company, put in once for this module and taken out again."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_everything_of_the_tables_is_in(site: Site) -> None:
    assert User.objects.demo_cast().count() == 12
    assert Article.objects.published().count() == 70
    assert Term.objects.kept().count() == 90
    assert Deal.objects.count() == 300
    assert Deal.objects.closed().count() == sum(deal.result in DECIDED for deal in DEALS)
    assert Retro.objects.submitted().count() == 130
    assert Quote.objects.count() == sum(len(retro.words) for retro in RETROS)
    assert Revision.objects.count() == 70 + sum(page.has_history for page in PAGES)


@pytest.mark.django_db
def test_links_lead_to_pages_and_deals_that_exist(site: Site) -> None:
    pages = set(Article.objects.values_list("pk", flat=True))
    deals = set(Deal.objects.values_list("pk", flat=True))
    for title, html, plain in Article.objects.values_list("title", "html", "plain"):
        assert not plain, title
        assert not re.search(r"\"(article|deal|competitor):", html), title
        assert {int(pk) for pk in re.findall(r'href="/articles/(\d+)/"', html)} <= pages, title
        assert {int(pk) for pk in re.findall(r'href="/deals/(\d+)/"', html)} <= deals, title
    elements = " ".join(Article.objects.values_list("html", flat=True))
    for element in (
        "<table",
        "<blockquote",
        'class="callout',
        'type="checkbox"',
        "<pre",
        "<dl",
        "<ol",
        "<code",
    ):
        assert element in elements


@pytest.mark.django_db
def test_a_closed_page_is_read_by_its_department_alone(site: Site) -> None:
    def titles(who: str) -> set[str]:
        return set(Article.objects.visible_to(site.people[who]).values_list("title", flat=True))

    everything = {page.title for page in PAGES}
    assert everything - titles("mori") == {
        page.title
        for page in PAGES
        if (page.departments or page.collection == "見積もりの内規")
        and "カスタマー支援" not in page.departments
    }
    assert len(titles("duarte")) == len(titles("mori")) < len(everything)
    assert "導入支援の週ごとの段取り" not in titles("lee")


@pytest.mark.django_db
def test_a_few_open_deals_are_their_teams_alone(site: Site) -> None:
    closed_off = {deal.name for deal in DEALS if deal.departments}
    seen = set(Deal.objects.visible_to(site.people["sato"]).values_list("name", flat=True))
    assert {deal.name for deal in DEALS} - seen == closed_off
    # None of them is decided: everyone counts the same wins and losses as the news does.
    assert len(closed_off) == 3
    assert not closed_off & {deal.name for deal in DEALS if deal.result in DECIDED}


@pytest.mark.django_db
def test_what_happened_is_spread_over_the_time_it_happened_in(site: Site) -> None:
    for dates in (
        Article.objects.dates("updated_at", "month"),
        Term.objects.dates("created_at", "month"),
        Retro.objects.dates("submitted_at", "month"),
    ):
        assert len(dates) >= 15
        assert max(dates) <= LAST_DAY
    assert list(Term.objects.newest().values_list("preferred", flat=True)[:3]) == list(reversed(OF_THE_WEEK))
    latest = Retro.objects.order_by("-submitted_at")[:5]
    assert all(retro.submitted_at.year == 2026 for retro in latest)


@pytest.mark.django_db
def test_who_says_what_is_kept_apart(site: Site) -> None:
    retro = site.deals["遠音電子 電子部品のリール"].retro
    first = {rating.says: rating.driver.key for rating in retro.ratings.filter(first=True)}
    assert first == {Says.REP: "total-cost", Says.BUYER_INTERVIEW: "onboarding"}
    assert DriverRating.objects.filter(first=True, says=Says.REP).count() == 130


def analysis(*arguments: str) -> dict[str, Any]:
    """The groups of the command's answer, by their keys."""
    answer = StringIO()
    call_command("analysis", *arguments, "--as", "sato", "--json", stdout=answer)
    return {group["key"]: group for group in json.loads(answer.getvalue())["groups"]}


@pytest.mark.django_db
def test_the_analysis_tells_nova_apart_from_the_others_while_it_wins(site: Site) -> None:
    groups = analysis("--by", "competitor", "--from", "2025-04-01", "--to", "2026-01-31")
    assert groups["ノヴァ"]["versus_rest"]["apart"]
    assert groups["ノヴァ"]["versus_rest"]["difference"] < 0
    assert not any(group["versus_rest"]["apart"] for key, group in groups.items() if key != "ノヴァ")
    assert groups["オリオン"]["win"]["small"]


@pytest.mark.django_db
def test_the_analysis_tells_the_years_before_and_after_the_better_onboarding_apart(site: Site) -> None:
    groups = analysis("--by", "period", "--period", "year", "--where", f"competitor={COMPETITOR}")
    years = {key: group["win"] for key, group in groups.items() if key and group["win"]["n"]}
    assert [round(win["rate"], 2) for win in years.values()] == [0.17, 0.67]
    assert all(groups[key]["versus_rest"]["apart"] for key in years)


@pytest.mark.django_db
def test_the_company_can_be_searched(site: Site) -> None:
    drain()
    lee = site.people["lee"]
    for kind in ("battlecard", "news", "deal", "retro", "company", "competitor"):
        assert find("ノヴァ", viewer=lee, kinds=(kind,)).total > 0, kind
    assert {hit.kind for hit in find("封筒", viewer=lee).hits} >= {"battlecard", "retro"}
    assert find("総代会", viewer=lee).total > 0


@pytest.mark.django_db
def test_a_site_in_use_is_left_alone(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed_demo", if_empty=True)
    with pytest.raises((SystemExit, CommandError)):
        call_command("seed_demo", if_empty=False)
    assert "for an empty site" in capsys.readouterr().err
    assert Deal.objects.count() == 300


@pytest.mark.django_db
def test_searches_of_the_last_weeks_fill_the_editors_page(site: Site) -> None:
    weeks = health(timezone.localdate())
    wanted, now = Wanted(), timezone.now()
    found = gaps(failed(wanted, now), viewer=site.people["sato"], since=wanted.since(now))
    missing = {gap.query for gap in found}

    assert all(week.plain for week in weeks[1:-1])
    assert {"オフライン 利用", "SLA 返金", "英語の資料", "API 上限"} == missing
    assert sum(week.empty for week in weeks[:4]) > sum(week.empty for week in weeks[5:9])
    assert AssignedQuestion.objects.waiting_for(site.people["mori"]).count() == 1
    assert len(saved_searches(site.people["lee"])) == 1
