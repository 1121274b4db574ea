"""How long reading a page takes, beside a plain view that answers with as many bytes to the same signed-in person."""

from __future__ import annotations

import sys

from benchmarks import site
from benchmarks.measure import Case
from benchmarks.pages import growing, person
from benchmarks.plain import client_of, page_case
from kb.articles.models import Article

SIZES = (40, 320)


def measure(sizes: list[int], runs: int) -> list[Case]:
    by = person()
    client = client_of(by)
    cases: list[Case] = []
    for size in growing(by, sizes):
        by_length = sorted(Article.objects.all(), key=lambda article: len(article.html))
        for name, article in (
            ("a median page", by_length[len(by_length) // 2]),
            ("the longest page", by_length[-1]),
        ):
            address = article.get_absolute_url()
            cases.append(page_case(client, f"/articles/ID/ {name}", address, size, runs))
    return cases


if __name__ == "__main__":
    sys.exit(site.by_size("read", __doc__, SIZES, measure, runs=60, quick=10))
