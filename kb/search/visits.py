"""What a visit to the page of results leaves behind, and what somebody left there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.search.actions import note_search
from kb.search.addresses import LOOK, kept, narrowing
from kb.search.engines.base import Filters
from kb.search.queries import recent_queries, saved_at, saved_searches

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kb.accounts.models import User
    from kb.search.find import Results

OWN_RECENT = 5
IN_THE_QUERY = "in the query"


def own_searches(viewer: User) -> dict[str, object]:
    """What somebody saved and searched for lately, for a page without a query."""
    return {
        "saved_searches": saved_searches(viewer),
        "recent_queries": recent_queries(viewer, limit=OWN_RECENT),
    }


def visited(request: HttpRequest, viewer: User, found: Results) -> dict[str, object]:
    """The note of this search, under which its openings are told, and whether it is saved."""
    address = kept(request.GET)
    asks = request.method == "GET" and LOOK not in request.GET
    # A query may narrow itself down (種別:FAQ); the words of it are noted with it.
    filters = narrowing(request.GET) or (IN_THE_QUERY if found.filters != Filters() else "")
    return {
        "note": note_search(by=viewer, found=found, filters=filters) if asks else None,
        "shown_before": (found.page - 1) * found.size,
        "address": address,
        "saved": saved_at(viewer, address),
    }
