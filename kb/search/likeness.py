"""Whether two texts ask the same question: the same words that mean something, in the same order. Doubtful is no."""

from __future__ import annotations

from dataclasses import dataclass

from kb.search.analysis import fold, words

# Nobody asks more words than this in one question.
ASKED_LENGTH = 200
# One question may have one word more than the other only when they share so many.
SHARED_WITH_ONE_MORE = 6
# A word alone says what something is about, and not what is asked of it.
FEWEST_WORDS = 2

_SAME = {"無い": "ない", "ぬ": "ない", "ず": "ない", "ん": "ない"}
_ASKING = frozenset(
    "何 誰 いつ 何時 どこ 何処 どれ 何れ どちら 何方 幾ら 幾 幾つ 何故 どう どんな どの"
    " how what when where which who whom whose why".split()
)
# What they ask for is the thing itself: 上限は何ですか is what is meant by 上限.
_ASKING_WHAT = frozenset({"何", "幾ら", "what"})
_DENYING = frozenset({"ない", "not", "no", "never", "without", "cannot"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks: its words in their order, what it asks for (when, how, …), and how often it denies."""

    words: tuple[str, ...]
    asking: frozenset[str]
    denials: int


def asked(text: str) -> Asked:
    found: list[str] = []
    asking: set[str] = set()
    denials = 0
    folded = fold(text[:ASKED_LENGTH])
    every = list(words(folded))
    japanese = any(word.japanese for word in every)
    for word in every:
        written = word.text if word.japanese else folded[word.start : word.end]
        if written in _ASKING:
            asking.add(written)
        elif _SAME.get(written, written) in _DENYING or written.replace("’", "'").endswith("n't"):
            denials += 1
        # among Japanese a letter is a name: A社
        elif word.content and (not word.light or (japanese and not word.japanese)):
            found.append(word.text)
    return Asked(tuple(found), frozenset(asking), denials)


def ask_the_same(one: str, other: str) -> bool:
    """Whether an answer to `other` answers `one`: both ways round but for what a shorter `one` leaves to be understood."""
    if _bare(one) == _bare(other):
        return bool(_bare(one))
    first, second = asked(one), asked(other)
    if first.denials != second.denials or not _same_asking(first, second):
        return False
    if len(first.words) < FEWEST_WORDS or len(second.words) < FEWEST_WORDS:
        return False
    return first.words == second.words or _but_for_one(*sorted((first.words, second.words), key=len))


def _bare(text: str) -> str:
    """The letters and digits alone."""
    return "".join(letter for letter in fold(text[:ASKED_LENGTH]) if letter.isalnum() or letter in "ー々〆")


def _same_asking(one: Asked, other: Asked) -> bool:
    if one.asking == other.asking:
        return True
    return not one.asking and other.asking <= _ASKING_WHAT


def _but_for_one(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether leaving one word out of the longer makes them equal; names and numbers are never left out."""
    if len(longer) != len(shorter) + 1 or len(shorter) < SHARED_WITH_ONE_MORE:
        return False
    return any(
        longer[:index] + longer[index + 1 :] == shorter and not word.isascii()
        for index, word in enumerate(longer)
    )
