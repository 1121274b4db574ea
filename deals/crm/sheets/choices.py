"""What people say about a file, beyond what can be read off it; kept by name for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deals.crm.sheets.days import ORDERS, Order
from deals.crm.sheets.headings import FIELDS, LEFT_OUT
from deals.crm.sheets.spelling import Merges, key_of

BY_ROW = ("row",)


@dataclass(frozen=True)
class Choices:
    """How to read a file. Everything is optional: what is not said is guessed.

    fields: the field of a column, or of `file:column` in another file; "-" leaves it out. identity: columns that tell
    rows apart, or `row`. merges: A=B and `field:A=B`, one spelling for another, or a word for an outcome.
    dates: the order of day and month where a file leaves it open. file: which table holds the deals.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    currency: str = ""
    merges: Mapping[str, str] = field(default_factory=dict)
    dates: Order = ""
    file: str = ""

    def merges_of(self, name: str) -> Merges:
        """The merges of one field, those of every field included."""
        pairs: dict[str, str] = {}
        for source, to in self.merges.items():
            of, _colon, text = source.partition(":")
            if text and of in FIELDS:
                if of == name:
                    pairs[key_of(text)] = to
            else:
                pairs.setdefault(key_of(source), to)
        return Merges(pairs)

    def as_json(self) -> dict[str, object]:
        """What is kept under a mapping's name; the file's own name is no part of it."""
        return {
            "fields": dict(self.fields),
            "identity": list(self.identity),
            "currency": self.currency,
            "merges": dict(self.merges),
            "dates": self.dates,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choices:
        """What was kept, whatever else lies there."""
        fields = {str(column): str(name) for column, name in dict(kept.get("fields") or {}).items()}
        dates = str(kept.get("dates") or "")
        return cls(
            fields={column: name for column, name in fields.items() if name in FIELDS or name == LEFT_OUT},
            identity=tuple(map(str, kept.get("identity") or ())),
            currency=str(kept.get("currency") or ""),
            merges={str(source): str(to) for source, to in dict(kept.get("merges") or {}).items()},
            dates=next((order for order in ORDERS if order == dates), ""),
            file=str(kept.get("file") or ""),
        )
