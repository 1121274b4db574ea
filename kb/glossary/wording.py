"""What a term is written with: its content before it is saved, and the one way in which each part is cleaned."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.access.actions import Readers
from kb.access.tokens import EVERYONE, tokens_of
from kb.accounts.models import Language
from kb.glossary import readings
from kb.glossary.models import EXPLANATION_LENGTH, FORM_LENGTH, USE_INSTEAD_LENGTH, Alias, AliasKind
from kb.text import fold, guess_language

if TYPE_CHECKING:
    from kb.accounts.models import Department, User
    from kb.glossary.models import Term

INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
FIELDS_TOLD = (
    "preferred",
    "reading",
    "other_language",
    "abbreviation",
    "explanation",
    "explanation_en",
    "status",
    "use_instead",
    "scope",
    "owner",
)
ALIASES_TOLD = tuple(f"aliases.{kind}" for kind in AliasKind.values)
# What the history tells, in this order.
TOLD = (*FIELDS_TOLD, *ALIASES_TOLD, "readers")


class NotATerm(ValueError):
    """What was given cannot be kept: `code` is `empty` or `too_long`, `field` the field of `TermContent`."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field} is {code}")
        self.field = field
        self.code = code


@dataclass(frozen=True, kw_only=True)
class TermContent:
    """What a save writes. Without `language` and `reading` they are found out; without `status`, `owner` or `readers` those stay."""

    preferred: str
    language: str = ""
    reading: str = ""
    other_language: str = ""
    abbreviation: str = ""
    aliases: Sequence[str] = ()
    hidden: Sequence[str] = ()
    forbidden: Sequence[str] = ()
    explanation: str = ""
    explanation_en: str = ""
    status: str = ""
    use_instead: str = ""
    scope: Department | None = None
    owner: User | None = None
    readers: Readers | None = None
    ref: str = ""
    import_digest: str = ""


def one_line(text: str) -> str:
    """A form as it is kept: on one line, without characters that cannot be seen."""
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def paragraphs(text: str) -> str:
    """An explanation as it is kept: its paragraphs, without what no database takes."""
    seen = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", seen).strip()


def language_of(preferred: str, other: str) -> str:
    """The language of the preferred form; of two in Latin letters the first is the one used in Japanese, as TCO is."""
    if guess_language(preferred) == "ja":
        return Language.JA
    return Language.JA if other and guess_language(other) == "en" else Language.EN


def fill(term: Term, content: TermContent) -> None:
    """Write the content into the columns of a term, and the columns that follow from them.

    Raises:
        NotATerm: the form is empty, or something is too long.
    """
    term.preferred = one_line(content.preferred)
    term.other_language = one_line(content.other_language)
    term.abbreviation = one_line(content.abbreviation)
    term.use_instead = one_line(content.use_instead)
    term.explanation = paragraphs(content.explanation)
    term.explanation_en = paragraphs(content.explanation_en)
    term.language = content.language or language_of(term.preferred, term.other_language)
    term.scope = content.scope
    term.owner = content.owner or term.owner
    if content.ref:
        term.ref = content.ref
    if content.import_digest:
        term.import_digest = content.import_digest
    _fold(term)
    term.reading = readings.clean_reading(content.reading) or _guess_reading(term)
    _place(term)
    _check(term)


def _fold(term: Term) -> None:
    term.folded = fold(term.preferred)
    term.other_folded = fold(term.other_language)
    term.abbreviation_folded = fold(term.abbreviation)


def _guess_reading(term: Term) -> str:
    if guess_language(term.preferred) == "ja":
        return readings.guess_reading(term.preferred)
    return readings.guess_reading(term.other_language) if term.other_code == Language.JA else ""


def _place(term: Term) -> None:
    """Where the index lists it."""
    latin = next(
        (
            form
            for form in (term.preferred, term.other_language, term.abbreviation)
            if readings.latin_letter(form)
        ),
        "",
    )
    term.kana_row = readings.kana_row(term.reading)
    term.kana_key = readings.kana_key(term.reading, term.preferred)
    term.latin_letter = readings.latin_letter(latin)
    term.latin_key = readings.latin_key(latin)


def _check(term: Term) -> None:
    if not term.folded:
        raise NotATerm("preferred", "empty")
    for name in ("preferred", "other_language", "abbreviation", "reading"):
        form = getattr(term, name)
        if len(form) > FORM_LENGTH or len(fold(form)) > FORM_LENGTH * 2:
            raise NotATerm(name, "too_long")
    if len(term.use_instead) > USE_INSTEAD_LENGTH:
        raise NotATerm("use_instead", "too_long")
    for name in ("explanation", "explanation_en"):
        if len(getattr(term, name)) > EXPLANATION_LENGTH:
            raise NotATerm(name, "too_long")


def content_of(term: Term) -> TermContent:
    """A saved term as content; who may read and where it came from stay out of it. Its aliases are read."""
    named: dict[str, list[str]] = {kind: [] for kind in AliasKind.values}
    for alias in term.aliases.all():
        named[alias.kind].append(alias.text)
    return TermContent(
        preferred=term.preferred,
        language=term.language,
        reading=term.reading,
        other_language=term.other_language,
        abbreviation=term.abbreviation,
        aliases=named[AliasKind.ALIAS],
        hidden=named[AliasKind.HIDDEN],
        forbidden=named[AliasKind.FORBIDDEN],
        explanation=term.explanation,
        explanation_en=term.explanation_en,
        status=term.status,
        use_instead=term.use_instead,
        scope=term.scope,
        owner=term.owner,
    )


def audience_key(tokens: frozenset[str]) -> str:
    """The same for the same readers, and short enough for an index."""
    return EVERYONE if EVERYONE in tokens else hashlib.sha256(" ".join(sorted(tokens)).encode()).hexdigest()


def snapshot(term: Term) -> dict[str, str]:
    """What the history tells apart, as text."""
    shown = {name: str(getattr(term, name) or "") for name in FIELDS_TOLD}
    names = Alias.objects.filter(term=term).order_by("pk").values_list("kind", "text")
    for kind in AliasKind:
        shown[f"aliases.{kind}"] = "、".join(text for found, text in names if found == kind)
    shown["readers"] = " ".join(sorted(tokens_of(term.audience)))
    return shown


def key_of_readers(readers: Readers | None) -> str:
    """The key that these readers would have, without making an audience."""
    if readers is None or readers.everyone:
        return EVERYONE
    tokens = {f"d:{one.pk}" for one in readers.departments} | {f"u:{one.pk}" for one in readers.people}
    return audience_key(frozenset(tokens))
