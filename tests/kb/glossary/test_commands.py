"""The glossary on the command line: shapes, exits, and what each person may see."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kb.accounts.models import User
from kb.glossary.models import Term
from tests.kb.glossary.terms import a_term, only


def answer(*words: str, code: int = 0) -> dict[str, Any]:
    """What a command answers with --json, and that it leaves with this code."""
    out = io.StringIO()
    left = 0
    try:
        call_command(*words, "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as exit_:
        left = int(str(exit_.code))
    assert left == code
    line = out.getvalue()
    assert "\\u" not in line
    told: dict[str, Any] = json.loads(line)
    assert told.pop("schema") == 1
    return told


def test_lookup_answers_by_any_form(sato: User) -> None:
    term = a_term(sato, "稟議", other_language="internal approval round", aliases=["社内稟議"])
    for form in ("稟議", "社内稟議", "INTERNAL  approval round"):
        told = answer("lookup", form, "--as", "sato")
        assert told["form"] == form
        [found] = told["terms"]
        assert found["id"] == term.pk
    assert found == {
        "id": term.pk,
        "preferred": "稟議",
        "reading": "りんぎ",
        "other_language": "internal approval round",
        "abbreviation": None,
        "aliases": ["社内稟議"],
        "explanation": term.explanation,
        "status": "approved",
        "scope": None,
        "use_instead": None,
    }


def test_one_plain_explanation_serves_every_audience(sato: User, tmp_path: Path) -> None:
    a_term(sato, "稟議")
    text = tmp_path / "text.md"
    text.write_text("稟議を待つ。", "utf-8")
    plain = answer("lookup", "稟議", "--as", "sato")

    assert answer("lookup", "稟議", "--as", "sato", "--audience", "sales") == plain
    assert len(answer("explain", str(text), "--as", "sato", "--audience", "customers")["matches"]) == 1
    with pytest.raises(CommandError, match="nobody"):
        call_command("lookup", "稟議", "--as", "sato", "--audience", "nobody")


def test_lookup_tells_nothing_of_what_one_may_not_see(sato: User, lee: User) -> None:
    a_term(sato, "社外秘", readers=only("マーケティング"))
    assert len(answer("lookup", "社外秘", "--as", "sato")["terms"]) == 1
    assert answer("lookup", "社外秘", "--as", "lee")["terms"] == []
    assert answer("lookup", "無い語", "--as", "lee")["terms"] == []


def test_an_unknown_person_is_exit_4(cast: dict[str, User], tmp_path: Path) -> None:
    for words in (
        ("lookup", "x", "--as", "nobody"),
        ("explain", "-", "--as", "nobody"),
        ("import_terms", str(tmp_path), "--by", "nobody"),
    ):
        assert answer(*words, code=4)["error"]["code"] == "unknown_user"
    assert answer("explain", "-", "--scope", "nowhere", code=4)["error"]["code"] == "unknown_department"
    assert (
        answer("import_terms", str(tmp_path), "--audience", "department:nowhere", code=4)["error"]["code"]
        == "unknown_department"
    )


def test_explain_counts_code_points_of_the_file(sato: User, tmp_path: Path) -> None:
    term = a_term(sato, "SSO")
    text = "😀 **SSO**と`SSO`\n\n# SSO\n"
    path = tmp_path / "a.md"
    path.write_bytes(text.encode("utf-16"))
    matches = answer("explain", str(path))["matches"]
    assert [text[match["start"] : match["end"]] for match in matches] == ["SSO"] * 3
    assert matches[0] == {
        "start": 4,
        "end": 7,
        "surface": "SSO",
        "terms": [term.pk],
        "linked": True,
        "reason": None,
    }
    assert [(match["linked"], match["reason"]) for match in matches[1:]] == [
        (False, "code"),
        (False, "heading"),
    ]


def test_explain_reads_what_comes_in(sato: User, monkeypatch: pytest.MonkeyPatch) -> None:
    a_term(sato, "商談")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("商談".encode("cp932"))))
    assert len(answer("explain", "-", "--as", "sato")["matches"]) == 1


@pytest.mark.parametrize("content", [b"\x00\x01", b"\x81\xff"])
def test_explain_says_that_a_file_is_no_text(cast: dict[str, User], tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert answer("explain", str(path), code=1)["error"]["code"] == "not_text"
    assert answer("explain", str(tmp_path / "missing"), code=1)["error"]["code"] == "no_such_path"


def test_import_terms_reports_and_leaves_with_1_when_something_was_refused(
    sato: User, takahashi: User, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("用語,説明,色\n失注,負け,赤\n,x,\n", encoding="cp932")
    told = answer("import_terms", str(path), code=1)
    assert told == {
        "dry_run": False,
        "rows": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "refused": 1,
        "changed": [],
        "problems": [
            {
                "file": "a.csv",
                "row": None,
                "column": "色",
                "value": None,
                "code": "unknown_column",
                "message": told["problems"][0]["message"],
                "refused": False,
            },
            {
                "file": "a.csv",
                "row": 2,
                "column": "用語",
                "value": None,
                "code": "no_term",
                "message": told["problems"][1]["message"],
                "refused": True,
            },
        ],
    }
    assert "色" in told["problems"][0]["message"]
    assert Term.objects.get().created_by == takahashi


def test_import_terms_leaves_the_index_drained(sato: User, takahashi: User, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("用語,説明\n失注,負けた商談\n", encoding="utf-8")
    answer("import_terms", str(path))
    assert [hit["title"] for hit in answer("search", "失注", "--as", "sato")["hits"]] == ["失注"]


def test_import_terms_refuses_a_reader_and_a_missing_path(ito: User, tmp_path: Path) -> None:
    assert answer("import_terms", str(tmp_path), "--by", "ito", code=1)["error"]["code"] == "not_allowed"
    assert (
        answer("import_terms", str(tmp_path / "x"), "--by", "ito", code=1)["error"]["code"] == "no_such_path"
    )


def test_the_commands_speak_to_people_too(sato: User, takahashi: User, tmp_path: Path) -> None:
    a_term(sato, "稟議", other_language="approval")
    path = tmp_path / "a.csv"
    path.write_text("用語,説明\n失注,負け\n", encoding="utf-8")
    for words, expected in (
        (("lookup", "稟議", "--as", "sato"), "稟議（りんぎ） approval [approved]"),
        (("lookup", "無い", "--as", "sato"), "無い is not in the glossary."),
        (("import_terms", str(path)), "1 rows, 1 created, 0 updated, 0 unchanged, 0 refused"),
        (("explain", str(path)), "失注"),
    ):
        out = io.StringIO()
        call_command(*words, stdout=out, stderr=io.StringIO())
        assert expected in out.getvalue()
