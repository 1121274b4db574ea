"""Many processes search for minutes while one saves and the worker brings it over: no error, and nothing grows.

`./run drill soak --minutes 5 --readers 50`. Each reader is a process of its own that searches as a person who waits a
moment between two questions. What they hold in memory and in descriptors is looked at once they are warm, and at the end.
"""

from __future__ import annotations

# First: it makes the throw-away site.
from benchmarks.site import HOME, migrated  # isort: skip

import argparse
import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.queues import Queue
from pathlib import Path
from statistics import quantiles

from django.db import connections

from kb.access.actions import Readers
from kb.accounts.actions import seed_cast
from kb.accounts.models import User
from kb.articles.actions import Content, save_article, save_collection
from kb.articles.models import Article, Collection
from kb.search import analysis, registry
from kb.search.find import find, suggest
from kb.search.index import check, drain

ROOT = Path(__file__).resolve().parents[2]
WORDS = "商談 失注 受注 支援 体制 提案 導入 見積 稟議 価格 競合 初回 担当 期限 監査 連携 移行 教育 SSO SCIM deal lost price trial".split()
QUERIES = (
    "失注",
    "支援体制",
    "しつちゅう",
    "deal",
    "商談 価格",
    "SSOとSCIM",
    "無い言葉",
    "導入 -価格",
    "lost deals",
    "稟議の期限は?",
)
# What is looked at first, so that caches are full and every code path was taken once.
WARM_SHARE = 0.2
# So many of the questions are still being typed.
TYPING = 0.2
CATCH_UP_SECONDS = 60
# What a process may hold more at the end than when it was warm: its allocator's slack, and a descriptor for each segment
# of the index, which come and go with saves and merges.
GROWTH_MB = 24.0
GROWTH_DESCRIPTORS = 20


@dataclass
class Held:
    """What a process holds: resident memory in MB, and open descriptors."""

    mb: float
    descriptors: int

    @classmethod
    def of(cls, pid: int | str = "self") -> Held:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return cls(
            round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1), len(list(Path(f"/proc/{pid}/fd").iterdir()))
        )


@dataclass
class Told:
    """What one process tells at its end; seconds of each answer."""

    warm: Held
    last: Held
    answered: int = 0
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def reader(number: int, until: float, pause: float, answers: Queue[Told]) -> None:
    """Search and type until the time is over."""
    dice = random.Random(number)
    viewer = dice.choice(list(User.objects.all()))
    begun = time.monotonic()
    told = Told(Held.of(), Held.of())
    warm = False
    while time.monotonic() < until:
        if not warm and time.monotonic() > begun + (until - begun) * WARM_SHARE:
            told.warm, warm = Held.of(), True
        started = time.monotonic()
        try:
            answer(dice, viewer)
        except Exception:  # noqa: BLE001 - whatever it is, it is what the drill looks for
            told.errors.append(traceback.format_exc())
        told.seconds.append(time.monotonic() - started)
        told.answered += 1
        time.sleep(dice.uniform(0, 2 * pause))
    told.last = Held.of()
    answers.put(told)


def answer(dice: random.Random, viewer: User) -> None:
    query = dice.choice(QUERIES)
    if dice.random() < TYPING:
        suggest(query[:2], viewer=viewer)
        return
    found = find(query, viewer=viewer, page=dice.choice((1, 1, 1, 2)))
    if not found.available:
        message = f"the search did not answer {query!r}"
        raise RuntimeError(message)


def writer(until: float, pause: float, answers: Queue[Told]) -> None:
    """Save new pages and change old ones until the time is over."""
    dice = random.Random(0)
    by = User.objects.get(username="sato")
    shelf = Collection.objects.get()
    told = Told(Held.of(), Held.of())
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            save(dice, by, shelf)
        except Exception:  # noqa: BLE001 - whatever it is, it is what the drill looks for
            told.errors.append(traceback.format_exc())
        told.seconds.append(time.monotonic() - started)
        told.answered += 1
        time.sleep(dice.uniform(0, 2 * pause))
    told.last = Held.of()
    answers.put(told)


def save(dice: random.Random, by: User, shelf: Collection) -> None:
    text = "、".join(dice.choices(WORDS, k=dice.randint(20, 200)))
    old = Article.objects.order_by("?").first() if dice.random() < 0.5 else None
    content = Content(f"{dice.choice(WORDS)}の頁", f"{text}。", "faq", "ja", shelf, tags=[dice.choice(WORDS)])
    save_article(by=by, content=content, article=old, base_version=old.version if old else 0)


def begin(pages: int) -> None:
    """The site before the drill: the cast, one shelf, some pages, an index."""
    by = seed_cast()["sato"]
    shelf = save_collection(by=by, name="訓練", readers=Readers(everyone=True))
    dice = random.Random(1)
    for _number in range(pages):
        save(dice, by, shelf)
    drain()


@dataclass
class Outcome:
    """What came of it. p50 and p95 are milliseconds; growth is the largest of any reader."""

    readers: int
    seconds: float
    answered: int
    p50: float
    p95: float
    saves: int
    warm_mb: float
    last_mb: float
    growth_mb: float
    warm_descriptors: int
    last_descriptors: int
    growth_descriptors: int
    worker_warm: Held
    worker_last: Held
    errors: list[str]
    index_ok: bool

    @property
    def sound(self) -> bool:
        grown = self.growth_mb > GROWTH_MB or self.growth_descriptors > GROWTH_DESCRIPTORS
        of_worker = self.worker_last.descriptors - self.worker_warm.descriptors
        return (
            not (self.errors or grown or of_worker > GROWTH_DESCRIPTORS)
            and self.index_ok
            and self.answered > 0
        )


def soak(*, seconds: float, readers: int, pause: float, pages: int) -> Outcome:
    begin(pages)
    analysis.warm()
    find(QUERIES[0], viewer=User.objects.get(username="sato"))
    with subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT) as worker:
        try:
            # The clock runs once the worker does.
            save(random.Random(2), User.objects.get(username="sato"), Collection.objects.get())
            caught_up()
            # Readers open connections and the index by themselves; only what was loaded is shared.
            connections.close_all()
            registry._engine.cache_clear()  # noqa: SLF001
            return watched(worker.pid, seconds, readers, pause)
        finally:
            worker.terminate()


def watched(worker: int, seconds: float, readers: int, pause: float) -> Outcome:
    """Run everybody to the end, then let the worker catch up."""
    context = multiprocessing.get_context("fork")
    answers: Queue[Told] = context.Queue()
    until = time.monotonic() + seconds
    everybody = [
        context.Process(target=reader, args=(number, until, pause, answers))
        for number in range(1, readers + 1)
    ]
    of_writer: Queue[Told] = context.Queue()
    everybody.append(context.Process(target=writer, args=(until, pause, of_writer)))
    for process in everybody:
        process.start()
    time.sleep(seconds * WARM_SHARE)
    worker_warm = Held.of(worker)
    told = [answers.get(timeout=seconds + CATCH_UP_SECONDS) for _number in range(readers)]
    saved = of_writer.get(timeout=CATCH_UP_SECONDS)
    for process in everybody:
        process.join()
    return outcome(told, saved, (worker_warm, Held.of(worker)), seconds)


def outcome(told: Sequence[Told], saved: Told, worker: tuple[Held, Held], seconds: float) -> Outcome:
    took = sorted(second * 1000 for one in told for second in one.seconds)
    cuts = quantiles(took, n=20) if len(took) > 1 else [0.0] * 19
    return Outcome(
        readers=len(told),
        seconds=seconds,
        answered=sum(one.answered for one in told),
        p50=round(cuts[9], 1),
        p95=round(cuts[18], 1),
        saves=saved.answered - len(saved.errors),
        warm_mb=max(one.warm.mb for one in told),
        last_mb=max(one.last.mb for one in told),
        growth_mb=round(max(one.last.mb - one.warm.mb for one in told), 1),
        warm_descriptors=max(one.warm.descriptors for one in told),
        last_descriptors=max(one.last.descriptors for one in told),
        growth_descriptors=max(one.last.descriptors - one.warm.descriptors for one in told),
        worker_warm=worker[0],
        worker_last=worker[1],
        errors=[error for one in (*told, saved) for error in one.errors],
        index_ok=caught_up(),
    )


def caught_up() -> bool:
    """Whether index and database agree once the worker had the time."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while not (ok := check().ok) and time.monotonic() < deadline:
        time.sleep(0.5)
    return ok


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run drill soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--pages", type=int, default=200, help="how many pages there are at the beginning")
    parser.add_argument(
        "--pause", type=float, default=1.0, help="seconds a person waits between two questions"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with migrated():
        found = soak(seconds=asked.minutes * 60, readers=asked.readers, pause=asked.pause, pages=asked.pages)
    if asked.json:
        print(
            json.dumps(
                {"schema": 1, "drill": "soak", "sound": found.sound, **asdict(found)}, ensure_ascii=False
            )
        )
    else:
        print(
            f"{found.readers} readers for {found.seconds:.0f} s: {found.answered} answers (p50 {found.p50} ms, p95 {found.p95} ms), "
            f"{found.saves} saves, {len(found.errors)} errors\n"
            f"a reader: {found.warm_mb} -> {found.last_mb} MB (grew by {found.growth_mb} at most), "
            f"{found.warm_descriptors} -> {found.last_descriptors} descriptors\n"
            f"the worker: {found.worker_warm.mb} -> {found.worker_last.mb} MB, "
            f"{found.worker_warm.descriptors} -> {found.worker_last.descriptors} descriptors\n"
            f"the index is {'sound' if found.index_ok else 'not what it should be'} ({HOME})"
        )
        for error in found.errors[:3]:
            print(error, file=sys.stderr)
    return 0 if found.sound else 1


if __name__ == "__main__":
    sys.exit(main())
