"""Things made through the real actions, with everything not said filled in."""

from __future__ import annotations

from collections.abc import Sequence

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.articles.actions import Content, save_article, save_collection
from kb.articles.models import Article, Collection
from kb.text import fold, guess_language


def a_collection(by: User, name: str = "営業資料", *, readers: Readers | None = None) -> Collection:
    """The collection of that name, open to everyone unless said otherwise."""
    for collection in Collection.objects.all():
        if fold(collection.name) == fold(name):
            return collection
    return save_collection(by=by, name=name, readers=readers or Readers(everyone=True))


def an_article(
    by: User,
    title: str = "支援体制で負けないための提案書",
    body: str = "導入後の支援が理由の失注は、**初回**で決まります。",
    *,
    kind: str = "collateral",
    collection: Collection | None = None,
    tags: Sequence[str] = (),
    readers: Readers | None = None,
) -> Article:
    """A saved page."""
    content = Content(
        title=title,
        body=body,
        kind=kind,
        language=guess_language(f"{title} {body}"),
        collection=collection or a_collection(by),
        tags=tags,
        readers=readers,
    )
    return save_article(by=by, content=content)
