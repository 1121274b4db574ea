"""Build the search index anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kb.answers import AnsweringCommand, CommandFailure
from kb.search.engines.base import EngineUnavailable
from kb.search.index import reindex

EVERY_SECONDS = 2.0


class Command(AnsweringCommand):
    """The old index serves until the new one stands."""

    help = "Build the search index anew from everything there is."

    def answer(self, **options: Any) -> Mapping[str, object]:
        started = time.monotonic()
        try:
            documents = reindex(self.progress())
        except EngineUnavailable as error:
            raise CommandFailure("engine_unavailable", str(error)) from None
        except OSError as error:
            raise CommandFailure("not_written", f"The index could not be written: {error}") from None
        return {"documents": documents, "seconds": time.monotonic() - started}

    def progress(self) -> Callable[[int, int], None]:
        """Tells stderr every few seconds how far it is."""
        told = time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal told
            if time.monotonic() - told > EVERY_SECONDS:
                told = time.monotonic()
                self.stderr.write(f"{done} of {of}")

        return tell

    def lines(self, answer: Mapping[str, Any]) -> Iterable[str]:
        yield f"{answer['documents']} documents in {answer['seconds']:.1f} s"
