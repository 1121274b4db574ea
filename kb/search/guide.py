"""The language of queries, told by examples that one can click to add to the query."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kb.search.find import Results
from kb.search.question.names import shown_name
from kb.search.question.tokens import quoted


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be written, what it does, and the query with it."""

    example: str
    meaning: str
    query: str


def lines(results: Results) -> list[Line]:
    """What can be written; examples of people and the market are the first of those that can be chosen beside the results."""
    told = [
        (_('"price list"'), _("exactly so, word by word")),
        (_("-discount"), _("without this word")),
        (_("lost OR undecided"), _("either will do; brackets group: (a OR b) c")),
        (_("in:title"), _("only in titles; also in:body, in:tags")),
        (_("kind:faq"), _("one kind of thing; a minus before it leaves it out")),
        (_("result:lost"), _("deals with this result, and their retrospectives")),
        (
            _('after:"last month"'),
            _("changed since; also before: and during:, with 2026-10, today, 3 months ago"),
        ),
        (_("is:mine"), _("what you wrote or are in charge of")),
        *_from_facets(results),
    ]
    typed = results.question.typed.strip()
    return [Line(example, meaning, f"{typed} {example}".strip()) for example, meaning in told]


def _from_facets(results: Results) -> list[tuple[str, str]]:
    meanings = {
        "tag": _("with this tag; several with commas"),
        "competitor": _("about this competitor, under any of its names"),
        "product": _("about this product, under any of its names"),
        "author": _("first or last written by; the beginning of a name will do"),
        "department": _("whose people are in charge"),
    }
    found = []
    for name, meaning in meanings.items():
        choices = results.facets.get(name, ())
        if choices:
            shown = shown_name(name, get_language() or "en")
            found.append((f"{shown}:{quoted(str(choices[0].label))}", meaning))
    return found
