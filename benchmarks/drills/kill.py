"""Web and worker are killed without warning while people save; afterwards every save that was answered must be there.

`./run drill kill --rounds 10`. Each round starts the site on a throw-away home, saves pages over HTTP from two
writers at once, sends SIGKILL to web and worker at a random moment, starts both again, and compares what was
answered with what the database holds. At the end the worker catches up and the index must be sound.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "drill-" + "p" * 12
WRITERS = ("drill_one", "drill_two")
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
COLLECTION = re.compile(r'<option value="(\d+)"')
READY_SECONDS = 30
CATCH_UP_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """The processes of one site on a home of its own."""

    home: Path
    port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KOTOHASHI_HOME": str(self.home),
            "KOTOHASHI_DATABASE_URL": "",
            "PYTHONUNBUFFERED": "1",
        }

    def manage(self, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=text, capture_output=True, text=True, check=False
        )

    def prepare(self) -> None:
        for words in (["migrate", "-v0"], ["assets"], ["collectstatic", "--noinput", "-v0"]):
            done = self.manage(*words)
            if done.returncode:
                raise SystemExit(done.stderr)
        self.manage("add_user", "drill_admin", "--role", "administrator")
        for name in WRITERS:
            self.manage("add_user", name, "--role", "writer", "--password-stdin", text=PASSWORD)

    def start(self) -> None:
        web = [
            "-m",
            "gunicorn",
            "-b",
            f"127.0.0.1:{self.port}",
            "--workers",
            "2",
            "--threads",
            "2",
            "config.wsgi",
        ]
        with (self.home / "drill.log").open("ab") as log:
            for words in (web, ["manage.py", "worker"]):
                self.running.append(
                    subprocess.Popen(
                        [sys.executable, *words],
                        cwd=ROOT,
                        env=self.environment,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the site did not start; see {self.home / 'drill.log'}")

    def kill(self) -> None:
        """SIGKILL to whole process groups: nobody gets to tidy up."""
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()


@dataclass
class Writer:
    """One person saving over HTTP; `kept` is every save that was answered: (page, version, body)."""

    site: Site
    name: str
    kept: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(f"http://127.0.0.1:{self.site.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, object], page: str) -> str:
        """Post a form whose token stands in `page`; returns the address it ended at."""
        token = FORM_TOKEN.search(page)
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token[1] if token else ""}).encode()
        with self.opener.open(f"http://127.0.0.1:{self.site.port}{path}", data, timeout=20) as answer:
            return str(answer.geturl())

    def sign_in(self) -> None:
        page = self.get("/accounts/login/")
        self.post("/accounts/login/", {"login": self.name, "password": PASSWORD}, page)

    def save(self, number: int) -> None:
        """Write a page, then change it once."""
        page = self.get("/articles/new/")
        shelf = COLLECTION.search(page[page.index('name="collection"') :])
        title = f"{self.name} {number}"
        form: dict[str, object] = {
            "title": title,
            "body": f"{title}の一つめの文。",
            "kind": "faq",
            "language": "ja",
            "collection": shelf[1] if shelf else "",
            "readers": "collection",
            "base_version": 0,
        }
        ended = self.post("/articles/new/", form, page)
        pk = int(re.findall(r"/articles/(\d+)/$", ended)[0])
        self.kept.append((pk, 1, str(form["body"])))
        form.update(body=f"{title}の二つめの文。", base_version=1)
        self.post(f"/articles/{pk}/edit/", form, self.get(f"/articles/{pk}/edit/"))
        self.kept.append((pk, 2, str(form["body"])))

    def save_until(self, stop: threading.Event, first: int) -> None:
        number = first
        while not stop.is_set():
            try:
                self.save(number)
            except OSError:  # the site was killed under the request, which is the point
                time.sleep(0.02)
            number += 1


def round_of(site: Site, writers: list[Writer], number: int, longest: float) -> float:
    """One round: save, kill at a random moment, start again. Returns how long the saving lasted, in seconds."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.save_until, args=(stop, number * 10_000)) for writer in writers]
    for thread in threads:
        thread.start()
    lasted = random.uniform(longest / 3, longest)
    time.sleep(lasted)
    site.kill()
    stop.set()
    for thread in threads:
        thread.join()
    site.start()
    return lasted


def lost_saves(site: Site, kept: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Answered saves that the database does not hold word for word."""
    script = (
        "import json, sys\n"
        "from kb.articles.models import Revision\n"
        "rows = [list(row) for row in Revision.objects.values_list('article_id', 'version', 'body')]\n"
        "print(json.dumps(rows))\n"
    )
    answer = site.manage("shell", "-v0", "-c", script)
    held = {tuple(row) for row in json.loads(answer.stdout)}
    return [save for save in kept if save not in held]


def caught_up(site: Site) -> dict[str, object]:
    """What check_index says once the worker has nothing left to do."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while True:
        report: dict[str, object] = json.loads(site.manage("check_index", "--json").stdout)
        if report["ok"] or time.monotonic() > deadline:
            return report
        time.sleep(0.5)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run drill kill", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument(
        "--seconds", type=float, default=3.0, help="the longest a round saves before the kill"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kotohashi-drill-") as folder:
        site = Site(Path(folder))
        site.prepare()
        site.start()
        try:
            answer = drill(site, rounds=asked.rounds, longest=asked.seconds)
        finally:
            site.kill()
    if asked.json:
        print(json.dumps({"schema": 1, "drill": "kill", **answer}, ensure_ascii=False))
    else:
        print(
            f"{answer['rounds']} kills, {answer['saves']} answered saves, {len(answer['lost'])} lost, index {answer['index']}"
        )
    sound = not answer["lost"] and answer["index"]["ok"] and answer["saves"] > 0
    return 0 if sound else 1


def drill(site: Site, *, rounds: int, longest: float) -> dict[str, Any]:
    writers = [Writer(site, name) for name in WRITERS]
    for writer in writers:
        writer.sign_in()
    first = writers[0]
    first.post("/collections/new/", {"name": "訓練", "readers": "everyone"}, first.get("/collections/new/"))
    for number in range(1, rounds + 1):
        lasted = round_of(site, writers, number, longest)
        print(f"round {number}: killed after {lasted:.1f} s", file=sys.stderr)
    kept = [save for writer in writers for save in writer.kept]
    return {"rounds": rounds, "saves": len(kept), "lost": lost_saves(site, kept), "index": caught_up(site)}


if __name__ == "__main__":
    sys.exit(main())
