"""The pages about retrospectives: who, what, form, action, answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deals.crm.actions import StaleDeal
from deals.crm.models import Deal
from deals.retros import actions, queries
from deals.retros.forms import QuoteForm, RetroForm
from deals.retros.models import Consent, Quote, Retro
from deals.retros.prefill import data_of_draft, initial_of
from kb.articles.models import Article
from kb.articles.queries import tag_names_in_use
from kb.market.models import Competitor

if TYPE_CHECKING:
    from kb.accounts.requests import SignedInRequest

ON_A_PAGE = 30


def is_fragment(request: SignedInRequest) -> bool:
    """Whether a page asks for a part of itself; otherwise somebody follows a link."""
    return "HX-Request" in request.headers


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Closed deals that nobody looked back on yet."""
    if not request.user.can_write:
        raise Http404
    page = Paginator(queries.waiting(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "total": page.paginator.count,
        "drafts": queries.drafts_among(request.user, page),
        "any_closed": Deal.objects.visible_to(request.user).closed().exists(),
    }
    return render(request, "retros/queue.html", context)


def writable(request: SignedInRequest, pk: int) -> tuple[Deal, Retro | None]:
    """The deal and what was written about it, if the viewer may write it; else neither exists."""
    if not request.user.can_write:
        raise Http404
    related = Deal.objects.visible_to(request.user).select_related("company", "competitor", "owner")
    deal = get_object_or_404(related, pk=pk)
    retro = queries.retro_for_reading(request.user).filter(pk=pk).first()
    if retro is None and Retro.objects.filter(pk=pk).exists():
        raise Http404
    return deal, retro


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The short form: begun from the deal, gone on with from a draft, or changed later."""
    deal, retro = writable(request, pk)
    if request.method == "POST":
        form = RetroForm(request.POST, user=request.user, deal=deal, retro=retro)
        return keep(request, form) if "later" in request.POST else send(request, form)
    draft = queries.draft_of(request.user, deal)
    if draft:
        form = RetroForm(data_of_draft(draft), user=request.user, deal=deal, retro=retro).resume()
    else:
        form = RetroForm(initial=initial_of(deal, retro), user=request.user, deal=deal, retro=retro)
    response = form_page(request, form)
    response.headers["Cache-Control"] = "no-store"
    return response


def form_page(
    request: SignedInRequest, form: RetroForm, *, stale: Retro | Deal | None = None, status: int = 200
) -> HttpResponse:
    """The form; `stale` is what somebody else saved meanwhile. Sending it again then means: mine, knowing theirs."""
    theirs = queries.retro_for_reading(request.user).filter(pk=form.deal.pk).first() if stale else None
    context = {
        "form": form,
        "deal": form.deal,
        "retro": form.retro,
        "draft": queries.draft_of(request.user, form.deal),
        "stale": stale,
        "theirs": theirs,
        "why": queries.why(theirs.ratings.all()) if theirs else None,
        "versions": (form.retro.version if form.retro else 0, form.deal.version) if stale else None,
        "competitors": Competitor.objects.values_list("name", flat=True),
        "words": tag_names_in_use(request.user),
    }
    return render(request, "retros/form.html", context, status=status)


def send(request: SignedInRequest, form: RetroForm) -> HttpResponse:
    """Send what was posted; what cannot be sent is kept as a draft, and the form says why."""
    if not form.is_valid():
        keep_draft(request, form)
        return form_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        retro = actions.submit_retro(
            by=request.user,
            deal=form.deal,
            content=form.content(),
            base_version=form.cleaned_data["base_version"] or 0,
            deal_version=form.cleaned_data["deal_version"] or 0,
        )
    except (actions.StaleRetro, StaleDeal) as stale:
        keep_draft(request, form)
        current = stale.retro if isinstance(stale, actions.StaleRetro) else stale.deal
        return form_page(request, form, stale=current, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The retrospective is sent. Any word in it leads the next person here."))
    return redirect(retro)


def keep_draft(request: SignedInRequest, form: RetroForm) -> None:
    """Keep what was typed, with the versions it was begun from."""
    versions = [request.POST.get(name, "") for name in ("base_version", "deal_version")]
    base, deal = (int(text) if text.isdecimal() and len(text) < len("1000000000") else 0 for text in versions)
    actions.keep_retro_draft(
        by=request.user, deal=form.deal, fields=form.for_draft(), base_version=base, deal_version=deal
    )


def keep(request: SignedInRequest, form: RetroForm) -> HttpResponse:
    keep_draft(request, form)
    messages.success(request, _("Kept. Go on whenever you like; the draft waits in the list."))
    return redirect("retros:queue")


@require_POST
def autosave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what is being written; answers when it was kept."""
    deal, retro = writable(request, pk)
    keep_draft(request, RetroForm(request.POST, user=request.user, deal=deal, retro=retro))
    return render(request, "retros/_kept.html", {"draft": queries.draft_of(request.user, deal)})


@require_POST
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    deal, _retro = writable(request, pk)
    actions.drop_retro_draft(by=request.user, deal=deal)
    messages.success(request, _("The draft is gone."))
    return redirect(deal)


@require_safe
def panel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why the deal went as it did: a fragment of its page, and a page by itself where there is no script."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=pk)
    retro = queries.retro_for_reading(request.user).filter(pk=pk).first()
    context = {
        "deal": deal,
        "retro": retro,
        "why": queries.why(retro.ratings.all()) if retro else None,
        "articles": Article.objects.visible_to(request.user).filter(retros=retro) if retro else (),
        "hidden": retro is None and Retro.objects.filter(pk=pk).exists(),
        "draft": queries.draft_of(request.user, deal),
        "consents": Consent.choices,
        "quote_form": QuoteForm(),
    }
    return render(request, "retros/_panel.html" if is_fragment(request) else "retros/retro.html", context)


def written(request: SignedInRequest, pk: int) -> Retro:
    """The retrospective, if the viewer may add to it; else it does not exist."""
    retro = writable(request, pk)[1]
    if retro is None:
        raise Http404
    return retro


@require_POST
def add_quote(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep more of the customer's words."""
    retro, form = written(request, pk), QuoteForm(request.POST)
    if not form.is_valid():
        return quote_page(request, retro, form)
    actions.add_quote(by=request.user, retro=retro, **form.cleaned_data)
    messages.success(request, _("The customer's words are kept."))
    return redirect(retro)


@require_POST
def consent(request: SignedInRequest, pk: int, quote: int) -> HttpResponse:
    """Write down how far a customer's words may go."""
    retro = written(request, pk)
    found = get_object_or_404(Quote.objects.select_related("retro"), pk=quote, retro=retro)
    form = QuoteForm(request.POST, quote=found)
    if not form.is_valid():
        return quote_page(request, retro, form, quote=found)
    actions.set_consent(by=request.user, quote=found, **form.cleaned_data)
    messages.success(request, _("The consent is written down."))
    return redirect(retro)


def quote_page(
    request: SignedInRequest, retro: Retro, form: QuoteForm, *, quote: Quote | None = None
) -> HttpResponse:
    """The small form by itself, with what was typed and what is wrong."""
    context = {"retro": retro, "deal": retro.deal, "form": form, "quote": quote}
    return render(request, "retros/quote.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_safe
def used_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """The deals in which a page was used: a fragment of its page, and a page by itself where there is no script."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    context = {"article": article, "deals": queries.used_in(article, request.user)}
    return render(request, "retros/_used_in.html" if is_fragment(request) else "retros/used_in.html", context)


@require_safe
def losses(request: SignedInRequest, pk: int) -> HttpResponse:
    """The latest losses to a competitor, in the buyer's words: a fragment of the competitor's page."""
    competitor = get_object_or_404(Competitor, pk=pk)
    if not is_fragment(request):
        return redirect(competitor)
    context = {"competitor": competitor, "losses": queries.losses_to(competitor, request.user)}
    return render(request, "retros/_losses.html", context)
