"""The forms of an import on the page: the files, then what each column and each word for an outcome is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from deals.crm.models import ImportMapping, Result
from deals.crm.sheets.amounts import CODES, NotAnAmount, style_of
from deals.crm.sheets.archives import LARGEST
from deals.crm.sheets.choices import BY_ROW, Choices
from deals.crm.sheets.days import DayStyle, NotADate, order_of
from deals.crm.sheets.exports import Export
from deals.crm.sheets.headings import FIELDS, LEFT_OUT
from deals.crm.sheets.outcomes import has_ended, read_flag
from deals.crm.sheets.results import Results

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from deals.crm.sheets.tables import Table

MOST_FILES = 50
SAMPLES = 3
SAMPLE_LENGTH = 60
# More different words than people would go through one by one.
MOST_VALUES = 40

LABELS: dict[str, StrOrPromise] = {
    "id": gettext_lazy("Id of the deal"),
    "name": gettext_lazy("Deal"),
    "company": gettext_lazy("Company"),
    "company_id": gettext_lazy("Company, by id"),
    "product": gettext_lazy("Product"),
    "product_id": gettext_lazy("Product, by id"),
    "owner": gettext_lazy("Owner"),
    "owner_id": gettext_lazy("Owner, by id"),
    "owner_team": gettext_lazy("Owner's team"),
    "region": gettext_lazy("Region"),
    "segment": gettext_lazy("Segment"),
    "stage": gettext_lazy("Stage"),
    "stage_id": gettext_lazy("Stage, by id"),
    "stage_lost": gettext_lazy("Stage lost"),
    "result": gettext_lazy("Result"),
    "is_won": gettext_lazy("Won, yes or no"),
    "is_lost": gettext_lazy("Lost, yes or no"),
    "is_closed": gettext_lazy("Closed, yes or no"),
    "lost_to": gettext_lazy("Who won it"),
    "competitor": gettext_lazy("Competitor"),
    "opened_on": gettext_lazy("Opened on"),
    "closed_on": gettext_lazy("Closed on"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "note": gettext_lazy("Note"),
    "tags": gettext_lazy("Tags"),
    "no_decision_reason": gettext_lazy("Why nothing was decided"),
    "industry": gettext_lazy("Industry of the company"),
    "employees": gettext_lazy("Employees of the company"),
    "company_region": gettext_lazy("Region of the company"),
}
GROUPS: tuple[tuple[StrOrPromise, tuple[str, ...]], ...] = (
    (gettext_lazy("The deal"), ("id", "name", "company", "product", "amount", "currency", "opened_on", "closed_on", "note", "tags")),
    (
        gettext_lazy("How it came out"),
        ("result", "stage", "stage_lost", "is_won", "is_lost", "is_closed", "lost_to", "competitor", "no_decision_reason"),
    ),
    (gettext_lazy("Whose it is"), ("owner", "owner_team", "region", "segment")),
    (gettext_lazy("The company"), ("industry", "company_region", "employees")),
    (gettext_lazy("Keys to other files"), ("company_id", "product_id", "owner_id", "stage_id")),
)  # fmt: skip
ROLES: dict[str | None, StrOrPromise] = {
    "deals": gettext_lazy("the deals"),
    "companies": gettext_lazy("companies"),
    "owners": gettext_lazy("owners"),
    "products": gettext_lazy("products"),
    "stages": gettext_lazy("stages"),
    "teams": gettext_lazy("teams"),
    "links": gettext_lazy("which deal belongs to what"),
    "history": gettext_lazy("history, left out"),
    "other": gettext_lazy("left out"),
    None: gettext_lazy("not read"),
}
DELIMITERS: dict[object, StrOrPromise] = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}


DATE_ORDERS: dict[str, StrOrPromise] = {
    "dmy": gettext_lazy("the day comes first"),
    "mdy": gettext_lazy("the month comes first"),
    "ymd": gettext_lazy("the year comes first"),
}


class ManyFiles(forms.ClearableFileInput):
    """An input that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) and data else [data or None]
        return [super(FilesField, self).clean(one, initial) for one in given]


class FilesForm(forms.Form):
    """The first step: what a CRM exported."""

    exports = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "CSV, XLSX or ZIP, as your CRM exports them. Deals and what belongs to them may lie in several files."
        ),
        error_messages={
            "required": gettext_lazy("Choose the file that holds the deals."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    mapping = forms.ModelChoiceField(
        label=gettext_lazy("Read it as"),
        queryset=ImportMapping.objects.all(),
        required=False,
        empty_label=gettext_lazy("Find out by itself"),
        help_text=gettext_lazy("How a file was read before, kept under a name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ImportMapping.objects.exists():
            del self.fields["mapping"]

    def clean_exports(self) -> list[UploadedFile[Any]]:
        files: list[UploadedFile[Any]] = self.cleaned_data["exports"]
        if sum(file.size or 0 for file in files) > LARGEST:
            raise forms.ValidationError(_("The files are larger than 128 MB. Export fewer deals at once."))
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("These are more than 50 files. Pack them into a ZIP."))
        return files


@dataclass(frozen=True)
class ColumnChoice:
    """A column, some of its values, what it is taken for, how its first value is read, and by which rule."""

    name: str
    label: str
    column: str
    file: str
    samples: list[str]
    field: str
    read_as: str
    rule: str
    key_of: str  # the column of the deals that leads here; then it is nothing else


@dataclass(frozen=True)
class ValueChoice:
    """A word for an outcome, how often it stands there, and what it is taken for."""

    name: str
    source: str
    column: str
    value: str
    count: int
    result: str


class Chooser:
    """The second step, built from what was found out about an export."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.choices = export.choices

    @property
    def groups(self) -> list[tuple[StrOrPromise, list[tuple[str, StrOrPromise]]]]:
        """The fields a column may be, in groups."""
        return [(group, [(field, LABELS[field]) for field in fields]) for group, fields in GROUPS]

    @property
    def results(self) -> list[tuple[str, StrOrPromise]]:
        return [(value, label) for value, label in Result.choices]

    @property
    def tables(self) -> list[Table]:
        """Tables that could hold the deals, largest first."""
        return sorted(self.export.reading.tables, key=lambda table: -len(table.rows))

    def columns(self) -> Iterator[ColumnChoice]:
        """Every column of the deals, then those of linked files that are taken or could be."""
        linked = self.export.linked
        if linked is None:
            return
        mapping = self.export.mapping
        tables = [linked.table, *(table for table in self.export.reading.tables if self._is_linked(table))]
        number = 0
        for table in tables:
            for column in table.columns:
                label = column if table is linked.table else f"{table.name}:{column}"
                values = list(dict.fromkeys(value for value in table.values(column)[:500] if value))
                field = mapping.get(label, LEFT_OUT)
                samples = [value[:SAMPLE_LENGTH] for value in values[:SAMPLES]]
                read_as = self._read_as(field, label, table.values(column)) if values else ""
                rule = self._rule(field, label, table.values(column)) if values else ""
                file = "" if table is linked.table else table.name
                key_of = linked.keys.get(label, "")
                yield ColumnChoice(
                    f"column-{number}", label, column, file, samples, field, read_as, rule, key_of
                )
                number += 1

    def _is_linked(self, table: Table) -> bool:
        roles = self.export.linked.roles if self.export.linked else {}
        return roles.get(table.name) in ("companies", "owners", "products", "stages")

    def _read_as(self, field: str, label: str, values: Sequence[str]) -> str:
        """How the first value is understood, for days and amounts."""
        first = next(value for value in values if value)
        try:
            if field in ("opened_on", "closed_on"):
                day = DayStyle(order_of(values) or self.choices.dates).read(first)
                return day.isoformat() if day else ""
            if field == "amount":
                style = style_of(values, label, currency=self.choices.currency)
                amount = style.read(first)
                return f"{amount.value.normalize():,f} {amount.currency}".strip() if amount else ""
        except NotADate as error:
            return _("day or month first?") if error.reason == "ambiguous" else "?"
        except NotAnAmount:
            return "?"
        return ""

    def _rule(self, field: str, label: str, values: Sequence[str]) -> str:
        """What was found out, or said, about the days or amounts of a column, where they could be read otherwise."""
        if field in ("opened_on", "closed_on"):
            return str(DATE_ORDERS.get(order_of(values) or self.choices.dates, ""))
        if field != "amount":
            return ""
        style = style_of(values, label, currency=self.choices.currency)
        mark = _("decimals after a comma") if style.mark == "," else ""
        unit = _("times %(unit)s") % {"unit": f"{style.unit:,}"} if style.unit != 1 else ""
        return pgettext("between names", ", ").join(part for part in (mark, unit) if part)

    def values(self) -> Iterator[ValueChoice]:
        """The words of the columns that say how a deal came out, the commonest first."""
        linked = self.export.linked
        if linked is None:
            return
        results, number = Results(self.choices), 0
        for field in ("result", "stage"):
            for column in linked.of(field)[:1]:
                for value, count in Counter(filter(None, column.values)).most_common(MOST_VALUES):
                    outcome = results.of_word(field, value)
                    found = outcome.result if outcome else _without_word(field, value)
                    yield ValueChoice(f"value-{number}", field, column.label, value, count, found)
                    number += 1

    @property
    def has_ambiguous_days(self) -> bool:
        """Whether somebody has to say whether the day or the month comes first."""
        linked = self.export.linked
        columns = [
            column for name in ("opened_on", "closed_on") for column in (linked.of(name) if linked else [])
        ]
        return bool(self.choices.dates) or any(
            not order_of(one.values) and _has_ambiguous(one.values) for one in columns
        )

    @property
    def merges(self) -> str:
        """Spellings that people said are one, a line each; words for outcomes stand beside their value."""
        return "\n".join(
            f"{source} = {to}"
            for source, to in self.choices.merges.items()
            if not source.startswith(("result:", "stage:"))
        )

    # -------------------------------------------------------------- what was posted
    def chosen(self, posted: QueryDict) -> Choices:
        """The choices as the form has them now; what makes no sense is left as it is."""
        fields = dict(self.choices.fields)
        for column in self.columns():
            said = posted.get(column.name, column.field)
            if said != column.field and (said in FIELDS or said == LEFT_OUT):
                fields[column.label] = said
        table = self.export.deals_table
        names = table.columns if table else []
        identity = tuple(name for name in posted.getlist("identity") if name in names or name == BY_ROW[0])
        currency = posted.get("currency", "").upper()
        dates = posted.get("dates", "")
        return replace(
            self.choices,
            fields=fields,
            merges={**_pairs(posted.get("merges", "")), **self._said_of_values(posted)},
            identity=BY_ROW if BY_ROW[0] in identity else identity,
            currency=currency if currency in CODES else "",
            dates=dates if dates in ("dmy", "mdy", "ymd") else "",  # type: ignore[arg-type]
        )

    def _said_of_values(self, posted: QueryDict) -> dict[str, str]:
        """Words whose meaning was changed here, now or before."""
        said = {
            source: to
            for source, to in self.choices.merges.items()
            if source.startswith(("result:", "stage:"))
        }
        for value in self.values():
            result = posted.get(value.name, value.result)
            if result != value.result and result in Result.values:
                said[f"{value.source}:{value.value}"] = result
        return said


def _without_word(field: str, value: str) -> str:
    """What a value comes to that is no word for an outcome: a yes or no, a stage on the way, or nothing known."""
    flag = read_flag(value)
    if field == "result":
        return "unknown" if flag is None else "won" if flag else "lost"
    return "unknown" if has_ended(value) else "open"


def _has_ambiguous(values: Sequence[str]) -> bool:
    style = DayStyle()
    for value in values:
        try:
            style.read(value)
        except NotADate as error:
            if error.reason == "ambiguous":
                return True
    return False


def _pairs(text: str) -> dict[str, str]:
    """`A = B`, one a line."""
    pairs = (line.partition("=") for line in text.splitlines()[:500])
    return {source.strip(): to.strip() for source, equals, to in pairs if equals and source.strip()}
