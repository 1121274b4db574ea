"""`import_articles` as scripts call it: its JSON, its exit codes, and what is found afterwards."""

import json
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from kb.accounts.models import User
from kb.articles.models import Article
from kb.search.find import find
from kb.search.models import PendingChange

COUNTS = ("created", "updated", "unchanged", "refused")


def run(*arguments: object, expect: int = 0) -> dict[str, Any]:
    """The command's answer with --json, once it left with the code expected."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("import_articles", *map(str, arguments), "--json", stdout=out, stderr=err)
    except SystemExit as left:
        code = int(str(left.code))
    assert code == expect, out.getvalue()
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "sso.md").write_text(
        "# 要件\n\n先方はSSOとSCIMが必要で、ﾃﾞｰﾀの移行も望みます。", encoding="utf-8"
    )
    (folder / "bad.md").write_text("---\nkind: poem\n---\n本文", encoding="utf-8")
    return folder


def test_the_answer_has_the_listed_keys(path: Path, takahashi: User) -> None:
    answer = run(path, expect=1)
    assert list(answer) == ["schema", "dry_run", "rows", *COUNTS, "changed", "problems"]
    assert answer["schema"] == 1
    assert [answer[name] for name in ("rows", *COUNTS)] == [2, 1, 0, 0, 1]
    assert list(answer["problems"][0]) == ["file", "row", "column", "value", "code", "message", "refused"]
    assert Article.objects.get().created_by == takahashi


def test_what_comes_in_is_found_at_once(path: Path, takahashi: User) -> None:
    run(path, expect=1)
    assert not PendingChange.objects.exists()
    for words in ("SSO", "SCIM", "データ", "ﾃﾞｰﾀ", "要件"):
        assert find(words, viewer=takahashi).total == 1, words


def test_the_index_may_be_left_to_the_worker(path: Path, takahashi: User) -> None:
    run(path, "--no-index", expect=1)
    assert PendingChange.objects.count() == 1


def test_a_dry_run_leaves_with_the_same_code_and_writes_nothing(path: Path, takahashi: User) -> None:
    answer = run(path, "--dry-run", expect=1)
    assert (answer["dry_run"], answer["created"]) == (True, 1)
    assert not Article.objects.exists()


def test_strict_takes_all_or_nothing(path: Path, takahashi: User) -> None:
    assert run(path, "--strict", expect=1)["refused"] == 2
    assert not Article.objects.exists()
    (path / "bad.md").write_text("---\nkind: faq\n---\n本文", encoding="utf-8")
    assert run(path, "--strict")["created"] == 2


def test_strict_leaves_with_1_also_when_nothing_was_left_to_write(path: Path, takahashi: User) -> None:
    (path / "bad.md").write_text("---\ntitle: a: b\n---\n本文", encoding="utf-8")
    assert run(path)["problems"][0]["code"] == "front_matter"
    assert run(path, "--strict", expect=1)["unchanged"] == 2


def test_options_are_understood(path: Path, lee: User) -> None:
    (path / "bad.md").unlink()
    department = lee.departments.get()
    spec = [f"department:{department.name}", f"user:{lee.username}"]
    run(path, "--kind", "faq", "--collection", "要件", "--by", lee.username, "--audience", *spec)
    article = Article.objects.get()
    assert (article.kind, article.collection.name, article.created_by) == ("faq", "要件", lee)
    assert list(article.audience.departments.all()) == [department]
    assert list(article.audience.people.all()) == [lee]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["nowhere"], 1, "no_such_path"),
        (["{path}", "--by", "nobody"], 4, "unknown_user"),
        (["{path}", "--audience", "department:Moon"], 4, "unknown_department"),
        (["{path}", "--audience", "user:nobody"], 4, "unknown_user"),
        (["{path}", "--audience", "moon"], 2, "usage"),
        (["{path}", "--by", "ito"], 1, "not_allowed"),
        (["{path}", "--audience", "user:ito"], 1, "locked_out"),
        (["{path}", "--collection", "x" * 101], 2, "usage"),
    ],
)
def test_a_failure_is_told_as_json_with_its_code(
    path: Path, cast: dict[str, User], arguments: list[str], exit_code: int, code: str
) -> None:
    answer = run(*(argument.format(path=path) for argument in arguments), expect=exit_code)
    assert answer["error"]["code"] == code
    assert answer["error"]["message"]
    assert not Article.objects.exists()


def test_without_an_administrator_somebody_has_to_be_named(path: Path, db: None) -> None:
    assert run(path, expect=4)["error"]["code"] == "unknown_user"


def test_for_a_person_it_is_told_in_lines(path: Path, takahashi: User) -> None:
    (path / "bad.md").write_text("---\nkind: poem\n---\n![図](a.png)", encoding="utf-8")
    (path / "picture.md").write_text("# 図\n\n![図](a.png)", encoding="utf-8")
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit):
        call_command("import_articles", str(path), stdout=out, stderr=err)
    first, *others = out.getvalue().splitlines()
    assert first == "3 rows, 2 created, 0 updated, 0 unchanged, 1 refused"
    assert any(line.startswith("picture.md: ") and line.endswith("[image_not_kept]") for line in others)
    assert any(line.startswith("bad.md, line 2, kind: ") and "(poem)" in line for line in others)
    assert "2" in err.getvalue()


# ------------------------------------------------------------------ real folders
@pytest.fixture
def files_with(real_data: Path) -> Callable[[str], set[str]]:
    """The Japanese handbook's files that hold a word, as grep finds them."""

    def grep(word: str) -> set[str]:
        folder = real_data / "handbooks" / "gitlab_ja_marketing"
        found = subprocess.run(["grep", "-rlF", word, "."], cwd=folder, capture_output=True, text=True)
        return {line.removeprefix("./") for line in found.stdout.splitlines()}

    return grep


@pytest.mark.real_data
def test_every_file_with_a_word_is_found_by_it(
    real_data: Path, files_with: Callable[[str], set[str]], takahashi: User, tmp_path: Path
) -> None:
    words = {"需要創出": 6, "顧客の声": 3}
    folder = tmp_path / "handbook"
    for word, number in words.items():
        refs = files_with(word)
        assert len(refs) == number
        for ref in refs:
            file = folder / ref
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes((real_data / "handbooks" / "gitlab_ja_marketing" / ref).read_bytes())

    run(folder)

    for word in words:
        results = find(word, viewer=takahashi, languages=("ja",), size=100)
        assert {hit.ref for hit in results.hits if hit.complete} == files_with(word)
    assert run(folder)["unchanged"] == len(list(folder.rglob("*.md")))
