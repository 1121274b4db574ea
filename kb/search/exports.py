"""Failed searches as a table for spreadsheets, with nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from kb.search.queries import Gap
from kb.text import inert


def as_csv(gaps: Iterable[Gap]) -> bytes:
    """With a byte order mark, without which Excel reads Japanese as something else."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = (_("query"), _("people"), _("searches"), _("found nothing"), _("found something"))
    writer.writerow([*columns, _("last searched on"), _("assigned to")])
    for gap in gaps:
        who = inert(str(gap.question.assigned_to)) if gap.question else ""
        cells = (gap.people, gap.times, gap.empty, gap.found, gap.last_on.isoformat())
        writer.writerow([inert(gap.query), *cells, who])
    return text.getvalue().encode("utf-8-sig")
