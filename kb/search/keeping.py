"""What a page tells while it is used, and what people keep of their searches: opened, read, saved, forgotten."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kb.search import actions
from kb.search.models import SavedSearch, SearchLog
from kb.search.slips import SavedSearchForm, key_of

if TYPE_CHECKING:
    from kb.accounts.requests import SignedInRequest

FURTHEST = 10_000


@require_POST
def opened(request: SignedInRequest, pk: int) -> HttpResponse:
    """Something was opened from one's own search; told while the next page loads."""
    search = get_object_or_404(SearchLog.objects.of(request.user), pk=pk)
    position = request.POST.get("position", "")
    if not position.isdecimal() or len(position) > len(str(FURTHEST)):
        raise Http404
    thing = key_of(request.POST.get("thing", ""))
    actions.note_opened(
        by=request.user,
        search=search,
        position=int(position),
        name=thing.source if thing else "",
        pk=thing.pk if thing else 0,
    )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
def read(request: SignedInRequest) -> HttpResponse:
    """A page was in front of somebody for a while."""
    thing = key_of(request.POST.get("thing", ""))
    if thing is None or not actions.note_reading(by=request.user, name=thing.source, pk=thing.pk):
        raise Http404
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    """Keep the search that was on the page."""
    form = SavedSearchForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["address"]:
        raise Http404
    address, name = form.cleaned_data["address"], form.cleaned_data["name"] or _("Without a name")
    try:
        saved = actions.save_search(by=request.user, name=name, address=address)
    except actions.TooLong:
        messages.error(request, _("This search is too long to be kept. Take some filters off."))
        return redirect(f"{reverse('search:results')}?{address}")
    messages.success(
        request, _("Saved as “%(name)s”. You find it on the search page.") % {"name": saved.name}
    )
    return redirect(saved)


@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Throw a saved search of one's own away."""
    saved = get_object_or_404(SavedSearch.objects.filter(owner=request.user), pk=pk)
    actions.remove_saved_search(by=request.user, saved=saved)
    messages.success(request, _("“%(name)s” is no longer saved.") % {"name": saved.name})
    return redirect("search:results")


@require_POST
def forget(request: SignedInRequest) -> HttpResponse:
    """Take one's own name out of the log: of one query, or of all."""
    query = request.POST.get("query", "")
    actions.forget_names(by=request.user, query=query)
    if not query:
        messages.success(request, _("Your searches are no longer kept under your name."))
    return redirect("search:results")
