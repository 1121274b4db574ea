"""Puts the sample company in through the actions people use, then dates everything back to when it would have happened."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from config.demo.companies import COMPANIES
from config.demo.deals import DEALS
from config.demo.market import COMPETITORS, INDUSTRIES, PRODUCTS
from config.demo.pages import PAGES
from config.demo.people import ENGLISH, LEFT, PEOPLE
from config.demo.retros import RETROS
from config.demo.rows import DemoDeal, DemoPage, DemoRetro, DemoTerm, Part, Words, day
from config.demo.searches import ASKED, SAVED, SEARCHES, WEEKS
from config.demo.shelves import COLLECTIONS
from config.demo.terms import OF_THE_WEEK, TERMS
from deals.crm.actions import DealContent, save_company, save_competitor, save_deal, save_product
from deals.crm.models import Company, Deal, Result
from deals.retros.actions import seed_drivers, submit_retro
from deals.retros.content import Rated, RetroContent, Said
from deals.retros.models import Retro, Says
from kb.access.actions import Readers
from kb.accounts.actions import Details, add_person, departments_named, seed_cast
from kb.accounts.demo import MAIL_DOMAIN
from kb.accounts.models import Department, Language, User
from kb.articles.actions import Content, hold_places, save_article, save_collection
from kb.articles.models import Article, Collection, Revision
from kb.glossary.actions import TermContent, save_term
from kb.glossary.models import Term
from kb.market.actions import save_named
from kb.market.models import Competitor, Industry, Product
from kb.search.actions import assign_question, note_opened, note_search, save_search
from kb.search.find import Results
from kb.search.models import SearchLog

JAPAN = ZoneInfo("Asia/Tokyo")
FIRST_DAY, LAST_DAY = date(2024, 6, 3), date(2026, 11, 23)
YEN = 10_000  # the tables count in 万円
LINK = re.compile(r"\]\((article|deal|competitor):([^)\n]+)\)")
# Who writes down what the company sells and meets.
KEEPER = "yamaguchi"


@dataclass
class Site:
    """What is in so far, by the names the tables use."""

    people: dict[str, User] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    competitors: dict[str, Competitor] = field(default_factory=dict)
    industries: dict[str, Industry] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    deals: dict[str, Deal] = field(default_factory=dict)
    shelves: dict[str, Collection] = field(default_factory=dict)
    pages: dict[str, Article] = field(default_factory=dict)

    def readers(self, departments: tuple[str, ...]) -> Readers:
        return Readers(everyone=not departments, departments=[self.departments[name] for name in departments])


def seed() -> Site:
    """Everything, in the order in which one thing needs another."""
    site = Site()
    seed_people(site)
    seed_market(site)
    seed_deals(site)
    seed_pages(site)
    seed_terms(site)
    seed_retros(site)
    seed_searches(site)
    return site


# ---------------------------------------------------------------- people and market


def seed_people(site: Site) -> None:
    site.people.update(seed_cast())
    for one in PEOPLE:
        details = Details(
            username=one.username,
            display_name=one.name,
            email=f"{one.mail}@{MAIL_DOMAIN}",
            role=one.role,
            departments=departments_named([one.department], by=None),
            language=Language.EN if one.username in ENGLISH else None,
        )
        site.people[one.username] = add_person(by=None, details=details, demo_line=one.line)
    site.departments.update({department.name: department for department in Department.objects.all()})


def seed_market(site: Site) -> None:
    by = site.people[KEEPER]
    for row in PRODUCTS:
        site.products[row.name] = save_product(
            by=by, name=row.name, near_names=row.near, note=row.note, retired=row.retired
        )
    for row in COMPETITORS:
        site.competitors[row.name] = save_competitor(by=by, name=row.name, near_names=row.near, note=row.note)
    for row in INDUSTRIES:
        site.industries[row.name] = save_named(Industry, by=by, name=row.name, near_names=row.near)
    for company in COMPANIES:
        site.companies[company.name] = save_company(
            by=by,
            name=company.name,
            industry=site.industries[company.industry],
            region=company.region,
            employees=company.employees,
            note=company.note,
        )


# ---------------------------------------------------------------- deals


def seed_deals(site: Site) -> None:
    """Every deal, the first opened first, each by its owner."""
    rows = {company.name: company for company in COMPANIES}
    teams = {person.pk: person.departments.get().name for person in site.people.values()}
    for number, row in enumerate(sorted(DEALS, key=lambda deal: (deal.opened, deal.name))):
        name, team = LEFT.get(row.owner, ("", ""))
        owner = site.people.get(row.owner)
        lost = row.result in (Result.LOST, Result.NO_DECISION)
        content = DealContent(
            name=row.name,
            company=site.companies[row.company],
            product=site.products[row.product],
            owner=owner,
            owner_name=name,
            owner_team=teams[owner.pk] if owner else team,
            region=rows[row.company].region,
            segment=rows[row.company].segment,
            stage=row.stage,
            stage_lost=row.stage if lost else "",
            opened_on=day(row.opened),
            closed_on=day(row.closed) if row.closed else None,
            amount=None if row.amount is None else Decimal(row.amount * YEN),
            result=row.result,
            lost_to=row.lost_to or "",
            no_decision_reason=row.why or "",
            competitor=site.competitors[row.met] if row.met else None,
            note=row.note,
            readers=site.readers(row.departments),
        )
        deal = save_deal(by=owner or site.people[KEEPER], content=content)
        site.deals[row.name] = deal
        Deal.objects.filter(pk=deal.pk).update(
            created_at=moment(day(row.opened), number), updated_at=moment(last_touched(row), number)
        )


def last_touched(row: DemoDeal) -> date:
    """The day a deal was last written to: its close, or a while after it was opened."""
    if row.closed:
        return day(row.closed)
    if row.result == Result.OPEN:
        return LAST_DAY - timedelta(days=len(row.note) % 9)
    return day(row.opened) + timedelta(days=21)


# ---------------------------------------------------------------- pages


def seed_pages(site: Site) -> None:
    """Every collection and page. Places come first, so that pages can point at each other."""
    for shelf in COLLECTIONS:
        site.shelves[shelf.name] = save_collection(
            by=site.people[shelf.by],
            name=shelf.name,
            description=shelf.description,
            readers=site.readers(shelf.departments),
        )
    writers = defaultdict(list)
    for page in PAGES:
        writers[page.by].append(page)
    for by, theirs in writers.items():
        places = hold_places(
            [reference(page) for page in theirs],
            by=site.people[by],
            collection_of={reference(page): site.shelves[page.collection] for page in theirs},
            title_of={reference(page): page.title for page in theirs},
        )
        site.pages.update({page.slug: places[reference(page)] for page in theirs})
    for number, page in enumerate(PAGES):
        seed_page(site, page, number)


def seed_page(site: Site, page: DemoPage, number: int) -> None:
    """One page: as it was first written, where the table knows that, and as it reads now."""
    article = site.pages[page.slug]
    on = page.on if page.has_history else page.changed or page.on
    versions = [(page.by, on, page.earlier_title or page.title, page.first_body, "")]
    if page.has_history:
        versions.append((page.changed_by or page.by, page.changed, page.title, page.body, page.note))
    for version, (by, _on, title, body, note) in enumerate(versions):
        content = Content(
            title=title,
            body=with_addresses(site, body),
            kind=page.kind,
            language=page.language,
            collection=site.shelves[page.collection],
            tags=page.tags,
            readers=site.readers(page.departments) if page.departments else None,
            owner=site.people[page.by],
            note=note,
        )
        article = save_article(by=site.people[by], content=content, article=article, base_version=version)
    site.pages[page.slug] = article
    Article.objects.filter(pk=article.pk).update(
        created_at=moment(day(page.on), number), updated_at=moment(day(page.changed or page.on), number)
    )
    for version, (_by, on, *_rest) in enumerate(versions, 1):
        Revision.objects.filter(article=article, version=version).update(at=moment(day(on), number))


def reference(page: DemoPage) -> str:
    return f"hibari/{page.slug}.md"


def with_addresses(site: Site, body: str) -> str:
    """The body with its links to other pages, deals and competitors pointing where those are. A link to nothing is a KeyError."""
    kept: dict[str, Mapping[str, Article | Deal | Competitor]] = {
        "article": site.pages,
        "deal": site.deals,
        "competitor": site.competitors,
    }
    return LINK.sub(lambda link: f"]({kept[link[1]][link[2]].get_absolute_url()})", body)


# ---------------------------------------------------------------- words


def seed_terms(site: Site) -> None:
    """Every word, spread over the time the site has stood; those of the week come last."""
    late = [term for term in TERMS if term.preferred in OF_THE_WEEK]
    early = [term for term in TERMS if term.preferred not in OF_THE_WEEK]
    span = (LAST_DAY - timedelta(days=14) - FIRST_DAY).days
    days = [FIRST_DAY + timedelta(days=span * place // len(early)) for place in range(len(early))]
    days += [LAST_DAY - timedelta(days=len(late) - place) for place in range(len(late))]
    for number, (term, on) in enumerate(zip(early + late, days, strict=True)):
        saved = save_term(by=site.people[term.by], content=as_term(site, term))
        at = moment(on, number)
        Term.objects.filter(pk=saved.pk).update(created_at=at, updated_at=at)


def as_term(site: Site, term: DemoTerm) -> TermContent:
    return TermContent(
        preferred=term.preferred,
        reading=term.reading,
        other_language=term.other,
        abbreviation=term.abbreviation,
        aliases=term.aliases,
        hidden=term.hidden,
        forbidden=term.forbidden,
        explanation=term.explanation,
        explanation_en=term.explanation_en,
        status=term.status,
        use_instead=term.use_instead,
        scope=site.departments[term.scope] if term.scope else None,
    )


# ---------------------------------------------------------------- what was learned


def seed_retros(site: Site) -> None:
    """Every retrospective, by the deal's owner, within two days of the close; what the customer said later is added when heard."""
    seed_drivers()
    rows = {deal.name: deal for deal in DEALS}
    for number, row in enumerate(RETROS):
        deal, close = site.deals[row.deal], day(rows[row.deal].closed or "")
        by = site.people[row.by or rows[row.deal].owner]
        retro = submit_retro(by=by, deal=deal, content=as_retro(site, row, close))
        heard = [said_on(words, close) for words in row.words if words.asked]
        submitted = min(close + timedelta(days=number % 3), LAST_DAY)
        Retro.objects.filter(pk=retro.pk).update(
            submitted_at=moment(submitted, number), updated_at=moment(max([submitted, *heard]), number)
        )


def as_retro(site: Site, row: DemoRetro, close: date) -> RetroContent:
    return RetroContent(
        lesson=row.lesson,
        hypothesis=row.hypothesis,
        ratings=[*rated(row.rep, Says.REP), *rated(row.buyer, row.heard)],
        quotes=[
            Said(text=words.text, speaker=words.speaker, consent=words.consent, said_on=said_on(words, close))
            for words in row.words
        ],
        tags=row.tags,
        articles=[site.pages[slug] for slug in row.pages],
    )


def rated(parts: tuple[Part, ...], says: Says) -> list[Rated]:
    """The first part is the main one."""
    return [
        Rated(
            driver=part.driver,
            says=says,
            performance=part.performance,
            importance=part.importance,
            first=place == 0,
            evidence=part.evidence,
        )
        for place, part in enumerate(parts)
    ]


def said_on(words: Words, close: date) -> date:
    """Interviews take place within 30 days after the close, remarks fall in the weeks before it."""
    days = 3 + len(words.text) % 22
    return min(close + timedelta(days=days), LAST_DAY) if words.asked else close - timedelta(days=days)


# ---------------------------------------------------------------- searches


def seed_searches(site: Site) -> None:
    """The searches of the last weeks before today, not of a fixed day: what is older is forgotten by itself."""
    now = timezone.now()
    turn = 0
    for week, row in ((week, row) for week in reversed(range(WEEKS)) for row in SEARCHES if week < row.since):
        for place in range(row.weekly):
            turn += 1
            at = now - timedelta(weeks=week, hours=7 + (turn * 29) % 130)
            found = Results(row.words, "", total=row.found if week < row.written else 0, took_ms=18.0)
            by = site.people[row.people[(week + place) % len(row.people)]]
            search = note_search(by=by, found=found, filters="")
            if search is None:
                continue
            opened = bool(found.total) and turn * 7 % 10 < row.opened
            if opened:
                note_opened(by=by, search=search, position=1 + turn % 3)
            SearchLog.objects.filter(pk=search.pk).update(created_at=at, opened_at=at if opened else None)
    words, asks, answers, note = ASKED
    assign_question(by=site.people[asks], query=words, assigned_to=site.people[answers], note=note)
    owner, name, address = SAVED
    save_search(by=site.people[owner], name=name, address=address)


# ---------------------------------------------------------------- time


def moment(on: date, number: int) -> datetime:
    """A time of that day within working hours, another for each number."""
    return datetime.combine(on, time(9), JAPAN) + timedelta(minutes=number * 37 % 540)
