"""What rendering gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: `level` 2 to 6, `id` as the HTML has it, `text` without markup."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page ready to be stored.

    `html` is clean. `text` is what a reader reads, a line a block, for the index. `plain` says that the source
    could not be rendered in time: `html` then shows it as written and `text` is all of it. `took` is in seconds.
    """

    html: str
    text: str
    headings: tuple[Heading, ...]
    plain: bool
    took: float
