"""A real company's handbook: words are found in as many of its pages as hold them."""

from pathlib import Path

import pytest

from kb.search import ranking
from kb.search.engines.base import Request
from kb.search.engines.whoosh import WhooshEngine
from kb.search.question import ask
from tests.kb.search.texts import ALL, prepared

WORDS = ("商談", "需要創出", "マーケティング部門", "顧客の声")


@pytest.mark.real_data
def test_a_japanese_word_is_counted_in_every_page_that_holds_it(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "handbooks" / "gitlab_ja_marketing"
    texts = [path.read_text("utf-8") for path in sorted(folder.rglob("*.md"))]
    # All that hold one of the words, and as many that do not: the rest would only take time.
    holding = [text for text in texts if any(word in text for word in WORDS)]
    others = [text for text in texts if text not in holding][: len(holding)]
    engine = WhooshEngine(tmp_path / "index")
    engine.rebuild(prepared(pk, body=text) for pk, text in enumerate(holding + others))

    for word in WORDS:
        found = engine.search(Request(strict=ranking.strict(ask(word)), viewer=ALL))
        assert found.total == sum(word in text for text in texts), word
