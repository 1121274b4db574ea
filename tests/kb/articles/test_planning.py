"""What each file of an import comes to: who may read it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.access.actions import Readers
from kb.access.tokens import tokens_of
from kb.accounts.models import User
from kb.articles.actions import (
    NotAllowed,
    save_collection,
)
from kb.articles.models import Article
from tests.factories import a_collection, an_article
from tests.kb.articles.folders import HANDBOOK, bring, codes, counts, handbook, of, page, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return handbook(tmp_path)


# ------------------------------------------------------------------ who may read, who may write
def test_audience_is_that_of_new_collections_and_pages(path: Path, lee: User) -> None:
    sales = Readers(departments=of(lee))
    standing = a_collection(lee, "Sales")

    bring(path, lee, readers=sales)

    assert tokens_of(page("index.md").collection.audience) == {f"d:{of(lee)[0].pk}"}
    assert not page("index.md").own_audience
    assert tokens_of(standing.audience) == {"all"}
    assert tokens_of(page("sales/faq.md").audience) == {f"d:{of(lee)[0].pk}"}


def test_the_head_may_narrow_who_reads_and_never_widen(path: Path, lee: User, mori: User, ito: User) -> None:
    department = of(lee)[0]
    write(
        path,
        {
            "narrow.md": f"---\naudience: user:{lee.username}\n---\n本文",
            "same.md": "---\naudience: everyone\n---\n本文",
            "wide.md": f"---\naudience: [user:{lee.username}, user:{mori.username}]\n---\n本文",
        },
    )

    report = bring(path, lee, readers=Readers(departments=[department]))

    assert codes(report, "problems") == [("wide.md", "audience_wider")]
    assert tokens_of(page("narrow.md").audience) == {f"u:{lee.pk}"}
    assert tokens_of(page("same.md").audience) == {f"d:{department.pk}"}
    assert not Article.objects.visible_to(mori).exists()


def test_a_page_whose_readers_leave_the_importer_out_is_refused(path: Path, lee: User, mori: User) -> None:
    write(path, {"a.md": f"---\naudience: user:{mori.username}\n---\n本文"})
    report = bring(path, lee)
    assert codes(report, "problems") == [("a.md", "locked_out")]
    assert counts(report) == (3, 0, 0, 1)


def test_a_later_run_without_an_audience_opens_nothing(path: Path, lee: User, mori: User) -> None:
    bring(path, lee, readers=Readers(departments=of(lee)))
    write(path, {"sales/faq.md": "# Questions\n\nNewer."})
    bring(path, lee)
    assert not Article.objects.visible_to(mori).exists()


def test_a_page_one_may_not_see_is_refused_and_nothing_of_it_is_told(
    path: Path, lee: User, mori: User
) -> None:
    bring(path, mori, readers=Readers(people=[mori]), collection="内緒の棚")
    write(path, {"sales/faq.md": "# Questions\n\nNewer."})

    report = bring(path, lee)

    assert counts(report) == (0, 0, 0, 3)
    assert codes(report, "problems") == [(ref, "not_allowed") for ref in sorted(HANDBOOK)]
    assert "内緒" not in str(report)
    assert report["changed"] == []
    assert page("sales/faq.md").version == 1


def test_a_collection_one_may_not_see_takes_no_pages(path: Path, lee: User, mori: User) -> None:
    save_collection(by=mori, name="sales", readers=Readers(people=[mori]))
    dry = bring(path, lee, dry_run=True)
    report = bring(path, lee)
    assert counts(dry) == counts(report) == (1, 0, 0, 2)
    assert {code for _file, code in codes(report, "problems")} == {"not_allowed"}
    assert {one["column"] for one in report["problems"]} == {None}


def test_a_link_to_a_refused_page_does_not_tell_where_it_stands(path: Path, lee: User, mori: User) -> None:
    secret = an_article(mori, "内緒", readers=Readers(people=[mori]))
    Article.objects.filter(pk=secret.pk).update(ref="sales/deal.md")
    report = bring(path, lee)
    assert codes(report) == [("index.md", "broken_link")]
    assert secret.get_absolute_url() not in page("index.md").body


def test_a_reader_imports_nothing(path: Path, ito: User) -> None:
    with pytest.raises(NotAllowed):
        bring(path, ito)


# ------------------------------------------------------------------ what is refused
@pytest.mark.parametrize(
    ("head", "column", "value", "code"),
    [
        ("kind: poem", "kind", "poem", "unknown_kind"),
        ("owner: nobody", "owner", "nobody", "unknown_user"),
        ("audience: department:Moon", "audience", "department:Moon", "unknown_department"),
        ("audience: user:nobody", "audience", "user:nobody", "unknown_user"),
        ("audience: all", "audience", "all", "unknown_audience"),
        ("audience:", "audience", "", "empty_audience"),
        ("verified_until: soon", "verified_until", "soon", "bad_date"),
        ("verified_until: 2026-13-01", "verified_until", "2026-13-01", "bad_date"),
    ],
)
def test_a_value_nobody_knows_keeps_its_page_out_and_is_told(
    path: Path, lee: User, head: str, column: str, value: str, code: str
) -> None:
    write(path, {"bad.md": f"---\ntitle: 題\n{head}\n---\n本文"})

    report = bring(path, lee)

    assert counts(report) == (3, 0, 0, 1)
    (problem,) = report["problems"]
    assert problem["message"]
    assert {name: problem[name] for name in ("file", "row", "column", "value", "code")} == {
        "file": "bad.md",
        "row": 3,
        "column": column,
        "value": value,
        "code": code,
    }


@pytest.mark.parametrize("written", ["success story", "Success-Story", "SUCCESS_STORY"])
def test_a_kind_may_be_written_as_people_write_it(path: Path, lee: User, written: str) -> None:
    write(path, {"a.md": f"---\nkind: {written}\nowner: {lee.username}\n---\n本文"})
    bring(path, lee)
    assert page("a.md").kind == "success_story"


def test_an_owner_is_kept_and_a_later_change_of_the_file_leaves_another_one(
    path: Path, lee: User, mori: User
) -> None:
    write(path, {"a.md": f"---\nowner: {mori.username}\n---\n本文"})
    bring(path, lee)
    assert page("a.md").owner == mori
