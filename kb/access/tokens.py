"""The rule of `Audience.objects.open_to` once more, as tokens for the search index.

A thing is open to a viewer when the two sets share a token. Membership in a department is the viewer's side,
so people joining or leaving need no reindexing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from kb.access.models import Audience

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kb.accounts.models import User

EVERYONE = "all"
# Held by nobody: the token of an audience whose last department or person has gone.
NOBODY = "none"


def tokens_of(audience: Audience) -> frozenset[str]:
    """Tokens of a thing's readers: `all`, `d:ID`, `u:ID`; never empty, since an empty filter would find everything."""
    if audience.everyone:
        return frozenset({EVERYONE})
    departments = {f"d:{department.pk}" for department in audience.departments.all()}
    return frozenset(departments | {f"u:{person.pk}" for person in audience.people.all()}) or frozenset(
        {NOBODY}
    )


def tokens_for(viewer: User | AnonymousUser) -> frozenset[str]:
    """Tokens a viewer holds; empty for a stranger and for a closed account."""
    if not viewer.is_authenticated or not viewer.is_active:
        return frozenset()
    # Prefetched, since a page that asks for tokens mostly shows the departments as well.
    prefetch_related_objects([viewer], "departments")
    departments = {f"d:{department.pk}" for department in viewer.departments.all()}
    return frozenset(departments | {EVERYONE, f"u:{viewer.pk}"})


def tokens_held(viewer: User | AnonymousUser, tokens: frozenset[str]) -> frozenset[str]:
    """Those of `tokens` that a viewer holds; where all are open to everyone, nobody's departments are asked for."""
    if tokens <= {EVERYONE} and viewer.is_authenticated and viewer.is_active:
        return tokens
    return tokens_for(viewer) & tokens
