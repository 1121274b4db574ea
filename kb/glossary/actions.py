"""Every write to the glossary: one transaction each, with its entry in the record, its place in the index queue and a new edition."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from kb.access.actions import Readers, set_audience
from kb.access.models import Audience
from kb.access.tokens import EVERYONE, tokens_of
from kb.accounts.models import Language
from kb.audit.actions import record
from kb.glossary import readings
from kb.glossary.models import EXPLANATION_LENGTH, FORM_LENGTH, Alias, AliasKind, Edition, Status, Term
from kb.search.index import request_change
from kb.text import fold, guess_language

if TYPE_CHECKING:
    from kb.accounts.models import Department, User

SOURCE = "term"
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")


class NotAllowed(PermissionError):
    """The person may not do this to this term."""


class LockedOut(ValueError):
    """The audience asked for does not include the person who sets it."""


class StaleTerm(RuntimeError):
    """The term was saved by somebody else since it was opened; `term` is how it stands now."""

    def __init__(self, term: Term) -> None:
        super().__init__(f"term {term.pk} is at version {term.version}")
        self.term = term


class SameForm(ValueError):
    """`term` has this preferred form already, for the same department and readers."""

    def __init__(self, term: Term | None) -> None:
        super().__init__("a term has this form already")
        self.term = term


class NotATerm(ValueError):
    """What was given cannot be kept: `code` is `empty` or `too_long`, `field` the field of `TermContent`."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field} is {code}")
        self.field = field
        self.code = code


@dataclass(frozen=True, kw_only=True)
class TermContent:
    """What a save writes. Without `language` and `reading` they are found out; without `status`, `owner` or `readers` those stay."""

    preferred: str
    language: str = ""
    reading: str = ""
    other_language: str = ""
    abbreviation: str = ""
    aliases: Sequence[str] = ()
    hidden: Sequence[str] = ()
    forbidden: Sequence[str] = ()
    explanation: str = ""
    explanation_en: str = ""
    status: str = ""
    use_instead: str = ""
    scope: Department | None = None
    owner: User | None = None
    readers: Readers | None = None
    ref: str = ""
    import_digest: str = ""


def may_edit(user: User, term: Term) -> bool:
    """Who may see a term may change it, as a writer or above."""
    return user.can_write and Term.objects.visible_to(user).filter(pk=term.pk).exists()


def may_delete(user: User, term: Term) -> bool:
    """Editors, and whoever proposed it as long as it is a proposal."""
    own = term.created_by_id == user.pk and term.status == Status.PROPOSED
    return may_edit(user, term) and (user.can_edit or own)


def one_line(text: str) -> str:
    """A form as it is kept: on one line, without characters that cannot be seen."""
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def paragraphs(text: str) -> str:
    """An explanation as it is kept: its paragraphs, without what no database takes."""
    seen = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", seen).strip()


def save_term(
    *,
    by: User,
    content: TermContent,
    term: Term | None = None,
    base_version: int = 0,
    another_meaning: bool = False,
) -> Term:
    """Save a term as its next version. What a writer changes has to be approved again.

    Raises:
        NotAllowed: `by` is a reader, or may not see the term.
        LockedOut: `by` would not be among the readers.
        StaleTerm: somebody saved since `base_version`.
        SameForm: there is such a term, and this was not said to be `another_meaning`.
        NotATerm: the form is empty, or something is too long.
    """
    if not by.can_write or (term is not None and not may_edit(by, term)):
        raise NotAllowed
    try:
        with transaction.atomic():
            return _write(
                by=by, content=content, term=term, base_version=base_version, another=another_meaning
            )
    except IntegrityError as error:
        # Somebody else saved the same form between the look and the write.
        raise SameForm(None) from error


def _write(*, by: User, content: TermContent, term: Term | None, base_version: int, another: bool) -> Term:
    if term is None:
        term = Term(created_by=by, owner=by)
    else:
        term = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
        if term.version != base_version:
            raise StaleTerm(term)
    before = snapshot(term) if term.pk else {}
    _fill(term, content)
    _set_status(term, content, by=by)
    _set_readers(term, content.readers, by=by)
    _number_meaning(term, another=another)
    _finish(term, by=by)
    _set_aliases(term, content)
    now = snapshot(term)
    changes = {
        name: [before.get(name, ""), value] for name, value in now.items() if before.get(name, "") != value
    }
    _remember(
        term,
        by=by,
        verb="term.saved" if before else "term.created",
        detail={"changes": changes if before else {}},
    )
    return term


def _fill(term: Term, content: TermContent) -> None:
    term.preferred = one_line(content.preferred)
    term.other_language = one_line(content.other_language)
    term.abbreviation = one_line(content.abbreviation)
    term.use_instead = one_line(content.use_instead)
    term.explanation = paragraphs(content.explanation)
    term.explanation_en = paragraphs(content.explanation_en)
    term.language = content.language or language_of(term.preferred, term.other_language)
    term.scope = content.scope
    term.owner = content.owner or term.owner
    if content.ref:
        term.ref = content.ref
    if content.import_digest:
        term.import_digest = content.import_digest
    _fold(term)
    term.reading = readings.clean_reading(content.reading) or _guess_reading(term)
    _place(term)
    _check(term)


def language_of(preferred: str, other: str) -> str:
    """The language of the preferred form; of two in Latin letters the first is the one used in Japanese, as TCO is."""
    if guess_language(preferred) == "ja":
        return Language.JA
    return Language.JA if other and guess_language(other) == "en" else Language.EN


def _fold(term: Term) -> None:
    term.folded = fold(term.preferred)
    term.other_folded = fold(term.other_language)
    term.abbreviation_folded = fold(term.abbreviation)


def _guess_reading(term: Term) -> str:
    if guess_language(term.preferred) == "ja":
        return readings.guess_reading(term.preferred)
    return readings.guess_reading(term.other_language) if term.other_code == Language.JA else ""


def _place(term: Term) -> None:
    """Where the index lists it."""
    latin = next(
        (
            form
            for form in (term.preferred, term.other_language, term.abbreviation)
            if readings.latin_letter(form)
        ),
        "",
    )
    term.kana_row = readings.kana_row(term.reading)
    term.kana_key = readings.kana_key(term.reading, term.preferred)
    term.latin_letter = readings.latin_letter(latin)
    term.latin_key = readings.latin_key(latin)


def _check(term: Term) -> None:
    if not term.folded:
        raise NotATerm("preferred", "empty")
    for name in ("preferred", "other_language", "abbreviation", "reading"):
        form = getattr(term, name)
        if len(form) > FORM_LENGTH or len(fold(form)) > FORM_LENGTH * 2:
            raise NotATerm(name, "too_long")
    if len(term.use_instead) > 500:
        raise NotATerm("use_instead", "too_long")
    for name in ("explanation", "explanation_en"):
        if len(getattr(term, name)) > EXPLANATION_LENGTH:
            raise NotATerm(name, "too_long")


def _set_status(term: Term, content: TermContent, *, by: User) -> None:
    """Editors say; what anybody else writes or changes is a proposal."""
    if by.can_edit:
        term.status = content.status or term.status
    else:
        term.status = Status.PROPOSED


def _set_readers(term: Term, readers: Readers | None, *, by: User) -> None:
    is_new = term.pk is None
    if readers is None:
        if not is_new:
            return
        readers = Readers(everyone=True)
    term.audience = set_audience(
        None if is_new else term.audience,
        everyone=readers.everyone,
        departments=readers.departments,
        people=readers.people,
    )
    if not Audience.objects.open_to(by).filter(pk=term.audience_id).exists():
        raise LockedOut
    term.audience_key = audience_key(tokens_of(term.audience))


def audience_key(tokens: frozenset[str]) -> str:
    """The same for the same readers, and short enough for an index."""
    return EVERYONE if EVERYONE in tokens else hashlib.sha256(" ".join(sorted(tokens)).encode()).hexdigest()


def _number_meaning(term: Term, *, another: bool) -> None:
    """Leave the number where it is free; take the next one where another meaning is meant."""
    twins = Term.objects.kept().filter(folded=term.folded, scope=term.scope, audience_key=term.audience_key)
    taken = twins.exclude(pk=term.pk)
    first = taken.order_by("meaning").first()
    if first is None:
        term.meaning = 1
    elif another:
        term.meaning = (taken.aggregate(last=Max("meaning"))["last"] or 0) + 1
    elif not term.version or taken.filter(meaning=term.meaning).exists() or not _is_number_kept(term):
        raise SameForm(first)


def _is_number_kept(term: Term) -> bool:
    """Whether the term was one of several meanings before, of the same form."""
    return Term.objects.filter(
        pk=term.pk, folded=term.folded, scope=term.scope, audience_key=term.audience_key
    ).exists()


def _finish(term: Term, *, by: User) -> None:
    term.version += 1
    term.updated_at, term.updated_by = timezone.now(), by
    term.save()


def _set_aliases(term: Term, content: TermContent) -> None:
    """Write the other forms anew; one that is a form of the term already is left out."""
    taken = {term.folded, term.other_folded, term.abbreviation_folded}
    named = (
        (AliasKind.ALIAS, content.aliases),
        (AliasKind.FORBIDDEN, content.forbidden),
        (AliasKind.HIDDEN, content.hidden),
    )
    aliases = []
    for kind, forms in named:
        for form in forms:
            text = one_line(form)
            key = fold(text)
            if not key or key in taken:
                continue
            if len(text) > FORM_LENGTH or len(key) > FORM_LENGTH * 2:
                raise NotATerm("aliases", "too_long")
            taken.add(key)
            aliases.append(Alias(term=term, text=text, folded=key, kind=kind, language=guess_language(text)))
    term.aliases.all().delete()
    Alias.objects.bulk_create(aliases)


def snapshot(term: Term) -> dict[str, str]:
    """What the history tells apart, as text."""
    shown = {
        name: str(getattr(term, name) or "")
        for name in (
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
    }
    names = Alias.objects.filter(term=term).order_by("pk").values_list("kind", "text")
    for kind in AliasKind:
        shown[f"aliases.{kind}"] = "、".join(text for found, text in names if found == kind)
    shown["readers"] = " ".join(sorted(tokens_of(term.audience)))
    return shown


def _remember(term: Term, *, by: User, verb: str, detail: dict[str, object] | None = None) -> None:
    record(by=by, verb=verb, target=term, detail={"version": term.version, **(detail or {})})
    request_change(SOURCE, term.pk)
    new_edition()


def new_edition() -> None:
    """Make everything that was made from the glossary stale."""
    Edition.objects.update_or_create(pk=1, defaults={"stamp": uuid4().hex})


@transaction.atomic
def set_status(*, by: User, term: Term, status: str, use_instead: str = "") -> Term:
    """Approve a term, retire it or bar it.

    Raises:
        NotAllowed: `by` is no editor, or may not see the term.
    """
    if not by.can_edit or not may_edit(by, term):
        raise NotAllowed
    term = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    before = term.status
    term.status = Status(status)
    term.use_instead = one_line(use_instead) or term.use_instead
    _finish(term, by=by)
    _remember(term, by=by, verb="term.status", detail={"changes": {"status": [before, term.status]}})
    return term


@transaction.atomic
def delete_term(*, by: User, term: Term) -> None:
    """Take a term away; it can be put back.

    Raises:
        NotAllowed: it is neither an editor's nor one's own proposal.
    """
    if not may_delete(by, term):
        raise NotAllowed
    Term.objects.filter(pk=term.pk).update(deleted_at=timezone.now())
    _remember(term, by=by, verb="term.deleted")


def restore_term(*, by: User, term: Term) -> None:
    """Put a deleted term back.

    Raises:
        NotAllowed: `by` is a reader or could not see it.
        SameForm: its form was taken meanwhile.
    """
    if not by.can_write or not Term.objects.deleted_for(by).filter(pk=term.pk).exists():
        raise NotAllowed
    try:
        with transaction.atomic():
            Term.objects.filter(pk=term.pk).update(deleted_at=None)
            _remember(term, by=by, verb="term.restored")
    except IntegrityError as error:
        raise SameForm(None) from error
