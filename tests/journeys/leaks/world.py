"""A small company whose every word is known: each field of each thing holds a word of its own, and who may read it is
worked out here by plain sets of names, without a line of the code that is held against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils import timezone

from deals.crm import actions as crm
from deals.crm.actions import DealContent
from deals.crm.models import Company, Deal, Intake
from deals.retros.actions import keep_retro_draft, submit_retro
from deals.retros.content import Rated, RetroContent, Said
from deals.retros.models import Retro
from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.articles.actions import Content, delete_article, keep_draft, save_article, save_collection
from kb.articles.models import Article, Collection, Draft
from kb.glossary.actions import TermContent, delete_term, save_term
from kb.glossary.models import Term
from kb.market.actions import ensure
from kb.market.models import Competitor, Product

# In every thing that can be found; and a form that every term has.
COMMON, FORM = "共通", "合言葉"
EVERYONE = ("everyone",)
LETTERS = "bcdfghjkmnprtvwx"

# ("everyone",), ("people", name, …) or ("department", name): the department of that person.
Spec = tuple[str, ...]


@dataclass(frozen=True)
class Secret:
    """A word that stands in one field of one thing: who may read it, and as which thing it is found.

    places: all of them must be open to whoever reads it, or one of `also`; only: whose alone it is.
    """

    word: str
    field: str
    places: tuple[str, ...]
    found_as: str = ""
    only: str = ""
    also: tuple[str, ...] = ()


@dataclass
class Rights:
    """What is random: who makes the things of each place, who may read them besides, and what changes later."""

    authors: Mapping[str, str]
    specs: Mapping[str, Spec]
    later: Mapping[str, Spec]
    joins: bool


# Things with readers of their own; what stands inside another one is bound by it, too.
SHELVES = ("shelf0", "shelf1")
PLACES = (
    *SHELVES, "page0", "page2", "gone", "term0", "term1", "lost_term", "company0", "company1", "deal0", "deal1",
    "deal2", "retro0", "retro1",
)  # fmt: skip
# Whose author makes what: a page is written by whoever keeps its shelf, a retrospective by the deal's owner.
AUTHORED = (
    "shelf0",
    "shelf1",
    "term0",
    "term1",
    "lost_term",
    "company0",
    "company1",
    "deal0",
    "deal1",
    "deal2",
)
MADE_WITH = {"page0": "shelf0", "page2": "shelf1", "gone": "shelf1", "retro0": "deal0", "retro1": "deal1"}


@dataclass
class World:
    """The things, their words, and who is in which department."""

    people: Mapping[str, User]
    rights: Rights
    secrets: dict[str, Secret] = field(default_factory=dict)
    keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    shelves: dict[str, Collection] = field(default_factory=dict)
    pages: dict[str, Article] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    deals: dict[str, Deal] = field(default_factory=dict)
    retros: dict[str, Retro] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    contents: dict[str, Content | TermContent | DealContent | RetroContent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.specs = dict(self.rights.specs)
        self.joined = False

    # -------------------------------------------------------------- who may read what
    def author(self, place: str) -> User:
        return self.people[self.author_of(place)]

    def author_of(self, place: str) -> str:
        return self.rights.authors[MADE_WITH.get(place, place)]

    def department_of(self, name: str) -> frozenset[str]:
        """Who is in somebody's department: Ito may join Lee's."""
        return frozenset({name, "ito"} if name == "lee" and self.joined else {name})

    def readers_of(self, place: str) -> frozenset[str]:
        kind, *names = self.specs[place]
        if kind == "everyone":
            return frozenset(self.people)
        own = {self.author_of(place)}
        if kind == "people":
            return frozenset({*names, *own})
        return self.department_of(names[0]) | own

    def may(self, name: str, *places: str) -> bool:
        return all(name in self.readers_of(place) for place in places)

    def may_read(self, name: str, secret: Secret) -> bool:
        """The thing it stands in says who; or one of the places that tell it, too."""
        if secret.only:
            return name == secret.only
        return self.may(name, *secret.places) or any(self.may(name, place) for place in secret.also)

    def readers(self, place: str) -> Readers:
        kind, *names = self.specs[place]
        if kind == "everyone":
            return Readers(everyone=True)
        own = self.author(place)
        if kind == "people":
            return Readers(people=[own, *(self.people[name] for name in names if name != own.username)])
        return Readers(departments=[department(self.people[names[0]])], people=[own])

    # -------------------------------------------------------------- words
    def word(
        self, of: str, name: str, *places: str, found: bool = True, only: str = "", also: tuple[str, ...] = ()
    ) -> str:
        """A new word for one field of one thing, unlike any other by several letters."""
        digest = hashlib.sha256(f"{of} {name}".encode()).hexdigest()[:9]
        made = "zq" + "".join(LETTERS[int(digit, 16)] for digit in digest)
        assert made not in self.secrets
        self.secrets[made] = Secret(made, f"{of}'s {name}", places, of if found else "", only, also)
        return made

    def hidden_from(self, name: str) -> list[Secret]:
        return [secret for secret in self.secrets.values() if not self.may_read(name, secret)]

    def shown_to(self, name: str) -> list[Secret]:
        return [secret for secret in self.secrets.values() if self.may_read(name, secret)]

    def of(self, thing: str) -> dict[str, str]:
        """The words of a thing by their field."""
        return {
            secret.field.removeprefix(f"{thing}'s "): secret.word
            for secret in self.secrets.values()
            if secret.field.startswith(f"{thing}'s ")
        }

    def found_by(self, name: str) -> set[str]:
        """Everything that can be found and that somebody may read."""
        bounds = {
            **{thing: ("shelf0", thing) for thing in ("page0",)},
            "page1": ("shelf0",),
            "page2": ("shelf1", "page2"),
            **{
                thing: (thing,)
                for thing in (*self.terms, *self.companies, *self.deals)
                if thing != "lost_term"
            },
            "retro0": ("deal0", "retro0"),
            "retro1": ("deal1", "retro1"),
        }
        return {thing for thing, places in bounds.items() if self.may(name, *places)}


def department(person: User) -> Department:
    """Somebody's own department, not the one they joined."""
    found = person.departments.order_by("pk").first()
    assert found is not None
    return found


def make(world: World) -> World:
    """Everything through the real actions."""
    for part in (make_shelves, make_pages, make_terms, make_deals, make_retros, make_drafts):
        part(world)
    return world


def make_shelves(world: World) -> None:
    for name in SHELVES:
        world.shelves[name] = save_collection(
            by=world.author(name),
            name=f"棚 {world.word(name, 'name', name, found=False)}",
            description=world.word(name, "description", name, found=False),
            readers=world.readers(name),
        )


def make_pages(world: World) -> None:
    for name, shelf in (("page0", "shelf0"), ("page1", "shelf0"), ("page2", "shelf1"), ("gone", "shelf1")):
        own = (name,) if name in PLACES else ()
        places, by = (shelf, *own), world.author(shelf)
        found = name != "gone"
        words = {
            part: world.word(name, part, *places, found=found) for part in ("title", "heading", "text", "tag")
        }
        old = world.word(name, "older text", *places, found=False)
        content = Content(
            title=f"頁 {words['title']}",
            body=f"# 見出し {words['heading']}\n\n{COMMON}の話、{old}。{FORM}。",
            kind="faq" if name == "page0" else "battlecard",
            language="ja",
            collection=world.shelves[shelf],
            tags=[words["tag"], "共有札"],
            readers=world.readers(name) if own else None,
            note=world.word(name, "note", *places, found=False),
        )
        page = save_article(by=by, content=content)
        content = replace(content, body=content.body.replace(old, words["text"]), keep_readers=True)
        world.pages[name] = save_article(by=by, content=content, article=page, base_version=1)
        world.contents[name] = replace(content, keep_readers=False)
        world.keys[name] = ("article", page.pk)
    delete_article(by=world.author("gone"), article=world.pages["gone"])


def make_terms(world: World) -> None:
    for name in ("term0", "term1", "lost_term"):
        by, found = world.author(name), name != "lost_term"
        said = {
            part: world.word(name, part, name, found=found)
            for part in (
                "term", "other", "short", "alias", "hidden", "barred", "explanation", "explanation_en", "instead",
            )
        }  # fmt: skip
        content = TermContent(
            preferred=said["term"],
            language="ja",
            reading="ひみつのことば",
            other_language=said["other"],
            abbreviation=said["short"],
            aliases=[said["alias"], FORM],
            hidden=[said["hidden"]],
            forbidden=[said["barred"]],
            explanation=f"{COMMON}の{said['explanation']}。",
            explanation_en=said["explanation_en"],
            use_instead=said["instead"],
            status="approved",
            readers=world.readers(name),
        )
        world.terms[name] = save_term(by=by, content=content)
        world.contents[name] = content
        world.keys[name] = ("term", world.terms[name].pk)
    # What is said instead is shown with a term, and not searched.
    for secret in [one for one in world.secrets.values() if one.field.endswith("'s instead")]:
        world.secrets[secret.word] = replace(secret, found_as="")
    delete_term(by=world.author("lost_term"), term=world.terms["lost_term"])


def make_deals(world: World) -> None:
    """Two companies, three deals; the third, won by nobody, waits for a retrospective."""
    for name, deals in (("company0", ("deal0", "deal2")), ("company1", ("deal1",))):
        # A deal names its company: its readers read that name, too, and nothing else of the company.
        world.companies[name] = crm.save_company(
            by=world.author(name),
            name=f"{name} {world.word(name, 'name', name, also=deals)}",
            region=world.word(name, "region", name),
            note=f"{COMMON} {world.word(name, 'note', name)}",
            readers=world.readers(name),
        )
        world.keys[name] = ("company", world.companies[name].pk)
    maker = world.people["sato"]
    nova, product = ensure(Competitor, "ノヴァ", by=maker), ensure(Product, "楓", by=maker)
    results = {
        "deal0": ("lost", "competitor", ""),
        "deal1": ("won", "", ""),
        "deal2": ("no_decision", "", "ghosted"),
    }
    for name, (result, lost_to, reason) in results.items():
        words = {
            part: world.word(name, part, name)
            for part in ("name", "owner", "team", "region", "segment", "stage", "note", "tag")
        }
        content = DealContent(
            name=f"商談 {words['name']}",
            company=world.companies["company1" if name == "deal1" else "company0"],
            product=product,
            owner_name=words["owner"],
            owner_team=words["team"],
            region=words["region"],
            segment=words["segment"],
            stage=words["stage"],
            stage_lost=world.word(name, "stage lost", name, found=False) if result == "lost" else "",
            closed_on=timezone.localdate() - timedelta(days=3),
            result=result,
            lost_to=lost_to,
            no_decision_reason=reason,
            competitor=nova,
            note=f"{COMMON} {words['note']}",
            tags=[words["tag"]],
            readers=world.readers(name),
        )
        world.deals[name] = crm.save_deal(by=world.author(name), content=content)
        world.contents[name] = content
        world.keys[name] = ("deal", world.deals[name].pk)


def make_retros(world: World) -> None:
    for name, deal, page in (("retro0", "deal0", "page0"), ("retro1", "deal1", "page1")):
        places = (deal, name)
        by = world.author(name)
        words = {
            part: world.word(name, part, *places)
            for part in ("lesson", "hypothesis", "evidence", "quote", "other quote", "tag")
        }
        speaker = world.word(name, "speaker", *places, found=False)
        may_link = world.may(by.username, "shelf0", *((page,) if page in PLACES else ()))
        content = RetroContent(
            lesson=f"{COMMON}の教訓 {words['lesson']}",
            hypothesis=words["hypothesis"],
            ratings=[
                Rated(driver="incident-response", performance=-2, first=True, evidence=words["evidence"])
            ],
            quotes=[
                Said(text=words["quote"], speaker=speaker),
                Said(text=words["other quote"], consent="anonymous"),
            ],
            tags=[words["tag"]],
            articles=[world.pages[page]] if may_link else [],
            readers=world.readers(name),
        )
        world.retros[name] = submit_retro(by=by, deal=world.deals[deal], content=content)
        world.contents[name] = content
        world.keys[name] = ("retro", world.retros[name].pk)


def make_drafts(world: World) -> None:
    """What somebody writes and nobody else reads: a change, a new page, a retrospective, files to import."""
    for name, page in (("draft0", world.pages["page0"]), ("draft1", None)):
        by = world.author("shelf0")
        fields: dict[str, str | list[str]] = {
            part: world.word(name, part, found=False, only=by.username) for part in ("title", "body", "tags")
        }
        world.drafts[name] = keep_draft(by=by, fields=fields, article=page, base_version=2)
    by = world.author("deal2")
    lesson = world.word("retro draft", "lesson", found=False, only=by.username)
    keep_retro_draft(by=by, deal=world.deals["deal2"], fields={"lesson": [lesson], "result": ["no_decision"]})
    name = world.word("import", "file", found=False, only=by.username)
    Intake.objects.create(by=by, name=name)


# ---------------------------------------------------------------- rights that change


def change(world: World) -> None:
    """Everything that is to have other readers gets them, and Ito may change her department; the index hears nothing yet."""
    if world.rights.joins:
        world.people["ito"].departments.add(department(world.people["lee"]))
        world.joined = True
    for place, spec in world.rights.later.items():
        world.specs[place] = spec
        give(world, place)


def give(world: World, place: str) -> None:
    """Write the readers of a place as they should be now."""
    by, readers, content = world.author(place), world.readers(place), world.contents.get(place)
    if place in world.shelves:
        shelf = world.shelves[place]
        save_collection(
            by=by, name=shelf.name, description=shelf.description, readers=readers, collection=shelf
        )
    elif place in world.companies:
        company = world.companies[place]
        crm.save_company(
            by=by,
            name=company.name,
            region=company.region,
            note=company.note,
            readers=readers,
            company=company,
        )
    elif isinstance(content, Content):
        page = Article.objects.get(pk=world.pages[place].pk)
        content = replace(content, readers=readers)
        save_article(by=by, content=content, article=page, base_version=page.version)
    elif isinstance(content, TermContent):
        term = Term.objects.get(pk=world.terms[place].pk)
        save_term(by=by, content=replace(content, readers=readers), term=term, base_version=term.version)
    elif isinstance(content, DealContent):
        deal = Deal.objects.get(pk=world.deals[place].pk)
        crm.save_deal(by=by, content=replace(content, readers=readers), deal=deal, base_version=deal.version)
    elif isinstance(content, RetroContent):
        retro = Retro.objects.select_related("deal").get(pk=world.retros[place].pk)
        content = replace(content, readers=readers)
        submit_retro(by=by, deal=retro.deal, content=content, base_version=retro.version)


CHANGEABLE: Iterable[str] = tuple(place for place in PLACES if place not in ("gone", "lost_term"))
