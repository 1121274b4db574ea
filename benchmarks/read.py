"""How long reading a page takes, beside a plain view that answers with as many bytes to the same signed-in person."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks import site
from benchmarks.measure import Case, interleaved, parser, report, tell
from benchmarks.pages import fill, pages, person
from benchmarks.plain import YARDSTICK, client_of, plain_view
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
            answer = client.get(address)
            assert answer.status_code == 200, address
            with plain_view(answer.content) as plain:
                get, yardstick = partial(client.get, address), partial(client.get, plain)
                cases.append(interleaved(f"/articles/ID/ {name}", size, get, YARDSTICK, yardstick, runs))
    return cases


def main() -> int:
    given = parser(__doc__ or "", SIZES).parse_args()
    sizes = sorted(given.size)[:1] if given.quick else sorted(given.size)
    with site.migrated():
        report("read", measure(sizes, 10 if given.quick else 60), as_json=given.as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
