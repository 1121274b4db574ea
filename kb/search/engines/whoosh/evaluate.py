"""A query tree against a snapshot: which documents match, and Whoosh's own BM25F for their scores, an array at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from kb.search.analysis import fold
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
from kb.search.engines.whoosh.arrays import MUCH_SHORTER, Floats, Mask, Numbers, Weights, places
from kb.search.engines.whoosh.postings import Postings
from kb.search.engines.whoosh.snapshot import Snapshot

K1 = 1.2
B = 0.75


# ------------------------------------------------------------------ matching
def matching(snapshot: Snapshot, node: Node) -> Mask:
    """Which documents match; whether they are still there is not asked. Nobody may write into the answer."""
    if isinstance(node, Everything):
        return snapshot.alive
    key = ("matching", node)
    found: Mask | None = snapshot.computed.get(key)
    if found is None:
        found = snapshot.computed.put(key, _matching(snapshot, node))
    return found


def _matching(snapshot: Snapshot, node: Node) -> Mask:
    match node:
        case Term() | Phrase() | Prefix() | Fuzzy() | Across():
            return _holding(snapshot, tuple(_tokens(snapshot, node)))
        case Marked(name, values):
            return snapshot.columns.labels[name].having(values, fold if name == "tag" else str)
        case Dated(after, before):
            return within(
                snapshot.columns.days,
                after.toordinal() if after else None,
                before.toordinal() if before else None,
            )
        case Without(child):
            return ~matching(snapshot, child)
        case All(nodes):
            return _in_all(snapshot, nodes)
        case Any(nodes, least):
            if least <= 1:
                return _in_any(snapshot, nodes)
            return counting(snapshot, nodes) >= least
        case Everything():
            return snapshot.alive


def _tokens(snapshot: Snapshot, node: Term | Phrase | Prefix | Fuzzy | Across) -> Iterator[Term | Phrase]:
    """What of the postings a node means."""
    match node:
        case Term() | Phrase():
            yield node
        case Across():
            yield from (child for _weight, child in node.in_each())
        case Prefix() | Fuzzy():
            yield from (Term(node.field, token) for token in snapshot.tokens(node))


def _holding(snapshot: Snapshot, nodes: tuple[Term | Phrase, ...]) -> Mask:
    found = np.zeros(snapshot.count, np.bool_)
    for node in nodes:
        found[snapshot.postings(node).numbers] = True
    return found


def _in_any(snapshot: Snapshot, nodes: tuple[Node, ...]) -> Mask:
    tokens = tuple(node for node in nodes if isinstance(node, Term | Phrase))
    found = _holding(snapshot, tokens)
    for node in nodes:
        if not isinstance(node, Term | Phrase):
            found |= matching(snapshot, node)
    return found


def _in_all(snapshot: Snapshot, nodes: tuple[Node, ...]) -> Mask:
    if nodes and all(isinstance(node, Term | Phrase) for node in nodes):
        return _in_all_tokens(snapshot, nodes)
    found: Mask | None = None
    for node in nodes:
        this = matching(snapshot, node)
        found = this if found is None else found & this
        if not found.any():
            break
    return np.zeros(snapshot.count, np.bool_) if found is None else found


def _in_all_tokens(snapshot: Snapshot, nodes: tuple[Node, ...]) -> Mask:
    """Few documents have the rarest; only these are looked up among those of the others."""
    lists = [snapshot.postings(node).numbers for node in nodes if isinstance(node, Term | Phrase)]
    lists.sort(key=len)
    common = lists[0]
    found = np.zeros(snapshot.count, np.bool_)
    for other in lists[1:]:
        if len(common) * MUCH_SHORTER < len(other):
            common = common[places(other, common)[1]]
        else:
            found[other] = True
            kept = common[found[common]]
            found[other] = False
            common = kept
    found[common] = True
    return found


def counting(snapshot: Snapshot, nodes: tuple[Node, ...]) -> Numbers:
    """How many of `nodes` each document has."""
    counts = np.zeros(snapshot.count, np.int32)
    for node in nodes:
        counts += matching(snapshot, node)
    return counts


def within(days: Numbers, first: int | None, last: int | None) -> Mask:
    """Which days are from the first to the last; none: no bound."""
    found = np.ones(len(days), np.bool_)
    if first is not None:
        found &= days >= first
    if last is not None:
        found &= days <= last
    return found


# ------------------------------------------------------------------ scoring
def scores(snapshot: Snapshot, node: Node, rows: Numbers) -> Floats:
    """The score of each of these documents, 0 where it has nothing that scores."""
    found = np.zeros(len(rows), np.float64)
    if len(rows):
        _add_scores(snapshot, node, rows, found)
    return found


def _add_scores(snapshot: Snapshot, node: Node, rows: Numbers, found: Floats) -> None:
    match node:
        case Term() | Phrase() | Across() if node.boost:
            found += _whole_score(snapshot, node, rows)
        case Any(nodes, least) if least <= 1:
            for child in nodes:
                _add_scores(snapshot, child, rows, found)
        case All(nodes) | Any(nodes):
            inner = np.zeros(len(rows), np.float64)
            for child in nodes:
                _add_scores(snapshot, child, rows, inner)
            found += inner * matching(snapshot, node)[rows]


def _whole_score(snapshot: Snapshot, node: Term | Phrase | Across, rows: Numbers) -> Floats:
    """A token's score. Of one that many of the documents have it is computed for all that have it, and kept."""
    key = ("scores", node)
    kept: Postings | None = snapshot.computed.get(key)
    if kept is None:
        if len(rows) * MUCH_SHORTER < snapshot.count:
            return sum(_parts(snapshot, node, rows).values(), np.zeros(len(rows), np.float64))
        having = np.flatnonzero(matching(snapshot, node)).astype(np.int32)
        values = sum(_parts(snapshot, node, having).values(), np.zeros(len(having), np.float64))
        kept = snapshot.computed.put(key, Postings(having, values.astype(np.float32)))
    return _at(kept, rows, snapshot.count).astype(np.float64)


def parts(snapshot: Snapshot, node: Node, rows: Numbers) -> list[dict[str, float]]:
    """How much each field gives to the score of each of these documents."""
    found: list[dict[str, float]] = [{} for _row in rows]
    for field, values in _every_part(snapshot, node, rows):
        for index in np.flatnonzero(values).tolist():
            found[index][field] = found[index].get(field, 0.0) + float(values[index])
    return found


def _every_part(snapshot: Snapshot, node: Node, rows: Numbers) -> Iterator[tuple[str, Floats]]:
    match node:
        case Term() | Phrase() | Across() if node.boost:
            yield from _parts(snapshot, node, rows).items()
        case Any(nodes, least) if least <= 1:
            for child in nodes:
                yield from _every_part(snapshot, child, rows)
        case All(nodes) | Any(nodes):
            having = matching(snapshot, node)[rows]
            for child in nodes:
                for field, values in _every_part(snapshot, child, rows):
                    yield field, values * having


def _parts(snapshot: Snapshot, node: Term | Phrase | Across, rows: Numbers) -> dict[str, Floats]:
    if isinstance(node, Across):
        return _across(snapshot, node, rows)
    counts = _at(snapshot.postings(node), rows, snapshot.count)
    lengths, shares = snapshot.shares(node.field)
    texts = (node.text,) if isinstance(node, Term) else node.texts
    rarity = node.boost * sum(_idf(snapshot, node.field, text) for text in texts)
    usual = (K1 * (1 - B + B * shares))[lengths[rows]]
    return {node.field: rarity * (K1 + 1) * counts / (counts + usual)}


def _across(snapshot: Snapshot, node: Across, rows: Numbers) -> dict[str, Floats]:
    """BM25F; what a field gives is its part of the weighed count."""
    weighed: dict[str, Floats] = {}
    total = np.zeros(len(rows), np.float64)
    for weight, child in node.in_each():
        postings = snapshot.postings(child)
        if len(postings):
            lengths, shares = snapshot.shares(child.field)
            counts = _at(postings, rows, snapshot.count)
            weighed[child.field] = part = counts * (weight / (1 - B + B * shares))[lengths[rows]]
            total += part
    names = tuple(name for name, _weight in node.fields)
    rarity = sum(_rarity_across(snapshot, names, text) for text in node.texts)
    factor = node.boost * rarity * (K1 + 1) / (total + K1)
    return {field: part * factor for field, part in weighed.items()}


def _at(postings: Postings, rows: Numbers, count: int) -> Weights:
    """How often each of these documents has a token, or whatever else the postings weigh."""
    numbers, weights = postings.numbers, postings.weights
    if len(rows) * MUCH_SHORTER < len(numbers):
        at, there = places(numbers, rows)
        return np.where(there, 1.0 if weights is None else weights[at], 0.0).astype(np.float32)
    everywhere = np.zeros(count, np.float32)
    everywhere[numbers] = 1.0 if weights is None else weights
    return everywhere[rows]


def _idf(snapshot: Snapshot, field: str, text: str) -> float:
    """Whoosh's rarity of a token: its documents, deleted ones included, among all."""
    return math.log(snapshot.count / (snapshot.frequency(field, text) + 1)) + 1


def _rarity_across(snapshot: Snapshot, fields: tuple[str, ...], text: str) -> float:
    having = snapshot.frequency_across(fields, text)
    return math.log(1 + (snapshot.count - having + 0.5) / (having + 0.5))
