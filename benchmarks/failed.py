"""How long the page of failed searches takes by how many searches are kept, beside a plain view that answers with as many bytes."""

from __future__ import annotations

import random
import sys
from datetime import timedelta

from django.utils import timezone

from benchmarks import site
from benchmarks.measure import Case, tell
from benchmarks.pages import NOUNS, WORDS, person
from benchmarks.plain import client_of, page_case
from kb.accounts.models import User
from kb.search.models import SearchLog
from kb.search.queries import PERIODS, normal_form

SIZES = (20_000, 200_000)
PEOPLE = 300
DAYS = max(PERIODS)
# So many queries are there to be asked, a few of them far more often than the rest.
QUERIES, STEEP = 60_000, 0.35
# The shares of searches that find nothing, are opened, answered by a card and narrowed down.
EMPTY, OPENED, ANSWERED, NARROWED = 0.12, 0.6, 0.05, 0.1


def queries(rng: random.Random) -> list[str]:
    """Up to three words, with a number that makes every third its own."""
    asked = (" ".join(rng.sample(NOUNS if n % 2 else WORDS, rng.randint(1, 3))) for n in range(QUERIES))
    return [f"{query} {n}" if n % 3 == 0 else query for n, query in enumerate(asked)]


def fill(people: list[User], known: list[str], size: int, rng: random.Random) -> None:
    """A log of so many searches over all the days that the page can show."""
    now = timezone.now()
    rows = []
    for number in range(size):
        query = known[min(len(known), int(rng.paretovariate(STEEP))) - 1]
        found = rng.random() > EMPTY
        at = now - timedelta(days=DAYS) * (number / size)
        rows.append(
            SearchLog(
                query=query,
                normal=normal_form(query),
                filters="kind=faq" if rng.random() < NARROWED else "",
                viewer=rng.choice(people),
                total=rng.randint(1, 80) if found else 0,
                answered=found and rng.random() < ANSWERED,
                created_at=at,
                opened_at=at if found and rng.random() < OPENED else None,
            )
        )
    SearchLog.objects.all().delete()
    SearchLog.objects.bulk_create(rows, batch_size=2_000)


def measure(sizes: list[int], runs: int) -> list[Case]:
    rng = random.Random(1)
    client = client_of(person())
    people = User.objects.bulk_create(User(username=f"reader{number}") for number in range(PEOPLE))
    known = queries(rng)
    cases: list[Case] = []
    for size in sizes:
        tell(f"writing {size} searches")
        fill(people, known, size, rng)
        cases += [
            page_case(client, f"/search/failed/ {days} days", f"/search/failed/?days={days}", size, runs)
            for days in PERIODS
        ]
    return cases


if __name__ == "__main__":
    sys.exit(site.by_size("failed", __doc__, SIZES, measure, runs=15, quick=5))
