"""What changed between two texts, and two people's changes of one text put together.

Texts are compared sentence by sentence and, inside a changed sentence, character by character: Japanese has
neither short lines nor spaces between words. merge3 finds where two changes meet; it takes changes of two
neighbouring sentences for a collision, so what it calls one is looked at again, sentence by sentence.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Literal

from diff_match_patch import diff_match_patch
from merge3 import Merge3

CONTEXT = 160  # characters of unchanged text left on either side of a change
_TIME = 1.0  # seconds for comparing characters; whatever is left then shows whole sentences
_MOST_PIECES = 40_000  # beyond, what stands between the first and the last change is one change
_LONGEST_BLOCK = 20_000

_PIECE_END = re.compile(r"\n+|[。！？]+[」』）】”’]*|[.!?]+[\"')\]”’]*[ \t]+")

Piece = str


def pieces(text: str) -> list[Piece]:
    """The text cut after each sentence, and before and after line breaks; joined they are the text."""
    cuts: list[int] = [0]
    for end in _PIECE_END.finditer(text):
        if end[0].startswith("\n"):
            cuts.append(end.start())
        cuts.append(end.end())
    cuts.append(len(text))
    return [text[start:stop] for start, stop in pairwise(cuts) if start < stop]


@dataclass(frozen=True, slots=True)
class _Edit:
    """`base[start:end]` becomes `text`; an insertion has start == end."""

    start: int
    end: int
    text: tuple[Piece, ...]


def _edits(base: Sequence[Piece], new: Sequence[Piece]) -> Iterator[_Edit]:
    """The changes from `base` to `new`, in order; always the same ones for the same texts."""
    first = 0
    while first < min(len(base), len(new)) and base[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(base), len(new)) - first and base[-1 - last] == new[-1 - last]:
        last += 1
    old, changed = base[first : len(base) - last], new[first : len(new) - last]
    if max(len(old), len(changed)) > _MOST_PIECES:
        yield _Edit(first, len(base) - last, tuple(changed))
        return
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, changed).get_opcodes():
        if kind != "equal":
            yield _Edit(first + start, first + end, tuple(changed[new_start:new_end]))


# ---------------------------------------------------------------- differences


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a text. "skipped" is unchanged text too far from any change to be shown."""

    kind: Literal["same", "added", "removed", "skipped"]
    text: str


def difference(old: str, new: str, *, context: int | None = CONTEXT) -> list[Change]:
    """From `old` to `new`; empty when they are equal.

    Without the added stretches it is `old`, without the removed ones `new`. Unchanged text further than `context`
    characters from a change is "skipped"; None keeps everything.
    """
    if old == new:
        return []
    changes = _joined(_changes(pieces(old), pieces(new), time.monotonic() + _TIME))
    return changes if context is None else list(_folded(changes, context))


def _changes(old: Sequence[Piece], new: Sequence[Piece], deadline: float) -> Iterator[Change]:
    done = 0
    for edit in _edits(old, new):
        yield Change("same", "".join(old[done : edit.start]))
        yield from _characters("".join(old[edit.start : edit.end]), "".join(edit.text), deadline)
        done = edit.end
    yield Change("same", "".join(old[done:]))


def _characters(old: str, new: str, deadline: float) -> Iterator[Change]:
    """The change of one block, in the words that changed if there is time to find them."""
    left = deadline - time.monotonic()
    if old and new and left > 0 and max(len(old), len(new)) <= _LONGEST_BLOCK:
        matcher = diff_match_patch()
        matcher.Diff_Timeout = left
        found = matcher.diff_main(old, new)
        matcher.diff_cleanupSemantic(found)
        for operation, text in found:
            yield Change("removed" if operation < 0 else "added" if operation else "same", text)
        return
    yield Change("removed", old)
    yield Change("added", new)


def _joined(changes: Iterable[Change]) -> list[Change]:
    """Neighbours of one kind as one, empty ones gone."""
    filled = (change for change in changes if change.text)
    return [
        Change(kind, "".join(part.text for part in group))
        for kind, group in groupby(filled, lambda change: change.kind)
    ]


def _folded(changes: Sequence[Change], context: int) -> Iterator[Change]:
    for number, change in enumerate(changes):
        before = context if number else 0
        after = context if number < len(changes) - 1 else 0
        if change.kind != "same" or len(change.text) <= before + after + context:
            yield change
            continue
        start, end = _cut_after(change.text, before), _cut_before(change.text, after)
        for kind, text in (
            ("same", change.text[:start]),
            ("skipped", change.text[start:end]),
            ("same", change.text[end:]),
        ):
            if text:
                yield Change("skipped" if kind == "skipped" else "same", text)


def _cut_after(text: str, wanted: int) -> int:
    """The end of the sentence that is nearest before `wanted` characters, or there."""
    ends = [end.end() for end in _PIECE_END.finditer(text, 0, wanted)]
    return ends[-1] if ends else wanted


def _cut_before(text: str, wanted: int) -> int:
    """The beginning of the sentence that is nearest after the last `wanted` characters, or there."""
    found = _PIECE_END.search(text, len(text) - wanted)
    return found.end() if found else len(text) - wanted


# ---------------------------------------------------------------- merging


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a merged text, that stood as `base` before.

    `text` is what it becomes. In a conflict both changed it, differently, to `mine` and `theirs`; `text` is empty.
    """

    kind: Literal["same", "mine", "theirs", "both", "conflict"]
    text: str
    mine: str
    theirs: str
    base: str


@dataclass(frozen=True, slots=True)
class Merge:
    """`parts` in order; `clean` when nothing has to be chosen. `text` holds both sides of what has: theirs, then mine."""

    parts: tuple[Part, ...]
    clean: bool
    text: str


class Unresolved(ValueError):
    """There are more or fewer chosen texts than conflicts."""


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Both people's changes of `base`. Two changes collide when they touch the same sentence, or add at one place."""
    parts = tuple(_parts(pieces(base), pieces(mine), pieces(theirs)))
    text = "".join(part.theirs + part.mine if part.kind == "conflict" else part.text for part in parts)
    return Merge(parts, clean=all(part.kind != "conflict" for part in parts), text=text)


def resolve(merged: Merge, chosen: Sequence[str]) -> str:
    """The whole text, with the texts chosen for its conflicts in their order.

    Raises:
        Unresolved: their number is not that of the conflicts.
    """
    conflicts = sum(part.kind == "conflict" for part in merged.parts)
    if conflicts != len(chosen):
        raise Unresolved(f"{conflicts} conflicts, {len(chosen)} texts")
    answers = iter(chosen)
    return "".join(next(answers) if part.kind == "conflict" else part.text for part in merged.parts)


def _parts(base: list[Piece], mine: list[Piece], theirs: list[Piece]) -> Iterator[Part]:
    """merge3 finds what all three have in common; what stands between is looked at closer."""
    if max(len(base), len(mine), len(theirs)) > _MOST_PIECES:
        yield from _untangled(base, mine, theirs)
        return
    done, my_done, their_done = 0, 0, 0
    for start, end, my_start, my_end, their_start, their_end in Merge3(
        base, mine, theirs
    ).find_sync_regions():
        yield from _untangled(base[done:start], mine[my_done:my_start], theirs[their_done:their_start])
        if start < end:
            yield _same("".join(base[start:end]))
        done, my_done, their_done = end, my_end, their_end


def _untangled(base: list[Piece], my_version: list[Piece], their_version: list[Piece]) -> Iterator[Part]:
    """Changes that touch the same sentence are one conflict; those of neighbouring sentences stand side by side."""
    mine, theirs = deque(_edits(base, my_version)), deque(_edits(base, their_version))
    done = 0
    while mine or theirs:
        start, end, my_share, their_share = _cluster(mine, theirs)
        if done < start:
            yield _same("".join(base[done:start]))
        yield _part(
            "".join(base[start:end]),
            _applied(base, start, end, my_share) if my_share else None,
            _applied(base, start, end, their_share) if their_share else None,
        )
        done = end
    if done < len(base):
        yield _same("".join(base[done:]))


def _same(text: str) -> Part:
    return Part("same", text, text, text, text)


def _part(base: str, mine: str | None, theirs: str | None) -> Part:
    """None: that side left it as it was."""
    if mine is not None and theirs is not None:
        return (
            Part("both", mine, mine, mine, base)
            if mine == theirs
            else Part("conflict", "", mine, theirs, base)
        )
    if mine is not None:
        return Part("mine", mine, mine, base, base)
    changed = theirs or ""
    return Part("theirs", changed, base, changed, base)


def _cluster(mine: deque[_Edit], theirs: deque[_Edit]) -> tuple[int, int, list[_Edit], list[_Edit]]:
    """Take the first edit off the lists, with all that touch the same pieces."""
    first = min((edits[0] for edits in (mine, theirs) if edits), key=lambda edit: (edit.start, edit.end))
    start, end = first.start, first.end
    shares: tuple[list[_Edit], list[_Edit]] = ([], [])
    grown = True
    while grown:
        grown = False
        for edits, share in zip((mine, theirs), shares, strict=True):
            while edits and (edits[0] is first or _collides(edits[0], start, end)):
                share.append(edits.popleft())
                end = max(end, share[-1].end)
                grown = True
    return start, end, *shares


def _collides(edit: _Edit, start: int, end: int) -> bool:
    """Whether it changes a piece of the stretch, or adds inside it, or where the stretch only adds too."""
    if start == end:
        return edit.start == edit.end == start
    if edit.start == edit.end:
        return start < edit.start < end
    return edit.start < end and start < edit.end


def _applied(base: Sequence[Piece], start: int, end: int, edits: Sequence[_Edit]) -> str:
    done = start
    text: list[Piece] = []
    for edit in edits:
        text += base[done : edit.start]
        text += edit.text
        done = edit.end
    return "".join([*text, *base[done:end]])
