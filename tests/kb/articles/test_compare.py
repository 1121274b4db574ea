"""Differences and merges lose nothing, whatever two people do to one text."""

import time

from hypothesis import given
from hypothesis import strategies as st

from kb.articles.compare import difference, merge, resolve, sentences

TEXTS = st.lists(
    st.sampled_from(
        [
            "一枚目は実例。",
            "二枚目に体制図を。",
            "SLA is 99.9. ",
            "\n",
            "\n\n## 見出し\n",
            "終わり！」",
            "x",
            "。",
        ]
    ),
    max_size=12,
).map("".join)


@given(st.text())
def test_sentences_joined_are_the_text_again(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_a_sentence_ends_where_a_reader_would_say_so() -> None:
    assert sentences("「はい。」と答えた。次へ\nSLA is 99.9 percent. Yes!") == [
        "「はい。」",
        "と答えた。",
        "次へ\n",
        "SLA is 99.",
        "9 percent. ",
        "Yes!",
    ]


@given(TEXTS, TEXTS)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    changes = difference(old, new, whole=True)

    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert "".join(change.text for change in changes if change.kind != "removed") == new


def test_a_difference_is_by_characters() -> None:
    changes = difference("障害時は1時間以内に連絡します。", "障害時は30分以内に連絡します。")

    assert [(change.kind, change.text) for change in changes] == [
        ("same", "障害時は"),
        ("removed", "1時間"),
        ("added", "30分"),
        ("same", "以内に連絡します。"),
    ]


def test_no_change_is_no_difference() -> None:
    assert difference("同じ文。", "同じ文。") == []
    assert difference("", "") == []


def test_long_unchanged_stretches_are_cut_and_say_so() -> None:
    long = "変わらない文です。" * 200
    changes = difference(f"{long}一{long}", f"{long}二{long}")

    assert [change.kind for change in changes] == ["skipped", "same", "removed", "added", "same", "skipped"]
    assert sum(len(change.text) for change in changes) < 500


def test_two_large_unlike_texts_are_compared_in_bounded_time() -> None:
    begun = time.monotonic()
    changes = difference(
        "".join(map(str, range(200_000))), "".join(map(str, range(200_000, 0, -1))), whole=True
    )

    assert changes
    assert time.monotonic() - begun < 30


@given(TEXTS, TEXTS)
def test_what_only_one_changed_is_taken(base: str, changed: str) -> None:
    assert resolve(merge(base, changed, base), []) == changed
    assert resolve(merge(base, base, changed), []) == changed
    assert resolve(merge(base, changed, changed), []) == changed


@given(TEXTS, TEXTS, TEXTS)
def test_a_conflict_chosen_one_way_throughout_keeps_that_text_where_it_collides(
    base: str, mine: str, theirs: str
) -> None:
    merged = merge(base, mine, theirs)
    collisions = [part for part in merged.parts if part.kind == "conflict"]

    assert merged.clean == (not collisions)
    for part in collisions:
        assert part.mine in mine
        assert part.theirs in theirs
        assert part.mine != part.theirs
    by_mine = "".join(
        part.mine if part.kind == "conflict" else part.text if part.kind in ("same", "mine", "both") else ""
        for part in merged.parts
    )
    for sentence in sentences(by_mine):
        assert sentence in mine


def test_two_sentences_of_one_paragraph_go_together() -> None:
    base = "一枚目は表です。二枚目は体制図です。三枚目は比較です。"
    mine = base.replace("表", "昨年の実例")
    theirs = base.replace("比較", "TCOの比較")

    merged = merge(base, mine, theirs)

    assert merged.clean
    assert resolve(merged, []) == "一枚目は昨年の実例です。二枚目は体制図です。三枚目はTCOの比較です。"
    assert [part.kind for part in merged.parts] == ["mine", "same", "theirs"]


def test_one_sentence_changed_twice_is_asked_and_both_wordings_are_there() -> None:
    merged = merge("障害時は1時間以内。", "障害時は45分以内。", "障害時は30分以内。")

    (part,) = merged.parts
    assert (part.kind, part.base, part.mine, part.theirs) == (
        "conflict",
        "障害時は1時間以内。",
        "障害時は45分以内。",
        "障害時は30分以内。",
    )
