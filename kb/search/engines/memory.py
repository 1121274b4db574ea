"""The engine that keeps everything in memory and looks at every document: exact and simple, what the others are held against."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from kb.search import analysis
from kb.search.analysis import Prepared
from kb.search.engines.base import (
    Across,
    All,
    Any,
    Dated,
    EnginePage,
    EngineUnavailable,
    Everything,
    Fuzzy,
    Key,
    Marked,
    Node,
    Phrase,
    Prefix,
    Request,
    State,
    Term,
    Without,
    check_readers,
)
from kb.search.engines.collect import Matches, Row, page, settle

K1 = 1.2
B = 0.75


class MemoryEngine:
    """Documents in a dictionary, numbered as they came."""

    def __init__(self) -> None:
        self._documents: dict[Key, Prepared] = {}

    def search(self, request: Request) -> EnginePage:
        if not request.viewer:
            return EnginePage()
        request = _spelt_out(request, list(self._documents.values()))
        numbered = dict(enumerate(self._documents.values()))
        rows = {number: Row.of(prepared.document) for number, prepared in numbered.items()}
        open_to = {
            n for n, p in numbered.items() if _may_read(p, request.viewer) or rows[n].key in request.unsure
        }
        strict = {n for n in open_to if _matches(request.strict, numbered[n])}
        asked = request.loose.nodes if request.loose else ()
        having = [{n for n in open_to if _matches(node, numbered[n])} for node in asked]
        found = strict.union(*having)
        settled = settle(request, rows, found)
        whole = {
            n for n in strict & settled if request.whole is not None and _matches(request.whole, numbered[n])
        }
        corpus = _Corpus(list(self._documents.values()))

        def score(wanted: AbstractSet[int]) -> dict[int, float]:
            return {number: sum(corpus.parts(request.score, numbered[number]).values()) for number in wanted}

        return page(
            request,
            rows,
            Matches(
                strict & settled,
                whole,
                [those & settled for those in having],
                len(open_to) - len(found - settled),
            ),
            score,
            lambda number: corpus.parts(request.score, numbered[number]),
            lambda node, number: _matches(node, numbered[number]),
        )

    def tags(self, viewer: frozenset[str], hidden: frozenset[Key]) -> Mapping[str, int]:
        counts: Counter[str] = Counter()
        for key, prepared in self._documents.items():
            if viewer and key not in hidden and _may_read(prepared, viewer):
                counts.update(prepared.document.tags)
        return counts

    def apply(self, puts: Iterable[Prepared], removals: Collection[Key] = ()) -> None:
        incoming = _by_key(puts)
        for key in removals:
            self._documents.pop(key, None)
        self._documents.update(incoming)

    def rebuild(self, documents: Iterable[Prepared], kept: Collection[Key] = ()) -> int:
        if kept:
            raise EngineUnavailable("nothing was left of a build")
        self._documents = _by_key(documents)
        return len(self._documents)

    def matching(self, node: Node) -> frozenset[Key]:
        return frozenset(key for key, prepared in self._documents.items() if _matches(node, prepared))

    def unfinished(self) -> Mapping[Key, str]:
        return {}

    def stamps(self) -> Mapping[Key, str]:
        return {key: prepared.document.stamp for key, prepared in self._documents.items()}

    def state(self) -> State:
        return State.READY

    def merge(self, meanwhile: Callable[[], None]) -> bool:
        return False

    def warm(self) -> None:
        analysis.warm()


def _by_key(documents: Iterable[Prepared]) -> dict[Key, Prepared]:
    found = {}
    for prepared in documents:
        check_readers(prepared)
        found[Key(prepared.document.source, prepared.document.pk)] = prepared
    return found


def _may_read(prepared: Prepared, viewer: frozenset[str]) -> bool:
    return all(not readers.isdisjoint(viewer) for readers in prepared.document.readers)


def _matches(node: Node, prepared: Prepared) -> bool:
    match node:
        case Term(field, text):
            return text in prepared.fields.get(field, {})
        case Phrase():
            return _phrase_count(node, prepared) > 0
        case Across():
            return any(_matches(child, prepared) for _weight, child in node.in_each())
        case Prefix() | Fuzzy():
            raise TypeError(node)
        case Marked() | Dated():
            return Row.of(prepared.document).has(node)
        case Without(child):
            return not _matches(child, prepared)
        case All(nodes):
            return bool(nodes) and all(_matches(child, prepared) for child in nodes)
        case Any(nodes, least):
            return sum(_matches(child, prepared) for child in nodes) >= max(least, 1)
        case Everything():
            return True


def _spelt_out(request: Request, documents: list[Prepared]) -> Request:
    """The request with the tokens that prefixes and near words stand for."""

    def spelt(node: Node) -> Node:
        match node:
            case Prefix() | Fuzzy():
                return Any(tuple(Term(node.field, token) for token in _like(node, documents)))
            case All(nodes):
                return All(tuple(spelt(child) for child in nodes))
            case Any(nodes, least):
                return Any(tuple(spelt(child) for child in nodes), least)
            case Without(child):
                return Without(spelt(child))
            case _:
                return node

    loose = request.loose
    return replace(
        request,
        strict=spelt(request.strict),
        whole=None if request.whole is None else spelt(request.whole),
        loose=None if loose is None else replace(loose, nodes=tuple(spelt(node) for node in loose.nodes)),
    )


def _like(node: Prefix | Fuzzy, documents: list[Prepared]) -> list[str]:
    """The tokens that begin so, or are so near: nearest first, then commonest."""
    having = Counter(token for prepared in documents for token in prepared.fields.get(node.field, {}))
    if isinstance(node, Prefix):
        away = {token: 0 for token in having if token.startswith(node.text)}
    else:
        begin = node.text[: node.prefix]
        away = {token: edits(token, node.text) for token in having if token.startswith(begin)}
        away = {token: count for token, count in away.items() if count <= node.distance}
    return sorted(away, key=lambda token: (away[token], -having[token], token))[: node.limit]


def edits(one: str, other: str) -> int:
    """How many insertions, deletions, replacements and swaps of neighbours lead from one to the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, wanted in enumerate(other, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before = above
    return row[-1]


def _phrase_count(phrase: Phrase, prepared: Prepared) -> int:
    tokens = prepared.fields.get(phrase.field, {})
    begins: set[int] | None = None
    for text, offset in zip(phrase.texts, phrase.offsets, strict=True):
        here = {position - offset for position in tokens.get(text, ())}
        begins = here if begins is None else begins & here
    return len(begins or ())


class _Corpus:
    """What BM25 needs to know of all documents together."""

    def __init__(self, documents: list[Prepared]) -> None:
        self.documents = documents
        self.lengths: dict[str, float] = {}

    def average(self, field: str) -> float:
        if field not in self.lengths:
            total = sum(_length(prepared, field) for prepared in self.documents)
            self.lengths[field] = total / len(self.documents) or 1.0
        return self.lengths[field]

    def idf(self, field: str, text: str) -> float:
        having = sum(text in prepared.fields.get(field, {}) for prepared in self.documents)
        return math.log(len(self.documents) / (having + 1)) + 1 if having else 0.0

    def parts(self, node: Node, prepared: Prepared) -> dict[str, float]:
        """How much each field gives to the document's score."""
        found: defaultdict[str, float] = defaultdict(float)
        match node:
            case Term(field, text, boost):
                count = len(prepared.fields.get(field, {}).get(text, ()))
                if count:
                    found[field] += boost * self._bm25(self.idf(field, text), count, prepared, field)
            case Phrase(field, texts, _offsets, boost):
                count = _phrase_count(node, prepared)
                if count:
                    rarity = sum(self.idf(field, text) for text in texts)
                    found[field] += boost * self._bm25(rarity, count, prepared, field)
            case Across():
                found.update(self._across(node, prepared))
            case All(nodes) | Any(nodes):
                if _matches(node, prepared):
                    for child in nodes:
                        for name, score in self.parts(child, prepared).items():
                            found[name] += score
            case _:
                pass
        return dict(found)

    def _across(self, node: Across, prepared: Prepared) -> dict[str, float]:
        weighed: dict[str, float] = {}
        for weight, child in node.in_each():
            field = child.field
            count = (
                len(prepared.fields.get(field, {}).get(child.text, ()))
                if isinstance(child, Term)
                else _phrase_count(child, prepared)
            )
            if count:
                share = _length(prepared, field) / self.average(field)
                weighed[field] = weight * count / (1 - B + B * share)
        rarity = sum(self._rarity_across(node, text) for text in node.texts)
        total = sum(weighed.values())
        score = node.boost * rarity * (K1 + 1) / (total + K1)
        return {field: score * part for field, part in weighed.items()}

    def _rarity_across(self, node: Across, text: str) -> float:
        names = [name for name, _weight in node.fields]
        having = sum(any(text in p.fields.get(name, {}) for name in names) for p in self.documents)
        return math.log(1 + (len(self.documents) - having + 0.5) / (having + 0.5))

    def _bm25(self, idf: float, count: int, prepared: Prepared, field: str) -> float:
        share = _length(prepared, field) / self.average(field)
        return idf * count * (K1 + 1) / (count + K1 * (1 - B + B * share))


def _length(prepared: Prepared, field: str) -> int:
    return sum(len(positions) for positions in prepared.fields.get(field, {}).values())
