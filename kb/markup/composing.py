"""The whole way from Markdown to a clean page. Runs in the child process."""

from __future__ import annotations

from kb.markup.cleaning import clean
from kb.markup.dialect import html_of
from kb.markup.outline import outlined
from kb.markup.plaintext import plaintext
from kb.markup.rendered import Heading
from kb.markup.softbreaks import closed_up


def composed(source: str) -> tuple[str, str, tuple[Heading, ...]]:
    """HTML, plain text and headings of Markdown.

    Cleaned twice: ids and levels of headings can only be read from clean HTML, and cleaning has the last word.
    """
    html, headings = outlined(closed_up(clean(html_of(source))))
    html = clean(html)
    return (f"{html}\n" if html else ""), plaintext(html), headings
