"""Terms, every other way they are written, and the stamp that tells caches when any of it changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Mod
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kb.access.models import Audience
from kb.accounts.models import Department, Language

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kb.accounts.models import User

FORM_LENGTH = 200
# Whom a term may be explained to. One plain explanation serves all of them; that is what makes it plain.
EXPLAINED_TO = ("everyone", "sales", "marketing", "engineering", "executives", "customers")
EXPLANATION_LENGTH = 20_000
USE_INSTEAD_LENGTH = 1000


class Status(models.TextChoices):
    """How far a term is agreed on, as in SKOS and TBX."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DEPRECATED = "deprecated", _("No longer used")
    FORBIDDEN = "forbidden", _("Not to be used")


class AliasKind(models.TextChoices):
    """What another form is: shown, found only (hidden: misspellings), or one that should not be written."""

    ALIAS = "alias", _("Other form")
    HIDDEN = "hidden", _("Hidden form")
    FORBIDDEN = "forbidden", _("Form not to use")


class TermQuerySet(models.QuerySet["Term"]):
    """Reads of terms."""

    def kept(self) -> TermQuerySet:
        return self.filter(deleted_at=None)

    def visible_to(self, viewer: User | AnonymousUser) -> TermQuerySet:
        return self.kept().filter(audience__in=Audience.objects.open_to(viewer))

    def deleted_for(self, viewer: User) -> TermQuerySet:
        """Deleted ones that `viewer` could see before."""
        return self.exclude(deleted_at=None).filter(audience__in=Audience.objects.open_to(viewer))

    def written(self, keys: tuple[str, ...]) -> TermQuerySet:
        """Those of which some form, folded, is one of `keys`."""
        named = Alias.objects.filter(term=OuterRef("pk"), folded__in=keys)
        own = Q(folded__in=keys) | Q(other_folded__in=keys) | Q(abbreviation_folded__in=keys)
        return self.filter(own | Exists(named))

    def holding(self, key: str) -> TermQuerySet:
        """Those with `key` somewhere in a form, folded, or in the reading."""
        named = Alias.objects.filter(term=OuterRef("pk"), folded__contains=key)
        own = Q(folded__contains=key) | Q(other_folded__contains=key) | Q(abbreviation_folded__contains=key)
        return self.filter(own | Q(reading__contains=key) | Exists(named))

    def of_the_week(self, today: date) -> TermQuerySet:
        """Approved terms in an order that changes every Monday and is the same for everyone in between."""
        year, week, _day = today.isocalendar()
        turn = Mod(
            F("pk") * 7919 + (year * 53 + week) * 104729, Value(1009), output_field=models.BigIntegerField()
        )
        return self.filter(status=Status.APPROVED).order_by(turn, "pk")

    def newest(self) -> TermQuerySet:
        return self.order_by("-created_at", "-pk")

    def for_index(self) -> TermQuerySet:
        return (
            self.kept()
            .select_related("audience")
            .prefetch_related("aliases", "audience__departments", "audience__people")
        )


class Term(models.Model):
    """A word and what it means, in plain words.

    `language` is that of `preferred`; `other_language` is the word in the other one, `reading` that of the Japanese of
    the two. `scope`: the department in which it means this. Two terms share a preferred form only where scope or
    readers differ, or where somebody said that it is another `meaning`, counted from 1. `audience_key` names the
    readers, so that the database can hold to that. Columns in the second block follow from those in the first.
    """

    preferred = models.CharField(_("term"), max_length=FORM_LENGTH)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.JA)
    reading = models.CharField(_("reading"), max_length=FORM_LENGTH, blank=True)
    other_language = models.CharField(_("in the other language"), max_length=FORM_LENGTH, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=FORM_LENGTH, blank=True)
    explanation = models.TextField(_("plain explanation, Japanese"), blank=True)
    explanation_en = models.TextField(_("plain explanation, English"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    use_instead = models.CharField(_("say instead"), max_length=USE_INSTEAD_LENGTH, blank=True)
    scope = models.ForeignKey(
        Department,
        verbose_name=_("meant in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    audience = models.ForeignKey(
        Audience, verbose_name=_("who may read"), on_delete=models.PROTECT, related_name="+"
    )
    meaning = models.PositiveSmallIntegerField(default=1, editable=False)

    folded = models.CharField(max_length=FORM_LENGTH * 2, db_index=True, editable=False)
    other_folded = models.CharField(max_length=FORM_LENGTH * 2, blank=True, db_index=True, editable=False)
    abbreviation_folded = models.CharField(
        max_length=FORM_LENGTH * 2, blank=True, db_index=True, editable=False
    )
    audience_key = models.CharField(max_length=64, editable=False)
    kana_row = models.CharField(max_length=1, blank=True, db_index=True, editable=False)
    kana_key = models.CharField(max_length=500, db_index=True, editable=False)
    latin_letter = models.CharField(max_length=1, blank=True, db_index=True, editable=False)
    latin_key = models.CharField(max_length=500, blank=True, editable=False)

    version = models.PositiveIntegerField(default=0, editable=False)
    ref = models.CharField(max_length=500, blank=True, editable=False)
    import_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(db_index=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[TermQuerySet] = TermQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("kana_key", "pk")
        constraints = (
            models.UniqueConstraint(
                F("folded"),
                Coalesce(F("scope"), Value(0)),
                F("audience_key"),
                F("meaning"),
                name="term_once",
                condition=Q(deleted_at=None),
            ),
            models.UniqueConstraint(fields=["ref"], name="term_ref_once", condition=~Q(ref="")),
            models.CheckConstraint(condition=~Q(folded=""), name="term_has_a_form"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="term_status_known"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="term_language_known"),
            models.CheckConstraint(condition=~Q(audience_key=""), name="term_has_readers"),
        )

    def __str__(self) -> str:
        return self.preferred

    def get_absolute_url(self) -> str:
        return address_of(self.preferred)

    @property
    def other_code(self) -> str:
        """The language of `other_language`."""
        return Language.EN if self.language == Language.JA else Language.JA

    def explanation_in(self, language: str | None = None) -> tuple[str, str]:
        """The explanation for a reader of `language` (default: the screen's) and the language it is in; the other one where there is none."""
        both = {Language.JA.value: self.explanation, Language.EN.value: self.explanation_en}
        wanted = (
            Language.EN.value if (language or get_language() or "").startswith("en") else Language.JA.value
        )
        spare = Language.JA.value if wanted == Language.EN.value else Language.EN.value
        return (both[wanted], wanted) if both[wanted] else (both[spare], spare)


class Alias(models.Model):
    """Another form of a term."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=FORM_LENGTH)
    folded = models.CharField(max_length=FORM_LENGTH * 2, db_index=True)
    language = models.CharField(max_length=5, choices=Language)
    kind = models.CharField(max_length=12, choices=AliasKind, default=AliasKind.ALIAS)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["term", "folded"], name="alias_once"),
            models.CheckConstraint(condition=~Q(folded=""), name="alias_has_a_form"),
            models.CheckConstraint(condition=Q(kind__in=AliasKind.values), name="alias_kind_known"),
        )

    def __str__(self) -> str:
        return self.text


class Edition(models.Model):
    """One row: a stamp that is new after every change of the glossary, so that what was made from it can be kept till then.

    Random rather than counted: a restored backup or a rolled-back change never meets something cached under its number.
    """

    stamp = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.stamp


def address_of(form: str) -> str:
    """The page of a form; dots alone would be taken for a folder by browsers."""
    return (
        reverse("glossary:index") + f"?q={form}"
        if set(form) <= {"."}
        else reverse("glossary:term", args=[form])
    )
