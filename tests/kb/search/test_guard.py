"""The guard before the engine: asks again, doubts the index, and knows whose fault it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.accounts.models import User
from kb.articles.models import Article
from kb.search import registry, troubles
from kb.search.engines.base import EngineUnavailable, Key, Request, Term
from kb.search.engines.memory import MemoryEngine
from kb.search.guard import Guarded
from kb.search.index import drain
from tests.factories import an_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(lee: User) -> Article:
    """A page in an index of its own."""
    found = an_article(lee, "失注後の90日", "次の商談に渡す。")
    drain()
    return found


class Broken(MemoryEngine):
    """An engine whose files are nonsense the first few times it is asked."""

    def __init__(self, error: Exception, times: int) -> None:
        super().__init__()
        self.error, self.times = error, times

    def stamps(self) -> dict[Key, str]:
        if self.times:
            self.times -= 1
            raise self.error
        return {}


def test_what_fails_once_is_asked_again_and_nobody_hears_of_it(own_home: Path) -> None:
    assert Guarded(Broken(KeyError("posting"), times=1)).stamps() == {}
    assert not troubles.doubted()


@pytest.mark.parametrize(
    "error", [KeyError("posting"), EOFError(), ValueError("bad"), EngineUnavailable("no")]
)
def test_what_fails_twice_is_doubted_and_logged(
    error: Exception, own_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(EngineUnavailable):
        Guarded(Broken(error, times=2)).stamps()

    assert troubles.doubted()
    assert "cannot be asked" in caplog.text


def test_a_machine_out_of_descriptors_says_nothing_about_the_files(own_home: Path) -> None:
    with pytest.raises(EngineUnavailable):
        Guarded(Broken(OSError(24, "Too many open files"), times=2)).stamps()

    assert not troubles.doubted()


def test_a_database_that_fails_while_rights_are_asked_is_no_fault_of_the_index(
    article: Article, lee: User
) -> None:
    def fail(_keys: object) -> frozenset[object]:
        raise ZeroDivisionError

    key = next(iter(registry.engine().stamps()))
    request = Request(
        strict=Term("title_words", "失注"),
        viewer=frozenset({"all"}),
        unsure=frozenset({key}),
        decide=fail,  # type: ignore[arg-type]
    )
    with pytest.raises(ZeroDivisionError):
        registry.engine().search(request)

    assert not troubles.doubted()


def test_an_index_doubted_again_at_once_is_not_built_all_day(article: Article) -> None:
    troubles.doubt(ValueError("first"))
    assert troubles.doubted()
    drain()
    assert not troubles.doubted()

    troubles.doubt(ValueError("second"))
    assert not troubles.doubted()
