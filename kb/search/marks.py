"""What things can be narrowed down by: which values a typed name means, and how values are called.

People and the market are known by their rows, results and kinds by their labels in either language. Departments are the
viewer's side: what a department is in charge of is what its people are, so that joining or leaving needs no new index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from kb.accounts.models import Department, Language, User
from kb.market.models import Competitor, Product
from kb.market.queries import beginning
from kb.search import registry
from kb.search.engines.base import Filters
from kb.search.question import Both, Either, Mended, Narrowing, Not, Note, Part, Question
from kb.search.question.dates import span
from kb.search.question.names import DATES, IN_FILTERS, MINE, PLACES
from kb.text import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Nobody: a choice that nothing fits, for an empty one would narrow nothing down.
NOBODY = frozenset({"0"})
PEOPLE = 50
_LANGUAGES = {
    "ja": "ja", "日本語": "ja", "japanese": "ja", "和文": "ja", "en": "en", "英語": "en", "english": "en", "英文": "en",
}  # fmt: skip
# What people call some values beside their labels.
_ALSO = {
    "バトルカード": "battlecard", "よくある質問": "faq", "q&a": "faq", "導入事例": "success_story", "事例": "success_story",
    "資料": "collateral", "ニュース": "news", "用語集": "term", "勝ち": "won", "負け": "lost", "敗戦": "lost", "決めず": "no_decision",
}  # fmt: skip


# ------------------------------------------------------------------ typed names to values
def resolve(question: Question, viewer: User) -> Question:
    """A question whose narrowings are known; what nobody knows is left out and said.

    Narrowings that hold for the whole query become filters (`lifted`): there, one beside the results can be added.
    """
    resolving = _Resolving(viewer)
    lifted: list[Narrowing] = []
    parts: list[Part] = []
    for part in question.parts:
        known = resolving.part(part)
        if isinstance(known, Narrowing) and known.name in IN_FILTERS:
            lifted.append(known)
        elif known is not None:
            parts.append(known)
    return replace(
        question,
        parts=tuple(map(in_charge, parts)),
        lifted=tuple(lifted),
        fields=tuple(resolving.fields),
        repairs=(*question.repairs, *dict.fromkeys(resolving.repairs)),
        pieces=tuple(
            replace(piece, part=known)
            for piece in question.pieces
            if (known := resolving.seen.get(piece.part, piece.part)) is not None
        ),
    )


class _Resolving:
    """Goes through the parts of one viewer's question."""

    def __init__(self, viewer: User) -> None:
        self.viewer = viewer
        self.fields: dict[str, None] = {}
        self.repairs: list[Mended] = []
        # What became of each part, for the pieces that show it.
        self.seen: dict[Part, Part | None] = {}

    def part(self, part: Part, *, left_out: bool = False) -> Part | None:
        found = self.seen[part] = self._part(part, left_out=left_out)
        return None if isinstance(found, Narrowing) and found.name == "in" else found

    def _part(self, part: Part, *, left_out: bool) -> Part | None:
        match part:
            case Narrowing():
                return self._narrowing(part, left_out=left_out)
            case Not(child):
                known = self.part(child, left_out=True)
                return None if known is None else Not(known)
            case Either(parts) | Both(parts):
                children = [self.part(child, left_out=left_out) for child in parts]
                kept = tuple(child for child in children if child is not None)
                return type(part)(kept) if len(kept) > 1 else next(iter(kept), None)
        return part

    def _narrowing(self, asked: Narrowing, *, left_out: bool) -> Narrowing | None:
        if asked.name in DATES:
            return self._dated(asked)
        if asked.name == "in":
            return self._place(asked, left_out=left_out)
        values: set[str] = set()
        for typed in asked.typed:
            found = known(asked.name, typed, self.viewer)
            if found is None:
                self._say(Note.UNKNOWN_VALUE, asked, typed)
            else:
                values |= found
        return replace(asked, values=frozenset(values)) if values else None

    def _place(self, asked: Narrowing, *, left_out: bool) -> Narrowing | None:
        for typed in asked.typed:
            fields = () if left_out else PLACES.get(fold(typed), ())
            self.fields.update(dict.fromkeys(fields))
            if not fields:
                self._say(Note.UNKNOWN_VALUE, asked, typed)
        return asked if self.fields else None

    def _dated(self, asked: Narrowing) -> Narrowing | None:
        """The earliest and latest of the days that are meant; both ends belong to it."""
        spans = []
        for typed in asked.typed:
            found = span(typed, today=timezone.localdate(), fiscal_start=settings.FISCAL_YEAR_START)
            if found is None:
                self._say(Note.UNKNOWN_DATE, asked, typed)
            else:
                spans.append(found)
        if not spans:
            return None
        first, last = min(one.first for one in spans), max(one.last for one in spans)
        after = None if asked.name == "before" else first
        return replace(asked, after=after, before=None if asked.name == "after" else last)

    def _say(self, note: Note, asked: Narrowing, typed: str) -> None:
        self.repairs.append(Mended(note, typed if note is Note.UNKNOWN_DATE else f"{asked.name}:{typed}"))


def known(name: str, typed: str, viewer: User) -> frozenset[str] | None:
    """The values that are meant by what was typed behind a name; none when nobody knows it. Tags are never unknown."""
    folded = fold(typed)
    match name:
        case "tag":
            return frozenset({folded}) if folded else None
        case "language":
            return frozenset({_LANGUAGES[folded]}) if folded in _LANGUAGES else None
        case "is":
            return frozenset({str(viewer.pk)}) if folded in MINE else None
        case "kind":
            return _labelled(registry.kinds(), folded)
        case "author" | "owner":
            return _people(folded, viewer)
        case "department":
            return _departments(folded, viewer)
        case "competitor":
            return _keys(beginning(Competitor, typed)) or _numbered(Competitor, typed)
        case "product":
            return _keys(beginning(Product, typed)) or _numbered(Product, typed)
    return _labelled(registry.choices().get(name, {}), folded)


def _labelled(labels: Mapping[str, StrOrPromise], folded: str) -> frozenset[str] | None:
    """Values of which the key, or the label in either language, is as typed; without one, those it begins."""
    if _ALSO.get(folded) in labels:
        return frozenset({_ALSO[folded]})
    names: dict[str, set[str]] = {}
    for value, label in labels.items():
        spelled = {fold(value), fold(value.replace("_", " ")), *_in_each_language(label)}
        names[value] = spelled
    exact = frozenset(value for value, spelled in names.items() if folded in spelled)
    begun = frozenset(
        value for value, spelled in names.items() if any(name.startswith(folded) for name in spelled)
    )
    return exact or begun or None


def _in_each_language(label: StrOrPromise) -> set[str]:
    found = set()
    for language in Language.values:
        with override(language):
            found.add(fold(str(label)))
    return found


def _people(folded: str, viewer: User) -> frozenset[str] | None:
    if folded in MINE:
        return frozenset({str(viewer.pk)})
    if not folded:
        return None
    wanted = folded.replace(" ", "")
    people = User.objects.matching(folded).only("display_name", "username")[: PEOPLE * 4]
    found = [person for person in people if any(name.startswith(wanted) for name in _names_of(person))]
    return _keys(found[:PEOPLE]) or _numbered(User, folded)


def _names_of(person: User) -> list[str]:
    """What a person's name may be begun with: the whole of it, either part, and the user name."""
    name = fold(person.display_name)
    return [name.replace(" ", ""), *name.split(), fold(person.username)]


def _departments(folded: str, viewer: User) -> frozenset[str] | None:
    if folded in MINE:
        return _keys(viewer.departments.all()) or NOBODY
    if not folded:
        return None
    rows = Department.objects.all()
    found = (
        rows.filter(folded=folded)
        or rows.filter(folded__startswith=folded)
        or rows.filter(folded__contains=folded)
    )
    return _keys(found) or _numbered(Department, folded)


def _keys(rows: Iterable[User | Department | Competitor | Product]) -> frozenset[str] | None:
    return frozenset(str(row.pk) for row in rows) or None


def _numbered(kind: type[User | Department | Competitor | Product], typed: str) -> frozenset[str] | None:
    """A row by its number, as addresses and scripts have it."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    return frozenset({str(int(typed))}) if kind.objects.filter(pk=int(typed)).exists() else None


# ------------------------------------------------------------------ filters
def narrowed(filters: Filters, lifted: Iterable[Narrowing]) -> Filters:
    """Filters with what the query itself narrows down to: of one kind either will do, of dates both must hold."""
    for one in lifted:
        values = one.values or frozenset()
        if one.name in DATES:
            after = max((day for day in (filters.after, one.after) if day), default=None)
            before = min((day for day in (filters.before, one.before) if day), default=None)
            filters = replace(filters, after=after, before=before)
        elif one.name == "kind":
            filters = replace(filters, kinds=filters.kinds | values)
        elif one.name == "tag":
            filters = replace(filters, tags=filters.tags | values)
        elif one.name == "language":
            filters = replace(filters, languages=filters.languages | values)
        else:
            marks = {**filters.marks, one.name: filters.marks.get(one.name, frozenset()) | values}
            filters = replace(filters, marks=marks)
    return filters


def for_engine(filters: Filters) -> Filters:
    """Filters as the index knows them: a department is whoever belongs to it."""
    departments = filters.marks.get("department")
    if not departments:
        return filters
    people = members(departments)
    if owners := filters.marks.get("owner"):
        people &= owners
    marks = {name: values for name, values in filters.marks.items() if name != "department"}
    return replace(filters, marks={**marks, "owner": people or NOBODY})


def in_charge(part: Part) -> Part:
    """A part in which departments, too, are whoever belongs to them."""
    match part:
        case Narrowing(name="department"):
            return replace(part, name="owner", values=members(part.values or frozenset()) or NOBODY)
        case Not(child):
            return Not(in_charge(child))
        case Either(parts) | Both(parts):
            return type(part)(tuple(map(in_charge, parts)))
    return part


def members(departments: Collection[str]) -> frozenset[str]:
    """The people of some departments."""
    numbers = [int(number) for number in departments if number.isdigit()]
    found = User.departments.through.objects.filter(department__in=numbers).values_list("user", flat=True)
    return frozenset(map(str, found))


def departments_of(people: Collection[str]) -> dict[str, list[str]]:
    """The departments of each of some people."""
    numbers = [int(number) for number in people if number.isdigit()]
    rows = User.departments.through.objects.filter(user__in=numbers).values_list("user", "department")
    found: dict[str, list[str]] = {}
    for person, department in rows.order_by("user", "department"):
        found.setdefault(str(person), []).append(str(department))
    return found


# ------------------------------------------------------------------ values to labels
def labels(values: Mapping[str, Collection[str]]) -> dict[str, dict[str, StrOrPromise]]:
    """How the values of each mark are called; one query for each kind of row. What has gone is missing."""
    people = {*values.get("author", ()), *values.get("owner", ())}
    named = _called(User, people)
    return {
        "author": named,
        "owner": named,
        "department": _called(Department, values.get("department", ())),
        "competitor": _called(Competitor, values.get("competitor", ())),
        "product": _called(Product, values.get("product", ())),
        **registry.choices(),
    }


def _called(
    kind: type[User | Department | Competitor | Product], values: Collection[str]
) -> dict[str, StrOrPromise]:
    numbers = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]
    if not numbers:
        return {}
    columns = ("display_name", "username") if kind is User else ("name",)
    rows = kind.objects.only(*columns).in_bulk(numbers)
    return {str(number): str(row) for number, row in rows.items()}
