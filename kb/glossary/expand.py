"""What the glossary tells the search: the term that a query is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.glossary.models import FORM_LENGTH
from kb.glossary.queries import nearest
from kb.glossary.readings import beside
from kb.search.documents import Answer

if TYPE_CHECKING:
    from kb.accounts.models import User


class Glossary:
    """The expander of `settings.SEARCH`."""

    def answer(self, viewer: User, query: str) -> Answer | None:
        """The term of which some form is the whole query; of several the one nearest to the viewer."""
        if not query.strip() or len(query) > FORM_LENGTH:
            return None
        terms = nearest(query, viewer=viewer)
        if not terms:
            return None
        term = terms[0]
        return Answer(
            title=term.preferred,
            reading=beside(term.reading, term.preferred),
            other=term.other_language or term.abbreviation,
            explanation=term.explanation_in()[0],
            url=term.get_absolute_url(),
            status=term.status,
        )
