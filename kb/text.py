"""What two spellings have in common, which script a text is in, how bytes become text, and what a spreadsheet runs. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import jaconv

Script = Literal["ja", "latin", "other"]

_KANA = "\u3041-\u3096\u3099-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_KANJI = "\u3005-\u3007\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_LATIN = "0-9A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"

_RUNS = re.compile(
    f"(?P<ja>[{_KANA}{_KANJI}]+)|(?P<latin>[{_LATIN}]+)|(?P<other>[^{_KANA}{_KANJI}{_LATIN}]+)"
)
_ONLY_KANA = re.compile(rf"[\s・]*[{_KANA}][{_KANA}\s・]*")
_JAPANESE = re.compile(f"[{_KANA}{_KANJI}]")
_LATIN_WORD = re.compile("[!-~\u00c0-\u024f]+")

# Characters that NFKC and case folding turn into exactly one, whatever stands beside them.
_STEADY = (
    "\\x00-\x7f\u3000-\u3029\u3030-\u3035\u3037\u303b-\u3098\u309d-\u309e\u30a0-\u30fe\u3400-\u4dbf\u4e00-\u9fff"
    "\uff01-\uff60\uffe0-\uffe2\uffe4-\uffe6"
)
# Characters that may become none or several (half-width kana, ㈱, ﬁ, ß, …) but never join the one before them.
_ALONE = (
    "\u00a0-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u206f\u2070-\u20cf\u2100-\u2bff\u3036\u309b-\u309c\u309f\u30ff\u3200-\u33ff"
    "\uf900-\ufaff\ufb00-\ufb06\uff61-\uff9d\uffe3\U0001f000-\U0001faff"
)
# What has to be folded by itself to know where it stood: whatever may join, with what it may join, or one alone.
_UNSTEADY = re.compile(f"[^{_STEADY}]")
_PIECE = re.compile(f"[{_STEADY}{_ALONE}]?[^{_STEADY}{_ALONE}]+|[{_ALONE}]")

# What makes a spreadsheet take a text for a formula, and what could hide such a beginning from the eye.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TAG_SEPARATORS = re.compile("[,、，]")


def nfkc(text: str) -> str:
    """Width and composed forms made one: ﾃﾞｰﾀ and データ, ＳＳＯ and SSO."""
    return unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """The equality of names, tags and forms: width, case and spacing folded away."""
    return " ".join(_fold_characters(text).split())


def fold_map(text: str) -> tuple[str, list[int] | None]:
    """Width and case folded, and for each folded character (and the end) where its piece begins in `text`.

    Spaces keep their number, so that what is found in the folded text can be marked in the original one.
    None instead of places: the two texts agree character by character, as nearly all do.
    """
    first = _UNSTEADY.search(text)
    if first is None:
        return _fold_characters(text), None
    # what may join stands behind the character it joins
    pieces = list(_PIECE.finditer(text, max(0, first.start() - 1)))
    folded: list[str] = []
    places: list[int] = []
    done = 0
    for piece in pieces:
        start, end = piece.span()
        between = _fold_characters(text[done:start])
        changed = _fold_characters(piece[0])
        folded += (between, changed)
        places.extend(range(done, start))
        places.extend([start] * len(changed) if len(changed) != end - start else range(start, end))
        done = end
    folded.append(_fold_characters(text[done:]))
    places.extend(range(done, len(text) + 1))
    return "".join(folded), places


def _fold_characters(text: str) -> str:
    if text.isascii():
        return text.lower()
    return nfkc(nfkc(text).casefold())


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one script: `text` is what stands from `start` to `end`."""

    start: int
    end: int
    text: str
    script: Script


def runs(text: str) -> Iterator[Run]:
    """The text cut where the script changes: kana and kanji, Latin letters and digits, everything else."""
    scripts: dict[str | None, Script] = {"ja": "ja", "latin": "latin", "other": "other"}
    for found in _RUNS.finditer(text):
        yield Run(found.start(), found.end(), found[0], scripts[found.lastgroup])


def is_kana(text: str) -> bool:
    """Whether it is written in kana alone, as a reading is; spaces and the middle dot may stand between."""
    return _ONLY_KANA.fullmatch(text) is not None


def to_hiragana(text: str) -> str:
    """Katakana, half-width ones too, as hiragana; everything else as NFKC leaves it."""
    return str(jaconv.kata2hira(nfkc(text)))


def guess_language(text: str) -> Literal["ja", "en"]:
    """Japanese when it has a kana or kanji for every other Latin word; addresses do not count as words."""
    japanese = len(_JAPANESE.findall(text))
    latin = sum("/" not in word and not word.isnumeric() for word in _LATIN_WORD.findall(text))
    return "ja" if japanese and japanese * 2 >= latin else "en"


def tag_names(raw: Iterable[str]) -> list[str]:
    """Tags as they are kept: NFKC, single spaces, each once whatever its case and width, in the order given.

    A comma separates tags, also inside one of the given strings.
    """
    names: dict[str, str] = {}
    for text in raw:
        for part in _TAG_SEPARATORS.split(nfkc(text)):
            name = " ".join(part.split())
            if name:
                names.setdefault(fold(name), name)
    return list(names.values())


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before one that begins like it."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


class NotText(ValueError):
    """The bytes are not text; `reason` says whether they are "binary" or in an unknown "encoding"."""

    def __init__(self, reason: Literal["binary", "encoding"]) -> None:
        super().__init__("the file is not text" if reason == "binary" else "the file's encoding is not known")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, and the encoding it was read with (a Python codec's name)."""

    text: str
    encoding: str


def decode(raw: bytes) -> Decoded:
    """Read UTF-8, UTF-16 with its mark, or Shift_JIS as Windows writes it (cp932), in this order.

    Raises:
        NotText: the bytes hold control characters that no text has, or fit none of these.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif b"\x00" in raw:
        raise NotText("binary")
    else:
        candidates = ["utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", "cp932"]
    for encoding in candidates:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _BINARY.search(text):
            raise NotText("binary")
        return Decoded(text, encoding)
    raise NotText("encoding")
