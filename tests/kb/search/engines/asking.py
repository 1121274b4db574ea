"""A question to an engine with everything that is not said filled in, and an engine to ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kb.search.engines.base import Engine, EnginePage, Everything, Request, Term
from kb.search.engines.whoosh import WhooshEngine
from tests.kb.search.texts import ALL, prepared

LOST = Request(strict=Term("body_words", "失注"), viewer=ALL, score=Term("body_words", "失注"), size=100)


def ask(engine: Engine, strict: object = None, viewer: frozenset[str] = ALL, **said: object) -> EnginePage:
    wanted = strict if strict is not None else Everything()
    return engine.search(replace(Request(strict=wanted, viewer=viewer), **said))  # type: ignore[arg-type]


def pks(page: EnginePage) -> list[int]:
    return [hit.key.pk for hit in page.hits]


def three_lost(folder: Path) -> WhooshEngine:
    """An engine with three documents that `LOST` finds."""
    made = WhooshEngine(folder)
    made.rebuild(prepared(pk, body="失注") for pk in range(3))
    return made
