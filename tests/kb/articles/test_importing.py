"""Importing folders: what is created, what stays as it is here, and all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.access.actions import Readers
from kb.access.tokens import tokens_of
from kb.accounts.models import User
from kb.articles.actions import (
    Content,
    delete_article,
    hold_places,
    save_article,
    undelete_article,
)
from kb.articles.importing import Import
from kb.articles.models import Article, Collection, Revision
from kb.articles.planning import Options
from kb.audit.models import AuditEvent
from kb.markup import render
from kb.search.models import PendingChange
from tests.factories import a_collection
from tests.kb.articles.folders import HANDBOOK, bring, codes, counts, handbook, of, page, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return handbook(tmp_path)


# ------------------------------------------------------------------ what comes in
def test_a_folder_comes_in_with_collections_titles_tags_kinds_and_links(path: Path, lee: User) -> None:
    report = bring(path, lee)

    assert counts(report) == (3, 0, 0, 0)
    deal, index = page("sales/deal.md"), page("index.md")
    assert deal.title == "商談の進め方"
    assert deal.collection.name == "Sales"
    assert index.collection.name == "Sales handbook"
    assert sorted(deal.tags.names()) == ["SFA", "商談"]
    assert (deal.kind, index.kind) == ("playbook", "collateral")
    assert (deal.language, page("sales/faq.md").language) == ("ja", "en")
    assert f'href="{deal.get_absolute_url()}#h-start"' in index.html
    assert 'id="h-start"' in deal.html
    assert f"[戻る]({index.get_absolute_url()})" in deal.body
    assert tokens_of(deal.audience) == {"all"}
    assert deal.owner == lee
    assert deal.version == 1
    assert AuditEvent.objects.filter(verb="article.created", by=lee).count() == 3
    assert PendingChange.objects.filter(source="article").count() == 3


def test_the_same_folder_again_changes_nothing(path: Path, lee: User) -> None:
    bring(path, lee)
    revisions, waiting = Revision.objects.count(), PendingChange.objects.count()

    report = bring(path, lee)

    assert counts(report) == (0, 0, 3, 0)
    assert report["changed"] == []
    assert (Revision.objects.count(), PendingChange.objects.count()) == (revisions, waiting)


def test_a_dry_run_counts_the_same_and_writes_nothing(path: Path, lee: User) -> None:
    write(path, {"broken.md": "---\nkind: poem\n---\nx", "picture.md": "![図](a.png)"})

    dry = bring(path, lee, dry_run=True)

    assert dry["dry_run"] is True
    assert not Article.objects.exists()
    assert not Collection.objects.exists()
    real = bring(path, lee)
    assert {**dry, "dry_run": False} == real


def test_a_changed_file_is_a_new_version_and_the_others_stay(path: Path, lee: User) -> None:
    bring(path, lee)
    write(path, {"sales/faq.md": "# Questions\n\nAnother answer."})

    assert counts(bring(path, lee)) == (0, 1, 2, 0)
    faq = page("sales/faq.md")
    assert faq.version == 2
    assert "Another answer." in faq.text
    assert counts(bring(path, lee)) == (0, 0, 3, 0)


def test_a_page_that_others_link_to_changes_their_links_when_it_comes(path: Path, lee: User) -> None:
    write(path, {"sales/faq.md": "# Questions\n\n[later](later.md)"})
    report = bring(path, lee)
    assert codes(report) == [("sales/faq.md", "broken_link")]

    write(path, {"sales/later.md": "# Later"})

    assert counts(bring(path, lee)) == (1, 1, 2, 0)
    assert page("sales/later.md").get_absolute_url() in page("sales/faq.md").body


def test_one_file_comes_in_by_itself(path: Path, lee: User) -> None:
    report = bring(path / "sales" / "deal.md", lee)
    assert counts(report) == (1, 0, 0, 0)
    assert page("deal.md").collection.name == "Sales"


def test_options_stand_for_what_the_files_do_not_say(path: Path, lee: User) -> None:
    bring(path, lee, kind="faq", collection="営業資料")
    assert page("index.md").kind == "faq"
    assert page("sales/deal.md").kind == "playbook"
    assert list(Collection.objects.values_list("name", flat=True)) == ["営業資料"]


def test_a_collection_that_stands_is_used_whatever_its_case_and_width(path: Path, lee: User) -> None:
    shelf = a_collection(lee, "ＳＡＬＥＳ")
    bring(path, lee)
    assert page("sales/deal.md").collection == shelf


def test_what_could_not_be_kept_is_told(path: Path, lee: User) -> None:
    write(
        path,
        {
            "sales/faq.md": "# Q\n\n![図](a.png) {{< kpi \"x\" >}} <iframe src='https://e.com'></iframe>\n\n```mermaid\na\n```",
            "logo.svg": "<svg/>",
        },
    )
    write(
        path,
        {"empty.md": "", "dated.md": "---\nverified_until: 2030-01-31\ntags: " + "x" * 101 + "\n---\n本文"},
    )

    report = bring(path, lee)

    assert sorted(codes(report)) == [
        ("dated.md", "tag_left_out"),
        ("dated.md", "verified_until_not_kept"),
        ("empty.md", "empty"),
        ("logo.svg", "file_not_taken"),
        ("sales/faq.md", "diagram_as_code"),
        ("sales/faq.md", "iframe_removed"),
        ("sales/faq.md", "image_not_kept"),
        ("sales/faq.md", "shortcode_removed"),
    ]
    assert page("empty.md").body == ""
    assert not page("dated.md").tags.exists()


def test_a_page_that_takes_too_long_to_render_is_taken_whole_and_told(path: Path, lee: User) -> None:
    text = "[" * 2_000_000
    write(path, {"slow.md": f"# 遅い\n\n{text}"})
    report = bring(path, lee)
    slow = page("slow.md")
    assert slow.body == text
    assert (("slow.md", "shown_as_written") in codes(report)) == slow.plain


# ------------------------------------------------------------------ what was done here stays
def edit(article: Article, by: User, **fields: Any) -> Article:
    now: dict[str, Any] = {
        "title": article.title,
        "body": article.body,
        "kind": article.kind,
        "language": article.language,
        "collection": article.collection,
        "tags": sorted(article.tags.names()),
        "keep_readers": True,
    }
    content = Content(**{**now, **fields})
    return save_article(by=by, content=content, article=article, base_version=article.version)


def test_an_edit_made_here_stays_as_long_as_the_file_stays(path: Path, lee: User, mori: User) -> None:
    bring(path, lee)
    edit(page("sales/faq.md"), mori, body="直した文")

    assert counts(bring(path, lee)) == (0, 0, 3, 0)
    assert page("sales/faq.md").body == "直した文"


def test_a_changed_file_over_an_edit_made_here_is_told_and_the_edit_is_in_the_history(
    path: Path, lee: User, mori: User
) -> None:
    bring(path, lee)
    edit(page("sales/faq.md"), mori, body="直した文")
    write(path, {"sales/faq.md": "# Questions\n\nNewer."})

    report = bring(path, lee)

    assert counts(report) == (0, 1, 2, 0)
    assert codes(report) == [("sales/faq.md", "edited_here")]
    faq = page("sales/faq.md")
    assert faq.body == "Newer."
    assert faq.revisions.get(version=2).body == "直した文"


def test_a_changed_file_leaves_readers_collection_kind_and_tags_as_they_are_here(
    path: Path, lee: User, mori: User
) -> None:
    bring(path, lee)
    narrow = Readers(departments=of(lee))
    other = a_collection(lee, "移した先")
    edit(
        page("sales/faq.md"),
        lee,
        collection=other,
        readers=narrow,
        keep_readers=False,
        kind="faq",
        tags=["価格"],
    )
    write(path, {"sales/faq.md": "# Questions\n\nNewer."})

    bring(path, lee)

    faq = page("sales/faq.md")
    assert faq.body == "Newer."
    assert faq.collection == other
    assert faq.kind == "faq"
    assert sorted(faq.tags.names()) == ["価格"]
    assert tokens_of(faq.audience) == {f"d:{of(lee)[0].pk}"}


def test_other_options_move_a_page_and_leave_its_words(path: Path, lee: User, mori: User) -> None:
    bring(path, lee)
    narrow = Readers(departments=of(lee))
    edit(page("sales/faq.md"), lee, body="直した文", readers=narrow, keep_readers=False)

    assert counts(bring(path, lee, collection="営業資料", kind="faq")) == (0, 3, 0, 0)

    faq = page("sales/faq.md")
    assert (faq.body, faq.collection.name, faq.kind) == ("直した文", "営業資料", "faq")
    assert tokens_of(faq.audience) == {f"d:{of(lee)[0].pk}"}
    assert counts(bring(path, lee, collection="営業資料", kind="faq")) == (0, 0, 3, 0)


def test_a_page_deleted_here_stays_deleted(path: Path, lee: User) -> None:
    bring(path, lee)
    delete_article(by=lee, article=page("sales/faq.md"))

    report = bring(path, lee)
    assert (counts(report), report["changed"]) == ((0, 0, 3, 0), [])

    write(path, {"sales/faq.md": "# Questions\n\nNewer."})
    report = bring(path, lee)
    assert counts(report) == (0, 0, 3, 0)
    assert codes(report) == [("sales/faq.md", "deleted_here")]
    assert page("sales/faq.md").deleted_at is not None

    undelete_article(by=lee, article=page("sales/faq.md"))
    assert counts(bring(path, lee)) == (0, 1, 2, 0)


def test_an_import_that_was_stopped_goes_on_where_it_was(path: Path, lee: User) -> None:
    shelf = a_collection(lee, "ほか")
    refs = ["index.md", "sales/deal.md"]
    hold_places(refs, by=lee, collection_of=dict.fromkeys(refs, shelf), title_of=dict.fromkeys(refs, "x"))

    assert counts(bring(path, lee)) == (3, 0, 0, 0)
    assert page("sales/deal.md").collection.name == "Sales"
    assert page("sales/deal.md").audience == page("sales/deal.md").collection.audience
    assert counts(bring(path, lee)) == (0, 0, 3, 0)


def test_a_save_in_between_is_kept_in_the_history(path: Path, lee: User, mori: User) -> None:
    bring(path, lee)
    write(path, {"sales/faq.md": "# Questions\n\nNewer."})

    def save_meanwhile(_line: str) -> None:
        if page("sales/faq.md").version == 1:
            edit(page("sales/faq.md"), mori, body="その間の文")

    report = Import(path, by=lee, options=Options(), progress=save_meanwhile).run()

    assert counts(report) == (0, 1, 2, 0)
    faq = page("sales/faq.md")
    assert (faq.version, faq.body) == (3, "Newer.")
    assert faq.revisions.get(version=2).body == "その間の文"
    assert counts(bring(path, lee)) == (0, 0, 3, 0)


# ------------------------------------------------------------------ all or nothing
def test_strict_takes_nothing_when_something_is_wrong(path: Path, lee: User) -> None:
    write(path, {"bad.md": "---\nkind: poem\n---\n本文"})
    report = bring(path, lee, strict=True)
    assert counts(report) == (0, 0, 0, 4)
    assert codes(report, "problems") == [("bad.md", "unknown_kind")]
    assert not Article.objects.exists()
    assert not Collection.objects.exists()


def test_strict_also_stops_at_a_head_that_would_be_kept_as_text(path: Path, lee: User) -> None:
    write(path, {"bad.md": "---\ntitle: a: b\n---\n本文"})
    assert counts(bring(path, lee, strict=True)) == (0, 0, 0, 4)
    assert counts(bring(path, lee)) == (4, 0, 0, 0)


def test_strict_takes_everything_when_nothing_is_wrong(path: Path, lee: User) -> None:
    assert counts(bring(path, lee, strict=True)) == (3, 0, 0, 0)
    assert counts(bring(path, lee, strict=True)) == (0, 0, 3, 0)


def test_strict_renders_before_it_writes_and_comes_to_the_same(path: Path, lee: User) -> None:
    bring(path, lee, strict=True)
    for ref in HANDBOOK:
        article = page(ref)
        rendered = render(article.body)
        assert (article.html, article.text) == (rendered.html, rendered.text)
    assert f'href="{page("sales/deal.md").get_absolute_url()}#h-start"' in page("index.md").html


def test_strict_takes_back_what_was_written_when_a_page_is_refused_on_the_way(
    path: Path, lee: User, mori: User
) -> None:
    bring(path, lee)
    write(path, {"sales/faq.md": "# Questions\n\nNewer.", "a.md": "新しい"})

    def hide_meanwhile(_line: str) -> None:
        if page("sales/faq.md").version == 1:
            edit(page("sales/faq.md"), mori, readers=Readers(people=[mori]), keep_readers=False)

    report = Import(path, by=lee, options=Options(strict=True), progress=hide_meanwhile).run()

    assert counts(report) == (0, 0, 2, 2)
    assert codes(report, "problems") == [("sales/faq.md", "not_allowed")]
    assert not Article.objects.filter(ref="a.md").exists()
    assert counts(bring(path, lee)) == (1, 0, 2, 1)
