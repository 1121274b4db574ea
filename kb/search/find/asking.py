"""A question on its way to the engine and back, past the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from kb.access.tokens import tokens_for
from kb.search import marks, ranking, registry
from kb.search.documents import Shown
from kb.search.engines.base import EnginePage, Everything, Filters, Key, Request, Sort
from kb.search.find.facets import buckets
from kb.search.models import PendingChange
from kb.search.question import Question
from kb.search.use import use
from kb.search.widening import reworded

if TYPE_CHECKING:
    from kb.accounts.models import User

# So many changed things are asked one by one; of a larger change the rest counts as hidden until the index knows.
ASKED_AT_ONCE = 300
# Rows that vanish between the engine and the database are replaced so many times.
ROUNDS = 3


def as_typed(question: Question) -> Question:
    return question


class Asking:
    """One viewer's question on its way to the engine and back: nothing is counted or shown that the database refuses."""

    def __init__(self, viewer: User, filters: Filters, sort: Sort, offset: int, size: int) -> None:
        self.viewer = viewer
        self.shown: dict[Key, Shown] = {}
        self.refused: set[Key] = set()
        self.request = Request(
            strict=Everything(),
            viewer=tokens_for(viewer),
            filters=marks.for_engine(filters),
            sort=sort,
            lift=ranking.lift(timezone.localdate(), use()),
            offset=offset,
            size=size,
            buckets={name: day for name, (day, _label) in buckets().items()},
            unsure=pending(),
            decide=self.decide,
        )

    def decide(self, keys: frozenset[Key]) -> frozenset[Key]:
        """Those of `keys`, whose readers may have changed, that the viewer may see now."""
        unknown = sorted(keys - self.shown.keys() - self.refused)[:ASKED_AT_ONCE]
        self.look_at(unknown)
        return keys & self.shown.keys()

    def look_at(self, keys: Collection[Key]) -> None:
        """Ask the sources for rows; what they do not give is refused from now on."""
        for name, source in registry.sources().items():
            if asked := [key.pk for key in keys if key.source == name]:
                rows = source.visible(self.viewer, asked)
                self.shown.update({Key(name, pk): row for pk, row in rows.items()})
        self.refused.update(key for key in keys if key not in self.shown)

    def answer(
        self, typed: Question, widen: Callable[[Question], Question] = as_typed
    ) -> tuple[Question, EnginePage, Mapping[Key, Shown]]:
        """The page and its rows; 失注の理由 is asked for as two words when nothing has it as one."""
        question = widen(typed)
        found = self._settled(question)
        if not found.total and typed.can_be_parted:
            parted = widen(typed.parted())
            apart = self._settled(parted)
            if apart.total:
                return parted, apart, self.shown
        return question, found, self.shown

    def _settled(self, question: Question) -> EnginePage:
        request = replace(
            self.request,
            strict=ranking.strict(question),
            whole=ranking.whole(question),
            loose=ranking.loose(question),
            loose_below=ranking.loose_below(question),
            score=ranking.score(question),
            tell=tuple(ranking.having(typed) for _leaf, typed in reworded(question)),
        )
        found = EnginePage()
        for _round in range(ROUNDS):
            found = registry.engine().search(replace(request, unsure=request.unsure | self.refused))
            self.look_at([hit.key for hit in found.hits if hit.key not in self.shown])
            gone = [hit for hit in found.hits if hit.key not in self.shown]
            if not gone:
                return found
        kept = [hit for hit in found.hits if hit.key in self.shown]
        lost = sum(hit.complete for hit in gone)
        return replace(found, hits=kept, total=found.total - lost, also=found.also - (len(gone) - lost))


def pending() -> frozenset[Key]:
    """Things whose change the index may not know yet."""
    return frozenset(
        Key(source, pk) for source, pk in PendingChange.objects.values_list("source", "target_id")
    )
