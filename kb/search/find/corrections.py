"""What may have been meant, when what was typed is in nothing or next to nothing that the viewer may read.

The index says which things hold a word nearly like it, among those the viewer may read; the words offered are then taken
from the rows the database gives that viewer, never from the index's own vocabulary, in which everybody's words stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from kb.search import ranking, registry
from kb.search.analysis import JA, Word, fold, is_kana, latin, reading, words
from kb.search.engines.base import Filters, Node, Sort
from kb.search.engines.memory import edits
from kb.search.find import lookalikes
from kb.search.find.asking import Asking
from kb.search.find.suggestions import called
from kb.search.question import Leaf, Question, ask, is_grammar, legible
from kb.text import nfkc

if TYPE_CHECKING:
    from kb.accounts.models import User

# In so few things a word may well be a slip, if another is in so many times more.
LITTLE = 2
OFTENER = 5
# Of a longer query no single word decides.
MOST_WORDS = 6
OFFERED = 3
# So many things are read for the words in them, and so much of each.
ROWS = 12
LONGEST_LATIN, LONGEST_JAPANESE = 20_000, 3_000
# Shorter words have too many neighbours; of those that are applied unasked more is wanted.
SHORTEST_LATIN, SHORTEST_KANA = 4, 3
SURE_LATIN, SURE_KANA = 5, 4
# From so many letters on two slips are forgiven.
TWO_SLIPS = 8

_LATIN = re.compile(rf"[^\W_{JA}]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A whole query that finds something; `sure`: one slip, and whatever else is as near is far rarer."""

    text: str
    sure: bool


def corrections(text: str, viewer: User) -> list[Correction]:
    """What may have been meant by `text`, the likeliest first; nothing when every word of it is well known."""
    question = ask(text).parted()
    if not 0 < len(question.leaves) <= MOST_WORDS:
        return []
    known = _Known(viewer)
    better: dict[Leaf, list[_Word]] = {}
    for leaf in question.leaves:
        words_for = known.better(leaf)
        if words_for is None:
            return []
        better |= words_for
    if not all(known.is_whole(text, one, question.leaves) for one in better):
        return []
    offered = [_rewritten(text, choice) for choice in _choices(better)]
    found = [
        query for query in dict.fromkeys(offered) if fold(query) != fold(text) and known.count(ask(query))
    ]
    sure = all(_is_sure(leaf, near) and not known.count_of(leaf) for leaf, near in better.items())
    return [Correction(query, sure and not index) for index, query in enumerate(found[:OFFERED])]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that stands in something the viewer may read, and how far it is from what was typed; a slip, or a homophone.

    `read`: how it is read, when it is Japanese; `count`: in how many things it is.
    """

    text: str
    distance: int
    slip: bool
    read: str = ""
    count: int = 0


def _choices(better: dict[Leaf, list[_Word]]) -> Iterator[dict[Leaf, _Word]]:
    """The nearest of each word, then the others of the first one."""
    nearest = {leaf: near[0] for leaf, near in better.items()}
    for leaf, near in list(better.items())[:1]:
        yield from ({**nearest, leaf: word} for word in near[:OFFERED])


def _rewritten(text: str, choice: dict[Leaf, _Word]) -> str:
    query = " ".join(nfkc(legible(text)).split())
    for leaf, word in choice.items():
        query = re.sub(re.escape(leaf.surface), lambda _found: word.text, query, count=1, flags=re.IGNORECASE)  # noqa: B023
    return query


def _is_sure(leaf: Leaf, near: list[_Word]) -> bool:
    enough = len(leaf.kana) >= SURE_KANA if leaf.run else len(leaf.surface) >= SURE_LATIN
    others = [word for word in near[1:] if word.distance == near[0].distance]
    alone = all(word.count * OFTENER <= near[0].count for word in others)
    return enough and alone and near[0].slip and near[0].distance == 1


class _Known:
    """The words of what one viewer may read."""

    def __init__(self, viewer: User) -> None:
        self.viewer = viewer
        self.asking = Asking(viewer, Filters(), Sort.RELEVANCE, 0, ROWS)

    def count(self, question: Question) -> int:
        """In how many things all of its words are, whatever it is narrowed down to."""
        if not question.leaves:
            return 0
        words_alone = Question("", question.leaves)
        request = replace(self.asking.request, strict=ranking.strict(words_alone), facets=(), size=0)
        return registry.engine().search(request).total

    def count_of(self, leaf: Leaf) -> int:
        return self.count(Question("", (leaf,)))

    def better(self, leaf: Leaf) -> dict[Leaf, list[_Word]] | None:
        """Words that are in more things, for it or for the words in it; none where it is in nothing and is like nothing."""
        count = self.count_of(leaf)
        if count > LITTLE:
            return {}
        counted = [replace(word, count=self.count(ask(word.text))) for word in self.near(leaf)]
        near = [word for word in counted if word.count >= max(count * OFTENER, 1)]
        if near:
            return {leaf: sorted(near, key=lambda word: (word.distance, -word.count))}
        return {} if count else self._better_parts(_parts(leaf))

    def _better_parts(self, parts: Sequence[Leaf]) -> dict[Leaf, list[_Word]] | None:
        """The same for the words of a compound; none as soon as one of them is in nothing and like nothing."""
        found: dict[Leaf, list[_Word]] = {}
        for part in parts:
            better = self.better(part)
            if better is None:
                return None
            found |= better
        return found or None

    def near(self, leaf: Leaf) -> list[_Word]:
        """Words nearly like it, the nearest first, of those the commonest; from names and titles, else from texts."""
        for way, fields in product(_ways(leaf), (ranking.CALLED_OR_TAGGED, ranking.WRITTEN)):
            found = Counter(
                word
                for text in self._texts(way.node(fields), whole=fields == ranking.WRITTEN)
                for word in set(way.words(text))
            )
            if found:
                best: dict[str, _Word] = {}
                for word, _count in sorted(
                    found.items(), key=lambda one: (one[0].distance, -one[1], one[0].text)
                ):
                    best.setdefault(fold(word.text), word)
                return _without_readings(list(best.values()))[: 2 * OFFERED]
        return []

    def _texts(self, node: Node, *, whole: bool) -> Iterator[str]:
        """What the viewer may read of the things that match."""
        request = replace(self.asking.request, strict=node, facets=(), sort=Sort.NEWEST, unsure=frozenset())
        keys = [hit.key for hit in registry.engine().search(request).hits]
        self.asking.look_at([key for key in keys if key not in self.asking.shown])
        for row in (self.asking.shown[key] for key in keys if key in self.asking.shown):
            yield "\n".join((row.title, *row.tags, *((row.text,) if whole else ())))
        for thing in called(self.viewer, keys).values():
            yield "\n".join(thing.names)

    def is_whole(self, text: str, leaf: Leaf, leaves: Sequence[Leaf]) -> bool:
        """Whether nothing touches it but what is asked for, too, grammar and known words: しょう of しょうaん is a piece of a word."""
        folded = fold(text)
        start = folded.find(leaf.surface)
        end = start + len(leaf.surface)
        typed = list(words(folded))
        before = next((word for word in typed if word.end == start), None)
        after = next((word for word in typed if word.start == end), None)
        return all(
            not letter.isalnum()
            or (word is not None and self._belongs(word, folded[word.start : word.end], leaves))
            for letter, word in (
                (folded[max(start - 1, 0) : start], before),
                (folded[end : end + 1], after),
            )
        )

    def _belongs(self, word: Word, surface: str, leaves: Sequence[Leaf]) -> bool:
        if any(surface in leaf.surface for leaf in leaves):
            return True
        if not word.japanese or is_grammar(word):
            return word.japanese
        return word.light and len(surface) > 1 and bool(self.count_of(Leaf(surface, ((word.text, 0),))))


def _without_readings(near: list[_Word]) -> list[_Word]:
    """Without the readings of words that are there themselves, which would be a second word just as near."""
    written = {word.read for word in near if not is_kana(word.text)}
    return [word for word in near if not (is_kana(word.text) and word.read in written)]


@dataclass(frozen=True, slots=True)
class _Way:
    """How things with a word nearly like one are asked for, and how it is found in their texts."""

    node: Callable[[Sequence[str]], Node]
    words: Callable[[str], Iterator[_Word]]


def _parts(leaf: Leaf) -> Sequence[Leaf]:
    """The words of a compound, with what may be one word as one; none of what has more than anybody mends."""
    parts = lookalikes.parted(leaf.run) if lookalikes.places(leaf.run) else ()
    leaves = tuple(one for part in parts for one in ask(part).leaves) if parts else leaf.atoms
    return leaves if len(leaves) <= MOST_WORDS else ()


def _ways(leaf: Leaf) -> Iterator[_Way]:
    """None for what is too short, and for what is no single word; what is read so comes before what looks so."""
    if not leaf.run:
        if len(leaf.words) == 1 and len(leaf.surface) >= SHORTEST_LATIN:
            yield _latin_way(leaf)
        return
    if way := _read_way(leaf):
        yield way
    if not leaf.kana and lookalikes.places(leaf.run):
        yield _Way(
            lambda fields: lookalikes.alike(leaf.run, fields),
            lambda text: _looking_alike(text, leaf.run),
        )


def _latin_way(leaf: Leaf) -> _Way:
    stem = leaf.words[0][0]
    slips = _slips(leaf.surface)
    return _Way(
        lambda fields: ranking.nearly(leaf.surface, stem, slips, fields),
        lambda text: _latin(text, leaf.surface, stem, slips),
    )


def _read_way(leaf: Leaf) -> _Way | None:
    kana = leaf.kana or ("" if is_kana(leaf.run) else reading(leaf.run))
    if len(kana) < SHORTEST_KANA:
        return None
    slips = _slips(kana) if leaf.kana else 0
    return _Way(
        lambda fields: ranking.read_nearly(kana, slips, fields),
        lambda text: _japanese(text, leaf.run, kana, slips),
    )


def _slips(word: str) -> int:
    return 1 if len(word) < TWO_SLIPS else 2


def _latin(text: str, typed: str, stem: str, slips: int) -> Iterator[_Word]:
    """The Latin words of a text that are nearly the one typed."""
    for word in set(_LATIN.findall(nfkc(text[:LONGEST_LATIN]))):
        folded = fold(word)
        if folded[:1] != typed[:1] or abs(len(folded) - len(typed)) > slips + 3 or folded == typed:
            continue
        distance = min(edits(folded, typed), max(edits(latin(folded), stem), 1))
        if distance <= slips:
            yield _Word(word, distance, slip=True)


def _looking_alike(text: str, typed: str) -> Iterator[_Word]:
    """What differs in one character, at any rate a guess: half of a word of two is no evidence."""
    for other in lookalikes.found_in(fold(text[:LONGEST_JAPANESE]), typed):
        yield _Word(other, 1, slip=False, read=reading(other))


def _japanese(text: str, typed: str, kana: str, slips: int) -> Iterator[_Word]:
    """The words of a text, and two neighbours together, that are read nearly so, or just so and written otherwise."""
    folded = fold(text[:LONGEST_JAPANESE])
    before = None
    for word in words(folded):
        if not word.japanese:
            before = None
            continue
        alone = [(word.start, word.reading)]
        if before is not None and word.content and before.position == word.position - 1:
            alone.append((before.start, before.reading + word.reading))
        for start, read in alone:
            surface = folded[start : word.end]
            if surface == typed or not read or read[0] != kana[0] or abs(len(read) - len(kana)) > slips:
                continue
            if (distance := edits(read, kana)) <= slips:
                yield _Word(surface, distance, bool(slips), read)
        before = word if word.content else None
