"""HTML that stands in Markdown, made harmless to what stands around it.

Cleaning comes later and last. This is about losing nothing: a `<` that opens no tag, a placeholder like `<name>`
and a tag whose end is missing would otherwise swallow words, and an embedded video would vanish.
"""

from __future__ import annotations

import html
import re

KNOWN_TAGS = frozenset(
    "a abbr acronym address article aside b bdi bdo big blockquote br button caption center cite code col colgroup dd del"
    " details dfn dialog dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup hr i"
    " img input ins kbd label legend li link main map area mark menu meta meter nav nobr ol optgroup option output p"
    " picture pre progress q rp rt ruby s samp search section select small span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr tt u ul var wbr".split()
)
EMBEDDED = frozenset("iframe video audio embed object source".split())
_IGNORED = frozenset("track param".split())

# What is gone up to its end, if it has one.
_CLOSINGS = {
    "<script": re.compile(r"</script\b[^>]*>?", re.IGNORECASE),
    "<style": re.compile(r"</style\b[^>]*>?", re.IGNORECASE),
    "<!--": re.compile("-->"),
}
# A whole tag, as CommonMark defines it.
_VALUE = r"""(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+")"""
_ATTRIBUTE = rf"\s++[A-Za-z_:][A-Za-z0-9_.:-]*+(?:\s*+=\s*+{_VALUE})?+"
_TAG = rf"<[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+\s*+/?>|</[A-Za-z][A-Za-z0-9-]*+\s*+>"
WHOLE_TAG = re.compile(_TAG)
_START = re.compile(rf"<!--|{_TAG}|<")
_NAME = re.compile(r"<!--|</?[A-Za-z][A-Za-z0-9-]*")
_ADDRESS = re.compile(r"""\s(?:src|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TITLE = re.compile(r"""\stitle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ANCHOR_NAME = re.compile(r"\sname(\s*=)", re.IGNORECASE)


def tamed(source: str) -> str:
    """The same HTML with only whole, known tags: scripts and styles gone, embedded things as links, the rest as text."""
    kept: list[str] = []
    endless: set[str] = set()  # what has no end from here on; not looked for again
    at = 0
    while piece := _START.search(source, at):
        kept.append(source[at : piece.start()])
        at = piece.end()
        name = _name(piece[0])
        closing = _CLOSINGS[name].search(source, at) if name in _CLOSINGS and name not in endless else None
        if closing:
            at = closing.end()
        else:
            endless.add(name)
            kept.append(_tamed_tag(piece[0]))
    kept.append(source[at:])
    return "".join(kept)


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[0].lower() if found else ""


def _tamed_tag(tag: str) -> str:
    name = _name(tag).strip("</")
    if name in EMBEDDED:
        return embedded_link(tag)
    if name in _IGNORED:
        return ""
    if name not in KNOWN_TAGS:
        return "&lt;" + tag[1:]
    return _ANCHOR_NAME.sub(r" id\1", tag) if name == "a" else tag


def embedded_link(tag: str) -> str:
    """A link to what the tag would embed, called by its title or address; nothing for a tag without an address."""
    address = embedded_address(tag)
    if not address:
        return ""
    titled = _TITLE.search(tag)
    words = (titled[1] or titled[2] or "") if titled else ""
    return f'<a href="{html.escape(address)}">{html.escape(html.unescape(words).strip() or address)}</a> '


def embedded_address(tag: str) -> str:
    """Where an embedding tag gets its content from."""
    found = _ADDRESS.search(tag)
    return html.unescape(found[1] or found[2] or found[3] or "").strip() if found else ""
