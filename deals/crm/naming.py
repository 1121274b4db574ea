"""Names in a file and the companies, products, competitors, industries and people they are here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deals.crm.actions import NewCompany, import_companies, save_company, save_competitor, save_product
from deals.crm.models import Company, Deal
from deals.crm.sheets.records import SourceDeal
from deals.crm.sheets.spelling import key_of
from kb.accounts.models import User
from kb.market.actions import ensure
from kb.market.models import Competitor, Industry, Product
from kb.market.queries import named
from kb.text import fold

# Words that deals share; an import keeps to the spelling that is here already.
WORDS = ("owner_team", "region", "segment", "stage", "stage_lost")


def names_known(by: User) -> dict[str, dict[str, str]]:
    """For each field the names that are here, by their key, as far as `by` may see them."""
    deals = Deal.objects.visible_to(by).order_by()
    known = {
        name: _by_key(deals.exclude(**{name: ""}).values_list(name, flat=True).distinct()) for name in WORDS
    }
    owners = deals.exclude(owner_name="").values_list("owner_name", flat=True).distinct()
    known["owner"] = _by_key((*User.objects.values_list("display_name", flat=True), *owners))
    companies = Company.objects.visible_to(by)
    known["company"] = _by_key(companies.values_list("name", flat=True))
    known["company_region"] = _by_key(
        companies.order_by().exclude(region="").values_list("region", flat=True).distinct()
    )
    for name, kind in (("product", Product), ("competitor", Competitor), ("industry", Industry)):
        known[name] = {key_of(spelling): thing for spelling, thing in _spellings(kind)}
    return known


def _by_key(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(key_of(name), name)
    return found


def _spellings(kind: type[Product | Competitor | Industry]) -> list[tuple[str, str]]:
    """Every spelling of a kind of thing with its name, near-names first, so that a name itself stands."""
    things = kind.objects.prefetch_related("near_names")
    near = [(other.text, thing.name) for thing in things for other in thing.near_names.all()]
    return [*near, *((thing.name, thing.name) for thing in things)]


class Things:
    """Finds what a batch of deals names, and makes what is not here yet. Asked anew for each batch."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.companies: dict[str, Company] = {}
        self.industries: dict[str, Industry] = {}
        self.products: dict[str, Product] = {}
        self.competitors: dict[str, Competitor] = {}
        self.people = self._people()

    def _people(self) -> dict[str, User]:
        people: dict[str, User] = {}
        for user in User.objects.filter(is_active=True).order_by("-pk"):
            for name in (user.email, user.username, user.display_name):
                if name:
                    people[key_of(name)] = user
        return people

    def gather(self, deals: Sequence[SourceDeal]) -> None:
        """Have everything that these deals name."""
        for name in {deal.product for deal in deals} - {""} - set(self.products):
            found = named(Product, name)
            self.products[name] = found or save_product(by=self.by, name=name)
        for name in {deal.competitor for deal in deals} - {""} - set(self.competitors):
            met = named(Competitor, name)
            self.competitors[name] = met or save_competitor(by=self.by, name=name)
        for name in {deal.industry for deal in deals} - {""} - set(self.industries):
            self.industries[name] = ensure(Industry, name, by=self.by)
        self._gather_companies(deals)

    def _gather_companies(self, deals: Sequence[SourceDeal]) -> None:
        wanted: dict[str, SourceDeal] = {}
        for deal in deals:
            if deal.company and deal.company not in self.companies:
                wanted.setdefault(deal.company, deal)
        folds = {fold(name): name for name in wanted}
        for company in Company.objects.filter(folded__in=folds).select_related("industry"):
            name = folds[company.folded]
            self.companies[name] = company
            self._complete(company, wanted[name])
        missing = {fold(name): name for name in wanted if name not in self.companies}
        made = import_companies(
            by=self.by, companies=[self._new_company(wanted[name]) for name in missing.values()]
        )
        self.companies.update(zip(missing.values(), made, strict=True))
        for name in wanted:
            self.companies.setdefault(name, self.companies[missing.get(fold(name), name)])

    def _new_company(self, deal: SourceDeal) -> NewCompany:
        return NewCompany(
            name=deal.company,
            industry=self.industries.get(deal.industry),
            region=deal.company_region,
            employees=deal.employees,
        )

    def _complete(self, company: Company, deal: SourceDeal) -> None:
        """Fill in what is not known of a company yet; what is known stays."""
        industry = company.industry or self.industries.get(deal.industry)
        region = company.region or deal.company_region
        employees = company.employees or deal.employees
        if (industry, region, employees) == (company.industry, company.region, company.employees):
            return
        if Company.objects.visible_to(self.by).filter(pk=company.pk).exists():
            save_company(
                by=self.by,
                company=company,
                name=company.name,
                industry=industry,
                region=region,
                employees=employees,
                note=company.note,
            )

    def person(self, name: str) -> User | None:
        """Whose account a name is, by display name, user name or mail address."""
        return self.people.get(key_of(name)) if name else None
