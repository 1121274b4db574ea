"""How long suggestions take with every letter, beside a plain view that answers with as many bytes to the same signed-in person."""

from __future__ import annotations

import sys

from benchmarks import site
from benchmarks.measure import Case, parser, report, tell
from benchmarks.pages import fill, pages, person
from benchmarks.plain import client_of, page_case

SIZES = (1_280, 20_000)
# Half typed, converted and not, what many titles hold and what none does; then what is meant by a slip.
ADDRESSES = {
    "/search/suggest/ one kanji": "/search/suggest/?q=商",
    "/search/suggest/ a common word": "/search/suggest/?q=商談",
    "/search/suggest/ a rare word": "/search/suggest/?q=需要創出",
    "/search/suggest/ one kana": "/search/suggest/?q=し",
    "/search/suggest/ kana": "/search/suggest/?q=しょうだ",
    "/search/suggest/ kana and a letter": "/search/suggest/?q=しょうd",
    "/search/suggest/ kanji, then kana": "/search/suggest/?q=商談のて",
    "/search/suggest/ one letter": "/search/suggest/?q=c",
    "/search/suggest/ half a word": "/search/suggest/?q=custom",
    "/search/suggest/ two words": "/search/suggest/?q=customer disc",
    "/search/suggest/ nothing like it": "/search/suggest/?q=zzyzx",
    "/search/ a slip": "/search/?q=onbaording",
    "/search/ a slip in kana": "/search/?q=しょだん",
    "/search/ like nothing": "/search/?q=zzyzxq",
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
            cases.append(page_case(client, name, address, size, runs))
    return cases


def main() -> int:
    given = parser(__doc__ or "", SIZES).parse_args()
    sizes = sorted(given.size)[:1] if given.quick else sorted(given.size)
    with site.migrated():
        report("suggest", measure(sizes, 5 if given.quick else 25), as_json=given.as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
