"""Code blocks, coloured by classes."""

from __future__ import annotations

import html
from functools import lru_cache

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

CLASSES = frozenset(name for name in STANDARD_TYPES.values() if name)
_LONGEST = 100_000  # characters; longer code is shown without colours
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def highlighted(source: str, language: str) -> str:
    """The block's HTML. It can be scrolled by keyboard, since long lines do not wrap."""
    lexer = _lexer(language.lower()) if language and len(source) <= _LONGEST else None
    inside = highlight(source, lexer, _FORMATTER) if lexer else html.escape(source, quote=False)
    return f'<div class="highlight"><pre tabindex="0"><code>{inside}</code></pre></div>\n'
