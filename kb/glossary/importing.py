"""Brings glossaries in: reads the files, plans what each row comes to, and writes it through the action everyone uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kb.access.actions import Readers
from kb.all_or_nothing import taken
from kb.glossary.actions import LockedOut, NotAllowed, NotATerm, SameForm, StaleTerm, add_terms, save_term
from kb.glossary.formats.folders import Format, read_path
from kb.glossary.formats.rows import Parsed
from kb.glossary.models import Status
from kb.glossary.planning import OnConflict, Planner, Step
from kb.glossary.wording import TermContent
from kb.notices import Problem, counted

if TYPE_CHECKING:
    from kb.accounts.models import User

# Others write between two batches; on SQLite a transaction holds everybody else up.
BATCH = 100
PROGRESS_EVERY = 500
_REASONS = {
    NotAllowed: (
        "not_allowed",
        _("%(by)s may not see or change this term; name somebody who may with --by."),
    ),
    LockedOut: ("locked_out", _("%(by)s would not be among the readers; name somebody who is with --by.")),
    SameForm: ("same_form", _("Somebody added the same word meanwhile.")),
    StaleTerm: ("stale", _("Somebody changed this term meanwhile; import again.")),
    NotATerm: ("no_term", _("This cannot be kept as a term.")),
}

REFUSALS = (NotAllowed, LockedOut, SameForm, StaleTerm, NotATerm)


@dataclass(frozen=True)
class Options:
    """How to import. `readers` none: everyone for new terms, as they are for known ones."""

    format: Format = "auto"
    on_conflict: OnConflict = "skip"
    readers: Readers | None = None
    dry_run: bool = False
    strict: bool = False


class Import:
    """One run over a file or folder."""

    def __init__(
        self, path: Path, *, by: User, options: Options, progress: Callable[[str], None] = lambda _line: None
    ) -> None:
        self.path = path
        self.by = by
        self.options = options
        self.progress = progress
        self.parsed = Parsed()
        self.steps: list[Step] = []
        self.done = 0

    def run(self) -> dict[str, object]:
        """Read, plan, write; returns the report of the command line, without `schema`."""
        self.parsed = read_path(self.path, self.options.format)
        planner = Planner(self.parsed, readers=self.options.readers, on_conflict=self.options.on_conflict)
        self.steps = planner.plan()
        if not self.options.dry_run:
            self._write()
        return self._report()

    def _write(self) -> None:
        if not self.options.strict:
            for batch in _batches(self.steps, BATCH):
                with transaction.atomic():
                    self._take(batch)
            return
        if not taken(lambda: self._take(self.steps), refused=self.is_refused):
            self.parsed.note(
                ".",
                None,
                "nothing_taken",
                gettext("Something was refused and --strict was given: nothing was taken."),
            )

    def is_refused(self) -> bool:
        """Whether anything was not taken."""
        return bool(self.parsed.refused) or any(step.outcome == "refused" for step in self.steps)

    def _take(self, steps: Sequence[Step]) -> None:
        """Write what is to be written: new terms together, unless one of them spoils it; then each for itself."""
        new = [step for step in steps if step.outcome == "created" and not step.another]
        try:
            if new:
                contents = [_as_new(step.content) for step in new if step.content]
                add_terms(
                    by=self.by, contents=contents, readers=self.options.readers or Readers(everyone=True)
                )
        except REFUSALS:
            new = []
        for step in steps:
            if step.content is not None and step not in new:
                self._save(step)
        self._tell_progress(len(steps))

    def _save(self, step: Step) -> None:
        if step.content is None:
            return
        content = step.content if step.term else _as_new(step.content)
        version = step.term.version if step.term else 0
        try:
            save_term(
                by=self.by,
                content=content,
                term=step.term,
                base_version=version,
                another_meaning=step.another,
            )
        except REFUSALS as error:
            code, message = _REASONS[type(error)]
            row = step.row
            told = str(message) % {"by": self.by}
            self.parsed.problems.append(Problem(row.file, row.row, None, row.preferred[:80], code, told))
            step.outcome = "refused"

    def _tell_progress(self, number: int) -> None:
        before, self.done = self.done, self.done + number
        if before // PROGRESS_EVERY != self.done // PROGRESS_EVERY:
            self.progress(gettext("%(done)d of %(all)d rows") % {"done": self.done, "all": len(self.steps)})

    def _report(self) -> dict[str, object]:
        refused = self.parsed.refused
        stopped = self.options.strict and bool(refused or any(one.outcome == "refused" for one in self.steps))
        problems = sorted(self.parsed.problems, key=lambda one: (one.file, one.row or 0))
        return {
            "dry_run": self.options.dry_run,
            **counted((step.outcome for step in self.steps), refused=refused, stopped=stopped),
            "changed": [change.as_answer() for change in self.parsed.left_out],
            "problems": [problem.as_answer() for problem in problems],
        }


def _as_new(content: TermContent) -> TermContent:
    """What somebody who may approve brings in is approved, unless the file says otherwise."""
    return content if content.status else replace(content, status=Status.APPROVED)


def _batches(steps: Sequence[Step], size: int) -> Iterator[Sequence[Step]]:
    for start in range(0, len(steps), size):
        yield steps[start : start + size]
