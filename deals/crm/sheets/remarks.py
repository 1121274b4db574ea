"""What is to be said of a whole column once, after its rows were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deals.crm.sheets.columns import misfits
from deals.crm.sheets.days import has_no_day
from deals.crm.sheets.headings import KEYS, bare
from deals.crm.sheets.linking import Column
from deals.crm.sheets.outcomes import plain, read_flag
from deals.crm.sheets.rows import NAMES, Reader
from deals.crm.sheets.spelling import key_of
from kb.notices import Problem

_DELETED = {"isdeleted", "deleted", "isarchived", "archived", "削除", "削除フラグ"}
_NO_NAME = {"none", "na", "nothing", "nil", "null", "nobody", "なし", "無し", "特になし"}


def remarks_on(reader: Reader) -> list[Problem]:
    """Every remark on the columns of a table that was read."""
    return [
        remark
        for part in (_of_misfits, _of_days, _of_keys, _of_outcomes, _of_names, _of_identity)
        for remark in part(reader)
    ]


def _remark(
    reader: Reader, code: str, column: Column | None, value: str = "", count: int = 0, **details: object
) -> Problem:
    message = reader.around.wording(code, value=value, count=count, **details)
    label = column.label if column else None
    return Problem(reader.table.name, None, label, value or None, code, message, refused=False)


def _of_misfits(reader: Reader) -> Iterator[Problem]:
    """Columns whose name says one thing and whose values say another."""
    fields = {one.label: one.field for columns in reader.columns.values() for one in columns}
    for label, field in misfits(reader.table, {**reader.choices.fields, **fields}).items():
        column = Column(label, field, reader.table.values(label))
        yield _remark(reader, "values_do_not_fit", column, next(filter(None, column.values), ""), field=field)


def _of_days(reader: Reader) -> Iterator[Problem]:
    for name in ("opened_on", "closed_on"):
        for column in reader.columns[name]:
            months = [value for value in column.values if value and has_no_day(value)]
            if months:
                yield _remark(reader, "month_only", column, months[0], len(months))


def _of_keys(reader: Reader) -> Iterator[Problem]:
    """Ids of companies, owners and products that nothing gives a name to."""
    for key, thing in KEYS.items():
        for column in reader.columns[key]:
            values = [value for value in column.values if value]
            if values and not reader.columns[thing]:
                yield _remark(reader, "id_not_name", column, values[0], len(values))


def _of_outcomes(reader: Reader) -> Iterator[Problem]:
    for (name, value), count in reader.results.unknown.most_common():
        yield _remark(reader, "unknown_value", reader.columns[name][0], value, count)
    deals = reader.read_so_far.deals
    results = Counter(deal.result for deal in deals)
    if (
        len(deals) > 1
        and not results["won"]
        and (results["open"] or results["lost"])
        and reader.columns["stage"]
    ):
        yield _remark(reader, "no_outcome", reader.columns["stage"][0])
    silent = results["unknown"] - sum(reader.results.unknown.values())
    if silent > 0:
        yield _remark(reader, "no_result", None, count=silent)
    for place, name in enumerate(reader.table.columns):
        if bare(name) in _DELETED:
            marked = [cells[place] for _number, cells in reader.table.rows if read_flag(cells[place])]
            if marked:
                column = Column(name, "", marked)
                yield _remark(reader, "deleted_in_crm", column, marked[0], len(marked))


def _of_names(reader: Reader) -> Iterator[Problem]:
    """Words for none where a competitor's name is expected; what was to be merged and is not there."""
    for column in reader.columns["competitor"]:
        doubtful = Counter(
            value for value in column.values if value and plain(value) in _NO_NAME | {"unknown", "不明"}
        )
        for value, count in doubtful.items():
            if reader.choices.merges_of("competitor").target(value) is None:
                yield _remark(reader, "not_a_name", column, value, count)
    if not reader.choices.merges:
        return
    merged = [*NAMES, "result", "lost_to"]
    written = {
        key_of(value) for name in merged for column in reader.columns[name] for value in set(column.values)
    }
    for source in reader.choices.merges:
        text = source.partition(":")[2] or source
        if key_of(text) not in written and key_of(source) not in written:
            yield _remark(reader, "merge_unused", None, source)


def _of_identity(reader: Reader) -> Iterator[Problem]:
    deals = reader.read_so_far.deals
    if deals and not reader.choices.identity and not any(deal.ref for deal in deals):
        yield _remark(reader, "no_id", None)
