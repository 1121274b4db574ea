"""Every write to the glossary: one transaction each, with its entry in the record, its place in the index queue and a new edition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from kb.access.actions import Readers, set_audience
from kb.access.models import Audience
from kb.access.tokens import tokens_of
from kb.audit.actions import record
from kb.glossary.models import (
    FORM_LENGTH,
    Alias,
    AliasKind,
    Edition,
    Status,
    Term,
)
from kb.glossary.wording import (
    NotATerm,
    TermContent,
    audience_key,
    fill,
    key_of_readers,
    one_line,
    snapshot,
)
from kb.search.index import request_change
from kb.text import fold, guess_language

if TYPE_CHECKING:
    from kb.accounts.models import User

__all__ = [
    "LockedOut",
    "NotATerm",
    "NotAllowed",
    "SameForm",
    "StaleTerm",
    "TermContent",
    "add_terms",
    "delete_term",
    "may_delete",
    "may_edit",
    "restore_term",
    "save_term",
    "set_status",
]

SOURCE = "term"


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


def may_edit(user: User, term: Term) -> bool:
    """Who may see a term may change it, as a writer or above."""
    return user.can_write and Term.objects.visible_to(user).filter(pk=term.pk).exists()


def may_delete(user: User, term: Term) -> bool:
    """Editors, and whoever proposed it as long as it is a proposal."""
    own = term.created_by_id == user.pk and term.status == Status.PROPOSED
    return may_edit(user, term) and (user.can_edit or own)


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
    before = snapshot(term) if term.pk else None
    fill(term, content)
    _set_status(term, content, by=by)
    _set_readers(term, content.readers, by=by)
    _number_meaning(term, another=another)
    _finish(term, by=by)
    _set_aliases(term, content, are_there=before is not None)
    if before is None:
        _remember(term, by=by, verb="term.created")
        return term
    changes = {name: [before[name], now] for name, now in snapshot(term).items() if before[name] != now}
    _remember(term, by=by, verb="term.saved", detail={"changes": changes})
    return term


def add_terms(*, by: User, contents: Sequence[TermContent], readers: Readers) -> list[Term]:
    """Save many new terms at once, all for the same readers; as `save_term` one by one, in a fraction of the time.

    Raises:
        NotAllowed, LockedOut, NotATerm: as `save_term`; then none is saved.
        SameForm: the form of one of them is taken; none is saved.
    """
    if not by.can_write:
        raise NotAllowed
    try:
        with transaction.atomic():
            return _write_many(by=by, contents=contents, readers=readers)
    except IntegrityError as error:
        raise SameForm(None) from error


def _write_many(*, by: User, contents: Sequence[TermContent], readers: Readers) -> list[Term]:
    audience, key = _audience(None, readers, by=by)
    terms = [
        Term(
            created_by=by,
            updated_by=by,
            owner=by,
            audience=audience,
            audience_key=key,
            version=1,
            updated_at=timezone.now(),
        )
        for _content in contents
    ]
    for term, content in zip(terms, contents, strict=True):
        fill(term, content)
        _set_status(term, content, by=by)
    Term.objects.bulk_create(terms)
    Alias.objects.bulk_create(
        [alias for term, content in zip(terms, contents, strict=True) for alias in _aliases(term, content)]
    )
    for term in terms:
        _record(term, by=by, verb="term.created")
    new_edition()
    return terms


def _set_status(term: Term, content: TermContent, *, by: User) -> None:
    """Editors say; what anybody else writes or changes is a proposal."""
    if by.can_edit:
        term.status = content.status or term.status
    else:
        term.status = Status.PROPOSED


def _set_readers(term: Term, readers: Readers | None, *, by: User) -> None:
    is_new = not term.version
    if readers is None:
        if not is_new:
            return
        readers = Readers(everyone=True)
    if not is_new and key_of_readers(readers) == term.audience_key:
        return
    # Terms that came in together share their audience until one of them gets another.
    own = (
        None
        if is_new or Term.objects.filter(audience=term.audience).exclude(pk=term.pk).exists()
        else term.audience
    )
    term.audience, term.audience_key = _audience(own, readers, by=by)


def _audience(audience: Audience | None, readers: Readers, *, by: User) -> tuple[Audience, str]:
    """The audience written, with its key. Nobody writes what they could not read."""
    audience = set_audience(
        audience, everyone=readers.everyone, departments=readers.departments, people=readers.people
    )
    if not Audience.objects.open_to(by).filter(pk=audience.pk).exists():
        raise LockedOut
    return audience, audience_key(tokens_of(audience))


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


def _set_aliases(term: Term, content: TermContent, *, are_there: bool) -> None:
    if are_there:
        term.aliases.all().delete()
    if aliases := _aliases(term, content):
        Alias.objects.bulk_create(aliases)


def _aliases(term: Term, content: TermContent) -> list[Alias]:
    """The other forms of a term; one that is a form of it already is left out."""
    taken = {"", term.folded, term.other_folded, term.abbreviation_folded}
    named = (
        (AliasKind.ALIAS, content.aliases),
        (AliasKind.FORBIDDEN, content.forbidden),
        (AliasKind.HIDDEN, content.hidden),
    )
    aliases = []
    for kind, text in ((kind, one_line(form)) for kind, forms in named for form in forms):
        key = fold(text)
        if key in taken:
            continue
        if len(text) > FORM_LENGTH or len(key) > FORM_LENGTH * 2:
            raise NotATerm("aliases", "too_long")
        taken.add(key)
        aliases.append(Alias(term=term, text=text, folded=key, kind=kind, language=guess_language(text)))
    return aliases


def _record(term: Term, *, by: User, verb: str, detail: dict[str, object] | None = None) -> None:
    record(by=by, verb=verb, target=term, detail={"version": term.version, **(detail or {})})
    request_change(SOURCE, term.pk)


def _remember(term: Term, *, by: User, verb: str, detail: dict[str, object] | None = None) -> None:
    _record(term, by=by, verb=verb, detail=detail)
    new_edition()


def new_edition() -> None:
    """Make everything that was made from the glossary stale."""
    stamp = uuid4().hex
    if not Edition.objects.filter(pk=1).update(stamp=stamp):
        Edition.objects.create(pk=1, stamp=stamp)


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
