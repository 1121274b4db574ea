"""The page of the driver tree: who misses a reason proposes one, an editor takes it in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deals.retros import drivers as tree
from deals.retros import queries
from deals.retros.forms import AcceptForm, ProposalForm
from deals.retros.models import Driver

if TYPE_CHECKING:
    from django import forms

    from kb.accounts.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def drivers(request: SignedInRequest) -> HttpResponse:
    """The tree for everyone to read, and the form that proposes one for those who write."""
    if request.method != "POST":
        return tree_page(request, ProposalForm(initial={"parent": request.GET.get("below", "")}))
    if not request.user.can_write:
        raise Http404
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return tree_page(request, form)
    try:
        driver = tree.propose_driver(by=request.user, **form.cleaned_data)
    except tree.DriverExists as exists:
        form.add_error("name", there_is(exists.driver))
        return tree_page(request, form)
    if driver.accepted:
        messages.success(request, _("%(name)s stands in the tree.") % {"name": driver})
    else:
        messages.success(
            request,
            _("%(name)s is proposed. You can choose it at once; an editor looks at it.") % {"name": driver},
        )
    return redirect("retros:drivers")


def there_is(driver: Driver) -> str:
    return _("There is “%(name)s” already.") % {"name": driver}


def tree_page(
    request: SignedInRequest, form: ProposalForm, *, refused: tuple[Driver, forms.Form] | None = None
) -> HttpResponse:
    """The tree, what waits, and the form; `refused` is a proposal whose names an editor has to think over."""
    context = {
        "tree": queries.tree_of(Driver.objects.filter(accepted=True)),
        "proposals": queries.proposals(request.user),
        "targets": queries.driver_choices(
            Driver.objects.filter(accepted=True).select_related("parent__parent")
        ),
        "form": form,
        "refused": refused,
    }
    wrong = form.is_bound or refused is not None
    return render(
        request,
        "retros/drivers.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
    )


def proposal(request: SignedInRequest, pk: int) -> Driver:
    """A proposal, if the viewer may decide on it; else it does not exist."""
    if not request.user.can_edit:
        raise Http404
    return get_object_or_404(Driver.objects.proposed(), pk=pk)


@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a proposal in, under its names in both languages."""
    driver, form = proposal(request, pk), AcceptForm(request.POST)
    if form.is_valid():
        try:
            tree.accept_driver(by=request.user, driver=driver, **form.cleaned_data)
        except tree.DriverExists as exists:
            form.add_error(None, there_is(exists.driver))
    if form.errors:
        return tree_page(request, ProposalForm(), refused=(driver, form))
    messages.success(request, _("%(name)s stands in the tree.") % {"name": driver})
    return redirect("retros:drivers")


@require_POST
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lead a proposal to a driver that is there; what was rated by it goes along."""
    driver = proposal(request, pk)
    instead = get_object_or_404(Driver.objects.filter(accepted=True), key=request.POST.get("instead", ""))
    tree.decline_driver(by=request.user, driver=driver, instead=instead)
    messages.success(request, _("Led to %(name)s.") % {"name": instead})
    return redirect("retros:drivers")
