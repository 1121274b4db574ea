"""The shapes of the sample company's tables: what one row of each says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deals.crm.models import LostTo, NoDecisionReason, Result
from deals.retros.models import Consent, Says


@dataclass(frozen=True, slots=True)
class DemoCollection:
    """A shelf; `departments` none: everyone may read. `by` makes it, and must be among its readers."""

    name: str
    description: str
    by: str = "sato"
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoPage:
    """A page. In its body `article:SLUG`, `deal:NAME` and `competitor:NAME` as addresses become those of the site."""

    slug: str
    by: str
    collection: str
    kind: str
    language: str
    title: str
    on: str
    body: str
    tags: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    changed: str = ""
    changed_by: str = ""
    note: str = ""
    # What the first version said instead: (as it reads now, as it read then).
    earlier: tuple[tuple[str, str], ...] = ()
    earlier_title: str = ""
    # The whole first version, where it was another page altogether.
    first: str = ""

    @property
    def first_body(self) -> str:
        body = self.first or self.body
        for now, then in self.earlier:
            body = body.replace(now, then)
        return body

    @property
    def has_history(self) -> bool:
        return bool(self.earlier or self.earlier_title or self.first)


@dataclass(frozen=True, slots=True)
class DemoTerm:
    """A word, explained in both languages; `hidden` are misspellings, `forbidden` forms not to write."""

    preferred: str
    reading: str
    other: str
    explanation: str
    explanation_en: str
    abbreviation: str = ""
    aliases: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    status: str = "approved"
    use_instead: str = ""
    scope: str = ""
    by: str = "sato"


@dataclass(frozen=True, slots=True)
class DemoNamed:
    """A competitor, a product or an industry, and how else it is written."""

    name: str
    note: str = ""
    near: tuple[str, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """A customer, or one who may become it."""

    name: str
    industry: str
    region: str
    employees: int
    note: str = ""

    @property
    def segment(self) -> str:
        if self.employees >= 1000:
            return "大手"
        return "中堅" if self.employees >= 100 else "小規模"


@dataclass(frozen=True, slots=True)
class DemoDeal:
    """A deal; `amount` in 万円, None where nobody wrote it down; `closed` none: still open, or not known."""

    company: str
    theme: str
    product: str
    owner: str
    opened: str
    closed: str | None
    amount: int | None
    result: Result
    stage: str
    lost_to: LostTo | None = None
    met: str | None = None
    why: NoDecisionReason | None = None
    departments: tuple[str, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.company} {self.theme}"


@dataclass(frozen=True, slots=True)
class Part:
    """A driver and the part it played: performance -2 … +2, importance 1 … 3, and what that rests on."""

    driver: str
    performance: int
    importance: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the customer said; `asked` false: said in a meeting before the close, not when asked afterwards."""

    text: str
    speaker: str
    consent: Consent = Consent.INTERNAL
    asked: bool = True


@dataclass(frozen=True, slots=True)
class DemoRetro:
    """A retrospective. The first part of `rep` and of `buyer` is each side's main reason; `by` none: the deal's owner."""

    deal: str
    lesson: str
    rep: tuple[Part, ...]
    buyer: tuple[Part, ...] = ()
    heard: Says = Says.BUYER_INTERVIEW
    words: tuple[Words, ...] = ()
    hypothesis: str = ""
    tags: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    by: str = ""


def day(text: str) -> date:
    return date.fromisoformat(text)


__all__ = [
    "DemoCollection",
    "DemoCompany",
    "DemoDeal",
    "DemoNamed",
    "DemoPage",
    "DemoRetro",
    "DemoTerm",
    "Part",
    "Words",
    "day",
]
