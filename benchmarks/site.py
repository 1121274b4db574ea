"""A throw-away site. Importing this sets Django up on an empty home of its own, so it comes before every other import of ours."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

from benchmarks.measure import Case, parser, report

HOME = Path(tempfile.mkdtemp(prefix="kotohashi-bench-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["KOTOHASHI_HOME"] = str(HOME)
os.environ["KOTOHASHI_DATABASE_URL"] = ""
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()


@contextmanager
def migrated() -> Iterator[Path]:
    """The site with its tables, and static files as they lie."""
    (HOME / "static").mkdir(exist_ok=True)
    plain_files = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=plain_files, ALLOWED_HOSTS=["testserver"]):
        call_command("migrate", verbosity=0)
        yield HOME
    connection.close()


def by_size(
    name: str,
    doc: str | None,
    sizes: tuple[int, ...],
    measure: Callable[[list[int], int], list[Case]],
    *,
    runs: int,
    quick: int,
) -> int:
    """What a benchmark does that measures one thing at several sizes; with --quick at the smallest, and less often."""
    given = parser(doc or "", sizes).parse_args()
    chosen = sorted(given.size)
    with migrated():
        cases = measure(chosen[:1], quick) if given.quick else measure(chosen, runs)
        report(name, cases, as_json=given.as_json)
    return 0
