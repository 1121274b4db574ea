"""How well the page's own search finds what judges found, beside plain BM25 on words and on pairs of characters."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from benchmarks import site
from benchmarks.handbook import read_handbook
from benchmarks.judged import Corpus, read_corpus
from benchmarks.measure import SCHEMA, percentile, tell, timed
from benchmarks.pages import Page, fill, person
from kb.articles.models import Article
from kb.search.analysis import fold, pairs, runs, words
from kb.search.find import find
from kb.text import guess_language

DATA = Path(os.environ.get("KOTOHASHI_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
HANDBOOK = DATA / "handbooks" / "gitlab_ja_marketing"
TOP = 10
K1, B = 1.2, 0.75

Ranker = Callable[[str], Sequence[str]]
Measures = dict[str, float | None]


# ------------------------------------------------------------------ the baselines, plainly
class Bm25:
    """BM25 over one bag of terms a document."""

    def __init__(self, documents: Iterable[tuple[str, Counter[str]]]) -> None:
        self.names: list[str] = []
        self.lengths: list[int] = []
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, (name, terms) in enumerate(documents):
            self.names.append(name)
            self.lengths.append(sum(terms.values()))
            for term, count in terms.items():
                self.postings[term].append((number, count))
        self.average = sum(self.lengths) / len(self.lengths)

    def rank(self, terms: Iterable[str]) -> list[str]:
        scores: dict[int, float] = defaultdict(float)
        for term in set(terms):
            having = self.postings.get(term, [])
            idf = math.log(1 + (len(self.names) - len(having) + 0.5) / (len(having) + 0.5))
            for number, count in having:
                share = self.lengths[number] / self.average
                scores[number] += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * share))
        best = sorted(scores, key=lambda number: (-scores[number], number))[:TOP]
        return [self.names[number] for number in best]


def baselines(corpus: Corpus) -> dict[str, Ranker]:
    def word_terms(text: str) -> list[str]:
        return [word.text for word in words(fold(text)) if word.content and not word.light]

    def pair_terms(text: str) -> list[str]:
        folded = fold(text)
        latin = [word.text for word in words(folded) if not word.japanese]
        return latin + [pair for _start, run in runs(folded) for pair in pairs(run)]

    def ranker(terms: Callable[[str], list[str]]) -> Ranker:
        engine = Bm25(
            (row["_id"], Counter(terms(f"{row.get('title', '')}\n{row['text']}"))) for row in corpus.documents
        )
        return lambda query: engine.rank(terms(query))

    return {"bm25_words": ranker(word_terms), "bm25_bigrams": ranker(pair_terms)}


def kotohashi(corpus: Corpus) -> Ranker:
    """The page's own `find`, over articles that one person may see."""
    viewer = person(corpus.name)
    Article.objects.all().delete()
    texts = [
        Page(row.get("title", "")[:300], row["text"], guess_language(row["text"])) for row in corpus.documents
    ]
    pks = fill(viewer, texts)
    names = dict(zip(pks, (row["_id"] for row in corpus.documents), strict=True))
    return lambda query: [names[hit.id] for hit in find(query, viewer=viewer, size=TOP).hits]


# ------------------------------------------------------------------ the measures
def measures(corpus: Corpus, rank: Ranker) -> Measures:
    """Linear gain, log2 discount; recall capped at ten; times in milliseconds."""
    ndcg = mrr = recall = 0.0
    times: list[float] = []
    for query, text in corpus.queries.items():
        ranked: list[str] = []
        times.append(timed(partial(_ranked, rank, text, ranked)))
        gains = corpus.gains[query]
        ideal = sorted(gains.values(), reverse=True)[:TOP]
        ndcg += _discounted([gains.get(name, 0.0) for name in ranked[:TOP]]) / _discounted(ideal)
        mrr += next((1 / place for place, name in enumerate(ranked[:TOP], 1) if name in gains), 0.0)
        recall += sum(name in gains for name in ranked[:TOP]) / min(TOP, len(gains))
    count = len(corpus.queries)
    if not count:
        return dict.fromkeys(("ndcg@10", "mrr@10", "recall@10", "p50", "p95"))
    return {
        "ndcg@10": ndcg / count,
        "mrr@10": mrr / count,
        "recall@10": recall / count,
        "p50": percentile(times, 0.5),
        "p95": percentile(times, 0.95),
    }


def _ranked(rank: Ranker, text: str, into: list[str]) -> None:
    into.extend(rank(text))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def judge(corpus: Corpus) -> dict[str, object]:
    tell(f"{corpus.name}: {len(corpus.documents)} documents, {len(corpus.queries)} queries")
    systems: dict[str, Ranker] = {"kotohashi": kotohashi(corpus), **baselines(corpus)}
    return {
        "corpus": corpus.name,
        "documents": len(corpus.documents),
        "queries": len(corpus.queries),
        "systems": {name: measures(corpus, rank) for name, rank in systems.items()},
    }


def corpora(folders: list[Path] | None, handbooks: list[Path] | None, limit: int | None) -> list[Corpus]:
    """The sets that were named, or all there are.

    Raises:
        FileNotFoundError: there is none in one of the folders.
    """
    if not folders and not handbooks:
        folders = sorted(path.parent for path in (DATA / "search").glob("*/corpus.jsonl"))
        handbooks = [HANDBOOK] if HANDBOOK.is_dir() else []
        if not folders and not handbooks:
            raise FileNotFoundError(2, "no judged set", str(DATA))
    for folder in handbooks or []:
        if not any(folder.rglob("*.md")):
            raise FileNotFoundError(2, "no pages", str(folder))
    judged = [read_corpus(folder, limit) for folder in folders or []]
    return judged + [corpus for folder in handbooks or [] for corpus in read_handbook(folder, limit)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench relevance", description=__doc__)
    parser.add_argument(
        "--corpus", type=Path, nargs="+", action="extend", metavar="DIR", help="folders in BEIR's layout"
    )
    parser.add_argument(
        "--handbook",
        type=Path,
        nargs="+",
        action="extend",
        metavar="DIR",
        help="folders of Markdown: their titles and descriptions are the queries",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N queries of each")
    parser.add_argument("--quick", action="store_true", help="only the first 100 queries of each")
    parser.add_argument("--json", action="store_true", dest="as_json", help="answer with one JSON object")
    given = parser.parse_args()
    try:
        chosen = corpora(given.corpus, given.handbook, given.limit or (100 if given.quick else None))
    except FileNotFoundError as missing:
        tell(f"no judged set in {missing.filename}; name one with --corpus DIR or --handbook DIR")
        return 2
    with site.migrated():
        judged = [judge(corpus) for corpus in chosen]
    if given.as_json:
        print(json.dumps({"schema": SCHEMA, "bench": "relevance", "corpora": judged}, ensure_ascii=False))
        return 0
    for one in judged:
        print(f"{one['corpus']}: {one['documents']} documents, {one['queries']} queries")
        systems = one["systems"]
        assert isinstance(systems, dict)
        for name, found in systems.items():
            print(
                f"  {name:<14}"
                + "  ".join(f"{key} {value:.3f}" for key, value in found.items() if value is not None)
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
