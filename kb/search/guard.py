"""The engine as everybody here asks it: whatever its files do, an answer or EngineUnavailable, never another error.

Files change under a reader while another process writes, so what fails is tried once more. What fails twice is written
to the log, and the index is doubted: the worker builds it anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from kb.search import troubles
from kb.search.analysis import Prepared
from kb.search.engines.base import Engine, EnginePage, EngineUnavailable, Key, Node, Request, State

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Guarded:
    """An engine that fails by one name only."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def search(self, request: Request) -> EnginePage:
        decision = _Decision(request)
        return self._asked(lambda: self.engine.search(replace(request, decide=decision)), decision)

    def tags(self, viewer: frozenset[str], hidden: frozenset[Key]) -> Mapping[str, int]:
        return self._asked(lambda: self.engine.tags(viewer, hidden))

    def matching(self, node: Node) -> frozenset[Key]:
        return self._asked(lambda: self.engine.matching(node))

    def stamps(self) -> Mapping[Key, str]:
        return self._asked(self.engine.stamps)

    def apply(self, puts: Iterable[Prepared], removals: Collection[Key] = ()) -> None:
        """As the engine; a failure that is not the disk's says that the files are not what they were."""
        try:
            self.engine.apply(puts, removals)
        except Exception as error:
            if not troubles.passes(error) and self.state() is not State.MISSING:
                troubles.doubt(error)
            raise

    def merge(self, meanwhile: Callable[[], None]) -> bool:
        """As the engine. Whatever fails has changed nothing: asking tells of broken files."""
        return self.engine.merge(meanwhile)

    def rebuild(self, documents: Iterable[Prepared], kept: Collection[Key] = ()) -> int:
        return self.engine.rebuild(documents, kept)

    def unfinished(self) -> Mapping[Key, str]:
        return self.engine.unfinished()

    def state(self) -> State:
        try:
            return self.engine.state()
        except Exception:
            log.exception("the index cannot be opened")
            return State.BROKEN

    def warm(self) -> None:
        self.engine.warm()

    def _asked(self, question: Callable[[], Result], decision: _Decision | None = None) -> Result:
        try:
            return question()
        except Exception as error:
            if self._is_no_fault(error, decision):
                raise
        try:
            return question()
        except Exception as error:
            if self._is_no_fault(error, decision):
                raise
            log.exception("the index cannot be asked; it will be built anew")
            if not troubles.passes(error):
                troubles.doubt(error)
            raise EngineUnavailable(f"the index cannot be asked: {error!r}") from error

    def _is_no_fault(self, error: Exception, decision: _Decision | None) -> bool:
        """Whether it is no error of the index: what it asked back failed, or there is none yet, which the worker sees."""
        if decision is not None and decision.failed:
            return True
        return isinstance(error, EngineUnavailable) and self.state() is State.MISSING


class _Decision:
    """What the engine asks back about rights, and whether that failed: then the database has the fault, not the index."""

    def __init__(self, request: Request) -> None:
        self.decide = request.decide
        self.failed = False

    def __call__(self, keys: frozenset[Key]) -> frozenset[Key]:
        try:
            return self.decide(keys)
        except BaseException:
            self.failed = True
            raise
