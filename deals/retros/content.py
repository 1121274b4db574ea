"""What a retrospective says, as it passes from a form, a table or a script to the action that writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from deals.retros.models import Says
from kb.access.actions import Readers

if TYPE_CHECKING:
    from kb.articles.models import Article
    from kb.market.models import Competitor


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of the deal, as the writer saw it. `competitor_name` is one not known yet, made when it is saved."""

    result: str
    lost_to: str = ""
    competitor: Competitor | None = None
    competitor_name: str = ""
    no_decision_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A driver by its key, as one kind of witness saw it; `first`: the main one of that witness."""

    driver: str
    says: str = Says.REP
    performance: int
    importance: int = 3
    first: bool = False
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """The customer's words. What is none stays as it stands for these words; new ones are internal."""

    text: str
    speaker: str | None = None
    consent: str | None = None
    said_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RetroContent:
    """What a retrospective says, whole. `outcome` none: the deal's stands; `readers` none: as it stands, the deal's at first."""

    lesson: str
    hypothesis: str = ""
    ratings: Sequence[Rated] = ()
    quotes: Sequence[Said] = ()
    tags: Sequence[str] = ()
    articles: Sequence[Article] = ()
    outcome: Outcome | None = None
    readers: Readers | None = None
