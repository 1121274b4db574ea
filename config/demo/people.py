"""The people of the sample company beside the five of the cast: seven more, to be entered as like them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from kb.accounts.demo import CastMember
from kb.accounts.models import Role

PEOPLE = (
    CastMember(
        "kobayashi",
        "小林 直樹",
        "naoki.kobayashi",
        Role.ANALYST,
        "マーケティング",
        _("Counts wins and losses, and talks with customers who said no"),
    ),
    CastMember(
        "tanaka",
        "田中 航",
        "wataru.tanaka",
        Role.WRITER,
        "第一営業部",
        _("Sells to manufacturers, and has lost to Nova more than anyone"),
    ),
    CastMember(
        "yamaguchi",
        "山口 恵理",
        "eri.yamaguchi",
        Role.EDITOR,
        "第一営業部",
        _("Leads the first sales team and approves what it may promise"),
    ),
    CastMember(
        "nakamura",
        "中村 彩",
        "aya.nakamura",
        Role.WRITER,
        "第二営業部",
        _("Sells to banks, hospitals and carriers"),
    ),
    CastMember(
        "watanabe",
        "渡辺 千尋",
        "chihiro.watanabe",
        Role.WRITER,
        "第二営業部",
        _("Sells to regional finance, and knows how an approval goes round"),
    ),
    CastMember(
        "inoue",
        "井上 大樹",
        "daiki.inoue",
        Role.WRITER,
        "カスタマー支援",
        _("Leads onboarding, and comes along to the second meeting"),
    ),
    CastMember(
        "duarte",
        "Ines Duarte",
        "ines.duarte",
        Role.WRITER,
        "カスタマー支援",
        _("Helps the overseas plants of our customers, in English"),
    ),
)
# Whose screens are in English.
ENGLISH = ("duarte",)
# One who sold until the end of 2024 and has no account: the deals keep the name.
LEFT = {"ono": ("大野 進", "第二営業部")}
