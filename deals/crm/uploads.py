"""Files of an import under way on the page: kept in the home's uploads until they are taken or dropped."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from deals.crm.actions import NotAllowed
from deals.crm.models import Intake
from deals.crm.sheets.choices import Choices

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from kb.accounts.models import User

# An import nobody came back to; its files are somebody's customers.
KEPT_FOR = timedelta(days=14)
NAME_LENGTH = 120


def folder_of(intake: Intake) -> Path:
    """Where its files lie; nobody is served them."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(intake.key)


def path_of(intake: Intake) -> Path:
    """The one file, or the folder of several, as an import takes it."""
    files = sorted(folder_of(intake).glob("*"))
    return files[0] if len(files) == 1 else folder_of(intake)


@transaction.atomic
def start_intake(*, by: User, files: Sequence[UploadedFile[Any]], choices: Choices) -> Intake:
    """Keep the files, and begin an import of them. What nobody came back to is dropped on the way.

    Raises:
        NotAllowed: `by` is a reader.
    """
    if not by.can_write:
        raise NotAllowed
    for old in Intake.objects.filter(updated_at__lt=timezone.now() - KEPT_FOR):
        drop_intake(old)
    names = list(_names(file.name or "" for file in files))
    intake = Intake.objects.create(by=by, name=", ".join(names)[:200], choices=choices.as_json())
    folder = folder_of(intake)
    folder.mkdir(parents=True, mode=0o700)
    for name, file in zip(names, files, strict=True):
        with (folder / name).open("wb") as kept:
            shutil.copyfileobj(file, kept)
    return intake


def drop_files(intake: Intake) -> None:
    """Take the files away; what came of them stays to be read."""
    shutil.rmtree(folder_of(intake), ignore_errors=True)


def drop_intake(intake: Intake) -> None:
    """Forget an import, and take its files away."""
    drop_files(intake)
    intake.delete()


def _names(given: Iterable[str]) -> Iterable[str]:
    """Names that are safe in a folder, each once."""
    seen: set[str] = set()
    for name in given:
        base = Path(name.replace("\\", "/")).name.replace("\x00", "").lstrip(".") or "deals.csv"
        stem, dot, ending = base.rpartition(".")
        chosen = base if len(base) <= NAME_LENGTH else f"{(stem or base)[:NAME_LENGTH]}{dot}{ending[:5]}"
        number = 1
        while chosen in seen:
            number += 1
            chosen = f"{number}-{base[:NAME_LENGTH]}"
        seen.add(chosen)
        yield chosen
