"""Dates and times in words, in the language of the screen."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext


class DateFormats(NamedTuple):
    """How a date is written with its year, without, and with it where a column is narrow."""

    full: str
    short: str
    table: str


DATES = {"ja": DateFormats("Y年n月j日", "n月j日", "Y年n月j日"), "en": DateFormats("j F Y", "j M", "j M Y")}


def ui_language() -> str:
    """Name the language of the screen, without its country."""
    language = (get_language() or "en")[:2]
    return language if language in DATES else "en"


def local_date(moment: dt.datetime | dt.date) -> dt.date:
    """Read a moment's date on the site's clock."""
    return timezone.localtime(moment).date() if isinstance(moment, dt.datetime) else moment


def when(moment: dt.datetime | dt.date | None) -> str:
    """Say when something happened as a colleague would: 5 minutes ago, 2 hours ago, yesterday, then the date."""
    if moment is None:
        return ""
    now = timezone.localtime()
    if isinstance(moment, dt.datetime):
        local = timezone.localtime(moment)
        past = now - local
        if dt.timedelta() <= past < dt.timedelta(minutes=1):
            return gettext("just now")
        if dt.timedelta() <= past < dt.timedelta(hours=1):
            minutes = past.seconds // 60
            return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
        if local.date() == now.date() and past >= dt.timedelta():
            hours = past.seconds // 3600
            return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
        moment = local.date()
    if moment == now.date():
        return gettext("today")
    if moment == now.date() - dt.timedelta(days=1):
        return gettext("yesterday")
    return short_day(moment)


def day(moment: dt.datetime | dt.date | None) -> str:
    """Write a date in full: 2026年11月2日, 2 November 2026."""
    return date_format(local_date(moment), DATES[ui_language()].full) if moment else ""


def day_in_table(moment: dt.datetime | dt.date | None) -> str:
    """Write a date with its year in little room: 2026年11月2日, 2 Nov 2026."""
    return date_format(local_date(moment), DATES[ui_language()].table) if moment else ""


def short_day(moment: dt.datetime | dt.date | None) -> str:
    """Write a date of this year without its year: 11月2日, 2 Nov."""
    if not moment:
        return ""
    date = local_date(moment)
    return (
        date_format(date, DATES[ui_language()].short) if date.year == timezone.localdate().year else day(date)
    )


def clock(moment: dt.datetime | None) -> str:
    """Write the time of day: 14:32."""
    return date_format(timezone.localtime(moment), "H:i") if moment else ""
