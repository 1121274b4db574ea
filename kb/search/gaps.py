"""The pages about what people searched for in vain, and the questions made of it."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.search import actions, charts, exports, queries, registry
from kb.search.engines.base import Key
from kb.search.find import find
from kb.search.models import AssignedQuestion
from kb.search.slips import AnswerForm, AssignForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from kb.accounts.requests import SignedInRequest
    from kb.search.documents import Shown

Guarded = TypeVar("Guarded", bound="Callable[..., HttpResponse]")
ON_A_PAGE = 30
OFFERED = 8
# What a search that serves its readers keeps to.
MOST_EMPTY, LEAST_OPENED = 0.05, 0.6
SECTION = "failed"


def for_those_who_fill_gaps(view: Guarded) -> Guarded:
    """For everyone else the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "can_see_gaps", False):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("Guarded", guarded)


@for_those_who_fill_gaps
@require_safe
def failed(request: SignedInRequest) -> HttpResponse:
    """Queries that found nothing or of which nothing was opened, and how the search fares."""
    wanted = queries.Wanted.from_query(request.GET)
    now = timezone.now()
    page = Paginator(queries.failed(wanted, now), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": SECTION,
        "wanted": wanted,
        "periods": queries.PERIODS,
        "page": page,
        "gaps": queries.gaps(page.object_list, viewer=request.user, since=wanted.since(now)),
        "open_questions": AssignedQuestion.objects.open().count(),
        **health(),
    }
    return render(request, "search/failed.html", context)


def health() -> dict[str, object]:
    """The weeks as numbers and as two lines; no lines before there is a search."""
    weeks = queries.health(timezone.localdate())
    empty, opened = [week.empty_share for week in weeks], [week.opened_share for week in weeks]
    few_plain = [week.plain < settings.SMALL_N for week in weeks]
    few_found = [week.found < settings.SMALL_N for week in weeks]
    return {
        "weeks": list(zip(weeks, few_plain, few_found, strict=True)),
        "any_search": any(week.plain or week.found for week in weeks),
        "empty_line": charts.line(empty, few_plain, MOST_EMPTY),
        "empty_ruler": charts.ruler(empty, MOST_EMPTY),
        "opened_line": charts.line(opened, few_found, LEAST_OPENED),
        "opened_ruler": charts.ruler(opened, LEAST_OPENED),
        "most_empty": MOST_EMPTY,
        "least_opened": LEAST_OPENED,
        "few": settings.SMALL_N,
    }


@for_those_who_fill_gaps
@require_safe
def export(request: SignedInRequest) -> HttpResponse:
    """The same list as CSV."""
    wanted = queries.Wanted.from_query(request.GET)
    now = timezone.now()
    gaps = queries.gaps(queries.failed(wanted, now), viewer=request.user, since=wanted.since(now))
    name = f"failed-searches-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        exports.as_csv(gaps),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# ---------------------------------------------------------------- questions
@for_those_who_fill_gaps
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: SignedInRequest) -> HttpResponse:
    """Make a question of a failed search: who should answer, and a note."""
    normal = queries.normal_form(request.GET.get("q", ""))
    gap = queries.asked(normal, viewer=request.user, now=timezone.now())
    if gap is None:
        raise Http404
    if gap.question is not None:
        return redirect(gap.question)
    form = AssignForm(request.POST or None, initial={"assigned_to": request.user})
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
        context = {"section": SECTION, "form": form, "gap": gap}
        return render(request, "search/assign.html", context, status=status)
    try:
        question = actions.assign_question(by=request.user, query=gap.query, **form.cleaned_data)
    except actions.AlreadyAsked as asked:
        question = asked.question
    messages.success(
        request, _("%(name)s finds this question on the first page.") % {"name": question.assigned_to}
    )
    return redirect("search:questions")


@for_those_who_fill_gaps
@require_safe
def questions(request: SignedInRequest) -> HttpResponse:
    """Questions that are open, or those that were answered."""
    answered = request.GET.get("state") == "answered"
    known = AssignedQuestion.objects.readable_by(request.user)
    shown = known.filter(answered_at__isnull=not answered)
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": SECTION,
        "answered": answered,
        "page": page,
        "open_questions": AssignedQuestion.objects.open().count(),
    }
    return render(request, "search/questions.html", context)


def readable(request: SignedInRequest, pk: int) -> AssignedQuestion:
    return get_object_or_404(AssignedQuestion.objects.readable_by(request.user), pk=pk)


@require_safe
def question(request: SignedInRequest, pk: int) -> HttpResponse:
    """One question: what was searched for, and the ways to answer it."""
    known = readable(request, pk)
    return question_page(request, known, AnswerForm(viewer=request.user))


def question_page(
    request: SignedInRequest, known: AssignedQuestion, form: AnswerForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    words = request.GET.get("find", known.query)
    context = {
        "section": SECTION if request.user.can_see_gaps else None,
        "question": known,
        "form": form,
        "words": words,
        "gap": queries.asked(known.normal, viewer=request.user, now=timezone.now()),
        "hits": () if known.answered_at else find(words, viewer=request.user, size=OFFERED).hits,
        "answer": answer_of(request, known),
    }
    return render(request, "search/question.html", context, status=status)


def answer_of(request: SignedInRequest, known: AssignedQuestion) -> Shown | None:
    """The thing that answered it, if the viewer may see it."""
    source = registry.source_of(known.answer_source)
    if source is None or known.answer_id is None:
        return None
    return source.visible(request.user, [known.answer_id]).get(known.answer_id)


@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Link what answers a question."""
    known = readable(request, pk)
    form = AnswerForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return question_page(request, known, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return settled(request, known, form.answer)


@require_POST
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nothing is missing here: the question is done without a page."""
    return settled(request, readable(request, pk), None)


def settled(request: SignedInRequest, known: AssignedQuestion, with_thing: Key | None) -> HttpResponse:
    try:
        actions.answer_question(by=request.user, question=known, answer=with_thing)
    except actions.NotAllowed as error:
        raise Http404 from error
    messages.success(request, _("The question is answered.") if with_thing else _("The question is closed."))
    return redirect(known)
