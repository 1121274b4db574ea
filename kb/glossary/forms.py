"""The form of a term, and the filters of the index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kb.access.actions import Readers
from kb.accounts.forms import ReadersFields
from kb.accounts.models import Department, User
from kb.glossary.models import EXPLANATION_LENGTH, FORM_LENGTH, USE_INSTEAD_LENGTH, Status
from kb.glossary.readings import clean_reading
from kb.glossary.wording import TermContent, content_of, one_line
from kb.text import fold

if TYPE_CHECKING:
    from kb.glossary.models import Term

READERS = [("everyone", _("Everyone")), ("chosen", _("Only these departments and people"))]
SEPARATORS = re.compile(r"[\n、;；]+")
FORMS_LENGTH = 4000
# One character may fold to several; the columns have room for twice as many.
FOLDED_LENGTH = FORM_LENGTH * 2
TOO_LONG = _("A form has at most %(count)d characters. Write each on a line of its own.")


def forms_in(text: str) -> list[str]:
    """Forms written one a line, or with 、 or ; between them."""
    return [form for form in map(one_line, SEPARATORS.split(text)) if form]


class TermForm(ReadersFields):
    """A term as its writer fills it in."""

    preferred = forms.CharField(
        error_messages={"required": _("Enter the term.")},
        label=_("Term"),
        max_length=FORM_LENGTH,
        help_text=_("As your colleagues write it most often."),
    )
    reading = forms.CharField(
        label=_("Reading"),
        required=False,
        max_length=FORM_LENGTH,
        help_text=_("In hiragana; the index is sorted by it. Left empty, it is taken from a dictionary."),
    )
    other_language = forms.CharField(label=_("In the other language"), required=False, max_length=FORM_LENGTH)
    abbreviation = forms.CharField(label=_("Abbreviation"), required=False, max_length=FORM_LENGTH)
    explanation = forms.CharField(
        label=_("Explanation in Japanese"),
        required=False,
        max_length=EXPLANATION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "ja"}),
        help_text=_("One or two sentences that somebody from another department understands at once."),
    )
    explanation_en = forms.CharField(
        label=_("Explanation in English"),
        required=False,
        max_length=EXPLANATION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    aliases = forms.CharField(
        label=_("Other forms"),
        required=False,
        max_length=FORMS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. They are found and linked like the term itself."),
    )
    forbidden = forms.CharField(
        label=_("Forms not to use"),
        required=False,
        max_length=FORMS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    hidden = forms.CharField(
        label=_("Misspellings"),
        required=False,
        max_length=FORMS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Found, but never shown."),
    )
    status = forms.ChoiceField(label=_("State"), choices=Status.choices, initial=Status.APPROVED)
    use_instead = forms.CharField(
        label=_("Say instead"),
        required=False,
        max_length=USE_INSTEAD_LENGTH,
        help_text=_("For a word that is no longer or not to be used."),
    )
    scope = forms.ModelChoiceField(
        label=_("Meant in"),
        queryset=Department.objects.all(),
        required=False,
        empty_label=_("The whole company"),
        help_text=_("Choose a department where the same word means something else there."),
    )
    readers = forms.ChoiceField(
        label=_("Who may read"), choices=READERS, widget=forms.RadioSelect, initial="everyone"
    )
    another_meaning = forms.BooleanField(
        label=_("This is another meaning of the word; keep both"), required=False
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.can_edit:
            del self.fields["status"]
            del self.fields["use_instead"]
        # Asked only once the form turned out to be taken.
        if not self.data.get("another_meaning"):
            self.fields["another_meaning"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self.layout()

    def layout(self) -> Layout:
        """Pairs where two short fields belong together; what only some may set is left out."""
        rows = (
            ("another_meaning",),
            ("preferred", "reading"),
            ("other_language", "abbreviation"),
            ("explanation",),
            ("explanation_en",),
            ("aliases",),
            ("forbidden", "hidden"),
            ("status", "use_instead"),
            ("scope",),
            ("readers",),
        )
        known = [[name for name in row if name in self.fields] for row in rows]
        chosen = Div("departments", "people", css_class="chosen-readers", data_shown_when="readers=chosen")
        pairs = [Div(*row, css_class="form-pair") if len(row) > 1 else row[0] for row in known if row]
        return Layout(*pairs, chosen, "base_version")

    def clean_preferred(self) -> str:
        preferred = one_line(str(self.cleaned_data["preferred"]))
        if not fold(preferred):
            raise forms.ValidationError(_("Enter the term."))
        return preferred

    def clean_reading(self) -> str:
        reading = str(self.cleaned_data["reading"])
        if reading.strip() and not clean_reading(reading):
            raise forms.ValidationError(_("Write the reading in hiragana, without kanji or Latin letters."))
        return clean_reading(reading)

    def clean_aliases(self) -> list[str]:
        return self._forms("aliases")

    def clean_forbidden(self) -> list[str]:
        return self._forms("forbidden")

    def clean_hidden(self) -> list[str]:
        return self._forms("hidden")

    def _forms(self, name: str) -> list[str]:
        found = forms_in(str(self.cleaned_data[name]))
        if any(len(form) > FORM_LENGTH or len(fold(form)) > FOLDED_LENGTH for form in found):
            raise forms.ValidationError(TOO_LONG, params={"count": FORM_LENGTH})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("readers") == "chosen":
            self.check_readers(self.user)
        for name in ("preferred", "other_language", "abbreviation"):
            if len(fold(str(cleaned.get(name, "")))) > FOLDED_LENGTH:
                self.add_error(name, forms.ValidationError(TOO_LONG, params={"count": FORM_LENGTH}))
        return cleaned

    def content(self) -> TermContent:
        """What was filled in, for the action."""
        data = self.cleaned_data
        chosen = data["readers"] == "chosen"
        return TermContent(
            preferred=data["preferred"],
            reading=data["reading"],
            other_language=data["other_language"],
            abbreviation=data["abbreviation"],
            aliases=data["aliases"],
            hidden=data["hidden"],
            forbidden=data["forbidden"],
            explanation=data["explanation"],
            explanation_en=data["explanation_en"],
            status=data.get("status", ""),
            use_instead=data.get("use_instead", ""),
            scope=data["scope"],
            readers=self.chosen_readers() if chosen else Readers(everyone=True),
        )

    def offer_another_meaning(self) -> None:
        """The form is taken: show the box that says it is meant to be."""
        self.fields["another_meaning"].widget = forms.CheckboxInput()
        self.add_error(
            "preferred",
            _("The glossary has this word already. Change that entry, or tick “another meaning” above."),
        )


def with_another_form(initial: dict[str, object], form: str) -> dict[str, object]:
    """The same with one more form of the word to begin with, as a link from a failed search offers it."""
    if not (added := " ".join(form.split())[:FORM_LENGTH]):
        return initial
    return {**initial, "aliases": "\n".join(part for part in (str(initial["aliases"]), added) if part)}


def initial_of(term: Term) -> dict[str, object]:
    """A term as the form shows it."""
    content = content_of(term)
    return {
        "preferred": content.preferred,
        "reading": content.reading,
        "other_language": content.other_language,
        "abbreviation": content.abbreviation,
        "explanation": content.explanation,
        "explanation_en": content.explanation_en,
        "aliases": "\n".join(content.aliases),
        "forbidden": "\n".join(content.forbidden),
        "hidden": "\n".join(content.hidden),
        "status": term.status,
        "use_instead": term.use_instead,
        "scope": term.scope_id,
        "readers": "everyone" if term.audience.everyone else "chosen",
        "departments": [department.pk for department in term.audience.departments.all()],
        "people": [person.pk for person in term.audience.people.all()],
        "base_version": term.version,
    }
