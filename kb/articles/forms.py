"""The forms of pages and collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.access.actions import Readers
from kb.access.models import Audience
from kb.accounts.forms import ReadersFields
from kb.accounts.models import Language
from kb.articles.actions import Content
from kb.articles.models import TITLE_LENGTH, Article, Collection, Kind
from kb.text import fold, guess_language, tag_names

if TYPE_CHECKING:
    from kb.accounts.models import User
    from kb.articles.models import Draft

BODY_LENGTH = 10 * 1024 * 1024
TAG_LENGTH = 100
READERS = [
    ("collection", _("As the collection")),
    ("chosen", _("Only these departments and people")),
]


class ArticleForm(ReadersFields):
    """A page as its writer fills it in."""

    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Give the page a title.")},
        widget=forms.TextInput(attrs={"placeholder": _("Title")}),
    )
    body = forms.CharField(
        label=_("Text"), required=False, strip=False, widget=forms.Textarea, max_length=BODY_LENGTH
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    collection = forms.ModelChoiceField(
        label=_("Collection"), queryset=Collection.objects.none(), empty_label=None
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        help_text=_("Separate with commas. Capitals and width make no difference."),
        widget=forms.TextInput(attrs={"data-picker": "tags", "autocomplete": "off"}),
    )
    readers = forms.ChoiceField(
        label=_("Who may read"), choices=READERS, widget=forms.RadioSelect, initial="collection"
    )
    note = forms.CharField(label=_("What changed"), required=False, max_length=200)
    base_version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    field_order = [
        "title",
        "body",
        "kind",
        "language",
        "collection",
        "tags",
        "readers",
        "departments",
        "people",
        "note",
    ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        collections = Collection.objects.visible_to(user).select_related("audience")
        self.fields["collection"].queryset = collections  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_tags(self) -> list[str]:
        names = tag_names([str(self.cleaned_data["tags"])])
        if any(len(name) > TAG_LENGTH for name in names):
            raise forms.ValidationError(
                _("A tag has at most %(count)d characters."), params={"count": TAG_LENGTH}
            )
        return names

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").replace("\x00", "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("readers") == "chosen":
            self.check_readers(self.user)
        return cleaned

    def content(self) -> Content:
        """What to save; call it once the form is valid."""
        data = self.cleaned_data
        return Content(
            title=data["title"],
            body=data["body"],
            kind=data["kind"],
            language=data["language"],
            collection=data["collection"],
            tags=data["tags"],
            readers=self.chosen_readers() if data["readers"] == "chosen" else None,
            note=data["note"],
        )

    def for_draft(self) -> dict[str, str | list[str]]:
        """The fields as typed, whether they are valid or not."""
        many = {"departments", "people"}
        skip = {"base_version", "note"}
        return {
            name: self.data.getlist(name) if name in many else self.data.get(name, "")  # type: ignore[attr-defined]
            for name in self.fields
            if name not in skip
        }


def initial_of(article: Article) -> dict[str, object]:
    """A page's fields as the form shows them."""
    own = article.own_audience
    return {
        "title": article.title,
        "body": article.body,
        "kind": article.kind,
        "language": article.language,
        "collection": article.collection_id,
        "tags": ", ".join(sorted(article.tags.names())),
        "readers": "chosen" if own else "collection",
        "departments": list(article.audience.departments.all()) if own else [],
        "people": list(article.audience.people.all()) if own else [],
        "base_version": article.version,
    }


def initial_of_new(user: User, *, kind: str, collection: str, title: str) -> dict[str, object]:
    """A new page's fields: the kind and collection it was begun from, in the writer's language."""
    chosen = (
        Collection.objects.visible_to(user).filter(pk=collection).first() if collection.isdecimal() else None
    )
    first = chosen or Collection.objects.visible_to(user).first()
    return {
        "kind": kind if kind in Kind.values else Kind.COLLATERAL,
        "language": guess_language(title) if title else (user.language or Language.JA),
        "collection": first.pk if first else None,
        "title": title[:TITLE_LENGTH],
        "base_version": 0,
    }


def initial_of_draft(draft: Draft) -> dict[str, object]:
    """A draft's fields as they were typed."""
    return {**draft.fields, "base_version": draft.base_version}


class CollectionForm(ReadersFields):
    """A collection and who may read in it."""

    name = forms.CharField(label=_("Name"), max_length=100)
    description = forms.CharField(label=_("What belongs here"), required=False, max_length=300)
    readers = forms.ChoiceField(
        label=_("Who may read"),
        choices=[("everyone", _("Everyone with an account")), READERS[1]],
        widget=forms.RadioSelect,
        initial="everyone",
    )
    field_order = ["name", "description", "readers", "departments", "people"]

    def __init__(self, *args: Any, user: User, collection: Collection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.collection = collection

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        others = Collection.objects.exclude(pk=self.collection.pk if self.collection else 0)
        if fold(name) in {fold(other) for other in others.values_list("name", flat=True)}:
            raise forms.ValidationError(
                _("There is a collection of this name already; perhaps one you may not see.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("readers") == "chosen":
            self.check_readers(self.user)
        return cleaned

    def asked_readers(self) -> Readers:
        return Readers(everyone=True) if self.cleaned_data["readers"] == "everyone" else self.chosen_readers()


def initial_of_collection(collection: Collection) -> dict[str, object]:
    audience: Audience = collection.audience
    return {
        "name": collection.name,
        "description": collection.description,
        "readers": "everyone" if audience.everyone else "chosen",
        "departments": list(audience.departments.all()),
        "people": list(audience.people.all()),
    }
