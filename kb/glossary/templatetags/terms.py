"""What templates ask of the glossary: a term's words in the reader's language, and how far it is agreed on."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kb.accounts.models import Language
from kb.glossary.models import AliasKind, Status
from kb.glossary.readings import beside

if TYPE_CHECKING:
    from kb.glossary.models import Alias, Term

register = template.Library()

# In columns of the screen: a Japanese character takes two.
SUMMARY_WIDTH = 100
CARD_WIDTH = 420
# icon and class of the badge
BADGES = {
    Status.APPROVED: ("badge-check", "badge-verified"),
    Status.PROPOSED: ("pencil", "badge-draft"),
    Status.DEPRECATED: ("history", "badge-stale"),
    Status.FORBIDDEN: ("ban", "badge-lost"),
}


@register.filter
def explained(term: Term) -> SafeString:
    """The first paragraph of a term's explanation for the reader, in a list; with its language where that is another."""
    return _paragraph(term, SUMMARY_WIDTH)


@register.filter
def explained_on_card(term: Term) -> SafeString:
    """The same, somewhat longer."""
    return _paragraph(term, CARD_WIDTH)


def _paragraph(term: Term, width: int) -> SafeString:
    text, language = term.explanation_in()
    first = text.split("\n\n", 1)[0]
    if not first:
        return mark_safe("")
    shown = _cut(" ".join(first.split()), width)
    if language == (get_language() or "")[:2]:
        return format_html("{}", shown)
    return format_html('<span lang="{}">{}</span>', language, shown)


def _cut(text: str, width: int) -> str:
    """As much of a text as fits, and … where it went on."""
    used = 0
    for at, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > width:
            return f"{text[:at].rstrip()}…"
    return text


@register.filter
def reading_listed(term: Term) -> str:
    """The reading below a term in a list, also that of katakana: the list is sorted by it."""
    if term.language == Language.EN or term.reading == term.preferred:
        return ""
    return term.reading


@register.filter
def reading_beside(term: Term) -> str:
    """The reading of a term as it stands behind its preferred form; none where that is the one of the other language."""
    return beside(term.reading, term.preferred) if term.language == Language.JA else ""


@register.filter
def other_reading(term: Term) -> str:
    """The reading of the Japanese form of a term that is preferred in English."""
    return beside(term.reading, term.other_language) if term.language == Language.EN else ""


@register.inclusion_tag("glossary/_status.html")
def status_badge(term: Term) -> dict[str, object]:
    """How far a term is agreed on; where there is something to say instead, that."""
    icon, css = BADGES[Status(term.status)]
    retired = term.status in (Status.DEPRECATED, Status.FORBIDDEN)
    return {"term": term, "icon_name": icon, "css": css, "instead": term.use_instead if retired else ""}


@register.filter
def of_kind(aliases: list[Alias], kind: str) -> list[Alias]:
    """Those of a term's other forms that are of one kind: alias, hidden or forbidden."""
    return [alias for alias in aliases if alias.kind == AliasKind(kind)]


@register.filter
def explanations(term: Term) -> list[tuple[str, str]]:
    """(language, text) of each explanation there is, the reader's language first."""
    text, language = term.explanation_in()
    both = {Language.JA.value: term.explanation, Language.EN.value: term.explanation_en}
    rest = [(other, words) for other, words in both.items() if other != language and words]
    return [(language, text), *rest] if text else []
