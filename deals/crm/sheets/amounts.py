"""Amounts of money as people write them: which mark a column uses for decimals, what a value is worth, in which currency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from deals.crm.sheets.tables import NO_VALUE, Exact
from kb.text import nfkc

Mark = Literal[".", ",", ""]
CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 14
ABSENT = NO_VALUE | {"unknown", "不明"}
SIGNS = {
    "¥": "JPY", "円": "JPY", "yen": "JPY", "€": "EUR", "euro": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "元": "CNY", "us$": "USD",
    "a$": "AUD", "c$": "CAD", "s$": "SGD", "hk$": "HKD", "nt$": "TWD", "r$": "BRL", "$": "USD", "ドル": "USD", "ユーロ": "EUR", "ポンド": "GBP",
}  # fmt: skip
DOLLARS = {"USD", "AUD", "CAD", "SGD", "HKD", "TWD", "NZD", "MXN"}
YEN_SIGN = {"JPY", "CNY"}
CODES = frozenset(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KRW KWD MAD MXN MYR NGN NOK NZD PEN "
    "PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)
UNITS = {
    "兆": 10**12, "億": 10**8, "百万": 10**6, "万": 10**4, "千": 10**3, "十億": 10**9, "千万": 10**7,
    "k": 10**3, "m": 10**6, "mn": 10**6, "mm": 10**6, "mio": 10**6, "mio.": 10**6, "million": 10**6, "millions": 10**6,
    "thousand": 10**3, "thousands": 10**3, "tsd": 10**3, "b": 10**9, "bn": 10**9, "billion": 10**9, "mrd": 10**9,
}  # fmt: skip
_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_SMALL = {"十": 10, "百": 100, "千": 1000}
TIMES = {**_SMALL, "十億": 10**9}

_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True)))
_CODE = re.compile(r"(?<![a-z])[a-z]{3}(?![a-z])")
_NEGATIVE = re.compile(r"^\(.*\)$|^[-−–▲△]|[-−]$")
_BIG = re.compile(r"([\d.,]+)(千|百|十億)?(兆|億|百万|千万|万)")
_NUMBER = re.compile(r"(\d[\d.,]*|[.,]\d+)(?:e([+-]?\d{1,2}))?([a-z]+\.?)?|(\d[\d.,]*)(千|百万)")
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_SPACES = re.compile(r"[\s'’_\u00a0\u202f]+")
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十百千万億兆]{2,}")


class NotAnAmount(ValueError):
    """`reason`: "unreadable", "negative", "ambiguous" or "too_large"."""

    def __init__(self, reason: Literal["unreadable", "negative", "ambiguous", "too_large"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Amount:
    """How much, to the cent; `currency` "" where the value does not say."""

    value: Decimal
    currency: str = ""


@dataclass(frozen=True)
class AmountStyle:
    """How a column writes amounts: its mark for decimals, what its header multiplies by, the currency it is in."""

    mark: Mark = "."
    unit: int = 1
    currency: str = ""

    def read(self, value: str) -> Amount | None:
        """The amount; none for what stands for no amount.

        Raises:
            NotAnAmount: it is none, is below 0, or may be two.
        """
        if isinstance(value, Exact):
            return self._amount(Decimal(value), "")
        text = nfkc(value).strip().lower()
        if text in ABSENT:
            return None
        text, currency = self._without_currency(text)
        negative = bool(_NEGATIVE.search(text)) and text not in ABSENT
        number = self._number(text.strip("()+-−–▲△"))
        return self._amount(-number if negative else number, currency)

    def _amount(self, number: Decimal, currency: str) -> Amount:
        if number < 0:
            raise NotAnAmount("negative")
        number *= self.unit
        if number >= LARGEST:
            raise NotAnAmount("too_large")
        return Amount(number.quantize(CENT, ROUND_HALF_UP), currency or self.currency)

    def _without_currency(self, text: str) -> tuple[str, str]:
        currency = ""
        for found in _CODE.findall(text):
            if found.upper() in CODES:
                currency = found.upper()
                text = re.sub(rf"(?<![a-z]){found}(?![a-z])", "", text)
        sign = _SIGN.search(text)
        if sign:
            currency = currency or meant(sign[0], self.currency)
            text = _SIGN.sub("", text)
            if sign[0] == "¥":  # receipts end in a stroke: ¥12,000-
                text = text.rstrip("-")
        text = text.replace("(税抜)", "").replace("(税込)", "").replace("\\", "")
        return _SPACES.sub("", text.rstrip("-") if text.endswith(",-") else text).rstrip(","), currency

    def _number(self, text: str) -> Decimal:
        if _KANJI_NUMBER.fullmatch(text):
            return Decimal(kanji_number(text))
        if _BIG.match(text):
            return self._japanese(text)
        found = _NUMBER.fullmatch(text)
        if not found:
            raise NotAnAmount("unreadable")
        digits, exponent, unit, small, small_unit = found.groups()
        if small:
            return self._plain(small) * UNITS[small_unit]
        if unit and unit not in UNITS:
            raise NotAnAmount("unreadable")
        return self._plain(digits) * Decimal(10) ** int(exponent or 0) * UNITS.get(unit or "", 1)

    def _japanese(self, text: str) -> Decimal:
        """1億2,000万, 3.5億, 120万5千."""
        total, rest = Decimal(0), text
        while found := _BIG.match(rest):
            total += self._plain(found[1]) * TIMES.get(found[2] or "", 1) * UNITS[found[3]]
            rest = rest[found.end() :]
        if not rest:
            return total
        found = re.fullmatch(r"([\d.,]+)(千|百)?", rest)
        if not found:
            raise NotAnAmount("unreadable")
        return total + self._plain(found[1]) * TIMES.get(found[2] or "", 1)

    def _plain(self, digits: str) -> Decimal:
        """Digits with marks between them; which of the two marks is the decimal one is the column's, or this number's, own."""
        mark = mark_of(digits)
        if mark is None:
            mark = self.mark
        if not mark:
            raise NotAnAmount("ambiguous")
        plain = digits.replace("." if mark == "," else ",", "").replace(",", ".")
        try:
            return Decimal(plain)
        except InvalidOperation as error:
            raise NotAnAmount("unreadable") from error


def read_currency(value: str) -> str | None:
    """A currency by its code, sign or name; "" for none, None for what is no currency."""
    text = nfkc(value).strip().lower()
    if text in ABSENT:
        return ""
    codes: list[str] = [code.upper() for code in _CODE.findall(text) if code.upper() in CODES]
    if len(codes) == 1:
        return codes[0]
    sign = _SIGN.search(text)
    return SIGNS[sign[0]] if sign else None


def meant(sign: str, expected: str) -> str:
    """The currency a sign stands for: several share the dollar's and the yen's."""
    if "$" in sign and len(sign) == 1 and expected in DOLLARS:
        return expected
    if sign == "¥" and expected in YEN_SIGN:
        return expected
    return SIGNS[sign]


def mark_of(digits: str) -> Mark | None:
    """The decimal mark a number shows by itself; none when it could be either (1,234 and 1.234), "." when it needs none.

    Raises:
        NotAnAmount: no way of writing numbers has marks in these places.
    """
    if "," not in digits and "." not in digits:
        return "."
    if "," in digits and "." in digits:
        last: Mark = "," if digits.rfind(",") > digits.rfind(".") else "."
        if digits.count(last) > 1:
            raise NotAnAmount("unreadable")
        return last
    used: Mark = "," if "," in digits else "."
    other: Mark = "." if used == "," else ","
    parts = digits.split(used)
    grouped = (
        bool(parts[0])
        and len(parts[0]) <= 3
        and all(len(part) in (2, 3) for part in parts[1:])
        and len(parts[-1]) == 3
    )
    if len(parts) > 2:
        if not grouped:
            raise NotAnAmount("unreadable")
        return other
    if not grouped or parts[0] == "0":
        return used
    return None


def style_of(
    values: Iterable[str], header: str, *, currency: str = "", comma_likely: bool = False
) -> AmountStyle:
    """How a column writes its amounts, from all its values and its header: 金額（千円）, Amount (USD).

    Where only numbers such as 1,234 stand, a comma groups; where only such as 1.234 stand, nobody can tell,
    unless the file itself is of the kind that writes commas for decimals (`comma_likely`).
    """
    shown: set[Mark] = set()
    open_marks: set[str] = set()
    for value in values:
        if isinstance(value, Exact):
            continue
        for digits in re.findall(r"\d[\d.,]*\d|[.,]\d+", _SPACES.sub("", nfkc(value))):
            try:
                mark = mark_of(digits)
            except NotAnAmount:
                continue
            if mark is None:
                open_marks.add("," if "," in digits else ".")
            elif "," in digits or "." in digits:
                shown.add(mark)
    unit, named = _header_says(header)
    return AmountStyle(_mark(shown, open_marks, comma_likely=comma_likely), unit, named or currency)


def _mark(shown: set[Mark], open_marks: set[str], *, comma_likely: bool) -> Mark:
    if len(shown) == 1:
        return shown.pop()
    if shown:
        return ""
    if open_marks == {","}:
        return "."
    if open_marks == {"."}:
        return "," if comma_likely else ""
    return "" if open_marks else "."


def _header_says(header: str) -> tuple[int, str]:
    """What a header multiplies by and its currency: 千円, 百万円, K USD, in EUR."""
    text = nfkc(header).lower()
    inside = " ".join(_IN_BRACKETS.findall(text)) or text
    currency = next(
        (code.upper() for code in _CODE.findall(text.replace("_", " ")) if code.upper() in CODES), ""
    )
    sign = _SIGN.search(inside)
    if not currency and sign and sign[0] != "元":
        currency = SIGNS[sign[0]]
    unit = 1
    for name in ("百万", "千", "万", "億"):
        if re.search(name + "(?:円|ドル|$|[^\u4e00-\u9fff])", inside):
            unit = UNITS[name]
            break
    else:
        words = re.findall(r"[a-z]+", inside.replace(currency.lower(), "") if currency else inside)
        unit = next(
            (
                UNITS[word]
                for word in words
                if word in ("k", "m", "thousand", "thousands", "million", "millions", "mio", "tsd")
            ),
            1,
        )
    return unit, currency


def kanji_number(text: str) -> int:
    """三億二千万 as a number."""
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        else:
            total += (section + digit) * UNITS[character]
            section = digit = 0
    return total + section + digit


def looks_like_amount(value: str) -> bool:
    """Whether anybody would take it for an amount."""
    try:
        return AmountStyle().read(value) is not None
    except NotAnAmount as error:
        return error.reason != "unreadable"
