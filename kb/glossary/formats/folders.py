"""Files and folders of terms: which file is of which format, and Markdown pages, one a term, two languages joined by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kb.glossary.formats.headers import field_named
from kb.glossary.formats.prose import plain_text
from kb.glossary.formats.rows import Parsed, TermRow, named
from kb.glossary.formats.tables import has_tables, read_csv, read_markdown_tables
from kb.glossary.formats.trees import read_yaml
from kb.notices import Change, Problem
from kb.text import NotText, decode, guess_language

Format = Literal["auto", "csv", "yaml", "markdown"]
FORMATS: tuple[Format, ...] = ("auto", "csv", "yaml", "markdown")

BY_ENDING: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".md": "markdown",
    ".markdown": "markdown",
}
LANGUAGES = ("ja", "en")
# What lies beside a glossary and is none.
ABOUT = re.compile(
    r"^(?:readme|licen[cs]e|copying|contributing|changelog|code_of_conduct|security|notice|authors|maintainers|localization)\b",
    re.IGNORECASE,
)
FILE_LENGTH = 64 * 1024 * 1024
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"^ {0,3}#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1[ \t]*$", re.DOTALL | re.MULTILINE)


def read_path(path: Path, wanted: Format = "auto") -> Parsed:
    """Everything in a file or folder. Refs are paths below a folder, or the file's name."""
    if path.is_dir():
        return _read_folder(path, wanted)
    return _read_file(path, path.name, _format_of(path, wanted) or "csv", wanted)


def _format_of(path: Path, wanted: Format) -> Format | None:
    """The format a file has by its ending, or the one asked for."""
    return BY_ENDING.get(path.suffix.lower()) if wanted == "auto" else wanted


def _read_folder(folder: Path, wanted: Format) -> Parsed:
    parsed = Parsed()
    twins = list(_language_folders(folder)) if wanted in ("auto", "markdown") else []
    for pair in twins:
        parsed.extend(_read_twins(folder, pair))
    for path in _files(folder):
        ref = path.relative_to(folder).as_posix()
        if any(path.is_relative_to(one) for pair in twins for one in pair.values()):
            continue
        found = BY_ENDING.get(path.suffix.lower())
        if (
            found is None
            or (wanted != "auto" and found != wanted)
            or ABOUT.match(path.name)
            or path.name.startswith("_")
        ):
            parsed.leave_out(ref, "no_glossary", _("Not a table, YAML or page of terms; left out."))
        elif twins and found == "markdown":
            parsed.leave_out(ref, "no_glossary", _("Outside the folders of the languages; left out."))
        else:
            parsed.extend(_read_file(path, ref, found, wanted))
    _gather(parsed)
    if not parsed.rows and not parsed.refused:
        message = _("The folder holds no CSV, YAML or Markdown with terms.")
        parsed.refuse(Problem(".", None, None, None, "no_term", message))
    return parsed


def _gather(parsed: Parsed) -> None:
    """One line for what was not kept of many pages alike."""
    alike = Counter(one.message for one in parsed.left_out if one.code == "front_matter")
    parsed.left_out = [one for one in parsed.left_out if one.code != "front_matter"]
    parsed.left_out += [
        Change(
            ".",
            "front_matter",
            ngettext("%(message)s (%(count)d page).", "%(message)s (%(count)d pages).", count)
            % {"message": message, "count": count},
        )
        for message, count in alike.items()
    ]


def _files(folder: Path) -> Iterator[Path]:
    """Files below a folder in one order everywhere; hidden ones and what a link leads out of it are passed over."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if (
            path.is_file()
            and not any(part.startswith(".") for part in inside.parts)
            and path.resolve().is_relative_to(folder.resolve())
        ):
            yield path


def _read_file(path: Path, ref: str, found: Format, wanted: Format) -> Parsed:
    text, problem = _text_of(path, ref)
    if problem is not None:
        parsed = Parsed()
        parsed.refuse(problem)
        return parsed
    if found == "yaml":
        return read_yaml(ref, text)
    if found == "markdown":
        return read_markdown_tables(ref, text) if has_tables(text) else _read_page(ref, text)
    looks_like = _looks_like(text) if wanted == "auto" and path.suffix.lower() not in BY_ENDING else "csv"
    if looks_like == "yaml":
        return read_yaml(ref, text)
    return read_markdown_tables(ref, text) if looks_like == "markdown" else read_csv(ref, text)


def _looks_like(text: str) -> Format:
    """The format of a file whose name does not say it."""
    if has_tables(text):
        return "markdown"
    return "yaml" if re.match(r"\s*(?:#.*\n\s*)*- [\w\"']+.*:", text) else "csv"


def _text_of(path: Path, ref: str) -> tuple[str, Problem | None]:
    try:
        if path.stat().st_size > FILE_LENGTH:
            return "", Problem(ref, None, None, None, "too_large", _("The file is larger than 64 MB."))
        decoded = decode(path.read_bytes())
    except NotText as error:
        messages = {
            "binary": _("The file is binary; it was not read."),
            "encoding": _("The file is in none of UTF-8, UTF-16 and Shift_JIS; it was not read."),
        }
        return "", Problem(ref, None, None, None, error.reason, messages[error.reason])
    except OSError as error:
        return "", Problem(
            ref,
            None,
            None,
            None,
            "unreadable",
            _("The file cannot be read: %(reason)s") % {"reason": error.strerror},
        )
    return decoded.text.replace("\r\n", "\n").replace("\r", "\n"), None


def _language_folders(folder: Path) -> Iterator[dict[str, Path]]:
    """Pairs of folders named for the two languages, with pages of the same names in them."""
    places = [
        folder,
        *(path for path in sorted(folder.rglob("*")) if path.is_dir() and not path.name.startswith(".")),
    ]
    for place in places:
        pair = {language: place / language for language in LANGUAGES if (place / language).is_dir()}
        if pair and any(path.suffix == ".md" for one in pair.values() for path in one.iterdir()):
            yield pair


def _read_twins(folder: Path, pair: dict[str, Path]) -> Parsed:
    """One term a page name, its two languages joined."""
    parsed = Parsed()
    pages: dict[str, dict[str, Path]] = {}
    for language, place in pair.items():
        for path in _files(place):
            name = path.relative_to(place)
            ref = path.relative_to(folder).as_posix()
            if path.suffix.lower() not in (".md", ".markdown") or any(
                part.startswith("_") for part in name.parts
            ):
                parsed.leave_out(ref, "no_glossary", _("Not a page of a term; left out."))
            else:
                pages.setdefault((place.parent / name).relative_to(folder).as_posix(), {})[language] = path
    for key, paths in sorted(pages.items()):
        _join(
            parsed,
            key,
            {language: (path, path.relative_to(folder).as_posix()) for language, path in paths.items()},
        )
    return parsed


def _join(parsed: Parsed, key: str, paths: dict[str, tuple[Path, str]]) -> None:
    """The pages of one term in its languages; a page that cannot be read does not cost the other."""
    rows: dict[str, TermRow] = {}
    for language, (path, ref) in paths.items():
        text, problem = _text_of(path, ref)
        page = Parsed() if problem else _read_page(ref, text, language)
        if problem:
            page.problems.append(problem)
        parsed.problems += page.problems
        parsed.left_out += page.left_out
        if page.rows:
            rows[language] = page.rows[0]
    if not rows:
        parsed.refused += 1
        return
    row = rows.get("ja") or rows["en"]
    row.key = key
    english = rows.get("en")
    if "ja" in rows and english is not None:
        if english.preferred != row.preferred:
            row.other_language = english.preferred
        row.abbreviation = row.abbreviation or english.abbreviation
        row.explanation_en = row.explanation_en or english.explanation_en
        row.aliases += [form for form in english.aliases if form not in row.aliases]
        row.status = row.status or english.status
    parsed.rows.append(row)


def _read_page(ref: str, text: str, language: str = "") -> Parsed:
    """One page, one term: its title, and the text below as explanation."""
    parsed = Parsed()
    fields, body = _front_matter(parsed, ref, text)
    title = fields.pop("title", "")
    if heading := _TITLE.search(_FENCED.sub("", body)):
        title = title or heading[1]
        body = body.replace(heading[0], "", 1)
    explanation = plain_text(body)
    if not title:
        parsed.refuse(
            Problem(
                ref,
                None,
                None,
                None,
                "no_term",
                _("The page has no title, neither in its front matter nor as a heading."),
            )
        )
        return parsed
    if not explanation:
        parsed.refuse(
            Problem(ref, None, None, title[:80], "no_explanation", _("The page has a title and no text."))
        )
        return parsed
    name = named(title)
    row = TermRow(
        ref, None, key=ref, preferred=name.form, abbreviation=name.abbreviation, reading=name.reading
    )
    row.aliases = [name.alias] if name.alias else []
    explanation = f"{name.remark}\n\n{explanation}" if name.remark else explanation
    _fill_page(parsed, row, fields, ref)
    if (language or guess_language(explanation)) == "ja":
        row.explanation = explanation
    else:
        row.explanation_en = explanation
    parsed.rows.append(row)
    return parsed


def _front_matter(parsed: Parsed, ref: str, text: str) -> tuple[dict[str, str], str]:
    """The fields of the front matter, single values only, and the text below it."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    try:
        tree = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506 - makes strings, lists and mappings only
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        parsed.note(ref, None, "front_matter", _("The front matter is not YAML; only the text was read."))
        return {}, text[found.end() :]
    fields = tree if isinstance(tree, dict) else {}
    return {
        str(key).lower(): value for key, value in fields.items() if isinstance(value, str) and value
    }, text[found.end() :]


def _fill_page(parsed: Parsed, row: TermRow, fields: dict[str, str], ref: str) -> None:
    left = []
    for key, value in fields.items():
        field = field_named(key)
        if field in ("reading", "abbreviation", "status", "scope", "owner", "other_language"):
            setattr(row, field, value)
        elif field == "aliases":
            row.aliases += [part.strip() for part in re.split("[,、;]", value) if part.strip()]
        else:
            left.append(key)
    if left:
        parsed.leave_out(
            ref, "front_matter", _("Not kept from the front matter: %(names)s") % {"names": ", ".join(left)}
        )
