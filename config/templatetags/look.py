"""What templates ask of the look: icons, avatars, rooms, dates in words, languages, addresses of filters."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.core.cache import caches
from django.core.paginator import Paginator
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from config.assets import SHEETS, modules
from config.moments import clock, day, day_in_table, short_day, ui_language, when
from config.navigation import ROOMS
from kb.accounts.models import User

register = template.Library()
for words in (when, day, day_in_table, short_day, clock):
    register.filter(words.__name__, words)


@dataclass(frozen=True, slots=True)
class Sign:
    """An icon that stands for something, and the class of what carries it."""

    icon: str
    css: str = ""


OTHER = Sign(icon="file")
KINDS = {
    "collateral": Sign(icon="file-text"),
    "faq": Sign(icon="message-circle-question-mark"),
    "battlecard": Sign(icon="swords"),
    "success_story": Sign(icon="trophy"),
    "playbook": Sign(icon="map"),
    "news": Sign(icon="newspaper"),
    "term": Sign(icon="languages"),
    "deal": Sign(icon="handshake"),
    "company": Sign(icon="building-2"),
    "competitor": Sign(icon="swords"),
    "product": Sign(icon="package"),
    "retro": Sign(icon="notebook-pen"),
}
PLAIN = Sign(icon="info")
NOTICES = {
    "success": Sign(icon="circle-check", css="notice-won"),
    "warning": Sign(icon="triangle-alert", css="notice-stale"),
    "error": Sign(icon="circle-alert", css="notice-lost"),
}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw one Lucide icon from the sprite; it is decoration, so the words beside it are its name."""
    return drawn(f"icon {css}".strip(), name, backend())


@lru_cache(maxsize=1000)
def drawn(css: str, name: str, storage: str) -> SafeString:
    """The icon's markup, the same for as long as the process and its storage of static files are."""
    markup = '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>'
    return format_html(markup, css, address("img/icons.svg", storage), name)


def backend() -> str:
    """Which storage names the static files; what is cached for one does not hold for another."""
    return str(settings.STORAGES["staticfiles"]["BACKEND"])


@lru_cache(maxsize=1000)
def address(path: str, storage: str) -> str:
    """Where a static file is served, looked up once: dozens stand on every page."""
    return static(path)


@register.simple_tag
def sheets() -> SafeString:
    """Link our style sheets, in the order they build on each other."""
    return linked_sheets(backend())


@lru_cache(maxsize=2)
def linked_sheets(storage: str) -> SafeString:
    links = [(address(f"css/{name}.css", storage), media) for name, media in SHEETS]
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}" media="{}">', links)


@register.simple_tag
def kind_icon(kind: str, css: str = "") -> SafeString:
    """Draw the icon of a kind of page or of a term."""
    return icon(KINDS.get(kind, OTHER).icon, css)


@register.filter
def initial(name: object) -> str:
    """Take the letter an avatar shows: the family name's first, which stands last in Latin script."""
    words = str(name).split()
    if not words:
        return "?"
    word = words[-1] if unicodedata.name(words[0][0], "").startswith("LATIN") else words[0]
    return word[0].upper()


@register.simple_tag
def avatar(person: object, css: str = "") -> SafeString:
    """Draw a person's initial in a disc; the name stands beside it or names the button."""
    return format_html(
        '<span class="{}" aria-hidden="true">{}</span>', f"avatar {css}".strip(), initial(person)
    )


STANDING_SECONDS = 60
MANY = 100
LOOKING_BACK = re.compile(r"^/deals/(queue|\d+/retro)/$")
ROOM_LISTS = {"side": "components/_rooms_side.html", "phone": "components/_rooms_phone.html"}


@register.filter
def standing(person: User) -> str:
    """Name a person's departments, and the role where it is the administrator's; kept a minute, since every page shows it."""
    key = f"standing.{person.pk}.{person.role}.{get_language()}"
    kept: str | None = caches["memory"].get(key)
    if kept is None:
        parts = [str(department) for department in person.departments.all()]
        if person.is_administrator or not parts:
            parts.append(str(person.get_role_display()))
        kept = pgettext("between parts of a line", " · ").join(parts)
        caches["memory"].set(key, kept, STANDING_SECONDS)
    return kept


@register.filter
def notice_class(level: str) -> str:
    """Turn a message's level into the notice's class."""
    return NOTICES.get(level, PLAIN).css


@register.filter
def notice_icon(level: str) -> str:
    """Turn a message's level into the notice's icon."""
    return NOTICES.get(level, PLAIN).icon


@register.simple_tag(takes_context=True)
def rooms(context: Context, place: str = "side") -> str:
    """Show the rooms that exist and that this person may enter, with the one they are in marked."""
    user = context.get("user")
    here = context.get("section") or current_room(context.get("request"))
    if here == "write" and place == "side":
        here = "pages"
    if here == "retro" and place == "side":
        here = "deals"
    may = frozenset(room.needs for room in ROOMS if room.needs and getattr(user, room.needs, False))
    counts = counted(user) if place == "side" and here in COUNTING and isinstance(user, User) else ()
    return shown_rooms(place, str(here), may, counts, str(get_language()), backend())


# Where one looks for work, the list says how much there is; a page that is read is not kept waiting for it.
COUNTING = frozenset(
    {"home", *(room.key for room in ROOMS if room.count), "retro", "competitors", "analysis"}
)


def counted(user: User) -> tuple[tuple[str, int], ...]:
    """Count what waits for a person in each room that counts; more than 99 is many."""
    return tuple((room.key, min(room.count(user), MANY)) for room in ROOMS if room.count)


@lru_cache(maxsize=500)
def shown_rooms(
    place: str,
    here: str,
    may: frozenset[str],
    counts: tuple[tuple[str, int], ...],
    language: str,
    storage: str,
) -> str:
    """The list as HTML, kept: it is on every page, and depends on nothing but these."""
    waits = dict(counts)
    entries = [
        {
            "url": f"{reverse(room.view)}?{room.query}" if room.query else reverse(room.view),
            "icon": room.icon,
            "label": room.label,
            "short": room.short,
            "current": room.key == here,
            "count": "99+" if waits.get(room.key) == MANY else waits.get(room.key),
        }
        for room in ROOMS
        if getattr(room, place) and (not room.needs or room.needs in may)
    ]
    return get_template(ROOM_LISTS[place]).render({"entries": entries})


def current_room(request: HttpRequest | None) -> str:
    """Tell the room from the address; a page that knows better sets `section` in its context."""
    if request is None:
        return ""
    if request.path == "/":
        return "home"
    if request.path == "/articles/new/":
        return "write"
    if LOOKING_BACK.match(request.path):
        return "retro"
    first = request.path.split("/")[1]
    if first == "articles":
        return "faq" if request.GET.getlist("kind") == ["faq"] else "pages"
    return {
        "search": "search",
        "glossary": "glossary",
        "g": "glossary",
        "tags": "pages",
        "people": "people",
        "deals": "deals",
        "companies": "deals",
        "products": "deals",
        "drivers": "deals",
        "competitors": "competitors",
        "analysis": "analysis",
    }.get(first, "")


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """Map the names that our modules import to their hashed addresses; the only inline script of a page."""
    request = context.get("request")
    nonce = str(getattr(request, "csp_nonce", "")) if request else ""
    names = module_names() if settings.DEBUG else kept_module_names(backend())
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, names)


def module_names() -> SafeString:
    # A script's text ends at "</", which JSON may write as "<\/".
    imports = {name: address(path, backend()) for name, path in modules().items()}
    return mark_safe(json.dumps({"imports": imports}).replace("</", "<\\/"))  # noqa: S308


@lru_cache(maxsize=2)
def kept_module_names(storage: str) -> SafeString:
    """The names, looked up once a process; while developing, a new script is there at once."""
    return module_names()


@register.inclusion_tag("components/_crumbs.html")
def crumbs(*parts: object) -> dict[str, object]:
    """Say where a page stands: label, address, label, address, … and at the end the page's own name or nothing."""
    pairs = list(zip(parts[::2], [*parts[1::2], None], strict=False))
    return {"crumbs": [(label, url) for label, url in pairs if label]}


@register.inclusion_tag("components/_pagination.html", takes_context=True)
def pagination(context: Context, number: int, of: int, parameter: str = "page") -> dict[str, object]:
    """Show the pages of a list around the current one, each a link that keeps the other filters."""
    pages = Paginator(range(of), 1)
    shown = pages.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return {
        "request": context.get("request"),
        "number": number,
        "last": of,
        "previous": with_query(context, **{parameter: number - 1}) if number > 1 else "",
        "next": with_query(context, **{parameter: number + 1}) if number < of else "",
        "pages": [
            (page, with_query(context, **{parameter: page}) if isinstance(page, int) else "")
            for page in shown
        ],
    }


def query_of(context: Context) -> QueryDict:
    """Copy the request's query so that it can be changed."""
    request: HttpRequest | None = context.get("request")
    return request.GET.copy() if request else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """Give this page's address with some of its query replaced; None takes a name out."""
    query = query_of(context)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def toggle_query(context: Context, name: str, value: object) -> str:
    """Give this page's address with one value of a filter put in or taken out, back on the first page."""
    query = query_of(context)
    values = query.getlist(name)
    text = str(value)
    query.setlist(name, [v for v in values if v != text] if text in values else [*values, text])
    query.pop("page", None)
    return "?" + query.urlencode()


@register.filter
def lang_of(language: str | None) -> SafeString:
    """Give the lang attribute of a text in another language than the screen's, or nothing."""
    if not language or language == ui_language():
        return mark_safe("")
    return format_html(' lang="{}"', language)


@register.filter
def choice_look(field: BoundField) -> str:
    """Tell how the choices of a field are drawn: a list, or what its widget's data-look names (segmented, pills)."""
    return str(field.field.widget.attrs.get("data-look", "checks"))


@register.filter
def error_count(form: BaseForm) -> int:
    """Count everything that is wrong with a form."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def first_id(field: BoundField) -> str:
    """Give the id that a link to a field jumps to: the control's, or its first choice's."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def listed(names: Iterable[object]) -> str:
    """Join names as a line of text does: 、 in Japanese, commas in English."""
    return pgettext("between names", ", ").join(str(name) for name in names)
