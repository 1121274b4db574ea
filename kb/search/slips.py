"""The slips one fills in beside a list: a saved search's name, whom to ask, what answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kb.accounts.models import Role, User
from kb.search import registry
from kb.search.addresses import kept, thing_at
from kb.search.engines.base import Key
from kb.search.models import NAME_LENGTH, NOTE_LENGTH

LONGEST_ID = 19
NOTHING_THERE = _("There is nothing at this address that you may see. Copy it from the page.")


class SavedSearchForm(forms.Form):
    """A name for the search that stands in the address."""

    name = forms.CharField(max_length=NAME_LENGTH, required=False)
    address = forms.CharField(required=False)

    def clean_address(self) -> str:
        return kept(QueryDict(self.cleaned_data["address"]))


class AssignForm(forms.Form):
    """Who is to see that a search succeeds, and what they should know."""

    assigned_to = forms.ModelChoiceField(
        label=_("Who should answer"),
        queryset=User.objects.filter(is_active=True).exclude(role=Role.READER),
        empty_label=None,
        widget=forms.Select(attrs={"data-picker": ""}),
        error_messages={"required": _("Choose somebody who writes pages.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you know about it: who might know, what the page should say."),
    )


class AnswerForm(forms.Form):
    """What answers a question: a hit that was picked, or a thing at an address of this site."""

    picked = forms.CharField(required=False)
    address = forms.CharField(
        label=_("Or paste its address"),
        max_length=1000,
        error_messages={"required": NOTHING_THERE},
        widget=forms.TextInput(attrs={"placeholder": "/articles/12/"}),
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.answer: Key | None = None
        self.fields["address"].required = not self.data.get("picked")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        picked, address = cleaned.get("picked", ""), cleaned.get("address", "")
        self.answer = key_of(picked) if picked else thing_at(address, viewer=self.viewer)
        if self.answer is None and not self.errors:
            self.add_error("address", NOTHING_THERE)
        return cleaned


def key_of(text: str) -> Key | None:
    """The thing named as "article:12", by its source or its kind."""
    name, _colon, number = text.partition(":")
    source = registry.source_of(name)
    if source is None or not number.isdecimal() or len(number) >= LONGEST_ID:
        return None
    return Key(source.name, int(number))
