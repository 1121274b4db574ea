"""Links the terms in an article for the person who reads it.

The links are links: they lead to the term's page without any script. Where there is one, it opens the term's card
beside the word instead. What is found is kept for each edition of the glossary, never the finished page.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.utils.html import format_html

from kb.access.tokens import EVERYONE, tokens_for, tokens_held
from kb.glossary.matching import Match, choose
from kb.glossary.models import address_of
from kb.glossary.passages import read_html, read_markdown
from kb.glossary.queries import Lexicon, lexicon
from kb.search.analysis import word_starts

if TYPE_CHECKING:
    from kb.accounts.models import Department, User

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Place:
    """A span of HTML to be linked, and the tag that opens the link."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Marked:
    """HTML and where one reader's terms are linked in it; the name changes whenever that does, to keep what is made of it by."""

    source: str
    places: list[Place]
    name: str

    @property
    def html(self) -> str:
        parts: list[str] = []
        at = 0
        for place in self.places:
            # The word between the tags is a piece of clean HTML already.
            parts += (self.source[at : place.start], place.tag, self.source[place.start : place.end], "</a>")
            at = place.end
        parts.append(self.source[at:])
        return "".join(parts)


def mark(html: str, viewer: User) -> str:
    """The same HTML with the first mention of each term in each section linked, as `viewer` may see them."""
    return marked(html, viewer).html


def marked(html: str, viewer: User) -> Marked:
    """What `mark` gives, with its name.

    Never in headings, links or code. One or two queries; up to six when the glossary changed since the last call.
    """
    words = lexicon()
    tokens = tokens_held(viewer, words.tokens) if words.terms else frozenset()
    digest = hashlib.sha256(html.encode("utf-8", "surrogatepass")).hexdigest()
    name = hashlib.sha256("\n".join((digest, words.edition, *sorted(tokens))).encode()).hexdigest()
    places = _places(name, html, words, tokens) if html and words.terms else []
    return Marked(html, places, name)


def _tag(form: str, terms: tuple[int, ...]) -> str:
    """The beginning of a link to the page of a form, with the terms it names, nearest first."""
    return format_html(
        '<a class="term" href="{}" data-term="{}">', address_of(form), ",".join(map(str, terms))
    )


def _places(name: str, html: str, words: Lexicon, tokens: frozenset[str]) -> list[Place]:
    """Where links go, from the cache if this page was read by somebody with the same rights."""
    cache = caches["memory"]
    places: list[Place] | None = cache.get(f"glossary.places.{name}")
    if places is None:
        places = _find_places(html, words, tokens)
        cache.set(f"glossary.places.{name}", places, KEPT_SECONDS)
    return places


def _find_places(html: str, words: Lexicon, tokens: frozenset[str]) -> list[Place]:
    page = read_html(html)
    hits = words.matcher.find(page.text, starts=word_starts, may_see=words.visible_to(tokens))
    # A word with a tag inside it cannot be one link, yet it hides the shorter words in it.
    whole = [hit for hit in hits if page.span(hit.start, hit.end)]
    places = []
    for match in choose(whole, page.zones, page.sections):
        span = page.span(match.start, match.end)
        if match.linked and span:
            terms = words.nearest_first(match.terms, tokens)
            form = words.terms[terms[0]].preferred if len(terms) == 1 else page.text[match.start : match.end]
            places.append(Place(*span, _tag(_singular(form), terms)))
    return places


def _singular(form: str) -> str:
    """Without the s of several abbreviations, which is not part of the form: SLAs."""
    return form[:-1] if form.endswith("s") and form[:-1].isupper() else form


def explain(source: str, *, viewer: User | None, scope: Department | None = None) -> list[Match]:
    """Every term found in a Markdown text as written, with the reason where an article would not link it.

    Without a viewer: what everyone may see. With a `scope`: of homonyms, the department's own if it has one.
    """
    words = lexicon()
    tokens = frozenset({EVERYONE}) if viewer is None else tokens_for(viewer)
    hits = words.matcher.find(source, starts=word_starts, may_see=words.visible_to(tokens))
    zones = read_markdown(source)
    return [_narrowed(match, words, tokens, scope) for match in choose(hits, zones.zones, zones.sections)]


def _narrowed(match: Match, words: Lexicon, tokens: frozenset[str], scope: Department | None) -> Match:
    own = tuple(pk for pk in match.terms if scope is not None and words.terms[pk].scope == scope.pk)
    return Match(match.start, match.end, own or words.nearest_first(match.terms, tokens), match.reason)
