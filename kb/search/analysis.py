"""One analyser for every engine: text in, tokens with positions out. Engines store them as they are.

Japanese is cut into words twice: by dictionary (SudachiPy, its longest words, in their normal spelling) and into
overlapping pairs of characters, so that a word is found in its other spellings and also in the middle of a longer one.
Readings serve queries typed in kana. English words are stemmed. Without SudachiPy the pairs alone remain.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from typing import TypeAlias

import jaconv
import snowballstemmer

from kb.search.documents import Document

try:
    import sudachipy
except ImportError:  # the site then runs on pairs of characters, and a start-up check says so
    sudachipy = None

ANALYSIS_VERSION = "2"
# Longer words are lines of a spreadsheet or encoded bytes; nobody types them whole.
TERM_LENGTH = 40
# What of a longer name is kept as it is, so that names which begin so are found.
KEPT_OF_LONG_NAMES = TERM_LENGTH // 2
# Sudachi takes 49,149 bytes at a time; a character of Japanese has three, rarely four.
STRETCH_LENGTH = 10_000

WORD_FIELDS = ("title", "names", "headings", "tags", "body")
READING_FIELDS = ("title", "names", "body")
# Single characters; whole titles and names; the glossary's terms: there or not there.
UNCOUNTED_FIELDS = ("characters", "exact", "terms")

JA = "々〆〇ぁ-ゖゝゞァ-ヺー-ヾ㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_PIECE = re.compile(
    rf"(?P<ja>[{JA}]+)|(?P<number>[0-9]+(?:,[0-9]{{3}})*(?![^\W_{JA}]))|(?P<word>[^\W_{JA}]+(?:['’][^\W_{JA}]+)*)"
)
# Japanese with the punctuation inside it, which tells Sudachi where words cannot be.
_STRETCH = re.compile(rf"[{JA}](?:[^\w\n]*[{JA}])*")
_RUN = re.compile(rf"[{JA}0-9]+")
_ONE_JA = re.compile(rf"[{JA}]")
_KANA = re.compile(r"[ぁ-ゖゝゞァ-ヺー-ヾ]+")
_BREAK = re.compile(r"[.!?;:\n]")
_SENTENCE_END = re.compile(r"[。！？!?\n]")

_FUNCTION_POS = frozenset({"助詞", "助動詞", "補助記号", "空白"})
_SYMBOL_POS = frozenset({"補助記号", "空白"})
_LIGHT_POS = frozenset({"代名詞", "連体詞", "接続詞", "感動詞", "助動詞語幹"})
_AFFIX_POS = frozenset({"接頭辞", "接尾辞"})
# Words that carry no meaning of their own in a question; they count only when nothing else was asked.
_LIGHT_WORDS = frozenset(
    "為る 有る 居る 成る 出来る 遣る 下さる 頂く 貰う 呉れる 置く 仕舞う 良い 無い 欲しい 宜しい 教える 知る 言う"
    " 関する 対する 因る よる 拠る 於く おく 就く つく 通じる 基づく 当たる 当る 及び 並び 又"
    " 事 物 為 訳 筈 こと もの ため わけ はず 何 誰 何処 何時 何故 何れ どう こう そう どんな そんな 如何"
    .split()
)  # fmt: skip
STOP_WORDS = frozenset(
    "a about am an and any are as at be been but by can could did do does for from had has have how i if in into is it its me my"
    " of on or our shall should so some such than that the their them then there these they this those to us was we were what"
    " when where which who whom whose why will with would you your"
    .split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start` … `end` of the folded text, in its normal form, at `position` among the words of the text.

    `content`: it means something; `light`: it does, but asks for nothing (する, こと, the); `affix`: only with its
    neighbour (お…様, …的). `reading` is in hiragana and empty for what is not Japanese.
    """

    text: str
    start: int
    end: int
    position: int
    japanese: bool
    content: bool
    light: bool
    affix: bool
    reading: str


# Four bytes each: a page of ten megabytes has millions of them.
Positions: TypeAlias = "array[int]"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as engines keep it: for each field its tokens with their positions, and what is shown or filtered by."""

    document: Document
    fields: Mapping[str, Mapping[str, Positions]]


def fold(text: str) -> str:
    """Width and case made equal; what positions and offsets of this module refer to."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def has_dictionary() -> bool:
    """Whether Japanese is cut by dictionary; without it only pairs of characters are found."""
    return sudachipy is not None


@cache
def stamp() -> str:
    """What made the tokens; an index with another stamp must be built anew."""
    if not has_dictionary():
        return f"{ANALYSIS_VERSION} pairs"
    return f"{ANALYSIS_VERSION} sudachi {version('SudachiPy')} {version('sudachidict-small')}"


def warm() -> None:
    """Load the dictionary (a tenth of a second, 100 MB), which otherwise the first query waits for."""
    words("京都")


# ------------------------------------------------------------------ words
@dataclass(frozen=True, slots=True)
class _Kind:
    """What a part of speech means here."""

    symbol: bool = False
    content: bool = True
    light: bool = False
    affix: bool = False


_LATIN = _Kind()
_STOP = _Kind(light=True)


class _Japanese:
    """The one tokenizer of a process; it is not made for two threads at once."""

    def __init__(self) -> None:
        self.dictionary = sudachipy.Dictionary(dict="small")
        self.tokenizer = self.dictionary.tokenizer(
            mode=sudachipy.SplitMode.C, fields={"pos", "normalized_form", "reading_form"}
        )
        self.kinds: dict[int, _Kind] = {}
        self.lock = threading.Lock()

    def kind(self, pos_id: int) -> _Kind:
        kind = self.kinds.get(pos_id)
        if kind is None:
            main, second = self.dictionary.pos_of(pos_id)[:2]
            kind = _Kind(
                symbol=main in _SYMBOL_POS,
                content=main not in _FUNCTION_POS,
                light=main in _LIGHT_POS or second in _LIGHT_POS,
                affix=main in _AFFIX_POS,
            )
            self.kinds[pos_id] = kind
        return kind

    def cut(self, stretch: str) -> Iterator[tuple[int, int, str, str, _Kind]]:
        """(start, end, normal form, reading in katakana, kind) of each word."""
        with self.lock:
            found = [
                (m.begin(), m.end(), m.normalized_form(), m.reading_form(), self.kind(m.part_of_speech_id()))
                for m in self.tokenizer.tokenize(stretch)
            ]
        return iter(found)


@cache
def _japanese() -> _Japanese:
    return _Japanese()


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    """The Japanese of a text in pieces Sudachi can take, cut at the end of a sentence where there is one."""
    for match in _STRETCH.finditer(text):
        start, piece = match.start(), match.group()
        while len(piece) > STRETCH_LENGTH:
            ends = [end.end() for end in _SENTENCE_END.finditer(piece, 0, STRETCH_LENGTH)]
            cut = ends[-1] if ends else STRETCH_LENGTH
            yield start, piece[:cut]
            start, piece = start + cut, piece[cut:]
        yield start, piece


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(snowballstemmer.stemmer("english").stemWord(word))


def latin(word: str) -> str:
    """The term of a folded word that is not Japanese: without commas in numbers, stemmed, not too long."""
    word = word.replace("’", "'")
    return _stem(word.replace(",", "") if word[0].isdigit() else word[: TERM_LENGTH * 2])[:TERM_LENGTH]


def _raw_words(text: str) -> Iterator[tuple[int, int, str, str, bool, _Kind]]:
    """Words in the order of the text, without their positions; Japanese only where there is a dictionary."""
    others = (
        (m.start(), m.end(), latin(m.group()), "", False, _STOP if m.group() in STOP_WORDS else _LATIN)
        for m in _PIECE.finditer(text)
        if m.lastgroup != "ja"
    )
    if not has_dictionary():
        yield from others
        return
    other = next(others, None)
    japanese = _japanese()
    for offset, stretch in _stretches(text):
        while other is not None and other[0] < offset:
            yield other
            other = next(others, None)
        for start, end, normal, reading, kind in japanese.cut(stretch):
            if not kind.symbol and start < end:
                yield offset + start, offset + end, normal.casefold()[:TERM_LENGTH], reading, True, kind
    while other is not None:
        yield other
        other = next(others, None)


def words(text: str) -> Iterator[Word]:
    """The words of a folded text; neighbours have neighbouring positions, punctuation leaves a gap."""
    position = end_before = -1
    japanese_before = False
    for start, end, term, reading, japanese, kind in _raw_words(text):
        position += 1
        gap = text[end_before:start] if end_before >= 0 else ""
        if gap and (japanese or japanese_before or _BREAK.search(gap)):
            position += 1
        light = kind.light or term in _LIGHT_WORDS
        yield Word(term, start, end, position, japanese, kind.content, light, kind.affix, hiragana(reading))
        end_before, japanese_before = end, japanese


def word_starts(text: str) -> frozenset[int]:
    """Offsets in `text` itself where a Japanese word begins; of any length; empty without a dictionary."""
    if not has_dictionary():
        return frozenset()
    japanese = _japanese()
    return frozenset(offset + cut[0] for offset, stretch in _stretches(text) for cut in japanese.cut(stretch))


def reading(text: str) -> str:
    """The reading of a text in hiragana, as the dictionary has it; empty where it knows none."""
    if not has_dictionary():
        return ""
    folded = fold(text)
    return "".join(word.reading for word in words(folded) if word.japanese)


@lru_cache(maxsize=20_000)
def hiragana(kana: str) -> str:
    """Kana as hiragana; empty for anything else, and for what is too long to be a word."""
    return str(jaconv.kata2hira(kana)) if len(kana) <= TERM_LENGTH and _KANA.fullmatch(kana) else ""


def is_kana(text: str) -> bool:
    """Whether a text is typed in kana alone."""
    return _KANA.fullmatch(text) is not None


def is_japanese(character: str) -> bool:
    return _ONE_JA.fullmatch(character) is not None


# ------------------------------------------------------------------ pairs of characters
def runs(text: str) -> Iterator[tuple[int, str]]:
    """(start, run) of Japanese in a folded text, digits that touch it included: 第3四半期 is one run."""
    for match in _RUN.finditer(text):
        if _ONE_JA.search(match.group()):
            yield match.start(), match.group()


def pairs(run: str) -> list[str]:
    """The overlapping pairs of characters of a run."""
    return [run[index : index + 2] for index in range(len(run) - 1)]


# ------------------------------------------------------------------ documents
def prepare(document: Document) -> Prepared:
    """Make a document's tokens; the field `body_words` holds words of the body, and so on, as in `field_names`."""
    fields: dict[str, Mapping[str, Positions]] = {}
    characters: set[str] = set()
    readings = {name: _Tokens() for name in READING_FIELDS}
    for name, text in _parts(document).items():
        read = readings[name if name in READING_FIELDS else "body"]
        fields[f"{name}_words"] = _word_tokens(text, read)
        pair_tokens = _Tokens()
        for start, run in runs(text):
            characters.update(run)
            for index, pair in enumerate(pairs(run), start):
                pair_tokens.add(pair, index)
            if name != "body" and (kana := hiragana(run)):
                read.add(kana, 0)
        fields[f"{name}_pairs"] = pair_tokens
    fields |= {f"{name}_readings": tokens for name, tokens in readings.items()}
    fields["characters"] = _once(one for one in characters if is_japanese(one))
    fields["exact"] = _once(exact(name) for name in (document.title, *document.names))
    fields["terms"] = _once(document.terms)
    return Prepared(document, fields)


def field_names() -> tuple[str, ...]:
    """Every field of tokens that `prepare` makes."""
    names = [f"{name}_{kind}" for kind in ("words", "pairs") for name in WORD_FIELDS]
    return (*names, *(f"{name}_readings" for name in READING_FIELDS), *UNCOUNTED_FIELDS)


def exact(name: str) -> str:
    """A whole title or name as one token, whatever its width, case and spaces; a long one is told by its digest."""
    text = " ".join(fold(name).split())
    if len(text) <= TERM_LENGTH:
        return text
    return text[:KEPT_OF_LONG_NAMES] + blake2b(text.encode(), digest_size=8).hexdigest()


def _once(texts: Iterable[str]) -> dict[str, Positions]:
    """Tokens of which only whether they are there is kept."""
    return {text: array("I", [0]) for text in texts if text}


def _parts(document: Document) -> dict[str, str]:
    """The folded text of each field; lines keep names, headings and tags apart."""
    return {
        "title": fold(document.title),
        "names": fold("\n".join(document.names)),
        "headings": fold("\n".join(document.headings)),
        "tags": fold("\n".join(document.tags)),
        "body": fold(document.body),
    }


class _Tokens(dict[str, Positions]):
    """Tokens of a field, each with its positions."""

    def add(self, text: str, position: int) -> None:
        if text in self:
            self[text].append(position)
        else:
            self[text] = array("I", [position])


def _word_tokens(text: str, read: _Tokens) -> _Tokens:
    """The words of a text; into `read` their readings, and those of two neighbours, for 受注 率 and 顧客 の 声 are typed as one."""
    tokens = _Tokens()
    before: Word | None = None
    one_before: Word | None = None
    for word in words(text):
        joins = word.text == "の" and not word.content
        if not word.content and not joins:
            continue
        tokens.add(word.text, word.position)
        if word.content and word.reading:
            read.add(word.reading, 0)
            if before is not None and before.position == word.position - 1 and before.reading:
                if before.content:
                    read.add((before.reading + word.reading)[:TERM_LENGTH], 0)
                elif (
                    one_before is not None and one_before.position == word.position - 2 and one_before.reading
                ):
                    read.add((one_before.reading + before.reading + word.reading)[:TERM_LENGTH], 0)
        one_before, before = before, word
    return tokens
