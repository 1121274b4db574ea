"""What the people of the sample company search for: most of it is there, some of it nobody has written down yet."""

from __future__ import annotations

from dataclasses import dataclass

WEEKS = 13


@dataclass(frozen=True, slots=True)
class DemoSearch:
    """The same words, week after week.

    found: how many things have them, of which `opened` in ten open one; nothing was found until `written` weeks ago.
    weekly: how often a week, since `since` weeks ago. people: who asks, in turn.
    """

    words: str
    found: int
    opened: int
    weekly: int
    people: tuple[str, ...]
    since: int = WEEKS
    written: int = WEEKS


SELLERS = ("lee", "tanaka", "nakamura", "watanabe", "ito")
EVERYBODY = (*SELLERS, "mori", "inoue", "duarte", "kobayashi")

SEARCHES = (
    DemoSearch("値引き", 21, 8, 4, SELLERS),
    DemoSearch("稟議", 166, 6, 3, EVERYBODY),
    DemoSearch("SSO", 6, 7, 2, ("lee", "mori", "nakamura", "duarte")),
    DemoSearch("セキュリティ", 9, 6, 2, ("nakamura", "watanabe", "mori")),
    DemoSearch("事例 製造業", 8, 9, 3, SELLERS),
    DemoSearch("最初の90日", 32, 8, 3, EVERYBODY, written=9),
    DemoSearch("監査ログ", 5, 7, 1, ("watanabe", "nakamura"), written=6),
    DemoSearch("解約", 5, 4, 1, ("inoue", "mori")),
    DemoSearch("オフライン 利用", 0, 0, 2, ("tanaka", "lee", "ito", "inoue"), since=3),
    DemoSearch("SLA 返金", 0, 0, 1, ("nakamura", "watanabe", "mori"), since=4),
    DemoSearch("英語の資料", 4, 0, 1, ("duarte", "lee"), since=2),
    DemoSearch("API 上限", 0, 0, 1, ("mori", "inoue"), since=2),
)
# One search that finds nothing has become a question, and one that finds something is kept for the next call.
ASKED = ("SLA 返金", "yamaguchi", "mori", "返金の割合と上限を1枚で。契約書の第12条が元です。")
SAVED = ("lee", "製造業の成功事例", "q=%E4%BA%8B%E4%BE%8B+%E8%A3%BD%E9%80%A0%E6%A5%AD&kind=success_story")
