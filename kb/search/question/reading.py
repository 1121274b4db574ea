"""From what was typed to a question: OR binds closer than the space between words, brackets closest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kb.search.analysis import fold
from kb.search.question.leaves import LEAVES, QUERY_LENGTH, Leaf, Read, legible, phrase, read
from kb.search.question.parts import Both, Either, Narrowing, Not, Note, Part, Piece, Question, joined
from kb.search.question.tokens import Sign, Token, tokens, written
from kb.text import nfkc


def ask(raw: str) -> Question:
    """Read a query. Anything is one: what holds no word at all has no parts, and what is broken is mended."""
    folded = fold(legible(raw[: QUERY_LENGTH * 2])).strip()
    cut_off = len(raw) > QUERY_LENGTH * 2 or len(folded) > QUERY_LENGTH
    typed = nfkc(legible(raw[: QUERY_LENGTH * 2]))[:QUERY_LENGTH]
    kept, repairs = tokens(typed, cut_off=cut_off)
    notes = (Note.SHORTENED,) if cut_off else ()
    structured = any(token.sign in _STRUCTURE for token in kept)
    text = fold(written(kept)).strip() if structured or repairs else folded[:QUERY_LENGTH]
    reader = _Reader(kept if structured else [Token(Sign.WORD, text, 0, 0)])
    parts = reader.parts()
    return Question(
        text=text,
        parts=parts,
        sentence=reader.sentence,
        notes=(Note.SHORTENED,) if reader.shortened else notes,
        repairs=repairs,
        typed=typed,
        pieces=tuple(reader.pieces),
        mended=written(kept),
    )


# Without any of these a query is plain words, brackets or not, and is read as it stands.
_STRUCTURE = frozenset({Sign.PHRASE, Sign.NARROW, Sign.OR, Sign.NOT})


class _Reader:
    """Reads tokens that are in order, and counts what they ask for."""

    def __init__(self, kept: list[Token]) -> None:
        self._tokens = kept
        self._at = 0
        self._leaving_out = 0
        self._left = LEAVES
        self.shortened = False
        self.pieces: list[Piece] = []
        self._reads: dict[str, Read] = {}
        self._sentences: list[bool] = []

    def parts(self) -> tuple[Part, ...]:
        return joined(self._outermost())

    def _outermost(self) -> Iterator[Part]:
        while self._at < len(self._tokens):
            begins = self._at
            part = self._alternatives()
            if part is None:
                continue
            yield part
            tokens_of = self._tokens[begins : self._at]
            if any(token.sign in _STRUCTURE for token in tokens_of):
                piece = Piece(written(tokens_of), tokens_of[0].start, tokens_of[-1].end, part)
                self.pieces.append(piece)

    @property
    def sentence(self) -> bool:
        """Whether words were put into a sentence, and not joined by hand."""
        by_hand = any(token.sign in (Sign.OR, Sign.PHRASE) for token in self._tokens)
        return any(self._sentences) and not by_hand

    @cached_property
    def _has_heavy(self) -> bool:
        """Whether anything is asked for that carries meaning; what does not is then left out."""
        stretches = (stretch for stretch, _end in self._stretches())
        phrases = any(token.sign is Sign.PHRASE for token in self._tokens)
        return phrases or any(self._read(stretch).heavy for stretch in stretches)

    # -------------------------------------------------------------- brackets, OR, minus
    def _conjunction(self) -> Iterator[Part]:
        while (token := self._peek()) is not None and token.sign is not Sign.CLOSE:
            part = self._alternatives()
            if part is not None:
                yield part

    def _alternatives(self) -> Part | None:
        found = [self._operand()]
        while (token := self._peek()) is not None and token.sign is Sign.OR:
            self._at += 1
            found.append(self._operand())
        parts = tuple(dict.fromkeys(part for part in found if part is not None))
        return Either(parts) if len(parts) > 1 else next(iter(parts), None)

    def _operand(self) -> Part | None:
        token = self._tokens[self._at]
        match token.sign:
            case Sign.NOT:
                self._at += 1
                self._leaving_out += 1
                part = self._operand()
                self._leaving_out -= 1
                return None if part is None else part.part if isinstance(part, Not) else Not(part)
            case Sign.OPEN:
                self._at += 1
                part = _both(joined(self._conjunction()))
                self._at += 1
                return part
            case Sign.PHRASE:
                self._at += 1
                leaf = phrase(fold(token.text))
                return _both(self._counted((leaf,) if leaf else ()))
            case Sign.NARROW:
                self._at += 1
                return Narrowing(token.name, token.values, token.start, token.end)
        return self._words()

    def _words(self) -> Part | None:
        """The words from here on that no operator parts; after a minus or beside an OR only one."""
        before = self._tokens[self._at - 1].sign if self._at else None
        text, self._at = self._stretch(self._at)
        found = self._read(text)
        if not self._leaving_out and before is not Sign.OR:
            self._sentences.append(found.sentence)
        light = found.light if self._leaving_out or not self._has_heavy else ()
        return _both(self._counted(found.heavy or light))

    def _stretch(self, at: int) -> tuple[str, int]:
        """The text of a stretch of words, and the number of the token behind it."""
        end = at + 1
        single = at and self._tokens[at - 1].sign in (Sign.NOT, Sign.OR)
        while not single and end < len(self._tokens) and self._tokens[end].sign is Sign.WORD:
            if end + 1 < len(self._tokens) and self._tokens[end + 1].sign is Sign.OR:
                break
            end += 1
        return " ".join(token.text for token in self._tokens[at:end]), end

    def _stretches(self) -> Iterator[tuple[str, int]]:
        at = 0
        while at < len(self._tokens):
            if self._tokens[at].sign is not Sign.WORD:
                at += 1
                continue
            left_out = at and self._tokens[at - 1].sign is Sign.NOT
            text, at = self._stretch(at)
            if not left_out:
                yield text, at

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    # -------------------------------------------------------------- words
    def _read(self, text: str) -> Read:
        if text not in self._reads:
            self._reads[text] = read(fold(text))
        return self._reads[text]

    def _counted(self, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
        """As many of the leaves as a query may still have."""
        kept = leaves[: self._left]
        self.shortened = self.shortened or len(kept) < len(leaves)
        self._left -= len(kept)
        return kept


def _both(parts: tuple[Part, ...]) -> Part | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Both(parts)
