"""Mistakes behind a `.cfg.json`'s first one: each that is one, none that only a mend has made."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import ParseError, forms, parse
from grammar.cfgjson import beyond, errors


def _found(text: str) -> tuple[list[tuple[int, int, str]], list[str] | None]:
    errors, document = beyond.beyond(text.encode())
    found = sorted((one.line, one.column, one.rule.removeprefix("json-")) for one in errors)
    return found, None if document is None else list(document)


@pytest.mark.parametrize(
    ("text", "mistakes", "kept"),
    [
        (
            '{"a":null,"b:Integer":"x","c":1,"A":2,"d:Foo":1}',
            [(1, 6, "null"), (1, 23, "bad-value"), (1, 33, "case-duplicate"), (1, 39, "unknown-type")],
            ["c"],
        ),
        (
            '{"a":1,\n "b":[1,2,],\n# c\n "d":True,\n "e":\'x\',}',
            [
                (2, 11, "trailing-comma"),
                (3, 1, "hash-comment"),
                (4, 6, "literal-case"),
                (5, 6, "single-quotes"),
                (5, 10, "trailing-comma"),
            ],
            ["a", "b", "d", "e"],
        ),
        (
            '{"a":$[env:X],"b":hello,"c":01,"d":"\\.x\\d\\\\", "e":"a\tb\tc",\u00a0"f":null}',
            [
                (1, 6, "unquoted-placeholder"),
                (1, 19, "unquoted-text"),
                (1, 30, "bad-number"),
                (1, 37, "bad-escape"),
                (1, 53, "control-character"),
                (1, 59, "odd-blank"),
                (1, 64, "null"),
            ],
            ["e"],
        ),
        ('{"a":1\n "b":2\n "c":null}', [(2, 2, "syntax"), (3, 2, "syntax"), (3, 6, "null")], ["a", "b"]),
        ('{"a":1/**/2/*3*/4,"b":null, "c":-/*x*/5}', [(1, 23, "null")], ["a", "c"]),
        ('{"a":tr/**/ue,"b":nul/**/,"c":1}', [(1, 19, "unquoted-text")], ["a", "c"]),
        ('{"a":1/*\n*/2,"b":null}', [(2, 3, "syntax")], None),
        ('{"a":"1/**/2","b":null}', [(1, 19, "null")], ["a"]),
        # No comma is missing where a value begins that is none.
        ('{"a": /re/}', [(1, 7, "syntax")], None),
        ('{"a": [1, =]}', [(1, 11, "syntax")], None),
        ('{"a":"x"\n,"b":null', [(2, 10, "syntax"), (2, 6, "null")][::-1], ["a"]),
        ('\ufeff{"a":null,"b":1}', [(1, 1, "bom"), (1, 7, "null")], ["b"]),
        ('{name: 1, "b":null}', [(1, 2, "unquoted-text"), (1, 15, "null")], []),
        ('{"a":NaN,"b":-Infinity,"c":+1}', [(1, 6, "bad-number"), (1, 14, "bad-number"), (1, 28, "bad-number")], []),
        (
            '{"a":"x", // note\r"b":2}',
            [(1, 11, "comment"), (2, 7, "syntax"), (2, 7, "trailing-comma")],
            None,
        ),
        ('{"a":1} x {"b":null}', [(1, 9, "text-after-end")], ["a"]),
        (
            '{"a":"C:\\\\", "b":"http://x", "c":null}',
            [(1, 9, "comment-quote-parity"), (1, 34, "null")],
            None,
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_found(
    text: str, mistakes: list[tuple[int, int, str]], kept: list[str] | None
) -> None:
    assert _found(text) == (mistakes, kept)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('{"a":"x,\n "b":"y","c":null}', (1, 9, "control-character")),
        ('{"a":"x, "b":"y","c":null}', (1, 11, "unquoted-text")),
        ('{"a":"say "hi" now","c":null}', (1, 12, "unquoted-text")),
        ('{"a":"x" "y","c":null}', (1, 10, "syntax")),
        ('{"a":hello world,"c":null}', (1, 6, "unquoted-text")),
        ('{"a":\'it\\\'s\',"c":null}', (1, 6, "single-quotes")),
        ('{"a" 1,"c":null}', (1, 6, "syntax")),
        ('{"a":[1,2,"b":null,', (1, 14, "syntax")),
        ('{a: 1, "c":null}', (1, 2, "unquoted-text")),
        ('{"a":"\\d,"c":null', (1, 7, "bad-escape")),
        ('{"a":[1\n2],"c":null', (2, 1, "syntax")),
        ('{"a":"\\d', (1, 7, "bad-escape")),
        ('{"a":1_000,"c":null}', (1, 7, "unquoted-text")),
        ("{'a''b':1,\"c\":null}", (1, 2, "single-quotes")),
        ("[1]", None),
        ("", (1, 1, "empty")),
        ('{"a":1,/*"b":2', (1, 8, "unclosed-comment")),
        ("{01", (1, 2, "bad-number")),
        ("'x']", (1, 1, "single-quotes")),
        ("[x", (1, 2, "unquoted-text")),
        ("+1:", (1, 1, "bad-number")),
        ("+1[", (1, 1, "bad-number")),
        ("True[", (1, 1, "literal-case")),
        ('"\n', (1, 2, "control-character")),
        ('"#x\n"e":"', (1, 4, "control-character")),
        ("[{", (1, 3, "syntax")),
    ],
)
def test_what_a_mend_may_have_made_is_no_mistake(text: str, mistake: tuple[int, int, str] | None) -> None:
    assert _found(text)[0] == ([mistake] if mistake else [])


def test_what_is_large_has_its_first_mistake_only() -> None:
    assert beyond.beyond(b'{"a":null,"b":"\0"}') == ([], None)
    assert beyond.beyond(b'{"a":null}' + b" " * beyond.MAX_BYTES) == ([], None)
    nulls = ",".join(f'"k{number}":null' for number in range(beyond.MOST * 2))
    assert len(beyond.beyond(f"{{{nulls}}}".encode())[0]) == beyond.MOST
    errors, document = beyond.beyond(b'{"a":[' + b"True," * beyond.MOST * 2 + b"1]}")
    assert len(errors) == beyond.MOST
    assert document is None


_PARTS = st.sampled_from(
    [
        '"a":1',
        '"A":2',
        '"b":null',
        '"c:int":"x"',
        "d:1",
        '"e":True',
        '"f":"\\d"',
        '"g":',
        "#x\n",
        '"h":01',
        '"i":"',
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PARTS, max_size=6).map(lambda parts: f"{{{', '.join(parts)}}}"))
def test_the_first_is_among_them_and_what_is_kept_is_accepted(text: str) -> None:
    errors, document = beyond.beyond(text.encode())
    try:
        accepted = parse(text.encode(), form="cfg.json")
    except ParseError as error:
        rest = forms.beyond(error, text.encode(), form="cfg.json")
        assert len(rest.errors) == len(errors) - 1
    else:
        assert errors == []
        assert document is not None
        assert document.properties == accepted.properties


def test_who_loses_a_file() -> None:
    assert errors.lost_by(()) == "AEM reads something else"
    assert errors.lost_by(("3.9.0",)) == "installer core 3.9.0 loses the whole file"
    assert errors.lost_by(("3.9.0", "3.12.0")) == "installer core 3.9.0 and 3.12.0 lose the whole file"


@pytest.mark.parametrize(
    ("text", "name", "losers"),
    [
        ('{"a":"\t","B":1,"b":2}', "x.cfg.json", "installer core 3.12.0 and 3.14.2 lose the whole file"),
        ('{"a":1,"A":2,"b":3,"B":4}', "x.cfg.json", "installer core 3.12.0 and 3.14.2 lose the whole file"),
        ('{"a":1,"A":2,"b":3,"B":4}', 'x".cfg.json', "AEM loses the whole file"),
        ('{"a":1,"A":2,"b":null}', "x.cfg.json", "AEM loses the whole file"),
    ],
)
def test_every_mistake_says_who_loses_the_file(text: str, name: str, losers: str) -> None:
    """Not the first one only: that an AEM 6.5 loads a file does not change behind its first mistake."""
    with pytest.raises(ParseError) as caught:
        forms.parse(text.encode(), name)
    rest = forms.beyond(caught.value, text.encode(), name)
    assert len(rest.errors) == 1
    for error in (caught.value, *rest.errors):
        assert error.message.endswith(f": {losers}")
