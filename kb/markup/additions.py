"""What is added to the parsed page: callouts, task lists, captions, ids of headings, places of tables and code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from kb.text import fold, guess_language

# Marker (folded) -> kind of callout. English markers are GitHub's and a few of other tools'.
CALLOUTS = {
    **dict.fromkeys(("note", "info", "補足", "注", "メモ", "参考", "備考", "情報"), "note"),
    **dict.fromkeys(("tip", "hint", "success", "ヒント", "コツ", "ポイント"), "tip"),
    **dict.fromkeys(("important", "重要"), "important"),
    **dict.fromkeys(("warning", "attention", "注意"), "warning"),
    **dict.fromkeys(("caution", "danger", "警告", "危険"), "caution"),
}
_JAPANESE_TITLES = {
    "note": "補足",
    "tip": "ヒント",
    "important": "重要",
    "warning": "注意",
    "caution": "警告",
}
_MARKER = re.compile(r"\[!([^\]\n]{1,20})\][ \t]*\n?")
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_INLINE_TAGS = frozenset("a abbr b big code em font i kbd mark q s small span strong sub sup tt u".split())
_BLOCK_TAGS = frozenset("p li td th dt dd h1 h2 h3 h4 h5 h6 summary figcaption".split())
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)


def register(md: Markdown) -> None:
    """Before running text is read: what it begins with. After: what it turned out to be."""
    md.treeprocessors.register(_Before(md), "additions", 40)
    md.treeprocessors.register(_After(md), "captions", 15)


class _Before(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            if element.tag == "blockquote":
                _callout(element)
            elif element.tag == "li":
                _task(element)
            elif element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                _heading_attributes(element)
            elif element.tag in ("th", "td"):
                _cell(element)
            elif element.tag == "pre":
                element.set("tabindex", "0")
        for parent in root.iter():
            for item in parent:
                if item.get("class") == "task-list-item":
                    parent.set("class", "task-list")


def _heading_attributes(heading: Element) -> None:
    """`## 見出し {#id .class}`: the id is the heading's, a class is dropped."""
    written = (heading.text or "").rstrip()
    if not written.endswith("}"):
        return
    text, _, inside = written[:-1].rpartition("{")
    attributes = inside.removeprefix(":").split()
    if attributes and all(len(attribute) > 1 and attribute[0] in "#." for attribute in attributes):
        heading.text = text.rstrip()
        named = [attribute[1:] for attribute in attributes if attribute[0] == "#"]
        if named:
            heading.set("id", named[0])


def _cell(cell: Element) -> None:
    if cell.tag == "th":
        cell.set("scope", "col")
    alignment = cell.attrib.pop("align", "")
    if alignment in ("right", "center"):
        cell.set("class", f"align-{alignment}")


def _callout(quote: Element) -> None:
    """A quote that begins with `[!NOTE]`, alone on its line or before the text, becomes a callout.

    Its title is the marker as written if that is Japanese; otherwise in the language of the text.
    """
    first = quote[0] if len(quote) else None
    marker = _MARKER.match(first.text or "") if first is not None and first.tag == "p" else None
    kind = CALLOUTS.get(fold(marker[1])) if marker else None
    if first is None or marker is None or kind is None:
        return
    first.text = (first.text or "")[marker.end() :].lstrip()
    name = marker[1].strip()
    if name.isascii():
        name = (
            _JAPANESE_TITLES[kind]
            if guess_language(" ".join(quote.itertext())) == "ja"
            else name.capitalize()
        )
    quote.tag = "div"
    quote.attrib = {"class": f"callout callout-{kind}", "role": "note"}
    title = Element("p", {"class": "callout-title"})
    title.text = name
    title.tail = "\n"
    if not first.text and not len(first):
        quote.remove(first)
    quote.insert(0, title)


def _task(item: Element) -> None:
    """The checkbox of a task and its words are one label, so that it is read out with them."""
    holder = item[0] if not (item.text or "").strip() and len(item) and item[0].tag == "p" else item
    found = _TASK.match((holder.text or "").lstrip())
    if not found:
        return
    item.set("class", "task-list-item")
    box = Element("input", {"type": "checkbox", "disabled": "disabled"})
    if found[1] != " ":
        box.set("checked", "checked")
    box.tail = " " + (holder.text or "").lstrip()[found.end() :].strip("\n")
    label = Element("label")
    label.append(box)
    holder.text = ""
    holder.insert(0, label)


class _After(Treeprocessor):
    """An image alone in its paragraph, with a title, is a figure with that caption; notes nothing refers to lead nowhere."""

    def run(self, root: Element) -> None:
        self.unlink_footnotes(root)
        for paragraph in list(_lone_images(root)):
            image = paragraph[0]
            paragraph.tag = "figure"
            caption = Element("figcaption")
            caption.text = image.attrib.pop("title")
            paragraph.append(caption)

    @staticmethod
    def unlink_footnotes(root: Element) -> None:
        places = {f"#{element.get('id')}" for element in root.iter("sup")}
        for paragraph in root.iter("p"):
            for link in list(paragraph):
                if link.get("class") == "footnote-backref":
                    link.attrib.pop("title", None)
                    if link.get("href") not in places:
                        paragraph.remove(link)


def _lone_images(root: Element) -> Iterator[Element]:
    for paragraph in root.iter("p"):
        alone = (
            len(paragraph) == 1
            and not (paragraph.text or "").strip()
            and not (paragraph[0].tail or "").strip()
        )
        if alone and paragraph[0].tag == "img" and paragraph[0].get("title"):
            yield paragraph


def contained_formatting(html: str) -> str:
    """`<b>` or `<a>` that is not closed in its paragraph ends with it, instead of reaching over the rest of the page."""
    pieces: list[str] = []
    opened = Counter[str]()
    done = 0
    for tag in _TAG.finditer(html):
        closing, name = tag[1], tag[2].lower()
        if name in _INLINE_TAGS:
            opened[name] += -1 if closing else 1
        elif name in _BLOCK_TAGS:
            pieces.append(html[done : tag.start()])
            pieces += [f"</{open_name}>" * times for open_name, times in opened.items() if times > 0]
            opened.clear()
            done = tag.start()
    pieces.append(html[done:])
    return "".join(pieces)
