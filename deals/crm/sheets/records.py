"""What reading a row gives: a deal as its file has it, and what everybody who reads must know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal

from deals.crm.sheets.spelling import Merge
from deals.crm.sheets.wording import Wording
from kb.notices import Problem


@dataclass(slots=True)
class SourceDeal:
    """One row. Texts are "" where the file has none; `ref` is "" where only the row's place and content tell it."""

    row: int
    ref: str = ""
    name: str = ""
    named: bool = False  # by the file, not put together here
    company: str = ""
    product: str = ""
    competitor: str = ""
    industry: str = ""
    owner: str = ""
    owner_team: str = ""
    region: str = ""
    company_region: str = ""
    segment: str = ""
    stage: str = ""
    stage_lost: str = ""
    employees: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    result: str = ""
    lost_to: str = ""
    reason: str = ""
    note: str = ""
    tags: str = ""
    digest: str = ""  # of all that the file says, whatever the names are here


class Refused(Exception):
    """A value that keeps its row out."""

    def __init__(self, code: str, column: str | None, value: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.value = value
        self.details = details


@dataclass
class Read:
    """The deals of a file, and everything to be told of it. `refused`: how many rows are not among them."""

    deals: list[SourceDeal] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)
    refused: int = 0
    # By column, how its days or amounts were taken: {"dates": order} or {"decimal": mark, "unit": number, "currency": code}.
    formats: dict[str, dict[str, str | int | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What is known here already: names by field and key, where we are, what day it is, how to word a message."""

    zone: tzinfo
    today: date
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wording: Wording = field(default_factory=Wording)
