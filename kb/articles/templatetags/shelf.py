"""What the templates of pages and collections ask."""

from __future__ import annotations

from django import template

from kb.articles.models import Article, Collection

register = template.Library()


@register.filter
def readers(thing: Article | Collection) -> list[str]:
    """Names of the departments and people who may read it; the audience comes prefetched."""
    return [*map(str, thing.audience.departments.all()), *map(str, thing.audience.people.all())]
