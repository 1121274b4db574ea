"""The app of search."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks

from kb.search import analysis


def dictionary_is_there(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[checks.CheckMessage]:
    """Without SudachiPy Japanese is found by pairs of characters alone: other spellings and readings are not."""
    if analysis.has_dictionary():
        return []
    return [
        checks.Warning(
            "SudachiPy is not installed, so Japanese is searched by pairs of characters only.",
            hint="Install SudachiPy and sudachidict-small, then restart the worker: it builds the index anew.",
            id="search.W001",
        )
    ]


class SearchApp(AppConfig):
    name = "kb.search"

    def ready(self) -> None:
        checks.register(dictionary_is_there)
