"""The rule of `Audience.objects.open_to` once more, as tokens for the search index.

A thing is open to a viewer when the two sets share a token. Membership in a department is the viewer's side,
so people joining or leaving need no reindexing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    departments = {f"d:{pk}" for pk in viewer.departments.values_list("pk", flat=True)}
    return frozenset(departments | {EVERYONE, f"u:{viewer.pk}"})
