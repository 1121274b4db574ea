"""What people are told of a value: what is wrong with it, and what to do, on a page or on the command line."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "bad_date": _("This is not a date. Write it as 2026-04-03."),
    "impossible_date": _("There is no such day, or it is too far away. Write a day as 2026-04-03."),
    "ambiguous_date": _(
        "This may be two days, and no other value of the column tells which. Write 2026-04-03, or say which comes first."
    ),
    "bad_amount": _("This is not an amount. Write figures, such as 1200000 or 120万."),
    "negative_amount": _("An amount cannot be below 0. Correct it, or leave it empty."),
    "ambiguous_amount": _(
        "The comma or point may group or begin the decimals, and no other value tells which. Write 1234 or 1234.00."
    ),
    "too_large_amount": _("The amount is too large to be one. Correct it."),
    "unknown_currency": _("This is not a currency. Write a code such as JPY or USD."),
    "currency_conflict": _(
        "The amount says %(said)s, the column of currencies %(other)s. Correct one of the two."
    ),
    "closes_before_opens": _("The deal closes before it opens, on %(opened)s. Correct one of the two days."),
    "contradiction": _("%(other)s says otherwise (%(said)s). Correct one of the two."),
    "too_long": _("This is longer than %(limit)d characters. Shorten it."),
    "duplicate_id": _("Row %(first)d has the same id. Give every deal its own."),
    "total_row": _("This looks like a line of totals, not a deal. Take it out."),
    "won_without_amount": _("A deal was won without an amount. It is taken; rates by value leave it out."),
    "closes_in_future": _("The deal is decided, but its close lies in the future. It is taken as it is."),
    "created_after_close": _("The record was made after the close, so its day is not taken as the opening."),
    "several_competitors": _("Several competitors are named; the first is taken."),
    "not_a_name": _("Rows: %(count)d. This may mean that there is none. It is taken as a name."),
    "values_do_not_fit": _(
        "Its name says %(field)s, but its values do not. The column is left out; say what it is."
    ),
    "month_only": _("Rows: %(count)d. Months stand here without a day; the first of the month is taken."),
    "no_id": _("No column tells deals apart. They are known by their content and their row."),
    "deleted_in_crm": _(
        "Rows: %(count)d. The CRM marks these as deleted. They are taken; leave them out of the file if they should not be."
    ),
    "id_not_name": _(
        "Rows: %(count)d. Only an id stands here, no name, and no other file tells it. It is left out."
    ),
    "unknown_value": _(
        "Rows: %(count)d. It is not known what this means. These deals count as not known until you say it."
    ),
    "no_result": _("Rows: %(count)d. Nothing says how these deals came out; they count as not known."),
    "no_outcome": _("No value here means won, so no deal is. Say which value does."),
    "no_deal_columns": _(
        "It is not known which columns these are: %(columns)s. Say which is which, at least the result or stage of the deal."
    ),
    "no_rows": _("There is a header and no row below it. Export the deals again."),
    "merge_unused": _("No value is written so; nothing was merged."),
    "not_allowed": _("You may not change this deal."),
    "stale": _("Somebody changed this deal meanwhile. Import again."),
    "other_deal": _("Another deal has this id here: %(name)s. Choose other columns to tell deals apart."),
}
# How to say it on the command line.
HINTS = {
    "ambiguous_date": "--dates dmy | mdy | ymd",
    "unknown_value": '--merge "%(value)s=won" | lost | no_decision | open | invalid',
    "no_outcome": '--merge "VALUE=won"',
    "duplicate_id": "--identity COLUMN,COLUMN | row",
    "no_id": "--identity COLUMN,COLUMN",
    "other_deal": "--identity COLUMN,COLUMN",
    "no_deal_columns": "--map COLUMN=FIELD",
    "id_not_name": "--map COLUMN=FIELD",
    "values_do_not_fit": "--map COLUMN=FIELD",
    "not_a_name": '--merge "%(value)s="',
    "unknown_currency": "--currency CUR",
}


@dataclass(frozen=True)
class Wording:
    """The messages, with the option of the command line that answers one where `options` are at hand."""

    options: bool = True

    def __call__(self, code: str, **details: object) -> str:
        message = str(MESSAGES[code]) % details
        hint = HINTS.get(code) if self.options else None
        return (
            f"{message} ({hint % details})" if hint and ("%" not in hint or "value" in details) else message
        )
