"""The page of results, and the suggestions under the box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kb.accounts.models import User
from kb.search import find, guide, panel, registry
from kb.search.documents import Offer, Suggestion
from kb.search.forms import SORTS, SearchForm
from kb.search.visits import own_searches, visited

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RECENT = 5


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What a query finds; without a query, how to ask and what is new."""
    viewer = cast("User", request.user)
    form = SearchForm(request.GET)
    found = find.answer(**form.asked(), viewer=viewer, mend=not form.exactly_typed)
    narrowed = panel.narrowed(found)
    blank = not found.query.strip() and not narrowed
    context = {
        "results": found,
        "named": labelled(found.named),
        "query": found.query,
        "form": form,
        "sorts": SORTS,
        "facets": panel.facets(found),
        "chips": panel.chips(found, request.GET),
        "rest": panel.rest_of(found),
        "kept": panel.kept(found),
        "narrowed": narrowed,
        "guide": guide.lines(found),
        "recent": find.recent(viewer, RECENT, kinds=told_of()) if blank else (),
        "blank": blank,
        **(own_searches(viewer) if blank else visited(request, viewer, found)),
    }
    return render(request, "search/results.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A list of options for what was typed so far."""
    found = find.suggest(request.GET.get("q", ""), viewer=cast("User", request.user))
    return render(request, "search/_suggestions.html", {"suggestions": labelled(found)})


def told_of() -> frozenset[str]:
    """The kinds whose changes are news: not what is looked up by its name, of which an import brings hundreds a minute."""
    return frozenset(registry.kinds()) - registry.kinds_offered(Offer.NAME)


def labelled(offered: Iterable[Suggestion]) -> list[tuple[Suggestion, StrOrPromise]]:
    """Each with what kind of thing it is, in words."""
    labels = {
        **registry.kinds(),
        "tag": _("Tag"),
        "person": _("Person"),
        "search": _("Searched before"),
        "saved": _("Saved search"),
    }
    return [(suggestion, labels.get(suggestion.kind, "")) for suggestion in offered]
