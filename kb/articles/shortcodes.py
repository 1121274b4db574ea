"""Hugo's shortcodes and embedded HTML as Markdown: callouts, links, images; of everything else the words inside."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kb.articles.prose import masked, replaced
from kb.notices import Change, shortened, told_once

_TAG = re.compile(
    r"\{\{[<%]-?[ \t\n]*(?P<close>/)?[ \t\n]*(?P<name>\w[\w./-]*)"
    r"(?P<args>(?:[^{}\"'`<>%]|<|[%>](?!\}\})|\"(?:\\.|[^\"\\\n]){0,2000}\"|'[^'\n]{0,2000}'|`[^`\n]{0,2000}`){0,2000}+)[%>]\}\}"
)
_ARGUMENT = re.compile(
    r"(?:(?P<key>[\w-]+)\s*=\s*)?(?:\"(?P<double>(?:\\.|[^\"\\])*)\"|'(?P<single>[^']*)'|`(?P<tick>[^`]*)`|(?P<bare>[^\s\"'`]+))"
)
_KINDS = {
    "note": "NOTE", "info": "NOTE", "primary": "NOTE", "secondary": "NOTE", "blue": "NOTE", "notice": "NOTE", "hint": "NOTE",
    "alert": "NOTE", "panel": "NOTE", "callout": "NOTE", "admonition": "NOTE",
    "tip": "TIP", "success": "TIP", "green": "TIP",
    "important": "IMPORTANT",
    "warning": "WARNING", "warn": "WARNING", "attention": "WARNING", "yellow": "WARNING", "orange": "WARNING",
    "caution": "CAUTION", "danger": "CAUTION", "error": "CAUTION", "red": "CAUTION",
}  # fmt: skip
_CALLOUTS = frozenset(
    "alert panel callout note info tip hint important warning caution danger notice admonition".split()
)
DEEPEST = 20
WIDEST_MARGIN = 100
_REST = re.compile(r"[ \t]*(?:\n|\Z)")
_VIDEOS = {"youtube": "https://www.youtube.com/watch?v={}", "vimeo": "https://vimeo.com/{}"}
_WORDED = ("title", "header", "name", "summary", "caption", "text", "label", "alt", "description")
_EMBEDDED_VIDEO = re.compile(
    r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/(?!videoseries)([\w-]+)"
)
_PLAYED_VIDEO = re.compile(r"(?:https?:)?//player\.vimeo\.com/video/([0-9]+)")
_IFRAME = re.compile(r"<iframe\b(?P<attributes>[^<>]*)>(?:[^<]*</iframe\s*>)?", re.IGNORECASE)
_EMBEDDING = re.compile(r"<(?:video|audio|embed|object)\b[^<>]*>", re.IGNORECASE)
_DROPPED = re.compile(r"<(?P<tag>script|style)\b", re.IGNORECASE)
_DIAGRAM = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*\{?\.?(mermaid|plantuml|graphviz|dot)\b", re.MULTILINE)
_ATTRIBUTE = re.compile(r"\b(src|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


@dataclass
class _Shortcode:
    """One shortcode with what stands inside it; `end` is where its closing tag ends."""

    start: int
    inner_start: int
    inner_end: int
    end: int
    name: str
    written: str
    named: dict[str, str] = field(default_factory=dict)
    positional: list[str] = field(default_factory=list)

    def argument(self, *names: str, place: int | None = None) -> str:
        """The first of these named arguments, else the positional one."""
        for name in names:
            if self.named.get(name):
                return self.named[name]
        return self.positional[place] if place is not None and place < len(self.positional) else ""

    @property
    def words(self) -> list[str]:
        """Arguments that a reader would miss: those with words in them, not ids, colours and file names."""
        named = [self.named[name] for name in _WORDED if self.named.get(name)]
        return named + [text for text in self.positional if " " in text.strip() or not text.isascii()]


def converted(body: str, ref: str) -> tuple[str, list[Change]]:
    """The page without shortcodes and iframes, and what that changed. Code stays as it is."""
    changes: list[Change] = []
    if "{{" in body:
        body = _without_shortcodes(body, ref, changes)
    if "<" in body:
        body = _without_iframes(body, ref, changes)
    diagrams = sorted({found[1] for found in _DIAGRAM.finditer(body)})
    if diagrams:
        message = _("A diagram (%(kind)s) is shown as its code.") % {"kind": ", ".join(diagrams)}
        changes.append(Change(ref, "diagram_as_code", message))
    return body, told_once(changes)


# ------------------------------------------------------------------ shortcodes
def _without_shortcodes(body: str, ref: str, changes: list[Change]) -> str:
    """From the innermost outwards, so that an outer one gets its inside as Markdown."""
    mask = masked(body)
    found = _shortcodes(body, mask)
    if not found:
        return body
    return _Converter(body, found, ref, changes).between(0, len(body))


def _shortcodes(body: str, mask: str) -> list[_Shortcode]:
    """Every shortcode outside code, in the order of their starts; a closing tag closes the last one open of its name."""
    found: list[_Shortcode] = []
    opened: dict[str, list[_Shortcode]] = {}
    for tag in _tags(mask):
        name = tag["name"]
        if tag["close"]:
            waiting = opened.get(name)
            if waiting:
                one = waiting.pop()
                one.inner_end, one.end = tag.start(), tag.end()
            else:
                found.append(_Shortcode(tag.start(), tag.end(), tag.end(), tag.end(), f"/{name}", tag[0]))
            continue
        one = _Shortcode(tag.start(), tag.end(), tag.end(), tag.end(), name, tag[0])
        _read_arguments(one, body[tag.start("args") : tag.end("args")])
        found.append(one)
        if not tag["args"].rstrip("- \t\n").endswith("/"):
            opened.setdefault(name, []).append(one)
    return _nested(found)


def _tags(mask: str) -> Iterator[re.Match[str]]:
    at = 0
    while (at := mask.find("{{", at)) >= 0:
        tag = _TAG.match(mask, at)
        if tag:
            yield tag
        at = tag.end() if tag else at + 2


def _nested(found: list[_Shortcode]) -> list[_Shortcode]:
    """Pairs that cross another pair, or nest deeper than anyone writes, are not pairs: the opening tag stands alone."""
    ends: list[int] = []
    for one in found:
        while ends and ends[-1] <= one.start:
            ends.pop()
        if ends and (one.end > ends[-1] or len(ends) > DEEPEST):
            one.inner_end = one.end = one.inner_start
        ends.append(one.end)
    return found


def _read_arguments(one: _Shortcode, text: str) -> None:
    for found in _ARGUMENT.finditer(text):
        quoted = found["double"]
        value = (
            quoted.replace('\\"', '"')
            if quoted is not None
            else next((found[name] for name in ("single", "tick", "bare") if found[name] is not None), "")
        )
        if found["key"]:
            one.named[found["key"].lower()] = value
        else:
            one.positional.append(value)


class _Converter:
    """Puts Markdown in the place of each shortcode."""

    def __init__(self, body: str, found: list[_Shortcode], ref: str, changes: list[Change]) -> None:
        self.body = body
        self.found = found
        self.ref = ref
        self.changes = changes
        self.next = 0

    def between(self, start: int, end: int) -> str:
        """The text from `start` to `end` with its shortcodes converted."""
        pieces: list[str] = []
        while self.next < len(self.found) and self.found[self.next].start < end:
            one = self.found[self.next]
            self.next += 1
            pieces.append(self.body[start : one.start])
            inner = self.between(one.inner_start, one.inner_end) if one.end > one.inner_start else ""
            pieces.append(self.markdown(one, inner))
            start = one.end
        pieces.append(self.body[start:end])
        return "".join(pieces)

    def markdown(self, one: _Shortcode, inner: str) -> str:
        name = one.name.lower().rpartition("/")[2]
        if one.name.startswith("/"):
            return ""
        if name in _CALLOUTS and self._stands_alone(one):
            text = inner if one.end > one.inner_start else one.argument("text", "content", "body")
            return self._callout(one, name, text)
        if name == "details" and self._stands_alone(one):
            summary = html.escape(one.argument("summary", "title", place=0) or _("Details"), quote=False)
            return f"<details><summary>{summary}</summary>\n\n{inner.strip(chr(10))}\n\n</details>"
        if name in ("ref", "relref"):
            return _path(one.argument("path", place=0))
        if name == "figure" and one.argument("src", place=0):
            return _figure(one)
        if name in _VIDEOS and one.argument("id", place=0):
            return self._video(one, name)
        return self._words(one, inner)

    def _stands_alone(self, one: _Shortcode) -> bool:
        """Whether its lines are its own, as a block needs."""
        return self._margin(one) is not None and _REST.match(self.body, one.end) is not None

    def _margin(self, one: _Shortcode) -> str | None:
        """The spaces before it on its line; None when something else stands there."""
        before = self.body[max(0, one.start - WIDEST_MARGIN) : one.start]
        margin = before[before.rfind("\n") + 1 :]
        at_start = "\n" in before or one.start <= WIDEST_MARGIN
        return margin if at_start and not margin.strip() else None

    def _callout(self, one: _Shortcode, name: str, inner: str) -> str:
        wanted = one.argument("color", "type", "level", "style", "kind", place=0).lower()
        titles = [text for text in one.positional if text.lower() not in _KINDS]
        title = (one.argument("title", "header", "heading") or " ".join(titles)).strip("*_ ")
        head = [f"[!{_KINDS.get(wanted) or _KINDS[name]}]", *((f"**{title}**", "") if title else ())]
        margin = self._margin(one) or ""
        lines = [
            f"> {line.removeprefix(margin)}".rstrip()
            for line in (*head, *inner.strip("\n").rstrip().split("\n"))
        ]
        # An empty line on both sides: what stands right below a quote would belong to it.
        above = self.body[max(0, one.start - len(margin) - 2) : one.start - len(margin)]
        apart = "" if above in ("", "\n", "\n\n") else f"\n{margin}"
        return apart + f"\n{margin}".join(lines) + "\n"

    def _video(self, one: _Shortcode, name: str) -> str:
        address = _VIDEOS[name].format(one.argument("id", place=0))
        message = _("A video is now a link: %(address)s") % {"address": address}
        self.changes.append(Change(self.ref, "video_as_link", message))
        title = one.argument("title")
        return f"[{title}]({address})" if title else f"<{address}>"

    def _words(self, one: _Shortcode, inner: str) -> str:
        """What is left of a shortcode nobody knows here: its words."""
        message = _("The shortcode %(shortcode)s was taken out; words in it stayed.") % {
            "shortcode": shortened(one.written)
        }
        self.changes.append(Change(self.ref, "shortcode_removed", message))
        words = " ".join(one.words)
        if not inner.strip():
            return words
        if not self._stands_alone(one):
            return f"{words} {inner}" if words else inner
        inner = inner.strip("\n")
        return f"**{words}**\n\n{inner}" if words else inner


def _path(path: str) -> str:
    """A page named by `ref`, as a link's address; the name of an output format behind it means nothing here."""
    return f"<{path}>" if " " in path else path


def _figure(one: _Shortcode) -> str:
    source = one.argument("src", place=0)
    caption = one.argument("caption", "title")
    alternative = (one.argument("alt") or caption).replace("[", "(").replace("]", ")")
    title = caption.replace('"', "'")
    image = f"![{alternative}]({_path(source)}" + (f' "{title}")' if title else ")")
    address = one.argument("link")
    return f"[{image}]({_path(address)})" if address else image


# ------------------------------------------------------------------ HTML
def _without_iframes(body: str, ref: str, changes: list[Change]) -> str:
    """Embedded pages as links, written in HTML because they often stand inside it."""
    mask = masked(body)
    edits = []
    for found in _IFRAME.finditer(mask):
        attributes = {
            one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "")
            for one in _ATTRIBUTE.finditer(found["attributes"])
        }
        address = _watched(attributes.get("src", "").strip())
        label = attributes.get("title", "").strip() or address
        link = f'<a href="{html.escape(address)}">{html.escape(label, quote=False)}</a>' if address else ""
        edits.append((found.start(), found.end(), link))
        message = _("An embedded page is now a link: %(address)s") % {"address": shortened(address) or "—"}
        changes.append(Change(ref, "iframe_removed", message))
    if _EMBEDDING.search(mask):
        changes.append(
            Change(ref, "embed_as_link", _("Embedded video, audio or objects are shown as links."))
        )
    dropped = sorted({found["tag"].lower() for found in _DROPPED.finditer(mask)})
    if dropped:
        message = _("Not kept: %(tags)s in HTML.") % {"tags": ", ".join(f"<{tag}>" for tag in dropped)}
        changes.append(Change(ref, "html_removed", message))
    return replaced(body, edits) if edits else body


def _watched(address: str) -> str:
    """Where an embedded video is watched."""
    if video := _EMBEDDED_VIDEO.match(address):
        return f"https://www.youtube.com/watch?v={video[1]}"
    if video := _PLAYED_VIDEO.match(address):
        return f"https://vimeo.com/{video[1]}"
    return f"https:{address}" if address.startswith("//") else address
