"""The app of what belongs to no room: start-up checks, shared template tags and commands."""

from django.apps import AppConfig
from django.core.checks import register

from config.checks import settings_are_usable


class ConfigApp(AppConfig):
    name = "config"

    def ready(self) -> None:
        register(settings_are_usable)
