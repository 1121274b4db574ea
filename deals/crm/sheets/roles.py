"""Which of several tables holds the deals."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from deals.crm.sheets.columns import guess
from deals.crm.sheets.headings import bare
from deals.crm.sheets.notices import Unreadable
from deals.crm.sheets.tables import Table

OUTCOME = frozenset(("result", "stage", "stage_id", "is_won", "is_lost", "is_closed"))
_OF_DEALS = re.compile(r"opportunit|deal|pipeline|商談|案件|受注|chance|affaire|oportunidad", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"account|compan|contact|lead|order|task|event|user|owner|stage|item|product|propert|engagement|history|note|email|dictionary",
    re.IGNORECASE,
)
_HISTORY = re.compile(r"history|履歴|audit|log\b|snapshot", re.IGNORECASE)
_PERIODS = {"fivetranstart", "fivetranend", "validfrom", "validto", "dbtvalidfrom", "dbtvalidto"}
# A table that scores so much may be deals; one that scores so much of the best may be them as well.
_ENOUGH, _CLOSE = 6, 0.75


def deals_among(tables: list[Table], wanted: str = "") -> Table:
    """The table that holds the deals.

    Raises:
        Unreadable: none does, or two may.
    """
    if wanted:
        found = next(
            (table for table in tables if wanted in (table.name, table.name.rsplit("/", 1)[-1])), None
        )
        if found is None:
            raise Unreadable("no_such_file", _("There is no table %(name)s here.") % {"name": wanted})
        return found
    if len(tables) == 1:
        return tables[0]
    scores = sorted(((deal_score(table), -place) for place, table in enumerate(tables)), reverse=True)
    ranked = [(score, tables[-place]) for score, place in scores]
    best, second = ranked[0], ranked[1]
    if best[0] < _ENOUGH:
        message = _("None of these tables looks like deals: %(names)s. Import the one that is by itself.")
        raise Unreadable("no_deals", message % {"names": _names(tables)})
    if second[0] >= _ENOUGH and second[0] >= best[0] * _CLOSE:
        close = [table for score, table in ranked if score >= _ENOUGH and score >= best[0] * _CLOSE]
        message = _("Several tables may be the deals: %(names)s. Import one of them by itself.")
        raise Unreadable("several_candidates", message % {"names": _names(close)})
    return best[1]


def _names(tables: list[Table]) -> str:
    return ", ".join(table.name for table in tables[:8])


def deal_score(table: Table) -> int:
    """How much a table looks like deals; 0 when it says nothing of how they came out."""
    fields = set(guess(table).values())
    if not fields & OUTCOME or not fields & {"amount", "closed_on", "name", "company", "company_id"}:
        return 0
    score = 3 + 2 * len(fields & {"amount", "closed_on"})
    score += len(fields & {"id", "name", "opened_on", "competitor", "lost_to"})
    score += sum(bool(fields & {name, f"{name}_id"}) for name in ("company", "owner", "product"))
    score += 3 if _OF_DEALS.search(table.stem) else 0
    score -= 3 if _OF_OTHERS.search(table.stem) else 0
    return max(score - (8 if is_history(table) else 0), 0)


def is_history(table: Table) -> bool:
    """Whether a table keeps how things were, several rows a thing."""
    return bool(_HISTORY.search(table.stem)) or len(_PERIODS & {bare(column) for column in table.columns}) > 1
