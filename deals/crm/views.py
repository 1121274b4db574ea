"""The pages about deals, companies, competitors and products: who, what, form, action, answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deals.crm import actions, queries
from deals.crm.forms import (
    CompanyForm,
    CompetitorForm,
    DealForm,
    NamedForm,
    ProductForm,
    initial_of,
    initial_of_named,
)
from deals.crm.models import Company, Deal
from kb.market.models import Competitor, Industry, Product

if TYPE_CHECKING:
    from deals.crm.models import DealQuerySet
    from kb.accounts.requests import SignedInRequest

ON_A_PAGE = 30
LATEST = 8
FILTERS = ("result", "product", "competitor", "industry", "region", "segment", "owner_team")
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def page_of(request: SignedInRequest, deals: DealQuerySet) -> dict[str, object]:
    page = Paginator(queries.listed(deals, request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "total": page.paginator.count}


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Deals one may see, by the filters in the address."""
    filters = queries.Filters.from_query(request.GET)
    visible = Deal.objects.visible_to(request.user)
    deals = filters.narrow(visible, viewer=request.user)
    context = {
        **page_of(request, deals),
        "filters": filters,
        "standing": queries.standing(deals),
        "choices": [(name, queries.choices_of(filters, request.user, name)) for name in FILTERS],
        "retro_choices": queries.retro_choices(filters, request.user),
        "kept": parse_qsl(filters.query(q="")),
        "any_deal": visible.exists(),
    }
    return render(request, "crm/list.html", context)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    deal = get_object_or_404(queries.deal_for_reading(request.user), pk=pk)
    context = {"deal": deal, "similar": queries.similar_to(deal, request.user)}
    return render(request, "crm/detail.html", context)


def writers_only(request: SignedInRequest) -> None:
    if not request.user.can_write:
        raise Http404


@get_or_post
def new(request: SignedInRequest) -> HttpResponse:
    writers_only(request)
    if request.method == "POST":
        return save(request, DealForm(request.POST, user=request.user), None)
    return form_page(request, DealForm(user=request.user, initial={"owner": request.user}), None)


@get_or_post
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    writers_only(request)
    deal = get_object_or_404(queries.deal_for_reading(request.user), pk=pk)
    initial = initial_of(deal)
    if request.method == "POST":
        return save(request, DealForm(request.POST, user=request.user, initial=initial), deal)
    return form_page(request, DealForm(user=request.user, initial=initial), deal)


def form_page(
    request: SignedInRequest,
    form: DealForm,
    deal: Deal | None,
    *,
    stale: Deal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form, with the names known so far on offer; `stale` is how the deal stands where somebody was faster."""
    context = {
        "form": form,
        "deal": deal,
        "stale": stale,
        "companies": Company.objects.visible_to(request.user).values_list("name", flat=True)[:500],
        "competitors": Competitor.objects.values_list("name", flat=True),
        "products": Product.objects.filter(retired=False).values_list("name", flat=True),
    }
    return render(request, "crm/deal_form.html", context, status=status)


def save(request: SignedInRequest, form: DealForm, deal: Deal | None) -> HttpResponse:
    """Save what was posted; the names it brings are made in the same transaction."""
    if not form.is_valid():
        return form_page(request, form, deal, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    base_version = form.cleaned_data["base_version"] or 0
    try:
        with transaction.atomic():
            saved = actions.save_deal(
                by=request.user, content=form.content(), deal=deal, base_version=base_version
            )
    except actions.StaleDeal as stale:
        return form_page(request, form, deal, stale=stale.deal, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The deal is saved."))
    return redirect(saved)


@require_safe
def company(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Company.objects.visible_to(request.user).select_related("industry"), pk=pk)
    deals = Deal.objects.visible_to(request.user).filter(company=found)
    context = {"company": found, **page_of(request, deals), "standing": queries.standing(deals)}
    return render(request, "crm/company.html", context)


@get_or_post
def company_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    writers_only(request)
    found = get_object_or_404(Company.objects.visible_to(request.user).select_related("industry"), pk=pk)
    initial = {name: getattr(found, name) for name in ("name", "region", "employees", "note")}
    initial["industry"] = found.industry.name if found.industry else ""
    form = CompanyForm(request.POST or None, user=request.user, company=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            actions.save_company(by=request.user, company=found, **form.values())
        messages.success(request, _("The company is saved."))
        return redirect(found)
    context = {"form": form, "thing": found, "industries": Industry.objects.values_list("name", flat=True)}
    return render(request, "crm/named_form.html", context, status=422 if form.is_bound else 200)


@require_safe
def competitors(request: SignedInRequest) -> HttpResponse:
    return render(
        request, "crm/competitors.html", {"competitors": queries.competitors_with_counts(request.user)}
    )


@require_safe
def competitor(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page before a call: what to say, how it went so far, what is new; upper rooms add their parts by fragments."""
    found = get_object_or_404(Competitor.objects.prefetch_related("near_names"), pk=pk)
    deals = Deal.objects.visible_to(request.user).filter(competitor=found)
    context = {
        "competitor": found,
        "standing": queries.standing(deals),
        "deals": queries.listed(deals, request.user)[:LATEST],
        "pages": queries.pages_about(found, request.user),
    }
    return render(request, "crm/competitor.html", context)


@require_safe
def products(request: SignedInRequest) -> HttpResponse:
    return render(request, "crm/products.html", {"products": queries.products_with_counts(request.user)})


@require_safe
def product(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Product.objects.prefetch_related("near_names"), pk=pk)
    deals = Deal.objects.visible_to(request.user).filter(product=found)
    context = {
        "product": found,
        "standing": queries.standing(deals),
        "deals": queries.listed(deals, request.user)[:LATEST],
    }
    return render(request, "crm/product.html", context)


@get_or_post
def competitor_new(request: SignedInRequest) -> HttpResponse:
    return named_page(request, CompetitorForm)


@get_or_post
def competitor_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return named_page(request, CompetitorForm, get_object_or_404(Competitor, pk=pk))


@get_or_post
def product_new(request: SignedInRequest) -> HttpResponse:
    return named_page(request, ProductForm)


@get_or_post
def product_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return named_page(request, ProductForm, get_object_or_404(Product, pk=pk))


def named_page(
    request: SignedInRequest, form_of: type[NamedForm], thing: Competitor | Product | None = None
) -> HttpResponse:
    """The form of a competitor or a product, and its saving."""
    writers_only(request)
    initial = initial_of_named(thing) if thing else None
    form = form_of(request.POST or None, thing=thing, initial=initial)
    if form.is_bound and form.is_valid():
        saved = save_named(request, form, thing)
        messages.success(request, _("Saved."))
        return redirect(saved)
    context = {"form": form, "thing": thing, "of_competitors": isinstance(form, CompetitorForm)}
    return render(request, "crm/named_form.html", context, status=422 if form.is_bound else 200)


def save_named(request: SignedInRequest, form: NamedForm, thing: Any) -> Competitor | Product:
    if isinstance(form, CompetitorForm):
        return actions.save_competitor(by=request.user, competitor=thing, **form.cleaned_data)
    return actions.save_product(by=request.user, product=thing, **form.cleaned_data)
