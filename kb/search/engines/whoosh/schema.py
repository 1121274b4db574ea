"""How prepared documents lie in Whoosh's files: tokens as they come, positions packed, one row of values a document."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping

from whoosh import fields, formats

from kb.search.analysis import UNCOUNTED_FIELDS, Prepared, field_names
from kb.search.engines.base import Key, check_readers
from kb.search.engines.whoosh.columns import StoredRow

# Changes whenever the files do; an index with another one is built anew.
FORMAT_VERSION = "3"
ONCE = array("I", [0])


class PackedPositions(formats.Positions):  # type: ignore[misc]
    """Positions as four bytes each, which a whole list is read from at once."""

    def encode(self, positions: array[int]) -> bytes:
        return positions.tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        return list(unpack(value))

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4

    def decode_weight(self, value: bytes) -> float:
        return float(self.decode_frequency(value))


def unpack(value: bytes) -> array[int]:
    """The positions in a posting's value."""
    positions = array("I")
    positions.frombytes(value)
    return positions


class Tokens(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a mapping of token to positions, made by the analysis; nothing is analysed here."""

    def __init__(self, *, scored: bool = True) -> None:
        keep = PackedPositions() if scored else formats.Existence()
        super().__init__(keep, None, scorable=scored)

    def index(
        self, value: Mapping[str, array[int]], **_kwargs: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """(token, how often, weight, positions) of each token."""
        for text, positions in value.items():
            packed = self.format.encode(positions)
            yield text.encode(), len(positions), float(len(positions)), packed


def schema() -> fields.Schema:
    """The fields of tokens, the two sets of readers, the key, and the row that is read with every hit."""
    kept = {name: Tokens(scored=name not in UNCOUNTED_FIELDS) for name in field_names()}
    return fields.Schema(
        key=Tokens(scored=False),
        row=fields.STORED,
        readers0=Tokens(scored=False),
        readers1=Tokens(scored=False),
        **kept,
    )


def as_row(prepared: Prepared) -> StoredRow:
    """What is stored of a document."""
    document = prepared.document
    return (
        document.source,
        document.pk,
        document.kind,
        document.tags,
        document.language,
        document.updated_on.toordinal(),
        document.stamp,
        dict(document.marks),
    )


def as_fields(prepared: Prepared) -> dict[str, Mapping[str, array[int]]]:
    """The tokens of a document's fields, its readers and its key among them."""
    document = prepared.document
    first, second = check_readers(prepared)
    return {
        "key": {str(Key(document.source, document.pk)): ONCE},
        "readers0": dict.fromkeys(first, ONCE),
        "readers1": dict.fromkeys(second, ONCE),
        **prepared.fields,
    }
