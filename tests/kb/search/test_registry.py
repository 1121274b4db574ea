"""What a process makes ready beside its work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from kb.search import index, registry
from kb.search.engines.whoosh import WhooshEngine

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    registry.warm_beside.cache_clear()
    yield
    registry.warm_beside.cache_clear()


@pytest.mark.django_db
def test_a_process_opens_the_index_once_before_it_is_asked() -> None:
    index.reindex()
    registry._engine.cache_clear()

    thread = registry.warm_beside()

    thread.join(60)
    made = registry.engine().engine
    assert isinstance(made, WhooshEngine)
    assert made._held is not None
    assert thread.daemon
    assert registry.warm_beside() is thread


def test_what_cannot_be_made_ready_is_written_to_the_log_and_ends_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SEARCH_URL = "nowhere:"

    registry.warm_beside().join(60)

    assert "could not be made ready" in caplog.text


@pytest.mark.parametrize(
    ("how", "expected"), [("import config.wsgi", "True"), ("import django; django.setup()", "False")]
)
def test_the_web_server_makes_it_ready_and_a_command_does_not(
    tmp_path: Path, how: str, expected: str
) -> None:
    code = f"import os; {how}; from kb.search import registry; print(bool(registry.warm_beside.cache_info().currsize))"
    environment = {
        **os.environ,
        "KOTOHASHI_HOME": str(tmp_path),
        "KOTOHASHI_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )

    assert said.stdout.strip() == expected
