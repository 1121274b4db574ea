"""Reads of more than one model: all forms at once for matching, a term by any of its forms, the counts of the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, prefetch_related_objects
from django.utils.translation import gettext as _

from kb.access.tokens import tokens_for, tokens_of
from kb.audit.models import AuditEvent
from kb.glossary.matching import Form, Matcher, spellings
from kb.glossary.models import FORM_LENGTH, Alias, AliasKind, Edition, Status, Term, TermQuerySet
from kb.glossary.readings import LETTERS, ROWS
from kb.glossary.wording import TOLD, one_line
from kb.search.widening import form_key
from kb.text import fold, to_hiragana

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User

LATIN = "A-Z"


@dataclass(frozen=True, slots=True)
class Known:
    """What matching has to know of a term besides its forms."""

    preferred: str
    scope: int | None
    readers: frozenset[str]


class Lexicon:
    """The whole glossary, ready to be found in texts, for whoever reads them: one a process and edition."""

    def __init__(self, edition: str) -> None:
        self.edition = edition
        terms = list(
            Term.objects.kept()
            .select_related("audience")
            .order_by("pk")
            .defer("explanation", "explanation_en")
        )
        closed = [term.audience for term in terms if not term.audience.everyone]
        if closed:
            prefetch_related_objects(closed, "departments", "people")
        self.terms: dict[int, Known] = {}
        linkable: set[int] = set()
        forms: list[tuple[int, str]] = []
        for term in terms:
            self.terms[term.pk] = Known(term.preferred, term.scope_id, tokens_of(term.audience))
            if term.status != Status.FORBIDDEN:
                linkable.add(term.pk)
            forms += [
                (term.pk, form) for form in (term.preferred, term.other_language, term.abbreviation) if form
            ]
        hidden: set[tuple[int, str]] = set()
        for pk, text, kind in Alias.objects.filter(term__deleted_at=None).values_list(
            "term_id", "text", "kind"
        ):
            forms.append((pk, text))
            if kind != AliasKind.ALIAS:
                hidden.add((pk, text))
        self.matcher = Matcher(
            Form(text, pk, linkable=pk in linkable and len(fold(text)) > 1) for pk, text in forms
        )
        self.shown_forms: dict[int, list[str]] = {}
        self.by_form: dict[str, list[int]] = {}
        for pk, text in forms:
            if (pk, text) not in hidden:
                self.shown_forms.setdefault(pk, []).append(text)
            for spelling in spellings(form_key(text)):
                self.by_form.setdefault(spelling, []).append(pk)
        scopes = {f"d:{known.scope}" for known in self.terms.values() if known.scope}
        self.tokens = frozenset(scopes.union(*(known.readers for known in self.terms.values())))

    def visible_to(self, tokens: frozenset[str]) -> frozenset[int]:
        """Terms whose readers hold one of the tokens: the rule of `Term.objects.visible_to`, without asking the database."""
        return frozenset(pk for pk, known in self.terms.items() if known.readers & tokens)

    def nearest_first(self, terms: Iterable[int], tokens: frozenset[str]) -> tuple[int, ...]:
        """Of homonyms, the ones of the reader's own departments first, then those of no department."""

        def distance(pk: int) -> tuple[int, int]:
            scope = self.terms[pk].scope
            return (1 if scope is None else 0 if f"d:{scope}" in tokens else 2), pk

        return tuple(sorted(terms, key=distance))


_kept: list[Lexicon] = []


def lexicon() -> Lexicon:
    """The glossary as it is now; read again only when it changed."""
    edition = Edition.objects.filter(pk=1).values_list("stamp", flat=True).first() or ""
    for known in _kept:
        if known.edition == edition:
            return known
    fresh = Lexicon(edition)
    _kept[:] = [fresh]
    return fresh


def named(form: str, *, viewer: User) -> TermQuerySet:
    """Terms of which some form is `form`, width, case and a last long mark aside."""
    key = fold(one_line(form))
    if not key:
        return Term.objects.none()
    found = Term.objects.visible_to(viewer)
    exact = found.written((key,))
    return exact if exact.exists() else found.written(spellings(key))


def nearest(form: str, *, viewer: User) -> list[Term]:
    """The terms of a form as a page shows them: those of the viewer's departments first."""
    tokens = tokens_for(viewer)
    terms = named(form, viewer=viewer).select_related("scope", "owner").prefetch_related("aliases")
    agreed = {Status.APPROVED: 0, Status.PROPOSED: 1, Status.DEPRECATED: 2, Status.FORBIDDEN: 3}

    def distance(term: Term) -> tuple[int, int, int]:
        near = 1 if term.scope_id is None else 0 if f"d:{term.scope_id}" in tokens else 2
        return near, agreed[Status(term.status)], term.pk

    return sorted(terms, key=distance)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the index is narrowed to: a row of the 五十音, `A-Z` or a letter, a state, characters in a form or the reading."""

    row: str = ""
    status: str = ""
    q: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Filters:
        row = query.get("row", "")
        status = query.get("status", "")
        return cls(
            row=row if row in (*ROWS, *LETTERS, LATIN) else "",
            status=status if status in Status.values else "",
            q=one_line(query.get("q", "")[:FORM_LENGTH]),
        )

    @property
    def is_latin(self) -> bool:
        return self.row == LATIN or self.row in LETTERS

    def narrow(self, terms: TermQuerySet, *, but: str = "") -> TermQuerySet:
        """The terms that fit all filters but one."""
        if self.q:
            terms = terms.holding(fold(self.q)) | terms.holding(to_hiragana(fold(self.q)))
        if self.status and but != "status":
            terms = terms.filter(status=self.status)
        if but == "row":
            return terms
        if self.row in ROWS:
            return terms.filter(kana_row=self.row)
        if not self.is_latin:
            return terms
        terms = terms.exclude(latin_letter="") if self.row == LATIN else terms.filter(latin_letter=self.row)
        return terms.order_by("latin_key", "pk")


def tabs_of(visible: TermQuerySet, filters: Filters) -> list[tuple[str, int]]:
    """The rows of the 五十音, each with its number of terms."""
    rows = filters.narrow(visible, but="row").exclude(kana_row="").order_by().values_list("kana_row")
    counts = dict(rows.annotate(Count("pk")))
    return [(row, counts.get(row, 0)) for row in ROWS]


def letters_of(visible: TermQuerySet, filters: Filters) -> list[tuple[str, int]]:
    """The letters, each with its number of terms; only while looking at letters."""
    if not filters.is_latin:
        return []
    rows = filters.narrow(visible, but="row").exclude(latin_letter="").order_by().values_list("latin_letter")
    counts = dict(rows.annotate(Count("pk")))
    return [(letter, counts.get(letter, 0)) for letter in LETTERS]


def statuses_of(visible: TermQuerySet, filters: Filters) -> list[tuple[str, StrOrPromise, int]]:
    """The states that occur, with their number of terms."""
    rows = filters.narrow(visible, but="status").order_by().values_list("status")
    counts = dict(rows.annotate(Count("pk")))
    return [
        (status.value, status.label, counts[status.value]) for status in Status if counts.get(status.value)
    ]


def address_of_one(term: Term, *, viewer: User) -> str:
    """The page of one term, also where its form has several meanings."""
    alone = named(term.preferred, viewer=viewer).count() == 1
    return term.get_absolute_url() if alone else f"{term.get_absolute_url()}?term={term.pk}"


def differences(now: Mapping[str, object], form: BaseForm) -> list[tuple[str, str]]:
    """(label, text) of each text field in which the saved term differs from what was typed."""
    typed = form.data
    return [
        (str(form.fields[name].label), str(value))
        for name, value in now.items()
        if isinstance(value, str)
        and name in form.fields
        and value.split() != str(typed.get(name, "")).split()
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a term's history; `changes` as (label, before, after)."""

    event: AuditEvent
    changes: list[tuple[str, str, str]]


def history(term: Term) -> list[Entry]:
    """Everything that was done to a term, newest first."""
    kind = ContentType.objects.get_for_model(Term)
    events = AuditEvent.objects.filter(target_type=kind, target_id=term.pk).select_related("by")
    return [Entry(event, _changes(event.detail.get("changes") or {})) for event in events]


def _changes(changes: Mapping[str, list[str]]) -> list[tuple[str, str, str]]:
    """What changed, in words. Readers are told as changed only: their names are not for everyone who sees the term."""
    told = []
    for name in TOLD:
        if name not in changes:
            continue
        before, after = changes[name]
        if name == "readers":
            told.append((str(_("Who may read")), "", ""))
        elif name == "status":
            told.append((str(_("State")), str(Status(before).label), str(Status(after).label)))
        elif name.startswith("aliases."):
            told.append((str(AliasKind(name.partition(".")[2]).label), before, after))
        else:
            told.append((str(Term._meta.get_field(name).verbose_name), before, after))  # type: ignore[union-attr]  # noqa: SLF001
    return told
