"""What the glossary tells the search: the term that a query is, and which forms mean the same."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from kb.access.tokens import tokens_for
from kb.glossary.matching import spellings
from kb.glossary.models import FORM_LENGTH, Term
from kb.glossary.queries import Lexicon, lexicon, nearest
from kb.glossary.readings import beside
from kb.search.analysis import word_starts
from kb.search.documents import Answer, Document, Meaning
from kb.search.widening import form_key

if TYPE_CHECKING:
    from kb.accounts.models import User

PLURAL = re.compile(r"[a-z]{3}s$")


class Glossary:
    """The expander of `settings.SEARCH`."""

    source = "term"

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

    def meanings(self, viewer: User, forms: Collection[str]) -> dict[str, Meaning]:
        """What each of `forms`, given as keys, means to the viewer; an English plural means what its singular does."""
        known, tokens = lexicon(), tokens_for(viewer)
        visible = known.visible_to(tokens)
        found = {}
        for form in forms:
            terms = known.by_form.get(form) or (known.by_form.get(form[:-1]) if PLURAL.search(form) else None)
            seen = known.nearest_first((pk for pk in terms or () if pk in visible), tokens)
            if seen:
                found[form] = Meaning(tuple(map(str, seen)), _others(known, seen, form))
        return found

    def terms_in(self, document: Document) -> tuple[str, ...]:
        """The keys of the terms in a document. Each part is read by itself, for a form does not reach from one into the next."""
        matcher = lexicon().matcher
        parts = (document.title, *document.names, *document.headings, *document.tags, document.body)
        found = matcher.terms_in("\n|\n".join(parts), starts=word_starts)
        return tuple(map(str, sorted(found)))

    def forms(self, pk: int) -> tuple[str, ...]:
        """Every form of a term, hidden ones too."""
        term = Term.objects.kept().filter(pk=pk).prefetch_related("aliases").first()
        if term is None:
            return ()
        named = (term.preferred, term.other_language, term.abbreviation)
        return tuple(form for form in (*named, *(alias.text for alias in term.aliases.all())) if form)


def _others(known: Lexicon, terms: Collection[int], form: str) -> tuple[tuple[str, int], ...]:
    """The forms of some terms but for the one that was typed, each once."""
    found: dict[str, tuple[str, int]] = {}
    for pk in terms:
        for text in known.shown_forms.get(pk, ()):
            key = form_key(text)
            if form not in (*spellings(key), f"{key}s"):
                found.setdefault(key, (text, pk))
    return tuple(found.values())
