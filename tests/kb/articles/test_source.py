"""What of a page reaches the index and the lists of results, and for whom."""

from kb.access.actions import Readers
from kb.access.tokens import tokens_for
from kb.accounts.models import User
from kb.articles import actions
from kb.articles.models import Article
from kb.articles.source import Articles
from tests.factories import a_collection, an_article

source = Articles()


def test_a_document_carries_both_audiences(lee: User, mori: User) -> None:
    shelf = a_collection(lee, "営業", readers=Readers(departments=list(lee.departments.all())))
    article = an_article(lee, collection=shelf, readers=Readers(people=[lee, mori]))

    document = source.document(article.pk)

    assert document is not None
    assert len(document.readers) == 2
    assert all(tokens_for(lee) & tokens for tokens in document.readers)
    assert not all(tokens_for(mori) & tokens for tokens in document.readers)


def test_the_stamp_of_a_document_is_the_one_listed(lee: User) -> None:
    article = an_article(lee, readers=Readers(people=[lee]))
    document = source.document(article.pk)

    assert document is not None
    assert dict(source.stamps()) == {article.pk: document.stamp}


def test_a_change_of_text_or_of_readers_changes_the_stamp(sato: User) -> None:
    article = an_article(sato)
    stamps = {dict(source.stamps())[article.pk]}

    actions.restore_revision(by=sato, article=article, version=1, base_version=1, note="")
    stamps.add(dict(source.stamps())[article.pk])
    readers = Readers(departments=list(sato.departments.all()))
    actions.save_collection(by=sato, name="営業資料", readers=readers, collection=article.collection)
    stamps.add(dict(source.stamps())[article.pk])

    assert len(stamps) == 3


def test_what_is_deleted_has_no_document(lee: User) -> None:
    article = an_article(lee)
    actions.delete_article(by=lee, article=article)

    assert source.document(article.pk) is None
    assert list(source.stamps()) == []


def test_a_place_held_by_an_import_is_seen_by_nobody(lee: User) -> None:
    shelf = a_collection(lee)
    held = actions.hold_places(["a.md"], by=lee, collection_of={"a.md": shelf}, title_of={"a.md": "題"})

    assert not Article.objects.visible_to(lee).exists()
    assert source.document(held["a.md"].pk) is None


def test_rows_are_only_what_the_viewer_may_read(lee: User, mori: User) -> None:
    open_page = an_article(lee, "支援の手引き", tags=["支援"])
    closed_page = an_article(lee, "支援の値引き", readers=Readers(people=[lee]))
    pks = [open_page.pk, closed_page.pk]

    assert set(source.visible(mori, pks)) == {open_page.pk}
    assert set(source.visible(lee, pks)) == set(pks)
    assert source.visible(lee, pks)[open_page.pk].tags == ("支援",)
