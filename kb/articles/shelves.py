"""The pages on which collections are made and kept in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kb.articles import actions
from kb.articles.forms import CollectionForm, initial_of_collection
from kb.articles.models import Collection

if TYPE_CHECKING:
    from kb.accounts.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def collection_new(request: SignedInRequest) -> HttpResponse:
    if not request.user.can_write:
        raise Http404
    form = CollectionForm(request.POST or None, user=request.user)
    return answer(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def collection_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    shelf = kept_by(request, pk)
    form = CollectionForm(
        request.POST or None, user=request.user, collection=shelf, initial=initial_of_collection(shelf)
    )
    return answer(request, form, shelf)


def kept_by(request: SignedInRequest, pk: int) -> Collection:
    """The collection, if the viewer may change it; else it does not exist."""
    if not request.user.can_edit:
        raise Http404
    return get_object_or_404(Collection.objects.visible_to(request.user).select_related("audience"), pk=pk)


def answer(request: SignedInRequest, form: CollectionForm, shelf: Collection | None) -> HttpResponse:
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(
            request, "articles/collection_form.html", {"form": form, "collection": shelf}, status=status
        )
    data = form.cleaned_data
    saved = actions.save_collection(
        by=request.user,
        name=data["name"],
        description=data["description"],
        readers=form.asked_readers(),
        collection=shelf,
    )
    messages.success(request, _("The collection is saved."))
    return redirect(saved)


@require_POST
def collection_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    shelf = kept_by(request, pk)
    try:
        actions.delete_collection(by=request.user, collection=shelf)
    except actions.NotEmpty:
        messages.error(
            request, _("There are pages in this collection, deleted ones included. Move them first.")
        )
        return redirect(shelf)
    messages.success(request, _("The collection is gone."))
    return redirect("articles:list")
