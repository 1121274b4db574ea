"""The rooms that the side list and the phone's bottom bar show: data, so that a new room is one row here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deals.retros.queries import number_waiting
from kb.accounts.models import User


@dataclass(frozen=True, slots=True)
class Room:
    """One entry: where it leads, what it is called, who sees it where, and what of theirs waits there."""

    key: str
    view: str
    icon: str
    label: Promise
    short: Promise
    query: str = ""
    side: bool = True
    phone: bool = False
    needs: str = ""
    # One cheap query: it is asked with every page.
    count: Callable[[User], int] | None = None


ROOMS = (
    Room(key="home", view="home", icon="house", label=_("Home"), short=_("Home"), phone=True),
    Room(
        key="search",
        view="search:results",
        icon="search",
        label=_("Search"),
        short=_("Search"),
        side=False,
        phone=True,
    ),
    Room(key="pages", view="articles:list", icon="book-open", label=_("Pages"), short=_("Pages"), phone=True),
    Room(
        key="faq",
        view="articles:list",
        query="kind=faq",
        icon="message-circle-question-mark",
        label=_("FAQ"),
        short=_("FAQ"),
    ),
    Room(
        key="write",
        view="articles:new",
        icon="square-pen",
        label=_("Write"),
        short=_("Write"),
        side=False,
        phone=True,
        needs="can_write",
    ),
    Room(
        key="retro",
        view="retros:queue",
        icon="notebook-pen",
        label=_("Retrospectives"),
        short=pgettext_lazy("short", "Retro"),
        side=False,
        phone=True,
        needs="can_write",
    ),
    Room(
        key="glossary",
        view="glossary:index",
        icon="languages",
        label=_("Glossary"),
        short=_("Terms"),
        phone=True,
    ),
    Room(
        key="deals",
        view="crm:list",
        icon="handshake",
        label=_("Deals and retros"),
        short=_("Deals"),
        count=number_waiting,
    ),
    Room(
        key="competitors",
        view="crm:competitors",
        icon="swords",
        label=_("Competitors"),
        short=_("Competitors"),
    ),
    Room(
        key="analysis",
        view="analysis:page",
        icon="chart-no-axes-column",
        label=_("Win/loss analysis"),
        short=_("Analysis"),
    ),
    Room(
        key="failed",
        view="search:failed",
        icon="search-x",
        label=_("Failed searches"),
        short=_("Failed searches"),
        needs="can_see_gaps",
    ),
    Room(
        key="people",
        view="accounts:people",
        icon="users",
        label=_("People and departments"),
        short=_("People"),
        needs="is_administrator",
    ),
)
