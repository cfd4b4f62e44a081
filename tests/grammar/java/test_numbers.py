"""Java's numbers; every expectation is what Java 17 prints."""

from __future__ import annotations

import math

import pytest

from grammar.java import units
from grammar.java.numbers import (
    BigDecimal,
    double_text,
    float_of_long,
    parse_double,
    parse_float,
    truncated,
    wrapped,
)
from grammar.values import Float64


@pytest.mark.parametrize(
    ("text", "written", "double"),
    [
        ("0", "0", 0x0),
        ("-0", "0", 0x0),
        ("0.00", "0.00", 0x0),
        ("-12.50", "-12.50", 0xC029000000000000),
        ("0.000001", "0.000001", 0x3EB0C6F7A0B5ED8D),
        ("0.0000001", "1E-7", 0x3E7AD7F29ABCAF48),
        ("1E+3", "1E+3", 0x408F400000000000),
        ("12e-1", "1.2", 0x3FF3333333333333),
        ("1.5e10", "1.5E+10", 0x420BF08EB0000000),
        ("00012", "12", 0x4028000000000000),
        ("1e+0000000000000005", "1E+5", 0x40F86A0000000000),
        ("1e2147483647", "1E+2147483647", 0x7FF0000000000000),
        ("1e-2147483647", "1E-2147483647", 0x0),
    ],
)
def test_big_decimals(text: str, written: str, double: int) -> None:
    number = BigDecimal.parse(text)
    assert str(number) == written
    assert number.double_value().bits == double


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1e2147483648", "Exponent overflow"),
        ("1e-2147483648", "Scale out of range"),
        ("1.5e-2147483647", "Scale out of range"),
        ("1e99999999999", "Too many nonzero exponent digits"),
        ("x", "x"),
    ],
)
def test_no_big_decimals(text: str, message: str) -> None:
    with pytest.raises(units.NumberFormatError, match=message):
        BigDecimal.parse(text)


def test_a_long_keeps_the_low_bits() -> None:
    assert BigDecimal.parse("123456789012345678901234567890").long_value() == -4362896299872285998
    assert BigDecimal.parse("-5").long_value() == -5
    assert (wrapped(200, 8), wrapped(-129, 8), wrapped(7, 8)) == (-56, 127, 7)


@pytest.mark.parametrize(
    ("number", "as_int", "as_long"),
    [
        (math.nan, 0, 0),
        (1e30, 2147483647, 9223372036854775807),
        (-math.inf, -2147483648, -9223372036854775808),
        (math.inf, 2147483647, 9223372036854775807),
        (-1.9, -1, -1),
    ],
)
def test_casts_hold_at_the_ends(number: float, as_int: int, as_long: int) -> None:
    value = Float64.of(number)
    assert (truncated(value, 32), truncated(value, 64)) == (as_int, as_long)


@pytest.mark.parametrize(
    ("number", "bits"),
    [
        (16777217, 0x4B800000),
        (16777219, 0x4B800002),
        ((1 << 53) + (1 << 29) + 1, 0x5A000001),
        ((1 << 60) + (1 << 36), 0x5D800000),
        ((1 << 60) + (1 << 36) + 1, 0x5D800001),
        ((1 << 60) + (3 << 36) - 1, 0x5D800001),
        (-(1 << 60) - (1 << 36) - 1, 0xDD800001),
    ],
)
def test_a_long_is_rounded_to_a_float_once(number: int, bits: int) -> None:
    assert float_of_long(number).bits == bits


@pytest.mark.parametrize(
    ("text", "double", "single"),
    [
        ("1.5f", 0x3FF8000000000000, 0x3FC00000),
        ("  2D ", 0x4000000000000000, 0x40000000),
        ("-NaN", 0x7FF8000000000000, 0x7FC00000),
        ("-Infinity", 0xFFF0000000000000, 0xFF800000),
        ("-1e400", 0xFFF0000000000000, 0xFF800000),
        (".5", 0x3FE0000000000000, 0x3F000000),
        ("-0x1.8p1", 0xC008000000000000, 0xC0400000),
        ("0x.8P1d", 0x3FF0000000000000, 0x3F800000),
        ("0x1p5000", 0x7FF0000000000000, 0x7F800000),
        ("1e39", 0x48078287F49C4A1D, 0x7F800000),
        ("16777217", 0x4170000010000000, 0x4B800000),
        ("-16777217.0000001", 0xC17000001000001B, 0xCB800001),
        ("1.00000017881393432617187499", 0x3FF0000030000000, 0x3F800001),
        ("1.00000017881393432617187500", 0x3FF0000030000000, 0x3F800002),
        ("1.00000017881393432617187501", 0x3FF0000030000000, 0x3F800002),
        ("1.0000000596046447753906250" + "0" * 5000 + "1", 0x3FF0000010000000, 0x3F800001),
        ("0x1.000001p0", 0x3FF0000010000000, 0x3F800000),
        ("-0x1.00000100000000000000000001P+0", 0xBFF0000010000000, 0xBF800001),
        ("0x1.0000030000000001p00000000000000000000", 0x3FF0000030000000, 0x3F800002),
        ("0x1p-150", 0x3690000000000000, 0x0),
        ("0x1.00000000000000001p-150", 0x3690000000000000, 0x1),
        ("0x0.ffffff8p128", 0x47EFFFFFF0000000, 0x7F800000),
        ("0x0.ffffff7ffffffffffffffp128", 0x47EFFFFFF0000000, 0x7F7FFFFF),
    ],
)
def test_texts_of_doubles_and_floats(text: str, double: int, single: int) -> None:
    assert parse_double(text).bits == double
    assert parse_float(text).bits == single


@pytest.mark.parametrize("text", ["", "x", "1e", "0x1", "\u00a01", "+", "1_0"])
def test_no_numbers(text: str) -> None:
    with pytest.raises(units.NumberFormatError, match="For input string"):
        parse_double(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (1e7, "1.0E7"),
        (9999999.0, "9999999.0"),
        (0.001, "0.001"),
        (9.99e-4, "9.99E-4"),
        (5e-324, "4.9E-324"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (123.456, "123.456"),
        (9007199254740993.0, "9.007199254740992E15"),
        (9.223372036854775807e17, "9.2233720368547763E17"),
        (-4.2893058791500518e18, "-4.2893058791500518E18"),
        (1e18, "1.0E18"),
        (2.0**63, "9.223372036854776E18"),
        (-1.5e-10, "-1.5E-10"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
    ],
)
def test_double_to_string(number: float, text: str) -> None:
    assert double_text(Float64.of(number)) == text
