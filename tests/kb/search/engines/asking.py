"""A question to an engine with everything that is not said filled in."""

from __future__ import annotations

from dataclasses import replace

from kb.search.engines.base import Engine, EnginePage, Everything, Request
from tests.kb.search.texts import ALL


def ask(engine: Engine, strict: object = None, viewer: frozenset[str] = ALL, **said: object) -> EnginePage:
    wanted = strict if strict is not None else Everything()
    return engine.search(replace(Request(strict=wanted, viewer=viewer), **said))  # type: ignore[arg-type]


def pks(page: EnginePage) -> list[int]:
    return [hit.key.pk for hit in page.hits]
