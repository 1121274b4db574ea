"""The pages of the glossary: who, what, form, action, answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.glossary import actions, queries
from kb.glossary.forms import TermForm, initial_of, with_another_form
from kb.glossary.models import FORM_LENGTH, Status, Term
from kb.text import fold

if TYPE_CHECKING:
    from kb.accounts.requests import SignedInRequest

ON_A_PAGE = 60
IN_FULL = ("aliases", "audience__departments", "audience__people")


@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """All terms one may see: by row, by letter, by state, or with some characters in them."""
    filters = queries.Filters.from_query(request.GET)
    visible = Term.objects.visible_to(request.user)
    found = filters.narrow(visible)
    page = Paginator(found.select_related("scope"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "tabs": queries.tabs_of(visible, filters),
        "letters": queries.letters_of(visible, filters),
        "statuses": queries.statuses_of(visible, filters),
        "page": page,
        "total": visible.count(),
        "found": page.paginator.count,
    }
    return render(request, "glossary/index.html", context)


@require_safe
def term(request: SignedInRequest, form: str) -> HttpResponse:
    """What a word means; all its meanings where it has several. Other forms lead to the preferred one."""
    terms = queries.nearest(form, viewer=request.user) if len(form) <= FORM_LENGTH else []
    if not terms:
        context = {"form": form, "can_add": request.user.can_write and len(form) <= FORM_LENGTH}
        return render(request, "glossary/unknown.html", context, status=HTTPStatus.NOT_FOUND)
    if len(terms) == 1 and fold(form) != terms[0].folded:
        return redirect(terms[0])
    asked = [one for one in terms if str(one.pk) == request.GET.get("term")]
    one = asked[0] if asked else terms[0]
    if len(terms) > 1 and not asked:
        return render(request, "glossary/meanings.html", {"form": form, "terms": terms})
    context = {
        "term": one,
        "row_url": f"{reverse('glossary:index')}?row={one.kana_row}",
        "others": [other for other in terms if other != one],
        "can_edit": request.user.can_write,
        "can_approve": request.user.can_edit,
        "can_delete": actions.may_delete(request.user, one),
    }
    return render(request, "glossary/term.html", context)


@require_safe
def card(request: SignedInRequest, numbers: list[int]) -> HttpResponse:
    """The inside of the card that opens beside a word in a text."""
    visible = Term.objects.visible_to(request.user).filter(pk__in=numbers).select_related("scope")
    terms = sorted(visible, key=lambda one: numbers.index(one.pk))
    if not terms:
        raise Http404
    return render(request, "glossary/_card.html", {"terms": terms})


def writable(request: SignedInRequest, pk: int) -> Term:
    """The term, if the viewer may change it; else it does not exist."""
    if not request.user.can_write:
        raise Http404
    return get_object_or_404(Term.objects.visible_to(request.user).prefetch_related(*IN_FULL), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    if not request.user.can_write:
        raise Http404
    if request.method == "POST":
        return save(request, None)
    initial = {"preferred": request.GET.get("preferred", "")[:FORM_LENGTH]}
    return editor(request, TermForm(initial=initial, user=request.user), None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    known = writable(request, pk)
    if request.method == "POST":
        return save(request, known)
    initial = with_another_form(initial_of(known), request.GET.get("alias", ""))
    return editor(request, TermForm(initial=initial, user=request.user), known)


def editor(
    request: SignedInRequest,
    form: TermForm,
    known: Term | None,
    *,
    status: int = HTTPStatus.OK,
    **shown: object,
) -> HttpResponse:
    context = {"form": form, "term": known, **shown}
    return render(request, "glossary/form.html", context, status=status)


def save(request: SignedInRequest, known: Term | None) -> HttpResponse:
    """Save what was posted, or show it again with what is wrong with it."""
    form = TermForm(request.POST, user=request.user)
    if not form.is_valid():
        return editor(request, form, known, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        saved = actions.save_term(
            by=request.user,
            content=form.content(),
            term=known,
            base_version=form.cleaned_data["base_version"],
            another_meaning=form.cleaned_data["another_meaning"],
        )
    except actions.StaleTerm as stale:
        return stale_editor(request, form, stale.term)
    except actions.NotAllowed as error:
        raise Http404 from error
    except actions.SameForm as same:
        form.offer_another_meaning()
        return editor(request, form, known, status=HTTPStatus.CONFLICT, same=same.term)
    return redirect(queries.address_of_one(saved, viewer=request.user))


def stale_editor(request: SignedInRequest, form: TermForm, now: Term) -> HttpResponse:
    """Somebody else saved first: what was typed stays, what they wrote stands beside it, and saving again is a decision."""
    theirs = queries.differences(initial_of(now), form)
    typed = request.POST.copy()
    typed["base_version"] = str(now.version)
    return editor(request, TermForm(typed, user=request.user), now, status=HTTPStatus.CONFLICT, theirs=theirs)


@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was changed, by whom and when."""
    known = get_object_or_404(Term.objects.visible_to(request.user), pk=pk)
    return render(request, "glossary/history.html", {"term": known, "entries": queries.history(known)})


@require_POST
def status(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve, retire or bar a term."""
    known = writable(request, pk)
    wanted = request.POST.get("status", "")
    if not request.user.can_edit or wanted not in Status.values:
        raise Http404
    actions.set_status(by=request.user, term=known, status=wanted)
    return redirect(queries.address_of_one(known, viewer=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then take the term away."""
    known = writable(request, pk)
    if not actions.may_delete(request.user, known):
        raise Http404
    if request.method != "POST":
        return render(request, "glossary/delete.html", {"term": known})
    actions.delete_term(by=request.user, term=known)
    return redirect("glossary:deleted", pk)


@require_safe
def all_deleted(request: SignedInRequest) -> HttpResponse:
    """The terms that can be put back, the latest first."""
    if not request.user.can_write:
        raise Http404
    gone = Term.objects.deleted_for(request.user).order_by("-deleted_at", "-pk")
    page = Paginator(gone, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "glossary/all_deleted.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def deleted(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a term is gone, and put it back."""
    if not request.user.can_write:
        raise Http404
    gone = get_object_or_404(Term.objects.deleted_for(request.user), pk=pk)
    if request.method != "POST":
        return render(request, "glossary/deleted.html", {"term": gone})
    try:
        actions.restore_term(by=request.user, term=gone)
    except actions.SameForm:
        refusal = _("Somebody added the same word meanwhile. Change that entry, then put this one back.")
        return render(
            request, "glossary/deleted.html", {"term": gone, "refusal": refusal}, status=HTTPStatus.CONFLICT
        )
    return redirect(queries.address_of_one(gone, viewer=request.user))
