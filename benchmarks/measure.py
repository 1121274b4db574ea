"""How every measurement is taken and told: interleaved with its yardstick, as medians, in one shape."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One thing measured at one size; times in milliseconds, `ratio` = p50 / yardstick_p50."""

    name: str
    size: int
    runs: int
    p50: float
    p95: float
    yardstick: str
    yardstick_p50: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Growth:
    """How a case's median grew between two sizes."""

    name: str
    size_from: int
    size_to: int
    ratio: float


def percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def timed(action: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def interleaved(
    name: str, size: int, action: Callable[[], object], yardstick: str, plain: Callable[[], object], runs: int
) -> Case:
    """Run the two in turn, so that whatever else the machine does falls on both; the first round only warms up."""
    action()
    plain()
    ours, theirs = [], []
    for _round in range(runs):
        ours.append(timed(action))
        theirs.append(timed(plain))
    return case(name, size, ours, yardstick, theirs)


def case(name: str, size: int, ours: Sequence[float], yardstick: str, theirs: Sequence[float]) -> Case:
    p50, plain = percentile(ours, 0.5), percentile(theirs, 0.5)
    return Case(name, size, len(ours), p50, percentile(ours, 0.95), yardstick, plain, p50 / plain)


def growth(cases: Iterable[Case]) -> list[Growth]:
    """From the smallest to the largest size of each case that has two."""
    by_name: dict[str, list[Case]] = {}
    for one in cases:
        by_name.setdefault(one.name, []).append(one)
    found = []
    for name, sizes in by_name.items():
        first, last = min(sizes, key=lambda one: one.size), max(sizes, key=lambda one: one.size)
        if first.size != last.size:
            found.append(Growth(name, first.size, last.size, last.p50 / first.p50))
    return found


def machine() -> dict[str, object]:
    """What it ran on."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "database": _database(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
        else:
            cursor.execute("SHOW server_version")
        return f"{connection.vendor} {cursor.fetchone()[0]}"


def parser(about: str, sizes: Sequence[int]) -> argparse.ArgumentParser:
    """The arguments every measurement takes."""
    made = argparse.ArgumentParser(prog="./run bench", description=about)
    made.add_argument("--size", type=int, nargs="+", default=list(sizes), metavar="N", help="how many pages")
    made.add_argument("--quick", action="store_true", help="the smallest size, few runs")
    made.add_argument("--json", action="store_true", dest="as_json", help="answer with one JSON object")
    return made


def tell(text: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(f"{text}\n")


def report(
    bench: str, cases: Sequence[Case], *, as_json: bool, more: Mapping[str, object] | None = None
) -> None:
    """Print the answer; `more` is what is no case."""
    grown = growth(cases)
    if as_json:
        answer = {
            "schema": SCHEMA,
            "bench": bench,
            "machine": machine(),
            "cases": [asdict(one) for one in cases],
            "growth": [
                {"name": g.name, "from": g.size_from, "to": g.size_to, "ratio": g.ratio} for g in grown
            ],
            **({"more": more} if more else {}),
        }
        print(json.dumps(answer, ensure_ascii=False))
        return
    print(" · ".join(str(value) for value in machine().values()))
    for one in cases:
        print(
            f"{one.name:<34} {one.size:>7}  p50 {one.p50:8.2f} ms  p95 {one.p95:8.2f} ms"
            f"  {one.ratio:7.2f} × {one.yardstick} ({one.yardstick_p50:.2f} ms)"
        )
    for g in grown:
        print(f"{g.name:<34} from {g.size_from} to {g.size_to}: {g.ratio:.2f} ×")
    for name, value in (more or {}).items():
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}")
