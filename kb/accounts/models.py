"""People and the departments they belong to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do, each role including the ones before it where it is about writing."""

    READER = "reader", _("Reader")
    WRITER = "writer", _("Writer")
    EDITOR = "editor", _("Editor")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class Theme(models.TextChoices):
    """Light or dark, or as the device says."""

    AUTO = "auto", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Language(models.TextChoices):
    """The languages of the screens and of what is written; each named in itself."""

    JA = "ja", "日本語"
    EN = "en", "English"


class Department(models.Model):
    """A department; people may belong to several."""

    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="department_name_once"),)

    def __str__(self) -> str:
        return self.name


class PersonManager(UserManager["User"]):
    """Reads of people."""

    def first_administrator(self) -> User | None:
        """The administrator with the oldest account: the one commands act as unless told otherwise."""
        return self.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk").first()


class User(AbstractUser):
    """A person with an account."""

    display_name = models.CharField(_("name"), max_length=100, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READER)
    departments = models.ManyToManyField(Department, verbose_name=_("departments"), blank=True, related_name="people")
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    theme = models.CharField(_("colours"), max_length=5, choices=Theme, default=Theme.AUTO)
    # What a demo person does, shown on the sign-in page of a demo site; empty for everyone else.
    demo_line = models.CharField(max_length=200, blank=True, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta(AbstractUser.Meta):
        ordering = ("display_name", "username")
        constraints = (
            models.UniqueConstraint(Lower("username"), name="username_once"),
            models.UniqueConstraint(Lower("email"), name="email_once", condition=~models.Q(email="")),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def can_write(self) -> bool:
        """May write pages and terms, and edit what they may see."""
        return self.role != Role.READER

    @property
    def can_edit(self) -> bool:
        """May approve terms and keep collections in order."""
        return self.role in (Role.EDITOR, Role.ADMINISTRATOR)
