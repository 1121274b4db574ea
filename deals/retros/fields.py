"""Fields that the forms of retrospectives share, and the rows of further drivers and quotes they are laid out in."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deals.retros.models import Consent, Says

TEXT_LENGTH = 5000
SPEAKER_LENGTH = 200
NOBODY_NAMED = _("A quote with a name needs the name or position of who said it.")
PERFORMANCE = [
    ("2", _("+2 a clear strength")),
    ("1", _("+1 a strength")),
    ("0", _("0 no difference")),
    ("-1", _("−1 a weakness")),
    ("-2", _("−2 a clear weakness")),
]
AS_THE_OUTCOME = ("", _("As the outcome says: +1 on a win, −1 otherwise"))
IMPORTANCE = [("3", _("3 decided it")), ("2", _("2 played a part")), ("1", _("1 played a small part"))]


class RatingRow(NamedTuple):
    """The fields of one more driver, as the template lays them out."""

    driver: forms.BoundField
    says: forms.BoundField
    performance: forms.BoundField
    importance: forms.BoundField
    evidence: forms.BoundField


class QuoteRow(NamedTuple):
    """The fields of one more quote."""

    text: forms.BoundField
    speaker: forms.BoundField
    consent: forms.BoundField


def text_field(label: Any, *, rows: int, required: bool = False, **more: Any) -> forms.CharField:
    placeholder = more.pop("placeholder", "")
    attrs = {"rows": rows, **({"placeholder": placeholder} if placeholder else {})}
    return forms.CharField(
        label=label, required=required, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs=attrs), **more
    )


def consent_field(*, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How far it may go"), choices=Consent.choices, initial=Consent.INTERNAL, required=required
    )


def rating_fields(number: int, drivers: list[Any]) -> dict[str, forms.Field]:
    """The fields of one more driver; `drivers`: what may be chosen."""
    return {
        f"driver_{number}": forms.ChoiceField(
            label=pgettext_lazy("a further driver", "What else counted"), choices=drivers, required=False
        ),
        f"says_{number}": forms.ChoiceField(
            label=_("Who says so"), choices=Says.choices, initial=Says.REP, required=False
        ),
        f"performance_{number}": forms.ChoiceField(
            label=_("How we did there"), choices=[AS_THE_OUTCOME, *PERFORMANCE], required=False
        ),
        f"importance_{number}": forms.ChoiceField(
            label=_("How much it counted"), choices=IMPORTANCE, initial="2", required=False
        ),
        f"evidence_{number}": text_field(_("What it rests on"), rows=2),
    }


def quote_fields(number: int) -> dict[str, forms.Field]:
    """The fields of one more quote."""
    return {
        f"quote_{number}": text_field(_("In the customer's words"), rows=2),
        f"speaker_{number}": forms.CharField(
            label=_("Who said it"), required=False, max_length=SPEAKER_LENGTH
        ),
        f"consent_{number}": consent_field(),
    }
