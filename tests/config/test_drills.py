"""The drills, as short as they still mean something; `./run drill NAME` runs them at full length."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def drilled(name: str, *words: str) -> dict[str, Any]:
    """What a drill answers; it must end well."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KOTOHASHI_")}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.drills.{name}", *words, "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0, (answer, done.stderr[-2000:])
    return answer


@pytest.mark.long
@pytest.mark.machine
def test_readers_search_while_one_writes_and_nothing_fails() -> None:
    answer = drilled("soak", "--minutes", "0.1", "--readers", "3", "--pages", "10", "--pause", "0.2")

    assert answer["errors"] == []
    assert answer["answered"] >= 3
    assert answer["saves"] >= 1
    assert answer["index_ok"]
    assert answer["growth_descriptors"] <= 6


@pytest.mark.long
@pytest.mark.machine
def test_a_running_site_heals_an_index_that_was_cut_in_half_under_it() -> None:
    answer = drilled("index", "--fault", "files cut in half")

    [outcome] = answer["faults"]
    assert outcome["failed"] == []
    assert outcome["healed_seconds"] is not None
    assert outcome["index_ok"]
