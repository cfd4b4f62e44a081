"""What is said about a `.config` that is rejected: the place, the rule, the reason and the way to write it right."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import lalr
from grammar.config import compiled, errors, scanner
from grammar.config.document import parse
from grammar.config.table import TABLE
from grammar.config.text import ConfigText
from grammar.errors import ParseError

LIST_LOST = "AEM drops the property or stops with an error"
STOPS = "AEM stops reading here, without an error, and every later property is lost"
FILE_LOST = "AEM stops with an error and loses the whole file"

EQUALS = 'unescaped "=" ends this value: AEM cuts it here and may drop or misread every property after it'
UNCLOSED = "this quote is never closed: AEM reads the following lines as part of the value"
HEX = f'"\\u" needs four hexadecimal digits: {FILE_LOST}'
HEX_FIX = "Write \\u and four digits, or \\\\u for the two characters"
BLANK_BEFORE = (
    'white space before "=": the installer of AEM 6.5 (Felix 1.8.12) makes it part of the key, '
    "Felix 1.9.26 cuts it off"
)
BLANK_AFTER = (
    'white space after "=": the installer of AEM 6.5 (Felix 1.8.12) drops the value and misreads what follows'
)
BLANK_FIRST = "white space or a control character begins this key: Felix 1.9.26 cuts it off, 1.8.12 keeps it"
NO_BLANKS = 'Write key="value" without blanks'
UNQUOTED = "a value must stand in double quotes: AEM drops it and reads the rest as the next key"
BACKSLASH_LAST = f"a backslash ends the file: {FILE_LOST}"
NO_EQUALS = f'no "=" after this key: {FILE_LOST}'
NOT_A = f"this text is not a %s to Java: {FILE_LOST}"
BITS = "Write digits only, the IEEE 754 bits as a decimal integer, 1.0 is %s"


def rejected(data: bytes) -> ParseError:
    with pytest.raises(ParseError) as caught:
        parse(data, "x.config")
    return caught.value


def check(data: bytes, line: int, column: int, rule: str, message: str, fix: str) -> None:
    error = rejected(data)
    found = (error.line, error.column, error.rule, error.message, error.fix)
    assert found == (line, column, rule, message, fix)
    assert str(error) == f"x.config:{line}:{column}: {message}. {fix}"


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b'key="QUJD=="\nnext="1"\n', 1, 10),
        (b'a=["b:c=[d]"]\n', 1, 8),
        (b'a="x\\"y=z"\n', 1, 8),
        (b'a="x\\\\"\nb="c=d"\n', 2, 5),
        (b'a="\\"=\\""\n', 1, 6),
        (b'# c\r\n\r\na="x=y"\r\n', 3, 5),
        (b'a="1"\rb="x=y"', 2, 5),
        ('é\U0001f600="x=y"\n'.encode(), 1, 6),
        (b'\xff="x=y"', 1, 5),
        (b'a="one: 1\ncolor=red"\n', 2, 6),
        (b'a=["x",\n"y=z"]', 2, 3),
        (b'a="x="y"\n', 1, 5),
    ],
)
def test_an_unescaped_equals_sign(data: bytes, line: int, column: int) -> None:
    check(data, line, column, "unescaped-equals", EQUALS, "Write \\=")


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b'a="x\nb="y"\n', 1, 3),
        (b'a="x\n b = "y"\n', 1, 3),
        (b'z="1"\na="x\r\nb=I"5"\n', 2, 3),
        (b'a="x\n\nb=["1"]\n', 1, 3),
        (b'a="x\\"\nb="y"\n', 1, 3),
        (b'a="\\"x\\"\nb="y"\n', 1, 3),
        (b'a=["1","x\nb="y"\n', 1, 8),
        (b'a="x', 1, 3),
        (b'a="x\\', 1, 3),
        (b'a="', 1, 3),
    ],
)
def test_a_quote_that_is_never_closed(data: bytes, line: int, column: int) -> None:
    check(data, line, column, "unclosed-quote", UNCLOSED, 'Close the value with "')


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b'a="x\\u12"\n', 1, 5),
        (b'a="x\\u12=4"\n', 1, 5),
        (b'a="x\\u1\\u1234"\n', 1, 5),
        (b'a="\\u', 1, 4),
        (b'a="ok\\u0041\\u00gg"\n', 1, 12),
        (b'a="\\\\\\u00gg"\n', 1, 6),
        (b'a=I"\\u00gg"\n', 1, 5),
        (b'a=["\\u0041",\n "\\u004G"]\n', 2, 3),
        (b'a="\xff\xfe\\u00gg"', 1, 6),
        ('a="\\u00\U0001f600"'.encode(), 1, 4),
        ('a="\\u\U0001f600\U0001f600"'.encode(), 1, 4),
        (b'a="\\u\xef\xbb09"', 1, 4),
        (b'a=["x", "\\u\xe2\x821\xe2\x82"]', 1, 10),
        (b'k\\u\xef\xbb09="1"', 1, 2),
        (b'\\u\xef\xbb09="1"', 1, 1),
        (b'\\u="1"', 1, 1),
        (b'\\u00zz="1"', 1, 1),
        (b'a\\u12="1"', 1, 2),
        (b'\\u0041\\u002g="1"', 1, 7),
        (b'z="1"\na\\n\\uzzzz="1"', 2, 4),
        (b'a\xff\\u00gg="1"', 1, 3),
    ],
)
def test_an_escape_without_four_digits(data: bytes, line: int, column: int) -> None:
    check(data, line, column, "bad-unicode-escape", HEX, HEX_FIX)


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b'a ="x"\n', 1, 2, BLANK_BEFORE),
        (b'a\t ="x"\n', 1, 2, BLANK_BEFORE),
        (b'a\n="x"\n', 1, 2, BLANK_BEFORE),
        (b'a\x00="x"\n', 1, 2, BLANK_BEFORE),
        (b'a\\ ="x"\n', 1, 3, BLANK_BEFORE),
        (b'a\\u0020="x"\n', 1, 8, BLANK_BEFORE),
        (b'\x01a ="x"\n', 1, 3, BLANK_BEFORE),
        (b'\x00a="x"\n', 1, 1, BLANK_FIRST),
        (b'\\ a="x"\n', 1, 1, BLANK_FIRST),
        (b'\\u0020a="x"\n', 1, 1, BLANK_FIRST),
        ('\x01a\u2003="x"\n'.encode(), 1, 1, BLANK_FIRST),
        (b'a= "x"\n', 1, 3, BLANK_AFTER),
        (b'a = "x"\n', 1, 4, BLANK_AFTER),
        (b'a=\x0c"x"\n', 1, 3, BLANK_AFTER),
    ],
)
def test_white_space_around_a_key(data: bytes, line: int, column: int, message: str) -> None:
    check(data, line, column, "blank-around-key", message, NO_BLANKS)


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b'a: "x"\n', 1, 1, NO_EQUALS.replace("key:", "key; a colon does not separate:")),
        (b"a\n", 1, 1, NO_EQUALS),
        (b"a", 1, 1, NO_EQUALS),
        (b'foo bar\n"x"\n', 1, 1, NO_EQUALS),
        (b'a="1"\n  b "2"\n', 2, 3, NO_EQUALS),
        (b'a"="1"\n', 1, 1, NO_EQUALS),
        (b'# c\na="1" # d\nwords', 3, 1, NO_EQUALS),
    ],
)
def test_a_key_without_an_equals_sign(data: bytes, line: int, column: int, message: str) -> None:
    check(data, line, column, "missing-equals", message, 'Write key="value"')


@pytest.mark.parametrize("data", [b'a="b"x"=c"\n', b'a="x"y"\nb="2"\n', b'a="1";'])
def test_text_glued_to_a_closing_quote(data: bytes) -> None:
    message = (
        'what follows the closing quote is a key without "=" to AEM, '
        "which stops with an error and loses the whole file"
    )
    fix = 'Write \\" for a quote inside the value, or remove what follows it'
    check(data, 1, 6, "missing-equals", message, fix)


@pytest.mark.parametrize("data", [b"a=", b'a=\nb="1"\n', b'a=\r\nb="1"\n'])
def test_no_value(data: bytes) -> None:
    message = "no value after the equals sign: AEM drops the property or misreads the next one"
    check(data, 1, 3, "missing-value", message, 'Write key="" for an empty value')


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("true", 'Write B"true" for a Boolean, or "true" for a String'),
        ("FALSE ", 'Write B"false" for a Boolean, or "FALSE" for a String'),
        ("5", 'Write I"..." for an Integer, L"..." for a Long, or "..." for a String'),
        ("-123456789", 'Write I"..." for an Integer, L"..." for a Long, or "..." for a String'),
        ("1234567890", 'Write key="value"'),
        ("0.8", 'Write key="value"'),
        ("some words", 'Write key="value"'),
        ("'x'", 'Write key="value"'),
        ("#", 'Write key="value"'),
        ("I", 'Write key="value"'),
        ('II"5"', 'Write key="value"'),
        ('\\\n"x"', 'Write key="value"'),
        ("\\u0041", 'Write key="value"'),
    ],
)
def test_a_value_without_quotes(value: str, fix: str) -> None:
    check(f'a={value}\nb="1"\n'.encode(), 1, 3, "unquoted-value", UNQUOTED, fix)
    check(f"a={value}".encode(), 1, 3, "unquoted-value", UNQUOTED, fix)


@pytest.mark.parametrize("rest", [' "5"', '\n"5"', "\t[]", '\u2003("5")'])
def test_white_space_after_a_type_code(rest: str) -> None:
    message = "white space after the type code: AEM drops the value and misreads what follows"
    check(f"a=I{rest}\n".encode(), 1, 3, "blank-after-type", message, 'Write I"value"')


@pytest.mark.parametrize("value", ['Q"5"', 't["5"]', 'é("5")'])
def test_a_letter_that_is_no_type_code(value: str) -> None:
    message = f'"{value[0]}" is no type code: AEM stops reading here, without an error'
    fix = "Type codes are T I L F D X S C B, or none for a string"
    check(f"a={value}\n".encode(), 1, 3, "unknown-type", message, fix)


@pytest.mark.parametrize(
    ("data", "line", "column", "rule", "message", "fix"),
    [
        (b'a=["x"', 1, 7, "unclosed-list", 'the list is never closed with "]"', 'Close the list with "]"'),
        (b"a=I(", 1, 5, "unclosed-list", 'the list is never closed with ")"', 'Close the list with ")"'),
        (
            b'a=["x","y"\nb="z"\n',
            2,
            1,
            "unclosed-list",
            'the next key begins before this list is closed with "]"',
            'Close the list with "]"',
        ),
        (
            b'a=("x",\nb.c = I["1"]\n',
            2,
            1,
            "unclosed-list",
            'the next key begins before this list is closed with ")"',
            'Close the list with ")"',
        ),
        (
            b'a=["x",\n# c\n"y"]\n',
            2,
            1,
            "comment-in-list",
            "a comment inside a list",
            "Put the comment above the property",
        ),
        (
            b'a=["x" "y"]',
            1,
            8,
            "missing-comma",
            "a comma is missing between two items",
            'Write ["a", "b"]',
        ),
        (
            b'a=["x"\n"y"]',
            2,
            1,
            "missing-comma",
            "a comma is missing between two items",
            'Write ["a", "b"]',
        ),
        (
            b'a=["x", \\ \n"y"]\n',
            1,
            9,
            "stray-continuation",
            "a backslash in a list must end its line",
            "Let nothing follow the backslash, or remove it",
        ),
        (
            b'a=["x", y]\n',
            1,
            9,
            "unquoted-item",
            "an item of a list must stand in double quotes",
            'Write ["a", "b"]',
        ),
        (
            b'a=["x"=]\n',
            1,
            7,
            "unquoted-item",
            "an item of a list must stand in double quotes",
            'Write ["a", "b"]',
        ),
        (
            b'a=["x")\n',
            1,
            7,
            "wrong-bracket",
            'the list was opened for "]"',
            "Close [ with ] and ( with )",
        ),
        (b'a=("x"]', 1, 7, "wrong-bracket", 'the list was opened for ")"', "Close [ with ] and ( with )"),
    ],
)
def test_a_broken_list(data: bytes, line: int, column: int, rule: str, message: str, fix: str) -> None:
    check(data, line, column, rule, f"{message}: {LIST_LOST}", fix)


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"\\", 1, 1, BACKSLASH_LAST),
        (b'a="1"\n\\', 2, 1, BACKSLASH_LAST),
        (b"a\\", 1, 2, BACKSLASH_LAST),
        (
            b'a="1" \\\nb="2"\n',
            1,
            7,
            "a backslash at the end of a line outside a list: Felix 1.8.12 makes it part of the next key",
        ),
        (
            b'\\\r\nb="2"\n',
            1,
            1,
            "a backslash at the end of a line outside a list: Felix 1.8.12 makes it part of the next key",
        ),
    ],
)
def test_a_stray_backslash(data: bytes, line: int, column: int, message: str) -> None:
    check(data, line, column, "stray-continuation", message, "Remove it")


@pytest.mark.parametrize(
    ("data", "line", "column", "char"),
    [
        (b'a="x",\nb="y"\n', 1, 6, ","),
        (b'a=["x"]]\n', 1, 8, "]"),
        (b'a=("x"))\n', 1, 8, ")"),
        (b"=x\n", 1, 1, "="),
        (b'[a]\nb="1"\n', 1, 1, "["),
        (b'# c\n(a)="1"\n', 2, 1, "("),
    ],
)
def test_a_character_that_begins_no_key(data: bytes, line: int, column: int, char: str) -> None:
    check(data, line, column, "stray-character", f'"{char}" where a key should begin: {STOPS}', "Remove it")


@pytest.mark.parametrize(
    ("data", "line", "column"), [(b'"key"="v"\n', 1, 1), (b'a="1"\n"b', 2, 1), (b'a="x" "y"\n', 1, 7)]
)
def test_a_quote_that_begins_no_key(data: bytes, line: int, column: int) -> None:
    message = f"a quote where a key should begin: {STOPS}"
    check(data, line, column, "stray-quote", message, "Write keys without quotes, and one value a key")


@pytest.mark.parametrize(("data", "column"), [(b"\r", 1), (b'a="1"\r', 6), (b"# c\r", 4)])
def test_a_carriage_return_at_the_very_end(data: bytes, column: int) -> None:
    message = f"a carriage return alone ends the file: {FILE_LOST}"
    check(data, 1, column, "lone-carriage-return", message, "End the file with LF or CRLF")


@pytest.mark.parametrize(
    ("value", "column", "message", "fix"),
    [
        ('I"x"', 5, NOT_A.replace("a %s", "an Integer"), "Write digits only, -2147483648 to 2147483647"),
        (
            'i["1", "x"]',
            11,
            NOT_A.replace("a %s", "an Integer"),
            "Write digits only, -2147483648 to 2147483647",
        ),
        (
            'L"9223372036854775808"',
            5,
            NOT_A % "Long",
            "Write digits only, -9223372036854775808 to 9223372036854775807",
        ),
        ('s("32768")', 6, NOT_A % "Short", "Write digits only, -32768 to 32767"),
        ('X"128"', 5, NOT_A % "Byte", "Write digits only, -128 to 127"),
        ('F"1.5"', 5, NOT_A % "Float", BITS % "1065353216"),
        ('d[""]', 6, NOT_A % "Double", BITS % "4607182418800017408"),
    ],
)
def test_a_text_that_is_no_number(value: str, column: int, message: str, fix: str) -> None:
    check(f"a={value}\n".encode(), 1, column, "bad-number", message, fix)


@pytest.mark.parametrize(("value", "column"), [('C""', 5), ('c["x", ""]', 11)])
def test_an_empty_character(value: str, column: int) -> None:
    message = "an empty Character: AEM drops the property without an error"
    check(f"a={value}\n".encode(), 1, column, "empty-character", message, 'Write one character: C"x"')


def test_the_text_of_a_value_is_not_quoted() -> None:
    """It may be a secret that somebody gave a type code."""
    assert "p@ss" not in str(rejected(b'client.secret=I"p@ss"\n'))


def test_a_file_that_is_too_large_is_not_read() -> None:
    error = rejected(b" " * 1_048_577)
    message = "1048577 bytes is more than a configuration of 1048576 bytes; not read"
    assert (error.line, error.column, error.rule, error.message) == (1, 1, "too-large", message)
    assert str(error) == f"x.config:1:1: {message}"


def test_the_offending_line_is_shown_without_its_ending() -> None:
    error = rejected(b'a="1"\r\nb="x=y"\r\nc="2"\r\n')
    assert error.source_line == 'b="x=y"'
    assert error.context() == '  b="x=y"\n      ^'


@pytest.mark.parametrize(
    ("text", "at", "rule", "entry"),
    [
        ('a="1"\nb="2"\n', 0, None, 11),
        ('a="1"\nb ="2"\nc=3', 0, "blank-around-key", 5),
        ('a="1"\nb ="2"\nc=3', 12, "unquoted-value", 12),
        ('a="1"\nb=I"x"', 5, "bad-number", 5),
        ("# c\n", 0, None, 0),
    ],
)
def test_the_first_problem_in_the_order_of_the_text(text: str, at: int, rule: str | None, entry: int) -> None:
    problem, begins = errors.first(text, at)
    assert (problem.rule if problem else None, begins) == (rule, entry)


@given(data=st.data())
def test_a_key_without_a_value_is_where_the_grammar_stops(
    data: st.DataObject, soup: st.SearchStrategy[bytes]
) -> None:
    text = data.draw(soup).decode("utf-8", "surrogateescape")
    for at in (0, *(entry.value_end for entry in scanner.entries(text))):
        no_value, stop = re.compile(compiled.NO_VALUE).match(text, at), lalr.stop(TABLE, text, at)
        is_at_value = stop is not None and stop.pending and stop.pending[-1].name == "EQUALS"
        if next(scanner.entries(text, at), None) is None:
            assert (no_value and no_value.end()) == (stop.at if stop is not None and is_at_value else None)


_KEYS = st.sampled_from([
    "a", "b.c", " d", "e ", "\x01f", "g\x1b", "h\\ ", "\\ti", "\\u0020j", "k\\=l", "\\\nm", "n\u00a0",
])  # fmt: skip
_WRITTEN = st.sampled_from([
    '"x"', '"\\u00zz"', '"\\u0041"', '["a", "b"]', 'I"5"', 'I"-123456789"', 'I"99999999999"', 'i"x"', 'L"7"', 'l"7"',
    'B"x"', 'T"t"', 't"t"', 'S"70000"', 'X"1"', 'F"1.5"', 'D"z"', 'C"ab"', '("y")', 'I["1", "q"]', '"p\\=I"',
])  # fmt: skip


@settings(max_examples=500)
@given(st.lists(st.tuples(_KEYS, _WRITTEN), max_size=4), st.sampled_from(["\n", "\r\n", "\n# c = I\n"]))
def test_what_no_search_finds_no_look_at_an_entry_finds(pairs: list[tuple[str, str]], between: str) -> None:
    text = between.join(f"{key}={value}" for key, value in pairs)
    entries = list(scanner.entries(text))
    one_by_one = next(filter(None, (errors.of_entry(text, entry) for entry in entries)), None)
    assert errors.of_entries(ConfigText(text, entries)) == one_by_one
