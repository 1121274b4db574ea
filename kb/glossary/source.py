"""Terms as the search sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.access.tokens import tokens_of
from kb.glossary.models import AliasKind, Term
from kb.search.documents import Called, Document, Offer, Shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User

KIND = "term"


class Terms:
    """The source of terms."""

    name = "term"
    offer = Offer.NAME

    def kinds(self) -> dict[str, StrOrPromise]:
        return {KIND: _("Term")}

    def document(self, pk: int) -> Document | None:
        term = Term.objects.for_index().filter(pk=pk).first()
        return None if term is None else as_document(term)

    def stamps(self) -> Iterable[tuple[int, str]]:
        rows = (
            Term.objects.kept()
            .order_by("pk")
            .values_list("pk", "version", "audience_id", "audience__version")
        )
        for pk, *parts in rows.iterator(chunk_size=2000):
            yield pk, ".".join(map(str, parts))

    def visible(self, viewer: User, pks: Collection[int]) -> dict[int, Shown]:
        rows = Term.objects.visible_to(viewer).filter(pk__in=pks).select_related("owner", "scope")
        return {term.pk: as_shown(term) for term in rows.prefetch_related("owner__departments")}

    def called(self, viewer: User, pks: Collection[int]) -> dict[int, Called]:
        rows = Term.objects.visible_to(viewer).filter(pk__in=pks).prefetch_related("aliases")
        return {term.pk: as_called(term) for term in rows.defer("explanation", "explanation_en")}


def as_document(term: Term) -> Document:
    """What of a term is indexed; every form can be searched, also the ones that should not be written."""
    names = [
        term.reading,
        term.other_language,
        term.abbreviation,
        *(alias.text for alias in term.aliases.all()),
    ]
    return Document(
        source=Terms.name,
        pk=term.pk,
        kind=KIND,
        stamp=f"{term.version}.{term.audience_id}.{term.audience.version}",
        title=term.preferred,
        body="\n\n".join(text for text in (term.explanation, term.explanation_en) if text),
        names=tuple(dict.fromkeys(name for name in names if name)),
        language=term.language,
        updated_on=timezone.localdate(term.updated_at),
        readers=(tokens_of(term.audience),),
        marks=marks_of(term),
    )


def as_called(term: Term) -> Called:
    names = [term.reading, term.other_language, term.abbreviation]
    names += [alias.text for alias in term.aliases.all() if alias.kind == AliasKind.ALIAS]
    return Called(term.preferred, KIND, term.get_absolute_url(), tuple(name for name in names if name))


def marks_of(term: Term) -> dict[str, tuple[str, ...]]:
    """Who wrote it first and last, and who answers for it; all of them change with the version alone."""
    authors = dict.fromkeys((term.created_by_id, term.updated_by_id))
    marks = {"author": tuple(map(str, authors))}
    return marks | ({"owner": (str(term.owner_id),)} if term.owner_id else {})


def as_shown(term: Term) -> Shown:
    departments = [str(department) for department in term.owner.departments.all()] if term.owner else []
    # Where a term has no explanation its other forms say at least what it is.
    text = (
        "\n\n".join(text for text in (term.explanation, term.explanation_en) if text) or term.other_language
    )
    return Shown(
        source=Terms.name,
        pk=term.pk,
        kind=KIND,
        ref=term.ref,
        title=term.preferred,
        url=term.get_absolute_url(),
        text=text,
        language=term.language,
        updated_on=timezone.localdate(term.updated_at),
        owner=str(term.owner) if term.owner else None,
        department=str(term.scope) if term.scope else next(iter(departments), None),
    )
