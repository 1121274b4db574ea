"""What changed between two texts, and how two people's changes of one text go together. Plain Python.

Differences are shown by characters, since Japanese has no spaces to cut at; merging works on sentences, so that two
people may change different sentences of one paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from diff_match_patch import diff_match_patch
from merge3 import Merge3

ChangeKind = Literal["same", "added", "removed", "skipped"]
PartKind = Literal["same", "mine", "theirs", "both", "conflict"]

# Comparing by characters may take quadratic time; after a second the rest is taken as one replacement.
DIFFERENCE_SECONDS = 1.0
# A stretch that did not change is shown whole up to this many characters; of a longer one, both ends.
SAME_SHOWN_WHOLE = 600
SAME_SHOWN_AT_ENDS = 200

_KINDS: dict[int, ChangeKind] = {-1: "removed", 0: "same", 1: "added"}
_GROUPS: dict[str, PartKind] = {"unchanged": "same", "same": "both", "a": "mine", "b": "theirs"}
# A sentence ends after 。！？ (with the quotes and brackets that close it) or a line break, or after . ! ? and a space.
_SENTENCE = re.compile(r"[^\n。！？.!?]*(?:[。！？]+[」』）)]*|[.!?]+(?=\s)[ \t]*|[.!?]+|\n+|$)")


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text: the same in both, added, removed, or the same and left out (`text` is then empty)."""

    kind: ChangeKind
    text: str


def difference(old: str, new: str, *, whole: bool = False) -> list[Change]:
    """From `old` to `new`, by characters, in pieces a person would call changes.

    Long stretches that stayed the same are cut to their ends, unless `whole`: then the same and removed stretches
    joined are `old`, the same and added ones `new`.
    """
    engine = diff_match_patch()
    engine.Diff_Timeout = DIFFERENCE_SECONDS
    found = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    changes = [Change(_KINDS[kind], text) for kind, text in found if text]
    if whole or len(changes) == 1:
        return changes if whole or not changes or changes[0].kind != "same" else []
    last = len(changes) - 1
    return [
        part
        for number, change in enumerate(changes)
        for part in _cut(change, first=number == 0, last=number == last)
    ]


def _cut(change: Change, *, first: bool, last: bool) -> list[Change]:
    """A long unchanged stretch without its middle, at the borders of the text without its outer part."""
    if change.kind != "same" or len(change.text) <= SAME_SHOWN_WHOLE:
        return [change]
    head = [] if first else [Change("same", change.text[:SAME_SHOWN_AT_ENDS])]
    tail = [] if last else [Change("same", change.text[-SAME_SHOWN_AT_ENDS:])]
    return [*head, Change("skipped", ""), *tail]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a merged text. `text` is what stands there; in a conflict it is empty, and the three differ."""

    kind: PartKind
    text: str = ""
    mine: str = ""
    theirs: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two people's changes put together; `clean` where nothing has to be chosen."""

    parts: tuple[Part, ...]

    @property
    def clean(self) -> bool:
        return all(part.kind != "conflict" for part in self.parts)


def sentences(text: str) -> list[str]:
    """The text in sentences and lines, each with what ends it; joined they are the text again."""
    return [found[0] for found in _SENTENCE.finditer(text) if found[0]]


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Put two changes of `base` together: what only one of the two changed is taken, the rest is a conflict."""
    groups = Merge3(sentences(base), sentences(mine), sentences(theirs)).merge_groups()
    return Merge(
        tuple(_joined([_part(what, *("".join(piece) for piece in pieces)) for what, *pieces in groups]))
    )


def _part(what: str, text: str, mine: str = "", theirs: str = "") -> Part:
    """One of merge3's groups; of a conflict `text` is the base's."""
    if what == "conflict":
        return Part("conflict", base=text, mine=mine, theirs=theirs)
    return Part(_GROUPS[what], text)


def _joined(parts: list[Part]) -> list[Part]:
    """Neighbours of one kind as one; conflicts stay apart, and what became empty on both sides goes."""
    joined: list[Part] = []
    for part in parts:
        if joined and part.kind == joined[-1].kind != "conflict":
            joined[-1] = Part(part.kind, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined


def resolve(merged: Merge, choices: Sequence[str]) -> str:
    """The merged text with the n-th conflict replaced by the n-th choice."""
    left = iter(choices)
    return "".join(next(left) if part.kind == "conflict" else part.text for part in merged.parts)
