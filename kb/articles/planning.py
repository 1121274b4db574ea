"""What each file of an import comes to before anything is written: a new page, a new version, nothing, or a refusal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from kb.access.actions import Readers
from kb.access.tokens import EVERYONE, tokens_for, tokens_of
from kb.accounts.commands import person_named, readers_named
from kb.answers import CommandFailure
from kb.articles.links import Linked, Places, linked, links_in
from kb.articles.markdown_folder import FolderReading, SourcePage, readable
from kb.articles.models import Article, Collection, Kind
from kb.notices import Change, Problem, shortened
from kb.text import fold, tag_names

if TYPE_CHECKING:
    from kb.accounts.models import User

Outcome = Literal["created", "updated", "unchanged", "refused"]
COLLECTION_LENGTH = 100
TAG_LENGTH = 100
_AT_ONCE = 500


@dataclass(frozen=True)
class Options:
    """How to import. `kind`, `collection`, `readers` none: as the files say, and for known pages as they are."""

    kind: str | None = None
    collection: str | None = None
    readers: Readers | None = None
    dry_run: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Place:
    """Where a page stands and for whom, as far as the file and the options say."""

    kind: str
    shelf: str
    readers: Readers | None
    owner: User | None

    @property
    def key(self) -> str:
        """Changes when any of it does."""
        tokens = sorted(tokens_of_readers(self.readers)) if self.readers else []
        owner = str(self.owner.pk) if self.owner else ""
        return _short("\n".join((self.kind, fold(self.shelf), ",".join(tokens), owner)), 16)


@dataclass(frozen=True)
class Mark:
    """What an imported page remembers: the file's text, where the import put it, and at which version that was."""

    text: str = ""
    place: str = ""
    version: int = 0

    @classmethod
    def of(cls, article: Article) -> Mark:
        parts = article.import_digest.split(".")
        return cls(parts[0], parts[1], int(parts[2])) if len(parts) == 3 else cls()

    def __str__(self) -> str:
        return f"{self.text}.{self.place}.{self.version}"


@dataclass
class Step:
    """One file, and what is to be done with it. `article` is the page or the place held for it, if there is one."""

    page: SourcePage
    place: Place
    article: Article | None
    deleted: bool = False
    text: Linked = field(default_factory=lambda: Linked("", (), (), ()))
    outcome: Outcome = "unchanged"
    new_text: bool = False
    new_place: bool = False
    tags: list[str] | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def mark(self) -> Mark:
        """What the page will remember, but for its version."""
        return Mark(_short("\n".join((self.page.digest, *self.text.targets)), 24), self.place.key)


class Refusal(Exception):
    """A page that cannot be taken, and the value that keeps it out."""

    def __init__(self, code: str, message: str, column: str | None = None, value: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.column = column
        self.value = value

    def as_problem(self, page: SourcePage) -> Problem:
        row = page.head.lines.get(self.column) if self.column else None
        value = None if self.value is None else shortened(self.value)
        return Problem(page.ref, row, self.column, value, self.code, self.message)


class Planner:
    """Plans one run. Only reads."""

    def __init__(self, reading: FolderReading, *, around: str, by: User, options: Options) -> None:
        self.reading = reading
        self.around = around
        self.by = by
        self.options = options
        self.problems: list[Problem] = []
        visible = Collection.objects.visible_to(by)
        self.collections = {fold(collection.name): collection for collection in visible}
        names = Collection.objects.values_list("name", flat=True)
        self.hidden = {fold(name) for name in names} - set(self.collections)
        self._named: dict[tuple[str, ...], Readers] = {}

    def plan(self) -> list[Step]:
        """A step for each page that can be taken, in the order of the paths; `problems` has the others."""
        known = self._known([page.ref for page in self.reading.pages])
        mine = self._seen_by_me([article.pk for article in known.values()])
        steps: list[Step] = []
        for page in self.reading.pages:
            article = known.get(page.ref)
            try:
                if article is not None and article.version and article.pk not in mine:
                    raise self._not_allowed()
                steps.append(self._step(page, article))
            except Refusal as refusal:
                self.problems.append(refusal.as_problem(page))
        self._link(steps)
        for step in steps:
            self._decide(step)
        return steps

    def _known(self, refs: list[str]) -> dict[str, Article]:
        known: dict[str, Article] = {}
        for start in range(0, len(refs), _AT_ONCE):
            rows = Article.objects.filter(ref__in=refs[start : start + _AT_ONCE])
            rows = rows.select_related("collection").defer("body", "html", "text", "headings")
            known |= {article.ref: article for article in rows}
        return known

    def _seen_by_me(self, pks: list[int]) -> set[int]:
        """Those that `by` may see, or could before they were deleted."""
        seen: set[int] = set()
        for start in range(0, len(pks), _AT_ONCE):
            some = pks[start : start + _AT_ONCE]
            for rows in (Article.objects.visible_to(self.by), Article.objects.deleted_for(self.by)):
                seen.update(rows.filter(pk__in=some).values_list("pk", flat=True))
        return seen

    def _step(self, page: SourcePage, article: Article | None) -> Step:
        place = self._place(page)
        if article is None or not article.version:
            # A known page stays where it is; only a new one needs room on the shelf.
            self._check_shelf(place.shelf)
        step = Step(page, place, article, deleted=bool(article and article.deleted_at))
        step.tags = self._tags(page, step.changes)
        if page.head.one("verified_until"):
            message = _("The date until which the page is verified is not kept yet.")
            step.changes.append(Change(page.ref, "verified_until_not_kept", message))
        return step

    def _link(self, steps: list[Step]) -> None:
        links = {step.page.ref: links_in(step.page.body) for step in steps}
        places = Places(links)
        places.learn_prefix(link for found in links.values() for link in found)
        for step in steps:
            step.text = linked(step.page.body, step.page.ref, places, links[step.page.ref])

    def _decide(self, step: Step) -> None:
        article, mark = step.article, step.mark
        if article is None or not article.version:
            step.outcome, step.new_text, step.new_place = "created", True, True
            return
        before = Mark.of(article)
        step.new_text, step.new_place = mark.text != before.text, mark.place != before.place
        if not step.new_text and not step.new_place:
            return
        ref = step.page.ref
        if step.deleted:
            message = _("The page was deleted here and stays so; put it back first to bring the new text in.")
            step.changes = [Change(ref, "deleted_here", message)]
            return
        if step.new_place and not self._may_place(step):
            return
        step.outcome = "updated"
        if step.new_text and before.version != article.version:
            message = _(
                "The page had been edited here; that text is in its history now, the file's is shown."
            )
            step.changes.append(Change(ref, "edited_here", message))

    def _may_place(self, step: Step) -> bool:
        """Whether the page may go where the options now want it; a problem is noted when not."""
        try:
            self._check_shelf(step.place.shelf)
        except Refusal as refusal:
            self.problems.append(refusal.as_problem(step.page))
            step.outcome = "refused"
            return False
        return True

    # -------------------------------------------------------------- what the head says
    def _place(self, page: SourcePage) -> Place:
        shelf = (self.options.collection or readable(page.top) or self.around)[:COLLECTION_LENGTH].strip()
        self._check_date(page.head.one("verified_until"))
        return Place(self._kind(page), shelf, self._readers(page), self._owner(page.head.one("owner")))

    def _kind(self, page: SourcePage) -> str:
        written = page.head.one("kind")
        kind = fold(written).replace(" ", "_").replace("-", "_")
        if kind and kind not in Kind.values:
            message = _("There is no such kind; the kinds are %(kinds)s.") % {"kinds": ", ".join(Kind.values)}
            raise Refusal("unknown_kind", message, "kind", written)
        return kind or self.options.kind or ""

    def _owner(self, name: str) -> User | None:
        if not name:
            return None
        try:
            return person_named(name.removeprefix("user:").removeprefix("@"))
        except CommandFailure as failure:
            raise Refusal(failure.code, _("There is no such user."), "owner", name) from failure

    def _check_date(self, written: str) -> None:
        try:
            date.fromisoformat(written.replace("/", "-")[:10] or "2000-01-01")
        except ValueError as error:
            message = _("This is not a date; write it as 2026-01-31.")
            raise Refusal("bad_date", message, "verified_until", written) from error

    def _readers(self, page: SourcePage) -> Readers | None:
        """The head's readers, who have to be among the option's."""
        specs = page.head.several("audience")
        wide = self.options.readers
        written = page.head.one("audience")
        readers = wide if specs is None else self._named_readers(specs, written)
        if wide is not None and not wide.everyone and readers is not None and readers is not wide:
            if readers.everyone:
                readers = wide
            elif not self._within(readers, wide):
                message = _("The page would be open to others than --audience allows.")
                raise Refusal("audience_wider", message, "audience", written)
        if readers is not None and not includes(readers, self.by):
            message = _("%(by)s would not be among the readers; name somebody who is with --by.")
            raise Refusal("locked_out", message % {"by": self.by}, "audience", written or None)
        return readers

    def _named_readers(self, specs: list[str], written: str) -> Readers:
        if not specs:
            message = _("Nobody could read the page; leave the audience out, or name somebody.")
            raise Refusal("empty_audience", message, "audience", written)
        found = self._named.get(tuple(specs))
        if found is None:
            try:
                found = readers_named(specs)
            except CommandFailure as failure:
                code = "unknown_audience" if failure.code == "usage" else failure.code
                message = _("Nobody is known by this name; write everyone, department:NAME or user:NAME.")
                raise Refusal(code, message, "audience", written) from failure
            self._named[tuple(specs)] = found
        return found

    def _within(self, narrow: Readers, wide: Readers) -> bool:
        allowed = tokens_of_readers(wide)
        departments = tokens_of_readers(Readers(departments=narrow.departments))
        return departments <= allowed and all(includes(wide, person) for person in narrow.people)

    def _tags(self, page: SourcePage, changes: list[Change]) -> list[str] | None:
        """None when the file does not speak of tags."""
        written = page.head.several("tags")
        if written is None:
            return None
        names = tag_names(written)
        for name in names:
            if len(name) > TAG_LENGTH:
                message = _("The tag is too long: %(tag)s") % {"tag": shortened(name)}
                changes.append(Change(page.ref, "tag_left_out", message))
        return [name for name in names if len(name) <= TAG_LENGTH]

    def _check_shelf(self, shelf: str) -> None:
        if fold(shelf) in self.hidden:
            raise self._not_allowed()

    def _not_allowed(self) -> Refusal:
        # Says nothing of what stands in the way: it may be something `by` is not to know of.
        return Refusal("not_allowed", _("%(by)s may not save this page.") % {"by": self.by})


def tokens_of_readers(readers: Readers) -> frozenset[str]:
    """Tokens an audience of these readers would have."""
    if readers.everyone:
        return frozenset({EVERYONE})
    departments = {f"d:{department.pk}" for department in readers.departments}
    return frozenset(departments | {f"u:{person.pk}" for person in readers.people})


def includes(readers: Readers, person: User) -> bool:
    """Whether the person would be among them."""
    return bool(tokens_of_readers(readers) & tokens_for(person))


def own_readers(readers: Readers | None, collection: Collection) -> Readers | None:
    """The readers a page in this collection needs of its own; none when they are the collection's."""
    if readers is None or tokens_of_readers(readers) == tokens_of(collection.audience):
        return None
    return readers


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:length]
