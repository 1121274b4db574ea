"""How ids inside a page are named, so that none can be taken for an id of the page around it."""

from __future__ import annotations

import re

HEADING, FOOTNOTE, REFERENCE = "h-", "fn-", "fnref-"
_NOT_IN_SLUG = re.compile(r"[^\w\- ]+")


def own_id(name: str) -> str:
    """The id as the page has it: `value-discovery` is `h-value-discovery`; one of ours stays."""
    return name if name.startswith((HEADING, FOOTNOTE, REFERENCE)) else HEADING + name


def slug(text: str) -> str:
    """Small letters, hyphens for spaces, no punctuation; Japanese stays as it is."""
    return _NOT_IN_SLUG.sub("", text.lower()).strip().replace(" ", "-") or "section"
