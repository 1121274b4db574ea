"""Amounts in every writing, their currencies, and the two that an amount may be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.crm.sheets.amounts import AmountStyle, NotAnAmount, kanji_number, read_currency, style_of
from deals.crm.sheets.tables import Exact


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [
        ("1200000", 1_200_000, ""), ("1,200,000", 1_200_000, ""), ("１，２００，０００", 1_200_000, ""), ("¥1,200,000", 1_200_000, "JPY"),
        ("￥1,200,000-", 1_200_000, "JPY"), ("1,200,000円", 1_200_000, "JPY"), ("JPY 1200000", 1_200_000, "JPY"), ("120万", 1_200_000, ""),
        ("120万円", 1_200_000, "JPY"), ("1億2,000万円", 120_000_000, "JPY"), ("3.5億", 350_000_000, ""), ("120万5千", 1_205_000, ""),
        ("5千円", 5_000, "JPY"), ("百万円", 1_000_000, "JPY"), ("三億二千万円", 320_000_000, "JPY"), ("12百万円", 12_000_000, "JPY"),
        ("$1.2M", 1_200_000, "USD"), ("US$1,200.50", "1200.50", "USD"), ("250K", 250_000, ""), ("1 234 567,89 €", "1234567.89", "EUR"),
        ("1'234'567.89", "1234567.89", ""), ("12,34,567", 1_234_567, ""), ("1.2E+06", 1_200_000, ""), ("£.50", "0.50", "GBP"), ("0", 0, ""),
        ("1200000（税抜）", 1_200_000, ""), ("\\1,200", 1_200, ""), ("4821.125", "4821.13", ""),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_meant(written: str, value: float | str, currency: str) -> None:
    amount = style_of([written], "Amount").read(written)
    assert amount is not None
    assert (amount.value, amount.currency) == (Decimal(value), currency)


@pytest.mark.parametrize("written", ["", "-", "—", "N/A", "None", "未定", "なし", "TBD"])
def test_what_stands_for_no_amount_is_none(written: str) -> None:
    assert AmountStyle().read(written) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("-5", "negative"), ("(1,200)", "negative"), ("▲100", "negative"), ("△100", "negative"), ("100-", "negative"), ("−1", "negative"),
        ("応相談", "unreadable"), ("1,2,3", "unreadable"), ("12.34.56", "unreadable"), ("#ERROR!", "unreadable"), ("100〜200", "unreadable"),
        ("5 apples", "unreadable"), ("100000000000000", "too_large"), ("9999兆円", "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_told(written: str, reason: str) -> None:
    with pytest.raises(NotAnAmount) as error:
        AmountStyle().read(written)
    assert error.value.reason == reason


def test_a_columns_other_values_say_what_the_comma_is() -> None:
    german = style_of(["1.234,50", "1.000", "12,5"], "Betrag")
    assert [amount.value for text in ("1.000", "12,5") if (amount := german.read(text))] == [
        Decimal(1000),
        Decimal("12.5"),
    ]
    english = style_of(["1,234.50", "1,000"], "Amount")
    read = english.read("1,000")
    assert read
    assert read.value == Decimal(1000)


def test_groups_of_commas_are_thousands_where_nothing_else_stands() -> None:
    read = style_of(["1,234", "5,678"], "金額").read("1,234")
    assert read
    assert read.value == Decimal(1234)


def test_groups_of_points_may_be_decimals_and_are_told() -> None:
    with pytest.raises(NotAnAmount) as error:
        style_of(["1.234"], "Amount").read("1.234")
    assert error.value.reason == "ambiguous"
    read = style_of(["1.234"], "Betrag", comma_likely=True).read("1.234")
    assert read
    assert read.value == Decimal(1234)


def test_a_number_that_a_program_wrote_is_exact() -> None:
    read = style_of([Exact("1.234"), "1.234,5"], "Amount").read(Exact("1.234"))
    assert read
    assert read.value == Decimal("1.23")


@pytest.mark.parametrize(
    ("header", "unit", "currency"),
    [
        ("受注金額（千円）", 1000, "JPY"), ("売上[百万円]", 1_000_000, "JPY"), ("Amount (USD)", 1, "USD"), ("Amount in EUR", 1, "EUR"),
        ("Opportunity Amount USD", 1, "USD"), ("Amount (K USD)", 1000, "USD"), ("Value (€ million)", 1_000_000, "EUR"), ("金額", 1, ""),
        ("Total amount", 1, ""), ("deal_value_eur", 1, "EUR"), ("金額（万円）", 10_000, "JPY"),
    ],
)  # fmt: skip
def test_a_header_says_what_its_amounts_are_in(header: str, unit: int, currency: str) -> None:
    style = style_of(["100"], header)
    assert (style.unit, style.currency) == (unit, currency)


def test_a_dollar_is_the_dollar_that_is_expected() -> None:
    read = AmountStyle(currency="AUD").read("$100")
    assert read
    assert read.currency == "AUD"
    other = AmountStyle(currency="EUR").read("$100")
    assert other
    assert other.currency == "USD"


@pytest.mark.parametrize(
    ("written", "currency"),
    [
        ("USD", "USD"),
        ("usd", "USD"),
        ("円", "JPY"),
        ("日本円", "JPY"),
        ("€", "EUR"),
        ("US Dollar (USD)", "USD"),
        ("", ""),
        ("ABCD", None),
        ("points", None),
    ],
)
def test_a_currency_is_known_by_code_sign_or_name(written: str, currency: str | None) -> None:
    assert read_currency(written) == currency


def test_figures_in_kanji_are_figures() -> None:
    assert kanji_number("三億二千五百万") == 325_000_000
    assert kanji_number("二〇二六") == 2026
    assert kanji_number("千二百") == 1200


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_what_a_program_writes_comes_back(number: Decimal) -> None:
    for written in (f"{number:,.2f}", f"{number:.2f}", f"¥{number:,.2f}"):
        read = style_of([written, "1,000.25"], "Amount").read(written)
        assert read
        assert read.value == number


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_told_not_to_be_one(text: str) -> None:
    try:
        amount = AmountStyle().read(text)
    except NotAnAmount:
        return
    assert amount is None or amount.value >= 0
