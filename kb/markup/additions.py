"""What is added to the parsed tree: callouts, task lists, captions, footnotes, the ends of tags that have none."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from kb.markup.containers import Notes
from kb.text import fold, guess_language

# Kind of callout -> its markers (folded). English markers are GitHub's and a few of other tools'.
_MARKERS = {
    "note": "note info 補足 注 メモ 参考 備考 情報",
    "tip": "tip hint success ヒント コツ ポイント",
    "important": "important 重要",
    "warning": "warning attention 注意",
    "caution": "caution danger 警告 危険",
}
CALLOUTS = {marker: kind for kind, markers in _MARKERS.items() for marker in markers.split()}
_JAPANESE_TITLES = {
    "note": "補足",
    "tip": "ヒント",
    "important": "重要",
    "warning": "注意",
    "caution": "警告",
}
_FORMATTING = re.compile(
    r"<(/?)(a|abbr|b|big|code|em|font|i|kbd|mark|q|s|small|span|strong|sub|sup|tt|u)\b", re.IGNORECASE
)
_MARKER = re.compile(r"\[!([^\]\n]{1,20})\][ \t]*\n?")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_TEXT = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "li", "dt", "dd", "label")


class Callouts(Treeprocessor):
    """A quote that begins with `[!NOTE]`, alone on its line or before the text, becomes a callout.

    Its title is the marker as written if that is Japanese; otherwise in the language of the text.
    """

    def run(self, root: Element) -> None:
        for quote in list(root.iter("blockquote")):
            first = quote[0] if len(quote) and quote[0].tag == "p" else None
            marker = _MARKER.match(first.text or "") if first is not None else None
            kind = CALLOUTS.get(fold(marker[1])) if marker else None
            if first is None or marker is None or kind is None:
                continue
            first.text = marker.string[marker.end() :]
            title = marker[1].strip()
            if title.isascii():
                language = guess_language(" ".join(quote.itertext()))
                title = _JAPANESE_TITLES[kind] if language == "ja" else title.capitalize()
            if not first.text.strip():
                quote.remove(first)
            quote.tag = "div"
            quote.set("class", f"callout callout-{kind}")
            quote.set("role", "note")
            heading = Element("p", {"class": "callout-title"})
            heading.text = AtomicString(title)
            quote.insert(0, heading)


class Tasks(Treeprocessor):
    """The checkbox of a task and its words are one label, so that it is read out with them."""

    def run(self, root: Element) -> None:
        for entries in list(root.iter()):
            if entries.tag not in ("ul", "ol"):
                continue
            for entry in entries:
                place = entry[0] if not entry.text and len(entry) and entry[0].tag == "p" else entry
                task = _TASK.match(place.text or "")
                if task:
                    entries.set("class", "task-list")
                    entry.set("class", "task-list-item")
                    place.insert(0, _task_label(task))
                    place.text = None


def _task_label(task: re.Match[str]) -> Element:
    label = Element("label")
    box = SubElement(label, "input", {"type": "checkbox"})
    if task[1] != " ":
        box.set("checked", "")
    box.tail = f" {task.string[task.end() :]}"
    return label


class NoteSection(Treeprocessor):
    """Puts the footnotes behind the text, before running text is read."""

    def __init__(self, md: Markdown, notes: Notes) -> None:
        super().__init__(md)
        self.notes = notes

    def run(self, root: Element) -> None:
        section = self.notes.section()
        if section is not None:
            root.append(section)


class NoteNumbers(Treeprocessor):
    """Numbers the footnotes as the text refers to them; those nothing refers to stand after the others."""

    def run(self, root: Element) -> None:
        section = root[-1] if len(root) and root[-1].get("class") == "footnote" else None
        if section is None:
            return
        entries = {entry.get("id", ""): entry for entry in section[0]}
        marks: dict[str, list[Element]] = {}
        for mark in root.iter("a"):
            if mark.get("class") == "footnote-ref":
                marks.setdefault(mark.get("href", ""), []).append(mark)
        order = [*marks, *(name for name in entries if name not in marks)]
        section[0][:] = [entries[name] for name in order]
        for number, name in enumerate(order, 1):
            entries[name].set("id", f"fn-{number}")
            for time, mark in enumerate(marks.get(name, []), 1):
                place = f"fnref-{number}-{time}" if time > 1 else f"fnref-{number}"
                mark.set("href", f"#fn-{number}")
                mark.set("id", place)
                mark.text = AtomicString(f"[{number}]")
                _add_way_back(entries[name], place)


def _add_way_back(entry: Element, place: str) -> None:
    """At the end of the note: a link to where it is referred to."""
    last = entry[-1] if len(entry) and entry[-1].tag == "p" else SubElement(entry, "p")
    if len(last):
        last[-1].tail = f"{last[-1].tail or ''} "
    else:
        last.text = f"{last.text or ''} "
    way = SubElement(last, "a", {"class": "footnote-backref", "href": f"#{place}"})
    way.text = AtomicString("↩")


class ContainedFormatting(Treeprocessor):
    """`<b>` or `<a>` that is not closed in its paragraph ends with it, instead of reaching over the rest of the page."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.md: Markdown = md

    def run(self, root: Element) -> None:
        if not self.md.htmlStash.html_counter:
            return
        for element in root.iter():
            if element.tag in _TEXT:
                self._contain(element)

    def _contain(self, element: Element) -> None:
        opened = Counter[str]()
        for text in _own_texts(element):
            for found in HTML_PLACEHOLDER_RE.finditer(text):
                tag = _FORMATTING.match(str(self.md.htmlStash.rawHtmlBlocks[int(found[1])]))
                if tag:
                    opened[tag[2].lower()] += -1 if tag[1] else 1
        endings = "".join(f"</{name}>" * times for name, times in opened.items())
        if not endings:
            return
        ending = self.md.htmlStash.store(endings)
        inline = [child for child in element if not self.md.is_block_level(child.tag)]
        if inline:
            inline[-1].tail = f"{inline[-1].tail or ''}{ending}"
        else:
            element.text = f"{element.text or ''}{ending}"


def _own_texts(element: Element) -> list[str]:
    """The texts inside that are not inside another element of `_TEXT`."""
    texts = [element.text or ""]
    for child in element:
        if child.tag not in _TEXT:
            texts += _own_texts(child)
        texts.append(child.tail or "")
    return texts


class Captions(Treeprocessor):
    """An image alone in its paragraph, with a title, is a figure with that caption."""

    def run(self, root: Element) -> None:
        for paragraph in list(root.iter("p")):
            if len(paragraph) != 1 or paragraph[0].tag != "img":
                continue
            image = paragraph[0]
            caption = image.get("title")
            if not caption or (paragraph.text or "").strip() or (image.tail or "").strip():
                continue
            del image.attrib["title"]
            paragraph.tag = "figure"
            SubElement(paragraph, "figcaption").text = AtomicString(caption)
