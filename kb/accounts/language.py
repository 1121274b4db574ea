"""The language of the screens: the reader's own choice, else this device's last one, else the site's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers

from kb.accounts.models import Language

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


def language_of(request: HttpRequest) -> str:
    """The language to answer in. The browser's own list is not asked: a company decides what a stranger sees."""
    if request.user.is_authenticated and request.user.language in Language.values:
        return request.user.language
    remembered = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return remembered if remembered in Language.values else settings.LANGUAGE_CODE


class ReaderLanguageMiddleware:
    """Activates the reader's language for one request and names it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the choice on this device for a year, for the pages before sign-in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
