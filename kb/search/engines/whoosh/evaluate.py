"""A query tree against a snapshot: which documents match, and Whoosh's own BM25F for their scores."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from whoosh.scoring import bm25

from kb.search.engines.base import (
    Across,
    All,
    Any,
    Dated,
    Everything,
    Fuzzy,
    Marked,
    Node,
    Phrase,
    Prefix,
    Term,
    Without,
)
from kb.search.engines.whoosh.snapshot import Postings, Segment, Snapshot

K1 = 1.2
B = 0.75
# Below so many documents it is quicker to look each up than to walk all postings of a token.
FEW = 32


def matching(snapshot: Snapshot, node: Node) -> set[int]:
    """Numbers of the documents that match, deleted ones not among them."""
    return _matching(snapshot, node) - snapshot.deleted


def _matching(snapshot: Snapshot, node: Node) -> set[int]:
    match node:
        case Term() | Phrase():
            found: set[int] = set()
            for offset, _segment, postings in _postings(snapshot, node):
                found.update(offset + number for number in postings.numbers)
            return found
        case Across():
            return set().union(*(_matching(snapshot, child) for _weight, child in node.in_each()))
        case Prefix() | Fuzzy():
            return _like(snapshot, node)
        case Marked() | Dated():
            return {number for number, row in snapshot.rows.items() if row.has(node)}
        case Without(child):
            return set(snapshot.rows) - _matching(snapshot, child)
        case All(nodes):
            return _in_all(snapshot, nodes)
        case Any(nodes, least):
            if least <= 1:
                return set().union(*(_matching(snapshot, child) for child in nodes))
            counts: Counter[int] = Counter()
            for child in nodes:
                counts.update(_matching(snapshot, child))
            return {number for number, count in counts.items() if count >= least}
        case Everything():
            return set(snapshot.rows)


def counting(snapshot: Snapshot, nodes: tuple[Node, ...], readable: AbstractSet[int]) -> Counter[int]:
    """How many of `nodes` each of the documents has that has any."""
    counts: Counter[int] = Counter()
    for child in nodes:
        counts.update(_matching(snapshot, child) & readable)
    return counts


def _in_all(snapshot: Snapshot, nodes: tuple[Node, ...]) -> set[int]:
    found: set[int] | None = None
    for child in nodes:
        found = _matching(snapshot, child) if found is None else found & _matching(snapshot, child)
        if not found:
            break
    return found or set()


def _like(snapshot: Snapshot, node: Prefix | Fuzzy) -> set[int]:
    found: set[int] = set()
    for offset, segment in snapshot.segments:
        tokens = (
            segment.beginning_with(node.field, node.text, node.limit)
            if isinstance(node, Prefix)
            else segment.near(node.field, node.text, node.distance, node.prefix)
        )
        for token in tokens:
            found.update(offset + number for number in segment.postings(node.field, token).numbers)
    return found


def _postings(snapshot: Snapshot, node: Term | Phrase) -> Iterator[tuple[int, Segment, Postings]]:
    for offset, segment in snapshot.segments:
        if isinstance(node, Term):
            yield offset, segment, segment.postings(node.field, node.text)
        else:
            yield offset, segment, segment.phrase(node.field, node.texts, node.offsets)


def scores(snapshot: Snapshot, node: Node, wanted: AbstractSet[int]) -> dict[int, float]:
    """The score of each of `wanted` that matches."""
    found: dict[int, float] = {}
    for _field, number, score in _scored(snapshot, node, wanted):
        found[number] = found.get(number, 0.0) + score
    return found


def parts(snapshot: Snapshot, node: Node, number: int) -> dict[str, float]:
    """How much each field gives to the score of one document."""
    found: defaultdict[str, float] = defaultdict(float)
    for field, _number, score in _scored(snapshot, node, {number}):
        found[field] += score
    return dict(found)


def _scored(snapshot: Snapshot, node: Node, wanted: AbstractSet[int]) -> Iterator[tuple[str, int, float]]:
    """(field, document, score) of every token that scores in one of `wanted`."""
    match node:
        case Term() | Phrase() if node.boost:
            yield from _token_scores(snapshot, node, wanted)
        case Across() if node.boost:
            yield from _across_scores(snapshot, node, wanted)
        case Any(nodes, least) if least <= 1:
            for child in nodes:
                yield from _scored(snapshot, child, wanted)
        case All(nodes) | Any(nodes):
            having = matching(snapshot, node) & wanted
            for child in nodes:
                yield from _scored(snapshot, child, having)


def _token_scores(
    snapshot: Snapshot, node: Term | Phrase, wanted: AbstractSet[int]
) -> Iterator[tuple[str, int, float]]:
    field = node.field
    texts = (node.text,) if isinstance(node, Term) else node.texts
    rarity = node.boost * sum(_idf(snapshot, field, text) for text in texts)
    average = snapshot.average_length(field)
    for offset, segment, postings in _postings(snapshot, node):
        if not postings.numbers:
            continue
        lengths = segment.lengths(field)
        for local, weight in _among(postings, offset, wanted):
            yield field, offset + local, bm25(rarity, weight, lengths[local], average, B, K1)


def _across_scores(
    snapshot: Snapshot, node: Across, wanted: AbstractSet[int]
) -> Iterator[tuple[str, int, float]]:
    """BM25F; what a field gives is its part of the weighed count."""
    weighed: dict[int, list[tuple[str, float]]] = {}
    for weight, child in node.in_each():
        field = child.field
        average = snapshot.average_length(field)
        for offset, segment, postings in _postings(snapshot, child):
            if not postings.numbers:
                continue
            lengths = segment.lengths(field)
            for local, count in _among(postings, offset, wanted):
                part = weight * count / (1 - B + B * lengths[local] / average)
                weighed.setdefault(offset + local, []).append((field, part))
    if not weighed:
        return
    names = tuple(name for name, _weight in node.fields)
    rarity = node.boost * sum(_rarity_across(snapshot, names, text) for text in node.texts) * (K1 + 1)
    for number, parts_of in weighed.items():
        factor = rarity / (sum(part for _field, part in parts_of) + K1)
        for field, part in parts_of:
            yield field, number, part * factor


def _rarity_across(snapshot: Snapshot, fields: tuple[str, ...], text: str) -> float:
    having = snapshot.frequency_across(fields, text)
    return math.log(1 + (snapshot.count - having + 0.5) / (having + 0.5))


def _among(postings: Postings, offset: int, wanted: AbstractSet[int]) -> Iterator[tuple[int, float]]:
    numbers, weights = postings
    if len(wanted) > FEW:
        for local, weight in zip(numbers, weights, strict=True):
            if offset + local in wanted:
                yield local, weight
        return
    for number in wanted:
        index = bisect_left(numbers, number - offset) if number >= offset else len(numbers)
        if index < len(numbers) and numbers[index] == number - offset:
            yield numbers[index], weights[index]


def _idf(snapshot: Snapshot, field: str, text: str) -> float:
    """Whoosh's rarity of a token: its documents, deleted ones included, among all."""
    return math.log(snapshot.count / (snapshot.frequency(field, text) + 1)) + 1
