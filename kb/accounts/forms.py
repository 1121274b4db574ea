"""The forms of signing in and of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kb.access.actions import Readers
from kb.accounts.actions import Details
from kb.accounts.models import Department, Language, Role, Theme, User
from kb.accounts.names import LONGEST, clean_name
from kb.accounts.queries import Wanted

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

USERNAME_LENGTH = 150
PASSWORD_HELP = _("At least 10 characters. A few words in a row are easy to remember and hard to guess.")
ROLES = [
    (Role.READER.value, _("Reader: reads and searches")),
    (Role.WRITER.value, _("Writer: also writes pages and terms")),
    (Role.EDITOR.value, _("Editor: also approves terms and keeps collections")),
    (Role.ANALYST.value, _("Analyst: writes, and reads figures")),
    (Role.ADMINISTRATOR.value, _("Administrator: all of an editor's, and looks after people")),
]


class NameField(forms.CharField):
    """A name of a person or a department, cleaned by the one rule of names."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"maxlength": LONGEST, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return clean_name(text) if text else ""


class Segmented(forms.RadioSelect):
    """Few short choices, side by side."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"data-look": "segmented"}, **kwargs)


def name_what_is_missing(fields: dict[str, forms.Field]) -> None:
    """Say of an empty field what belongs there."""
    for field in fields.values():
        field.error_messages["required"] = format_lazy(_("Enter this: {field}."), field=field.label or "")


class RefusableForm(forms.Form):
    """A form that takes the refusals of an action, each to its field where the form has that field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_what_is_missing(self.fields)

    def refuse(self, error: ValidationError) -> None:
        problems = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for field, errors in problems.items():
            self.add_error(field if field in self.fields else None, errors)


def password(label: _StrPromise, *, new: bool, help_text: str | _StrPromise = "") -> forms.CharField:
    """A field that never shows nor keeps what was typed."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=help_text)


# ---------------------------------------------------------------- signing in


class SignInForm(LoginForm):  # type: ignore[misc]
    """User name or mail address, password, and whether this device may remember it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Mail address or user name"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.fields["password"] = password(_("Password"), new=False)
        self.fields["remember"] = forms.BooleanField(
            label=_("Stay signed in on this device for 14 days"), required=False, initial=True
        )
        self.order_fields(["login", "password", "remember"])
        name_what_is_missing(self.fields)


class ResetMailForm(ResetPasswordForm):  # type: ignore[misc]
    """Whom to send a link to."""

    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_what_is_missing(self.fields)


class NewPasswordFields:
    """The new password twice, checked by the site's validators and against each other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        first, second = fields["password1"], fields["password2"]
        first.label, first.help_text = _("New password"), PASSWORD_HELP
        second.label, second.help_text = _("New password again"), ""
        name_what_is_missing(fields)
        for field in fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super(forms.Form, self).clean()  # type: ignore[misc]
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext("The two are not the same. Type the new password again."))  # type: ignore[attr-defined]
        return cleaned


class NewPasswordForm(NewPasswordFields, ResetPasswordKeyForm):  # type: ignore[misc]
    """A password after a reset link."""


class OtherPasswordForm(NewPasswordFields, ChangePasswordForm):  # type: ignore[misc]
    """Another password, by who knows the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["oldpassword"].help_text = ""
        name_what_is_missing(self.fields)


class SetUpForm(RefusableForm):
    """The first administrator's own account."""

    display_name = NameField(label=_("Name"), help_text=_("As colleagues know you."))
    username = forms.CharField(
        label=_("User name"),
        max_length=USERNAME_LENGTH,
        help_text=_("You sign in with it, or with your mail address."),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    password1 = password(_("Password"), new=True, help_text=PASSWORD_HELP)
    password2 = password(_("Password again"), new=True)
    department = NameField(label=_("Department"), required=False, help_text=_("More can be added later."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext("The two are not the same. Type the password again."))
        if first:
            person = User(username=cleaned.get("username", ""), email=cleaned.get("email", ""))
            try:
                validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def details(self, language: str) -> Details:
        kept = {name: self.cleaned_data[name] for name in ("display_name", "username", "email")}
        return Details(**kept, language=language)


# ---------------------------------------------------------------- people


class ProfileForm(RefusableForm):
    """What a person may change about themselves; administrators their departments too."""

    display_name = NameField(label=_("Name"))
    email = forms.EmailField(
        label=_("Mail address"),
        required=False,
        max_length=254,
        help_text=_("A link to a new password is sent here. You can sign in with it too."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=Segmented)
    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices, widget=Segmented)
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=Department.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, person: User, language: str, **kwargs: Any) -> None:
        initial = {
            "display_name": person.display_name or person.username,
            "email": person.email,
            "language": person.language or language,
            "theme": person.theme,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        if person.is_administrator:
            self.initial["departments"] = person.departments.all()
        else:
            del self.fields["departments"]

    def details(self) -> Details:
        return Details(**self.cleaned_data)


class PersonForm(RefusableForm):
    """A person as an administrator writes them."""

    display_name = NameField(label=_("Name"), help_text=_("As colleagues know them: 佐藤 美咲, Hana Lee."))
    username = forms.CharField(
        label=_("User name"),
        max_length=USERNAME_LENGTH,
        help_text=_("For signing in. Letters, digits and @ . + - _ only."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(
        label=_("Mail address"),
        required=False,
        max_length=254,
        help_text=_("Without one, only you can give them a link to a new password."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=Department.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect, initial=Role.READER)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the site")), *Language.choices],
        required=False,
        widget=Segmented,
    )

    @classmethod
    def of(cls, person: User) -> dict[str, Any]:
        """The form's values for somebody who is there."""
        return {
            "display_name": person.display_name or person.username,
            "username": person.username,
            "email": person.email,
            "departments": person.departments.all(),
            "role": person.role,
            "language": person.language,
        }

    def details(self) -> Details:
        return Details(**self.cleaned_data)


class PeopleFilter(forms.Form):
    """Which people to list; what is not understood is left out."""

    q = forms.CharField(label=_("Name, user name or mail address"), required=False, max_length=200)
    role = forms.MultipleChoiceField(required=False, choices=Role.choices)
    department = forms.TypedMultipleChoiceField(required=False, coerce=int)
    closed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = Department.objects.values_list("pk", flat=True)
        self.fields["department"].choices = [(pk, pk) for pk in ids]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        kept = self.cleaned_data
        return Wanted(
            text=kept.get("q", ""),
            roles=kept.get("role", ()),
            departments=kept.get("department", ()),
            closed=kept.get("closed", False),
        )


class DepartmentForm(RefusableForm):
    """A department's name."""

    name = NameField(label=_("Name"))


# ---------------------------------------------------------------- who may read


class ReadersFields(forms.Form):
    """Who may read, by departments and people; shared by pages and collections."""

    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=Department.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = forms.ModelMultipleChoiceField(
        label=_("People"),
        queryset=User.objects.filter(is_active=True),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-picker": "", "size": 4}),
    )

    def check_readers(self, user: User) -> None:
        """Say so, when nobody was chosen, or everybody but the person choosing."""
        departments = list(self.cleaned_data.get("departments") or ())
        people = list(self.cleaned_data.get("people") or ())
        if not departments and not people:
            self.add_error("departments", _("Choose at least one department or person."))
            return
        mine = set(user.departments.values_list("pk", flat=True))
        if user not in people and not mine.intersection(department.pk for department in departments):
            self.add_error(
                "departments",
                _("You would not be able to read it yourself. Add your department or yourself."),
            )

    def chosen_readers(self) -> Readers:
        return Readers(
            departments=list(self.cleaned_data["departments"]), people=list(self.cleaned_data["people"])
        )
