"""What stands above and beside the results: chips for what the query says, each of which can be taken off, and the facets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.search.documents import MARKS
from kb.search.find import Choice, Results, buckets
from kb.search.question import Narrowing, Not, Piece, without
from kb.search.question.names import DATES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Of each facet so many values stand open; the rest is behind a line that opens them.
OPEN = 5
# Facets in the order of the page: their name in the address, and in results.
FACETS = (
    ("kind", "kind", gettext_lazy("Kind")),
    ("result", "result", gettext_lazy("Result")),
    ("competitor", "competitor", gettext_lazy("Competitor")),
    ("product", "product", gettext_lazy("Product")),
    ("tag", "tag", gettext_lazy("Tags")),
    ("since", "date", gettext_lazy("Period")),
    ("author", "author", gettext_lazy("Author")),
    ("department", "department", gettext_lazy("Department")),
    ("lang", "language", gettext_lazy("Language")),
)
# What a chip calls each narrowing of the address or of the query.
_NAMES: dict[str, StrOrPromise] = {
    "kind": gettext_lazy("Kind"),
    "tag": gettext_lazy("Tag"),
    "language": gettext_lazy("Language"),
    "author": gettext_lazy("Author"),
    "owner": gettext_lazy("In charge"),
    "department": gettext_lazy("Department"),
    "result": gettext_lazy("Result"),
    "competitor": gettext_lazy("Competitor"),
    "product": gettext_lazy("Product"),
    "after": gettext_lazy("From"),
    "before": gettext_lazy("Until"),
    "during": gettext_lazy("Within"),
    "is": gettext_lazy("Whose"),
    "in": gettext_lazy("Looked for in"),
}
_LISTS = {"kind": "kind", "tag": "tag", "lang": "language", **{name: name for name in MARKS}}


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of choices: those that stand open, and the rest."""

    name: str
    heading: StrOrPromise
    open: Sequence[Choice]
    more: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was asked for, and the address without it."""

    name: StrOrPromise
    label: str
    url: str
    left_out: bool = False


def facets(results: Results) -> list[Facet]:
    """The facets with something to choose; what is chosen stands open."""
    found = []
    for name, key, heading in FACETS:
        choices = [choice for choice in results.facets.get(key, ()) if choice.count or choice.selected]
        open_ones = [choice for index, choice in enumerate(choices) if index < OPEN or choice.selected]
        more = [choice for choice in choices if choice not in open_ones]
        # a line that opens one value takes as much room as the value
        if len(more) == 1:
            open_ones, more = choices, []
        if choices:
            found.append(Facet(name, heading, open_ones, more))
    return found


def rest_of(results: Results) -> str:
    """The query without what the facets show as chosen."""
    lifted = set(results.question.lifted)
    return without(
        results.question.typed,
        [(piece.start, piece.end) for piece in results.question.pieces if piece.part in lifted],
    )


def kept(results: Results) -> list[tuple[str, str]]:
    """(name, value) of what was narrowed down to and stands in no facet."""
    found = [("owner", value) for value in sorted(results.filters.marks.get("owner", ()))]
    spans = {day for day, _label in buckets().values()}
    if results.filters.after and (results.filters.after not in spans or results.filters.before):
        found.append(("after", results.filters.after.isoformat()))
    if results.filters.before:
        found.append(("before", results.filters.before.isoformat()))
    return found


# ------------------------------------------------------------------ chips
def chips(results: Results, address: QueryDict) -> list[Chip]:
    """What the query says beside plain words, then what the address narrows down to."""
    return [*_of_query(results, address), *_of_address(results, address)]


def _of_query(results: Results, address: QueryDict) -> Iterator[Chip]:
    typed = results.question.typed
    for piece in results.question.pieces:
        rest = without(typed, [(piece.start, piece.end)])
        name, label, left_out = _said(piece)
        yield Chip(name, label, _address(address, q=[rest] if rest else []), left_out)


def _said(piece: Piece) -> tuple[StrOrPromise, str, bool]:
    """(name, label, whether it is left out) of a piece of a query."""
    part, left_out = piece.part, False
    if isinstance(part, Not):
        part, left_out = part.part, True
    if not isinstance(part, Narrowing):
        return (
            (_("Without"), piece.text.removeprefix("-").removeprefix("NOT "), True)
            if left_out
            else ("", piece.text, False)
        )
    label = _(" or ").join(part.typed)
    if part.name in DATES and (days := _days(part)) not in label:
        label = f"{label} ({days})"
    return _NAMES[part.name], label, left_out


def _days(part: Narrowing) -> str:
    ends = [day.isoformat() for day in (part.after, part.before) if day is not None]
    return " – ".join(dict.fromkeys(ends))


def _of_address(results: Results, address: QueryDict) -> Iterator[Chip]:
    for name, key in _LISTS.items():
        labels = {choice.value: choice.label for choice in results.facets.get(key, ())}
        for value in dict.fromkeys(address.getlist(name)):
            if value in labels:
                others = [other for other in address.getlist(name) if other != value]
                yield Chip(_NAMES[key], str(labels[value]), _address(address, **{name: others}))
    for span in dict.fromkeys(address.getlist("since")):
        if span in buckets():
            others = [other for other in address.getlist("since") if other != span]
            yield Chip(_("Period"), buckets()[span][1], _address(address, since=others))
    for name, day in (("after", results.filters.after), ("before", results.filters.before)):
        if day is not None and address.get(name) == day.isoformat():
            yield Chip(_NAMES[name], day.isoformat(), _address(address, **{name: []}))


def _address(address: QueryDict, **changes: list[str]) -> str:
    """This page's address with some of its values replaced, back on the first page."""
    changed = address.copy()
    changed.pop("page", None)
    for name, values in changes.items():
        changed.setlist(name, values)
    return f"?{changed.urlencode()}"


def narrowed(results: Results) -> int:
    """How many narrowings are on; shown on the phone's button."""
    filters = results.filters
    marks = sum(len(values) for values in filters.marks.values())
    spans = sum(day is not None for day in (filters.after, filters.before))
    return len(filters.kinds) + len(filters.tags) + len(filters.languages) + marks + spans
