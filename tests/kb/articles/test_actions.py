"""What saving, restoring, deleting and moving a page does, and what it refuses."""

import pytest

from kb.access.actions import Readers
from kb.accounts.models import Department, User
from kb.articles import actions
from kb.articles.actions import Content, LockedOut, NotAllowed, NotEmpty, StaleRevision
from kb.articles.models import Article, Collection, Draft
from kb.audit.models import AuditEvent
from kb.search.models import PendingChange
from tests.factories import a_collection, an_article


def changed(article: Article, **fields: object) -> Content:
    """The page's content with some of it changed."""
    now = {
        "title": article.title,
        "body": article.body,
        "kind": article.kind,
        "language": article.language,
        "collection": article.collection,
        "tags": sorted(article.tags.names()),
        "keep_readers": True,
    }
    return Content(**{**now, **fields})  # type: ignore[arg-type]


def departments_of(person: User) -> list[Department]:
    return list(person.departments.all())


def test_a_save_writes_page_version_record_and_its_place_in_the_queue(lee: User) -> None:
    article = an_article(lee, body="一枚目は**SLA**の表ではなく実例を。")

    assert article.version == 1
    assert "<strong>SLA</strong>" in article.html
    assert "SLAの表" in article.text
    assert article.revisions.get().body == article.body
    assert AuditEvent.objects.filter(verb="article.created", target_id=article.pk, by=lee).exists()
    assert PendingChange.objects.filter(source="article", target_id=article.pk).count() == 1


def test_a_reader_cannot_write(lee: User, ito: User) -> None:
    shelf = a_collection(lee)
    with pytest.raises(NotAllowed):
        an_article(ito, collection=shelf)


def test_who_may_see_a_page_may_edit_it_and_nobody_else(lee: User, mori: User) -> None:
    shelf = a_collection(lee, "営業だけ", readers=Readers(departments=departments_of(lee)))
    article = an_article(lee, collection=shelf)
    with pytest.raises(NotAllowed):
        actions.save_article(
            by=mori, content=changed(article, title="別の題"), article=article, base_version=1
        )

    mori.departments.add(*departments_of(lee))
    actions.save_article(by=mori, content=changed(article, title="別の題"), article=article, base_version=1)

    assert Article.objects.get(pk=article.pk).title == "別の題"


def test_the_second_of_two_saves_is_refused_and_leaves_nothing(lee: User, mori: User) -> None:
    article = an_article(lee)
    actions.save_article(by=mori, content=changed(article, body="森の文"), article=article, base_version=1)
    waiting = PendingChange.objects.count()

    with pytest.raises(StaleRevision) as refused:
        actions.save_article(by=lee, content=changed(article, body="李の文"), article=article, base_version=1)

    assert refused.value.article.body == "森の文"
    assert article.revisions.count() == 2
    assert PendingChange.objects.count() == waiting


def test_an_own_audience_narrows_and_the_collections_bounds_it(lee: User, mori: User, ito: User) -> None:
    shelf = a_collection(
        lee, "営業", readers=Readers(departments=[*departments_of(lee), *departments_of(ito)])
    )
    article = an_article(
        lee, collection=shelf, readers=Readers(departments=departments_of(lee), people=[mori])
    )

    assert Article.objects.visible_to(lee).contains(article)
    assert not Article.objects.visible_to(ito).contains(article)
    assert not Article.objects.visible_to(mori).contains(article)


def test_nobody_can_lock_themselves_out(lee: User, mori: User) -> None:
    with pytest.raises(LockedOut):
        an_article(lee, readers=Readers(people=[mori]))
    assert not Article.objects.exists()


def test_a_page_goes_back_to_its_collections_readers(lee: User, ito: User) -> None:
    article = an_article(lee, readers=Readers(people=[lee]))
    assert not Article.objects.visible_to(ito).contains(article)

    content = changed(article, keep_readers=False, readers=None)
    article = actions.save_article(by=lee, content=content, article=article, base_version=1)

    assert not article.own_audience
    assert Article.objects.visible_to(ito).contains(article)


def test_narrowing_a_page_leaves_its_collections_audience_alone(lee: User, ito: User) -> None:
    article = an_article(lee)
    other = an_article(lee, "別の記事")

    content = changed(article, keep_readers=False, readers=Readers(people=[lee]))
    actions.save_article(by=lee, content=content, article=article, base_version=1)

    assert Article.objects.visible_to(ito).contains(other)
    assert Collection.objects.visible_to(ito).contains(article.collection)


def test_moving_a_page_gives_it_the_new_collections_readers(lee: User, ito: User) -> None:
    article = an_article(lee)
    closed = a_collection(lee, "営業だけ", readers=Readers(departments=departments_of(lee)))

    actions.save_article(by=lee, content=changed(article, collection=closed), article=article, base_version=1)

    assert not Article.objects.visible_to(ito).contains(article)


def test_a_collections_new_audience_counts_at_once_and_its_pages_are_indexed_again(
    sato: User, ito: User
) -> None:
    article = an_article(sato)
    PendingChange.objects.all().delete()

    readers = Readers(departments=departments_of(sato))
    actions.save_collection(by=sato, name="営業資料", readers=readers, collection=article.collection)

    assert not Article.objects.visible_to(ito).contains(article)
    assert PendingChange.objects.filter(target_id=article.pk).exists()


def test_only_editors_change_a_collection_and_only_an_empty_one_goes(lee: User, sato: User) -> None:
    article = an_article(lee)
    with pytest.raises(NotAllowed):
        actions.save_collection(
            by=lee, name="改名", readers=Readers(everyone=True), collection=article.collection
        )
    with pytest.raises(NotEmpty):
        actions.delete_collection(by=sato, collection=article.collection)

    empty = a_collection(lee, "空")
    actions.delete_collection(by=sato, collection=empty)

    assert not Collection.objects.filter(name="空").exists()


def test_an_earlier_version_comes_back_as_the_newest(lee: User, mori: User) -> None:
    article = an_article(lee, "初めの題", "初めの文", tags=["支援"])
    content = changed(article, title="次の題", body="次の文", tags=["価格"])
    article = actions.save_article(by=mori, content=content, article=article, base_version=1)

    article = actions.restore_revision(by=lee, article=article, version=1, base_version=2, note="戻す")

    assert (article.version, article.title, article.body) == (3, "初めの題", "初めの文")
    assert list(article.tags.names()) == ["支援"]
    assert article.revisions.count() == 3


def test_a_deleted_page_leaves_every_list_and_comes_back_whole(lee: User) -> None:
    article = an_article(lee)

    actions.delete_article(by=lee, article=article)
    assert not Article.objects.visible_to(lee).exists()
    assert Article.objects.deleted_for(lee).contains(article)

    actions.undelete_article(by=lee, article=article)
    assert Article.objects.visible_to(lee).contains(article)


def test_a_deleted_page_cannot_be_saved_over(lee: User) -> None:
    article = an_article(lee)
    actions.delete_article(by=lee, article=article)

    with pytest.raises(NotAllowed):
        actions.save_article(by=lee, content=changed(article), article=article, base_version=1)


def test_tags_have_no_twins_by_case_or_width(lee: User) -> None:
    first = an_article(lee, "一", tags=["ＳａａＳ", "データ"])
    second = an_article(lee, "二", tags=["saas", "ﾃﾞｰﾀ", "データ"])

    assert sorted(first.tags.names()) == sorted(second.tags.names())
    assert len(second.tags.names()) == 2


def test_publishing_ends_ones_own_draft_and_no_one_elses(lee: User, mori: User) -> None:
    article = an_article(lee)
    for person in (lee, mori):
        actions.keep_draft(by=person, fields={"body": "下書き"}, article=article, base_version=1)

    actions.save_article(by=lee, content=changed(article), article=article, base_version=1)

    assert list(Draft.objects.values_list("by", flat=True)) == [mori.pk]


def test_there_is_one_draft_a_person_and_page(lee: User) -> None:
    article = an_article(lee)
    actions.keep_draft(by=lee, fields={"body": "一"}, article=article, base_version=1)
    kept = actions.keep_draft(by=lee, fields={"body": "二"}, article=article, base_version=1)

    assert Draft.objects.get().pk == kept.pk
    assert kept.text("body") == "二"


def test_a_page_that_takes_too_long_to_lay_out_is_kept_whole(lee: User) -> None:
    body = "合図" + "*商談*と[資料](a)\n\n" * 100_000
    article = an_article(lee, body=body)

    assert article.plain
    assert article.text.startswith("合図")
    assert Article.objects.get(pk=article.pk).body == body
