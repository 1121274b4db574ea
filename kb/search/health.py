"""How the search is, in sentences for whoever administers the site: what is wrong, and what is being done about it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kb.search import registry, troubles
from kb.search.engines.base import State
from kb.search.models import PendingChange
from kb.search.troubles import Problem

# What is saved is in the index after a fraction of a second; what is not after so long is kept from it by something.
LATE = timedelta(minutes=2)
# A whole index may need so much beside the old one before anything can be said about it.
LITTLE_SPACE = 32 * 1024 * 1024
# Progress older than this is of a worker that is gone.
STALE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is wrong, and in a few sentences what happens next; `grave` where something does not work meanwhile."""

    what: str
    then: tuple[str, ...]
    grave: bool = False


def notices() -> list[Notice]:
    """Everything there is to say; none when all is well."""
    found = [notice for notice in (_of_the_index(), _of_the_worker()) if notice]
    return found or [notice for notice in (_of_what_waits(),) if notice]


def _of_the_index() -> Notice | None:
    """An index that cannot serve, or is not what it should be."""
    nothing_found = _("Until then the search finds nothing; everything else works, and nothing is lost.")
    old_answers = _("Until then the old one answers.")
    match registry.engine().state():
        case State.MISSING:
            return Notice(_("There is no search index."), (_built(), nothing_found), grave=True)
        case State.BROKEN:
            return Notice(_("The search index is damaged."), (_built(), nothing_found), grave=True)
        case State.OUTDATED:
            return Notice(_("The search index was made by another version."), (_built(), old_answers))
        case State.READY if troubles.doubted():
            return Notice(
                _("The search index gave an error to somebody who searched."), (_built(), old_answers)
            )
        case _:
            return None


def _built() -> str:
    """How far the new one is."""
    now = troubles.progress()
    if now is None or timezone.now() - now.at > STALE:
        return _("The worker builds a new one.")
    return _("The worker builds a new one: %(done)s of %(of)s.") % {
        "done": number_format(now.done, force_grouping=True),
        "of": number_format(now.of, force_grouping=True),
    }


def _of_the_worker() -> Notice | None:
    """What keeps changes from the index: said by the worker, or seen from here where it could not even say so."""
    said = troubles.trouble()
    problem = Problem.FULL if _space_left() < LITTLE_SPACE else said.problem if said else None
    if problem is None:
        return None
    detail: tuple[str, ...] = ()
    home = {"home": settings.HOME if problem is Problem.FULL else settings.HOME / "index"}
    match problem:
        case Problem.FULL:
            what = _("The disk is full: the search index cannot be brought up to date.")
            then = _("Make room on the disk of %(home)s; the rest follows by itself.") % home
        case Problem.CLOSED:
            what = _("The search index cannot be written.")
            then = _("Let the site's user write in %(home)s; the rest follows by itself.") % home
        case Problem.OTHER:
            what = _("The search index cannot be brought up to date.")
            then = _("The worker tries again by itself; its log says more.")
            detail = (said.detail,) if said and said.detail else ()
    return Notice(what, (*detail, then, _waiting() or _("Nothing is lost.")), grave=True)


def _space_left() -> int:
    try:
        return shutil.disk_usage(settings.HOME).free
    except OSError:
        return LITTLE_SPACE


def _late() -> int:
    """How many changes wait for longer than they should; those of things that cannot be read are tried again by plan."""
    return PendingChange.objects.filter(at__lt=timezone.now() - LATE, attempts=0).count()


def _waiting() -> str:
    late = _late()
    if not late:
        return ""
    return ngettext(
        "%(count)d change waits and is not lost.", "%(count)d changes wait and are not lost.", late
    ) % {"count": late}


def _of_what_waits() -> Notice | None:
    """Changes that nobody brings over."""
    waiting = _waiting()
    if not waiting:
        return None
    return Notice(
        _("What was saved does not come into the search."),
        (_("Look whether the worker runs: ./run starts it together with the site."), waiting),
        grave=True,
    )
