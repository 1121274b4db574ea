"""How long reading a page takes, beside a plain view that answers with as many bytes to the same signed-in person."""

from __future__ import annotations

import sys

from benchmarks import site
from benchmarks.measure import Case, parser, report, tell
from benchmarks.pages import fill, pages, person
from benchmarks.plain import client_of, page_case
from kb.articles.models import Article

SIZES = (40, 320)


def measure(sizes: list[int], runs: int) -> list[Case]:
    by = person()
    client = client_of(by)
    cases: list[Case] = []
    there = 0
    everything = list(pages(max(sizes)))
    for size in sizes:
        tell(f"building {size} pages")
        fill(by, everything[there:size])
        there = size
        by_length = sorted(Article.objects.all(), key=lambda article: len(article.html))
        for name, article in (
            ("a median page", by_length[len(by_length) // 2]),
            ("the longest page", by_length[-1]),
        ):
            address = article.get_absolute_url()
            cases.append(page_case(client, f"/articles/ID/ {name}", address, size, runs))
    return cases


def main() -> int:
    given = parser(__doc__ or "", SIZES).parse_args()
    sizes = sorted(given.size)[:1] if given.quick else sorted(given.size)
    with site.migrated():
        report("read", measure(sizes, 10 if given.quick else 60), as_json=given.as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
