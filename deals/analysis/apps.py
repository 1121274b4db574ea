"""The app of win/loss analysis."""

from django.apps import AppConfig


class AnalysisApp(AppConfig):
    name = "deals.analysis"
