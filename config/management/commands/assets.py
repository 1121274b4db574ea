"""Build what the browser needs and nobody writes by hand: the sprite of icons."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.assets import UnknownIcon, build_sprite


class Command(BaseCommand):
    """Build the sprite from every icon that templates and Python name."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = build_sprite()
        except UnknownIcon as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{count} icons")
