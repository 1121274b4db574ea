"""Brings folders of Markdown in: reads, plans, holds a place for each new page, and saves through everyone's action."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kb.access.actions import Readers
from kb.all_or_nothing import taken
from kb.articles.actions import (
    Content,
    LockedOut,
    NotAllowed,
    StaleRevision,
    collection_named,
    hold_places,
    save_article,
)
from kb.articles.markdown_folder import FolderReading, name_of, read_folder
from kb.articles.models import Article, Collection, Kind
from kb.articles.planning import Options, Planner, Step, own_readers
from kb.markup import Rendered, render
from kb.notices import Change, Problem, counted, told_once

if TYPE_CHECKING:
    from kb.accounts.models import User

__all__ = ["Import", "Options"]

PROGRESS_EVERY = 100


class Import:
    """One run over a folder or file."""

    def __init__(
        self, path: Path, *, by: User, options: Options, progress: Callable[[str], None] = lambda _line: None
    ) -> None:
        self.path = path
        self.by = by
        self.options = options
        self.progress = progress
        self.reading = FolderReading()
        self.problems: list[Problem] = []
        self.steps: list[Step] = []
        self.token = secrets.token_hex(8)
        self.stopped = False  # nothing was taken because something was refused

    def run(self) -> dict[str, object]:
        """Read, plan, write; returns the report of the command line, without `schema`.

        Raises:
            NotAllowed: `by` is a reader.
        """
        if not self.by.can_write:
            raise NotAllowed
        self.reading = read_folder(self.path)
        planner = Planner(self.reading, around=name_of(self.path), by=self.by, options=self.options)
        self.steps = planner.plan()
        self.problems = [*self.reading.problems, *planner.problems]
        self.progress(
            ngettext("%(count)d page read", "%(count)d pages read", len(self.steps))
            % {"count": len(self.steps)}
        )
        if self.options.dry_run:
            self.stopped = self.options.strict and self._is_refused()
        elif self.options.strict:
            self.stopped = self._is_refused() or not self._taken_whole()
        else:
            self._write({})
        return self._report()

    # -------------------------------------------------------------- writing
    def _is_refused(self) -> bool:
        return bool(self.problems)

    def _taken_whole(self) -> bool:
        """Write in one transaction; what takes long was done before it."""
        ahead = self._rendered_ahead()
        return taken(lambda: self._write(ahead), refused=self._is_refused)

    def _rendered_ahead(self) -> dict[str, Rendered]:
        """Every new text rendered before the one transaction begins, with stand-ins for addresses not known yet."""
        stand_ins = {step.page.ref: self._stand_in(number) for number, step in enumerate(self.steps)}
        ahead: dict[str, Rendered] = {}
        for step in self._waiting():
            if step.new_text:
                ahead[step.page.ref] = render(step.text.written(stand_ins))
                self._tell(len(ahead), _("Pages rendered: %(number)d"))
        return ahead

    def _stand_in(self, number: object) -> str:
        return f"/articles/{self.token}-{number}/"

    def _with_addresses(self, rendered: Rendered, urls: dict[str, str]) -> Rendered:
        """The same with the pages' addresses; a page shown as written has them in its text, too."""
        pattern = re.compile(self._stand_in(r"(\d+)"))

        def put(found: re.Match[str]) -> str:
            return urls.get(self.steps[int(found[1])].page.ref, "#")

        return replace(rendered, html=pattern.sub(put, rendered.html), text=pattern.sub(put, rendered.text))

    def _waiting(self) -> list[Step]:
        return [step for step in self.steps if step.outcome in ("created", "updated")]

    def _write(self, ahead: Mapping[str, Rendered]) -> None:
        """Page by page, so that on SQLite nobody waits for long."""
        waiting = self._waiting()
        shelves = self._shelves(waiting)
        waiting = [step for step in waiting if step.place.shelf in shelves]
        self._hold([step for step in waiting if step.article is None], shelves)
        urls = {step.page.ref: step.article.get_absolute_url() for step in self.steps if step.article}
        for number, step in enumerate(waiting, start=1):
            self._save(step, shelves[step.place.shelf], urls, ahead.get(step.page.ref))
            self._tell(number, _("Pages written: %(number)d"))

    def _tell(self, number: int, message: str) -> None:
        if number % PROGRESS_EVERY == 0 or number == len(self._waiting()):
            self.progress(message % {"number": number})

    def _shelves(self, steps: Sequence[Step]) -> dict[str, Collection]:
        """The collections needed, made where they are missing."""
        readers = self.options.readers or Readers(everyone=True)
        shelves: dict[str, Collection] = {}
        for name in dict.fromkeys(step.place.shelf for step in steps):
            try:
                shelves[name] = collection_named(name, by=self.by, readers=readers)
            except (NotAllowed, LockedOut, IntegrityError):
                for step in steps:
                    if step.place.shelf == name:
                        self._refuse(step)
        return shelves

    def _hold(self, steps: Sequence[Step], shelves: dict[str, Collection]) -> None:
        refs = [step.page.ref for step in steps]
        collection_of = {step.page.ref: shelves[step.place.shelf] for step in steps}
        title_of = {step.page.ref: step.page.title for step in steps}
        try:
            with transaction.atomic():
                places = hold_places(refs, by=self.by, collection_of=collection_of, title_of=title_of)
        except IntegrityError:  # another import held some of them a moment ago
            places = hold_places(refs, by=self.by, collection_of=collection_of, title_of=title_of)
        for step in steps:
            step.article = places[step.page.ref]

    def _save(self, step: Step, shelf: Collection, urls: dict[str, str], rendered: Rendered | None) -> None:
        article = step.article
        if article is None:
            return
        if rendered is not None:
            rendered = self._with_addresses(rendered, urls)
        body = step.text.written({**dict.fromkeys(step.text.targets, "#"), **urls})
        for _attempt in range(2):
            content = self._content(step, article, shelf, body)
            try:
                saved = save_article(
                    by=self.by,
                    content=content,
                    article=article,
                    base_version=article.version,
                    rendered=rendered,
                )
            except StaleRevision as stale:
                article = stale.article  # saved by somebody a moment ago; theirs is in the history then
            except (NotAllowed, LockedOut):
                break
            else:
                if saved.plain:
                    message = _("The page took too long to render; it is shown as written.")
                    step.changes.append(Change(step.page.ref, "shown_as_written", message))
                return
        self._refuse(step)

    def _content(self, step: Step, article: Article, shelf: Collection, body: str) -> Content:
        """What to save: the file's text or, where only the place is new, the page's own; and the other way round."""
        page, place = step.page, step.place
        content = Content(
            title=page.title,
            body=body,
            kind=place.kind or Kind.COLLATERAL,
            language=page.language,
            collection=shelf,
            tags=step.tags or (),
            readers=own_readers(place.readers, shelf),
            owner=place.owner,
            note=_("Imported from a file"),
            ref=page.ref,
            import_digest=str(replace(step.mark, version=article.version + 1)),
        )
        if not article.version:
            return content
        now = Article.objects.select_related("audience", "collection").get(pk=article.pk)
        if step.tags is None or not step.new_text:
            content = replace(content, tags=sorted(now.tags.names()))
        if not step.new_text:
            content = replace(content, title=now.title, body=now.body, language=now.language)
        if not step.new_place:
            return replace(content, kind=now.kind, collection=now.collection, owner=None, keep_readers=True)
        if place.readers is None and now.own_audience:
            audience = now.audience
            kept = Readers(audience.everyone, list(audience.departments.all()), list(audience.people.all()))
            content = replace(content, readers=kept)
        return content if place.kind else replace(content, kind=now.kind)

    def _refuse(self, step: Step) -> None:
        message = _("%(by)s may not save this page.") % {"by": self.by}
        self.problems.append(Problem(step.page.ref, None, None, None, "not_allowed", message))
        step.outcome = "refused"

    # -------------------------------------------------------------- telling
    def _report(self) -> dict[str, object]:
        refused = len(self.reading.pages) - len(self.steps)
        refused += sum(problem.refused for problem in self.reading.problems)
        return {
            "dry_run": self.options.dry_run,
            **counted((step.outcome for step in self.steps), refused=refused, stopped=self.stopped),
            "changed": [change.as_answer() for change in self._changes()],
            "problems": [
                one.as_answer() for one in sorted(self.problems, key=lambda one: (one.file, one.row or 0))
            ],
        }

    def _changes(self) -> list[Change]:
        """Of the pages this run writes, and of the files it passes over."""
        changes = list(self.reading.left_out)
        for step in self.steps:
            if step.outcome in ("created", "updated") and not self.stopped:
                changes += [*step.page.changes, *step.text.changes] if step.new_text else ()
                changes += step.changes
            elif step.deleted and step.new_text:
                changes += step.changes
        return told_once(sorted(changes, key=lambda change: change.ref))
