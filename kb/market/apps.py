"""The app of the market."""

from django.apps import AppConfig


class MarketApp(AppConfig):
    name = "kb.market"
