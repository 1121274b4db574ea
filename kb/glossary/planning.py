"""What each row of an import comes to, before anything is written: a new term, a changed one, nothing, or a refusal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.glossary import readings
from kb.glossary.formats.rows import Parsed, TermRow
from kb.glossary.models import EXPLANATION_LENGTH, FORM_LENGTH, USE_INSTEAD_LENGTH, Status, Term
from kb.glossary.wording import TermContent, content_of, key_of_readers, one_line, paragraphs
from kb.notices import Problem
from kb.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

Outcome = Literal["created", "updated", "unchanged", "refused"]
OnConflict = Literal["skip", "update", "meaning"]
VALUE_LENGTH = 80

_STATUS_WORDS = {
    Status.APPROVED: (
        "approved completed complete done final active published stable verified "
        "承認 承認済 承認済み 承認ずみ 確認済 確認済み 確認ずみ 確定 公開"
    ),
    Status.PROPOSED: "proposed draft candidate new inreview feedbackappreciated 提案 提案中 下書き 未確認 未承認 検討中 候補",
    Status.DEPRECATED: "deprecated obsolete retired superseded 廃止 非推奨 旧 旧称",
    Status.FORBIDDEN: "forbidden rejected prohibited 禁止 使用禁止 使わない 不可",
}
_SAID = (
    "preferred",
    "reading",
    "other_language",
    "abbreviation",
    "explanation",
    "explanation_en",
    "status",
    "use_instead",
    "scope",
    "owner",
)
_NAMED = ("aliases", "hidden", "forbidden")
STATUS_OF = {word: status for status, words in _STATUS_WORDS.items() for word in words.split()}

FormKey = tuple[str, int | None, str]


@dataclass
class Step:
    """One row with what it comes to; `term`: the one it changes; `another`: added beside one of the same form."""

    row: TermRow
    outcome: Outcome
    content: TermContent | None = None
    term: Term | None = None
    another: bool = False


class Refusal(Exception):
    """A row is not taken: the problem to tell."""

    def __init__(self, row: TermRow, column: str | None, value: str | None, code: str, message: str) -> None:
        super().__init__(message)
        shown = value[:VALUE_LENGTH] if value else None
        self.problem = Problem(row.file, row.row, column, shown, code, message)


class Planner:
    """Knows the glossary as it is, and grows with every row planned."""

    def __init__(self, parsed: Parsed, *, readers: Readers | None, on_conflict: OnConflict) -> None:
        self.parsed = parsed
        self.readers = readers
        self.on_conflict = on_conflict
        self.departments = {fold(one.name): one for one in Department.objects.all()}
        self.people: dict[str, User] = {}
        for person in User.objects.filter(is_active=True):
            self.people.setdefault(fold(person.display_name), person)
            self.people[fold(person.username)] = person
        self.by_ref: dict[str, Term] = {}
        self.by_form: dict[FormKey, list[Term | Step]] = {}
        self.holders: dict[str, list[tuple[int, str]]] = {}
        self.planned: dict[str, TermRow] = {}
        for term in Term.objects.select_related("audience", "scope", "owner").prefetch_related("aliases"):
            self._know(term)

    def _know(self, term: Term) -> None:
        if term.ref:
            self.by_ref[term.ref] = term
        if term.deleted_at is not None:
            return
        self.by_form.setdefault((term.folded, term.scope_id, term.audience_key), []).append(term)
        forms = [
            term.folded,
            term.other_folded,
            term.abbreviation_folded,
            *(alias.folded for alias in term.aliases.all()),
        ]
        for form in forms:
            if form:
                self.holders.setdefault(form, []).append((term.pk, term.preferred))

    def plan(self) -> list[Step]:
        """A step a row, in order."""
        steps = []
        for row in self.parsed.rows:
            try:
                step = self._step(row)
            except Refusal as refusal:
                self.parsed.problems.append(refusal.problem)
                step = Step(row, "refused")
            steps.append(step)
            if step.content is not None:
                self._tell(step)
        return steps

    def _step(self, row: TermRow) -> Step:
        content = self._content(row)
        ref = ref_of(row)
        if ref in self.planned:
            if self.on_conflict != "meaning":
                raise _twice(row, self.planned[ref])
            count = sum(1 for known in self.planned if known == ref or known.startswith(f"{ref}#"))
            ref = f"{ref}#{count + 1}"
        self.planned[ref] = row
        content = replace(content, ref=ref, import_digest=self._digest(content))
        term = self.by_ref.get(ref)
        return self._again(row, content, term) if term else self._first(row, content)

    def _again(self, row: TermRow, content: TermContent, term: Term) -> Step:
        """A row that came in before."""
        if term.deleted_at is not None:
            message = _("%(term)s was deleted here; put it back before importing it again.") % {
                "term": term.preferred
            }
            raise Refusal(row, None, term.preferred, "deleted", message)
        if term.import_digest == content.import_digest:
            return Step(row, "unchanged")
        merged = merge(content_of(term), content)
        taken = [other for other in self.by_form.get(self._form_key(merged, term), []) if other is not term]
        if taken and fold(merged.preferred) != term.folded:
            raise _same_form(row, taken[0])
        return Step(row, "updated", merged, term)

    def _first(self, row: TermRow, content: TermContent) -> Step:
        """A row that is new, though its form may be known, from the glossary or from an earlier row."""
        taken = self.by_form.setdefault(self._form_key(content, None), [])
        step = Step(row, "created", content, another=bool(taken))
        if taken and self.on_conflict != "meaning":
            twin = taken[0]
            known = content_of(twin) if isinstance(twin, Term) else twin.content or content
            merged = merge(known, content)
            if says_the_same(known, merged):
                return Step(row, "unchanged")
            if isinstance(twin, Step):
                raise _twice(row, twin.row)
            if self.on_conflict == "skip":
                raise _same_form(row, twin)
            # What another file brought in stays that file's.
            step = Step(
                row, "updated", replace(merged, ref="", import_digest="") if twin.ref else merged, twin
            )
        taken.append(step)
        return step

    def _form_key(self, content: TermContent, term: Term | None) -> FormKey:
        scope = content.scope.pk if content.scope else None
        readers = key_of_readers(self.readers) if self.readers or term is None else term.audience_key
        return fold(one_line(content.preferred)), scope, readers

    def _content(self, row: TermRow) -> TermContent:
        """The row as content; what cannot be kept at all is refused, what can be kept in part is told."""
        self._check_lengths(row)
        return TermContent(
            preferred=one_line(row.preferred),
            reading=self._reading(row),
            other_language=one_line(row.other_language),
            abbreviation=one_line(row.abbreviation),
            aliases=_forms(row.aliases),
            hidden=_forms(row.hidden),
            forbidden=_forms(row.forbidden),
            explanation=paragraphs(row.explanation),
            explanation_en=paragraphs(row.explanation_en),
            status=self._status(row),
            use_instead=one_line(row.use_instead),
            scope=self._scope(row),
            owner=self._owner(row),
            readers=self.readers,
        )

    def _check_lengths(self, row: TermRow) -> None:
        if not fold(one_line(row.preferred)):
            raise Refusal(row, None, row.preferred, "no_term", _("The row has no term that can be seen."))
        forms = {
            "term": row.preferred,
            "other_language": row.other_language,
            "abbreviation": row.abbreviation,
        }
        for column, form in [
            *forms.items(),
            *(("aliases", form) for form in (*row.aliases, *row.hidden, *row.forbidden)),
        ]:
            if len(form) > FORM_LENGTH or len(fold(form)) > FORM_LENGTH * 2:
                message = _("A form has at most %(most)d characters; this one has %(length)d.") % {
                    "most": FORM_LENGTH,
                    "length": len(form),
                }
                raise Refusal(row, column, form, "too_long", message)
        for column, text in (("explanation", row.explanation), ("explanation_en", row.explanation_en)):
            if len(text) > EXPLANATION_LENGTH:
                message = _("An explanation has at most %(most)d characters; this one has %(length)d.") % {
                    "most": EXPLANATION_LENGTH,
                    "length": len(text),
                }
                raise Refusal(row, column, text, "too_long", message)
        if len(row.use_instead) > USE_INSTEAD_LENGTH:
            raise Refusal(
                row,
                "use_instead",
                row.use_instead,
                "too_long",
                _("What to say instead has at most %(most)d characters.") % {"most": USE_INSTEAD_LENGTH},
            )

    def _reading(self, row: TermRow) -> str:
        reading = readings.clean_reading(row.reading)
        if row.reading.strip() and not reading:
            message = _("The reading is not kana; one from the dictionary is used, if it knows the word.")
            self.parsed.note(
                row.file, row.row, "no_kana", message, column="reading", value=row.reading[:VALUE_LENGTH]
            )
        return reading[:FORM_LENGTH]

    def _status(self, row: TermRow) -> str:
        word = "".join(fold(row.status).split()).replace("_", "").replace("-", "")
        if word and word not in STATUS_OF:
            message = _("The state is not known; approved, proposed, deprecated and forbidden are.")
            self.parsed.note(
                row.file, row.row, "unknown_status", message, column="status", value=row.status[:VALUE_LENGTH]
            )
        return STATUS_OF[word].value if word in STATUS_OF else ""

    def _scope(self, row: TermRow) -> Department | None:
        if not row.scope.strip():
            return None
        department = self.departments.get(fold(row.scope))
        if department is None:
            message = _("There is no department %(name)s; add it, or leave the cell empty.") % {
                "name": row.scope[:VALUE_LENGTH]
            }
            raise Refusal(row, "scope", row.scope, "unknown_department", message)
        return department

    def _owner(self, row: TermRow) -> User | None:
        name = fold(row.owner.removeprefix("user:"))
        owner = self.people.get(name) if name else None
        if name and owner is None:
            message = _("There is no such person; whoever imports becomes the owner.")
            self.parsed.note(
                row.file, row.row, "unknown_person", message, column="owner", value=row.owner[:VALUE_LENGTH]
            )
        return owner

    def _digest(self, content: TermContent) -> str:
        """Changes when the row does, or the readers asked for."""
        plain = {
            name: str(value)
            for name, value in asdict(replace(content, scope=None, owner=None, readers=None)).items()
        }
        plain |= {
            "scope": str(content.scope),
            "owner": str(content.owner),
            "readers": key_of_readers(self.readers) if self.readers else "",
        }
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode("utf-8", "replace")).hexdigest()

    def _tell(self, step: Step) -> None:
        """Tell what is kept but not quite as one may expect."""
        content, row = step.content, step.row
        if content is None:
            return
        own = step.term.pk if step.term else 0
        forms = (content.preferred, content.other_language, content.abbreviation, *content.aliases)
        for form in dict.fromkeys(form for form in forms if form):
            if len(fold(form)) == 1:
                message = _("A form of one letter is kept, but never linked in pages.")
                self.parsed.note(row.file, row.row, "one_letter", message, value=form)
            others = [name for pk, name in self.holders.get(fold(form), []) if not pk or pk != own]
            if others:
                message = _("This is also a form of %(term)s; both are shown where it is written.") % {
                    "term": others[0]
                }
                self.parsed.note(row.file, row.row, "shared_form", message, value=form)
        if step.term is None:
            for form in {fold(form) for form in forms if form}:
                self.holders.setdefault(form, []).append((0, content.preferred))


def _forms(forms: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys(form for form in map(one_line, forms) if form))


def _twice(row: TermRow, first: TermRow) -> Refusal:
    place = {"form": row.preferred, "file": first.file, "row": first.row}
    if first.row:
        message = _("%(form)s stands in row %(row)d of %(file)s already.") % place
    else:
        message = _("%(form)s stands in %(file)s already.") % place
    return Refusal(row, None, row.preferred, "same_form", message)


def _same_form(row: TermRow, taken: Term | Step) -> Refusal:
    if isinstance(taken, Step):
        return _twice(row, taken.row)
    message = _(
        "%(term)s is in the glossary already; --on-conflict update changes it, meaning adds this beside it."
    ) % {"term": taken.preferred}
    return Refusal(row, None, row.preferred, "same_form", message)


def ref_of(row: TermRow) -> str:
    """What a row is known by when it comes again: its page, or its file with its own id or its form and department."""
    if row.row is None:
        return row.key
    return f"{row.file}#{row.key or ' '.join(filter(None, (fold(row.preferred), fold(row.scope))))}"[:500]


def merge(known: TermContent, told: TermContent) -> TermContent:
    """What is known with what a file says: a file adds and changes, and never empties a field."""
    changed: dict[str, Any] = {name: getattr(told, name) or getattr(known, name) for name in _SAID}
    for name in _NAMED:
        forms = {fold(form): form for form in (*getattr(known, name), *getattr(told, name))}
        changed[name] = tuple(forms.values())
    return replace(told, language="", **changed)


def says_the_same(known: TermContent, merged: TermContent) -> bool:
    """Whether a merge would change nothing that is written of a term."""
    own = {fold(form) for form in (known.preferred, known.other_language, known.abbreviation)}
    same = all(getattr(known, name) == getattr(merged, name) for name in _SAID)
    return same and all(
        {fold(form) for form in getattr(known, name)} - own
        == {fold(form) for form in getattr(merged, name)} - own
        for name in _NAMED
    )
