"""What pages show of the index's health, to those who can do something about it."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from kb.search import health

register = template.Library()


@register.inclusion_tag("search/_index_state.html", takes_context=True)
def search_health(context: Mapping[str, object]) -> dict[str, object]:
    """Notices for administrators; for everybody else nothing is asked and nothing said."""
    user = context.get("user")
    return {"notices": health.notices() if getattr(user, "is_administrator", False) else []}
