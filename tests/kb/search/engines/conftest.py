"""Every engine there is; a new one joins by a line here."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.search.engines.base import Engine
from kb.search.engines.memory import MemoryEngine
from kb.search.engines.whoosh import WhooshEngine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, folder: Path) -> Engine:
    made: Engine = MemoryEngine() if request.param == "memory" else WhooshEngine(folder)
    made.rebuild([])
    return made
