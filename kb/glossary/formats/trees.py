"""Terms in YAML: lists of terms, dictionaries, nested groups, one block a language, and rules of what not to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from kb.glossary.formats.headers import field_named, names_terms
from kb.glossary.formats.prose import plain_text
from kb.glossary.formats.rows import Parsed, row_of
from kb.notices import Problem

# Every scalar stays what was written: NO is a word, not a truth value.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
DEPTH = 12
# What a parser that calls itself can take; deeper brackets are no glossary.
BRACKETS = 100
PROSE = ("explanation", "explanation_ja", "explanation_en", "notes", "use_instead")
GROUPS = ("nodes", "terms", "children", "glossary", "entries", "items", "words", "rules", "用語", "用語集")
LANGUAGES = ("ja", "en")
_LANGUAGE_CODE = re.compile(r"^[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?$")
_ITEM = re.compile(r"^( *)- ", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One thing that should be a term, or what is wrong with it."""

    value: object
    name: str = ""
    error: str = ""


def read_yaml(file: str, text: str) -> Parsed:
    """Terms of a YAML file; entries are numbered as they stand. A broken one is left out, the rest is taken."""
    parsed = Parsed()
    if not text.strip():
        parsed.refuse(Problem(file, None, None, None, "empty", _("The file is empty.")))
        return parsed
    unknown: dict[str, int] = {}
    number = 0
    for number, entry in enumerate(_entries(text), 1):
        _read_entry(parsed, file, number, entry, unknown)
    for name, count in unknown.items():
        code = "other_language" if _LANGUAGE_CODE.match(name) and not field_named(name) else "unknown_column"
        parsed.note(
            file,
            None,
            code,
            _("%(name)s, in %(count)d entries, was left out.") % {"name": name, "count": count},
            column=name,
        )
    if not number:
        message = _("The file holds no list of terms.")
        parsed.refuse(Problem(file, None, None, text.strip().splitlines()[0][:80], "no_term", message))
    return parsed


def _entries(text: str) -> Iterator[Entry]:
    tree, error = _loaded(text)
    if not error:
        yield from _walk(tree)
        return
    pieces = list(_pieces(text))
    if len(pieces) < 2:
        yield Entry(None, error=error)
        return
    for piece in pieces:
        tree, error = _loaded(piece)
        yield (
            Entry(None, error=error) if error else Entry(tree[0] if isinstance(tree, list) and tree else tree)
        )


def _loaded(text: str) -> tuple[object, str]:
    """(what is in it, nothing) or (nothing, what is wrong)."""
    if text.count("[") > BRACKETS and max(_depths(text)) > BRACKETS:
        return None, _("The brackets are nested too deep.")
    try:
        return yaml.load(text, Loader=_LOADER), ""  # noqa: S506 - the base loader makes strings, lists and mappings only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return (
            None,
            _("Not valid YAML in line %(line)d: %(reason)s")
            % {"line": line, "reason": error.problem or error.context or ""},
        )
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        return None, _("Not valid YAML.")


def _depths(text: str) -> Iterator[int]:
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = max(0, depth + (1 if bracket in "[{" else -1))
        yield depth


def _pieces(text: str) -> Iterator[str]:
    """The items of the outermost list, each for itself, so that one broken entry costs no other."""
    items = list(_ITEM.finditer(text))
    if not items:
        return
    margin = min(len(item[1]) for item in items)
    starts = [item.start() for item in items if len(item[1]) == margin]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield "\n".join(
            line[margin:] if not line[:margin].strip() else line for line in text[start:end].split("\n")
        )


def _walk(tree: object, name: str = "", depth: int = 0) -> Iterator[Entry]:
    """Find the entries in lists, in dictionaries of terms, and in groups that hold terms below them."""
    if depth > DEPTH:
        yield Entry(None, name, _("The groups are nested too deep."))
    elif isinstance(tree, list):
        for one in tree:
            if _groups(one) and not _is_rule(one):
                yield from _walk(one, depth=depth + 1)
            else:
                yield Entry(one)
    elif isinstance(tree, dict):
        groups = _groups(tree)
        if groups:
            for group in groups:
                yield from _walk(group, depth=depth + 1)
        elif names_terms(map(field_named, map(str, tree))) or _languages(tree):
            yield Entry(tree, name)
        elif not any(isinstance(value, list) for value in tree.values()):
            for key, value in tree.items():
                yield Entry(value, str(key))
    elif tree not in (None, ""):
        yield Entry(tree)


def _groups(one: object) -> list[object]:
    """The lists of terms inside a mapping that is a group of them."""
    if not isinstance(one, dict):
        return []
    return [
        value
        for key, value in one.items()
        if key in GROUPS and isinstance(value, list | dict) and _holds_entries(value)
    ]


def _holds_entries(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict) for one in value)
    )


def _is_rule(one: object) -> bool:
    return isinstance(one, dict) and "expected" in one


def _languages(one: Mapping[object, object]) -> bool:
    """Whether it has a block a language: {slug, en: {term, def}, ja: {…}}."""
    return any(isinstance(one.get(language), dict) for language in LANGUAGES)


def _read_entry(parsed: Parsed, file: str, number: int, entry: Entry, unknown: dict[str, int]) -> None:
    if entry.error:
        parsed.refuse(Problem(file, number, None, entry.name or None, "broken_yaml", entry.error))
        return
    value = entry.value
    if isinstance(value, str) and entry.name:
        values = {"preferred": [entry.name], "explanation": [plain_text(value)]}
    elif isinstance(value, dict) and _is_rule(value):
        _read_rule(parsed, file, number, value)
        return
    elif isinstance(value, dict):
        values = _values(value, unknown)
        if entry.name and not names_terms(values):
            values["preferred"] = [entry.name]
    else:
        shown = str(value)[:80] if isinstance(value, str) else None
        parsed.refuse(Problem(file, number, None, shown, "no_term", _("This entry names no term.")))
        return
    row = row_of(file, number, values)
    if row.preferred.strip():
        parsed.rows.append(row)
    else:
        parsed.refuse(Problem(file, number, None, row.key or None, "no_term", _("This entry names no term.")))


def _values(value: Mapping[object, object], unknown: dict[str, int]) -> dict[str, list[str]]:
    """The texts of an entry by field; its blocks of languages opened."""
    values: dict[str, list[str]] = {}
    for key, inside in value.items():
        name = str(key)
        if isinstance(inside, dict) and name in LANGUAGES:
            for of_language, told in _of_language(name, inside, unknown).items():
                values.setdefault(of_language, []).extend(told)
            continue
        field = field_named(name)
        texts = _texts(inside)
        if field and field != "ignored" and texts is not None:
            values.setdefault(field, []).extend(
                plain_text(text) if field in PROSE else text for text in texts
            )
        elif not field or texts is None:
            unknown[name] = unknown.get(name, 0) + 1
    return values


def _of_language(
    language: str, inside: Mapping[object, object], unknown: dict[str, int]
) -> dict[str, list[str]]:
    values = _values(inside, unknown)
    renamed = {"preferred": language, "explanation": f"explanation_{language}"}
    return {renamed.get(field, field): texts for field, texts in values.items()}


def _texts(inside: object) -> list[str] | None:
    """A text or a list of texts; nothing else is one (a nested list may be endless)."""
    if isinstance(inside, str):
        return [inside] if inside.strip() else []
    if isinstance(inside, list) and all(isinstance(one, str) for one in inside):
        return [one for one in inside if one.strip()]
    return None


def _read_rule(parsed: Parsed, file: str, number: int, value: Mapping[object, object]) -> None:
    """A wording rule (prh): what not to write and what instead. Patterns are not words and are refused."""
    patterns = _texts(value.get("pattern")) or _texts(value.get("patterns")) or []
    words = [pattern for pattern in patterns if not pattern.startswith("/")]
    expected = next(iter(_texts(value.get("expected")) or []), "")
    if not words:
        shown = patterns[0] if patterns else expected
        message = (
            _("The rule is a pattern, not a word.") if patterns else _("The rule names no word to avoid.")
        )
        parsed.refuse(Problem(file, number, "pattern", shown[:80], "pattern", message))
        return
    row = row_of(file, number, {"avoid": words, "use_instead": [expected]})
    if len(words) < len(patterns):
        parsed.note(file, number, "pattern", _("Patterns beside the words were left out."), column="pattern")
    parsed.rows.append(row)
