"""What comes back: a page of hits, and the values one can narrow down to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kb.search.documents import MARKS, Answer, Badge, Suggestion
from kb.search.engines.base import Filters
from kb.search.question import Question

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SIZE = 10
LARGEST_SIZE = 100
# What of a hit the command line tells.
HIT_KEYS = (
    "kind", "id", "ref", "title", "url", "snippet", "language", "tags", "updated_on", "score", "why", "complete",
    "file", "file_page", "parts", "owner", "department",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """One row. `why`: where it matched; `parts`: how much each field gave, when asked; `marked_title` and `snippet` are HTML."""

    kind: str
    id: int
    ref: str
    title: str
    url: str
    snippet: str
    language: str
    tags: tuple[str, ...]
    updated_on: date
    score: float
    why: tuple[str, ...]
    complete: bool
    owner: str | None
    department: str | None
    marked_title: str
    kind_label: StrOrPromise
    file: str | None = None
    file_page: int | None = None
    by_term: tuple[tuple[str, str], ...] = ()
    badge: Badge | None = None
    parts: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Widened:
    """A word that was typed, another form of the same term that is looked for as well, and the term's number."""

    typed: str
    other: str
    term: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A value one can narrow down to, with how many hits it would leave."""

    value: str
    label: StrOrPromise
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Faq:
    """The card above the results when the query is a question that a page answers: the beginning of what it says."""

    title: str
    text: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Results:
    """One page of an answer. total: things with all the words; also: those with most of them, below the line.

    question: the query as it was understood; filters: what it was narrowed down to, by the query itself and beside it.
    instead: what was searched for in the place of a query that finds nothing. did_you_mean: whole queries that find more.
    """

    query: str
    viewer: str
    total: int = 0
    also: int = 0
    page: int = 1
    size: int = SIZE
    took_ms: float = 0.0
    notes: tuple[str, ...] = ()
    facets: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    widened: tuple[Widened, ...] = ()
    available: bool = True
    question: Question = field(default_factory=lambda: Question("", ()))
    filters: Filters = field(default_factory=Filters)
    instead: str = ""
    did_you_mean: tuple[str, ...] = ()
    faq: Faq | None = None
    named: tuple[Suggestion, ...] = ()

    @property
    def forms(self) -> list[tuple[str, list[str]]]:
        """Each word that was typed, with the other forms that are looked for."""
        found: dict[str, list[str]] = {}
        for word in self.widened:
            found.setdefault(word.typed, []).append(word.other)
        return list(found.items())

    @property
    def pages(self) -> int:
        return -(-(self.total + self.also) // self.size)

    def as_json(self) -> dict[str, object]:
        """The answer in the shape of the command line."""
        return {
            "query": self.query,
            "viewer": self.viewer,
            "total": self.total,
            "also": self.also,
            "page": self.page,
            "size": self.size,
            "took_ms": round(self.took_ms, 1),
            "notes": list(self.notes),
            "widened": [{"from": word.typed, "to": word.other, "term": word.term} for word in self.widened],
            "did_you_mean": list(self.did_you_mean),
            "named": [asdict(thing) for thing in self.named],
            "faq": asdict(self.faq) if self.faq else None,
            "facets": {
                name: [{"value": choice.value, "count": choice.count} for choice in self.facets.get(name, ())]
                for name in ("kind", "tag", "language", "date")
            }
            | {
                name: [
                    {"value": choice.value, "label": str(choice.label), "count": choice.count}
                    for choice in self.facets.get(name, ())
                ]
                for name in MARKS
            },
            "hits": [
                {
                    **{name: getattr(hit, name) for name in HIT_KEYS},
                    "why": [*hit.why, *(["term"] if hit.by_term else [])],
                    "updated_on": hit.updated_on.isoformat(),
                }
                for hit in self.hits
            ],
        }
