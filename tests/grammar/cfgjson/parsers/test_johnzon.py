"""What the parser of AEM says of a text that is no JSON; tests/live holds it to the jars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.cfgjson.parsers.johnzon import complaint

VALUE = "Expected structural character or digit or 't' or 'n' or 'f' or '-'"
PLACES = {
    '{"a":true,}': ("}", 1, 12, 11, 'Expected " ] { } LITERAL'),
    '{"a":\f1}': ("\f", 1, 7, 6, VALUE),
    '\ufeff{"a":1}': ("\ufeff", 1, 2, 1, VALUE),
    '{"a":1\n\n,\n}': ("}", 4, 2, 11, 'Expected " ] { } LITERAL'),
    '{"a":1,,"b":2}': (",", 1, 9, 8, 'Expected " ] } LITERAL'),
    '{"a"::1}': (":", 1, 7, 6, "A : can only follow a key name"),
    '{"a":1]': ("]", 1, 8, 7, "Expected : }"),
    '{"a":[1}': ("}", 1, 9, 8, "Expected : ]"),
    '{"a":]': ("]", 1, 7, 6, 'Expected [ ] } " LITERAL'),
    '{"a":1 {': ("{", 1, 9, 8, "Expected : , ["),
    '{"a":1,{': ("{", 1, 9, 8, "Expected :"),
    '{"a":1,[': ("[", 1, 9, 8, 'Expected "'),
    '{"a":1 "b"': ('"', 1, 9, 8, "Expected : { [ ,"),
    '{"a":1,2': ("2", 1, 9, 8, "Not in an array context"),
    "{1:2}": ("1", 1, 3, 2, "Expected : , ["),
    '{"a":tru}': ("}", 1, 10, 9, "Expected LITERAL: true"),
    '{"a":01}': ("1", 1, 8, 7, "Leading zeros not allowed"),
    '{"a":-01}': ("1", 1, 9, 8, "Leading zeros after minus not allowed"),
    '{"a":-}': ("}", 1, 8, 7, "Unexpected premature end of number"),
    '{"a":1.}': ("}", 1, 9, 8, "Unexpected premature end of number"),
    '{"a":1e}': ("}", 1, 9, 8, "Expected DIGIT or + or -"),
    '{"a":1e5,}': ("}", 1, 11, 10, 'Expected " ] { } LITERAL'),
    '{"a":1e+}': ("}", 1, 10, 9, "Unexpected premature end of number"),
    '{"a":1x}': ("x", 1, 8, 7, "Unexpected premature end of number"),
    '{"a":"x\ty"}': ("\t", 1, 9, 8, "Unescaped control character"),
    '{"a":"x\ny"}': ("\n", 1, 9, 8, "Unexpected linebreak"),
    '{"a":"\\u12"}': ('"', 1, 12, 11, "Invalid hex character"),
    '{"a":"\\u0041",}': ("}", 1, 16, 15, 'Expected " ] { } LITERAL'),
    '{"a":"😀",}': ("}", 1, 12, 11, 'Expected " ] { } LITERAL'),
    '{"a":1}}': ("}", 1, 9, 8, "EOF expected"),
    # At the end it is the last character, and the place is twice as far as that.
    '{"a":"x': ("x", 1, 15, 14, "Unescaped control character"),
    '{"a":': (":", 1, 11, 10, "End of file hit too early"),
}


@pytest.mark.parametrize(("text", "said"), PLACES.items())
@pytest.mark.parametrize("is_later", [False, True])
def test_what_is_said(text: str, said: tuple[str, int, int, int, str], is_later: bool) -> None:
    char, line, column, offset, reason = said
    assert complaint(text, is_later=is_later) == (
        f"Unexpected character '{char}' (Codepoint: {ord(char)}) on [lineNumber={line}, columnNumber={column}, "
        f"streamOffset={offset}]. Reason is [[{reason}]]"
    )


def test_what_only_one_of_them_says() -> None:
    assert complaint("", is_later=True) == "Nothing to read"
    assert complaint("\0x", is_later=True) == "Nothing to read"
    assert complaint('{"a":"\\q"}', is_later=True) == "Invalid escape sequence 'q' (Codepoint: 113"
    assert complaint('{"a":"\\[",}', is_later=False) == "Invalid escape sequence '[' (Codepoint: 91"
    assert complaint('{"a":"\\[",}', is_later=True).startswith("Unexpected character '}'")
    assert complaint(",}", is_later=True).endswith("Reason is [[Unexpected end of structure]]")
    # The later one reads the last digit once more.
    assert complaint('{"a":1', is_later=True).endswith("streamOffset=12]. Reason is [[Expected : , []]")
    assert complaint('{"a":1', is_later=False).endswith("Reason is [[Unexpected premature end of number]]")


@given(st.text(alphabet='{}[]:,"\\ue0123-.+Etfn \n\r\t\0x😀\ud83d', max_size=30), st.booleans())
def test_there_is_always_an_end(text: str, is_later: bool) -> None:
    assert complaint(text, is_later=is_later)
