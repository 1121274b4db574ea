"""Pages of signing in and of people: who asks, for what, the form, the action, the answer."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.accounts import actions
from kb.accounts.demo import entry_is_open
from kb.accounts.forms import DepartmentForm, PeopleFilter, PersonForm, ProfileForm, SetUpForm
from kb.accounts.language import remember_language
from kb.accounts.models import Department, Language, User
from kb.accounts.queries import filters, people_wanted
from kb.accounts.requests import SignedInRequest
from kb.accounts.setup import Expired, Forged, check_token
from kb.accounts.sign_in import absolute, safe_next

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

Guarded = TypeVar("Guarded", bound="Callable[..., HttpResponse]")
BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGE = 50
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def administrators_only(view: Guarded) -> Guarded:
    """For everyone else the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "is_administrator", False):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("Guarded", guarded)


# ---------------------------------------------------------------- signing in


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's sign-in, with the demo company's people beside it where they may be entered as."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["cast"] = User.objects.demo_cast() if entry_is_open(self.request) else User.objects.none()
        return context


@login_not_required
def closed(request: HttpRequest, rest: str = "") -> HttpResponse:
    """What allauth brings and this site has no use for: sign-up, address management, codes."""
    raise Http404(rest)


def on_demo_only(view: Guarded) -> Guarded:
    """Whoever does not sit at the machine finds no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not entry_is_open(request):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("Guarded", guarded)


@login_not_required
@on_demo_only
@require_POST
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in as a person of the demo company."""
    person = get_object_or_404(User.objects.demo_cast(), pk=pk)
    login(request, person, backend=BACKEND)
    return redirect(safe_next(request, reverse(settings.LOGIN_REDIRECT_URL)))


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Another language from now on, for this person or on this device."""
    language = request.POST.get("language", "")
    if language not in Language.values:
        raise Http404
    actions.choose_language(request.user, language=language)
    response = redirect(safe_next(request, reverse(settings.LOGIN_REDIRECT_URL)))
    remember_language(response, language)
    return response


@login_not_required
@get_or_post
@never_cache
@sensitive_post_parameters("password1", "password2")
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first administrator, by the link that the command line printed."""
    if is_over(token):
        return render(request, "accounts/setup_over.html", status=410)
    form = SetUpForm(request.POST or None)
    person = form.is_valid() and saved(
        form,
        lambda: actions.set_up_first_administrator(
            details=form.details(request.LANGUAGE_CODE),
            password=form.cleaned_data["password1"],
            department=form.cleaned_data["department"],
        ),
    )
    if person:
        login(request, person, backend=BACKEND)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/setup.html", {"form": form})


def is_over(token: str) -> bool:
    """Whether a set-up link was good once and is so no more; a link that never was is not found."""
    try:
        check_token(token)
    except Forged:
        raise Http404 from None
    except Expired:
        return True
    return User.objects.administrators().exists()


# ---------------------------------------------------------------- oneself


@get_or_post
def profile(request: SignedInRequest) -> HttpResponse:
    """One's own name, mail address, language and colours."""
    person = get_object_or_404(User, pk=request.user.pk)
    form = ProfileForm(request.POST or None, person=person, language=request.LANGUAGE_CODE)
    if form.is_valid() and saved(
        form, lambda: actions.change_person(person, by=person, details=form.details())
    ):
        response = redirect("accounts:profile")
        remember_language(response, person.language)
        messages.success(request, _("Saved."))
        return response
    context = {"form": form, "person": request.user, "search_log_days": settings.SEARCH_LOG_DAYS}
    return render(request, "accounts/profile.html", context)


# ---------------------------------------------------------------- people, for administrators


@administrators_only
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Everybody with an account, or those one looks for."""
    form = PeopleFilter(request.GET)
    wanted = form.wanted()
    page = Paginator(people_wanted(wanted), PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"form": form, "page": page, "facets": filters(wanted)})


@administrators_only
@get_or_post
def add_person(request: SignedInRequest) -> HttpResponse:
    """A new account; its first password comes by a link."""
    form = PersonForm(request.POST or None)
    if form.is_valid():
        person = saved(form, lambda: actions.add_person(by=request.user, details=form.details()))
        if person:
            messages.success(
                request,
                _("%(name)s has an account now. Make a link for the first password.") % {"name": person},
            )
            return redirect("accounts:person", person.pk)
    return render(request, "accounts/person.html", {"form": form})


@administrators_only
@get_or_post
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody's account: name, role, departments, and whether it is open."""
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, initial=PersonForm.of(person))
    if form.is_valid() and saved(
        form, lambda: actions.change_person(person, by=request.user, details=form.details())
    ):
        messages.success(request, _("Saved."))
        return redirect("accounts:person", pk)
    return render(request, "accounts/person.html", {"form": form, "person": get_object_or_404(User, pk=pk)})


@administrators_only
@require_POST
def deactivate_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close an account."""
    person = get_object_or_404(User, pk=pk)
    try:
        actions.deactivate_person(person, by=request.user)
        messages.success(request, _("The account of %(name)s is closed.") % {"name": person})
    except actions.LastAdministrator:
        messages.error(request, last_administrator())
    return redirect("accounts:person", pk)


@administrators_only
@require_POST
def reactivate_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    person = get_object_or_404(User, pk=pk)
    actions.reactivate_person(person, by=request.user)
    messages.success(request, _("The account of %(name)s is open again.") % {"name": person})
    return redirect("accounts:person", pk)


@administrators_only
@require_POST
@never_cache
def reset_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """A link to a new password, shown once, to be passed on."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    try:
        path = actions.make_reset_link(person, by=request.user)
    except actions.DemoPerson:
        raise Http404 from None
    return render(request, "accounts/reset_link.html", {"person": person, "link": absolute(request, path)})


# ---------------------------------------------------------------- departments, for administrators


@administrators_only
@get_or_post
def departments(request: SignedInRequest) -> HttpResponse:
    """All departments, and the form for one more."""
    form = DepartmentForm(request.POST or None)
    if form.is_valid() and saved(
        form, lambda: actions.add_department(by=request.user, name=form.cleaned_data["name"])
    ):
        messages.success(request, _("“%(name)s” is there now.") % {"name": form.cleaned_data["name"]})
        return redirect("accounts:departments")
    return render(
        request, "accounts/departments.html", {"form": form, "departments": Department.objects.with_sizes()}
    )


@administrators_only
@get_or_post
def rename_department(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another name for a department."""
    department = get_object_or_404(Department, pk=pk)
    before = department.name
    form = DepartmentForm(request.POST or None, initial={"name": before})
    if form.is_valid() and saved(
        form,
        lambda: actions.rename_department(department, by=request.user, name=form.cleaned_data["name"]),
    ):
        messages.success(request, _("Saved."))
        return redirect("accounts:departments")
    return render(
        request, "accounts/department.html", {"form": form, "department": department, "before": before}
    )


@administrators_only
@require_POST
def remove_department(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take out a department that nobody and nothing belongs to."""
    department = get_object_or_404(Department, pk=pk)
    try:
        actions.remove_department(department, by=request.user)
        messages.success(request, _("“%(name)s” is removed.") % {"name": department.name})
    except actions.DepartmentInUse:
        messages.error(
            request, _("People belong to this department, or something is readable by it. Change that first.")
        )
    return redirect("accounts:departments")


# ---------------------------------------------------------------- parts of the above


def saved(form: Any, action: Callable[[], Any]) -> Any:
    """What the action made, or None with its refusal told in the form."""
    try:
        return action()
    except ValidationError as error:
        form.refuse(error)
    except actions.AdministratorExists:
        form.refuse(
            ValidationError(_("Somebody has just become the first administrator. Ask them for an account."))
        )
    except actions.LastAdministrator:
        form.refuse(ValidationError({"role": last_administrator()}))
    return None


def last_administrator() -> str:
    return _("This is the only administrator. Make somebody else one first.")
