"""Retrospectives as the search sees them: found by a word of the lesson, with the deal's readers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.crm.source import badge_of, marks_of
from deals.retros.models import Retro
from kb.access.tokens import tokens_of
from kb.search.documents import Called, Document, Offer, Shown
from kb.text import guess_language

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User


class Retros:
    """The source of retrospectives; each has its deal's number."""

    name = "retro"
    # It is called as its deal, which is offered already.
    offer = Offer.NEVER

    def kinds(self) -> dict[str, StrOrPromise]:
        return {self.name: _("Retrospective")}

    def document(self, pk: int) -> Document | None:
        retro = in_full(Retro.objects.all()).filter(pk=pk).first()
        return None if retro is None else as_document(retro)

    def stamps(self) -> Iterator[tuple[int, str]]:
        rows = Retro.objects.select_related("audience", "deal__audience", "deal__company").order_by("pk")
        for retro in rows.iterator(chunk_size=1000):
            yield retro.pk, stamp_of(retro)

    def visible(self, viewer: User, pks: Collection[int]) -> dict[int, Shown]:
        rows = in_full(Retro.objects.visible_to(viewer)).filter(pk__in=pks)
        return {retro.pk: as_shown(retro) for retro in rows}

    def called(self, viewer: User, pks: Collection[int]) -> dict[int, Called]:
        return {}


def in_full(retros: QuerySet[Retro]) -> QuerySet[Retro]:
    related = retros.select_related("author", "audience", "deal__audience", "deal__company")
    return related.prefetch_related(  # type: ignore[misc]  # taggit brings no types
        "tags",
        "quotes",
        "ratings__driver__parent__parent",
        "author__departments",
        "audience__departments",
        "audience__people",
        "deal__audience__departments",
        "deal__audience__people",
    )


def stamp_of(retro: Retro) -> str:
    own = f"{retro.audience_id}.{retro.audience.version}" if retro.audience else ""
    deal = retro.deal
    company = deal.company.updated_at.isoformat() if deal.company else ""
    return f"{retro.version}.{own}.{deal.version}.{deal.audience_id}.{deal.audience.version}.{company}"


def text_of(retro: Retro) -> str:
    """What was written, the lesson first: it is what the next person looks for."""
    evidence = [rating.evidence for rating in retro.ratings.all()]
    quotes = [quote.text for quote in retro.quotes.all() if quote.text not in evidence]
    return "\n".join(text for text in (retro.lesson, retro.hypothesis, *evidence, *quotes) if text)


def drivers_of(retro: Retro) -> str:
    """The drivers with all above them, by their names in both languages, each once."""
    found: dict[str, None] = {}
    for rating in retro.ratings.all():
        driver = rating.driver
        while driver is not None:
            found |= {driver.name_ja: None, driver.name_en: None}
            driver = driver.parent  # type: ignore[assignment]
    return "\n".join(found)


def as_document(retro: Retro) -> Document:
    """What of a retrospective is indexed, and for whom: the deal's readers, and its own where it has fewer."""
    readers = [tokens_of(retro.deal.audience)]
    if retro.audience and retro.audience_id != retro.deal.audience_id:
        readers.insert(0, tokens_of(retro.audience))
    text = text_of(retro)
    return Document(
        source=Retros.name,
        pk=retro.pk,
        kind=Retros.name,
        stamp=stamp_of(retro),
        title=retro.deal.name,
        body=f"{text}\n{drivers_of(retro)}",
        names=(retro.deal.company.name,) if retro.deal.company else (),
        tags=tuple(sorted(tag.name for tag in retro.tags.all())),
        language=guess_language(text),
        updated_on=timezone.localdate(retro.updated_at),
        readers=tuple(readers),
        marks={**marks_of(retro.deal), "author": (str(retro.author_id),)},
    )


def as_shown(retro: Retro) -> Shown:
    departments = [str(department) for department in retro.author.departments.all()]
    text = text_of(retro)
    return Shown(
        source=Retros.name,
        pk=retro.pk,
        kind=Retros.name,
        ref="",
        title=retro.deal.name,
        url=retro.get_absolute_url(),
        text=text,
        language=guess_language(text),
        updated_on=timezone.localdate(retro.updated_at),
        tags=tuple(sorted(tag.name for tag in retro.tags.all())),
        owner=str(retro.author),
        department=departments[0] if departments else None,
        badge=badge_of(retro.deal),
    )
