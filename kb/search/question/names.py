"""What a query can be narrowed down by, and how each is called in either language."""

from __future__ import annotations

from kb.search.documents import MARKS
from kb.text import fold

# The first name is what the help and the chips' addresses use; the first Japanese one is what a Japanese reader is shown.
_NAMES = {
    "kind": ("kind", "種別", "種類", "type"),
    "tag": ("tag", "タグ", "tags"),
    "language": ("lang", "言語", "language"),
    "author": ("author", "著者", "作成者", "執筆者", "作者", "by"),
    "owner": ("owner", "担当", "担当者", "所有者", "オーナー"),
    "department": ("department", "部門", "部署", "dept"),
    "result": ("result", "結果", "outcome"),
    "competitor": ("competitor", "競合", "競合他社"),
    "product": ("product", "製品", "商品"),
    "after": ("after", "以降", "since", "から"),
    "before": ("before", "以前", "until", "まで"),
    "during": ("during", "期間", "更新", "更新日", "日付", "date"),
    "is": ("is", "状態"),
    "in": ("in", "範囲"),
}
BY_NAME = {fold(name): key for key, names in _NAMES.items() for name in names}
DATES = frozenset({"after", "before", "during"})
# What the filters beside the results do as well; the rest lives in the query alone.
IN_FILTERS = frozenset({"kind", "tag", "language", "after", "before", "during", *MARKS})
# Where words are looked for, in the words people use.
PLACES = {
    "title": ("title", "names"),
    "タイトル": ("title", "names"),
    "題名": ("title", "names"),
    "見出し": ("headings",),
    "headings": ("headings",),
    "body": ("headings", "body"),
    "text": ("headings", "body"),
    "本文": ("headings", "body"),
    "tags": ("tags",),
    "tag": ("tags",),
    "タグ": ("tags",),
}
MINE = frozenset({"mine", "自分", "自分の", "私", "私の", "me"})


def shown_name(key: str, language: str) -> str:
    """What a narrowing is called in a query, in a language."""
    names = _NAMES[key]
    return names[1] if language == "ja" else names[0]
