"""How allauth is bent to this site: no self sign-up, one kind of mail, and the way back to one's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from kb.accounts.actions import set_password

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kb.accounts.models import User

RESET_MAIL = "account/email/password_reset_key"
WRONG = _("The user name or mail address and the password do not belong together.")


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of a path: the site's own where it is set, so that no request can choose the host."""
    return settings.SITE_URL + path if settings.SITE_URL else request.build_absolute_uri(path)


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where `next` asks to go, when that is on this site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_own_address(request, url) else otherwise


def is_own_address(request: HttpRequest, url: str) -> bool:
    """Whether an address is a path of this site, or starts with the very host that was asked."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's questions, answered for a site where an administrator makes the accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your present password."),
        "invalid_password_reset": _("This link does not work any more."),
        "account_inactive": _("This account is closed."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return is_own_address(allauth_context.request, url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def set_password(self, user: User, password: str) -> None:
        set_password(user, by=user, password=password)

    def get_reset_password_from_key_url(self, key: str) -> str:
        person, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": person, "key": token})
        return absolute(allauth_context.request, path)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """In the reader's language, and never to the demo company, whose addresses nobody owns."""
        if user.demo_line:
            return
        with translation.override(user.language or translation.get_language()):
            super().send_password_reset_mail(user, user.email, context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only the reset of a password is mailed: an address without an account gets nothing, so nobody can be pestered."""
        if template_prefix == RESET_MAIL:
            super().send_mail(template_prefix, email, context)
