"""What the templates of search say in their own words."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """Give a share in percent, a dash where there is none."""
    return "–" if value is None else f"{round(value * 100)}%"
