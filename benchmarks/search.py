"""How long the page of results takes, beside a plain view that answers with as many bytes to the same signed-in person."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks import site
from benchmarks.measure import Case, interleaved, parser, report, tell
from benchmarks.pages import fill, pages, person
from benchmarks.plain import YARDSTICK, client_of, plain_view

SIZES = (320, 1280)
ADDRESSES = {
    "/search/ common word": "/search/?q=商談",
    "/search/ English word": "/search/?q=customer",
    "/search/ rare word": "/search/?q=回覧板",
    "/search/ one page": "/search/?q=符号00010",
    "/search/ two words": "/search/?q=失注 価格",
    "/search/ phrase": "/search/?q=需要創出",
    "/search/ in kana": "/search/?q=しょうだん",
    "/search/ sentence": "/search/?q=値引きを求められたら決裁者に何を説明すればよいですか",
    "/search/ English sentence": "/search/?q=how should we answer when they ask for a discount?",
    "/search/ narrowed down": "/search/?q=商談&kind=faq&sort=newest",
    "/search/suggest/": "/search/suggest/?q=商",
}


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
        for name, address in ADDRESSES.items():
            answer = client.get(address)
            assert answer.status_code == 200, address
            with plain_view(answer.content) as plain:
                cases.append(
                    interleaved(
                        name, size, partial(client.get, address), YARDSTICK, partial(client.get, plain), runs
                    )
                )
    return cases


def main() -> int:
    given = parser(__doc__ or "", SIZES).parse_args()
    sizes = sorted(given.size)[:1] if given.quick else sorted(given.size)
    with site.migrated():
        report("search", measure(sizes, 5 if given.quick else 15), as_json=given.as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
