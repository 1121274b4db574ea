"""Links between the pages of a folder, rewritten to where the pages stand here.

Works in two steps, since the pages have no addresses before all of them are known: `linked` finds what each link
leads to, `Linked.written` puts the addresses in.
"""

from __future__ import annotations

import html
import posixpath
import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from kb.articles.prose import masked, replaced
from kb.markup.anchors import own_id
from kb.markup.cleaning import SCHEMES
from kb.notices import Change, shortened, told_once
from kb.text import guess_language

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
FOLDER_PAGES = ("index", "_index", "readme")

_BRACKET = re.compile(r"\\.|!?\[|\]|\n[ \t]*\n", re.DOTALL)
_TARGET = re.compile(
    r"\([ \t\n]{0,50}(?:<(?P<angled>[^<>\n]{0,2000})>"
    r"|(?P<plain>(?:\\.|[^\\\s()\x00<]|\((?:\\.|[^\\\s()\x00]|\((?:\\.|[^\\\s()\x00]){0,200}+\)){0,500}+\)){0,2000}+))"
    r"(?:[ \t\n]{1,50}(?:\"(?:\\.|[^\"\\]){0,1000}+\"|'(?:\\.|[^'\\]){0,1000}+'|\((?:\\.|[^()\\]){0,1000}+\)))?"
    r"[ \t\n]{0,50}\)"
)
# Not Markdown, though people write it: an address with spaces in it.
_SPACED = re.compile(
    r"\([ \t]{0,50}(?P<plain>[^()\n<>\"\x00]{1,500}?\.(?:md|markdown)(?:#[^()\n<>\"\x00]{0,200})?)[ \t]{0,50}\)"
)
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)[^\]\n]{1,500}\]:[ \t]{0,50}(?:\n[ \t]{0,50})?(?:<(?P<angled>[^<>\n]{1,2000})>|(?P<plain>[^\s<\x00]\S{0,2000}))",
    re.MULTILINE,
)
_HTML = re.compile(
    r"<(?P<tag>a|img|source|video|audio|embed|object|iframe)\b(?P<attributes>[^<>]{0,5000})>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(?P<name>href|src|data|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image in a text: where its address stands, or, of an image, all of it."""

    start: int
    end: int
    address: str
    image: bool = False
    in_html: bool = False
    words: str = ""  # an image's alternative text

    @property
    def path(self) -> str:
        """The path, decoded; empty for an address elsewhere and for a place on the same page."""
        if _SCHEME.match(self.address) or self.address.startswith(("//", "#", "?")):
            return ""
        return unquote(re.split("[?#]", self.address, maxsplit=1)[0])

    @property
    def fragment(self) -> str:
        return self.address.partition("#")[2]


# ------------------------------------------------------------------ finding
def links_in(body: str) -> list[Link]:
    """Every link and image outside code, in the order they stand."""
    mask = masked(body)
    found = [*_inline(body, mask), *_definitions(body, mask), *_html_links(body, mask)]
    return sorted(found, key=lambda link: (link.start, -link.end))


def _inline(body: str, mask: str) -> Iterator[Link]:
    """`[words](address "title")` and the same with `!`; brackets may stand in the words."""
    if "](" not in mask:
        return
    opened: deque[tuple[int, int]] = deque(maxlen=500)
    for bracket in _BRACKET.finditer(mask):
        mark = bracket[0]
        if mark in ("[", "!["):
            opened.append((bracket.start(), bracket.end()))
        elif mark.startswith("\n"):
            opened.clear()
        elif mark == "]" and opened:
            start, inside = opened.pop()
            if mask.startswith("(", bracket.end()):
                link = _link(body, mask, start, inside, bracket.start())
                if link:
                    yield link


def _link(body: str, mask: str, start: int, inside: int, words_end: int) -> Link | None:
    target = _TARGET.match(mask, words_end + 1) or _SPACED.match(mask, words_end + 1)
    if target is None:
        return None
    group = "angled" if target.groupdict().get("angled") is not None else "plain"
    first, last = target.span(group)
    address = html.unescape(_ESCAPE.sub(r"\1", body[first:last])).strip()
    if group == "angled":
        first, last = first - 1, last + 1
    image = body[start] == "!"
    words = body[inside:words_end]
    return (
        Link(start, target.end(), address, image=True, words=words) if image else Link(first, last, address)
    )


def _definitions(body: str, mask: str) -> Iterator[Link]:
    """`[label]: address`, which links and images elsewhere in the text refer to."""
    for found in _DEFINITION.finditer(mask):
        angled = found["angled"] is not None
        start, end = found.span("angled" if angled else "plain")
        address = html.unescape(_ESCAPE.sub(r"\1", body[start:end]))
        yield Link(start - angled, end + angled, address)


def _html_links(body: str, mask: str) -> Iterator[Link]:
    for tag in _HTML.finditer(mask):
        at = tag.start("attributes")
        attributes: dict[str, tuple[int, int, str]] = {}
        for one in _ATTRIBUTE.finditer(body[at : tag.end("attributes")]):
            number = next(number for number in (2, 3, 4) if one[number] is not None)
            place = (at + one.start(number), at + one.end(number), html.unescape(one[number]).strip())
            attributes.setdefault(one["name"].lower(), place)
        wanted = "href" if tag["tag"].lower() == "a" else "data" if "data" in attributes else "src"
        if wanted not in attributes:
            continue
        start, end, address = attributes[wanted]
        if wanted == "href":
            yield Link(start, end, address, in_html=True)
        else:
            words = attributes.get("alt", (0, 0, ""))[2]
            yield Link(tag.start(), tag.end(), address, image=True, in_html=True, words=words)


# ------------------------------------------------------------------ where they lead
class Places:
    """The pages of a folder by every path that names them."""

    def __init__(self, refs: Iterable[str]) -> None:
        self._by_path: dict[str, str] = {}
        self._by_folded: dict[str, str | None] = {}
        self.prefix: tuple[str, ...] | None = None
        names = [(self._rank(ref), ref) for ref in refs]
        for _rank, ref in sorted(names):
            for path in _names(ref):
                self._by_path.setdefault(path, ref)
        for path, ref in self._by_path.items():
            folded = path.casefold()
            # Two that differ in capitals alone: which one was meant cannot be told.
            self._by_folded[folded] = ref if self._by_folded.get(folded, ref) == ref else None

    def _rank(self, ref: str) -> int:
        """Of several pages with one name the folder's own comes last: `sales.md` before `sales/index.md`."""
        stem = posixpath.splitext(posixpath.basename(ref))[0].casefold()
        return FOLDER_PAGES.index(stem) + 1 if stem in FOLDER_PAGES else 0

    def at(self, path: str) -> str | None:
        """The page at a path below the folder."""
        path = unicodedata.normalize("NFC", path).strip("/")
        return self._by_path.get(path) or self._by_folded.get(path.casefold())

    def learn_prefix(self, links: Iterable[Link]) -> None:
        """Find out where the folder stands on its site: below what most addresses that begin with `/` agree on.

        `/handbook/marketing/events/` is this folder's `events/` when the other links say that the folder is
        `/handbook/marketing/`; `/handbook/sales/events/` then is a page elsewhere.
        """
        votes = Counter[tuple[str, ...]]()
        for link in links:
            if not link.image and link.path.startswith("/"):
                parts = [part for part in link.path.split("/") if part]
                voted = (tuple(parts[:n]) for n in range(len(parts)) if self.at("/".join(parts[n:])))
                votes.update([*islice(voted, 1)])
        if votes:
            prefix, most = votes.most_common(1)[0]
            self.prefix = prefix if most * 2 > votes.total() else None

    def target(self, path: str, ref: str) -> str | None:
        """The page that `path`, written in `ref`, leads to."""
        if path.startswith("/"):
            parts = tuple(part for part in path.split("/") if part)
            prefix = self.prefix
            if prefix is None or parts[: len(prefix)] != prefix:
                return None
            return self.at("/".join(parts[len(prefix) :]))
        folder = posixpath.dirname(ref)
        # The second is how a site that shows `x/y.md` at `x/y/` reads it.
        for base in (folder, *((posixpath.splitext(ref)[0],) if self._rank(ref) == 0 else ())):
            joined = posixpath.normpath(posixpath.join("/", base, path))
            if _climbs(base, path):
                continue
            if (found := self.at(joined)) is not None:
                return found
        return None


def _climbs(folder: str, path: str) -> bool:
    """Whether the path leads out of the imported folder."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    return joined == ".." or joined.startswith("../")


def _names(ref: str) -> Iterator[str]:
    """Paths that mean a page: its file, the file without its ending or as `.html`, and the folder it speaks for."""
    base = posixpath.splitext(ref)[0]
    folder, stem = posixpath.split(base)
    yield from (ref, base, f"{base}.html")
    if stem.casefold() in FOLDER_PAGES:
        yield folder
        yield f"{folder}/index.html" if folder else "index.html"


# ------------------------------------------------------------------ rewriting
@dataclass(frozen=True, slots=True)
class _ToPage:
    """The place of an address that becomes a page's."""

    start: int
    end: int
    ref: str
    fragment: str
    in_html: bool

    def put(self, url: str) -> str:
        # Ids in a page carry a prefix here, which is set on links within a page while rendering, not on others.
        place = quote(own_id(unquote(self.fragment)), safe="") if self.fragment else ""
        address = f"{url}#{place}" if place else url
        return html.escape(address) if self.in_html else address


@dataclass(frozen=True)
class Linked:
    """A text whose links are known, before the pages have addresses."""

    body: str
    pages: tuple[_ToPage, ...]
    texts: tuple[tuple[int, int, str], ...]
    changes: tuple[Change, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """The pages linked to, in the order of the links."""
        return tuple(page.ref for page in self.pages)

    def written(self, urls: Mapping[str, str]) -> str:
        """The text with the pages' addresses in its links."""
        edits = [(page.start, page.end, page.put(urls[page.ref])) for page in self.pages]
        return replaced(self.body, [*edits, *self.texts])


def linked(body: str, ref: str, places: Places, links: list[Link] | None = None) -> Linked:
    """What each link of a page leads to, and what cannot be kept."""
    pages: list[_ToPage] = []
    texts: list[tuple[int, int, str]] = []
    changes: list[Change] = []
    for link in links_in(body) if links is None else links:
        if link.image:
            change = _image_problem(link, ref)
            if change:
                changes.append(change)
                if not link.in_html or body[link.start :][:4].lower() == "<img":
                    texts.append((link.start, link.end, _instead(link, body)))
            continue
        target = places.target(link.path, ref) if link.path else None
        if target is not None:
            pages.append(_ToPage(link.start, link.end, target, link.fragment, link.in_html))
        elif not _works(link):
            message = _("The link to %(address)s leads to nothing that was brought in.") % {
                "address": shortened(link.address)
            }
            changes.append(Change(ref, "broken_link", message))
    return Linked(body, tuple(pages), tuple(texts), tuple(told_once(changes)))


def rewritten(body: str, ref: str, known: Mapping[str, str]) -> tuple[str, list[Change]]:
    """One page by itself: `known` has the pages' addresses by their paths."""
    links = links_in(body)
    places = Places(known)
    places.learn_prefix(links)
    kept = set(known.values())
    found = linked(body, ref, places, [link for link in links if link.path not in kept])
    return found.written(known), list(found.changes)


def _works(link: Link) -> bool:
    """Whether an address that is no page's may stay: elsewhere on the net, mail, or a place on the page."""
    scheme = _SCHEME.match(link.address)
    if scheme:
        return scheme[1].lower() in SCHEMES
    return not link.address or link.address.startswith(("//", "#"))


def _image_problem(link: Link, ref: str) -> Change | None:
    scheme = _SCHEME.match(link.address)
    if (scheme and scheme[1].lower() in ("http", "https")) or link.address.startswith("//"):
        return None
    message = _("The image %(address)s was not kept; images have to be on the net for now.") % {
        "address": shortened(link.address)
    }
    return Change(ref, "image_not_kept", message)


def _instead(link: Link, body: str) -> str:
    """What stands for an image that is not there: its words, and that there was one."""
    words = " ".join(link.words.split()) or posixpath.basename(link.path)
    if not words:
        return ""
    japanese = guess_language(f"{words} {body[:2000]}") == "ja"
    text = f"（画像：{words}）" if japanese else f"(image: {words})"
    # Right behind a bracket the words would be taken for an address.
    text = f" {text}" if link.start and body[link.start - 1] == "]" else text
    return html.escape(text, quote=False) if link.in_html else text
