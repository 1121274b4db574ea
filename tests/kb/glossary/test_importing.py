"""Glossaries brought in: what each row comes to, twice, in strictness, and beside what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.access.actions import Readers
from kb.accounts.models import User
from kb.glossary.actions import TermContent, delete_term, save_term
from kb.glossary.importing import Import, Options
from kb.glossary.models import Status, Term
from tests.kb.glossary.terms import a_term, only

COUNTS = ("created", "updated", "unchanged", "refused")


def bring(path: Path, by: User, **options: Any) -> dict[str, Any]:
    report = Import(path, by=by, options=Options(**options)).run()
    assert report["rows"] == sum(report[name] for name in COUNTS)  # type: ignore[misc]
    return report


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in COUNTS)


def codes(report: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(problem["row"], problem["code"]) for problem in report["problems"]]


def table(tmp_path: Path, *rows: str, name: str = "terms.csv", header: str = "用語,英語,説明") -> Path:
    path = tmp_path / name
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    return path


def test_a_file_comes_in_once(tmp_path: Path, sato: User) -> None:
    path = table(tmp_path, "失注,lost deal,負け", "受注,won deal,勝ち")
    assert counts(bring(path, sato)) == (2, 0, 0, 0)
    assert counts(bring(path, sato)) == (0, 0, 2, 0)
    term = Term.objects.get(preferred="失注")
    assert (term.ref, term.status, term.owner, term.version) == ("terms.csv#失注", Status.APPROVED, sato, 1)
    assert (term.reading, term.other_language) == ("しっちゅう", "lost deal")


def test_what_changed_in_the_file_changes_here_and_nothing_else(tmp_path: Path, sato: User) -> None:
    bring(table(tmp_path, "失注,lost deal,負け", "受注,won deal,勝ち"), sato)
    term = Term.objects.get(preferred="失注")
    kept = TermContent(
        preferred="失注", explanation="負け", explanation_en="written here", aliases=["ロスト"]
    )
    save_term(by=sato, term=term, base_version=1, content=kept)
    assert counts(bring(table(tmp_path, "失注,,契約に至らなかった", "受注,won deal,勝ち"), sato)) == (
        0,
        1,
        1,
        0,
    )
    term.refresh_from_db()
    assert (term.explanation, term.explanation_en) == ("契約に至らなかった", "written here")
    assert [alias.text for alias in term.aliases.all()] == ["ロスト"]


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path, sato: User) -> None:
    report = bring(table(tmp_path, "失注,,負け", ",,x"), sato, dry_run=True)
    assert counts(report) == (1, 0, 0, 1)
    assert report["dry_run"] is True
    assert not Term.objects.exists()


def test_strict_is_all_or_nothing(tmp_path: Path, sato: User) -> None:
    report = bring(table(tmp_path, "失注,,負け", ",,x"), sato, strict=True)
    assert counts(report) == (0, 0, 0, 2)
    assert codes(report) == [(None, "nothing_taken"), (2, "no_term")]
    assert not Term.objects.exists()
    assert counts(bring(table(tmp_path, "失注,,負け"), sato, strict=True)) == (1, 0, 0, 0)


def test_two_rows_that_fold_to_one_form_are_told_by_row(tmp_path: Path, sato: User) -> None:
    report = bring(table(tmp_path, "サーバ,,一", "ｻｰﾊﾞ,,二", "サーバ,,一"), sato)
    assert counts(report) == (1, 0, 0, 2)
    assert codes(report) == [(2, "same_form"), (3, "same_form")]
    assert "terms.csv" in report["problems"][0]["message"]
    assert counts(bring(table(tmp_path, "サーバ,,一", "ｻｰﾊﾞ,,二", "サーバ,,一"), sato)) == (0, 0, 1, 2)


def test_the_same_word_of_two_departments_is_two_terms(tmp_path: Path, sato: User) -> None:
    path = table(tmp_path, "DNS,マーケティング,一", "DNS,,二", "DNS,No Such,三", header="用語,部署,説明")
    report = bring(path, sato)
    assert counts(report) == (2, 0, 0, 1)
    assert codes(report) == [(2, "shared_form"), (3, "unknown_department")]
    assert report["problems"][1]["column"] == "scope"
    assert report["problems"][1]["value"] == "No Such"
    assert counts(bring(path, sato)) == (0, 0, 2, 1)


@pytest.mark.parametrize(
    ("on_conflict", "expected", "terms"),
    [
        ("skip", (0, 0, 0, 1), ["前"]),
        ("update", (0, 1, 0, 0), ["後"]),
        ("meaning", (1, 0, 0, 0), ["前", "後"]),
    ],
)
def test_a_word_that_is_there_is_left_changed_or_given_another_meaning(
    tmp_path: Path, sato: User, on_conflict: str, expected: tuple[int, ...], terms: list[str]
) -> None:
    a_term(sato, "失注", explanation="前")
    path = table(tmp_path, "失注,,後")
    assert counts(bring(path, sato, on_conflict=on_conflict)) == expected
    assert list(Term.objects.order_by("pk").values_list("explanation", flat=True)) == terms
    if on_conflict != "skip":
        assert counts(bring(path, sato, on_conflict=on_conflict)) == (0, 0, 1, 0)


def test_a_row_that_says_nothing_new_of_a_known_word_is_unchanged(tmp_path: Path, sato: User) -> None:
    a_term(sato, "失注", explanation="負け", other_language="lost deal", aliases=["ロスト"])
    assert counts(bring(table(tmp_path, "失注,lost deal,負け"), sato)) == (0, 0, 1, 0)


def test_two_files_may_tell_of_one_word_without_undoing_each_other(tmp_path: Path, sato: User) -> None:
    first, second = (
        table(tmp_path, "失注,lost deal,", name="a.csv"),
        table(tmp_path, "失注,,負け", name="b.csv"),
    )
    bring(first, sato)
    assert counts(bring(second, sato, on_conflict="update")) == (0, 1, 0, 0)
    for path in (first, second, first):
        assert counts(bring(path, sato, on_conflict="update")) == (0, 0, 1, 0)


def test_an_id_keeps_a_term_the_same_when_its_form_changes(tmp_path: Path, sato: User) -> None:
    bring(table(tmp_path, "1,見積り", header="id,用語"), sato)
    assert counts(bring(table(tmp_path, "1,見積もり", header="id,用語"), sato)) == (0, 1, 0, 0)
    assert Term.objects.get().preferred == "見積もり"


def test_a_deleted_term_does_not_come_back_by_itself(tmp_path: Path, sato: User) -> None:
    path = table(tmp_path, "失注,,負け")
    bring(path, sato)
    delete_term(by=sato, term=Term.objects.get())
    report = bring(path, sato)
    assert counts(report) == (0, 0, 0, 1)
    assert codes(report) == [(1, "deleted")]


def test_what_is_kept_in_part_is_told(tmp_path: Path, sato: User) -> None:
    path = table(
        tmp_path, "株,かぶ,maybe,nobody,", "R,aaru,承認,mori,R言語", header="用語,読み,状態,担当,別名"
    )
    report = bring(path, sato)
    assert counts(report) == (2, 0, 0, 0)
    assert sorted(codes(report)) == [
        (1, "one_letter"),
        (1, "unknown_person"),
        (1, "unknown_status"),
        (2, "no_kana"),
        (2, "one_letter"),
    ]
    second = Term.objects.get(preferred="R")
    assert second.owner is not None
    assert second.owner.username == "mori"
    assert counts(bring(path, sato)) == (0, 0, 2, 0)


def test_forms_and_texts_that_are_too_long_are_refused(tmp_path: Path, sato: User) -> None:
    report = bring(table(tmp_path, f"{'長' * 201},,x", f"失注,,{'長' * 20_001}", f"受注,{'x' * 201},y"), sato)
    assert counts(report) == (0, 0, 0, 3)
    assert [(problem["row"], problem["column"], problem["code"]) for problem in report["problems"]] == [
        (1, "term", "too_long"),
        (2, "explanation", "too_long"),
        (3, "other_language", "too_long"),
    ]
    assert all(len(problem["value"]) <= 80 for problem in report["problems"])


def test_a_writers_import_is_a_set_of_proposals(tmp_path: Path, lee: User) -> None:
    bring(table(tmp_path, "失注,承認", header="用語,状態"), lee)
    assert Term.objects.get().status == Status.PROPOSED


def test_a_closed_import_is_for_its_readers_alone(tmp_path: Path, sato: User, lee: User) -> None:
    path = table(tmp_path, "社外秘,,x")
    readers = only("マーケティング")
    refused = bring(path, lee, readers=readers)
    assert counts(refused) == (0, 0, 0, 1)
    assert codes(refused) == [(1, "locked_out")]
    assert counts(bring(path, sato, readers=readers)) == (1, 0, 0, 0)
    assert counts(bring(path, sato, readers=readers)) == (0, 0, 1, 0)
    assert not Term.objects.visible_to(lee).exists()
    assert counts(bring(path, sato, readers=Readers(everyone=True))) == (0, 1, 0, 0)
    assert Term.objects.visible_to(lee).exists()


def test_a_hostile_file_of_ten_megabytes_is_told_in_time(tmp_path: Path, sato: User) -> None:
    path = table(tmp_path, "失注,,負け", f"長文,,{'あ' * 3_400_000}", "受注,,勝ち")
    report = bring(path, sato)
    assert counts(report) == (2, 0, 0, 1)
    assert codes(report) == [(2, "too_long")]


def test_naughty_strings_come_in_or_are_refused_by_row(tmp_path: Path, sato: User) -> None:
    strings = [
        "<script>alert(1)</script>",
        "'; DROP TABLE terms;--",
        "\ufeff",
        "\u200b",
        "Z̮̞̠͙͔ͅḀ̗̞͈̻",
        "ﷺ",
        "\ufdfa" * 150,
        "👩‍👩‍👧",
        "..",
        "/",
        "\u202eabc",
        "ﾟ",
    ]
    report = bring(table(tmp_path, *(f'"{text}",,x' for text in strings)), sato)
    assert report["rows"] == len(strings)
    assert {code for _row, code in codes(report)} <= {"no_term", "too_long", "one_letter"}
    for term in Term.objects.all():
        assert term.get_absolute_url().startswith("/g")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("folder", "created", "refused"),
    [("cncf", 89, 1), ("glosario", 631, 2), ("gitlab", 149, 1), ("format_samples", 9, 0)],
)
def test_public_glossaries_come_in_with_a_report(
    real_data: Path, sato: User, folder: str, created: int, refused: int
) -> None:
    report = bring(real_data / "glossaries" / folder, sato)
    assert counts(report) == (created, 0, 0, refused)
    assert counts(bring(real_data / "glossaries" / folder, sato)) == (0, 0, created, refused)
