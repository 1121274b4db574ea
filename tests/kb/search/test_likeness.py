"""Two questions that ask the same, and near misses that do not."""

from __future__ import annotations

import pytest

from kb.search.likeness import ask_the_same


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("値引きの上限はいくらですか", "値引きの上限は、いくらですか？"),
        ("値引きの上限", "値引きの上限はいくらですか"),
        ("値引きの上限を教えてください", "値引きの上限は何ですか"),
        ("ＳＳＯは使えますか", "SSOは使えますか"),
        ("サーバの台数の上限は", "サーバーの台数の上限は？"),
        ("how should we answer discount requests", "How do we answer a discount request?"),
        (
            "見積書の再発行をシステム部門の担当者に頼む方法",
            "見積書の再発行を情報システム部門の担当者に頼む方法",
        ),
    ],
)
def test_the_same_question_in_other_words_is_the_same(typed: str, title: str) -> None:
    assert ask_the_same(typed, title)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("", ""),
        ("？", "！"),
        ("値引き", "値引きの上限はいくらですか"),
        ("契約", "契約とは"),
        ("途中で解約できますか", "途中で解約できませんか"),
        ("SSOとSCIMは使えますか", "SSOとSCIMは使えませんか"),
        ("いつ契約を更新しますか", "どこで契約を更新しますか"),
        ("契約の更新", "契約の更新はいつですか"),
        ("値引きは10%までできますか", "値引きは20%までできますか"),
        ("A社からB社へ移行できますか", "B社からA社へ移行できますか"),
        ("HubSpotとの連携はできますか", "Salesforceとの連携はできますか"),
        ("how do we answer a discount request", "Why do we answer a discount request?"),
        ("can we delete a customer record", "Can't we delete a customer record?"),
        ("見積書を再発行する方法", "見積書を再発行して請求書と一緒に送る方法"),
        (
            "営業部門の担当者が見積書の再発行を申請する手順",
            "営業部門の担当者がSAPで見積書の再発行を申請する手順",
        ),
    ],
)
def test_a_near_miss_is_not(typed: str, title: str) -> None:
    assert not ask_the_same(typed, title)
