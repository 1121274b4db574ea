"""The people of the demo company, and the rule of who may enter as one of them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as _

from kb.accounts.models import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

MAIL_DOMAIN = "hibari.example"
# Whatever a proxy adds: one of these means that the request did not begin on this machine.
FORWARDED = ("Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")


@dataclass(frozen=True, slots=True)
class CastMember:
    """One person of the cast; `line` is English and shown in the reader's language."""

    username: str
    name: str
    mail: str
    role: Role
    department: str
    line: str


CAST = (
    CastMember(
        "sato",
        "佐藤 美咲",
        "misaki.sato",
        Role.EDITOR,
        "マーケティング",
        _("Writes the material, keeps it and the terms in order"),
    ),
    CastMember(
        "lee",
        "李 ハナ",
        "hana.lee",
        Role.WRITER,
        "第一営業部",
        _("Searches before a call, writes down what was learned"),
    ),
    CastMember(
        "mori",
        "森 拓也",
        "takuya.mori",
        Role.WRITER,
        "カスタマー支援",
        _("Answers for the support pages, does not see what is sales' own"),
    ),
    CastMember(
        "ito",
        "伊藤 蓮",
        "ren.ito",
        Role.READER,
        "第二営業部",
        _("Joined last week and does not know the abbreviations yet"),
    ),
    CastMember(
        "takahashi",
        "高橋 由紀",
        "yuki.takahashi",
        Role.ADMINISTRATOR,
        "情報システム",
        _("Looks after people, departments and roles"),
    ),
)


def entry_is_open(request: HttpRequest) -> bool:
    """Whether people may enter as a demo person: only who sits at this machine and asked it directly."""
    if settings.SITE_URL and not is_loopback(urlsplit(settings.SITE_URL).hostname or ""):
        return False
    if not is_loopback(request.META.get("REMOTE_ADDR", "")) or not is_loopback(host_of(request)):
        return False
    # A reverse proxy left at its defaults passes on neither the visitor's host nor address, but speaks HTTP/1.0.
    return request.META.get("SERVER_PROTOCOL") != "HTTP/1.0" and not was_forwarded(request)


def was_forwarded(request: HttpRequest) -> bool:
    """Whether some proxy left its mark."""
    named = any(name in request.headers for name in FORWARDED)
    return named or any(name.startswith("X-Forwarded") for name in request.headers)


def host_of(request: HttpRequest) -> str:
    """The host's name as asked for, without its port."""
    return urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname or ""


def is_loopback(address: str) -> bool:
    """Whether an address or name is this machine's own, reached from itself."""
    if address == "localhost":
        return True
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback
