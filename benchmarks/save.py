"""How long a save takes and how soon after it the page is found, beside inserting its row and nothing else."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import site
from benchmarks.measure import Case, case, timed
from benchmarks.pages import growing, person
from kb.accounts.models import User
from kb.articles.actions import Content, save_article
from kb.articles.models import Article
from kb.search.find import find

SIZES = (40, 320)
ROOT = Path(__file__).resolve().parents[1]
INSERT = "a bare INSERT of the same row"
PATIENCE = 30.0


@contextmanager
def worker(home: Path) -> Iterator[None]:
    """The real worker, beside us."""
    with (home / "worker.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def until_found(word: str, viewer: User) -> float:
    """Milliseconds until somebody who searches for `word` finds it."""
    started = time.perf_counter()
    while not find(word, viewer=viewer).total:
        if time.perf_counter() - started > PATIENCE:
            message = f"{word} was not found within {PATIENCE:.0f} s"
            raise SystemExit(message)
        time.sleep(0.005)
    return (time.perf_counter() - started) * 1000


def measure(sizes: list[int], runs: int) -> list[Case]:
    by = person()
    cases: list[Case] = []
    for size in growing(by, sizes):
        row = Article.objects.order_by("pk")[0]
        saves, inserts, found = [], [], []
        with worker(site.HOME):
            for number in range(runs):
                word = f"合言葉{size}の{number:03d}"
                body = f"{row.text}\n\n{word}"
                content = Content(
                    title=f"合言葉 {number}", body=body, kind="faq", language="ja", collection=row.collection
                )
                copy = Article.objects.get(pk=row.pk)
                copy.pk = None
                inserts.append(timed(partial(copy.save, force_insert=True)))
                copy.delete()
                saves.append(timed(partial(save_article, by=by, content=content)))
                found.append(until_found(word, by))
        cases.append(case("save_article", size, saves, INSERT, inserts))
        cases.append(case("from the save until it is found", size, found, INSERT, inserts))
    return cases


if __name__ == "__main__":
    sys.exit(site.by_size("save", __doc__, SIZES, measure, runs=20, quick=5))
