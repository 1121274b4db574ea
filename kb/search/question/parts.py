"""A query as it was understood: words, and how they are joined, left out and narrowed down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from kb.search.question.leaves import ATOMS, Leaf, once


class Note(StrEnum):
    """What was done to a query that its author should know."""

    SHORTENED = "shortened"
    OPEN_QUOTE = "open_quote"
    OPEN_BRACKET = "open_bracket"
    STRAY_BRACKET = "stray_bracket"
    DEEP_BRACKETS = "deep_brackets"
    STRAY_OR = "stray_or"
    STRAY_NOT = "stray_not"
    UNKNOWN_NAME = "unknown_name"
    NO_VALUE = "no_value"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_DATE = "unknown_date"


@dataclass(frozen=True, slots=True)
class Mended:
    """Something broken that was put right; `word` is what it was about."""

    note: Note
    word: str = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """tag:価格 and its like. typed: its values as they were typed, any of which will do; start, end: where it stands in
    `Question.typed`. The rest is filled in by what knows people, products and the calendar; values None: not yet.
    """

    name: str
    typed: tuple[str, ...]
    start: int = 0
    end: int = 0
    values: frozenset[str] | None = None
    after: date | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Every one of the parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the part does not have."""

    part: Part


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a query can be taken away by itself: a quotation, something left out, a choice, a narrowing; `text` as it is
    written, at `start` … `end` of `Question.typed`. Plain words are none.
    """

    text: str
    start: int
    end: int
    part: Part


Part: TypeAlias = "Leaf | Narrowing | Either | Both | Not"


@dataclass(frozen=True, slots=True)
class Question:
    """A whole query: every one of `parts` is asked for.

    text: folded. sentence: it was put in words, so that things with most of them are wanted as well. typed: as it was
    typed but for width; mended: the same after what was broken was put right. fields: where words are looked for, all
    of them when empty. lifted: narrowings that hold for all of it, once it is known what they mean.
    """

    text: str
    parts: tuple[Part, ...]
    sentence: bool = False
    notes: tuple[Note, ...] = ()
    repairs: tuple[Mended, ...] = ()
    typed: str = ""
    mended: str = ""
    fields: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    lifted: tuple[Narrowing, ...] = ()

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Everything that is asked for, wherever it stands, each once; not what is left out."""
        return once(leaf for part in self.parts for leaf in leaves_of(part))

    @property
    def atoms(self) -> tuple[Leaf, ...]:
        """Every word by itself, each once."""
        return once(atom for leaf in self.leaves for atom in leaf.atoms or (leaf,))[:ATOMS]

    @property
    def plain(self) -> bool:
        """Whether it is words and nothing else."""
        return all(isinstance(part, Leaf) for part in self.parts) and not self.fields

    def each(self, change: Callable[[Leaf], Leaf | Both]) -> Question:
        """The same with every leaf changed where it stands."""
        changed = (changed_part(part, change) for part in self.parts)
        return replace(self, parts=joined(changed))

    def parted(self) -> Question:
        """The same with 失注の理由 asked for as two words, which is what is meant when nothing has it as one."""
        return self.each(lambda leaf: Both(leaf.atoms) if leaf.joined else leaf)

    @property
    def can_be_parted(self) -> bool:
        return any(leaf.joined for leaf in self.leaves)


def leaves_of(part: Part) -> Iterator[Leaf]:
    """The leaves that are asked for in a part."""
    match part:
        case Leaf():
            yield part
        case Either(parts) | Both(parts):
            for child in parts:
                yield from leaves_of(child)


def narrowings_of(part: Part) -> Iterator[Narrowing]:
    """The narrowings in a part, also those that are left out."""
    match part:
        case Narrowing():
            yield part
        case Not(child):
            yield from narrowings_of(child)
        case Either(parts) | Both(parts):
            for child in parts:
                yield from narrowings_of(child)


def without(typed: str, spans: Iterable[tuple[int, int]]) -> str:
    """A query without some of its pieces."""
    for start, end in sorted(spans, reverse=True):
        typed = f"{typed[:start]} {typed[end:]}"
    return " ".join(typed.split())


def changed_part(part: Part, change: Callable[[Leaf], Leaf | Both]) -> Part:
    match part:
        case Leaf():
            return change(part)
        case Not(child):
            return Not(changed_part(child, change))
        case Either(parts):
            return Either(tuple(changed_part(child, change) for child in parts))
        case Both(parts):
            return Both(tuple(changed_part(child, change) for child in parts))
    return part


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts that are all asked for, groups of them opened, each leaf once."""
    found: dict[object, Part] = {}
    for part in parts:
        for one in part.parts if isinstance(part, Both) else (part,):
            found.setdefault((one.words, one.run) if isinstance(one, Leaf) else one, one)
    return tuple(found.values())
