"""A question in other words: a leaf that is a form of a glossary term asks for the term as well, each in its own place.

Nothing is added at the top of a question, so that a word asked to be absent is absent in its other forms, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from kb.search.analysis import STOP_WORDS, fold, is_japanese, words
from kb.search.documents import Meaning
from kb.search.question import Both, Either, Leaf, Not, Other, Part, Question, ask

# A form is at most so many leaves, or words of one leaf: customer acquisition cost.
LONGEST = 5
# Of a word's other forms so many are searched, and of a compound so many are put in the place of one of its words.
OTHERS = 6
REWORDED = 3


def form_key(text: str) -> str:
    """What two spellings of a form share: width, case, spaces, and function words, which a query drops."""
    folded = fold(text)
    if any(map(is_japanese, folded)):
        return "".join(folded.split())
    kept = [word for word in folded.split() if word not in STOP_WORDS]
    return " ".join(kept or folded.split())


def as_leaf(text: str) -> Leaf:
    """A form as one leaf; one of several words also has them next to each other."""
    leaves = ask(text).leaves
    if len(leaves) == 1:
        return leaves[0]
    return _together(leaves) if leaves else Leaf(fold(text))


def _together(leaves: Sequence[Leaf]) -> Leaf:
    """Several leaves as one; they may stand anywhere, but count once more where they stand together."""
    surface = " ".join(leaf.surface for leaf in leaves)
    typed = [word for word in words(surface) if word.content]
    positions = tuple((word.text, word.position - typed[0].position) for word in typed)
    atoms = tuple(atom for leaf in leaves for atom in leaf.atoms or (leaf,))
    return Leaf(surface, positions, atoms=atoms, apart=tuple(leaves))


def forms_typed(question: Question) -> frozenset[str]:
    """The keys of everything in a question that may be a form."""
    found: set[str] = set()

    def note(leaves: Sequence[Leaf]) -> Sequence[Leaf]:
        for several in (leaves, *(leaf.atoms for leaf in leaves)):
            found.update(map(_key, _groups(several)))
        return leaves

    _changed(question.parts, note)
    return frozenset(found)


def _groups(leaves: Sequence[Leaf]) -> Iterator[Sequence[Leaf]]:
    for start in range(len(leaves)):
        for end in range(start + 1, min(start + LONGEST, len(leaves)) + 1):
            yield leaves[start:end]


def _key(group: Sequence[Leaf]) -> str:
    return form_key(" ".join(leaf.surface for leaf in group))


def widen(question: Question, meanings: Mapping[str, Meaning]) -> Question:
    """The same question with what its leaves mean, by `form_key`; the longest form first."""
    if not meanings:
        return question
    return replace(question, parts=_changed(question.parts, lambda leaves: _widened(leaves, meanings)))


Change: TypeAlias = "Callable[[Sequence[Leaf]], Sequence[Leaf]]"


def _changed(parts: Iterable[Part], change: Change) -> tuple[Part, ...]:
    """Leaves that are asked for one after the other changed together, wherever they stand; a quotation means itself alone."""
    found: list[Part] = []
    run: list[Leaf] = []
    for part in parts:
        if isinstance(part, Leaf) and not part.quoted:
            run.append(part)
        else:
            found += (*change(run), _changed_inside(part, change))
            run = []
    return (*found, *change(run))


def _changed_inside(part: Part, change: Change) -> Part:
    match part:
        case Not(child):
            return Not(_together_again(_changed((child,), change)))
        case Both(children):
            return Both(_changed(children, change))
        case Either(children):
            return Either(tuple(_together_again(_changed((child,), change)) for child in children))
    return part


def _together_again(parts: tuple[Part, ...]) -> Part:
    return parts[0] if len(parts) == 1 else Both(parts)


def _widened(leaves: Sequence[Leaf], meanings: Mapping[str, Meaning]) -> tuple[Leaf, ...]:
    found: list[Leaf] = []
    at = 0
    while at < len(leaves):
        for end in range(min(at + LONGEST, len(leaves)), at, -1):
            meaning = meanings.get(_key(leaves[at:end]))
            if meaning is not None:
                found.append(_meant(leaves[at:end], meaning))
                break
        else:
            end = at + 1
            found.append(_compound(leaves[at], meanings))
        at = end
    return tuple(found)


def _meant(leaves: Sequence[Leaf], meaning: Meaning) -> Leaf:
    """A leaf that is a form; what has the term has each of its words."""
    leaf = leaves[0] if len(leaves) == 1 else _together(leaves)
    others = tuple(Other(text, term, as_leaf(text)) for text, term in meaning.forms[:OTHERS])
    atoms = tuple(replace(atom, terms=meaning.terms) for atom in leaf.atoms)
    return replace(leaf, atoms=atoms, terms=meaning.terms, others=others)


def _compound(leaf: Leaf, meanings: Mapping[str, Meaning]) -> Leaf:
    """A compound of which some words are a form: 失注理由 is also what has lost deal and 理由."""
    if not leaf.atoms:
        return leaf
    atoms = _widened(leaf.atoms, meanings)
    reworded = tuple(
        tuple(other.leaf if atom is meant else _plain(atom) for atom in atoms)
        for meant in atoms
        for other in meant.others[:REWORDED]
    )
    if not reworded:
        return leaf
    others = tuple(other for atom in atoms for other in atom.others)
    return replace(leaf, atoms=atoms, others=others[:OTHERS], reworded=reworded)


def _plain(leaf: Leaf) -> Leaf:
    """A leaf as it was typed."""
    return replace(leaf, atoms=tuple(map(_plain, leaf.atoms)), terms=(), others=(), reworded=())


def reworded(question: Question) -> tuple[tuple[Leaf, Leaf], ...]:
    """Each leaf that must be there and is asked for in other words, too, and the same as it was typed."""
    return tuple((leaf, _plain(leaf)) for leaf in _required(question.parts) if leaf.others)


def _required(parts: Iterable[Part]) -> Iterator[Leaf]:
    for part in parts:
        if isinstance(part, Leaf):
            yield part
        elif isinstance(part, Both):
            yield from _required(part.parts)
