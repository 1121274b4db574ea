"""Reading a folder of Markdown: which files are pages, what each says of itself, and what is wrong with it."""

from __future__ import annotations

import hashlib
import html
import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from kb.articles import front_matter
from kb.articles.front_matter import FrontMatter
from kb.articles.links import FOLDER_PAGES, MARKDOWN
from kb.articles.prose import masked
from kb.articles.shortcodes import converted
from kb.notices import Change, Problem, shortened
from kb.text import Decoded, NotText, decode, fold, guess_language

LARGEST = 10 * 1024 * 1024  # bytes
REF_LENGTH = 500
TITLE_LENGTH = 300
LANGUAGES = {
    "ja": "ja",
    "japanese": "ja",
    "日本語": "ja",
    "jp": "ja",
    "en": "en",
    "english": "en",
    "英語": "en",
}

_STRAY = bytes([*range(1, 9), *range(14, 27), *range(28, 32)])
_CONTROL = re.compile(f"[\x00{_STRAY.decode()}]")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_FIRST_HEADING = re.compile(
    r"^ {0,3}#(?P<level>#{0,5})(?:[ \t](?P<text>[^\n]*))?$"
    r"|^(?P<under>[^\s\x00#>|+*-][^\n]*)\n {0,3}(?P<bar>=+|-{2,})[ \t]*$",
    re.MULTILINE,
)
_HEADING_END = re.compile(r"[ \t]+#+[ \t]*$|[ \t]*\{:?[ \t]*[#.][^{}]*\}[ \t]*$")
_MARKUP = (
    (re.compile(r"!\[([^\[\]]*)\]\([^()]*\)"), ""),
    (re.compile(r"\[([^\[\]]*)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"(`+) ?(.+?) ?\1"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
_LOST_WITH_TITLE = re.compile(r"\]\(|\]\[|<(?:a|img)\b", re.IGNORECASE)
_READERS = re.compile(r"^[^\w\n]{0,20}audience\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class SourcePage:
    """A file as a page. Of what the head says, kind, audience, owner and date are as written: nobody here knows them.

    `digest` is of the file's bytes; `top` names the top folder, "" for a file that lies directly in PATH.
    """

    ref: str
    digest: str
    title: str
    body: str
    language: str
    top: str
    head: FrontMatter = field(default_factory=FrontMatter)
    changes: tuple[Change, ...] = ()


@dataclass
class FolderReading:
    """What was read, in the order of the paths: pages, files that cannot be pages, and files that are none."""

    pages: list[SourcePage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Change] = field(default_factory=list)


class _Refused(Exception):
    """The file is no page; the problem says why."""

    def __init__(self, code: str, message: str, value: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.value = value


def read_folder(path: Path) -> FolderReading:
    """Read every Markdown file below `path`, or the one file that it is."""
    reading = FolderReading()
    if path.is_file():
        _take(reading, path, _ref(path.name), name_of(path))
        return reading
    seen: dict[str, str] = {}
    for ref, file in _files(path, reading):
        folded = ref.casefold()
        if folded in seen:
            message = _("%(other)s has the same name; only one of the two can be a page.") % {
                "other": seen[folded]
            }
            reading.problems.append(Problem(ref, None, None, None, "same_name", message))
            continue
        seen[folded] = ref
        _take(reading, file, ref, name_of(path))
    if not seen:
        message = _("There is no Markdown file here; names of Markdown files end in .md.")
        reading.problems.append(Problem(".", None, None, None, "no_pages", message, refused=False))
    return reading


def name_of(path: Path) -> str:
    """What the pages that lie directly in PATH are collected under: the folder's name."""
    folder = path.resolve().parent if path.is_file() else path.resolve()
    return readable(unicodedata.normalize("NFC", folder.name)) or _("Imported pages")


def readable(name: str) -> str:
    """A name of a file or folder as people write it: `integrated-marketing` -> `Integrated marketing`."""
    words = " ".join(re.sub("[-_]+", " ", name).split())
    return words[:1].upper() + words[1:]


def _files(path: Path, reading: FolderReading) -> Iterator[tuple[str, Path]]:
    """Markdown files and their refs, sorted; the other files are noted. Hidden folders, as `.git`, are passed over."""
    found: list[tuple[str, Path]] = []

    def unreadable(error: OSError) -> None:
        ref = _ref(os.path.relpath(str(error.filename), path))
        message = _("The folder cannot be read: %(reason)s") % {"reason": error.strerror}
        reading.problems.append(Problem(ref, None, None, None, "unreadable", message))

    for folder, folders, names in os.walk(path, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            file = Path(folder, name)
            found.append((_ref(os.path.relpath(file, path)), file))
        for name in folders:
            if Path(folder, name).is_symlink():
                found.append((_ref(os.path.relpath(Path(folder, name), path)), Path(folder, name)))
    for ref, file in sorted(found):
        if file.is_symlink() and not file.resolve().is_relative_to(path.resolve()):
            reading.left_out.append(Change(ref, "link_not_followed", _("It leads out of the folder.")))
        elif file.is_dir():
            reading.left_out.append(
                Change(ref, "link_not_followed", _("A link to a folder is not followed."))
            )
        elif not ref.lower().endswith(MARKDOWN):
            if not posixpath.basename(ref).startswith("."):
                reading.left_out.append(
                    Change(ref, "file_not_taken", _("It is not Markdown; files come later."))
                )
        else:
            yield ref, file


def _ref(path: str) -> str:
    """The path below PATH as pages are known by it; names that are no text keep a mark where they are not."""
    posix = path.replace(os.sep, "/").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", posix)


def _take(reading: FolderReading, file: Path, ref: str, around: str) -> None:
    try:
        if len(ref) > REF_LENGTH:
            raise _Refused(
                "path_too_long", _("The path has over %(count)d characters.") % {"count": REF_LENGTH}
            )
        raw = _bytes(file)
        text, changes = _text(raw, ref)
    except _Refused as refused:
        reading.problems.append(
            Problem(shortened(ref, REF_LENGTH), None, None, refused.value, refused.code, refused.message)
        )
        return
    page = page_of(text, ref, around)
    head = page.head
    if head.error:
        closed = bool(_READERS.search(head.written))
        reading.problems.append(_head_problem(ref, head, refused=closed))
        if closed:
            return
    digest = hashlib.sha256(raw).hexdigest()
    reading.pages.append(replace(page, digest=digest, changes=(*changes, *page.changes)))


def _bytes(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > LARGEST:
            message = _("The file is larger than 10 MB.")
            raise _Refused("too_large", message, value=str(size))
        return file.read_bytes()
    except OSError as error:
        message = _("The file cannot be read: %(reason)s") % {"reason": error.strerror}
        raise _Refused("unreadable", message) from error


def _text(raw: bytes, ref: str) -> tuple[str, list[Change]]:
    """The file's text with line feeds, and what of the bytes was not kept."""
    changes: list[Change] = []
    try:
        decoded = decode(raw)
    except NotText as error:
        found = _without_stray(raw) if error.reason == "binary" else _broken_utf8(raw)
        if found is None:
            binary = error.reason == "binary"
            message = (
                _("The file is not text.")
                if binary
                else _("The file's encoding is not known; save it as UTF-8.")
            )
            raise _Refused(error.reason, message) from error
        decoded = found
        changes.append(
            Change(ref, "unreadable_characters", _("Characters that cannot be read were taken out."))
        )
    if decoded.encoding == "cp932" and (broken := _broken_utf8(raw)):
        decoded = broken
        changes.append(
            Change(ref, "unreadable_characters", _("Characters that cannot be read were taken out."))
        )
    if decoded.encoding == "cp932":
        changes.append(Change(ref, "read_as", _("The file is not UTF-8; it was read as Shift_JIS.")))
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return text, changes


def _without_stray(raw: bytes) -> Decoded | None:
    """A text into which a few control characters strayed, as they do from a terminal or a word processor."""
    kept = raw.translate(None, _STRAY)
    if b"\x00" in raw or (len(raw) - len(kept)) * 100 > len(raw):
        return None
    try:
        return decode(kept)
    except NotText:
        return None


def _broken_utf8(raw: bytes) -> Decoded | None:
    """UTF-8 with a few bytes that are not, as when a file was cut; as another encoding all of it would be nonsense."""
    text = raw.decode("utf-8", "ignore")
    beyond_ascii = sum(len(word.encode()) for word in _NOT_ASCII.findall(text))
    lost = len(raw) - len(text.encode())
    return Decoded(text, "utf-8") if beyond_ascii > 4 * lost and not _CONTROL.search(text) else None


def _head_problem(ref: str, head: FrontMatter, *, refused: bool) -> Problem:
    message = (
        _("The front matter cannot be read, and it says who may read the page: %(reason)s")
        if refused
        else _("The front matter cannot be read; it was kept as text: %(reason)s")
    ) % {"reason": head.error}
    row = head.error_line
    lines = head.written.split("\n")
    value = shortened(lines[row - 2]) if row and 0 <= row - 2 < len(lines) else None
    return Problem(ref, row, None, value, "front_matter", message, refused=refused)


# ------------------------------------------------------------------ one page
def page_of(text: str, ref: str, around: str) -> SourcePage:
    """The page a text is. `around` names the folder that everything lies in."""
    head = front_matter.parted(text)
    body, changes = converted(head.body, ref)
    title, body = _titled(head.one("title"), body, ref, around, changes)
    if len(title) > TITLE_LENGTH:
        changes.append(Change(ref, "title_cut", _("The title is too long; all of it stands above the text.")))
        title, body = f"{title[: TITLE_LENGTH - 1]}…", f"**{title}**\n\n{body}"
    body = _with_description(head.one("description"), body)
    if head.error:
        body = _fenced(head.written) + body
    if not text.strip():
        changes.append(Change(ref, "empty", _("The file is empty; the page has a title and no text.")))
    language = _language(head, f"{title}\n{body}", ref, changes)
    _note_head(head, ref, changes)
    top = ref.partition("/")[0] if "/" in ref else ""
    return SourcePage(ref, "", title, body.strip("\n"), language, top, head, tuple(changes))


def _titled(given: str, body: str, ref: str, around: str, changes: list[Change]) -> tuple[str, str]:
    """The title, and the body without the heading that says the same: the head's, else the first H1, else the file's name."""
    heading = _first_heading(body)
    if heading is None:
        return given or _file_title(ref, around), body
    written, start, end = heading
    found = plain(written)
    if given and fold(given) != fold(found):
        return given, body
    if not found:
        return given or _file_title(ref, around), body
    if _LOST_WITH_TITLE.search(written):
        message = _("The first heading is the title now; links and images in it were not kept: %(heading)s")
        changes.append(Change(ref, "title_plain", message % {"heading": shortened(written, 200)}))
    return given or found, body[:start] + body[end:].lstrip("\n")


def _first_heading(body: str) -> tuple[str, int, int] | None:
    """The first heading if it is of the first level: its words as written, and where it stands."""
    found = _FIRST_HEADING.search(masked(body))
    if found is None or found["level"] or (found["bar"] or "=").startswith("-"):
        return None
    group = "text" if found["under"] is None else "under"
    start, end = found.span(group)
    return (body[start:end] if start >= 0 else ""), found.start(), found.end()


def plain(text: str) -> str:
    """Words of a heading without markup."""
    text = _HEADING_END.sub("", _HEADING_END.sub("", text))
    for pattern, words in _MARKUP:
        text = pattern.sub(words, text)
    return " ".join(html.unescape(text).split())


def _file_title(ref: str, around: str) -> str:
    """The file's name, or its folder's for an index, made readable."""
    folder, name = posixpath.split(posixpath.splitext(ref)[0])
    if name.casefold() in FOLDER_PAGES:
        return readable(posixpath.basename(folder)) or around
    return readable(name) or name


def _with_description(description: str, body: str) -> str:
    """The head's description as the first paragraph, where sites show it, unless the text says it anyway."""
    if not description or fold(description) in fold(body):
        return body
    return f"{description}\n\n{body}"


def _fenced(head: str) -> str:
    fence = "```"
    while fence in head:
        fence += "`"
    return f"{fence}yaml\n{head.strip(chr(10))}\n{fence}\n\n"


def _language(head: FrontMatter, text: str, ref: str, changes: list[Change]) -> str:
    written = head.one("language")
    known = LANGUAGES.get(fold(written)) or LANGUAGES.get(re.split("[-_]", fold(written))[0])
    if known:
        return known
    guessed = guess_language(text)
    if written:
        message = _("The language %(written)s is not kept here; the page counts as %(guessed)s.")
        changes.append(
            Change(ref, "language_not_kept", message % {"written": shortened(written), "guessed": guessed})
        )
    return guessed


def _note_head(head: FrontMatter, ref: str, changes: list[Change]) -> None:
    if head.one("draft").casefold() == "true":
        changes.append(Change(ref, "draft", _("The file says that it is a draft; the page is not.")))
