"""The app of audiences."""

from django.apps import AppConfig


class AccessApp(AppConfig):
    name = "kb.access"
