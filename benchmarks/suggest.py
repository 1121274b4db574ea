"""How long suggestions take with every letter, beside a plain view that answers with as many bytes to the same signed-in person."""

from __future__ import annotations

import sys

from benchmarks import site
from benchmarks.measure import Case
from benchmarks.pages import growing, person
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
    for size in growing(by, sizes):
        for name, address in ADDRESSES.items():
            cases.append(page_case(client, name, address, size, runs))
    return cases


if __name__ == "__main__":
    sys.exit(site.by_size("suggest", __doc__, SIZES, measure, runs=25, quick=5))
