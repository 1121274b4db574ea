"""The start-up check of the dictionary."""

import pytest

from kb.search import analysis
from kb.search.apps import dictionary_is_there


def test_a_missing_dictionary_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dictionary_is_there(None) == []

    monkeypatch.setattr(analysis, "sudachipy", None)

    assert [message.id for message in dictionary_is_there(None)] == ["search.W001"]
