"""The app of search."""

from django.apps import AppConfig


class SearchApp(AppConfig):
    name = "kb.search"
