"""Terms as the search sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.access.tokens import tokens_of
from kb.glossary.models import Term
from kb.glossary.wording import one_line
from kb.search.documents import Document, Shown, Suggestion
from kb.text import fold, to_hiragana

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User

KIND = "term"


class Terms:
    """The source of terms."""

    name = "term"

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

    def suggest(self, viewer: User, prefix: str, limit: int) -> list[Suggestion]:
        key = fold(one_line(prefix))
        if not key:
            return []
        found = {term.pk: term for term in Term.objects.visible_to(viewer).holding(key)[: limit * 4]}
        kana = to_hiragana(key)
        if kana != key:
            found |= {
                term.pk: term
                for term in Term.objects.visible_to(viewer).filter(reading__startswith=kana)[:limit]
            }
        best = sorted(
            found.values(), key=lambda term: (_distance(term, key, kana), len(term.preferred), term.kana_key)
        )
        return [Suggestion(term.preferred, KIND, term.get_absolute_url()) for term in best[:limit]]


def _distance(term: Term, key: str, kana: str) -> int:
    """Nearest are forms that begin with what was typed, then readings that do."""
    if any(form.startswith(key) for form in (term.folded, term.other_folded, term.abbreviation_folded)):
        return 0
    return 1 if term.reading.startswith(kana) else 2


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
