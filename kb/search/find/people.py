"""People by their names, as the box knows them: from the database, since they are not in the index; closed accounts never."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from kb.accounts.models import User
from kb.search.analysis import reading
from kb.text import fold, to_hiragana

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kb.search.typed import Typed


def people_called(asked: Typed, limit: int) -> list[User]:
    """Those whose name, or a part of it, or how it is read, begins as typed; whole names first."""
    near = [
        (distance, person) for person in _candidates(asked) if (distance := _distance(asked, person)) < _FAR
    ]
    near.sort(key=lambda found: (found[0], str(found[1])))
    return [person for _distance, person in near[:limit]]


def address_of(person: User) -> str:
    """What they wrote."""
    return f"{reverse('search:results')}?{urlencode({'author': person.pk})}"


def _candidates(asked: Typed) -> QuerySet[User]:
    """Everyone who could be meant: by kana that has to be read, by Japanese whatever spaces stand between the names."""
    people = User.objects.all() if asked.kana else User.objects.matching(_certain(asked.text))
    return people.filter(is_active=True).only("username", "display_name")


def _certain(text: str) -> str:
    return text if text.isascii() else text[:1]


_WHOLE, _BEGINS, _PART, _READ, _FAR = range(5)


def _distance(asked: Typed, person: User) -> int:
    name = fold(str(person))
    joined, wanted = name.replace(" ", ""), asked.text.replace(" ", "")
    if wanted in (joined, fold(person.username)):
        return _WHOLE
    if joined.startswith(wanted) or fold(person.username).startswith(wanted):
        return _BEGINS
    if any(part.startswith(wanted) for part in name.split()):
        return _PART
    if asked.kana and any(read.startswith(asked.kana) for read in _readings(name)):
        return _READ
    return _FAR


@lru_cache(maxsize=10_000)
def _readings(name: str) -> tuple[str, ...]:
    """How a name and each of its parts are read, as the dictionary has it: 佐藤 美咲 by さとう, みさき and both."""
    return tuple(_each(name))


def _each(name: str) -> Iterator[str]:
    parts = [reading(part) or to_hiragana(part) for part in name.split()]
    yield "".join(parts)
    yield from parts
