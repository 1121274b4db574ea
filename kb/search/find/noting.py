"""What was done to a query, in words for its author."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kb.search.question import Mended, Note, Question
from kb.search.question.names import shown_name

# A word of a query in a sentence is cut here.
LONGEST = 60


def noted(question: Question) -> tuple[str, ...]:
    """A sentence for each thing that was mended, each once."""
    notes = [Mended(note) for note in question.notes]
    return tuple(dict.fromkeys(_SENTENCES[one.note](_short(one.word)) for one in (*notes, *question.repairs)))


def _short(word: str) -> str:
    return word if len(word) <= LONGEST else f"{word[:LONGEST]}…"


def _unknown_value(word: str) -> str:
    name, _colon, value = word.partition(":")
    shown = f"{shown_name(name, get_language() or 'en')}:{value}"
    return _("Nothing here is called “%(value)s”; %(filter)s was left out.") % {
        "value": value,
        "filter": shown,
    }


def _no_value(name: str) -> str:
    return _(
        "“%(name)s:” narrows down when a value follows the colon without a space; it was searched for as a word."
    ) % {"name": name}


def _open_quote(words: str) -> str:
    return _("A quotation mark was never closed; “%(words)s” was searched for as it stands.") % {
        "words": words
    }


def _unknown_name(name: str) -> str:
    return _("There is no filter “%(name)s:”; both sides of the colon were searched for as words.") % {
        "name": name
    }


def _unknown_date(word: str) -> str:
    return _("“%(date)s” is no date that can be read; it was left out.") % {"date": word}


_SENTENCES: dict[Note, Callable[[str], str]] = {
    Note.SHORTENED: lambda _word: _("The query was very long; only its beginning was searched for."),
    Note.OPEN_QUOTE: _open_quote,
    Note.OPEN_BRACKET: lambda _word: _("A bracket was never closed; it ends with the query."),
    Note.STRAY_BRACKET: lambda _word: _("A closing bracket without an opening one was left out."),
    Note.DEEP_BRACKETS: lambda _word: _(
        "Brackets deeper than eight were left out; their words were searched for."
    ),
    Note.STRAY_OR: lambda _word: _("“OR” needs a word on both sides; it was left out."),
    Note.STRAY_NOT: lambda _word: _("A minus with nothing to leave out was left out itself."),
    Note.UNKNOWN_NAME: _unknown_name,
    Note.NO_VALUE: _no_value,
    Note.UNKNOWN_VALUE: _unknown_value,
    Note.UNKNOWN_DATE: _unknown_date,
}
