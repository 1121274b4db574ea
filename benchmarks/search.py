"""How quickly things are found: our engine beside tantivy, SQLite FTS5, PostgreSQL and stock Whoosh over the same documents, then
the page of results as a whole beside a plain view that answers with as many bytes.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks import site
from benchmarks.chunks import chunks, files
from benchmarks.measure import Case, case, interleaved, parser, report, tell, timed
from benchmarks.ours import Ours, titles_in
from benchmarks.pages import Page, person, store
from benchmarks.plain import client_of, page_case
from benchmarks.questions import Counting, Questions
from benchmarks.yardsticks import (
    KINDS,
    Entry,
    Postgres,
    SqliteFts,
    StockWhoosh,
    Tantivy,
    Yardstick,
    postgresql,
)
from kb.access.actions import Readers
from kb.access.tokens import tokens_for
from kb.accounts.models import Department, Role, User
from kb.articles.models import Article
from kb.search import registry
from kb.search.analysis import Prepared, prepare
from kb.search.engines.whoosh import WhooshEngine
from kb.search.engines.whoosh.files import Files
from kb.search.question import ask
from kb.search.snippets import Marker

SIZES = (10_000, 100_000)
QUICK = 1_000
ROOT = Path(__file__).resolve().parents[1]
# One page in so many is for a department the reader is not in.
CLOSED = 5
# Stock Whoosh takes seconds for some questions; it is asked less often.
SLOW_ROUNDS = 1
COLD_ROUNDS = 5
UPDATES = 10
PAGES = {
    "common word": "商談", "English word": "customer", "nothing": "回覧板回覧板", "two words": "失注 価格", "phrase": "需要創出",
    "in kana": "しょうだん", "sentence": "値引きを求められたら決裁者に何を説明すればよいですか",
    "English sentence": "how should we answer when they ask for a discount?",
    "narrowed down": "商談&kind=faq&sort=newest",
}  # fmt: skip


@dataclass
class Site:
    """The pages of one size, their index, and what was measured while it was built."""

    home: Path
    reader: User
    spool: Path
    questions: Questions
    built: dict[str, float] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.home / "db.sqlite3"

    @property
    def index(self) -> Path:
        files = Files(self.home / "index")
        current = files.current()
        assert current is not None
        return files.path(current)

    def entries(self) -> Iterator[Entry]:
        with self.spool.open(encoding="utf-8") as lines:
            for line in lines:
                number, title, readers, words = line.rstrip("\n").split("\t")
                yield Entry(int(number), title, words, readers)


# ------------------------------------------------------------------ filling
def filled(home: Path, by: User, reader: User, texts: Sequence[Page], size: int) -> Site:
    """Build the index of all pages, and on the way a file of their words for the other engines."""
    department = Department.objects.create(name=f"D{size}")
    everyone, few = Readers(everyone=True), Readers(departments=[department], people=[by])
    closed = [page for number, page in enumerate(texts) if number % CLOSED == 0]
    store(by, [page for number, page in enumerate(texts) if number % CLOSED], everyone)
    store(by, closed, few)
    counting, spool, spent = Counting(), home / f"spool-{size}", {"reading": 0.0}
    started = time.process_time()
    with spool.open("w", encoding="utf-8") as lines:
        count = registry.engine().rebuild(_documents(size, counting, lines.write, spent))
    cpu = time.process_time() - started - spent["reading"]
    made = Site(home, reader, spool, counting.questions())
    made.built = {"documents": count, "documents_per_cpu_second": count / cpu}
    return made


def _documents(
    size: int, counting: Counting, write: Callable[[str], object], spent: dict[str, float]
) -> Iterator[Prepared]:
    source = registry.sources()["article"]
    for done, number in enumerate(Article.objects.order_by("pk").values_list("pk", flat=True)):
        if done % 5_000 == 0:
            tell(f"indexing: {done} of {size}")
        began = time.process_time()
        document = source.document(number)
        spent["reading"] += time.process_time() - began
        if document is None:
            continue
        prepared = prepare(document)
        yield prepared
        began = time.process_time()
        stands = [(place, word) for word, places in prepared.fields["body_words"].items() for place in places]
        words = [word for _place, word in sorted(stands)]
        counting.add(words)
        write(f"{number}\t{document.title}\t{' '.join(document.readers[0])}\t{' '.join(words)}\n")
        spent["reading"] += time.process_time() - began


# ------------------------------------------------------------------ engines
def engines(made: Site, size: int, runs: int) -> tuple[list[Case], dict[str, object]]:
    """Every kind of question to every engine, in turn."""
    viewer = sorted(tokens_for(made.reader))
    ours = Ours(WhooshEngine(made.home / "index"), titles_in(made.database))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kotohashi-yardsticks-")))
        beside: list[Yardstick] = [Tantivy(folder / "tantivy"), SqliteFts(folder / "fts.sqlite3")]
        if address := stack.enter_context(postgresql()):
            beside.append(Postgres(address))
        built: dict[str, object] = {"ours, with analysis": made.built["documents_per_cpu_second"]}
        for engine in beside:
            tell(f"{engine.name} takes {size} documents")
            began = time.perf_counter()
            engine.put(made.entries())
            built[f"{engine.name}, documents a second"] = size / (time.perf_counter() - began)
        beside.append(StockWhoosh(made.index, ours.titles))
        cases: list[Case] = []
        for kind in KINDS:
            tell(f"asking: {kind}")
            cases += _asked(kind, made.questions.of(kind), ours, beside, viewer, size, runs)
        cases += _cold(made, viewer, size, cases)
        cases += _updates(made, ours, beside[:-1], size)
        cases.append(_highlights(made, beside[1], size, runs))
        return cases, {"built": built, **_memory(made, viewer)}


def _asked(
    kind: str,
    questions: Sequence[Sequence[str]],
    ours: Ours,
    beside: Sequence[Yardstick],
    viewer: Sequence[str],
    size: int,
    runs: int,
) -> list[Case]:
    ours_took: list[float] = []
    took: dict[str, list[float]] = {engine.name: [] for engine in beside if kind in engine.kinds}
    for number in range(runs + 1):
        for words in questions:
            mine = timed(partial(ours.ask, kind, words, viewer))
            if number:
                ours_took.append(mine)
            for engine in beside:
                slow = isinstance(engine, StockWhoosh)
                if engine.name in took and not (slow and number > SLOW_ROUNDS):
                    theirs = timed(partial(engine.ask, kind, words, viewer))
                    if number:
                        took[engine.name].append(theirs)
    return [case(kind, size, ours_took, name, theirs) for name, theirs in took.items()]


def _cold(made: Site, viewer: Sequence[str], size: int, warm: Sequence[Case]) -> list[Case]:
    """The first question of a fresh process, from opening the index on."""
    cases = []
    for kind in KINDS:
        tell(f"in a fresh process: {kind}")
        took = [_fresh(made, kind, words, viewer)["took"] for words in made.questions.of(kind)[:COLD_ROUNDS]]
        yardstick = next(one for one in warm if one.name == kind and one.yardstick == "tantivy")
        cases.append(case(f"{kind}, cold", size, took, "tantivy, warm", [yardstick.yardstick_p50]))
    return cases


def _fresh(made: Site, kind: str, words: Sequence[str], viewer: Sequence[str]) -> Mapping[str, float]:
    asked = {
        "index": str(made.home / "index"), "database": str(made.database), "kind": kind, "words": list(words),
        "viewer": list(viewer),
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.ours", json.dumps(asked)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found: Mapping[str, float] = json.loads(answer)
    return found


def _memory(made: Site, viewer: Sequence[str]) -> dict[str, object]:
    words = made.questions.of("OR of 3")[0]
    return {"private_mb_after_one_question": round(_fresh(made, "OR of 3", words, viewer)["private_mb"], 1)}


def _updates(made: Site, ours: Ours, beside: Sequence[Yardstick], size: int) -> list[Case]:
    """One document replaced and found again."""
    source = registry.sources()["article"]
    some = list(islice(made.entries(), 0, size, max(1, size // UPDATES)))
    mine: list[float] = []
    theirs: dict[str, list[float]] = {engine.name: [] for engine in beside}
    for entry in some:
        document = source.document(entry.number)
        assert document is not None
        prepared = prepare(document)

        def update(prepared: Prepared = prepared) -> None:
            ours.replace(prepared)
            ours.ask("common term", made.questions.of("common term")[0], ["all"])

        mine.append(timed(update))
        for engine in beside:
            theirs[engine.name].append(timed(partial(engine.replace, entry)))
    return [case("one update", size, mine, name, took) for name, took in theirs.items()]


def _highlights(made: Site, fts: Yardstick, size: int, runs: int) -> Case:
    """Ten snippets of ten hits."""
    assert isinstance(fts, SqliteFts)
    (word,) = made.questions.of("common term")[0]
    numbers = [entry.number for entry in islice(made.entries(), 10)]
    texts = list(Article.objects.filter(pk__in=numbers).values_list("text", flat=True))

    def mark() -> None:
        marker = Marker(ask(word))
        for text in texts:
            marker.snippet(text)

    return interleaved(
        "ten highlights", size, mark, "SQLite FTS5 snippet()", partial(fts.snippets, word), runs * 3
    )


# ------------------------------------------------------------------ the page
def pages(reader: User, size: int, runs: int) -> list[Case]:
    client = client_of(reader)
    cases = []
    for name, asked in PAGES.items():
        address = f"/search/?q={asked}"
        cases.append(page_case(client, f"/search/ {name}", address, size, runs))
    return cases


def main() -> int:
    arguments = parser(__doc__ or "", SIZES)
    arguments.add_argument(
        "--corpus", type=Path, metavar="DIR", help="a folder of Markdown instead of invented pages"
    )
    given = arguments.parse_args()
    sizes = [QUICK] if given.quick and tuple(given.size) == SIZES else sorted(given.size)
    runs = 5 if given.quick else 10
    texts = list(files(given.corpus, max(sizes)) if given.corpus else chunks(max(sizes)))
    # What is held here alone should not be walked through again and again while others are measured.
    gc.freeze()
    cases: list[Case] = []
    more: dict[str, object] = {}
    with site.migrated() as home:
        by, there = person(), 0
        reader = User.objects.create_user("reader", role=Role.READER, display_name="Reader")
        for size in sizes:
            made = filled(home, by, reader, texts[there:size], size)
            there = size
            found, about = engines(made, size, runs)
            cases += [*found, *pages(reader, size, runs)]
            more[str(size)] = about
        report("search", cases, as_json=given.as_json, more=more)
    return 0


if __name__ == "__main__":
    sys.exit(main())
