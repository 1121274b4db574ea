"""The first page, made of every room's reads, and the address a monitor asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from deals.crm.models import Deal
from deals.retros.queries import recent_lessons, waiting
from kb.accounts.models import User
from kb.articles.models import Article
from kb.articles.queries import drafts_of, kinds_of, tags_of
from kb.glossary.models import Term
from kb.search.models import AssignedQuestion

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kb.accounts.requests import SignedInRequest

NEWEST = 6
TERMS = 3
WORK = 3
LESSONS = 3
CHIPS = 2


@require_safe
def first_page(request: SignedInRequest) -> HttpResponse:
    """Search in the middle, then what is new; on the first day, what to do first."""
    viewer = request.user
    newest = list(Article.objects.visible_to(viewer).listed()[:NEWEST])
    lessons = list(recent_lessons(viewer, limit=LESSONS))
    if not newest and not lessons and not Deal.objects.visible_to(viewer).exists():
        return render(request, "home_first_day.html")
    questions = list(AssignedQuestion.objects.waiting_for(viewer)[:WORK])
    drafts = drafts_of(viewer)[: WORK - len(questions)]
    context: dict[str, object] = {
        "newest": newest,
        "chips": chips(viewer),
        "terms": list(Term.objects.visible_to(viewer).of_the_week(timezone.localdate())[:TERMS]),
        "questions": questions,
        "drafts": drafts,
        "waiting": list(waiting(viewer)[: WORK - len(questions) - len(drafts)]) if viewer.can_write else [],
        "lessons": lessons,
    }
    return render(request, "home.html", context)


def chips(viewer: User) -> list[dict[str, str]]:
    """A few filters in words below the search: the kinds and tags used most among what `viewer` may see."""
    visible = Article.objects.visible_to(viewer)
    kinds = sorted(kinds_of(visible), key=lambda kind: -kind.count)[:CHIPS]
    offered = [("kind", gettext("Kind"), choice) for choice in kinds]
    offered += [("tag", gettext("Tag"), choice) for choice in tags_of(visible, limit=CHIPS)]
    return [
        {
            "name": name,
            "label": choice.label,
            "url": f"{reverse('search:results')}?{urlencode({key: choice.value})}",
        }
        for key, name, choice in offered
    ]


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
