"""Plain words as what is asked for.

White space and function words part it into leaves: every Latin word, and every stretch of Japanese
that means one thing, is one. A thing has all the words when it has every leaf; leaves fall into atoms, of which a
thing that comes below the line has most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kb.search.analysis import Word, hiragana, is_japanese, is_kana, runs, words

# Nobody types more; a pasted page is searched by its beginning.
QUERY_LENGTH = 1_000
LEAVES = 32
# A stretch of Japanese asks for at most so many words, or characters, next to each other.
LEAF_WORDS = 8
LEAF_LENGTH = 64
ATOMS = 48
# So many leaves are no longer a few words somebody thought of, but a sentence.
SENTENCE_LEAVES = 6

_JOINING = "の"
# Function words that may stand between two words without making a sentence of them.
_LISTING = frozenset({"の", "と", "や", "も"})
_KANA_PARTICLES = frozenset({"の", "を", "が", "は", "に", "で", "と", "へ", "も", "や", "から", "まで"})
_KANA_GRAMMAR = _KANA_PARTICLES | frozenset(
    {"か", "ね", "よ", "だ", "です", "ます", "た", "て", "ない", "う", "れる", "られる", "たい"}
)
_KEEPS_WORDS_TOGETHER = re.compile(r"[-'’._@&]")
_HIRAGANA = re.compile("[ぁ-ゖ]+")
_ASKS = re.compile(r"(?:\?|か)[\s。.!?」]*$")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One thing asked for.

    words: its normal forms, at their distances from each other. run: how it was typed, when that is Japanese: found
    as adjacent characters, too. kana: its reading, only when it was typed in kana. atoms: its words one by one.
    joined: two words with の between them, typed as one thing. quoted: it must stand exactly so.
    apart: several leaves typed one after the other that are one thing; they may stand anywhere.
    terms: the glossary's terms of which it is a form; others: their other forms. reworded: a compound with one of its
    words in another form, as leaves.
    """

    surface: str
    words: tuple[tuple[str, int], ...] = ()
    run: str = ""
    kana: str = ""
    atoms: tuple[Leaf, ...] = ()
    joined: bool = False
    quoted: bool = False
    terms: tuple[str, ...] = ()
    others: tuple[Other, ...] = ()
    apart: tuple[Leaf, ...] = ()
    reworded: tuple[tuple[Leaf, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Another form of a glossary's term, as it is written and as a leaf."""

    text: str
    term: int
    leaf: Leaf


def is_grammar(word: Word) -> bool:
    """Whether it only joins what stands around it."""
    return not word.content and word.text in _KANA_GRAMMAR


def legible(raw: str) -> str:
    """What was typed, without what no database takes: null characters and halves of characters."""
    return raw.replace("\x00", " ").encode("utf-8", "replace").decode()


def once(leaves: Iterable[Leaf]) -> tuple[Leaf, ...]:
    """Each leaf once; two are the same when the same tokens answer them."""
    return tuple({(leaf.words, leaf.run): leaf for leaf in leaves}.values())


@dataclass(frozen=True, slots=True)
class Read:
    """What a stretch of plain words asks for: leaves in their order, those that carry meaning and the light ones; `sentence`:
    the words were put into one.
    """

    heavy: tuple[Leaf, ...]
    light: tuple[Leaf, ...]
    sentence: bool


def read(text: str) -> Read:
    """Read a stretch of folded text without operators."""
    typed = list(words(text))
    candidates = [*_japanese_leaves(text, typed), *_latin_leaves(text, typed)]
    candidates.sort(key=lambda found: found[0])
    heavy = once(leaf for _start, leaf, light in candidates if not light)
    light = once(leaf for _start, leaf, light in candidates if light)
    return Read(heavy, light, _is_sentence(text, typed, heavy or light))


def phrase(text: str) -> Leaf | None:
    """A folded text that must stand so: a run of Japanese as its characters, anything else as its words at their distances.

    It has no reading and does not fall into atoms; none when there is no word in it.
    """
    typed = list(words(text))
    kept = [word for word in typed if word.content or word.text == _JOINING]
    found = list(runs(text))
    if len(found) == 1 and found[0][1] == text:
        return Leaf(text, _relative(kept) if len(kept) == len(typed) else (), text[:LEAF_LENGTH], quoted=True)
    if kept:
        return Leaf(text, _relative(kept), quoted=True)
    return Leaf(text, (), found[0][1][:LEAF_LENGTH], quoted=True) if found else None


def _is_sentence(text: str, typed: list[Word], leaves: Sequence[Leaf]) -> bool:
    """Whether words were put into a sentence: it asks, it has grammar, or it is long."""
    if _ASKS.search(text) or len(leaves) >= SENTENCE_LEAVES:
        return True
    grammar = any(word.japanese and not word.content and word.text not in _LISTING for word in typed)
    dropped = any(word.light and not word.japanese for word in typed)
    return len(leaves) > 1 and (grammar or (dropped and len(leaves) > 2))


# ------------------------------------------------------------------ Latin
def _latin_leaves(text: str, typed: list[Word]) -> Iterator[tuple[int, Leaf, bool]]:
    """(start, leaf, light) of each word that is not Japanese; win-loss and 2.7.4 are one leaf each."""
    inside = _digits_of_runs(text)
    group: list[Word] = []
    for word in typed:
        if word.japanese or word.start in inside:
            continue
        if group and not (
            word.start - group[-1].end == 1 and _KEEPS_WORDS_TOGETHER.match(text, group[-1].end)
        ):
            yield _latin_leaf(text, group)
            group = []
        group.append(word)
    if group:
        yield _latin_leaf(text, group)


def _latin_leaf(text: str, group: list[Word]) -> tuple[int, Leaf, bool]:
    leaf = Leaf(text[group[0].start : group[-1].end], _relative(group))
    if len(group) > 1:
        atoms = tuple(
            Leaf(text[word.start : word.end], _relative([word])) for word in group if not word.light
        )
        leaf = replace(leaf, atoms=atoms)
    return group[0].start, leaf, all(word.light for word in group)


def _digits_of_runs(text: str) -> set[int]:
    """Offsets that belong to a run of Japanese, its digits included."""
    return {offset for start, run in runs(text) for offset in range(start, start + len(run))}


# ------------------------------------------------------------------ Japanese
def _japanese_leaves(text: str, typed: list[Word]) -> Iterator[tuple[int, Leaf, bool]]:
    """(start, leaf, light) of what each run of Japanese asks for."""
    for start, run in runs(text):
        inside = [word for word in typed if start <= word.start < start + len(run)]
        segments = list(_segments(inside))
        grammar = inside and all(word.text in _KANA_GRAMMAR for word in inside)
        if is_kana(run) and not (
            grammar or _are_kana_words(segments, inside) or _is_katakana_in_grammar(text, run, inside)
        ):
            light = bool(inside) and all(word.light for word in inside)
            yield start, _kana_leaf(run, segments, inside), light
        elif _is_joined(segments, inside):
            yield start, _joined_leaf(run, segments, inside), False
        elif segments:
            for segment in segments:
                yield segment[0].start, _leaf(text, segment), all(word.light for word in segment)
        else:
            # nothing but function words, or no dictionary
            for offset, part in _undivided(run, inside):
                yield start + offset, _whole(part, []), bool(inside)


def _segments(inside: list[Word]) -> Iterator[list[Word]]:
    """Neighbouring words that mean something; light ones end a stretch (確認する asks for 確認) or stand alone."""
    segment: list[Word] = []
    for word in inside:
        if word.content and not word.light and len(segment) < LEAF_WORDS:
            segment.append(word)
            continue
        if segment:
            yield segment
            segment = []
        if word.light and word.content:
            yield [word]
        elif word.content:
            segment = [word]
    if segment:
        yield segment


def _is_joined(segments: list[list[Word]], inside: list[Word]) -> bool:
    """Whether a run is two things with の between them and nothing else."""
    between = [word for word in inside if not word.content]
    heavy = [segment for segment in segments if not segment[0].light]
    return (
        len(heavy) == len(segments) == 2
        and [word.text for word in between] == [_JOINING]
        and segments[0][-1].end == between[0].start
        and between[0].end == segments[1][0].start
    )


def _joined_leaf(run: str, segments: list[list[Word]], inside: list[Word]) -> Leaf:
    atoms = tuple(_leaf(run, segment, inside[0].start) for segment in segments)
    return Leaf(run, _relative(inside), run, hiragana(run), atoms, joined=True)


def _leaf(text: str, segment: list[Word], base: int = 0) -> Leaf:
    """A stretch of words without anything between them."""
    surface = text[segment[0].start - base : segment[-1].end - base]
    atoms: tuple[Leaf, ...] = ()
    if len(segment) > 1:
        own = [word for word in segment if not word.affix] or segment
        atoms = tuple(_leaf(text, [word], base) for word in own)
    return Leaf(surface, _relative(segment), surface, hiragana(surface), atoms)


def _relative(group: list[Word]) -> tuple[tuple[str, int], ...]:
    return tuple((word.text, word.position - group[0].position) for word in group)


def _are_kana_words(segments: list[list[Word]], inside: list[Word]) -> bool:
    """Whether a run of kana was understood: several words of some length with particles between them."""
    particles = all(word.text in _KANA_PARTICLES for word in inside if not word.content)
    long_enough = all(segment[-1].end - segment[0].start > 1 for segment in segments)
    return len(segments) > 1 and particles and long_enough


def _is_katakana_in_grammar(text: str, run: str, inside: list[Word]) -> bool:
    """Whether a run is katakana words with nothing but grammar in hiragana around them: のワークフロー, not メモをのこす."""
    in_hiragana = [word for word in inside if _HIRAGANA.fullmatch(text, word.start, word.end)]
    return 0 < len(in_hiragana) < len(inside) and not any(
        word.content and not word.light for word in in_hiragana
    )


def _kana_leaf(run: str, segments: list[list[Word]], inside: list[Word]) -> Leaf:
    """A run of kana as one word; as the dictionary's word only where it took the whole run for it."""
    understood = inside if len(segments) == 1 and len(segments[0]) == len(inside) else []
    parts = [
        segment for segment in segments if segment[-1].end - segment[0].start > 1 and not segment[0].light
    ]
    leaf = _whole(run, understood)
    if len(parts) > 1:
        leaf = replace(leaf, atoms=tuple(_leaf(run, part, inside[0].start) for part in parts))
    return leaf


def _whole(run: str, understood: list[Word]) -> Leaf:
    return Leaf(run, _relative(understood) if understood else (), run[:LEAF_LENGTH], hiragana(run))


def _undivided(run: str, inside: list[Word]) -> Iterator[tuple[int, str]]:
    """A run as it is; without a dictionary its stretches of one script, for particles are in hiragana."""
    if inside or is_kana(run):
        yield 0, run
        return
    for match in re.finditer(r"[^ぁ-ゖ]{2,}", run):
        yield match.start(), match.group()
    if not re.search(r"[^ぁ-ゖ]{2,}", run):
        yield 0, run


def single_character(leaf: Leaf) -> bool:
    """Whether a leaf is one Japanese character, which has no pair to be found by."""
    return len(leaf.run) == 1 and is_japanese(leaf.run)
