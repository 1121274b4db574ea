"""Documents for tests of the search: everything not said is filled in."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from kb.search.analysis import Prepared, prepare
from kb.search.documents import Document

ALL = frozenset({"all"})
TODAY = date(2026, 11, 20)

# Texts as people write them: Japanese runs, Latin words, punctuation, now and then a line break.
JAPANESE = st.text(
    alphabet="商談失注受注率京都東市場の声をがはデータサーバーしょうひん第四半期年々", min_size=2, max_size=12
)
LATIN = st.sampled_from(["SSO", "SCIM", "lost", "deals", "running", "studies", "win-loss", "2026", "1,280"])
GAPS = st.sampled_from([" ", "、", "。", "\n", "", "「", "」", " - "])
TEXTS = st.lists(st.tuples(st.one_of(JAPANESE, LATIN), GAPS), min_size=1, max_size=12).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


def a_document(pk: int, title: str = "", body: str = "", **said: object) -> Document:
    given: dict[str, object] = {
        "source": "article",
        "kind": "faq",
        "stamp": str(pk),
        "language": "ja",
        "updated_on": TODAY,
        "readers": (ALL,),
        **said,
    }
    return Document(pk=pk, title=title, body=body, **given)  # type: ignore[arg-type]


def prepared(pk: int, title: str = "", body: str = "", **said: object) -> Prepared:
    return prepare(a_document(pk, title, body, **said))
