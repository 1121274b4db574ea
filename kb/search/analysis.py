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
from operator import add
from typing import NamedTuple, TypeAlias

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
# What so many words of the dictionary are is kept, about 20 MB.
FORMS_KEPT = 50_000

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


class Word(NamedTuple):
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
class _Form(NamedTuple):
    """What a word is wherever it stands; as in `Word`. A `symbol` is none."""

    text: str
    japanese: bool = False
    content: bool = True
    light: bool = False
    affix: bool = False
    reading: str = ""
    symbol: bool = False


class _Japanese:
    """The one tokenizer of a process; it is not made for two threads at once."""

    def __init__(self) -> None:
        self.dictionary = sudachipy.Dictionary(dict="small")
        self.tokenizer = self.dictionary.tokenizer(
            mode=sudachipy.SplitMode.C, fields={"pos", "normalized_form", "reading_form"}
        )
        self.parts_of_speech: dict[int, _Form] = {}
        self.forms: dict[int, _Form] = {}
        self.lock = threading.Lock()

    def cut(self, stretch: str) -> list[tuple[int, int, _Form]]:
        """(start, end, form) of each word."""
        forms = self.forms
        with self.lock:
            if len(forms) > FORMS_KEPT:
                forms.clear()
            # a word of the dictionary is asked once what it is: most of the cost is in asking
            return [
                (m.begin(), m.end(), forms.get(m.word_id()) or self._form(m))
                for m in self.tokenizer.tokenize(stretch)
            ]

    def _form(self, morpheme: sudachipy.Morpheme) -> _Form:
        text = morpheme.normalized_form().casefold()[:TERM_LENGTH]
        kind = self._part_of_speech(morpheme.part_of_speech_id())
        form = kind._replace(
            text=text, light=kind.light or text in _LIGHT_WORDS, reading=hiragana(morpheme.reading_form())
        )
        # what is not in it, and what was put together of several, shares its number with others
        if not morpheme.is_oov():
            self.forms[morpheme.word_id()] = form
        return form

    def _part_of_speech(self, pos_id: int) -> _Form:
        kind = self.parts_of_speech.get(pos_id)
        if kind is None:
            main, second = self.dictionary.pos_of(pos_id)[:2]
            kind = self.parts_of_speech[pos_id] = _Form(
                "",
                japanese=True,
                content=main not in _FUNCTION_POS,
                light=main in _LIGHT_POS or second in _LIGHT_POS,
                affix=main in _AFFIX_POS,
                symbol=main in _SYMBOL_POS,
            )
        return kind


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


@lru_cache(maxsize=100_000)
def _latin_form(word: str) -> _Form:
    text = latin(word)
    return _Form(text, light=word in STOP_WORDS or text in _LIGHT_WORDS)


def _forms(text: str) -> Iterator[tuple[int, int, _Form]]:
    """Words in the order of the text, and where they stand; Japanese only where there is a dictionary."""
    others = ((*m.span(), _latin_form(m[0])) for m in _PIECE.finditer(text) if m.lastgroup != "ja")
    if not has_dictionary():
        yield from others
        return
    other = next(others, None)
    japanese = _japanese()
    for offset, stretch in _stretches(text):
        while other is not None and other[0] < offset:
            yield other
            other = next(others, None)
        for start, end, form in japanese.cut(stretch):
            if not form.symbol and start < end:
                yield offset + start, offset + end, form
    if other is not None:
        yield other
        yield from others


def _placed(text: str) -> Iterator[tuple[int, int, int, _Form]]:
    """The same with their positions: (start, end, position, form)."""
    position = end_before = -1
    japanese_before = False
    for start, end, form in _forms(text):
        position += 1
        japanese = form.japanese
        if start > end_before >= 0 and (
            japanese or japanese_before or _BREAK.search(text, end_before, start) is not None
        ):
            position += 1
        yield start, end, position, form
        end_before, japanese_before = end, japanese


def words(text: str) -> Iterator[Word]:
    """The words of a folded text; neighbours have neighbouring positions, punctuation leaves a gap."""
    for start, end, position, form in _placed(text):
        yield Word(
            form.text, start, end, position, form.japanese, form.content, form.light, form.affix, form.reading
        )


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
    return list(map(add, run, run[1:]))


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
                pair_tokens[pair].append(index)
            if name != "body" and (kana := hiragana(run)):
                read[kana].append(0)
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
    """Tokens of a field, each with its positions; one that was not there yet is there by being asked for."""

    def __missing__(self, text: str) -> Positions:
        positions = self[text] = array("I")
        return positions


def _word_tokens(text: str, read: _Tokens) -> _Tokens:
    """The words of a text; into `read` their readings, and those of two neighbours, for 受注 率 and 顧客 の 声 are typed as one."""
    tokens = _Tokens()
    before = one_before = _NOWHERE
    for _start, _end, position, form in _placed(text):
        if not form.content and form.text != "の":
            continue
        tokens[form.text].append(position)
        if form.reading and form.content:
            read[form.reading].append(0)
            if before[0] == position - 1 and before[1].reading:
                if before[1].content:
                    read[(before[1].reading + form.reading)[:TERM_LENGTH]].append(0)
                elif one_before[0] == position - 2 and one_before[1].reading:
                    joint = one_before[1].reading + before[1].reading + form.reading
                    read[joint[:TERM_LENGTH]].append(0)
        one_before, before = before, (position, form)
    return tokens


# What stands before the first word.
_NOWHERE = (-9, _Form(""))
