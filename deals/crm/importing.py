"""Brings deals in from what a CRM exports: opens it, reads it, plans, and writes in batches through one action."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deals.crm.actions import DealContent, IncomingDeal, NotAllowed, import_deals
from deals.crm.models import DECIDED, Deal, LostTo, Result
from deals.crm.naming import Things, names_known
from deals.crm.planning import Planner, Step
from deals.crm.sheets.choices import Choices
from deals.crm.sheets.exports import Export, open_export, read_export
from deals.crm.sheets.records import SourceDeal, Surroundings
from deals.crm.sheets.wording import Wording
from kb.all_or_nothing import taken
from kb.notices import Problem, counted
from kb.text import tag_names

if TYPE_CHECKING:
    from kb.accounts.models import User

__all__ = ["Import", "Options"]

# Others write between two batches; on SQLite a transaction holds everybody else up.
BATCH = 400
# Of one kind of remark on one column so many are told by row, the rest as a number.
TOLD_BY_ROW = 200


@dataclass(frozen=True)
class Options:
    """How to import.

    seconds: how long writing may take before the rest is left for another run (or as long as reading took, where that
    is more); none: as it takes.
    """

    choices: Choices = field(default_factory=Choices)
    dry_run: bool = False
    strict: bool = False
    seconds: float | None = None
    wording: Wording = field(default_factory=Wording)


class Import:
    """One run over a file, ZIP or folder."""

    def __init__(
        self, path: Path, *, by: User, options: Options, progress: Callable[[str], None] = lambda _line: None
    ) -> None:
        self.path = path
        self.by = by
        self.options = options
        self.progress = progress
        self.export: Export | None = None
        self.steps: list[Step] = []
        self.problems: list[Problem] = []
        self.stopped = False  # nothing was taken because something was refused
        self.left = 0  # rows that another run has to write
        self.written: Counter[str] = Counter()
        self.reading_took = 0.0

    def run(self) -> dict[str, Any]:
        """Open, read, plan, write; returns the report of the command line, without `schema`.

        Raises:
            NotAllowed: `by` is a reader.
            UnknownColumn: the choices name a column that is not there.
        """
        if not self.by.can_write:
            raise NotAllowed
        started = time.monotonic()
        self.export = export = open_export(self.path, self.options.choices)
        read_export(export, self._surroundings())
        table = export.deals_table
        if table is not None:
            self.progress(_("%(count)d rows read") % {"count": len(table.rows)})
            planner = Planner(
                export.read.deals, file=table.name, stem=table.stem, by=self.by, wording=self.options.wording
            )
            self.steps = planner.plan()
            self.problems += planner.problems
        self.reading_took = time.monotonic() - started
        if self.options.dry_run:
            self.stopped = self.options.strict and self._is_refused()
        elif self.options.strict:
            self.stopped = not taken(self._write, refused=self._is_refused)
        else:
            self._write()
        return self._report()

    def _surroundings(self) -> Surroundings:
        zone = timezone.get_current_timezone()
        return Surroundings(zone, timezone.localdate(), names_known(self.by), self.options.wording)

    def _is_refused(self) -> bool:
        export = self.export
        problems = [*(export.problems if export else ()), *self.problems]
        return any(problem.refused for problem in problems)

    # -------------------------------------------------------------- writing
    def _write(self) -> None:
        """Batch by batch."""
        waiting = [step for step in self.steps if step.outcome in ("created", "updated")]
        allowed = self.options.seconds and max(self.options.seconds, self.reading_took)
        started, done = time.monotonic(), 0
        things = Things(self.by)
        for batch in _batches(waiting):
            if done and allowed is not None and time.monotonic() - started > allowed:
                self.left = len(waiting) - done
                return
            try:
                with transaction.atomic():
                    self._take(batch, things)
            except IntegrityError:
                # Another import made one of these at the same moment; what it made is found now.
                things = Things(self.by)
                with transaction.atomic():
                    self._take(batch, things)
            done += len(batch)
            self.progress(_("%(done)d of %(all)d deals written") % {"done": done, "all": len(waiting)})

    def _take(self, steps: Sequence[Step], things: Things) -> None:
        things.gather([step.deal for step in steps])
        pks = [step.known.pk for step in steps if step.known]
        current = Deal.objects.prefetch_related("tags").in_bulk(pks)  # type: ignore[misc]  # taggit brings no types
        incoming: list[IncomingDeal] = []
        for step in steps:
            now = current.get(step.known.pk) if step.known else None
            if now is not None and step.known is not None:
                now.version = step.known.version
            incoming.append(IncomingDeal(content=content_of(step, now, things), deal=now))
        for step, saved in zip(steps, import_deals(by=self.by, incoming=incoming), strict=True):
            if saved is None:
                self._refuse(step)
            else:
                self.written[step.outcome] += 1

    def _refuse(self, step: Step) -> None:
        step.outcome = "refused"
        table = self.export.deals_table if self.export else None
        message = self.options.wording("stale")
        self.problems.append(
            Problem(table.name if table else ".", step.deal.row, None, step.deal.name, "stale", message)
        )

    # -------------------------------------------------------------- telling
    def _report(self) -> dict[str, Any]:
        export = self.export
        refused = export.refused if export else 0
        problems = [*(export.problems if export else ()), *self.problems]
        return {
            "dry_run": self.options.dry_run,
            "files": export.files() if export else [],
            "mapping": export.mapping if export else {},
            **counted((step.outcome for step in self.steps), refused=refused, stopped=self.stopped),
            **self._results(),
            "merged": [merge.as_answer() for merge in export.read.merged] if export else [],
            "unmapped": export.unmapped if export else [],
            "formats": export.read.formats if export else {},
            "problems": [problem.as_answer() for problem in in_short(problems)],
        }

    def _results(self) -> dict[str, object]:
        """How the deals that are in came out."""
        taken = Counter(
            step.deal.result
            for step in self.steps
            if step.outcome == "unchanged" or (step.outcome != "refused" and not self.stopped)
        )
        closed = sum(taken[result] for result in DECIDED)
        return {
            "won": taken[Result.WON],
            "lost": taken[Result.LOST],
            "no_decision": taken[Result.NO_DECISION],
            "open": taken[Result.OPEN],
            "excluded": taken[Result.INVALID] + taken[Result.UNKNOWN],
            "closed": closed,
            "rate": taken[Result.WON] / closed if closed else None,
        }


def _batches(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    for start in range(0, len(steps), BATCH):
        yield steps[start : start + BATCH]


def content_of(step: Step, now: Deal | None, things: Things) -> DealContent:
    """What to write: the file's values over those that are here; an empty cell takes nothing away."""
    deal = step.deal
    person = things.person(deal.owner)
    texts: dict[str, Any] = {
        name: getattr(deal, name) or (getattr(now, name) if now else "")
        for name in ("owner_team", "region", "segment", "stage", "stage_lost", "note", "currency")
    }
    return DealContent(
        name=deal.name if deal.named or now is None else now.name,
        company=things.companies.get(deal.company) or (now.company if now else None),
        product=things.products.get(deal.product) or (now.product if now else None),
        competitor=things.competitors.get(deal.competitor) or (now.competitor if now else None),
        owner=person or (now.owner if now and not deal.owner else None),
        owner_name="" if person else deal.owner or (now.owner_name if now else ""),
        opened_on=deal.opened_on or (now.opened_on if now else None),
        amount=deal.amount if deal.amount is not None or now is None else now.amount,
        tags=tag_names([deal.tags]) if deal.tags else (),
        ref=step.ref,
        import_digest=deal.digest,
        **texts,
        **_outcome(deal, now),
    )


def _outcome(deal: SourceDeal, now: Deal | None) -> dict[str, Any]:
    """How it came out; what people here know better than the file stays: against whom it went, and what it came to."""
    result, lost_to, reason = deal.result, deal.lost_to, deal.reason
    closed_on = deal.closed_on
    if now is not None:
        if result == Result.UNKNOWN:
            result, lost_to, reason = now.result, now.lost_to, now.no_decision_reason
        if result == now.result == Result.LOST and lost_to == LostTo.NOT_KNOWN:
            lost_to = now.lost_to
        if result == now.result == Result.NO_DECISION:
            reason = reason or now.no_decision_reason
        if result != Result.OPEN:
            closed_on = closed_on or now.closed_on
    return {
        "result": result,
        "lost_to": lost_to,
        "won_against": now.won_against if now else "",
        "no_decision_reason": reason,
        "closed_on": closed_on,
    }


def in_short(problems: Sequence[Problem]) -> list[Problem]:
    """All refusals, and of each remark on a column so many by row; how many more there are is told once."""
    told: Counter[tuple[str, str | None]] = Counter()
    kept: list[Problem] = []
    first: dict[tuple[str, str | None], Problem] = {}
    for problem in sorted(problems, key=lambda one: (one.row is not None, one.row or 0)):
        key = problem.code, problem.column
        told[key] += 1
        first.setdefault(key, problem)
        if problem.refused or told[key] <= TOLD_BY_ROW:
            kept.append(problem)
    for key, problem in first.items():
        more = told[key] - TOLD_BY_ROW
        if more > 0 and not problem.refused:
            message = _("%(message)s The same in %(count)d more rows.") % {
                "message": problem.message,
                "count": more,
            }
            kept.append(
                Problem(problem.file, None, problem.column, None, problem.code, message, refused=False)
            )
    return kept
