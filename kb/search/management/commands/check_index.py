"""Compare the search index with what should be in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.answers import DONE, REFUSED, AnsweringCommand
from kb.search.index import check

LISTED = 20


class Command(AnsweringCommand):
    """Not ok, exit 1: something is missing, too many, of an older state, or still on its way."""

    help = "Compare the search index with what should be in it."

    def answer(self, **options: Any) -> Mapping[str, object]:
        report = check()
        return {
            "ok": report.ok,
            "state": report.state.value,
            "missing": report.missing,
            "extra": report.extra,
            "stale": report.stale,
            "pending": report.waiting,
            "on_the_way": report.pending,
        }

    def exit_code(self, answer: Mapping[str, Any]) -> int:
        return DONE if answer["ok"] else REFUSED

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        yield (
            f"The index is {answer['state']}."
            if answer["state"] != "ready" or answer["ok"]
            else "The index is behind."
        )
        for name in ("missing", "extra", "stale", "on_the_way"):
            for key in answer[name][:LISTED]:
                yield f"{name.replace('_', ' ')}: {key}"
            if len(answer[name]) > LISTED:
                yield f"{name.replace('_', ' ')}: {len(answer[name]) - LISTED} more"
