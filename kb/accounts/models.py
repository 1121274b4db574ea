"""People and the departments they belong to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kb.text import fold

NAME_LENGTH = 100


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


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Reads of departments."""

    def with_sizes(self) -> models.QuerySet[Department]:
        """Each with `size`: how many open accounts belong to it."""
        return self.annotate(size=models.Count("people", filter=models.Q(people__is_active=True)))


class Department(models.Model):
    """A department; people may belong to several."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    # The name without case, width and spacing: two departments never differ by these alone.
    folded = models.CharField(max_length=4 * NAME_LENGTH, editable=False, unique=True)

    objects: ClassVar[DepartmentQuerySet] = DepartmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.name)
        super().save(*args, **kwargs)


class PersonManager(UserManager["User"]):
    """Reads of people."""

    def administrators(self) -> models.QuerySet[User]:
        """Those who may administer now, the oldest account first."""
        return self.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")

    def first_administrator(self) -> User | None:
        """The administrator with the oldest account: the one commands act as unless told otherwise."""
        return self.administrators().first()

    def demo_cast(self) -> models.QuerySet[User]:
        """The people of the demo company, in the order they were introduced, with their departments."""
        return (
            self.filter(is_active=True).exclude(demo_line="").order_by("pk").prefetch_related("departments")
        )

    def matching(self, text: str) -> models.QuerySet[User]:
        """People whose name, user name or mail address has every word of `text`, whatever its case or width."""
        people = self.all()
        for word in fold(text).split():
            people = people.filter(folded__contains=word)
        return people

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **more: Any
    ) -> User:
        """An administrator: nobody is above the rules, so Django's own flag stays off."""
        more.update(is_superuser=False, is_staff=False, role=Role.ADMINISTRATOR)
        return self.create_user(username, email, password, **more)


class User(AbstractUser):
    """A person with an account."""

    display_name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READER)
    departments = models.ManyToManyField(
        Department, verbose_name=_("departments"), blank=True, related_name="people"
    )
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    theme = models.CharField(_("colours"), max_length=5, choices=Theme, default=Theme.AUTO)
    # What a demo person does, shown on the sign-in page of a demo site; empty for everyone else.
    demo_line = models.CharField(max_length=200, blank=True, editable=False)
    # Name, user name and mail address as people type them into a search, without case and width.
    folded = models.TextField(editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta(AbstractUser.Meta):
        ordering = ("display_name", "username")
        constraints = (
            models.UniqueConstraint(Lower("username"), name="username_once"),
            models.UniqueConstraint(Lower("email"), name="email_once", condition=~models.Q(email="")),
        )

    def __str__(self) -> str:
        return self.display_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(f"{self.display_name} {self.username} {self.email}")
        super().save(*args, **kwargs)

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

    @property
    def can_see_gaps(self) -> bool:
        """May see what people searched for in vain: the words alone, without names."""
        return self.role in (Role.EDITOR, Role.ANALYST, Role.ADMINISTRATOR)
