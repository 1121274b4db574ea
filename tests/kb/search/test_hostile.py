"""Whatever is typed is answered, with work that is bounded by what was typed, not by how it was meant.

Work is counted in the nodes of the query trees that the engine is asked with, not in seconds.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from kb.accounts.models import User
from kb.search import registry
from kb.search.engines.base import EnginePage, Request
from kb.search.engines.memory import MemoryEngine
from kb.search.find import find, suggest
from kb.search.index import drain
from tests.factories import an_article

pytestmark = pytest.mark.django_db

# 32 leaves, each in every field as word, pairs and reading, and that for matching, for whole words, loosely and scored.
MOST_NODES = 6_000
MOST_DEPTH = 24
MOST_ASKED = 12 + 32
LENGTH = 10_000

HOSTILE = {
    "one word for ever": "a" * LENGTH,
    "one character for ever": "失" * LENGTH,
    "one kana for ever": "ー" * LENGTH,
    "many words": " ".join(f"word{number}" for number in range(LENGTH // 8)),
    "many Japanese words": "".join(chr(0x4E00 + number * 37 % 20_000) for number in range(LENGTH)),
    "many words with particles": "失注の" * (LENGTH // 3),
    "deep parentheses": "(" * (LENGTH // 2) + "失注" + ")" * (LENGTH // 2),
    "deep parentheses with words": "(失注 OR " * (LENGTH // 7),
    "deep full-width parentheses": "（失注 " * (LENGTH // 4),
    "only opening": "(" * LENGTH,
    "only closing": ")" * LENGTH,
    "only quotes": '"' * LENGTH,
    "a quote for ever": '"' + "失注 " * (LENGTH // 3),
    "quotes without end": '"失注' * (LENGTH // 3),
    "only operators": "OR AND NOT - + | & ! ~ ^ * ? : " * (LENGTH // 32),
    "only minus": "-" * LENGTH,
    "minus before everything": "-失注 " * (LENGTH // 4),
    "minus of minus": "-(" * (LENGTH // 2) + "失注",
    "only OR": "OR " * (LENGTH // 3),
    "narrowing without a value": "tag: kind: author: before: after: in: is: lang: " * (LENGTH // 50),
    "narrowing by nonsense": "tag:tag:tag: kind:kind before:2026-99-99 after:" * (LENGTH // 50),
    "many tags": " ".join(f"tag:{number}" for number in range(LENGTH // 9)),
    "stars": "失*注* ?* ** *a*" * (LENGTH // 15),
    "tildes": "失注~9 lost~99999 " * (LENGTH // 18),
    "one letter": "a",
    "one character": "失",
    "one kana": "し",
    "one sign": "。",
    "nothing but spaces": " \t\n\u3000\u00a0\u200b" * (LENGTH // 6),
    "NUL": "\x00",
    "NUL among words": "失注\x00受注\x00" * 100,
    "half of a character": "\ud83d",
    "halves in the wrong order": "\udc00\ud83d 失注",
    "right to left": "\u202e失注\u202c \u2067lost\u2069",
    "only marks of direction": "\u200e\u200f\u202a\u202b\u202c\u202d\u202e" * (LENGTH // 7),
    "combining marks": "し" + "\u3099" * LENGTH,
    "a tower of accents": "e" + "\u0301\u0302\u0303" * (LENGTH // 3),
    "half width": "ｼﾂﾁｭｳ" * (LENGTH // 5),
    "one ligature that unfolds": "\ufdfa" * (LENGTH // 18),
    "squares that unfold": "㌖㍑㍿" * (LENGTH // 3),
    "digits": "1" * LENGTH,
    "digits with commas": "1,234," * (LENGTH // 6),
    "an address": "https://user:password@例え.jp/a?b=c&d=%00#e" * 50,
    "markup": "<mark>失注</mark><script>alert(1)</script>" * 50,
    "SQL": "'; DROP TABLE articles_article; --",
    "a regular expression": "(a+)+$ [失-注]{1,9999} (?R)" * 100,
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 200,
    "unassigned": "\U000e0fff\U0010ffff\ufffe\uffff" * 100,
}


class Counting(MemoryEngine):
    """Counts what it is asked with."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Request] = []

    def search(self, request: Request) -> EnginePage:
        self.asked.append(request)
        return super().search(request)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, lee: User) -> Counting:
    """An engine with a page about 失注."""
    counting = Counting()
    monkeypatch.setattr(registry, "engine", lambda: counting)
    an_article(lee, "失注後の90日", "lost deals", tags=["支援"])
    counting.rebuild([])
    drain()
    return counting


def nodes(thing: object, depth: int = 1) -> Iterator[int]:
    """How deep each node of a tree stands."""
    if isinstance(thing, tuple):
        for child in thing:
            yield from nodes(child, depth)
    elif is_dataclass(thing) and not isinstance(thing, type):
        yield depth
        for one in fields(thing):
            yield from nodes(getattr(thing, one.name), depth + 1)


def check_work(engine: Counting) -> None:
    """Nothing that the engine was asked with is large or deep."""
    for request in engine.asked:
        depths = [
            depth
            for tree in (request.strict, request.whole, request.loose, request.score)
            for depth in nodes(tree)
        ]
        assert len(depths) <= MOST_NODES
        assert max(depths) <= MOST_DEPTH
    # Asked again when it is read another way, or rows vanish; and once for each word that nothing has, of 32 at most.
    assert len(engine.asked) <= MOST_ASKED
    engine.asked.clear()


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_typed_is_answered_with_bounded_work(
    name: str, engine: Counting, lee: User, client: Client
) -> None:
    typed = HOSTILE[name]
    found = find(typed, viewer=lee, explain=True)
    assert found.available
    check_work(engine)
    assert len(suggest(typed, viewer=lee)) <= 20
    check_work(engine)

    client.force_login(lee, backend="django.contrib.auth.backends.ModelBackend")
    sent = typed.encode("utf-8", "replace").decode()
    page = client.get("/search/", {"q": sent})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert client.get("/search/suggest/", {"q": sent}).status_code == 200
    check_work(engine)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_command_line_answers_it_too(name: str, engine: Counting, lee: User) -> None:
    for command in ("search", "suggest"):
        out = io.StringIO()
        call_command(command, "--as", "lee", "--json", "--", HOSTILE[name], stdout=out)
        answer = json.loads(out.getvalue())
        assert answer["schema"] == 1
    check_work(engine)


@pytest.mark.parametrize("suffix", ["\x00", " \u202e", "(", ")))", '"', " OR", " -", "\ud83d", "　"])
def test_what_means_nothing_beside_a_word_takes_nothing_away(
    suffix: str, engine: Counting, lee: User
) -> None:
    found = find(f"失注{suffix}", viewer=lee)

    assert [hit.title for hit in found.hits] == ["失注後の90日"]


@example_settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    '"',
                    "(",
                    ")",
                    "-",
                    " OR ",
                    "tag:",
                    "kind:",
                    "before:",
                    "after:先月",
                    "in:title",
                    "is:mine",
                    "（",
                    "」",
                ]
            ),
            st.sampled_from(["失注", "lost", "しつちゅう", "の", "は?"]),
            st.text(max_size=4),
        ),
        max_size=60,
    ).map("".join)
)
def test_any_mixture_of_operators_and_words_is_answered(engine: Counting, lee: User, typed: str) -> None:
    assert find(typed, viewer=lee).available
    assert len(suggest(typed, viewer=lee)) <= 20
    check_work(engine)


@pytest.mark.real_data
def test_the_big_list_of_naughty_strings_is_answered(engine: Counting, lee: User, real_data: Path) -> None:
    """Each by itself and a hundred together."""
    naughty: list[str] = []
    for path in sorted((real_data / "hostile" / "blns").rglob("blns*.json")):
        naughty += json.loads(path.read_text("utf-8"))
    assert len(naughty) > 400
    together = [" ".join(naughty[start : start + 100]) for start in range(0, len(naughty), 100)]
    for typed in (*naughty, *together):
        assert find(typed, viewer=lee).available, typed
        check_work(engine)
    for typed in (*naughty[::5], *together):
        assert len(suggest(typed, viewer=lee)) <= 20
        check_work(engine)
