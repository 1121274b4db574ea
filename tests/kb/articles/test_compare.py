"""Differences people can read, and two people's edits of one page put together."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.articles.compare import Change, Unresolved, difference, merge, pieces, resolve

SENTENCES = st.sampled_from(
    [
        "商談は長い。",
        "稟議を待つ。",
        "Wait. ",
        "価格！",
        "\n",
        "\n\n",
        "- 一\n",
        "終わり",
        "「はい。」",
        "商談",
        "a",
    ]
)
TEXTS = st.lists(SENTENCES | st.text(max_size=3), max_size=12).map("".join)


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with pieces replaced, as somebody does who works on it."""
    parts = pieces(text)
    for place, length, new in edits:
        at = place % (len(parts) + 1)
        parts[at : at + length] = [new] if new else []
    return "".join(parts)


EDITS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2), SENTENCES | st.just("")), max_size=3)


@given(TEXTS)
def test_pieces_put_together_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert "" not in pieces(text)


def test_a_paragraph_is_cut_after_each_sentence() -> None:
    assert pieces("一つ目。「二つ目。」三つ目！ Four. 3.5 is five.\n次") == [
        "一つ目。", "「二つ目。」", "三つ目！", " Four. ", "3.5 is five.", "\n", "次",
    ]  # fmt: skip


def test_a_change_is_shown_in_the_characters_that_changed() -> None:
    assert difference("障害時は1時間以内に連絡します。", "障害時は30分以内に連絡します。") == [
        Change("same", "障害時は"),
        Change("removed", "1時間"),
        Change("added", "30分"),
        Change("same", "以内に連絡します。"),
    ]


def test_equal_texts_have_no_difference() -> None:
    assert difference("同じ。", "同じ。") == []


@given(TEXTS, TEXTS, st.sampled_from([None, 0, 5, 160]))
def test_a_difference_holds_both_texts(old: str, new: str, context: int | None) -> None:
    changes = difference(old, new, context=context)
    if old == new:
        assert changes == []
        return
    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert "".join(change.text for change in changes if change.kind != "removed") == new
    assert all(change.text for change in changes)


def test_what_is_far_from_any_change_is_skipped() -> None:
    before, after = "前の文です。" * 200, "後の文です。" * 200
    changes = difference(f"{before}旧{after}", f"{before}新{after}")
    assert [change.kind for change in changes] == ["skipped", "same", "removed", "added", "same", "skipped"]
    assert changes[1].text.startswith("前の文です。")
    assert changes[4].text.endswith("後の文です。")
    assert len(changes[1].text) <= 170


def test_a_long_text_with_many_changes_still_shows_each() -> None:
    old = [f"第{number}条の文は{number % 7}回読みます。" for number in range(3000)]
    new = [text.replace("読み", "話し") if number % 3 == 0 else text for number, text in enumerate(old)]
    changes = difference("".join(old), "".join(new), context=None)
    assert sum(change.kind == "added" for change in changes) == 1000
    # each by itself; on a busy machine the last ones as whole sentences, when the time for characters is over
    assert all(
        "話し" in change.text and len(change.text) < 20 for change in changes if change.kind == "added"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 1_000_000, "b\n" * 1_000_000),
        ("商談は長い。" * 800_000, "商談は短い。" + "商談は長い。" * 800_000),
        ("x" * 5_000_000, "y" * 5_000_000),
        ("".join(f"{number}。" for number in range(500_000)), "".join(f"{number}。" for number in range(500_000, 0, -1))),
    ],
)  # fmt: skip
def test_ten_megabytes_are_compared_in_bounded_time(old: str, new: str) -> None:
    started = time.monotonic()
    changes = difference(old, new)
    assert time.monotonic() - started < 20
    assert "".join(change.text for change in changes if change.kind != "added") == old


def test_two_edits_of_neighbouring_sentences_fit_together() -> None:
    merged = merge(
        "一枚目は表です。二枚目は図です。三枚目。",
        "一枚目は実例です。二枚目は図です。三枚目。",
        "一枚目は表です。二枚目は体制図です。三枚目。",
    )
    assert merged.clean
    assert merged.text == "一枚目は実例です。二枚目は体制図です。三枚目。"
    assert [part.kind for part in merged.parts] == ["mine", "theirs", "same"]


def test_two_edits_of_one_sentence_are_to_be_chosen() -> None:
    merged = merge("前。障害時は1時間以内。後。", "前。障害時は45分以内。後。", "前。障害時は30分以内。後。")
    assert not merged.clean
    conflict = merged.parts[1]
    assert (conflict.kind, conflict.mine, conflict.theirs, conflict.base) == (
        "conflict", "障害時は45分以内。", "障害時は30分以内。", "障害時は1時間以内。",
    )  # fmt: skip
    assert resolve(merged, [conflict.theirs]) == "前。障害時は30分以内。後。"
    assert resolve(merged, ["自分で書く。"]) == "前。自分で書く。後。"
    with pytest.raises(Unresolved):
        resolve(merged, [])


def test_two_additions_at_one_place_are_to_be_chosen() -> None:
    merged = merge("本文。", "本文。\n追記1。", "本文。\n追記2。")
    assert [part.kind for part in merged.parts] == ["same", "conflict"]
    assert "追記1" in merged.text
    assert "追記2" in merged.text


def test_one_deletes_what_the_other_edits() -> None:
    merged = merge("一。二。三。", "一。三。", "一。二の改訂。三。")
    assert [part.kind for part in merged.parts] == ["same", "conflict", "same"]
    assert merged.parts[1].mine == ""


def test_the_same_edit_of_both_is_taken_once() -> None:
    merged = merge("一。二。", "一。弐。", "一。弐。")
    assert merged.clean
    assert [part.kind for part in merged.parts] == ["same", "both"]


@given(TEXTS, TEXTS)
def test_an_edit_beside_none_is_the_edit(base: str, changed: str) -> None:
    assert merge(base, changed, base).text == changed
    assert merge(base, base, changed).text == changed
    assert merge(base, changed, changed).text == changed
    assert merge(base, changed, base).clean


@given(TEXTS, EDITS, EDITS)
def test_no_word_of_either_is_lost(
    base: str, my_edits: list[tuple[int, int, str]], their_edits: list[tuple[int, int, str]]
) -> None:
    mine, theirs = edited(base, my_edits), edited(base, their_edits)
    merged = merge(base, mine, theirs)
    assert "".join(part.base for part in merged.parts) == base
    assert "".join(part.mine for part in merged.parts) == mine
    assert "".join(part.theirs for part in merged.parts) == theirs
    assert all(part.mine != part.theirs for part in merged.parts if part.kind == "conflict")
    conflicts = [part for part in merged.parts if part.kind == "conflict"]
    assert merged.clean == (not conflicts)
    for part in merged.parts:
        expected = {
            "same": part.base,
            "mine": part.mine,
            "theirs": part.theirs,
            "both": part.mine,
            "conflict": "",
        }
        assert part.text == expected[part.kind]
    both = merge(base, theirs, mine)
    assert resolve(both, [part.theirs for part in conflicts]) == resolve(
        merged, [part.theirs for part in conflicts]
    )


@given(TEXTS, TEXTS, TEXTS)
def test_any_three_texts_can_be_merged(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    assert "".join(part.mine for part in merged.parts) == mine
    assert "".join(part.theirs for part in merged.parts) == theirs
    assert merged == merge(base, mine, theirs)
