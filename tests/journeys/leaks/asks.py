"""One request of the walk, and the ways to say many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from tests.journeys.leaks.world import World

# The roles an address needs, as properties of people.
WRITER, EDITOR, ADMINISTRATOR, GAPS = "can_write", "can_edit", "is_administrator", "can_see_gaps"


@dataclass(frozen=True)
class Ask:
    """One request. places: what must be open to whoever asks, else there is nothing; role: what one must be, else nothing.

    post: the fields of a form; none: it is looked at. shows: words that stand there for whoever gets in.
    only: whose own it is. echoed: what the page repeats of the question. missing: it is there for nobody. perhaps: it may
    be missing for whoever it is open to, as well.
    """

    path: str
    places: tuple[str, ...] = ()
    role: str = ""
    post: Mapping[str, object] | None = None
    fragment: bool = False
    shows: tuple[str, ...] = ()
    only: str = ""
    echoed: str = ""
    missing: bool = False
    perhaps: bool = False


Asks = Callable[[World], Iterator[Ask]]


def at(name: str, *args: object, query: Mapping[str, object] | None = None) -> str:
    return reverse(name, args=args) + (f"?{urlencode(query, doseq=True)}" if query else "")


def plain(name: str, role: str = "") -> Asks:
    """A page without things in its address."""

    def asks(world: World) -> Iterator[Ask]:
        yield Ask(at(name), role=role)

    return asks


def words_of(world: World, thing: str, *fields: str) -> tuple[str, ...]:
    known = world.of(thing)
    return tuple(known[name] for name in fields)
