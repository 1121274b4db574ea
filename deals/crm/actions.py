"""Every write to deals and companies: one transaction each, its audit entry and its place in the index queue inside."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from deals.crm.models import Company, Deal, LostTo, NoDecisionReason, Result, WonAgainst
from kb.access.actions import Readers, set_audience
from kb.access.models import Audience
from kb.audit.actions import record, record_all
from kb.market import actions as market
from kb.market.models import Competitor, Industry, Product
from kb.search.index import request_change, request_changes
from kb.text import fold, nfkc, tag_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.accounts.models import User

EVERYONE = Readers(everyone=True)


class NotAllowed(PermissionError):
    """The person may not do this to this thing."""


class StaleDeal(RuntimeError):
    """The deal was saved by somebody else since it was opened; `deal` is how it stands now."""

    def __init__(self, deal: Deal) -> None:
        super().__init__(f"deal {deal.pk} is at version {deal.version}")
        self.deal = deal


class LockedOut(ValueError):
    """The audience asked for does not include the person who sets it."""


@dataclass(frozen=True, kw_only=True)
class DealContent:
    """What a save writes. `readers` none: as it stands, everyone for a new deal."""

    name: str
    company: Company | None = None
    product: Product | None = None
    owner: User | None = None
    owner_name: str = ""
    owner_team: str = ""
    region: str = ""
    segment: str = ""
    stage: str = ""
    stage_lost: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    result: str = Result.OPEN
    lost_to: str = ""
    won_against: str = ""
    no_decision_reason: str = ""
    competitor: Competitor | None = None
    note: str = ""
    tags: Sequence[str] = ()
    readers: Readers | None = None
    ref: str = ""
    import_digest: str = ""


WRITTEN = tuple(
    field.name
    for field in fields(DealContent)
    if field.name
    not in (
        "tags",
        "readers",
        "ref",
        "import_digest",
        "currency",
        "lost_to",
        "won_against",
        "no_decision_reason",
    )
)


@transaction.atomic
def save_deal(*, by: User, content: DealContent, deal: Deal | None = None, base_version: int = 0) -> Deal:
    """Save a deal as its next version; what belongs to another outcome is taken away.

    Raises:
        NotAllowed: `by` is a reader, or may not see the deal.
        StaleDeal: somebody saved since `base_version`.
        LockedOut: `by` would not be among the readers.
    """
    if not by.can_write:
        raise NotAllowed
    deal = _locked(deal, by=by, base_version=base_version) if deal else Deal()
    fill(deal, content)
    deal.audience = _audience(deal, content.readers, by=by)
    deal.version += 1
    deal.updated_at, deal.updated_by = timezone.now(), by
    deal.save()
    deal.tags.set(tag_names(content.tags))
    verb = "deal.created" if deal.version == 1 else "deal.saved"
    record(by=by, verb=verb, target=deal, detail={"version": deal.version, "result": deal.result})
    request_change("deal", deal.pk)
    return deal


def fill(deal: Deal, content: DealContent) -> None:
    """Put the content into the row, each outcome with its own second field only."""
    for name in WRITTEN:
        setattr(deal, name, getattr(content, name))
    deal.currency = content.currency or deal.currency or settings.CURRENCY
    lost = content.result == Result.LOST
    deal.lost_to = (content.lost_to or LostTo.NOT_KNOWN) if lost else ""
    won = content.result == Result.WON
    deal.won_against = WonAgainst(content.won_against) if won and content.won_against else ""
    dropped = content.result == Result.NO_DECISION
    deal.no_decision_reason = (
        NoDecisionReason(content.no_decision_reason) if dropped and content.no_decision_reason else ""
    )
    if content.ref:
        deal.ref, deal.import_digest = content.ref, content.import_digest


def _locked(deal: Deal, *, by: User, base_version: int) -> Deal:
    current = Deal.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=deal.pk).first()
    if current is None:
        raise NotAllowed
    if current.version != base_version:
        raise StaleDeal(current)
    return current


def _audience(thing: Deal | Company, readers: Readers | None, *, by: User) -> Audience:
    """The audience asked for, or the one it has; everyone's, shared by all that are open, for a new thing."""
    if readers is None:
        return thing.audience if thing.audience_id else open_audience()
    if readers.everyone:
        return open_audience()
    own = thing.audience if thing.audience_id and not thing.audience.everyone else None
    audience = set_audience(own, departments=readers.departments, people=readers.people)
    if not Audience.objects.open_to(by).filter(pk=audience.pk).exists():
        raise LockedOut
    return audience


def open_audience() -> Audience:
    """The one audience of everyone that deals and companies share; an import of thousands needs no more."""
    shared = Deal.objects.filter(audience__everyone=True).select_related("audience").order_by("pk").first()
    company = (
        None if shared else Company.objects.filter(audience__everyone=True).select_related("audience").first()
    )
    found = shared or company
    return found.audience if found else set_audience(None, everyone=True)


@transaction.atomic
def save_company(
    *,
    by: User,
    name: str,
    industry: Industry | None = None,
    region: str = "",
    employees: int | None = None,
    note: str = "",
    readers: Readers | None = None,
    company: Company | None = None,
) -> Company:
    """Make or change a company.

    Raises:
        NotAllowed: `by` is a reader, or may not see the company.
        market.NameTaken: another company has this name.
    """
    if not by.can_write or (company and not Company.objects.visible_to(by).filter(pk=company.pk).exists()):
        raise NotAllowed
    company = company or Company()
    company.name, company.folded = " ".join(nfkc(name).split())[:200], fold(name)
    company.industry, company.region, company.employees, company.note = industry, region, employees, note
    company.audience = _audience(company, readers, by=by)
    company.save()
    record(by=by, verb="company.saved", target=company)
    request_change("company", company.pk)
    for pk in company.deals.values_list("pk", flat=True):
        request_change("deal", pk)
    return company


def ensure_company(text: str, *, by: User, industry: Industry | None = None, region: str = "") -> Company:
    """The company that is called so, made when there is none."""
    found = Company.objects.filter(folded=fold(text)).first()
    return found or save_company(by=by, name=text, industry=industry, region=region)


@transaction.atomic
def save_competitor(
    *,
    by: User,
    name: str,
    near_names: Sequence[str] = (),
    note: str = "",
    website: str = "",
    competitor: Competitor | None = None,
) -> Competitor:
    """Make or change a competitor, and have it found by its new names. Raises market.NameTaken, market.NotAllowed."""
    saved = market.save_named(
        Competitor, by=by, name=name, near_names=near_names, note=note, thing=competitor, website=website
    )
    request_change("competitor", saved.pk)
    return saved


@transaction.atomic
def save_product(
    *,
    by: User,
    name: str,
    near_names: Sequence[str] = (),
    note: str = "",
    retired: bool = False,
    product: Product | None = None,
) -> Product:
    """Make or change a product, and have it found by its new names. Raises market.NameTaken, market.NotAllowed."""
    saved = market.save_named(
        Product, by=by, name=name, near_names=near_names, note=note, thing=product, retired=retired
    )
    request_change("product", saved.pk)
    return saved


# ------------------------------------------------------------------ many at once
@dataclass(frozen=True, kw_only=True)
class IncomingDeal:
    """One deal of an import: what to write, whole, and the deal it changes as that was read, if there is one."""

    content: DealContent
    deal: Deal | None = None


@transaction.atomic
def import_deals(*, by: User, incoming: Sequence[IncomingDeal]) -> list[Deal | None]:
    """Save many deals at once, in order; none in place of one that somebody saved or made since it was read.

    Raises:
        NotAllowed: `by` is a reader.
    """
    if not by.can_write:
        raise NotAllowed
    known = [one.deal.pk for one in incoming if one.deal]
    rows = Deal.objects.visible_to(by).select_for_update(of=("self",)).filter(pk__in=known)
    current = {deal.pk: deal for deal in rows}
    new_refs = [one.content.ref for one in incoming if not one.deal and one.content.ref]
    taken = set(Deal.objects.filter(ref__in=new_refs).values_list("ref", flat=True))
    everyone, now = open_audience(), timezone.now()
    saved: list[Deal | None] = []
    for one in incoming:
        deal = current.get(one.deal.pk) if one.deal else Deal(audience=everyone)
        if (one.deal and (deal is None or deal.version != one.deal.version)) or (
            not one.deal and one.content.ref in taken
        ):
            deal = None
        if deal is not None:
            fill(deal, one.content)
            deal.version += 1
            deal.updated_at, deal.updated_by = now, by
        saved.append(deal)
    _keep_imported(saved, incoming, by=by)
    return saved


def _keep_imported(saved: Sequence[Deal | None], incoming: Sequence[IncomingDeal], *, by: User) -> None:
    """Write the rows, their tags, their entries in the record, and their place in the index queue."""
    new = [deal for deal in saved if deal is not None and deal.version == 1]
    changed = [deal for deal in saved if deal is not None and deal.version > 1]
    Deal.objects.bulk_create(new, batch_size=200)
    for deal in changed:
        deal.save()
    for row, one in zip(saved, incoming, strict=True):
        if row is not None and one.content.tags:
            row.tags.add(*tag_names(one.content.tags))
    for verb, deals in (("deal.created", new), ("deal.saved", changed)):
        details = [{"version": deal.version, "result": deal.result, "imported": deal.ref} for deal in deals]
        record_all(by=by, verb=verb, targets=deals, details=details)
    request_changes("deal", [deal.pk for deal in new], new=True)
    request_changes("deal", [deal.pk for deal in changed])


@dataclass(frozen=True, kw_only=True)
class NewCompany:
    """A company as an import names it."""

    name: str
    industry: Industry | None = None
    region: str = ""
    employees: int | None = None


@transaction.atomic
def import_companies(*, by: User, companies: Sequence[NewCompany]) -> list[Company]:
    """Make companies that are not there yet, for everyone; returns them in order.

    Raises:
        NotAllowed: `by` is a reader.
    """
    if not by.can_write:
        raise NotAllowed
    everyone = open_audience()
    made = [
        Company(
            name=one.name,
            folded=fold(one.name),
            industry=one.industry,
            region=one.region,
            employees=one.employees,
            audience=everyone,
        )
        for one in companies
    ]
    Company.objects.bulk_create(made, batch_size=200)
    record_all(by=by, verb="company.saved", targets=made, details=[{}] * len(made))
    request_changes("company", [company.pk for company in made], new=True)
    return made
