"""Collecting strings for translation: what is found, what is kept, what is complained about."""

import json
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from config.management.commands import messages
from config.management.commands.messages import Message, messages_in_python, messages_in_template


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of one module and one template, with a catalogue of its own."""
    (tmp_path / "kb").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "kb" / "a.py").write_text(
        '_("Save")\nngettext("%(n)d page", "%(n)d pages", n)\n', encoding="utf-8"
    )
    (tmp_path / "templates" / "a.html").write_text(
        '{% load i18n %}{% translate "Search" %}', encoding="utf-8"
    )
    monkeypatch.setattr(messages, "BASE_DIR", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "django.po")
    return tmp_path / "django.po"


def filled(folder: Path, **texts: object) -> str:
    path = folder / "ja.json"
    path.write_text(json.dumps(texts), encoding="utf-8")
    return str(path)


def test_python_gives_its_written_out_strings() -> None:
    source = """
_("a" "b"); ngettext("one", "many", n); pgettext("verb", "Open"); t.gettext_lazy("late"); _(name); other("no")
"""
    assert sorted(messages_in_python(source)) == [
        Message("", "ab"),
        Message("", "late"),
        Message("", "one", "many"),
        Message("verb", "Open"),
    ]


def test_templates_give_tags_blocks_plurals_contexts_and_arguments() -> None:
    source = """{% load i18n %}{% translate "It's" %}{% translate "May" context "month" %}{# _("comment") #}
{% blocktranslate count n=n %}One {{ n }}{% plural %}{{ n }} ones{% endblocktranslate %}
{% blocktranslate trimmed %}
  Over "two"
  lines
{% endblocktranslate %}{% include "a.html" with label=_("Label") %}"""
    assert sorted(messages_in_template(source, "a.html")) == [
        Message("", "It's"),
        Message("", "Label"),
        Message("", "One %(n)s", "%(n)s ones"),
        Message("", 'Over "two" lines'),
        Message("month", "May"),
    ]


def test_what_is_filled_in_is_kept_and_what_is_gone_is_dropped(catalogue: Path) -> None:
    call_command("messages", fill=[filled(catalogue.parent, Save="保存", Search="検索")])
    (catalogue.parent / "templates" / "a.html").write_text("", encoding="utf-8")
    call_command("messages")
    texts = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue))}
    assert texts == {"%(n)d page": "", "Save": "保存"}


def test_a_whole_catalogue_passes_and_is_compiled(catalogue: Path) -> None:
    texts: dict[str, object] = {"Save": "保存", "Search": "検索", "%(n)d page": ["%(n)dページ"]}
    call_command("messages", fill=[filled(catalogue.parent, **texts)])
    call_command("messages", check=True)
    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural[0] for entry in compiled} == {
        "Save": "保存",
        "Search": "検索",
        "%(n)d page": "%(n)dページ",
    }


def test_what_is_wrong_is_named_line_by_line(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts: dict[str, object] = {"Save": "保存", "Search": "", "%(n)d page": ["%(m)dページ"]}
    call_command("messages", fill=[filled(catalogue.parent, **texts)])
    (catalogue.parent / "kb" / "a.py").write_text(
        'ngettext("%(n)d page", "%(n)d pages", n)\n_("New")\n', encoding="utf-8"
    )
    capsys.readouterr()
    with pytest.raises(CommandError):
        call_command("messages", check=True)
    assert sorted(capsys.readouterr().out.splitlines()) == [
        "missing: New",
        "no longer used: Save",
        "other placeholders: %(n)d page -> %(m)dページ",
        "untranslated: Search",
    ]


def test_a_catalogue_that_was_not_compiled_is_noticed(catalogue: Path) -> None:
    call_command("messages", fill=[filled(catalogue.parent, Save="保存")])
    catalogue.with_suffix(".mo").unlink()
    assert "not compiled: django.mo" in messages.problems()
