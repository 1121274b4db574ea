"""The pages of the analysis: who, what is asked, what is counted, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deals.analysis import exports, panels, queries
from deals.analysis.filters import Asked, Behind
from deals.analysis.groups import Tally
from deals.analysis.narrowing import behind_words
from deals.analysis.page import page as page_of
from deals.crm.queries import listed, standing
from kb.market.models import Competitor, Product

if TYPE_CHECKING:
    from kb.accounts.requests import SignedInRequest

ON_A_PAGE = 30


@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """Wins and losses among the deals one may see; before there is one, what to do first."""
    asked = Asked.from_query(request.GET)
    context = page_of(request.user, asked, timezone.localdate())
    first_day = not asked.filters and context["total"].tally == Tally()
    return render(request, "analysis/empty.html" if first_day else "analysis/page.html", context)


@require_safe
def deals(request: SignedInRequest) -> HttpResponse:
    """The deals behind a number that the list of deals cannot say."""
    asked, behind = Asked.from_query(request.GET), Behind.from_query(request.GET)
    found = queries.behind(queries.deals_of(request.user, asked.filters), behind, request.user)
    shown = listed(found, request.user).order_by("-closed_on", "-opened_on", "-pk")
    listing = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": listing,
        "standing": standing(found),
        "words": behind_words(asked, behind, queries.called(asked, request.user), queries.tree()),
        "back": asked.query(),
    }
    return render(request, "analysis/deals.html", context)


@require_safe
def head_to_head(request: SignedInRequest, pk: int) -> HttpResponse:
    """How it went against one competitor: a fragment of its page, and a page by itself where there is no script."""
    competitor = get_object_or_404(Competitor, pk=pk)
    return panel(request, competitor, panels.head_to_head(request.user, competitor))


@require_safe
def product(request: SignedInRequest, pk: int) -> HttpResponse:
    """How it went with one product, likewise."""
    found = get_object_or_404(Product, pk=pk)
    return panel(request, found, panels.of_product(request.user, found))


def panel(request: SignedInRequest, thing: Competitor | Product, shown: panels.Panel) -> HttpResponse:
    template = "analysis/_panel.html" if "HX-Request" in request.headers else "analysis/panel.html"
    return render(request, template, {"thing": thing, "panel": shown, "floor": settings.SMALL_N})


@require_safe
def export_csv(request: SignedInRequest) -> HttpResponse:
    """The groups asked for as CSV that spreadsheets open in any language."""
    return download(request, exports.as_csv, "text/csv; charset=utf-8", "csv")


@require_safe
def export_xlsx(request: SignedInRequest) -> HttpResponse:
    """The same as a workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(request, exports.as_xlsx, kind, "xlsx")


def download(request: SignedInRequest, write: exports.Writer, kind: str, ending: str) -> HttpResponse:
    asked = Asked.from_query(request.GET)
    found = queries.groups_of(queries.deals_of(request.user, asked.filters), asked)
    name = f"analysis-{asked.by.value}-{timezone.localdate().isoformat()}.{ending}"
    return HttpResponse(
        write(asked, found),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
