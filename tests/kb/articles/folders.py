"""A small folder of Markdown, and an import of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.accounts.models import Department, User
from kb.articles.importing import Import
from kb.articles.models import Article
from kb.articles.planning import Options

COUNTS = ("created", "updated", "unchanged", "refused")
HANDBOOK = {
    "index.md": "# 手引き\n\n[商談の進め方](sales/deal.md#start)を読みます。",
    "sales/deal.md": "---\ntags: [商談, ＳＦＡ]\nkind: playbook\n---\n# 商談の進め方\n\n## Start\n\n[戻る](../index.md)",
    "sales/faq.md": "# Questions\n\nHow to answer.",
}


def handbook(parent: Path) -> Path:
    """A small folder of pages that link to each other."""
    folder = parent / "sales-handbook"
    write(folder, HANDBOOK)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def bring(path: Path, by: User, **options: Any) -> dict[str, Any]:
    return Import(path, by=by, options=Options(**options)).run()


def counts(report: dict[str, Any] | dict[str, object]) -> tuple[int, int, int, int]:
    """created, updated, unchanged, refused"""
    created, updated, unchanged, refused = (int(str(report[name])) for name in COUNTS)
    assert created + updated + unchanged + refused == report["rows"]
    return created, updated, unchanged, refused


def codes(report: dict[str, Any], among: str = "changed") -> list[tuple[str, str]]:
    return [(one.get("ref", one.get("file")), one["code"]) for one in report[among]]


def page(ref: str) -> Article:
    return Article.objects.get(ref=ref)


def of(person: User) -> list[Department]:
    return list(person.departments.all())
