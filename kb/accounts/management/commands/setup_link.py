"""Print the one-time address where the first administrator makes their account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from kb.accounts.models import User
from kb.accounts.setup import make_token


class Command(BaseCommand):
    """The only way into a site without people; it says nothing once there is an administrator."""

    help = "Print a one-time link, good for a day, by which the first administrator makes their account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url",
            "--base",
            dest="base",
            default="",
            metavar="URL",
            help="where the site is, such as http://127.0.0.1:8000",
        )

    def handle(self, *args: object, base: str, **options: Any) -> None:
        if User.objects.administrators().exists():
            self.stderr.write("Nothing to do: there is an administrator already.")
            return
        site = (base or settings.SITE_URL or "http://127.0.0.1:8000").rstrip("/")
        self.stdout.write(site + reverse("accounts:setup", kwargs={"token": make_token()}))
