"""What tests ask of a file that was read."""

from __future__ import annotations

from kb.glossary.formats.rows import Parsed, TermRow


def codes(parsed: Parsed) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.code) for problem in parsed.problems]


def only(parsed: Parsed) -> TermRow:
    assert codes(parsed) == []
    [row] = parsed.rows
    return row
