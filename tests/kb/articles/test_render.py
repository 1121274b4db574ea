"""The command that shows what a text becomes."""

import io
import json
import sys
from pathlib import Path

import pytest
from django.core.management import call_command


def shown(*arguments: str) -> str:
    out = io.StringIO()
    call_command("render", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_file_is_shown_as_clean_html_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "商談.md"
    file.write_bytes("**「初回」**は<script>alert(1)</script>大切".encode(encoding))
    assert shown(str(file)) == "<p><strong>「初回」</strong>は&lt;script&gt;alert(1)&lt;/script&gt;大切</p>\n"


def test_what_comes_in_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("# 題".encode())))
    assert shown("-") == '<h2 id="h-題">題</h2>\n'


def test_the_answer_can_be_json(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("稟議", encoding="utf-8")
    assert json.loads(shown(str(file), "--json")) == {"schema": 1, "html": "<p>稟議</p>\n", "plain": False}


def test_a_picture_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(SystemExit) as left:
        shown(str(file))
    assert left.value.code == 1
    assert "is not text" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        shown(str(tmp_path / "none.md"))
    assert left.value.code == 1
    assert "none.md cannot be read" in capsys.readouterr().err
