"""Fill a new site with the sample company, through the same actions people use."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from config.demo import COLLECTIONS, PAGES, TERMS, DemoTerm
from kb.access.actions import Readers
from kb.accounts.actions import seed_cast
from kb.accounts.models import Department, User
from kb.articles.actions import Content, save_article, save_collection
from kb.articles.models import Article, Collection
from kb.glossary.actions import TermContent, save_term
from kb.glossary.models import Term
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
            cast = seed_cast()
            seed_pages(cast)
            seed_terms(cast)
        drain()
        self.stderr.write(
            f"The sample company is in: {len(PAGES)} pages, {len(TERMS)} terms, {len(cast)} people."
        )


def seed_pages(cast: dict[str, User]) -> None:
    """Every collection and page, each by its own writer; a closed collection is made by one of its readers."""
    shelves: dict[str, Collection] = {}
    for name, description, departments in COLLECTIONS:
        chosen = list(Department.objects.filter(name__in=departments))
        readers = Readers(everyone=not chosen, departments=chosen)
        maker = next((page.by for page in PAGES if page.collection == name), "sato")
        shelves[name] = save_collection(by=cast[maker], name=name, description=description, readers=readers)
    for page in reversed(PAGES):
        content = Content(
            title=page.title,
            body=page.body,
            kind=page.kind,
            language=page.language,
            collection=shelves[page.collection],
            tags=page.tags,
        )
        save_article(by=cast[page.by], content=content)


def seed_terms(cast: dict[str, User]) -> list[Term]:
    """Every word, approved, kept by the editor."""
    return [save_term(by=cast["sato"], content=as_content(term)) for term in reversed(TERMS)]


def as_content(term: DemoTerm) -> TermContent:
    return TermContent(
        preferred=term.preferred,
        reading=term.reading,
        other_language=term.other,
        abbreviation=term.abbreviation,
        aliases=term.aliases,
        explanation=term.explanation,
        explanation_en=term.explanation_en,
        status="approved",
    )
