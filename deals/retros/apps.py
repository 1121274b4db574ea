"""The app of retrospectives."""

from django.apps import AppConfig


class RetrosApp(AppConfig):
    name = "deals.retros"
