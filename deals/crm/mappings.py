"""Mappings kept by name: how a kind of file is read, said once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from deals.crm.actions import NotAllowed
from deals.crm.models import ImportMapping
from deals.crm.sheets.choices import Choices
from deals.crm.sheets.exports import Export
from deals.crm.sheets.headings import LEFT_OUT
from kb.audit.actions import record
from kb.text import fold

if TYPE_CHECKING:
    from kb.accounts.models import User

NAME_LENGTH = 100


def mapping_named(name: str) -> ImportMapping | None:
    """The mapping that is called so."""
    return ImportMapping.objects.filter(folded=fold(name)).first()


def applied(mapping: ImportMapping, said: Choices, columns: set[str]) -> Choices:
    """The mapping's choices for a file that has `columns`, with what is said now over them."""
    kept = Choices.from_json(mapping.choices)
    fields = {column: field for column, field in kept.fields.items() if column in columns}
    identity = kept.identity if all(name in columns or name == "row" for name in kept.identity) else ()
    return replace(
        kept,
        fields={**fields, **said.fields},
        merges={**kept.merges, **said.merges},
        identity=said.identity or identity,
        currency=said.currency or kept.currency,
        dates=said.dates or kept.dates,
        file=said.file,
    )


def whole(export: Export) -> Choices:
    """The choices as they were used, every column of the deals among them, so that the next file is read alike."""
    left_out = dict.fromkeys(export.unmapped, LEFT_OUT)
    return replace(export.choices, fields={**left_out, **export.mapping, **export.choices.fields})


@transaction.atomic
def save_mapping(*, by: User, name: str, choices: Choices) -> ImportMapping:
    """Keep choices under a name; one of that name is written over.

    Raises:
        NotAllowed: `by` is a reader.
    """
    if not by.can_write:
        raise NotAllowed
    mapping = mapping_named(name) or ImportMapping(folded=fold(name))
    mapping.name = " ".join(name.split())[:NAME_LENGTH]
    mapping.choices, mapping.updated_by = choices.as_json(), by
    mapping.save()
    record(by=by, verb="import_mapping.saved", target=mapping)
    return mapping
