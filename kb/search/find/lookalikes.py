"""Words of Japanese with one wrong character, which have no reading to be found by: 失柱 for 失注, 契役 for 契約."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from kb.search.analysis import Word, is_kana, pairs, words
from kb.search.engines.base import Any, Fuzzy, Node, Phrase, Term
from kb.search.ranking import NEAR

# One character of two, or of more, may be wrong; where it stands alone beside words, only if they say enough without it.
SHORTEST, LONGEST = 2, 8
ENOUGH_BESIDE = 4
# What is put in the place of the wrong one: whatever is written in kanji.
_KANJI = "[々〆㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]"


def places(run: str) -> tuple[int, ...]:
    """Where a wrong character may be: in what the dictionary does not know, and in single characters beside each other."""
    if not SHORTEST <= len(run) <= LONGEST:
        return ()
    found: list[int] = []
    for odd in _odd_stretches(run):
        start, end = odd[0].start, odd[-1].end
        alone = end - start == 1
        if not alone or len(run) - 1 >= ENOUGH_BESIDE:
            found += [place for place in range(start, end) if not is_kana(run[place])]
    return tuple(found)


def _odd_stretches(run: str) -> Iterator[list[Word]]:
    """Neighbouring words that are none: without a reading, or one character; an ending (解約 率) only beside such a one."""
    for odd, stretch in groupby(words(run), _is_odd):
        found = list(stretch)
        if odd and not all(word.affix for word in found):
            yield found


def _is_odd(word: Word) -> bool:
    return word.content and (not word.reading or word.end - word.start == 1)


def parted(run: str) -> tuple[str, ...]:
    """A run as the words in it and what is between them, which may be one word with a slip in it; none when it is all that."""
    cuts = {0, len(run)}
    for odd in _odd_stretches(run):
        cuts |= {odd[0].start, odd[-1].end}
    ends = sorted(cuts)
    parts = tuple(run[start:end] for start, end in pairwise(ends))
    return parts if len(parts) > 1 else ()


def alike(run: str, fields: Sequence[str]) -> Node:
    """Having the run but for one character: by the pairs beside it, or as a word that begins the same."""
    return Any(tuple(node for place in places(run) for name in fields for node in _but_for(run, place, name)))


def _but_for(run: str, place: int, name: str) -> Iterator[Node]:
    kept = [(pair, at) for at, pair in enumerate(pairs(run)) if at not in (place - 1, place)]
    if len(kept) == 1:
        yield Term(f"{name}_pairs", kept[0][0])
    elif kept:
        first = kept[0][1]
        yield Phrase(
            f"{name}_pairs", tuple(pair for pair, _at in kept), tuple(at - first for _pair, at in kept)
        )
    elif place:
        for word in {run, run[: max(place + 1, SHORTEST)]}:
            yield Fuzzy(f"{name}_words", word, 1, prefix=place, limit=NEAR)


def found_in(text: str, run: str) -> Iterator[str]:
    """What stands in a folded text as whole words and differs from the run in one of its places."""
    known = list(words(text))
    starts, ends = {word.start for word in known}, {word.end for word in known}
    for place in places(run):
        wanted = re.escape(run[:place]) + _KANJI + re.escape(run[place + 1 :])
        for match in re.finditer(f"(?=({wanted}))", text):
            start, other = match.start(), match[1]
            if other != run and start in starts and start + len(run) in ends:
                yield other
