"""Where a term stands in the index: its row of the 五十音, its Latin letter, and keys that sort alike in every database."""

from __future__ import annotations

import unicodedata

import jaconv

from kb.search.analysis import fold, has_dictionary, words
from kb.text import is_kana, to_hiragana

ROWS = ("あ", "か", "さ", "た", "な", "は", "ま", "や", "ら", "わ")
LETTERS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "#")

_ROW_STARTS = "あかさたなはまやらわ"
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖゐゑ", "あいうえおつやゆよわかけいえ")
# The long mark sounds as the vowel before it: サーバー is sorted as さあはあ.
_VOWELS = (
    "あかさたなはまやらわ",
    "いきしちにひみり",
    "うくすつぬふむゆる",
    "えけせてねへめれ",
    "おこそとのほもよろを",
)
_VOWEL_OF = {character: line[0] for line in _VOWELS for character in line}
SORTED_LENGTH = 60


def clean_reading(text: str) -> str:
    """A reading as it is kept: hiragana, one space between words; empty for what is not kana."""
    reading = " ".join(to_hiragana(text).split())
    return reading if reading and is_kana(reading) else ""


def guess_reading(form: str) -> str:
    """The reading of a Japanese form in hiragana: its own kana, or what the dictionary says; empty where it is not sure."""
    if is_kana(form):
        return clean_reading(form)
    if not has_dictionary():
        return ""
    found = list(words(fold(form)))
    if not found or not all(word.japanese and word.reading for word in found):
        return ""
    return "".join(word.reading for word in found)


def in_katakana(reading: str) -> str:
    """A reading as it stands beside a word in Latin letters: TCO（ティーシーオー）."""
    return str(jaconv.hira2kata(reading))


def _plain_kana(reading: str) -> str:
    """Without voiced marks, small forms and long marks, as dictionaries sort."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", reading) if not unicodedata.combining(c)
    ).translate(_SMALL)
    sounds = ""
    for character in plain:
        sounds += _VOWEL_OF.get(sounds[-1:], "") if character == "ー" else character
    return "".join(c for c in sounds if "あ" <= c <= "ん")


def kana_row(reading: str) -> str:
    """The row of the 五十音 a reading stands in; empty without a reading."""
    first = _plain_kana(reading)[:1]
    if not first:
        return ""
    if first in "をん":
        return "わ"
    return [row for row in _ROW_STARTS if row <= first][-1]


def _sortable(text: str) -> str:
    """The same order in every database, whatever its collation: four figures a character."""
    return "".join(f"{min(ord(c), 0xFFFF):04x}" for c in text[:SORTED_LENGTH])


def kana_key(reading: str, form: str) -> str:
    """Sorts by sound first (かき, がき, かぎ), by the reading as written next; forms without a reading come last."""
    sounds = _plain_kana(reading)
    if sounds:
        return f"{_sortable(sounds)}0000{_sortable(reading[:20])}"
    return f"z{latin_key(form) or _sortable(fold(form))}"


def latin_key(form: str) -> str:
    """Sorts words in Latin letters, accents and punctuation aside; empty for anything else."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", fold(form)) if not unicodedata.combining(c))
    plain = plain.lstrip("".join(c for c in plain if not c.isalnum()))
    return _sortable(plain) if plain and plain[0].isascii() else ""


def latin_letter(form: str) -> str:
    """The letter a word is listed under, # for figures; empty for what is not in Latin letters."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", fold(form)) if c.isalnum())
    if not plain or not plain[0].isascii():
        return ""
    return plain[0].upper() if plain[0].isalpha() else "#"


def beside(reading: str, form: str) -> str:
    """The reading as it stands beside a form: katakana for Latin letters, hiragana for kanji, none where the form says it."""
    if not reading or is_kana(form):
        return ""
    return in_katakana(reading) if form.isascii() else reading
