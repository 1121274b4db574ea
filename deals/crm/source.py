"""Deals, companies, competitors and products as the search sees them, each with its audience."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import TaggedItem

from deals.crm.models import Company, Deal, Result
from kb.access.models import Audience
from kb.access.tokens import EVERYONE, tokens_of
from kb.market.models import Competitor, Product
from kb.search.documents import Badge, Called, Document, Offer, Shown
from kb.text import guess_language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kb.accounts.models import User

RESULTS = dict(Result.choices)
# Shape and word say it as well as the colour.
BADGES = {
    Result.WON: Badge(Result.WON.label, "badge-won", icon="circle"),
    Result.LOST: Badge(Result.LOST.label, "badge-lost", icon="x"),
    Result.NO_DECISION: Badge(Result.NO_DECISION.label, "badge-undecided", icon="minus"),
}


class CrmSource(ABC):
    """What finding does alike for the four kinds; each says which rows there are and what they hold."""

    name: str
    label: StrOrPromise
    offer = Offer.NAME

    def kinds(self) -> dict[str, StrOrPromise]:
        return {self.name: self.label}

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """Everything that belongs in the index, with what a document needs."""

    @abstractmethod
    def permitted(self, viewer: User) -> QuerySet[Any]:
        """What `viewer` may read."""

    def title(self, thing: Any) -> str:
        return str(thing)

    def facts(self, thing: Any) -> tuple[str, ...]:
        """What is known of it in single words, beside its note; some may be empty."""
        return ()

    def body(self, thing: Any) -> str:
        return "\n".join(part for part in (*self.facts(thing), thing.note) if part)

    def text(self, thing: Any) -> str:
        """What is read of it below its title: the note, then the facts in one line."""
        return note_and(thing, self.facts(thing))

    def badge(self, thing: Any) -> Badge | None:
        return None

    def names(self, thing: Any) -> tuple[str, ...]:
        return ()

    def stamp(self, thing: Any) -> str:
        return str(thing.updated_at.isoformat())

    def readers(self, thing: Any) -> tuple[frozenset[str], ...]:
        return (frozenset({EVERYONE}),)

    def marks(self, thing: Any) -> dict[str, tuple[str, ...]]:
        """What of the marks it can be narrowed down by."""
        return {}

    def document(self, pk: int) -> Document | None:
        return self.documents((pk,)).get(pk)

    def documents(self, pks: Collection[int]) -> dict[int, Document]:
        return {
            thing.pk: self.as_document(thing, tags)
            for thing, tags in with_tags(share_readers(self.rows().filter(pk__in=pks)))
        }

    def as_document(self, thing: Any, tags: tuple[str, ...]) -> Document:
        return Document(
            source=self.name,
            pk=thing.pk,
            kind=self.name,
            stamp=self.stamp(thing),
            title=self.title(thing),
            body=self.body(thing),
            names=self.names(thing),
            tags=tags,
            language=guess_language(f"{self.title(thing)} {self.body(thing)}"),
            updated_on=timezone.localdate(thing.updated_at),
            readers=self.readers(thing),
            marks=self.marks(thing),
        )

    def stamps(self) -> Iterator[tuple[int, str]]:
        for thing in self.rows().order_by("pk").iterator(chunk_size=1000):
            yield thing.pk, self.stamp(thing)

    def visible(self, viewer: User, pks: Collection[int]) -> dict[int, Shown]:
        found = self.permitted(viewer).filter(pk__in=pks)
        return {thing.pk: self.shown(thing, tags) for thing, tags in with_tags(found)}

    def called(self, viewer: User, pks: Collection[int]) -> dict[int, Called]:
        found = self.permitted(viewer).filter(pk__in=pks)
        return {thing.pk: Called(self.title(thing), self.name, thing.get_absolute_url()) for thing in found}

    def shown(self, thing: Any, tags: tuple[str, ...]) -> Shown:
        return Shown(
            source=self.name,
            pk=thing.pk,
            kind=self.name,
            ref=getattr(thing, "ref", ""),
            title=self.title(thing),
            url=thing.get_absolute_url(),
            text=self.text(thing),
            language=guess_language(f"{self.title(thing)} {self.body(thing)}"),
            updated_on=timezone.localdate(thing.updated_at),
            tags=tags,
            owner=owner_of(thing),
            badge=self.badge(thing),
        )


def note_and(thing: Any, facts: Iterable[str]) -> str:
    return "\n".join(part for part in (thing.note, " · ".join(fact for fact in facts if fact)) if part)


def share_readers(things: Iterable[Any]) -> list[Any]:
    """The things with one audience for all that have the same: an import's thousands are everyone's alike."""
    found = list(things)
    ids = {thing.audience_id for thing in found if hasattr(thing, "audience_id")}
    audiences = Audience.objects.prefetch_related("departments", "people").in_bulk(ids)
    for thing in found if ids else ():
        thing.audience = audiences[thing.audience_id]
    return found


def with_tags(things: Iterable[Any]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Each thing with the names of its tags, all read at once."""
    found = list(things)
    names: dict[int, list[str]] = {}
    if found and hasattr(found[0], "tags"):
        kind = ContentType.objects.get_for_model(found[0])
        tagged = TaggedItem.objects.filter(content_type=kind, object_id__in=[thing.pk for thing in found])
        for pk, name in tagged.values_list("object_id", "tag__name"):
            names.setdefault(pk, []).append(name)
    for thing in found:
        yield thing, tuple(sorted(names.get(thing.pk, ())))


def owner_of(thing: Any) -> str | None:
    if not isinstance(thing, Deal):
        return None
    return str(thing.owner) if thing.owner else thing.owner_name or None


def badge_of(deal: Deal) -> Badge:
    """What became of a deal."""
    return BADGES.get(Result(deal.result)) or Badge(RESULTS[deal.result], "badge-draft", "")


def marks_of(deal: Deal) -> dict[str, tuple[str, ...]]:
    """What came of a deal, whom it was against, what it was about, who was in charge; what is not known is missing."""
    marks = {
        "result": deal.result,
        "competitor": deal.competitor_id,
        "product": deal.product_id,
        "owner": deal.owner_id,
    }
    return {name: (str(value),) for name, value in marks.items() if value}


def stamp_of(version: int, audience: int, readers: int, company: datetime | None) -> str:
    """What changes when anything does that a deal is found by."""
    return f"{version}.{audience}.{readers}.{company.isoformat() if company else ''}"


class Deals(CrmSource):
    """The source of deals."""

    name = "deal"
    label = _("Deal")
    offer = Offer.TITLE

    def rows(self) -> QuerySet[Deal]:
        return Deal.objects.select_related("company__industry", "product", "competitor", "owner")

    def stamps(self) -> Iterator[tuple[int, str]]:
        """Of thousands of deals, hence without making a deal of each."""
        fields = ("pk", "version", "audience_id", "audience__version", "company__updated_at")
        rows = Deal.objects.order_by("pk").values_list(*fields)
        for pk, version, audience, readers, company in rows.iterator(chunk_size=2000):
            yield pk, stamp_of(version, audience, readers, company)

    def permitted(self, viewer: User) -> QuerySet[Deal]:
        return self.rows().filter(pk__in=Deal.objects.visible_to(viewer).values("pk"))

    def facts(self, thing: Deal) -> tuple[str, ...]:
        """What a person would search a deal by: with whom, what, against whom, and by whom."""
        return (
            *((thing.company.name, str(thing.company.industry or "")) if thing.company else ()),
            str(thing.product or ""),
            str(thing.competitor or ""),
            owner_of(thing) or "",
            thing.owner_team,
            thing.region,
            thing.segment,
            thing.stage,
            str(RESULTS[thing.result]),
        )

    def text(self, thing: Deal) -> str:
        """Without what stands in the title, in the badge and in the line below."""
        said = {owner_of(thing), str(RESULTS[thing.result])}
        facts = (fact for fact in self.facts(thing) if fact not in said and fact not in thing.name)
        return note_and(thing, facts)

    def badge(self, thing: Deal) -> Badge:
        return badge_of(thing)

    def names(self, thing: Deal) -> tuple[str, ...]:
        return (thing.company.name,) if thing.company else ()

    def stamp(self, thing: Deal) -> str:
        company = thing.company.updated_at if thing.company else None
        return stamp_of(thing.version, thing.audience_id, thing.audience.version, company)

    def readers(self, thing: Deal) -> tuple[frozenset[str], ...]:
        return (tokens_of(thing.audience),)

    def marks(self, thing: Deal) -> dict[str, tuple[str, ...]]:
        return marks_of(thing)

    def choices(self) -> dict[str, dict[str, StrOrPromise]]:
        return {"result": dict(Result.choices)}


class Companies(CrmSource):
    """The source of companies."""

    name = "company"
    label = _("Company")

    def rows(self) -> QuerySet[Company]:
        return Company.objects.select_related("industry", "audience")

    def permitted(self, viewer: User) -> QuerySet[Company]:
        return self.rows().filter(pk__in=Company.objects.visible_to(viewer).values("pk"))

    def facts(self, thing: Company) -> tuple[str, ...]:
        return str(thing.industry or ""), thing.region

    def stamp(self, thing: Company) -> str:
        return f"{thing.updated_at.isoformat()}.{thing.audience_id}.{thing.audience.version}"

    def readers(self, thing: Company) -> tuple[frozenset[str], ...]:
        return (tokens_of(thing.audience),)


class NamedSource(CrmSource):
    """Competitors and products: that they exist is no secret inside the company."""

    def names(self, thing: Any) -> tuple[str, ...]:
        return tuple(near.text for near in thing.near_names.all())

    def permitted(self, viewer: User) -> QuerySet[Any]:
        return self.rows()

    def marks(self, thing: Any) -> dict[str, tuple[str, ...]]:
        """Its own: narrowing down to a competitor finds its page, too."""
        return {self.name: (str(thing.pk),)}


class Competitors(NamedSource):
    """The source of competitors."""

    name = "competitor"
    label = _("Competitor")

    def rows(self) -> QuerySet[Competitor]:
        return Competitor.objects.prefetch_related("near_names")


class Products(NamedSource):
    """The source of products."""

    name = "product"
    label = _("Product")

    def rows(self) -> QuerySet[Product]:
        return Product.objects.prefetch_related("near_names")
