"""The index is deleted, cut short, closed, filled up and made by another version while the site runs; it must heal by itself.

`./run drill index`. For each fault: pages and saves are answered throughout, an administrator is told where something is
to be told, and within a minute after the fault is over everything is found again, what was saved meanwhile too. A closed
folder and a full disk need the right to mount; without it these two are left out and the answer says so.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.drills.kill import PASSWORD, Site, Writer, caught_up

ADMINISTRATOR = "drill_boss"
HEAL_SECONDS = 90
FAULT_SECONDS = 4.0
NOTICE = "notice-lost"


@dataclass
class Outcome:
    """What came of one fault: pages asked and not answered, what was told, and how long it took to heal afterwards."""

    fault: str
    asked: int
    failed: list[str]
    told: bool
    healed_seconds: float | None
    index_ok: bool

    @property
    def sound(self) -> bool:
        return not self.failed and self.healed_seconds is not None and self.index_ok


def cut(index: Path, share: float) -> None:
    """Shorten every file where it stands, as a crash may."""
    for path in [path for path in (index / "builds").rglob("*") if path.is_file()]:
        os.truncate(path, int(path.stat().st_size * share))


def another_version(index: Path) -> None:
    note = json.loads((index / "current").read_text("utf-8"))
    (index / "current").write_text(json.dumps({**note, "stamp": "another"}), "utf-8")


def nonsense(index: Path) -> None:
    (index / "current").write_bytes(b"\xff\x00")


def mounted(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def closed(index: Path) -> None:
    mounted("-o", "remount,ro", str(index))


def opened(index: Path) -> None:
    mounted("-o", "remount,rw", str(index))


def full(index: Path) -> None:
    with (index / "ballast").open("wb") as file:
        try:
            while True:
                file.write(b"\0" * 65536)
                file.flush()
        except OSError:
            pass


def emptied(index: Path) -> None:
    (index / "ballast").unlink()


def nothing(_index: Path) -> None:
    pass


FAULTS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None], bool]] = {
    "folder deleted": (shutil.rmtree, nothing, False),
    "builds deleted": (lambda index: shutil.rmtree(index / "builds"), nothing, False),
    "files cut in half": (lambda index: cut(index, 0.5), nothing, False),
    "files emptied": (lambda index: cut(index, 0), nothing, False),
    "note overwritten": (nonsense, nothing, False),
    "another version": (another_version, nothing, False),
    "folder closed": (closed, opened, True),
    "disk full": (full, emptied, True),
}


def ask(person: Writer, path: str, failed: list[str]) -> str:
    """A page; one whose process died under it is asked once more, as a reader would."""
    for attempt in (1, 2):
        try:
            return person.get(path)
        except OSError as error:
            if attempt == 2 or isinstance(error, urllib.error.HTTPError):
                failed.append(f"{path}: {error}")
                return ""
            time.sleep(1)
    return ""


def found(person: Writer, word: str, failed: list[str]) -> bool:
    return 'class="hit"' in ask(person, f"/search/?q={urllib.parse.quote(word)}", failed)


def drill(site: Site, index: Path, fault: str, number: int) -> Outcome:
    """One fault, from the damage to the healing."""
    begin, end, _mounts = FAULTS[fault]
    writer, boss = Writer(site, "drill_one"), Writer(site, ADMINISTRATOR)
    writer.sign_in()
    boss.sign_in()
    failed: list[str] = []
    asked, told = 0, False
    writer.save(number)
    wait_for(lambda: found(writer, f"drill_one {number}", failed))
    begin(index)
    until = time.monotonic() + FAULT_SECONDS
    writer.save(number + 1)
    while time.monotonic() < until:
        told = told or NOTICE in ask(boss, "/", failed)
        for path in ("/articles/", "/search/", "/search/?q=drill", "/search/suggest/?q=drill"):
            ask(writer, path, failed)
        asked += 5
        time.sleep(0.1)
    end(index)
    over = time.monotonic()
    healed = wait_for(
        lambda: (
            all(found(writer, f"drill_one {one}", failed) for one in (number, number + 1))
            and NOTICE not in ask(boss, "/", failed)
        )
    )
    ok = bool(caught_up(site)["ok"])
    return Outcome(fault, asked, failed, told, round(time.monotonic() - over, 1) if healed else None, ok)


def wait_for(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + HEAL_SECONDS
    while time.monotonic() < deadline:
        if done():
            return True
        time.sleep(0.2)
    return False


def may_mount(index: Path) -> bool:
    """Put a small disk of its own in the place of the index's folder, where that is allowed."""
    index.mkdir(exist_ok=True)
    try:
        mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(index))
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def run(faults: list[str]) -> list[Outcome]:
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="kotohashi-drill-") as folder:
        site = Site(Path(folder))
        site.prepare()
        site.manage("add_user", ADMINISTRATOR, "--role", "administrator", "--password-stdin", text=PASSWORD)
        index = site.home / "index"
        mounts = False
        site.start()
        try:
            first = Writer(site, "drill_one")
            first.sign_in()
            first.post(
                "/collections/new/", {"name": "訓練", "readers": "everyone"}, first.get("/collections/new/")
            )
            # Those that need a disk of its own come last, on a site that is stopped while it is put there.
            for number, fault in enumerate(sorted(faults, key=lambda fault: FAULTS[fault][2]), 1):
                if FAULTS[fault][2] and not mounts:
                    site.kill()
                    shutil.rmtree(index, ignore_errors=True)
                    mounts = may_mount(index)
                    site.start()
                    if not mounts:
                        print(
                            "the right to mount is missing: folder closed and disk full are left out",
                            file=sys.stderr,
                        )
                        break
                outcomes.append(drill(site, index, fault, number * 1000))
                print(outcomes[-1], file=sys.stderr)
        finally:
            site.kill()
            if mounts:
                subprocess.run(["umount", "-l", str(index)], check=False)
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run drill index", description=__doc__)
    parser.add_argument("--fault", action="append", choices=FAULTS, help="only this one; may be given again")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    outcomes = run(asked.fault or list(FAULTS))
    if asked.json:
        told = [{**vars(outcome), "sound": outcome.sound} for outcome in outcomes]
        print(json.dumps({"schema": 1, "drill": "index", "faults": told}, ensure_ascii=False))
    else:
        for outcome in outcomes:
            healed = f"healed after {outcome.healed_seconds} s" if outcome.healed_seconds else "NOT healed"
            print(
                f"{outcome.fault}: {outcome.asked} pages asked, {len(outcome.failed)} not answered, "
                f"{'told' if outcome.told else 'nothing told'}, {healed}, index {'sound' if outcome.index_ok else 'NOT sound'}"
            )
    return 0 if outcomes and all(outcome.sound for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
