"""Texts of typed JCR values, with the outcomes seen on Oak."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.values import Float64
from grammar.xml.values import TYPES, Fate, ValueFormatError, convert, unicode_escape

DROPPED, DATE, UNSTORABLE = Fate.DROPPED, Fate.DATE, Fate.UNSTORABLE


@pytest.mark.parametrize(
    ("kind", "text", "item"),
    [
        ("String", " x ", " x "),
        ("undefined", "5", "5"),
        ("Boolean", "TRUE", True),
        ("Boolean", "yes", False),
        ("Boolean", "", False),
        ("Long", "+5", 5),
        ("Long", "-9223372036854775808", -(1 << 63)),
        ("Long", "٣", 3),
        ("Double", " 1.5 ", Float64.of(1.5)),
        ("Double", ".5", Float64.of(0.5)),
        ("Double", "5.", Float64.of(5.0)),
        ("Double", "1e3f", Float64.of(1000.0)),
        ("Double", "-0.0", Float64.of(-0.0)),
        ("Double", "1e999", Float64(0x7FF0000000000000)),
        ("Double", "-Infinity", Float64(0xFFF0000000000000)),
        ("Double", "-NaN", Float64(0x7FF8000000000000)),
        ("Double", "-0x1.8p-3", Float64.of(-0.1875)),
        ("Double", "0x1p99999", Float64(0x7FF0000000000000)),
        ("Decimal", "1e5", DROPPED),
        ("Decimal", "-.5", DROPPED),
        ("Name", "nt:file", DROPPED),
        ("Name", "foo", DROPPED),
        ("Name", "my:foo", DROPPED),
        ("Name", "zz:foo", UNSTORABLE),
        ("Name", " foo", UNSTORABLE),
        ("Path", "/a/../b[2]/", DROPPED),
        ("Path", "", DROPPED),
        ("Path", "/", DROPPED),
        ("Path", "zz:a", UNSTORABLE),
        ("Path", "a ", UNSTORABLE),
        ("Path", "[x]", UNSTORABLE),
        ("Path", "..", UNSTORABLE),
        ("Path", "../a", UNSTORABLE),
        ("Path", "a/..", DROPPED),
        ("Path", "{a}b", DROPPED),
        ("Path", "{}a", DROPPED),
        ("Path", "a{b", DROPPED),
        ("Path", "\u2028", DROPPED),
        ("Name", "{", DROPPED),
        ("Name", "{a}b", DROPPED),
        ("Name", "\u2028", DROPPED),
        ("URI", "http://x/y?q=[1]#z", DROPPED),
        ("URI", "mailto:a", DROPPED),
        ("URI", "", DROPPED),
        ("URI", "a/b", DROPPED),
        ("Reference", "3c026e77-0000-0000-0000-000000000000", DROPPED),
        ("WeakReference", "3c026e77-0000-0000-0000-000000000000", DROPPED),
        ("Date", "2020-01-02T03:04:05.678Z", DATE),
        ("Date", "2020-02-29T00:00:00.000+05:30", DATE),
        ("Date", "1500-02-29T00:00:00.000Z", DATE),
        ("Date", "-0004-02-29T00:00:00.000Z", DATE),
        ("Date", "2020-01-02T03:04:05.678", DATE),
    ],
)
def test_convert(kind: str, text: str, item: object) -> None:
    assert convert(kind, text, {"my": "http://example.com/my"}) == item


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("Long", text) for text in ["", " 5", "5.0", "0x10", "--5", "9223372036854775808", "1_0"]),
        *(("Double", text) for text in ["", "x", "1_0", "٣", ".", "0x1", "infinity"]),
        *(("Decimal", text) for text in ["", "x", " 1", "1e", "1e2147483648", "1e-2147483648"]),
        *(("Name", text) for text in ["", ".", "..", "a/b", "a[1]", "a:b:c", "1:2", "{http://x}y"]),
        *(("Name", text) for text in ["{}", "{a}[1]", "{a/b}", "{Double},[\\"]),
        *(
            ("Path", text)
            for text in ["//", "a//b", "a:b:c", "]]", "a]b", "a[x]", "a[1][2]", "$[env:X]", "/[1]", "["]
        ),
        *(("Path", text) for text in ["{", "{}", "{u:v}x", "{a}:b", "{a}[1]", "/..", "/a/../.."]),
        *(("URI", text) for text in ["%", "a b", "1:2", "a:", ":", "//", "a[b]", "#a#b", "a\\b", "x:#"]),
        *(("Reference", text) for text in ["", "x"]),
        *(("Date", text) for text in ["", "2020-01-02", "2020-01-02T03:04:05Z", "2021-02-29T00:00:00.000Z"]),
        *(("Date", text) for text in ["1900-02-29T00:00:00.000Z", "1582-10-10T00:00:00.000Z"]),
        *(("Date", text) for text in ["2020-13-01T00:00:00.000Z", "2020-01-00T00:00:00.000Z"]),
        *(("Date", text) for text in ["2020-01-01T24:00:00.000Z", "2020-01-01T00:00:00.00xZ"]),
        *(("Date", text) for text in ["2020-01-01T00:00:00.000+1:00", "--20-01-01T00:00:00.000Z"]),
        *(("Date", text) for text in ["+020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000+24:00"]),
    ],
)
def test_texts_that_are_none_of_their_type(kind: str, text: str) -> None:
    with pytest.raises(ValueFormatError):
        convert(kind, text, ())


@settings(deadline=None)
@given(st.sampled_from([kind for kind in TYPES if "Binary" not in kind]), st.text())
def test_convert_fails_in_one_way_only(kind: str, text: str) -> None:
    with contextlib.suppress(ValueFormatError):
        convert(kind, text, ())


@pytest.mark.parametrize(
    ("digits", "char"), [("0041", "A"), ("d83d", "\ud83d"), ("1XYZ", "\u0eef"), ("００４１", "A")]
)
def test_unicode_escape(digits: str, char: str) -> None:
    assert unicode_escape(digits) == char


def test_unicode_escape_that_is_no_code_point() -> None:
    with pytest.raises(ValueError, match="chr"):
        unicode_escape("XYZW")
