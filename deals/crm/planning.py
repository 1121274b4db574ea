"""What each row of an import comes to before anything is written: a new deal, a changed one, nothing, or a refusal."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from deals.crm.models import Deal
from deals.crm.sheets.records import SourceDeal
from deals.crm.sheets.spelling import key_of
from deals.crm.sheets.wording import Wording
from kb.notices import Problem

if TYPE_CHECKING:
    from kb.accounts.models import User

Outcome = Literal["created", "updated", "unchanged", "refused"]
_AT_ONCE = 500
STEM_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A deal that an import brought earlier."""

    pk: int
    ref: str
    digest: str
    version: int
    name: str
    company: str
    opened_on: date | None


@dataclass(slots=True)
class Step:
    """One row, what is to be done with it, and what it will be known by."""

    deal: SourceDeal
    ref: str
    outcome: Outcome = "created"
    known: Known | None = None


class Planner:
    """Plans one run. Only reads."""

    def __init__(
        self, deals: Sequence[SourceDeal], *, file: str, stem: str, by: User, wording: Wording
    ) -> None:
        self.file = file
        self.scope = f"row:{stem[:STEM_LENGTH]}:"
        self.by = by
        self.wording = wording
        self.problems: list[Problem] = []
        self.steps = [Step(deal, deal.ref) for deal in deals]

    def plan(self) -> list[Step]:
        """A step for each row; `problems` says why some are refused."""
        with_id = [step for step in self.steps if step.ref]
        for batch in _batches(with_id):
            rows = {one.ref: one for one in _known(ref__in=[step.ref for step in batch])}
            for step in batch:
                step.known = rows.get(step.ref)
        self._match_by_content([step for step in self.steps if not step.ref])
        self._decide()
        return self.steps

    def _match_by_content(self, steps: list[Step]) -> None:
        """Rows without an id: the same content first, then the same name, company and day, then the same place."""
        if not steps:
            return
        everything = known = list(_known(ref__startswith=self.scope))
        left = _pair(steps, known, lambda step: step.deal.digest, lambda one: one.digest)
        known = _unmatched(known, steps)
        left = _pair(left, known, _who, _known_who, unique=True)
        known = _unmatched(known, steps)
        places = {one.ref: one for one in known}
        for step in left:
            there = places.get(f"{self.scope}{step.deal.row}")
            if there and resembles(there, step.deal):
                step.known = there
        used = {one.ref for one in everything}
        for step in steps:
            step.ref = step.known.ref if step.known else _free(f"{self.scope}{step.deal.row}", used)

    def _decide(self) -> None:
        changed = [step for step in self.steps if step.known]
        for batch in _batches(changed):
            pks = [step.known.pk for step in batch if step.known]
            mine = set(Deal.objects.visible_to(self.by).filter(pk__in=pks).values_list("pk", flat=True))
            for step in batch:
                if step.known is None:
                    continue
                if step.known.digest == step.deal.digest:
                    step.outcome = "unchanged"
                elif step.known.pk not in mine:
                    self._refuse(step, "not_allowed")
                elif step.deal.ref and is_other(step.known, step.deal):
                    self._refuse(step, "other_deal", name=step.known.name)
                else:
                    step.outcome = "updated"

    def _refuse(self, step: Step, code: str, **details: object) -> None:
        step.outcome = "refused"
        value = step.deal.ref.partition(":")[2] or step.deal.name
        message = self.wording(code, value=value, **details)
        self.problems.append(Problem(self.file, step.deal.row, None, value, code, message))


def _known(**condition: object) -> Iterator[Known]:
    fields = ("pk", "ref", "import_digest", "version", "name", "company__folded", "opened_on")
    for *row, company, opened_on in Deal.objects.filter(**condition).order_by("pk").values_list(*fields):
        pk, ref, digest, version, name = row
        yield Known(pk, ref, digest, version, name, (company or "").replace(" ", ""), opened_on)


def is_other(known: Known, deal: SourceDeal) -> bool:
    """Whether nothing agrees that both say: then an id was given twice, to two deals."""
    pairs = _compared(known, deal)
    return len(pairs) > 1 and not any(pairs)


def resembles(known: Known, deal: SourceDeal) -> bool:
    """Whether everything that both say of who and when agrees, and there is anything at all."""
    pairs = _compared(known, deal)
    return bool(pairs) and all(pairs)


def _compared(known: Known, deal: SourceDeal) -> list[bool]:
    pairs = [(known.company, key_of(deal.company)), (known.opened_on, deal.opened_on)]
    pairs += [(key_of(known.name), key_of(deal.name))] if deal.named else []
    return [here == there for here, there in pairs if here and there]


def _who(step: Step) -> object:
    deal = step.deal
    return (key_of(deal.name), key_of(deal.company), deal.opened_on) if deal.named else None


def _known_who(one: Known) -> object:
    return key_of(one.name), one.company, one.opened_on


def _pair(
    steps: list[Step],
    known: list[Known],
    of_step: Callable[[Step], object],
    of_known: Callable[[Known], object],
    *,
    unique: bool = False,
) -> list[Step]:
    """Give each step a known deal of the same key, each deal once, in order; returns the steps that got none.

    `unique`: only where neither side has the key twice.
    """
    by_key: dict[object, deque[Known]] = {}
    for one in known:
        by_key.setdefault(of_known(one), deque()).append(one)
    times = Counter(of_step(step) for step in steps)
    left: list[Step] = []
    for step in steps:
        key = of_step(step)
        found = by_key.get(key) if key is not None else None
        if found and not (unique and (len(found) > 1 or times[key] > 1)):
            step.known = found.popleft()
        else:
            left.append(step)
    return left


def _unmatched(known: list[Known], steps: list[Step]) -> list[Known]:
    matched = {step.known.pk for step in steps if step.known}
    return [one for one in known if one.pk not in matched]


def _free(ref: str, used: set[str]) -> str:
    """The ref, with a number behind it where a row that moved away is still known by it."""
    chosen, number = ref, 1
    while chosen in used:
        number += 1
        chosen = f"{ref}.{number}"
    used.add(chosen)
    return chosen


def _batches(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    for start in range(0, len(steps), _AT_ONCE):
        yield steps[start : start + _AT_ONCE]
