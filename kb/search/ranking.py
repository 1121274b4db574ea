"""How things are matched and ranked: the one place where weights stand.

A thing matches a leaf as a word in its normal spelling, as adjacent characters, or, typed in kana, by its reading. What
ranks is BM25F over its words, plus a share of the same over its pairs of characters and its readings, each field with a
weight of its own. The weights are rounded and say only: a title says what a thing is about, other names nearly as much,
headings and tags more than the text. The form of the score was chosen while looking at Cranfield
and JSQuAD, what may be missing while looking at the handbook's sets as well, so none of them measures independently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from kb.search.analysis import KEPT_OF_LONG_NAMES, READING_FIELDS, WORD_FIELDS, exact, is_japanese, pairs
from kb.search.engines.base import (
    Across,
    All,
    Any,
    Dated,
    Everything,
    Fuzzy,
    Key,
    Lift,
    Marked,
    Most,
    Node,
    Phrase,
    Prefix,
    Term,
    Without,
)
from kb.search.question import (
    ATOMS,
    Both,
    Either,
    Leaf,
    Narrowing,
    Not,
    Part,
    Question,
    once,
    single_character,
)
from kb.search.question.names import DATES
from kb.search.typed import Typed, Way

WEIGHTS = {"title": 3.0, "names": 2.5, "headings": 1.5, "tags": 1.5, "body": 1.0}
# Pairs and readings support the words; they were measured best at a third of them.
PAIRS_SHARE = 0.3
READINGS_SHARE = 0.3
# Words that stand together as they were typed count once more, by half.
PHRASE_SHARE = 0.5
# Another form of what was typed says the same, but it was not typed.
OTHERS_SHARE = 0.7
# A thing that is called exactly as the query is outranks whatever only speaks of it: more than any words can bring.
EXACT = 1_000.0
# What is new gains up to a tenth, half of that after a year; what is read most gains up to another tenth. Neither brings
# a thing past one that says clearly more.
FRESH = 0.1
HALF_LIFE = 365.0
USED = 0.1
# A character has at most so many others behind it that are looked at when it is asked for in one field alone.
PAIRS_WITH = 5_000
# So few hits with all the words, and what has most of them is shown as well.
LOOSE_BELOW = 10
# What has half of the weight of the words has most of them; less will do, down to a tenth, until there are five pages.
MOST, FLOOR = 0.5, 0.1
ENOUGH = 50


def strict(question: Question) -> Node:
    """Having all that is asked for; a query without any asks for everything, for it may be narrowed down by filters alone."""
    return _all(question.parts, lambda leaf: _ways(leaf, question.fields or WORD_FIELDS))


def whole(question: Question) -> Node | None:
    """Having each as a whole word or by its reading, not only inside a longer one; none where that makes no difference.

    What is called as the query is belongs here in any case.
    """
    if not any(leaf.words and leaf.run for leaf in question.leaves):
        return None
    fields = question.fields or WORD_FIELDS

    def wholly(leaf: Leaf) -> Iterator[Node]:
        yield from _wholly(leaf, fields) or _ways(leaf, fields)

    words = _all(question.parts, wholly)
    called = _called(question)
    return words if called is None else Any((words, called))


def loose(question: Question) -> Most | None:
    """Having most of the words, each weighed by its rarity: the one that few things have says most.

    What has less ranks below, and helps while there is little to read. What was joined by hand counts as one; what was
    left out stays out.
    """
    fields = question.fields or WORD_FIELDS

    def ways(leaf: Leaf) -> Iterator[Node]:
        return _ways(leaf, fields)

    singly: tuple[Part, ...] = once(
        atom for part in question.parts if isinstance(part, Leaf) for atom in _words_of(part)
    )
    by_hand = (part for part in question.parts if isinstance(part, Either | Both))
    asked = (*singly, *by_hand)[:ATOMS]
    if not asked or (len(asked) == 1 and asked[0] in question.parts):
        return None
    bounds = tuple(_part(part, ways) for part in question.parts if isinstance(part, Not | Narrowing))
    nodes = tuple(_part(part, ways) for part in asked)
    if bounds:
        nodes = tuple(All((node, *bounds)) for node in nodes)
    return Most(nodes, MOST, FLOOR, ENOUGH)


def _words_of(leaf: Leaf) -> tuple[Leaf, ...]:
    """Those it is put together of; a single character of a longer word stands in too many others to say anything."""
    return tuple(atom for atom in leaf.atoms if not single_character(atom)) or (leaf,)


def loose_below(question: Question) -> int:
    """How few hits with all the words let those with most of them follow: for a sentence, any number."""
    return 10**9 if question.sentence else LOOSE_BELOW


def score(question: Question) -> Node:
    """What things are ranked by."""
    called = _called(question)
    return Any((*_scoring(question), *(() if called is None else (called,))))


def lift(today: date, use: Mapping[Key, int]) -> Lift:
    """What ranks a little above the rest when it says the same."""
    return Lift(today, half_life=HALF_LIFE, fresh=FRESH, used=USED, use=use)


# ------------------------------------------------------------------ while typing
# What a thing is called by: what is suggested, and what a query can name.
CALLED = ("title", "names")
# Where words stand that are likelier to be spelled well, and all the rest.
CALLED_OR_TAGGED = ("title", "names", "tags")
WRITTEN = ("headings", "body")
# So many words nearly like another are looked at.
NEAR = 30
# So many words are looked at that begin as typed; more begin with one letter or character, and nobody reads them all.
BEGINNINGS = 200
# A stem is shorter than its word: pricin(g) is kept as price. So many letters back it is still looked for.
STEM_ENDINGS = 5
SHORTEST_STEM = 3


def called_exactly(text: str) -> Node:
    """Things whose whole title, or another whole name, is this."""
    return Term("exact", exact(text))


def called_from(text: str) -> Node:
    """Things of which a whole title, or another name, begins so; of long ones only the beginning is kept as it is."""
    return Any(tuple(Prefix("exact", part, BEGINNINGS) for part in {text, text[:KEPT_OF_LONG_NAMES]}))


def asked_in_title(question: Question, text: str) -> Node:
    """Titles that are this, or have all of its words but one."""
    nodes = tuple(Any(tuple(_ways(atom, ("title",)))) for atom in question.atoms)
    most = Any(nodes, least=max(len(nodes) - 1, 2)) if len(nodes) > 1 else Any(())
    return Any((called_exactly(text), most))


def nearly(word: str, stem: str, slips: int, fields: Sequence[str]) -> Node:
    """Having a word that differs from this by so few letters, be they in its stem or in what its stem lost."""
    like = tuple(Fuzzy(f"{name}_words", stem, slips, limit=NEAR) for name in fields)
    return Any((*like, *(Term(f"{name}_words", shorter) for name in fields for shorter in _shorter(word))))


def _shorter(word: str) -> list[str]:
    """What a word that begins so may be kept as: pricin(g) as price, compani(es) as compani."""
    ends = range(len(word) - 1, max(len(word) - STEM_ENDINGS, SHORTEST_STEM - 1), -1)
    return [word[:end] + ending for end in ends for ending in ("", "e", "i")]


def read_nearly(kana: str, slips: int, fields: Sequence[str]) -> Node:
    """Having a word that is read so, but for so few kana."""
    names = [f"{name}_readings" for name in fields if name in READING_FIELDS]
    return Any(tuple(Fuzzy(name, kana, slips, limit=NEAR) if slips else Term(name, kana) for name in names))


def begins(typed: Typed, fields: Sequence[str] = CALLED) -> Node:
    """Having what was typed so far, its last word perhaps half written, in these fields, in one of the ways it can be meant."""
    return Any(tuple(All(tuple(_begun(way, fields))) for way in typed.ways))


def _begun(way: Way, fields: Sequence[str]) -> Iterator[Node]:
    for leaf in way.words.leaves:
        if single_character(leaf):
            yield Any(tuple(_beginnings(leaf.run, fields)))
        else:
            yield Any(tuple(_ways(leaf, fields)))
    if way.begins:
        yield Any(tuple(_beginnings(way.begins, fields)))
    if way.reads:
        yield Any(
            tuple(
                Prefix(f"{name}_readings", way.reads, BEGINNINGS) for name in fields if name in READING_FIELDS
            )
        )


def _beginnings(word: str, fields: Sequence[str]) -> Iterator[Node]:
    """Words that begin so; what is Japanese by its pairs, which begin in the middle of longer words, too."""
    if is_japanese(word):
        yield from (Prefix(f"{name}_pairs", word, BEGINNINGS) for name in fields)
        return
    for name in fields:
        yield Prefix(f"{name}_words", word, BEGINNINGS)
        yield from (Term(f"{name}_words", shorter) for shorter in _shorter(word))


def called(question: Question) -> Node:
    """What suggestions are ranked by: the same words, in titles and names alone."""
    return Any(tuple(_scoring(question, CALLED)))


# ------------------------------------------------------------------ matching
Ways: TypeAlias = "Callable[[Leaf], Iterable[Node]]"


def _all(parts: tuple[Part, ...], ways: Ways) -> Node:
    nodes = tuple(_part(part, ways) for part in parts)
    if not any(isinstance(part, Leaf | Either | Both) for part in parts):
        nodes = (Everything(), *nodes)
    return nodes[0] if nodes == (Everything(),) else All(nodes)


def _part(part: Part, ways: Ways) -> Node:
    """One part of a question; each leaf is matched where it stands, so that what is left out stays left out."""
    match part:
        case Leaf():
            return Any(tuple(ways(part)))
        case Either(parts):
            return Any(tuple(_part(child, ways) for child in parts))
        case Both(parts):
            return _all(parts, ways)
        case Not(child):
            return Without(_part(child, ways))
    return _narrowed(part)


def _narrowed(narrowing: Narrowing) -> Node:
    """A narrowing whose values are known by now; without any nothing fits."""
    if narrowing.name in DATES:
        return Dated(narrowing.after, narrowing.before)
    if narrowing.name == "is":
        mine = narrowing.values or frozenset()
        return Any((Marked("owner", mine), Marked("author", mine)))
    return Marked(narrowing.name, narrowing.values or frozenset())


def _called(question: Question) -> Node | None:
    """Being called exactly as the query is: a whole title or name."""
    if not question.plain and not (len(question.parts) == 1 and question.leaves):
        return None
    name = exact(question.text.strip('"'))
    return Term("exact", name, EXACT) if name and question.leaves else None


def _ways(leaf: Leaf, fields: Iterable[str] = WORD_FIELDS) -> Iterator[Node]:
    """Every way a thing can have a leaf."""
    fields = tuple(fields)
    yield from _as_words(leaf, fields)
    yield from _as_characters(leaf, fields)
    yield from _as_reading(leaf, fields)
    if leaf.apart:
        yield All(tuple(having(part, fields) for part in leaf.apart))
    yield from _as_term(leaf, fields)
    for leaves in leaf.reworded:
        yield All(tuple(having(part, fields) for part in leaves))


def having(leaf: Leaf, fields: Iterable[str] = WORD_FIELDS) -> Node:
    """Having what one leaf asks for, in any way."""
    return Any(tuple(_ways(leaf, fields)))


def any_of(leaves: Iterable[Leaf]) -> Node:
    """Having any of some leaves."""
    return Any(tuple(having(leaf) for leaf in leaves))


def _wholly(leaf: Leaf, fields: tuple[str, ...]) -> list[Node]:
    """As whole words, by its reading, or by another form; none where it has none of these."""
    ways = [*_as_words(leaf, fields), *_as_reading(leaf, fields), *_as_term(leaf, fields)]
    groups = (leaf.apart, *leaf.reworded) if leaf.apart else leaf.reworded
    for leaves in groups:
        ways.append(All(tuple(Any(tuple(_wholly(part, fields) or _ways(part, fields))) for part in leaves)))
    return ways


def _as_term(leaf: Leaf, fields: Iterable[str]) -> Iterator[Node]:
    """In any form of a term of which the leaf is one; in which field it stands is not known of a term."""
    if set(fields) >= set(WORD_FIELDS):
        for term in leaf.terms:
            yield Term("terms", term)


def _as_words(leaf: Leaf, fields: Iterable[str] = WORD_FIELDS) -> Iterator[Node]:
    if leaf.words:
        for name in fields:
            yield _tokens(f"{name}_words", leaf.words)


def _as_characters(leaf: Leaf, fields: Iterable[str]) -> Iterator[Node]:
    if single_character(leaf) and set(fields) >= set(WORD_FIELDS):
        yield Term("characters", leaf.run)
    elif single_character(leaf):
        for name in fields:
            yield Prefix(f"{name}_pairs", leaf.run, limit=PAIRS_WITH)
    elif len(leaf.run) > 1:
        covering = _covering(leaf.run)
        for name in fields:
            yield _tokens(f"{name}_pairs", covering)


def _as_reading(leaf: Leaf, fields: Iterable[str] = READING_FIELDS) -> Iterator[Node]:
    if leaf.kana:
        for name in fields:
            if name in READING_FIELDS:
                yield Term(f"{name}_readings", leaf.kana)


def _tokens(field: str, tokens: tuple[tuple[str, int], ...]) -> Node:
    if len(tokens) == 1:
        return Term(field, tokens[0][0])
    return Phrase(field, tuple(text for text, _ in tokens), tuple(offset for _, offset in tokens))


def _covering(run: str) -> tuple[tuple[str, int], ...]:
    """As few pairs as hold every character of a run: every second one, and the last."""
    every = pairs(run)
    if not every:
        return ()
    wanted = sorted({*range(0, len(every), 2), len(every) - 1})
    return tuple((every[index], index) for index in wanted)


# ------------------------------------------------------------------ scoring
def _scoring(question: Question, fields: Sequence[str] = WORD_FIELDS) -> Iterator[Node]:
    readings = [name for name in fields if name in READING_FIELDS]
    for term in dict.fromkeys(text for atom in question.atoms for text, _offset in atom.words):
        yield Across(_weighed("words", fields), (term,))
    for pair in dict.fromkeys(pair for leaf in question.leaves for pair in pairs(leaf.run)):
        yield Across(_weighed("pairs", fields), (pair,), boost=PAIRS_SHARE)
    for kana in dict.fromkeys(leaf.kana for leaf in (*question.leaves, *question.atoms) if leaf.kana):
        yield Across(_weighed("readings", readings), (kana,), boost=READINGS_SHARE)
    for leaf in question.leaves:
        if len(leaf.words) > 1:
            yield _standing_together(leaf, PHRASE_SHARE, fields)
        for other in leaf.others:
            if other.leaf.words:
                yield _standing_together(other.leaf, OTHERS_SHARE, fields)


def _standing_together(leaf: Leaf, boost: float, fields: Sequence[str]) -> Node:
    texts, offsets = zip(*leaf.words, strict=True)
    return Across(_weighed("words", fields), texts, offsets, boost)


def _weighed(kind: str, names: Iterable[str]) -> tuple[tuple[str, float], ...]:
    return tuple((f"{name}_{kind}", WEIGHTS[name]) for name in names)
