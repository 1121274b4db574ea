"""The record is only ever added to."""

import pytest

from kb.accounts.models import User
from kb.audit.actions import record
from kb.audit.models import AppendOnly, AuditEvent


def test_an_entry_says_who_did_what_to_what(lee: User, sato: User) -> None:
    event = record(by=lee, verb="person.greeted", target=sato, detail={"words": "おはよう"})

    kept = AuditEvent.objects.get(pk=event.pk)
    assert (kept.by, kept.verb, kept.target_id, kept.target_name) == (
        lee,
        "person.greeted",
        sato.pk,
        str(sato),
    )
    assert kept.detail == {"words": "おはよう"}


def test_an_entry_can_be_neither_changed_nor_deleted(lee: User) -> None:
    event = record(by=lee, verb="person.greeted", target=lee)
    event.verb = "nothing"

    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        event.delete()
