"""A query cut into words, quotations, narrowings and operators; and what is broken among them put right.

Operators count in any width, for the text comes in NFKC. A quotation mark, a minus and a name with its colon count where a
word could begin, so that 5", win-loss and 10:30 stay words; 「」 and “” only where they stand by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb.search.question.names import BY_NAME, DATES
from kb.search.question.parts import Mended, Note
from kb.text import fold

# Brackets inside brackets: deeper ones are taken away, for nobody means them.
DEPTH = 8

_QUOTES = {'"': '"', "“": "”", "„": "“", "「": "」", "『": "』"}
_MARKS = "「」『』“”„"
_MINUS = "-−‐‑ー"
_OR = frozenset({"OR", "|", "||", "または", "又は", "もしくは"})
_AND = frozenset({"AND", "&&"})
_NOT = frozenset({"NOT"})
_OPERATORS = _OR | _AND | _NOT
_SPACE = re.compile(r"\s+")
_NAME = re.compile(r"([A-Za-z]{2,20}|[ぁ-ゖァ-ヺー々一-鿿]{1,8}):(?!//)")
_WORD = re.compile(r'[^\s()"]+')
_VALUE = re.compile(r'[^\s()"“”「」『』,、，]+')
_SEPARATOR = re.compile(r"[,、，]")
# Spans of time in English have spaces, which need no quotation marks.
_SPAN = re.compile(
    r"(?:(?:last|this|past|previous)(?:\s+\d+)?\s+(?:fiscal\s+)?(?:day|week|month|quarter|year)s?|\d+\s+(?:day|week|month|year)s?\s+ago)\b",
    re.IGNORECASE,
)
# 失注または見送り, typed as one: nouns without grammar on both sides.
_NOUN = r"[A-Za-z0-9ァ-ヺー々一-鿿]+(?:[りきけげみいちびえ][ァ-ヺー々一-鿿]*)*"
_GLUE = re.compile("または|又は|もしくは")
_GLUED = re.compile(f"{_NOUN}(?:(?:{_GLUE.pattern}){_NOUN})+")
_MEANS = re.compile(r"[^\W_]")


class Sign(StrEnum):
    """What a token is."""

    WORD = "word"
    PHRASE = "phrase"
    NARROW = "narrow"
    OPEN = "("
    CLOSE = ")"
    OR = "OR"
    NOT = "-"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query at `start` … `end`; of a narrowing also its name's key and its values."""

    sign: Sign
    text: str
    start: int
    end: int
    name: str = ""
    values: tuple[str, ...] = ()

    @property
    def means(self) -> bool:
        """Whether it asks for something by itself."""
        return self.sign in (Sign.WORD, Sign.PHRASE, Sign.NARROW)


@dataclass
class Cut:
    """Goes through a text once, from left to right."""

    text: str
    at: int = 0

    def __post_init__(self) -> None:
        self.repairs: list[Mended] = []
        self._glued_to = 0

    def tokens(self) -> Iterator[Token]:
        begins = True
        while self.at < len(self.text):
            if space := _SPACE.match(self.text, self.at):
                self.at, begins = space.end(), True
                continue
            token = self._next(begins)
            # behind a name without a value, another name or a quotation may begin
            begins = token is None or token.sign is not Sign.WORD or self.text[self.at - 1] == ":"
            if token is not None:
                yield token

    def _next(self, begins: bool) -> Token | None:
        letter = self.text[self.at]
        if letter in "()":
            return self._token(Sign(letter), self.at + 1)
        if begins:
            found = self._minus() or self._named()
            if found is not None:
                return found
        if (end := self._quoted(begins)) is not None:
            return end
        if letter == '"' or (begins and letter in _MARKS):
            self.at += 1
            return None
        match = _WORD.match(self.text, self.at)
        return self._word(match.end() if match else self.at + 1)

    def _token(self, sign: Sign, end: int, text: str | None = None) -> Token:
        start, self.at = self.at, end
        return Token(sign, self.text[start:end] if text is None else text, start, end)

    def _word(self, end: int) -> Token | None:
        text = self.text[self.at : end].rstrip(_MARKS)
        if _GLUED.fullmatch(text):
            self._glued_to = end
        if self.at < self._glued_to and (glue := _GLUE.search(self.text, self.at, end)):
            if glue.start() == self.at:
                return self._token(Sign.OR, glue.end())
            return self._token(Sign.WORD, glue.start())
        if text in _OR:
            return self._token(Sign.OR, end)
        if text in _NOT and end < len(self.text):
            return self._token(Sign.NOT, end)
        if text in _AND or not _MEANS.search(text):
            self.at = end
            return None
        return self._token(Sign.WORD, end, text)

    def _minus(self) -> Token | None:
        """A minus that something is glued to."""
        if self.text[self.at] in _MINUS and _glues(self.text[self.at + 1 : self.at + 2]):
            return self._token(Sign.NOT, self.at + 1)
        return None

    # -------------------------------------------------------------- quotations
    def _quoted(self, begins: bool) -> Token | None:
        """A quotation that begins here; one that nothing ends goes on to the end of the query."""
        opening = self.text[self.at]
        if opening not in _QUOTES:
            return None
        end = self.text.find(_QUOTES[opening], self.at + 1)
        if opening != '"':
            if not begins or end < 0 or not self._stands_alone(end):
                return None
        elif end < 0:
            if not begins or not _MEANS.search(self.text, self.at):
                return None
            inside = _inside(self.text[self.at + 1 :])
            self.repairs.append(Mended(Note.OPEN_QUOTE, inside))
            return self._token(Sign.PHRASE, len(self.text), inside)
        inside = _inside(self.text[self.at + 1 : end])
        if not _MEANS.search(inside):
            return None
        return self._token(Sign.PHRASE, end + 1, inside)

    def _stands_alone(self, end: int) -> bool:
        """Whether there is nothing but brackets and a minus between a quotation that ends there and the spaces around it."""
        before = self.text[: self.at].rstrip("(" + _MINUS)
        after = self.text[end + 1 :].lstrip(")")
        return (not before or before[-1].isspace()) and (not after or after[0].isspace())

    # -------------------------------------------------------------- narrowings
    def _named(self) -> Token | None:
        """A name, its colon and what it is narrowed down to; a name that nobody knows is a word."""
        match = _NAME.match(self.text, self.at)
        if match is None or match.group(1) in _OPERATORS:
            return None
        name = BY_NAME.get(fold(match.group(1)))
        if name is None:
            return self._unknown(match)
        values, end = self._values(name, match.end())
        if not values:
            self.repairs.append(Mended(Note.NO_VALUE, match.group(1)))
            return self._token(Sign.WORD, match.end(), match.group(1))
        start, self.at = self.at, end
        return Token(Sign.NARROW, self.text[start:end], start, end, name, values)

    def _unknown(self, match: re.Match[str]) -> Token | None:
        after = self.text[match.end() : match.end() + 1]
        if after and (_MEANS.match(after) or after in _QUOTES):
            self.repairs.append(Mended(Note.UNKNOWN_NAME, match.group(1)))
            return self._token(Sign.WORD, match.end(), match.group(1))
        return None

    def _values(self, name: str, at: int) -> tuple[tuple[str, ...], int]:
        """Values from here on, with commas between them, and where they end."""
        values: list[str] = []
        while at < len(self.text):
            opening = self.text[at]
            span = _SPAN.match(self.text, at) if name in DATES else None
            if opening in _QUOTES:
                end = self.text.find(_QUOTES[opening], at + 1)
                if end < 0:
                    self.repairs.append(Mended(Note.OPEN_QUOTE, _inside(self.text[at + 1 :])))
                    end = len(self.text)
                value, at = _inside(self.text[at + 1 : end]), min(end + 1, len(self.text))
            elif match := span or _VALUE.match(self.text, at):
                value, at = match.group(), match.end()
            else:
                break
            if value:
                values.append(value)
            comma = _SEPARATOR.match(self.text, at)
            if comma is None or not self.text[comma.end() : comma.end() + 1].strip():
                break
            at = comma.end()
        return tuple(values), at


def _glues(text: str) -> bool:
    """Whether a minus before it leaves it out."""
    return text[:1] in tuple('("“「『') or _MEANS.match(text) is not None


def _inside(text: str) -> str:
    """What stands between quotation marks, on one line and without other marks."""
    return " ".join(text.replace('"', " ").split())


# ------------------------------------------------------------------ putting right
class Repair:
    """Takes tokens in their order and keeps those that make sense; `repairs` says what was wrong."""

    def __init__(self, repairs: list[Mended]) -> None:
        self.kept: list[Token] = []
        self.repairs = repairs
        self._depth = 0
        self._dropped = 0

    def take(self, token: Token) -> None:
        last = self.kept[-1].sign if self.kept else Sign.OPEN
        match token.sign:
            case Sign.OPEN if self._depth == DEPTH:
                self._dropped += 1
                self._say(Note.DEEP_BRACKETS)
            case Sign.OPEN:
                self._depth += 1
                self.kept.append(token)
            case Sign.CLOSE if self._dropped:
                self._dropped -= 1
            case Sign.CLOSE if not self._depth:
                self._say(Note.STRAY_BRACKET)
            case Sign.CLOSE:
                self._close(token)
            case Sign.OR:
                if last is Sign.NOT:
                    self._drop_last()
                if not self.kept or self.kept[-1].sign in (Sign.OPEN, Sign.OR):
                    self._say(Note.STRAY_OR, token.text)
                else:
                    self.kept.append(token)
            case Sign.NOT if last is Sign.NOT:
                self._say(Note.STRAY_NOT, token.text)
            case _:
                self.kept.append(token)

    def end(self, at: int, *, cut_off: bool) -> list[Token]:
        """What is left; brackets still open end here, which is nobody's fault when the query was cut off."""
        self._trim()
        if self._depth and not cut_off and any(token.means for token in self.kept):
            self._say(Note.OPEN_BRACKET)
        while self._depth:
            self._close(Token(Sign.CLOSE, ")", at, at))
            self._trim()
        return self.kept

    def _close(self, token: Token) -> None:
        self._depth -= 1
        self._trim()
        if self.kept[-1].sign is not Sign.OPEN:
            self.kept.append(token)
            return
        self.kept.pop()
        self._trim_minus()

    def _trim_minus(self) -> None:
        """What was to be left out turned out to be nothing."""
        if self.kept and self.kept[-1].sign is Sign.NOT:
            self._drop_last()

    def _trim(self) -> None:
        while self.kept and self.kept[-1].sign in (Sign.OR, Sign.NOT):
            self._drop_last()

    def _drop_last(self) -> None:
        token = self.kept.pop()
        self._say(Note.STRAY_OR if token.sign is Sign.OR else Note.STRAY_NOT, token.text)

    def _say(self, note: Note, word: str = "") -> None:
        if all(repair.note is not note for repair in self.repairs):
            self.repairs.append(Mended(note, word))


def tokens(text: str, *, cut_off: bool = False) -> tuple[list[Token], tuple[Mended, ...]]:
    """The tokens of a query in NFKC, put right, and what was wrong with them."""
    cut = Cut(text)
    repair = Repair(cut.repairs)
    for token in cut.tokens():
        repair.take(token)
    kept = repair.end(len(text), cut_off=cut_off)
    repairs = tuple(dict.fromkeys(cut.repairs))
    if cut_off:
        repairs = tuple(one for one in repairs if one.note is not Note.OPEN_QUOTE)
    return kept, repairs


def written(kept: list[Token]) -> str:
    """Tokens as a query again, in which nothing is broken any more."""
    text = ""
    before = Sign.OPEN
    for token in kept:
        spelled = _spelled(token)
        if before is Sign.NOT and not _glues(spelled):
            text = f"{text[:-1]}NOT "
        glued = before in (Sign.OPEN, Sign.NOT) or token.sign is Sign.CLOSE
        text += spelled if glued else f" {spelled}"
        before = token.sign
    return text


def _spelled(token: Token) -> str:
    match token.sign:
        case Sign.PHRASE:
            return f'"{token.text}"'
        case Sign.NARROW:
            name = token.text.partition(":")[0]
            # a date in marks, lest the words behind it be read as its end
            values = (
                (f'"{value}"' for value in token.values) if token.name in DATES else map(quoted, token.values)
            )
            return f"{name}:{','.join(values)}"
        case Sign.NOT | Sign.OR:
            return str(token.sign)
    return token.text


def quoted(value: str) -> str:
    """A value as it stands in a query."""
    return value if _VALUE.fullmatch(value) else f'"{value}"'
