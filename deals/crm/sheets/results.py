"""How a row's deal came out: flags, a word of its own, or the stage it stands in, and what they say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from deals.crm.sheets.choices import Choices
from deals.crm.sheets.outcomes import Outcome, has_ended, read_flag, read_outcome, read_stage

OPEN, UNKNOWN, WON, LOST = Outcome("open"), Outcome("unknown"), Outcome("won"), Outcome("lost", "not_known")


class Contradiction(ValueError):
    """Two columns say different things; `fields` are which."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")
        self.fields = (first, second)


@dataclass
class Results:
    """Reads outcomes row by row, and counts the words it could not understand, by field."""

    choices: Choices
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._merges = {name: self.choices.merges_of(name) for name in ("result", "stage")}
        self._read: dict[tuple[str, str], Outcome | None] = {}

    def of_word(self, name: str, text: str) -> Outcome | None:
        """What a value means, as somebody said it or as everybody knows it."""
        known = self._read.get((name, text), UNKNOWN)
        if known is not UNKNOWN:
            return known
        said = self._merges[name].target(text)
        found = read_outcome(said) if said else None
        self._read[name, text] = found or (read_stage(text) if name == "stage" else read_outcome(text))
        return self._read[name, text]

    def of_row(self, cell: Callable[[str], str], closed_on: date | None, today: date) -> Outcome:
        """The outcome of one row. `cell` gives a field's value.

        Raises:
            Contradiction: the row says two things.
        """
        stage = self.of_word("stage", cell("stage")) if cell("stage") else None
        flagged = self._of_flags(cell, stage)
        if flagged:
            if flagged.is_decided and stage and stage.is_decided and "won" in (flagged.result, stage.result):
                _agree(flagged, stage, "is_won")
            return flagged
        text = cell("result")
        if text:
            return self._of_result(cell, text, stage, closed_on, today)
        if stage:
            return stage
        if read_flag(cell("is_won")) is False:
            return self._not_won(cell, closed_on, today)
        return self._of_stage(cell)

    def _of_flags(self, cell: Callable[[str], str], stage: Outcome | None) -> Outcome | None:
        """What yes-or-no columns say; none when they leave it open."""
        won, lost, closed = (read_flag(cell(name)) for name in ("is_won", "is_lost", "is_closed"))
        if won and lost:
            raise Contradiction("is_won", "is_lost")
        if won:
            return WON
        if lost or (won is False and closed):
            return stage if stage and stage.result in ("lost", "no_decision", "invalid") else LOST
        if closed is False and not (stage and stage.is_decided):
            return OPEN
        return None

    def _of_result(
        self,
        cell: Callable[[str], str],
        text: str,
        stage: Outcome | None,
        closed_on: date | None,
        today: date,
    ) -> Outcome:
        found = self.of_word("result", text)
        if found is None:
            flag = read_flag(text)
            if flag is not None:
                found = WON if flag else stage or self._not_won(cell, closed_on, today)
        if found is None:
            if stage:
                return stage
            self.unknown["result", text] += 1
            return UNKNOWN
        if stage and stage.is_decided:
            if not found.is_decided:
                return stage
            _agree(found, stage, "result")
            return stage if found == LOST else found
        return found

    def _not_won(self, cell: Callable[[str], str], closed_on: date | None, today: date) -> Outcome:
        """Not won, and nothing said of being closed: open where a stage goes on or no day of a close has come."""
        stage = cell("stage")
        if stage and not has_ended(stage):
            return OPEN
        return LOST if closed_on and closed_on <= today else OPEN

    def _of_stage(self, cell: Callable[[str], str]) -> Outcome:
        """A stage that is no word for an end is a stage on the way."""
        stage = cell("stage")
        if stage and not has_ended(stage) and not read_flag(cell("is_closed")):
            return OPEN
        if stage:
            self.unknown["stage", stage] += 1
        return UNKNOWN


def _agree(first: Outcome, second: Outcome, name: str) -> None:
    if (first.result == "won") != (second.result == "won"):
        raise Contradiction(name, "stage")
