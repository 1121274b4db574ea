"""The last word on HTML: which tags, attributes, classes, addresses and ids a page may hold."""

from __future__ import annotations

import re

import nh3

from kb.markup.anchors import own_id
from kb.markup.code import CLASSES as CODE_CLASSES

TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5"
    " h6 hr i img input ins kbd label li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table"
    " tbody td tfoot th thead time tr u ul var wbr".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"checked"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "time": {"datetime"},
}
# Attributes that may hold these values only.
VALUES = {
    "div": {"role": {"note"}, "tabindex": {"0"}},
    "input": {"type": {"checkbox"}},
    "pre": {"tabindex": {"0"}},
    "td": {"align": {"left", "right", "center"}},
    "th": {"align": {"left", "right", "center"}, "scope": {"col", "row"}},
}
# The attribute set on every such tag, whoever wrote it: a checkbox is only ever looked at. One a tag, since the
# cleaner puts several in a different order in every process, and the same page must come out the same.
ALWAYS = {"img": {"loading": "lazy"}, "input": {"disabled": ""}}
CLASSES = {
    "a": {"footnote-ref", "footnote-backref"},
    "div": {"callout", "highlight", "prose-plain", "table-scroll"}
    | {f"callout-{kind}" for kind in ("note", "tip", "important", "warning", "caution")},
    "li": {"task-list-item"},
    "p": {"callout-title"},
    "section": {"footnote"},
    "span": set(CODE_CLASSES),
    "td": {"align-right", "align-center"},
    "th": {"align-right", "align-center"},
    "ul": {"task-list"},
    "ol": {"task-list"},
}
SCHEMES = {"http", "https", "mailto", "tel"}

# How a tag looks once cleaned: double quotes, one space before each attribute, `<` nowhere else.
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def _filtered(element: str, attribute: str, value: str) -> str | None:
    if attribute == "id":
        name = "-".join(value.split())
        return own_id(name) if name else None
    if attribute in ("href", "src") and (not value.strip() or _CONTROL.search(value)):
        return None
    if attribute == "href":
        return f"#{own_id(value[1:])}" if value.startswith("#") and len(value) > 1 else value
    if attribute == "src":
        scheme = _SCHEME.match(value)
        return value if scheme is None or scheme[1].lower() in ("http", "https") else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style", "svg"},
    attributes=ATTRIBUTES,
    attribute_filter=_filtered,
    link_rel="noopener noreferrer",
    tag_attribute_values=VALUES,
    set_tag_attribute_values=ALWAYS,
    url_schemes=SCHEMES,
    allowed_classes=CLASSES,
)


def clean(html: str) -> str:
    """Well-formed HTML with nothing outside the lists above."""
    return _CLEANER.clean(html)
