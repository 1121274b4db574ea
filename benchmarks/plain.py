"""The yardstick of pages: a view with nothing but its row and a template, behind the same middleware and sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from benchmarks.measure import Case, interleaved
from config import urls as site_urls
from kb.accounts.models import User

YARDSTICK = "a plain Django view of the same size"
PAGE = Template("<!doctype html><title>{{ person }}</title>{{ content|safe }}")


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@contextmanager
def plain_view(content: bytes) -> Iterator[str]:
    """The address of a view that reads one row, the person signed in, and renders as many bytes."""
    text = content.decode()

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(PAGE.render(Context({"person": request.user.get_username(), "content": text})))

    module = ModuleType("benchmarks_plain_urls")
    module.urlpatterns = [path("plain/", answer), *site_urls.urlpatterns]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=module):
        yield "/plain/"


def page_case(client: Client, name: str, address: str, size: int, runs: int) -> Case:
    """How long a page takes, beside the yardstick with as many bytes."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    with plain_view(answer.content) as plain:
        return interleaved(
            name, size, partial(client.get, address), YARDSTICK, partial(client.get, plain), runs
        )
