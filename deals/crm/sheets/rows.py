"""Rows of a CRM's file as deals: every value is read, or the row is refused with the column and what to do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from deals.crm.sheets.amounts import AmountStyle, NotAnAmount, read_currency, style_of
from deals.crm.sheets.choices import BY_ROW, Choices
from deals.crm.sheets.days import DayStyle, NotADate, order_of
from deals.crm.sheets.headings import DEAL, bare
from deals.crm.sheets.linking import Column, Linked
from deals.crm.sheets.outcomes import REASONS, plain, read_lost_to, read_outcome
from deals.crm.sheets.records import Read, Refused, SourceDeal, Surroundings
from deals.crm.sheets.results import Contradiction, Results
from deals.crm.sheets.spelling import Merges, Spellings, key_of, tidy
from kb.notices import Problem
from kb.text import fold, nfkc

NAMES = (
    "company", "product", "competitor", "industry", "owner", "owner_team", "region", "company_region", "segment", "stage", "stage_lost",
)  # fmt: skip
LONGEST = {"name": 200, "company": 200, "product": 120, "competitor": 120, "industry": 120}
LONGEST_WORD = 100
LONGEST_REF = 250
MOST_EMPLOYEES = 10_000_000
_DASHES = frozenset("-–—―ー/.*")
_TOTALS = {"total", "grandtotal", "subtotal", "sum", "合計", "総計", "小計", "計", "gesamt", "summe"}
_REASONS = {word: reason for reason, words in REASONS.items() for word in words.split()}
_PLAIN_NOTES = {
    "note",
    "notes",
    "description",
    "comment",
    "comments",
    "remarks",
    "memo",
    "備考",
    "メモ",
    "詳細",
    "説明",
    "コメント",
}
_RECORD_MADE = ("creat", "作成", "登録", "起票", "dateadded", "adddate", "dateentered", "erstell", "création")


class Reader:
    """Reads one linked table with the choices made for it."""

    def __init__(self, linked: Linked, choices: Choices, around: Surroundings) -> None:
        self.table = linked.table
        self.choices = choices
        self.around = around
        self.columns: dict[str, list[Column]] = {name: linked.of(name) for name in DEAL}
        self.results = Results(choices)
        self.spellings = {name: self._spellings(name, linked.names.get(name, ())) for name in NAMES}
        self.day_styles = {
            one.label: self._day_style(one)
            for name in ("opened_on", "closed_on")
            for one in self.columns[name]
        }
        self.amount_styles = {one.label: self._amount_style(one) for one in self.columns["amount"]}
        self.read_so_far = Read(formats=self._formats())
        self._first: dict[str, int] = {}
        self._place = 0
        self._number = 0
        self._sound = True

    def _spellings(self, name: str, names: Sequence[str]) -> Spellings:
        merges = self.choices.merges_of(name)
        if name.startswith("stage"):  # 検収済=won says what a stage means; the stage keeps its name
            merges = Merges({key: to for key, to in merges.pairs.items() if read_outcome(to) is None})
        spellings = Spellings(name, merges, self.around.known.get(name))
        spellings.prefer(names)
        columns = [column.values for column in self.columns[name]]
        if columns:
            spellings.note(next(filter(None, cells), "") for cells in zip(*columns, strict=True))
        return spellings

    def _day_style(self, column: Column) -> DayStyle:
        return DayStyle(order_of(column.values) or self.choices.dates, self.around.zone)

    def _amount_style(self, column: Column) -> AmountStyle:
        return style_of(
            column.values,
            column.label,
            currency=self.choices.currency,
            comma_likely=self.table.delimiter == ";",
        )

    def _formats(self) -> dict[str, dict[str, str | int | None]]:
        """How each column of days or amounts is read; null where nothing decides it, and nothing needs to."""
        found: dict[str, dict[str, str | int | None]] = {
            label: {"dates": style.order or None} for label, style in self.day_styles.items()
        }
        for label, style in self.amount_styles.items():
            currency = style.currency or None
            found[label] = {"decimal": style.mark or None, "unit": style.unit, "currency": currency}
        return found

    # -------------------------------------------------------------- all rows
    def read(self) -> Read:
        """Every row, in order."""
        done = self.read_so_far
        for place, (number, _cells) in enumerate(self.table.rows):
            self._place, self._number = place, number
            deal = self._deal()
            if deal is None:
                done.refused += 1
            else:
                done.deals.append(deal)
        done.merged = [merge for name in NAMES for merge in self.spellings[name].merged()]
        return done

    def _deal(self) -> SourceDeal | None:
        """The row as a deal, or none when anything in it cannot be read; every such value is told."""
        deal = SourceDeal(self._number)
        steps: tuple[Callable[[SourceDeal], None], ...] = (
            self._identify, self._read_texts, self._read_days, self._read_amount, self._read_outcome, self._name, self._check, self._seal,
        )  # fmt: skip
        self._sound = True
        for step in steps:
            try:
                step(deal)
            except Refused as refused:
                self._sound = False
                self._tell(refused.code, refused.column, refused.value, refused=True, **refused.details)
        return deal if self._sound else None

    # -------------------------------------------------------------- cells
    def cell(self, name: str) -> str:
        """A field's value in this row: that of the first of its columns that has one."""
        for column in self.columns[name]:
            value = column.values[self._place]
            if value:
                return value
        return ""

    def _where(self, name: str) -> str | None:
        """The column that gave a field's value in this row."""
        columns = self.columns[name]
        return next(
            (one.label for one in columns if one.values[self._place]), columns[0].label if columns else None
        )

    def _text(self, name: str) -> str:
        """A name in the spelling that stands for it; strokes alone stand for nothing, words never do."""
        value = self.cell(name)
        if not value or _DASHES.issuperset(value):
            return ""
        text = self.spellings[name].name(value)
        limit = LONGEST.get(name, LONGEST_WORD)
        if len(text) > limit or len(fold(text)) > 2 * limit:
            raise Refused("too_long", self._where(name), value, limit=limit)
        return text

    # -------------------------------------------------------------- the steps
    def _identify(self, deal: SourceDeal) -> None:
        chosen = self.choices.identity
        if chosen == BY_ROW:
            return
        scope, value, column = "id", self.cell("id"), self._where("id")
        if chosen:
            cells = self.table.rows[self._place][1]
            values = [cells[self.table.columns.index(name)] for name in chosen]
            value = "\x1f".join(map(key_of, values)) if any(values) else ""
            scope = "+".join(map(bare, chosen))
            column = chosen[0] if len(chosen) == 1 else ", ".join(chosen)
            if scope in {bare(one.label) for one in self.columns["id"]}:
                scope = "id"
        if not value or _DASHES.issuperset(value):
            return
        deal.ref = f"{scope}:{value if chosen and len(chosen) > 1 else tidy(value)}"
        if len(deal.ref) > LONGEST_REF:
            raise Refused("too_long", column, value, limit=LONGEST_REF)
        first = self._first.setdefault(deal.ref, deal.row)
        if first != deal.row:
            raise Refused("duplicate_id", column, value.replace("\x1f", ", "), first=first)

    def _read_texts(self, deal: SourceDeal) -> None:
        for name in NAMES:
            setattr(deal, name, self._text(name))
        deal.tags = self.cell("tags")
        deal.note = self._note()
        if deal.competitor:
            self._first_competitor(deal)
        if employees := self.cell("employees"):
            deal.employees = _count(employees)

    def _first_competitor(self, deal: SourceDeal) -> None:
        first = next(
            (part.strip() for part in deal.competitor.replace("、", ";").split(";") if part.strip()), ""
        )
        if first and first != deal.competitor:
            self._tell("several_competitors", self._where("competitor"), deal.competitor)
            deal.competitor = self.spellings["competitor"].name(first)

    def _note(self) -> str:
        """Every column of notes, under its name where the name says something: why it was lost."""
        parts = []
        for column in self.columns["note"]:
            value = column.values[self._place]
            if value:
                parts.append(value if bare(column.label) in _PLAIN_NOTES else f"{column.label}: {value}")
        return "\n".join(parts)

    def _read_days(self, deal: SourceDeal) -> None:
        failed: Refused | None = None
        for name in ("opened_on", "closed_on"):
            value, column = self.cell(name), self._where(name)
            if not value or column is None:
                continue
            try:
                setattr(deal, name, self.day_styles[column].read(value))
            except NotADate as error:
                code = {"unreadable": "bad_date"}.get(error.reason, f"{error.reason}_date")
                if failed:
                    self._tell(failed.code, failed.column, failed.value, refused=True)
                failed = Refused(code, column, value)
        if failed:
            raise failed

    def _read_amount(self, deal: SourceDeal) -> None:
        value, column = self.cell("amount"), self._where("amount")
        given = self.cell("currency")
        currency = read_currency(given) if given else ""
        if currency is None:
            raise Refused("unknown_currency", self._where("currency"), given)
        deal.currency = currency or self.choices.currency
        if not value or column is None:
            return
        style = self.amount_styles[column]
        try:
            amount = AmountStyle(style.mark, style.unit, currency or style.currency).read(value)
        except NotAnAmount as error:
            code = {"unreadable": "bad_amount"}.get(error.reason, f"{error.reason}_amount")
            raise Refused(code, column, value) from error
        if amount is None:
            return
        if currency and amount.currency != currency:
            raise Refused("currency_conflict", column, value, said=amount.currency, other=currency)
        deal.amount, deal.currency = amount.value, amount.currency or deal.currency

    def _read_outcome(self, deal: SourceDeal) -> None:
        try:
            outcome = self.results.of_row(self.cell, deal.closed_on, self.around.today)
        except Contradiction as error:
            first, second = error.fields
            value = self.cell(first)
            raise Refused(
                "contradiction",
                self._where(first),
                value,
                other=self._where(second),
                said=self.cell(second),
            ) from error
        deal.result, deal.lost_to, deal.reason = outcome.result, outcome.lost_to, outcome.reason
        if outcome.result == "lost":
            self._read_lost_to(deal)
        elif outcome.result == "no_decision" and not deal.reason:
            deal.reason = _REASONS.get(plain(self.cell("no_decision_reason")), "")
        if outcome.result == "open":
            deal.closed_on = None
        elif outcome.is_decided and outcome.result != "won" and not deal.stage_lost and deal.stage:
            on_the_way = self.results.of_word("stage", self.cell("stage")) is None
            deal.stage_lost = deal.stage if on_the_way and self._has_own_outcome() else ""

    def _has_own_outcome(self) -> bool:
        """Whether the outcome stands apart from the stage, which is then the last one before it."""
        return bool(self.cell("result") or self.cell("is_won") or self.cell("is_lost"))

    def _read_lost_to(self, deal: SourceDeal) -> None:
        value = self.cell("lost_to")
        if not value:
            return
        to = read_lost_to(value)
        if to:
            deal.lost_to = to if to != "not_known" else deal.lost_to
            return
        name = self.choices.merges_of("competitor").target(value)
        deal.lost_to = "competitor"
        deal.competitor = self.spellings["competitor"].name(value) if name is None else name
        if len(deal.competitor) > LONGEST["competitor"]:
            raise Refused("too_long", self._where("lost_to"), value, limit=LONGEST["competitor"])

    def _name(self, deal: SourceDeal) -> None:
        """The deal's name, or one put together from whom it is with and what it is about."""
        name = tidy(self.cell("name"))
        deal.named = bool(name) and not _DASHES.issuperset(name)
        if deal.named and len(name) > LONGEST["name"]:
            raise Refused("too_long", self._where("name"), name, limit=LONGEST["name"])
        together = " · ".join(part for part in (deal.company, deal.product) if part)
        known_by = tidy(self.cell("id")) or f"{self.table.stem} {deal.row}"
        deal.name = name if deal.named else (together or known_by)[: LONGEST["name"]]
        if plain(name or deal.company or self.cell("id")) in _TOTALS and not deal.result.startswith(
            ("won", "lost")
        ):
            raise Refused("total_row", self._where("name") or self._where("company"), name or deal.company)

    def _check(self, deal: SourceDeal) -> None:
        """What may be said of days and amounts together."""
        opened, closed = deal.opened_on, deal.closed_on
        if opened and closed and closed < opened:
            column = self._where("opened_on") or ""
            if not any(mark in bare(column) for mark in _RECORD_MADE):
                raise Refused(
                    "closes_before_opens",
                    self._where("closed_on"),
                    self.cell("closed_on"),
                    opened=opened.isoformat(),
                )
            deal.opened_on = None
            self._tell("created_after_close", column, self.cell("opened_on"))
        if closed and closed > self.around.today and deal.result in ("won", "lost", "no_decision"):
            self._tell("closes_in_future", self._where("closed_on"), self.cell("closed_on"))
        if deal.result == "won" and deal.amount is None and self.columns["amount"]:
            self._tell("won_without_amount", self._where("amount"), self.cell("amount"))

    def _seal(self, deal: SourceDeal) -> None:
        """The digest of what the row says: names by what their spellings share, so that a new name here changes nothing."""
        names = [spellings.key(self.cell(name)) for name, spellings in self.spellings.items()]
        rest = (
            deal.name if deal.named else "", deal.employees, deal.opened_on, deal.closed_on, deal.amount, deal.currency, deal.result,
            deal.lost_to, key_of(deal.competitor) if deal.lost_to == "competitor" else "", deal.reason, deal.note, deal.tags,
        )  # fmt: skip
        text = "\x1f".join((*names, *(str(one) for one in rest)))
        deal.digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]

    # -------------------------------------------------------------- telling
    def _tell(
        self, code: str, column: str | None, value: str | None, *, refused: bool = False, **details: object
    ) -> None:
        if not refused and not self._sound:
            return  # a row that is not taken needs no remarks
        message = self.around.wording(code, **{"value": value or "", **details})
        self.read_so_far.problems.append(
            Problem(self.table.name, self._number, column, value or None, code, message, refused=refused)
        )


def _count(text: str) -> int | None:
    """How many people: 1,200 or 1200人; the first number of a range."""
    found = re.search(r"\d[\d,]*", nfkc(text))
    number = int(found[0].replace(",", "")) if found else 0
    return number if 0 < number < MOST_EMPLOYEES else None
