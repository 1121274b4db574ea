"""A query tree against a snapshot: which documents match, and Whoosh's own BM25F for their scores, an array at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

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
from kb.search.engines.whoosh.snapshot import Snapshot

K1 = 1.2
B = 0.75
# A token that one document in so many has is kept as one number a document.
COMMON = 3


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
    """The score of each of these documents, which are in order; 0 where one has nothing that scores."""
    if not len(rows):
        return np.zeros(0, np.float64)
    if len(rows) * MUCH_SHORTER < snapshot.count:
        return sum((values for _field, values in _every_part(snapshot, node, rows)), np.zeros(len(rows)))
    everywhere = np.zeros(snapshot.count, np.float32)
    _add_scores(snapshot, node, everywhere)
    return everywhere[rows].astype(np.float64)


def _add_scores(snapshot: Snapshot, node: Node, everywhere: Weights) -> None:
    """Add what each document scores to its place."""
    match node:
        case Term() | Phrase() | Across() if node.boost:
            kept = _whole_score(snapshot, node)
            if kept.numbers is None:
                everywhere += kept.values
            else:
                everywhere[kept.numbers] += kept.values
        case Any(nodes, least) if least <= 1:
            for child in nodes:
                _add_scores(snapshot, child, everywhere)
        case All(nodes) | Any(nodes):
            inner = np.zeros(snapshot.count, np.float32)
            for child in nodes:
                _add_scores(snapshot, child, inner)
            everywhere += inner * matching(snapshot, node)


class Scored(NamedTuple):
    """What documents score by a token: those of `numbers`, none: all, for a common one."""

    numbers: Numbers | None
    values: Weights

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + (0 if self.numbers is None else self.numbers.nbytes)


def _whole_score(snapshot: Snapshot, node: Term | Phrase | Across) -> Scored:
    """A token's score for all that have it, kept for the next question with it."""
    key = ("scores", node)
    kept: Scored | None = snapshot.computed.get(key)
    if kept is None:
        having = np.flatnonzero(matching(snapshot, node)).astype(np.int32)
        values = sum(_parts(snapshot, node, having).values(), np.zeros(len(having))).astype(np.float32)
        kept = Scored(having, values)
        if len(having) * COMMON > snapshot.count:
            kept = Scored(None, np.zeros(snapshot.count, np.float32))
            kept.values[having] = values
        snapshot.computed.put(key, kept)
    return kept


def parts(snapshot: Snapshot, node: Node, rows: Numbers) -> list[dict[str, float]]:
    """How much each field gives to the score of each of these documents."""
    if not len(rows):
        return []
    order = np.argsort(rows)
    found: list[dict[str, float]] = [{} for _row in rows]
    for field, values in _every_part(snapshot, node, rows[order]):
        for index in np.flatnonzero(values).tolist():
            of_row = found[order[index]]
            of_row[field] = of_row.get(field, 0.0) + float(values[index])
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
    counts = _counts(snapshot, node, rows)
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
        counts = _counts(snapshot, child, rows)
        if counts.any():
            lengths, shares = snapshot.shares(child.field)
            weighed[child.field] = part = counts * (weight / (1 - B + B * shares))[lengths[rows]]
            total += part
    names = tuple(name for name, _weight in node.fields)
    rarity = sum(_rarity_across(snapshot, names, text) for text in node.texts)
    factor = node.boost * rarity * (K1 + 1) / (total + K1)
    return {field: part * factor for field, part in weighed.items()}


def _counts(snapshot: Snapshot, node: Term | Phrase, rows: Numbers) -> Weights:
    """How often each of these documents has a token."""
    if len(rows) * MUCH_SHORTER < snapshot.count:
        return snapshot.counts_in(node, rows)
    postings = snapshot.postings(node)
    everywhere = np.zeros(snapshot.count, np.float32)
    everywhere[postings.numbers] = 1.0 if postings.weights is None else postings.weights
    return everywhere[rows]


def _idf(snapshot: Snapshot, field: str, text: str) -> float:
    """Whoosh's rarity of a token: its documents, deleted ones included, among all."""
    return math.log(snapshot.count / (snapshot.frequency(field, text) + 1)) + 1


def _rarity_across(snapshot: Snapshot, fields: tuple[str, ...], text: str) -> float:
    having = snapshot.frequency_across(fields, text)
    return math.log(1 + (snapshot.count - having + 0.5) / (having + 0.5))
