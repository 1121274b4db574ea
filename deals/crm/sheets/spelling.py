"""One name however it is spelt: width, case and spaces make no difference, and what people say is the same is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kb.text import fold, nfkc


def key_of(text: str) -> str:
    """What spellings of one name share: width, case and every space folded away, so that GTXPro is GTX Pro."""
    folded = fold(text)
    return folded.replace(" ", "") if " " in folded else folded


def tidy(text: str) -> str:
    """A name as it is kept: full width made plain, single spaces."""
    return " ".join(nfkc(text).split())


@dataclass(frozen=True, slots=True)
class Merge:
    """Rows whose value was another spelling of `to`."""

    field: str
    source: str
    to: str
    rows: int

    def as_answer(self) -> dict[str, object]:
        return {"field": self.field, "from": self.source, "to": self.to, "rows": self.rows}


@dataclass(frozen=True)
class Merges:
    """What people said is one name: `A=B`, by the key of A. An empty B stands for nothing at all."""

    pairs: Mapping[str, str] = field(default_factory=dict)

    def target(self, text: str) -> str | None:
        """What a value is to be instead; none when nothing was said of it. A=B and B=C make A C."""
        said = None
        for _step in range(len(self.pairs)):
            further = self.pairs.get(key_of(text if said is None else said))
            if further is None or further == said:
                break
            said = further
        return said

    def spelling(self, key: str) -> str | None:
        """How a name is to be spelt because somebody merged others into it."""
        return next((tidy(to) for to in self.pairs.values() if to and key_of(to) == key), None)


class Spellings:
    """The spellings of one field over a whole file, and the one that stands for each name."""

    def __init__(self, field: str, merges: Merges, known: Mapping[str, str] | None = None) -> None:
        self.field = field
        self._merges = merges
        self._known = dict(known or {})
        self._seen: dict[str, Counter[str]] = {}
        self._chosen: dict[str, str] = {}

    def note(self, texts: Iterable[str]) -> None:
        """Count the spellings that occur."""
        for text, number in Counter(texts).items():
            if text:
                self._seen.setdefault(key_of(text), Counter())[text] += number
        self._chosen.clear()

    def prefer(self, names: Iterable[str]) -> None:
        """Names as the file's own list of them has it; the first of a key stands."""
        for name in names:
            if name:
                self._known.setdefault(key_of(name), tidy(name))
        self._chosen.clear()

    def name(self, text: str) -> str:
        """The name that a spelling stands for."""
        found = self._chosen.get(text)
        if found is None:
            found = self._chosen[text] = self._choose(text)
        return found

    def key(self, text: str) -> str:
        """What every spelling of the name shares, those merged into it included."""
        said = self._merges.target(text)
        return key_of(text if said is None else said)

    def _choose(self, text: str) -> str:
        said = self._merges.target(text)
        if said == "":
            return ""
        key = key_of(text if said is None else said)
        spelt = self._merges.spelling(key) or self._known.get(key)
        if spelt:
            return spelt
        spellings = self._seen.get(key) or Counter((text if said is None else said,))
        return tidy(max(spellings, key=lambda spelling: spellings[spelling]))

    def merged(self) -> list[Merge]:
        """Every spelling that gave way to another, with how many values had it."""
        found = [
            Merge(self.field, spelling, self.name(spelling), number)
            for spellings in self._seen.values()
            for spelling, number in spellings.items()
            if tidy(spelling) != self.name(spelling)
        ]
        return sorted(found, key=lambda merge: (merge.to, merge.source))
