"""The values beside the results that one can narrow down to, with how many hits each would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from kb.search import marks, registry
from kb.search.documents import MARKS
from kb.search.engines.base import Filters
from kb.search.find.results import Choice
from kb.text import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BUCKETS = {"3m": timedelta(days=91), "1y": timedelta(days=365)}
# Of tags, people and the like so many are offered; what is chosen is listed in any case.
LISTED = 100


def buckets() -> dict[str, tuple[date, str]]:
    """The first day and the label of each span of time one can narrow down to."""
    today = timezone.localdate()
    labels = {"3m": _("Last 3 months"), "1y": _("Last year")}
    return {name: (today - span, labels[name]) for name, span in BUCKETS.items()}


def languages() -> dict[str, str]:
    """Languages things are written in, each named in itself."""
    return {"ja": "日本語", "en": "English"}


def choices(facets: Mapping[str, Mapping[str, int]], filters: Filters) -> dict[str, list[Choice]]:
    """For each facet its values, the commonest first; what is chosen stands there though nothing has it."""
    return {
        "kind": _listed(facets["kind"], registry.kinds(), filters.kinds),
        "tag": _tags(facets["tag"], filters),
        "language": _listed(facets["language"], languages(), filters.languages),
        "date": [
            Choice(name, label, facets["date"].get(name, 0), filters.after == day and filters.before is None)
            for name, (day, label) in buckets().items()
        ],
        **_marks(facets, filters),
    }


def _tags(counts: Mapping[str, int], filters: Filters) -> list[Choice]:
    selected = {tag for tag in counts if fold(tag) in filters.tags}
    known = {fold(tag) for tag in selected}
    missing = {tag for tag in filters.tags if tag not in known}
    return _listed(counts, {}, selected | missing)


def _marks(facets: Mapping[str, Mapping[str, int]], filters: Filters) -> dict[str, list[Choice]]:
    counts = {name: dict(facets.get(name, {})) for name in MARKS}
    counts["department"] = _departments(counts["owner"], filters)
    chosen = {name: filters.marks.get(name, frozenset()) for name in MARKS}
    labels = marks.labels({name: {*counts[name], *chosen[name]} for name in MARKS})
    return {
        name: [
            choice
            for choice in _listed(counts[name], labels[name], chosen[name])
            if choice.value in labels[name]
        ]
        for name in MARKS
    }


def _departments(owners: dict[str, int], filters: Filters) -> dict[str, int]:
    """How many things each department is in charge of: those of its people, of whom nobody is left out but by choice.

    `owners` is counted as if neither people nor departments were narrowed down, and is then cut to the departments chosen.
    """
    if not owners:
        return {}
    chosen = filters.marks.get("owner", frozenset())
    belongs = marks.departments_of(owners)
    counts: Counter[str] = Counter()
    for person, count in owners.items():
        if not chosen or person in chosen:
            counts.update(dict.fromkeys(belongs.get(person, ()), count))
    if departments := filters.marks.get("department"):
        for person in list(owners):
            if departments.isdisjoint(belongs.get(person, ())):
                del owners[person]
    return dict(counts)


def _listed(
    counts: Mapping[str, int], labels: Mapping[str, StrOrPromise], selected: Collection[str]
) -> list[Choice]:
    every = {**dict.fromkeys(selected, 0), **counts}
    by_count = sorted(every.items(), key=lambda item: (-item[1], item[0]))
    listed = [Choice(value, labels.get(value, value), count, value in selected) for value, count in by_count]
    return [choice for index, choice in enumerate(listed) if index < LISTED or choice.selected]
