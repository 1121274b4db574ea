"""`./run` as people and scripts meet it: what it answers, on which stream, with which exit."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

pytestmark = pytest.mark.machine

ROOT = Path(__file__).resolve().parents[1]
RUN = ROOT / "run"
OF_RUN = Path(sys.prefix) == ROOT / ".venv" and any((ROOT / ".venv").glob(".parts-*"))

needs_parts = pytest.mark.skipif(not OF_RUN, reason="this environment is not the one that ./run made")


def environment(home: Path, extra: dict[str, str] | None = None) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KOTOHASHI_", "DJANGO_"))
    }
    return {**kept, "KOTOHASHI_HOME": str(home), **(extra or {})}


def run(
    *words: str, home: Path, cwd: Path = ROOT, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(RUN), *words],
        cwd=cwd,
        env=environment(home, settings),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has been set up once, for the tests of this module."""
    path = tmp_path_factory.mktemp("run") / "home"
    done = run("manage", "check", home=path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["--port"],
        ["--port", "many"],
        ["--port", "65536"],
        ["--verbose"],
        ["setup", "please"],
        ["manage"],
        ["bench"],
        ["bench", "no_such_thing"],
        ["bench", "../run"],
        ["drill", "no_such_thing"],
    ],
)
def test_what_cannot_be_meant_is_a_usage_error_in_one_line_and_the_usage(
    words: list[str], tmp_path: Path
) -> None:
    done = run(*words, home=tmp_path / "home")
    assert done.returncode == 2
    assert done.stdout == ""
    first, *rest = done.stderr.splitlines()
    assert first.startswith("run: ")
    assert any(line.strip().startswith("./run test") for line in rest)
    assert not (tmp_path / "home").exists()


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run("--help", home=tmp_path)
    assert done.returncode == 0
    for command in ("setup", "manage", "test", "bench", "drill"):
        assert f"./run {command}" in done.stdout


@needs_parts
def test_a_taken_port_is_one_line_and_exit_3(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--port", str(port), home=home)
    assert done.returncode == 3
    assert done.stdout == ""
    assert (
        done.stderr
        == f"run: port {port} on 127.0.0.1 is taken; choose another with --port N (0: any free one)\n"
    )


@needs_parts
@pytest.mark.parametrize(
    ("name", "value", "check_id"),
    [
        ("KOTOHASHI_SEARCH_URL", "opensearch:", "kotohashi.E003"),
        ("KOTOHASHI_DATABASE_URL", "mysql://db/x", "kotohashi.E002"),
        ("KOTOHASHI_TIME_ZONE", "Mars/Base", "kotohashi.E004"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    name: str, value: str, check_id: str, tmp_path: Path
) -> None:
    done = run("--port", "0", home=tmp_path / "home", settings={name: value})
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"({check_id}) {name} must be" in done.stderr
    assert "Traceback" not in done.stderr


@needs_parts
def test_a_home_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("setup", home=tmp_path / "file" / "home")
    assert done.returncode == 3
    assert "KOTOHASHI_HOME" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@needs_parts
def test_manage_prints_the_commands_answer_and_nothing_else(home: Path) -> None:
    done = run("manage", "add_user", "hanako", "--display", "花子", "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["user"] == "hanako"
    assert done.stderr == ""


@needs_parts
def test_manage_finds_files_from_where_it_was_called(home: Path, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# 見出し\n", encoding="utf-8")
    done = run("manage", "explain", "page.md", "--json", home=home, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["matches"] == []


@needs_parts
def test_an_unknown_person_is_exit_4(home: Path) -> None:
    done = run("manage", "search", "商談", "--as", "nobody", "--json", home=home)
    assert done.returncode == 4
    assert json.loads(done.stdout)["error"]["code"] == "unknown_user"


@needs_parts
def test_a_database_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    assert run("manage", "check", home=tmp_path).returncode == 0
    for path in tmp_path.glob("db.sqlite3*"):
        path.unlink()
    done = run("manage", "search", "商談", "--as", "nobody", "--json", home=tmp_path)
    assert done.returncode == 4, done.stderr


@pytest.fixture
def own_postgresql_database() -> Iterator[tuple[str, Callable[[], None]]]:
    """The URL of a database of this test's own, and what makes it anew and empty."""
    if connection.vendor != "postgresql":
        pytest.skip("these tests do not run on PostgreSQL")
    server = connection.settings_dict
    name = f"run_{uuid.uuid4().hex}"
    place = f"{server['USER']}@{server['HOST']}:{server['PORT']}"

    def drop() -> None:
        with psycopg.connect(f"postgresql://{place}/postgres", autocommit=True) as admin:
            admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    def make() -> None:
        drop()
        with psycopg.connect(f"postgresql://{place}/postgres", autocommit=True) as admin:
            admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))

    make()
    yield f"postgresql://{place}/{name}", make
    drop()


@needs_parts
@pytest.mark.postgres
def test_a_postgresql_database_is_migrated_once_and_again_when_it_is_new(
    own_postgresql_database: tuple[str, Callable[[], None]], tmp_path: Path
) -> None:
    url, make_anew = own_postgresql_database
    settings = {"KOTOHASHI_DATABASE_URL": url}
    first = run("manage", "add_user", "hanako", "--json", home=tmp_path, settings=settings)
    assert (first.returncode, "the database" in first.stderr) == (0, True), first.stderr
    again = run("manage", "add_user", "hanako", "--json", home=tmp_path, settings=settings)
    assert (again.returncode, again.stderr) == (0, "")
    make_anew()
    anew = run("manage", "add_user", "hanako", "--json", home=tmp_path, settings=settings)
    assert (anew.returncode, json.loads(anew.stdout)["created"]) == (0, True), anew.stderr


@needs_parts
def test_nothing_changed_is_quick(home: Path) -> None:
    started = time.monotonic()
    assert run("manage", "version", home=home).returncode == 0
    alone = time.monotonic()
    assert (
        subprocess.run(
            [sys.executable, "manage.py", "version"], cwd=ROOT, env=environment(home), capture_output=True
        ).returncode
        == 0
    )
    assert (alone - started) - (time.monotonic() - alone) < 1


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        # A shell without a terminal has what it starts in the background ignore Ctrl-C; that must not be inherited here.
        ["env", "--default-signal=INT", str(RUN), "--port", "0", "--no-demo"],
        env=environment(tmp_path / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(90)
    if process.stdout is not None:
        process.stdout.close()


@needs_parts
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_site_is_served_and_stops_cleanly_when_asked(
    sent: signal.Signals, served: subprocess.Popen[str]
) -> None:
    assert served.stdout is not None
    address = served.stdout.readline().strip()
    with urllib.request.urlopen(f"{address}/healthz", timeout=20) as answer:
        assert answer.status == 200
    link = served.stdout.readline().strip()
    assert link.startswith(address)
    served.send_signal(sent)
    assert served.wait(30) == 0
    with socket.socket() as free:
        assert free.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) != 0
