"""Fill a new site with the sample company, through the same actions people use."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from config.demo.seeding import seed
from kb.accounts.models import User
from kb.articles.models import Article
from kb.search.index import drain


class Command(BaseCommand):
    help = "Fill a new site with the sample company."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where people or pages exist")

    def handle(self, *, if_empty: bool, **options: Any) -> None:
        if User.objects.exists() or Article.objects.exists():
            if not if_empty:
                self.stderr.write(
                    "There are people or pages already; the sample company is for an empty site."
                )
                raise SystemExit(1)
            return
        # All or nothing: a site half filled would pass for a used one at the next start.
        with transaction.atomic():
            site = seed()
        drain()
        self.stderr.write(
            f"The sample company is in: {len(site.people)} people, {len(site.pages)} pages, {len(site.deals)} deals."
        )
