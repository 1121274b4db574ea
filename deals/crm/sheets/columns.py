"""Which column is which field of a deal: guessed from names and values, and said by people where they know better."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from deals.crm.sheets.amounts import looks_like_amount
from deals.crm.sheets.days import looks_like_day
from deals.crm.sheets.headings import (
    FLAGS,
    LEFT_OUT,
    LIKELY,
    MANY,
    POSSIBLE,
    SURE,
    bare,
    meanings,
)
from deals.crm.sheets.outcomes import has_ended, read_flag, read_outcome
from deals.crm.sheets.tables import Table

# So many values are looked at to see what a column holds.
_SAMPLE = 300
_HANDFUL = 10
# A close may stand in several columns, one for wins and one for losses; the first that is filled counts.
SEVERAL = (*MANY, "closed_on")
DATES = ("opened_on", "closed_on")
_WORDS = (
    "name",
    "company",
    "owner",
    "product",
    "competitor",
    "industry",
    "region",
    "segment",
    "stage",
    "owner_team",
)
_COUNTED = {"no", "番号", "#"}


def sample_of(table: Table, column: str) -> list[str]:
    """Some of a column's values, evenly from top to bottom, the empty ones left out."""
    values = [value for value in table.values(column) if value]
    return values[:: max(len(values) // _SAMPLE, 1)]


def share(values: list[str], holds: Iterable[bool]) -> float:
    """How many of some values something holds for; 1 when there are none, which contradict nothing."""
    return sum(holds) / len(values) if values else 1.0


def guess(
    table: Table,
    said: Mapping[str, str] | None = None,
    *,
    allowed: Collection[str] = (),
    of_deals: bool = True,
) -> dict[str, str]:
    """The field of each column that is known, in the order of the columns; what people said stands.

    `allowed` limits the fields, for files that are no deals.
    """
    said = said or {}
    fields = {column: field for column, field in said.items() if column in table.columns}
    taken = {field for field in fields.values() if field != LEFT_OUT}
    offers = [
        (score, -place, column, field)
        for place, column in enumerate(table.columns)
        if column not in fields
        for field, score in scored(table, column, of_deals=of_deals).items()
        if (not allowed or field in allowed) and field not in taken
    ]
    guessed: set[str] = set()
    for score, _place, column, field in sorted(offers, reverse=True):
        if column in fields or (field in guessed and (field not in SEVERAL or score < POSSIBLE)):
            continue
        fields[column] = field
        guessed.add(field)
    if of_deals:
        _find_result(table, fields)
    known = {column: fields[column] for column in table.columns if fields.get(column, LEFT_OUT) != LEFT_OUT}
    return _surest_first(known, {(column, field): score for score, _place, column, field in offers})


def _surest_first(fields: dict[str, str], scores: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """Where several columns give one close, the one that says it most surely comes first: 受注日 before 受注予定日."""
    closes = [column for column, field in fields.items() if field == "closed_on"]
    ordered = iter(sorted(closes, key=lambda column: -scores.get((column, "closed_on"), SURE)))
    return {(next(ordered) if field == "closed_on" else column): field for column, field in fields.items()}


def scored(table: Table, column: str, *, of_deals: bool = True) -> dict[str, float]:
    """The fields a column may be, by its name, as far as its values fit."""
    offers = meanings(column, of_deals=of_deals)
    if not offers:
        return {}
    values = sample_of(table, column)
    scores: dict[str, float] = {}
    for field, score in offers.items():
        fitting = _fit(field, score, values, table, column)
        if fitting > 0:
            scores[field] = fitting
            if field == "result" and fitting < POSSIBLE:
                scores.setdefault("stage", fitting + 1)
    return scores


def _fit(field: str, score: int, values: list[str], table: Table, column: str) -> float:
    """The score once the values were looked at; 0 when they cannot be this field."""
    if field in DATES:
        days = share(values, (looks_like_day(value) or _is_serial(value) for value in values))
        return _as_far_as(days, score, values)
    if field in ("amount", "employees"):
        numbers = share(values, (looks_like_amount(value) and not _is_day(value) for value in values))
        return _as_far_as(numbers, score, values)
    if field in FLAGS:
        return score if share(values, (read_flag(value) is not None for value in values)) >= 0.9 else 0
    if field == "id":
        return score if _is_key(table, column) else 0
    if field == "result":
        return score if _are_outcomes(values) else POSSIBLE - 2
    if field in _WORDS and score < SURE - 2:
        return score if share(values, (_is_number(value) for value in values)) < 0.9 or not values else 0
    return score


def _as_far_as(fitting: float, score: int, values: list[str]) -> float:
    """A sure name needs a tenth of its values to fit; a handful of values prove nothing against it, and are told by row."""
    if fitting >= (0.1 if score >= LIKELY else 0.6):
        return score
    return POSSIBLE - 5 if score >= LIKELY and len(values) < _HANDFUL else 0


def misfits(table: Table, fields: Mapping[str, str]) -> dict[str, str]:
    """Columns that are left out because their values do not fit what their name says, and nothing else is it."""
    found: dict[str, str] = {}
    for column in table.columns:
        sure = {field for field, score in meanings(column).items() if score >= LIKELY}
        if column not in fields and sure and not sure & set(fields.values()) and not scored(table, column):
            found[column] = min(sure)
    return found


def _is_key(table: Table, column: str) -> bool:
    """Whether a column can tell rows apart: nearly every value once, and not just the rows counted."""
    values = [value for value in table.values(column) if value]
    if not values or len(set(values)) * 2 <= len(values):
        return not values
    if bare(column) in _COUNTED or column.startswith("#"):
        return [number for number, _cells in table.rows] != [
            int(value) if value.isdecimal() else -1 for value in values
        ]
    return True


def _are_outcomes(values: list[str]) -> bool:
    """Whether most different values of a column are words for how deals come out."""
    different = list(dict.fromkeys(values))[:50]
    known = share(different, (read_outcome(value) is not None or has_ended(value) for value in different))
    flags = share(different, (read_flag(value) is not None for value in different))
    return known >= 0.5 or flags >= 0.9


def _find_result(table: Table, fields: dict[str, str]) -> None:
    """Where no column is called an outcome, the one whose values are wins and losses is it, whatever its name."""
    if {"result", "stage", "stage_id", "is_won", "is_lost"} & set(fields.values()):
        return
    for column in table.columns:
        values = list(dict.fromkeys(sample_of(table, column)))
        if column in fields or not 1 < len(values) <= 40:
            continue
        found = [read_outcome(value) for value in values]
        results = {outcome.result for outcome in found if outcome}
        if (
            results & {"won"}
            and results & {"lost", "no_decision"}
            and results
            and found.count(None) * 2 <= len(found)
        ):
            fields[column] = "result"
            return


def _is_day(value: str) -> bool:
    return not value.isdecimal() and looks_like_day(value)


def _is_serial(value: str) -> bool:
    return len(value.split(".", maxsplit=1)[0]) == 5 and value.replace(".", "", 1).isdecimal()


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).replace(",", "").removeprefix("-").isdecimal()
