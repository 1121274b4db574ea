"""How the names of columns and keys are understood, in English and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.text import fold

# Names of columns and keys, letters and figures only, lower case; Japanese as it is.
_NAMES = {
    "preferred": (
        "term terms name preferred preferredterm preferredlabel preflabel word headword entry 用語 "
        "用語名 見出し 見出し語 語 語句 単語 言葉 ことば 名称"
    ),
    "display": "displayname 表示名",
    "ja": (
        "ja jajp japanese termja nameja japaneseterm 日本語 和文 日本語名 日本語訳 和訳 和名 訳語 訳 "
        "ok訳 翻訳 target targetterm translation"
    ),
    "en": (
        "en enus engb english termen nameen englishterm 英語 英文 英語名 英訳 英名 原文 原語 source "
        "sourceterm"
    ),
    "reading": (
        "reading yomi kana furigana pronunciation 読み よみ ヨミ 読み方 よみかた 読みがな よみがな "
        "読み仮名 ふりがな フリガナ かな カナ"
    ),
    "abbreviation": "abbreviation abbreviations abbr acronym acronyms shortform short 略語 略称 略号 省略形 略",
    "aliases": (
        "alias aliases synonym synonyms altlabel alternative alternatives variant variants otherforms "
        "aka alsoknownas 別名 別称 別の形 別表記 異表記 同義語 類義語 表記ゆれ 表記揺れ"
    ),
    "hidden": "hidden hiddenlabel hiddenlabels misspelling misspellings 誤記 誤字",
    "forbidden": (
        "forbidden forbiddenforms donotuse ng ng訳 ng表記 禁止 禁止語 禁止形 使わない 使わない形 "
        "使わないことば 不可"
    ),
    "avoid": "avoid dontsay donotsay insteadof notrecommended 避ける 避けることば 言わない",
    "use_instead": (
        "useinstead use say saythis instead replacement replacewith recommended expected 言い換え "
        "言いかえ 言換え 代わりに 推奨 推奨表記"
    ),
    "explanation": (
        "explanation definition definitions description meaning def info summary reason details comment "
        "説明 意味 定義 解説 内容 概要 説明文 理由"
    ),
    "explanation_ja": (
        "explanationja definitionja descriptionja japaneseexplanation japanesedefinition 日本語説明 "
        "説明日本語 定義日本語 意味日本語 和文説明"
    ),
    "explanation_en": (
        "explanationen definitionen descriptionen englishexplanation englishdefinition 英語説明 説明英語 "
        "定義英語 意味英語 英文説明"
    ),
    "notes": "note notes remark remarks 備考 注意 注意点 補足 注 メモ avoidfootnote avoiddescription",
    "status": "status state glossarystatus termstatus 状態 ステータス 承認 承認状態",
    "scope": "scope department team 部門 部署 範囲 使う部門 使う部署",
    "owner": "owner owners 担当 担当者 管理者 オーナー",
    "key": "id slug key code identifier ref termid 用語id",
    "ignored": "language lang 言語 no number 番号",
}
FIELD_OF = {name: target for target, names in _NAMES.items() for name in names.split()}
_PLAIN = re.compile(r"[^\w]|_")
LANGUAGE_TAIL = re.compile(
    r"^(.*?)\s*[\[(（_-]\s*(ja|jp|en|日本語|英語|japanese|english)\s*[\])）]?$", re.IGNORECASE
)


def field_named(header: str) -> str:
    """The field a column or key means; empty for one that is not known."""
    name = fold(header.replace("*", " "))
    if tail := LANGUAGE_TAIL.match(name):
        base = FIELD_OF.get(_plain(tail[1]), "")
        language = "ja" if tail[2].lower() in ("ja", "jp", "日本語", "japanese") else "en"
        if base in ("explanation", "notes"):
            return f"explanation_{language}"
        if base == "preferred":
            return language
    return FIELD_OF.get(_plain(name), "")


def _plain(name: str) -> str:
    return _PLAIN.sub("", name.replace("'", "").replace("’", ""))


def names_terms(fields: Iterable[str]) -> bool:
    """Whether columns of these fields hold terms."""
    return bool({"preferred", "display", "ja", "en", "avoid"} & set(fields)) or {
        "abbreviation",
        "explanation",
    } <= set(fields)
