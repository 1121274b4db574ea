"""What the address of the search page may hold; whatever in it makes no sense is left out, never an error."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kb.search import registry
from kb.search.documents import MARKS
from kb.search.engines.base import Sort
from kb.search.find import buckets, languages

NUMBER = re.compile(r"[0-9]{1,9}")
SORTS = (
    (Sort.RELEVANCE.value, _("Best match")),
    (Sort.NEWEST.value, _("Newest first")),
    (Sort.READ.value, _("Most read first")),
)


class SearchForm(forms.Form):
    """The query and how it is narrowed down."""

    q = forms.CharField(required=False, strip=False)
    sort = forms.ChoiceField(choices=SORTS, required=False)
    since = forms.CharField(required=False)
    after = forms.DateField(required=False)
    before = forms.DateField(required=False)
    page = forms.IntegerField(required=False, min_value=1)
    exactly = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.lists = data
        self.is_valid()

    def asked(self) -> dict[str, Any]:
        """Arguments of `find`, from what could be read."""
        known = self.cleaned_data
        return {
            "text": known.get("q") or "",
            "kinds": [kind for kind in self.lists.getlist("kind") if kind in registry.kinds()],
            "tags": [tag for tag in self.lists.getlist("tag") if tag.strip()],
            "languages": [language for language in self.lists.getlist("lang") if language in languages()],
            "marked": {name: values for name in MARKS if (values := self.marked(name))},
            "after": self.first_day(),
            "before": known.get("before"),
            "sort": known.get("sort") or Sort.RELEVANCE.value,
            "page": known.get("page") or 1,
            "widen": not self.as_typed,
        }

    @property
    def as_typed(self) -> bool:
        """Whether only what was typed is asked for, and no other form of it."""
        return self.lists.get("widen") == "0"

    def marked(self, name: str) -> list[str]:
        """The values of one mark that there could be: keys of choices, or numbers of rows."""
        fixed = registry.choices().get(name)
        return [
            value
            for value in self.lists.getlist(name)
            if (value in fixed if fixed is not None else NUMBER.fullmatch(value))
        ]

    def first_day(self) -> date | None:
        """The first day: of the span of time that was chosen, or as it stands in the address."""
        spans = buckets()
        chosen = [spans[name][0] for name in self.lists.getlist("since") if name in spans]
        return min(chosen, default=self.cleaned_data.get("after"))

    @property
    def exactly_typed(self) -> bool:
        """Whether what was typed is meant as it stands, even if it finds nothing."""
        return bool(self.cleaned_data.get("exactly"))
