"""What other files say about the deals: tables of companies, owners, products and stages, linked by shared values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from deals.crm.sheets.columns import guess
from deals.crm.sheets.headings import OF_COMPANIES, OF_OWNERS, OF_PRODUCTS, OF_STAGES, bare
from deals.crm.sheets.roles import is_history
from deals.crm.sheets.spelling import key_of
from deals.crm.sheets.tables import Table
from kb.notices import Problem

# What a deal has, and the role of the table that tells more about it. Owners first: their region is the deal's before the company's.
HOLDERS = {"owner": "owners", "company": "companies", "product": "products", "stage": "stages"}
OF = {"companies": OF_COMPANIES, "owners": OF_OWNERS, "products": OF_PRODUCTS, "stages": OF_STAGES}
_STEMS = {
    "companies": re.compile(
        r"account|compan|customer|client|organi[sz]ation|顧客|取引先|企業|会社", re.IGNORECASE
    ),
    "owners": re.compile(
        r"user|owner|team|agent|\breps?\b|sales_?(?:rep|people|person|force)|employee|担当|社員|営業",
        re.IGNORECASE,
    ),
    "products": re.compile(r"product|item|catalog|製品|商品", re.IGNORECASE),
    "stages": re.compile(r"stage|phase|フェーズ|ステージ", re.IGNORECASE),
}


@dataclass(frozen=True)
class Column:
    """One field's values, row by row of the deals. `label` is the column's name, with its file's where it is another."""

    label: str
    field: str
    values: list[str]


@dataclass
class Linked:
    """The deals' table with everything the other files add to it. `names` are spellings as a file's own list has them."""

    table: Table
    columns: list[Column] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(
        default_factory=dict
    )  # of the other tables, `file:column`, and the column that leads to it
    names: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, wanted: str) -> list[Column]:
        """The columns of one field, the surest first."""
        return [column for column in self.columns if column.field == wanted]


@dataclass(frozen=True)
class Link:
    """A column of one table leads to the key of another."""

    column: str
    other: Table
    key: str
    score: float


def link(tables: list[Table], deals: Table, said: Mapping[str, str]) -> Linked:
    """The deals with what the other tables add. `said`: fields by column, or by `file:column` for the other files."""
    fields = guess(deals, said)
    linked = Linked(deals, [Column(name, fields[name], deals.values(name)) for name in fields])
    others = [table for table in tables if table is not deals and table.rows]
    linked.roles = {table.name: "history" if is_history(table) else "other" for table in tables}
    linked.roles[deals.name] = "deals"
    for thing, holder in HOLDERS.items():
        free = [table for table in others if linked.roles[table.name] == "other"]
        found = best_link(deals, fields, thing, free)
        if found:
            values = deals.values(found.column)
        elif thing not in fields.values():
            found, values = over_a_third(deals, fields, thing, free, linked.roles)
        if found:
            linked.roles[found.other.name] = holder
            linked.keys[f"{found.other.name}:{found.key}"] = found.column
            _Join(linked, thing, found, values, said).add(free)
    # Where nothing names a stage, its id does: closedwon is one of HubSpot's.
    linked.columns += [Column(one.label, "stage", one.values) for one in linked.of("stage_id")]
    linked.columns = [one for one in linked.columns if one.field != "stage_id"]
    return linked


def best_link(deals: Table, fields: Mapping[str, str], thing: str, others: list[Table]) -> Link | None:
    """The surest way from the deals to a table of companies, owners, products or stages."""
    places = [column for column, name in fields.items() if name in (thing, f"{thing}_id")]
    links = (
        _link(column, deals.values(column), table, HOLDERS[thing]) for column in places for table in others
    )
    return max((link for link in links if link), key=lambda link: link.score, default=None)


def _link(column: str, values: list[str], other: Table, holder: str) -> Link | None:
    """How a column leads to another table's key: by the same name, or by the same values."""
    wanted = {key_of(value) for value in values if value}
    of_this_kind = bool(_STEMS[holder].search(other.stem))
    best: Link | None = None
    for key, keys in _keys(other):
        alike = _called_alike(column, key, of_this_kind=of_this_kind)
        shared = len(wanted & keys) / len(wanted) if wanted else 0.0
        by_values = shared >= 0.6 and len(wanted) > 1 and not all(value.isdecimal() for value in wanted)
        if not by_values and not (alike and (shared > 0 or of_this_kind)):
            continue
        score = shared * 10 + alike * 6 + of_this_kind * 2
        if best is None or score > best.score:
            best = Link(column, other, key, score)
    return best


def _keys(table: Table) -> Iterator[tuple[str, set[str]]]:
    """The columns that tell every row of a table apart."""
    for column in table.columns:
        values = [key_of(value) for value in table.values(column) if value]
        if values and len(values) * 20 >= len(table.rows) * 19 and len(set(values)) == len(values):
            yield column, set(values)


def _called_alike(column: str, key: str, *, of_this_kind: bool) -> bool:
    """Whether two columns are called alike: account and account, account_id and the id of a table of accounts."""
    here, there = bare(column), bare(key)
    if here == there or (len(there) > 3 and here.endswith(there)):
        return True
    return there in ("id", "recordid") and of_this_kind


def over_a_third(
    deals: Table, fields: Mapping[str, str], thing: str, others: list[Table], roles: dict[str, str]
) -> tuple[Link | None, list[str]]:
    """Where a table in between says which deal has which company or product: the link, and its value for each deal."""
    ids = next((column for column, name in fields.items() if name == "id"), None)
    if ids is None:
        return None, []
    names = {bare(ids), "dealid", "opportunityid"}
    for between in others:
        ours = next((column for column in between.columns if bare(column) in names), None)
        theirs = next(iter(guess(between, allowed=(f"{thing}_id",))), None)
        if not ours or not theirs or ours == theirs:
            continue
        rest = [table for table in others if table is not between]
        found = best_link(between, {theirs: f"{thing}_id"}, thing, rest)
        if found:
            roles[between.name] = "links"
            first: dict[str, str] = {}
            for deal, value in zip(between.values(ours), between.values(theirs), strict=True):
                first.setdefault(key_of(deal), value)
            return found, [first.get(key_of(value), "") for value in deals.values(ids)]
    return None, []


class _Join:
    """Adds what one linked table says to the deals."""

    def __init__(
        self, linked: Linked, thing: str, found: Link, values: list[str], said: Mapping[str, str]
    ) -> None:
        self.linked = linked
        self.thing = thing
        self.found = found
        self.values = values
        other = found.other
        self.said = {
            column: said[f"{other.name}:{column}"]
            for column in other.columns
            if f"{other.name}:{column}" in said
        }
        place = {key_of(key): row for row, key in enumerate(other.values(found.key)) if key}
        self.places = [place.get(key_of(value)) if value else None for value in values]

    def add(self, others: list[Table]) -> None:
        """Every column of the other table that is of use, and the names it knows."""
        other, thing = self.found.other, self.thing
        allowed = {*OF[HOLDERS[thing]], thing} - ({"name"} if thing == "stage" else set())
        fields = guess(other, self.said, allowed=allowed | {"name"}, of_deals=False)
        named = [column for column, name in fields.items() if name in ("name", thing)]
        own_name = next((column for column in named if column != self.found.key), None)
        for column, name in fields.items():
            if (
                column == self.found.key
                or column in named
                or name in ("first_name", "last_name", "email", "team_id")
            ):
                continue
            self._append(column, name, other.values(column))
        names = other.values(own_name) if own_name else self._put_together(fields)
        if names:
            self._name_by(own_name or self.found.key, names)
        else:
            self.linked.names[thing] = other.values(self.found.key)
        team = next((column for column, name in fields.items() if name == "team_id"), None)
        if team and "owner_team" not in fields.values():
            self._append_team(team, others)

    def _append(self, column: str, name: str, values: list[str]) -> None:
        looked_up = [values[place] if place is not None else "" for place in self.places]
        self.linked.columns.append(Column(f"{self.found.other.name}:{column}", name, looked_up))

    def _put_together(self, fields: Mapping[str, str]) -> list[str]:
        """First and last name as one, or the mail address where there is neither."""
        other = self.found.other
        parts = {
            name: other.values(column)
            for column, name in fields.items()
            if name in ("first_name", "last_name", "email")
        }
        first, last = parts.get("first_name"), parts.get("last_name")
        if first and last:
            return [" ".join(filter(None, pair)) for pair in zip(first, last, strict=True)]
        return first or last or (parts.get("email", []) if bare(self.found.key) != "email" else [])

    def _name_by(self, column: str, names: list[str]) -> None:
        """The other table's name for it stands for the key that the deals have."""
        linked, thing = self.linked, self.thing
        linked.columns = [
            Column(one.label, f"{thing}_id", one.values)
            if one.label == self.found.column and one.field == thing
            else one
            for one in linked.columns
        ]
        self._append(column, thing, names)
        linked.names[thing] = names
        lost = [
            value for value, place in zip(self.values, self.places, strict=True) if value and place is None
        ]
        if lost:
            message = ngettext(
                "%(count)d deal names one that %(file)s does not have; it is left empty there.",
                "%(count)d deals name one that %(file)s does not have; it is left empty there.",
                len(lost),
            ) % {"count": len(lost), "file": self.found.other.name}
            linked.problems.append(
                Problem(
                    linked.table.name,
                    None,
                    self.found.column,
                    lost[0],
                    "not_in_other_file",
                    message,
                    refused=False,
                )
            )

    def _append_team(self, column: str, others: list[Table]) -> None:
        """The team's name from one more table, where owners only name its id."""
        other = self.found.other
        tables = [table for table in others if table is not other]
        found = best_link(other, {column: "owner_id"}, "owner", tables)
        if not found:
            return
        fields = guess(found.other, allowed=("name",), of_deals=False)
        names = next((found.other.values(one) for one in fields if one != found.key), None)
        if names:
            self.linked.roles[found.other.name] = "teams"
            by_key = dict(zip(map(key_of, found.other.values(found.key)), names, strict=True))
            self._append(
                column, "owner_team", [by_key.get(key_of(value), "") for value in other.values(column)]
            )
