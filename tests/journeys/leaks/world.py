"""A small company whose every word is known: each field of each thing holds a word of its own, and who may read it is
worked out here by plain sets of names, without a line of the code that is held against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deals.crm.actions import DealContent
from deals.crm.models import Company, Deal
from deals.retros.content import RetroContent
from deals.retros.models import Retro
from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.articles.actions import Content
from kb.articles.models import Article, Collection, Draft
from kb.glossary.actions import TermContent
from kb.glossary.models import Term

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
    searches: dict[str, Any] = field(default_factory=dict)
    contents: dict[str, Content | TermContent | DealContent | RetroContent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.specs = dict(self.rights.specs)
        self.joined = False
        # as they are now: Ito may join another one, which may come before her own
        self.homes = {name: department(person) for name, person in self.people.items()}

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
        return Readers(departments=[self.homes[names[0]]], people=[own])

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
    """Somebody's department, as long as they have one."""
    found = person.departments.order_by("pk").first()
    assert found is not None
    return found
