"""Java's way with bytes, white space and numbers."""

from __future__ import annotations

import re

import pytest

from grammar.java import units


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9", "caf\ufffd"),
        (b"\xed\xa0\x80", "\ufffd"),
        (b"\xed\xa0\x80\xed\xb0\x80", "\ufffd\ufffd"),
        (b"\xed\xa0x", "\ufffdx"),
        (b"\xc0\x80", "\ufffd\ufffd"),
        (b"\xf0\x9f\x98", "\ufffd"),
        (b"\xf4\x90\x80\x80", "\ufffd" * 4),
        (b"\xef\xbb\xbfa", "\ufeffa"),
    ],
)
def test_broken_utf8_is_replaced_as_the_jdk_does(data: bytes, text: str) -> None:
    assert units.decode_utf8(data) == text


def test_units_are_utf16() -> None:
    assert units.to_units("a\U0001f600") == "a\ud83d\ude00"
    assert units.to_units("é") == "é"
    assert units.from_units("a\ud83d\ude00") == "a\U0001f600"
    assert units.from_units("\ud83da") == "\ud83da"
    assert units.from_units("é") == "é"


def test_strings_are_ordered_by_units() -> None:
    assert sorted(["\uffff", "\U0001f600", "a"], key=units.utf16_order) == ["a", "\U0001f600", "\uffff"]


def test_trim_takes_control_characters_and_leaves_other_white_space() -> None:
    assert units.trim("\x00\t a b\x1f ") == "a b"
    assert units.trim("\u2003a\u00a0") == "\u2003a\u00a0"
    assert units.trim(" \n") == ""


@pytest.mark.parametrize("char", ["\t", "\x0b", "\x1c", " ", "\u1680", "\u2003", "\u2028", "\u3000"])
def test_white_space(char: str) -> None:
    assert re.fullmatch(f"[{units.WHITESPACE}]", char)


@pytest.mark.parametrize("char", ["\u00a0", "\u2007", "\u202f", "\x85", "\ufeff", "\u200b", "\x00"])
def test_no_white_space(char: str) -> None:
    assert not re.match(f"[{units.WHITESPACE}]", char)


@pytest.mark.parametrize(
    ("char", "radix", "value"),
    [
        ("7", 10, 7),
        ("a", 16, 10),
        ("F", 16, 15),
        ("a", 10, -1),
        ("g", 16, -1),
        ("\u0663", 10, 3),
        ("\uff19", 10, 9),
        ("\uff21", 16, 10),
        ("²", 10, -1),
        ("\U0001d7cf", 10, -1),
    ],
)
def test_digits(char: str, radix: int, value: int) -> None:
    assert units.digit(char, radix) == value


@pytest.mark.parametrize(
    ("text", "bits", "radix", "number"),
    [
        ("-2147483648", 32, 10, -(2**31)),
        ("+5", 32, 10, 5),
        ("-0", 32, 10, 0),
        ("0" * 500 + "7", 32, 10, 7),
        ("9223372036854775807", 64, 10, 2**63 - 1),
        ("-128", 8, 10, -128),
        ("32767", 16, 10, 32767),
        ("\u0661\u0662", 32, 10, 12),
        ("-001", 32, 16, -1),
        ("\uff21\uff22", 32, 16, 0xAB),
    ],
)
def test_numbers(text: str, bits: int, radix: int, number: int) -> None:
    assert units.parse_integer(text, bits, radix) == number


@pytest.mark.parametrize(
    ("text", "bits", "radix", "message"),
    [
        ("", 32, 10, 'For input string: ""'),
        ("-", 32, 10, 'For input string: "-"'),
        ("+-1", 32, 10, 'For input string: "+-1"'),
        (" 1", 32, 10, 'For input string: " 1"'),
        ("1_0", 32, 10, 'For input string: "1_0"'),
        ("2147483648", 32, 10, 'For input string: "2147483648"'),
        ("9223372036854775808", 64, 10, 'For input string: "9223372036854775808"'),
        ("9" * 30, 64, 10, f'For input string: "{"9" * 30}"'),
        ("zzzz", 32, 16, 'For input string: "zzzz" under radix 16'),
        ("128", 8, 10, 'Value out of range. Value:"128" Radix:10'),
        ("-32769", 16, 10, 'Value out of range. Value:"-32769" Radix:10'),
        ("2147483648", 8, 10, 'For input string: "2147483648"'),
    ],
)
def test_what_is_no_number(text: str, bits: int, radix: int, message: str) -> None:
    with pytest.raises(units.NumberFormatError) as caught:
        units.parse_integer(text, bits, radix)
    assert str(caught.value) == message
