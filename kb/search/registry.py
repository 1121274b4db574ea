"""Who has things to find, who knows words, and which engine keeps the index: the one reader of settings.SEARCH."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from kb.search.documents import Chooses, Expander, Offer, Source
from kb.search.engines.memory import MemoryEngine
from kb.search.engines.whoosh import WhooshEngine
from kb.search.guard import Guarded

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)


@lru_cache(maxsize=4)
def _engine(url: str, home: Path) -> Guarded:
    if url == "memory:":
        return Guarded(MemoryEngine())
    if url == "whoosh:":
        return Guarded(WhooshEngine(home / "index"))
    message = f"no search engine is called {url!r}"
    raise ValueError(message)


def engine() -> Guarded:
    """The engine of this site, one a process."""
    return _engine(settings.SEARCH_URL, settings.HOME)


@cache
def warm_beside() -> threading.Thread:
    """Once a process: open beside its work what its first search would wait for, a dictionary and the index."""
    thread = threading.Thread(target=_warm, name="warming the search", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    try:
        engine().warm()
    except Exception:
        # whoever searches is told of it; until then nobody misses anything
        log.exception("the search could not be made ready beforehand")


@cache
def _made(path: str) -> object:
    return import_string(path)()


def sources() -> Mapping[str, Source]:
    """Every source by its name."""
    made: list[Source] = [_made(path) for path in settings.SEARCH["SOURCES"]]  # type: ignore[misc]
    return {source.name: source for source in made}


def source_of(word: str) -> Source | None:
    """The source called so, or the one that holds the kind called so."""
    known = sources()
    if word in known:
        return known[word]
    return next((source for source in known.values() if word in source.kinds()), None)


def followers(source: str) -> tuple[str, ...]:
    """Sources whose things carry words or readers of the thing of the same number in `source`."""
    return tuple(settings.SEARCH.get("FOLLOWERS", {}).get(source, ()))


def expander() -> Expander:
    """What knows words."""
    return _made(settings.SEARCH["EXPANDER"])  # type: ignore[return-value]


def kinds_offered(offer: Offer) -> frozenset[str]:
    """The kinds of things that are offered so."""
    return frozenset(
        kind for source in sources().values() if source.offer == offer for kind in source.kinds()
    )


def answering_kinds() -> frozenset[str]:
    """Kinds whose title is a question and whose text is its answer."""
    return frozenset(settings.SEARCH.get("QUESTIONS", ()))


def kinds() -> dict[str, StrOrPromise]:
    """Every kind of thing that can be found, with its label."""
    return {kind: label for source in sources().values() for kind, label in source.kinds().items()}


def choices() -> dict[str, dict[str, StrOrPromise]]:
    """Marks with fixed values: for each its values with their labels."""
    found: dict[str, dict[str, StrOrPromise]] = {}
    for source in sources().values():
        if isinstance(source, Chooses):
            for mark, values in source.choices().items():
                found.setdefault(mark, {}).update(values)
    return found
