"""What passes between the rooms that hold things and the search: documents in, rows out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User


# What a thing can be narrowed down by beside its kind, tags, language and date. Values are keys of rows, or of choices,
# as text: people and departments, what became of a deal, whom it was lost to, what it was about.
MARKS = ("department", "author", "owner", "result", "competitor", "product")


@dataclass(frozen=True, slots=True)
class Document:
    """One thing as it goes into the index; plain text in its own spelling, analysed later.

    `stamp` changes whenever anything here changes. `names` are other names (aliases, abbreviation, reading),
    searched nearly like the title. `marks` has values for some of MARKS; `terms` are the keys of the glossary's terms
    that stand in it in any of their forms. `readers` is a conjunction: the viewer needs a token in each set; neither
    it nor any of its sets is ever empty.
    """

    source: str
    pk: int
    kind: str
    stamp: str
    title: str
    body: str
    language: str
    updated_on: date
    readers: tuple[frozenset[str], ...]
    headings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.readers or not all(self.readers):
            message = f"{self.source} {self.pk} would be indexed without readers"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Badge:
    """A word beside a title; its class and icon say the same by colour and shape."""

    label: StrOrPromise
    css: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of results, read from the database for the viewer who asked; `text` is what snippets are cut from."""

    source: str
    pk: int
    kind: str
    ref: str
    title: str
    url: str
    text: str
    language: str
    updated_on: date
    tags: tuple[str, ...] = ()
    owner: str | None = None
    department: str | None = None
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """What a thing is called, read for the viewer who asked; `names` are its other names but for what should not be written."""

    title: str
    kind: str
    url: str
    names: tuple[str, ...] = ()


class Offer(StrEnum):
    """How the things of a source are offered before anybody asked for all of them: while typing, and above the results."""

    NAME = "name"  # by name: terms, companies
    TITLE = "title"  # by title, among many others: pages, deals
    NEVER = "never"  # found only: it is called like another thing


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line below the box while typing."""

    text: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The card above the results, when the query itself is a word of the glossary."""

    title: str
    reading: str
    other: str
    explanation: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a form means to a viewer: the keys of its terms, and their other forms, each with its term's number."""

    terms: tuple[str, ...]
    forms: tuple[tuple[str, int], ...]


class Source(Protocol):
    """A kind of thing that can be found. `name` is its key in the index."""

    name: str
    offer: Offer

    def kinds(self) -> dict[str, StrOrPromise]:
        """The kinds it holds, with their labels."""

    def document(self, pk: int) -> Document | None:
        """The thing as it is now; none when it is gone and must leave the index."""

    def stamps(self) -> Iterable[tuple[int, str]]:
        """(pk, stamp) of everything that belongs in the index."""

    def visible(self, viewer: User, pks: Collection[int]) -> dict[int, Shown]:
        """Rows for those of `pks` that `viewer` may read now."""

    def called(self, viewer: User, pks: Collection[int]) -> dict[int, Called]:
        """What those of `pks` are called that `viewer` may read now: asked with every letter, so no more than that is read."""


@runtime_checkable
class ReadsMany(Protocol):
    """A source of small things, which are read many at a time: an import brings thousands of them."""

    def documents(self, pks: Collection[int]) -> dict[int, Document]:
        """Those of the things that there are."""


@runtime_checkable
class Chooses(Protocol):
    """A source some of whose marks have fixed values, each with its label."""

    def choices(self) -> Mapping[str, Mapping[str, StrOrPromise]]:
        """For names of MARKS their values and labels."""


class Expander(Protocol):
    """What knows words: answers a query that is a term, and says which forms mean the same. `source` has its terms."""

    source: str

    def answer(self, viewer: User, query: str) -> Answer | None:
        """The term that `query` is, if `viewer` may see it."""

    def meanings(self, viewer: User, forms: Collection[str]) -> dict[str, Meaning]:
        """What those of `forms` mean that are a form of a term `viewer` may see."""

    def terms_in(self, document: Document) -> tuple[str, ...]:
        """The keys of all terms that stand in a document in any of their forms, whoever may see them."""

    def forms(self, pk: int) -> tuple[str, ...]:
        """Every form of a term as it is now; none when it is gone."""
