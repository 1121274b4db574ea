"""What every format is read into, and how the names of columns and keys are understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.notices import Change, Problem
from kb.text import fold, guess_language, is_kana, to_hiragana


@dataclass
class TermRow:
    """One term as a file has it; nothing is known of it but what the file says."""

    file: str
    row: int | None
    key: str = ""
    preferred: str = ""
    reading: str = ""
    other_language: str = ""
    abbreviation: str = ""
    aliases: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    explanation: str = ""
    explanation_en: str = ""
    status: str = ""
    use_instead: str = ""
    scope: str = ""
    owner: str = ""

    @property
    def where(self) -> tuple[str, int | None]:
        return self.file, self.row


@dataclass
class Parsed:
    """What was read: the terms, and everything to be told. `refused` counts rows and files that gave no term."""

    rows: list[TermRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Change] = field(default_factory=list)
    refused: int = 0

    def refuse(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.refused += 1

    def note(
        self,
        file: str,
        row: int | None,
        code: str,
        message: str,
        *,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Tell something that does not keep the row out."""
        self.problems.append(Problem(file, row, column, value, code, message, refused=False))

    def leave_out(self, ref: str, code: str, message: str) -> None:
        """Tell that something was not kept as it was."""
        self.left_out.append(Change(ref, code, message))

    def extend(self, other: Parsed) -> None:
        self.rows += other.rows
        self.problems += other.problems
        self.left_out += other.left_out
        self.refused += other.refused


_PARTS = re.compile(r"\s*(?:[;；、|\n]|,(?![^()（）]{0,200}[)）])|，|\s/\s|／)\s*")
_SLASHES = re.compile(r"\s+/\s+|／")
_QUOTES = re.compile(r"^[「『“\"'](.+)[」』”\"']$")
_BRACKETS = re.compile(r"^(?P<form>.*?\S)(?P<space>\s*)[(（](?P<inside>[^()（）]+)[)）]$")
_MARKED = re.compile(r"^(\*\*|__|\*|_|`)(.+)\1$")
ABBREVIATION_LENGTH = 12
GLOSS_LENGTH = 12
# Bold inside italics inside code; more is no form.
MARKS = 3


def parts_of(text: str) -> list[str]:
    """Several forms in one cell."""
    return [part for part in _PARTS.split(text) if part]


def plain_form(text: str) -> str:
    """A form without the marks around it: bold, code, quotes."""
    text = " ".join(text.split())
    for _layer in range(MARKS):
        found = _MARKED.match(text)
        if found is None:
            break
        text = found[2].strip()
    found = _QUOTES.match(text)
    return found[1] if found else text


@dataclass
class Named:
    """A form, and what stood in brackets behind it: an abbreviation, a reading, another form, or a remark."""

    form: str
    abbreviation: str = ""
    reading: str = ""
    alias: str = ""
    remark: str = ""


def named(text: str) -> Named:
    """Take a form and its brackets apart: Infrastructure as a Service (IaaS), Git(ギット), オブザーバビリティ(可観測性)."""
    form = plain_form(text)
    found = _BRACKETS.match(form)
    if found is None:
        return Named(form)
    base, inside = plain_form(found["form"]), found["inside"].strip()
    capitals = sum(c.isupper() for c in inside)
    if inside.isascii() and len(inside) <= ABBREVIATION_LENGTH and capitals >= 2 and " " not in inside:
        return Named(base, abbreviation=inside)
    # Kana behind Latin letters say how they are read; behind kanji only hiragana do (りんぎ), katakana is a loan word.
    if is_kana(inside) and (
        guess_language(base) == "en" or (inside == to_hiragana(inside) and not is_kana(base))
    ):
        return Named(base, reading=inside)
    glossed = not found["space"] and len(inside) <= GLOSS_LENGTH and guess_language(inside) == "ja"
    if glossed and not any(unicodedata.category(c).startswith("P") for c in inside):
        return Named(base, alias=inside)
    return Named(base, remark=inside)


def row_of(file: str, number: int | None, values: Mapping[str, Sequence[str]]) -> TermRow:
    """A row from the values of its fields; several values of one field are joined as that field allows."""
    row = TermRow(file, number)
    _fill_names(row, values)
    _fill_explanations(row, values)
    abbreviations = [form for text in values.get("abbreviation", ()) for form in parts_of(text)]
    row.abbreviation = row.abbreviation or next(iter(abbreviations), "")
    row.aliases += [form for form in abbreviations if form != row.abbreviation]
    row.reading = row.reading or first_of(values, "reading")
    for name in ("aliases", "hidden", "forbidden"):
        found = [plain_form(form) for text in values.get(name, ()) for form in parts_of(text)]
        getattr(row, name).extend(form for form in found if form)
    row.status, row.scope = first_of(values, "status"), first_of(values, "scope")
    row.owner, row.key = first_of(values, "owner"), first_of(values, "key")
    _fill_replacement(row, values)
    return row


def first_of(values: Mapping[str, Sequence[str]], name: str) -> str:
    return next((text.strip() for text in values.get(name, ()) if text.strip()), "")


def _fill_names(row: TermRow, values: Mapping[str, Sequence[str]]) -> None:
    """Decide which form is preferred: the one displayed, the column of terms, else the Japanese one, else the abbreviation."""
    candidates = ["display", "preferred", "ja", "en"]
    texts = [(name, first_of(values, name)) for name in candidates]
    found = [(name, text) for name, text in texts if text]
    if not found:
        avoided = [plain_form(text) for text in values.get("avoid", ()) if text.strip()]
        row.preferred, row.aliases = (
            (avoided[0], avoided[1:]) if avoided else (first_of(values, "abbreviation"), [])
        )
        return
    remarks = [_take(row, found[0][1], other=False)]
    # A display name stands for the name it is shown instead of; the name is a form too.
    for name, text in found[1:]:
        if name == "preferred" or row.other_language:
            row.aliases.append(plain_form(text))
        elif fold(plain_form(text)) != fold(row.preferred):
            remarks.append(_take(row, text, other=True))
    for text in (text for name in candidates for text in list(values.get(name, ()))[1:]):
        row.aliases.append(plain_form(text))
    for remark in remarks:
        if remark and fold(remark) not in (fold(row.preferred), fold(row.other_language)):
            _explain(row, remark)


def _take(row: TermRow, text: str, *, other: bool) -> str:
    """Take the forms of a cell; returns the remark in its brackets, if any."""
    first, *more = _SLASHES.split(text)
    name = named(first)
    if other:
        row.other_language = name.form
    else:
        row.preferred = name.form
    row.abbreviation = row.abbreviation or name.abbreviation
    row.reading = row.reading or name.reading
    row.aliases += [form for form in (name.alias, *map(plain_form, more)) if form]
    return name.remark


def _explain(row: TermRow, text: str) -> None:
    """Add a paragraph to the explanation in its language."""
    attribute = "explanation" if guess_language(text) == "ja" else "explanation_en"
    before = getattr(row, attribute)
    setattr(row, attribute, f"{before}\n\n{text}" if before else text)


def _fill_explanations(row: TermRow, values: Mapping[str, Sequence[str]]) -> None:
    for name in ("explanation", "notes"):
        for text in values.get(name, ()):
            if text.strip():
                _explain(row, text.strip())
    for language, attribute in (("ja", "explanation"), ("en", "explanation_en")):
        for text in values.get(f"explanation_{language}", ()):
            if text.strip():
                before = getattr(row, attribute)
                setattr(row, attribute, f"{before}\n\n{text.strip()}" if before else text.strip())


def _fill_replacement(row: TermRow, values: Mapping[str, Sequence[str]]) -> None:
    """What to say instead; a list of words to avoid is a list of forbidden terms."""
    row.use_instead = "、".join(plain_form(text) for text in values.get("use_instead", ()) if text.strip())
    if values.get("avoid") and not row.status:
        row.status = "forbidden"
