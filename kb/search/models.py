"""What waits for the index, what was searched for, what people keep of it, and how often things are read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from kb.accounts.models import User

# Of a longer query the beginning is kept: enough to tell one from another.
QUERY_KEPT = 300
FILTERS_KEPT = 500
ADDRESS_LENGTH = 1000
NAME_LENGTH = 100
NOTE_LENGTH = 500
SOURCE_LENGTH = 30


class PendingChange(models.Model):
    """A thing that changed and is not yet in the index; written in the change's own transaction, gone once the engine has it.

    A thing that cannot be read is tried again later and later: `attempts` counts, `due_at` says when.
    """

    source = models.CharField(max_length=SOURCE_LENGTH)
    target_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=["source", "target_id"], name="pending_target"),)

    def __str__(self) -> str:
        return f"{self.source} {self.target_id}"


# ---------------------------------------------------------------- what was searched for
# Something stood below the query; and nothing did, though it was not narrowed down and no card answered it.
FOUND = Q(total__gt=0) | Q(also__gt=0)
EMPTY = Q(total=0, also=0, answered=False, filters="")
# Somebody opened something, or read the answer on the page itself.
SERVED = Q(opened_at__isnull=False) | Q(answered=True)
UNSERVED = Q(opened_at__isnull=True) & Q(answered=False)
# Where opening something says that it helped: it found something, and no card had answered it already.
TO_OPEN = FOUND & Q(answered=False)


class SearchLogQuerySet(models.QuerySet["SearchLog"]):
    """Reads of the log."""

    def since(self, moment: datetime) -> SearchLogQuerySet:
        return self.filter(created_at__gte=moment)

    def of(self, viewer: User) -> SearchLogQuerySet:
        """One's own, the latest first."""
        return self.filter(viewer=viewer).order_by("-pk")


class SearchLog(models.Model):
    """One search on the page of results: what was asked, what stood there, and what was opened first.

    `normal` is the query without case, width and spacing. `filters` is what it was narrowed down by, as it stood in the
    address. `answered`: a card above the results answered it. `viewer` is forgotten after a time; no page shows it to
    anybody but that person.
    """

    query = models.CharField(max_length=QUERY_KEPT)
    normal = models.CharField(max_length=QUERY_KEPT)
    filters = models.CharField(max_length=FILTERS_KEPT, blank=True)
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    total = models.PositiveIntegerField()
    also = models.PositiveIntegerField(default=0)
    answered = models.BooleanField(default=False)
    took_ms = models.PositiveIntegerField(default=0)
    # The thing that stood first, which has the words: who may not see it does not see that they were searched for.
    first_source = models.CharField(max_length=SOURCE_LENGTH, blank=True)
    first_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    opened_at = models.DateTimeField(null=True)
    # Where the first thing opened stood, counted from 1 over all pages; 0 is the card above them.
    opened_position = models.PositiveIntegerField(null=True)

    objects: ClassVar[SearchLogQuerySet] = SearchLogQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["viewer", "-id"], name="search_of_viewer"),
            models.Index(fields=["normal", "-id"], name="search_by_query"),
            # What failed is grouped as it stands in the first of these; the others say what there is beside a group's rows.
            models.Index(
                fields=["normal", "viewer", "created_at", "total", "also"],
                name="search_unserved",
                condition=UNSERVED,
            ),
            models.Index(fields=["normal", "created_at"], name="search_served", condition=SERVED),
            models.Index(fields=["normal", "created_at"], name="search_empty", condition=EMPTY),
        )

    def __str__(self) -> str:
        return self.query


class Reading(models.Model):
    """How often a thing was opened from the search or read on a day, by whomever."""

    source = models.CharField(max_length=SOURCE_LENGTH)
    target_id = models.BigIntegerField()
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-day", "source", "target_id")
        constraints = (
            models.UniqueConstraint(fields=["day", "source", "target_id"], name="reading_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.target_id} {self.day}"


# ---------------------------------------------------------------- what is kept of it
class SavedSearch(models.Model):
    """A search somebody wants to make again; `address` is its query string."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    address = models.CharField(max_length=ADDRESS_LENGTH)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=["owner", "address"], name="saved_search_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('search:results')}?{self.address}"


class AssignedQuestionQuerySet(models.QuerySet["AssignedQuestion"]):
    """Reads of questions."""

    def open(self) -> AssignedQuestionQuerySet:
        return self.filter(answered_at=None)

    def waiting_for(self, person: User) -> AssignedQuestionQuerySet:
        """What somebody is to answer, the oldest first."""
        return self.open().filter(assigned_to=person).select_related("by").order_by("created_at", "pk")

    def readable_by(self, viewer: User) -> AssignedQuestionQuerySet:
        """All for those who see what was searched for in vain; for others what they are to answer, or have answered."""
        questions = self.select_related("assigned_to", "by")
        return questions if viewer.can_see_gaps else questions.filter(assigned_to=viewer)


class AssignedQuestion(models.Model):
    """A search that failed, and who is to see that it succeeds; answered by a thing, or closed without one."""

    query = models.CharField(max_length=QUERY_KEPT)
    normal = models.CharField(max_length=QUERY_KEPT)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assigned_questions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    answer_source = models.CharField(max_length=SOURCE_LENGTH, blank=True)
    answer_id = models.BigIntegerField(null=True)

    objects: ClassVar[AssignedQuestionQuerySet] = AssignedQuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["normal"], name="question_open_once", condition=Q(answered_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.query

    def get_absolute_url(self) -> str:
        return reverse("search:question", args=[self.pk])
