"""Mistakes behind a `.config`'s first one: each that is one, none that is a part of a value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import ParseError, forms, parse
from grammar.config import beyond


def _found(text: str) -> tuple[list[tuple[int, int, str]], list[str]]:
    errors, document = beyond.beyond(text.encode())
    assert document is not None
    return [(one.line, one.column, one.rule) for one in errors], list(document)


@pytest.mark.parametrize(
    ("text", "mistakes", "kept"),
    [
        (
            'a=true\nb=0.8\nc="x"\nd=5\n',
            [(1, 3, "unquoted-value"), (2, 3, "unquoted-value"), (4, 3, "unquoted-value")],
            ["c"],
        ),
        ('k="abc=="\nj="d=e=f"\n', [(1, 7, "unescaped-equals"), (2, 5, "unescaped-equals")], []),
        (
            'a=["b:c=[x]", "plain", "d=e"]\nz=I"x"\ny="1"\n',
            [(1, 8, "unescaped-equals"), (1, 26, "unescaped-equals"), (2, 5, "bad-number")],
            ["y"],
        ),
        (
            'a=[ \\\n  "1", \\\n  # "2", \\\n  "3" "4", \\\n  five, \\\n  ]\nb="\\uXYZ1"\nc="\\u1"\n',
            [
                (3, 3, "comment-in-list"),
                (4, 7, "missing-comma"),
                (5, 3, "unquoted-item"),
                (7, 4, "bad-unicode-escape"),
                (8, 4, "bad-unicode-escape"),
            ],
            [],
        ),
        (
            'a = "x"\nb= ["1=2"]\nc =I"4"\nd= true\ne=B "true"\nf=Q"5"\ng="1"\n',
            [
                (1, 4, "blank-around-key"),
                (2, 3, "blank-around-key"),
                (2, 7, "unescaped-equals"),
                (3, 2, "blank-around-key"),
                (4, 3, "blank-around-key"),
                (5, 3, "blank-after-type"),
                (6, 3, "unknown-type"),
            ],
            ["g"],
        ),
        (
            'a=["x"]]\nb="y",\nc="z"\n',
            [(1, 8, "stray-character"), (2, 6, "stray-character")],
            ["a", "b", "c"],
        ),
        ('a=["x")\nb="y"\nc=("z"]\n', [(1, 7, "wrong-bracket"), (3, 7, "wrong-bracket")], ["b"]),
        ('a=[ \\\n  "1", \\\nb="x"\nc=1\n', [(3, 1, "unclosed-list"), (4, 3, "unquoted-value")], ["b"]),
        ('a: "x"\nb: "y"\nc="z"\n', [(1, 1, "missing-equals"), (2, 1, "missing-equals")], ["c"]),
        ('a="x\nb="y"\nc="z\nd="w"\n', [(1, 3, "unclosed-quote"), (3, 3, "unclosed-quote")], ["b", "d"]),
        ('  "a"="1"\n  b=2\n  c="3"\n', [(1, 3, "stray-quote")], ["c"]),
        ('a=\nb="x"\nc=', [(1, 3, "missing-value"), (3, 3, "missing-value")], ["b"]),
    ],
)
def test_each_mistake_is_found(text: str, mistakes: list[tuple[int, int, str]], kept: list[str]) -> None:
    assert _found(text) == (mistakes, kept)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        # Attributes of markup stand at the beginning of a line, as entries do.
        ('t="<a\nhref="x"\nclass="y">"\nnext="z"\n', (1, 3, "unclosed-quote")),
        ('t="<a\nhref="x"\n>text</a><b\nclass="y"\n>"\nnext="z"\n', (1, 3, "unclosed-quote")),
        ('s=["set p to\n  q\nx{String}="b"c=5"\nend"]\n', (3, 10, "unescaped-equals")),
        ('a=[\n  "x" y="1"\n  z="2"\n  ]\n', (2, 7, "unclosed-list")),
        # What stands behind the value's line end is the value.
        ('scripts=\n["a"]\n', (1, 9, "missing-value")),
        ('{\n"a": "x",\n "b": true\n}\n', (1, 1, "missing-equals")),
        ('a="x"\r', (1, 6, "lone-carriage-return")),
        (' \nkey="\ne="\\u12"\n")', (2, 5, "unclosed-quote")),
        ('\nkey=""a" "b"]\\\n;\nkey=")x', (2, 7, "missing-equals")),
        ("[\n (=", (1, 1, "stray-character")),
        (");", (1, 1, "stray-character")),
        ('x=az=Q"1"\nx', (1, 3, "unquoted-value")),
        ('"T\nkey="\nkey="[(', (1, 1, "stray-quote")),
    ],
)
def test_what_may_be_a_part_of_a_value_is_no_mistake(text: str, mistake: tuple[int, int, str]) -> None:
    mistakes, _ = _found(text)
    assert mistakes == [mistake]


def test_what_is_large_has_its_first_mistake_only() -> None:
    assert beyond.beyond(b"a=1\n" * beyond.MAX_BYTES) == ([], None)
    errors, _ = beyond.beyond(b"a=1\n" * beyond.MOST * 2)
    assert len(errors) == beyond.MOST


_LINES = st.sampled_from(
    [
        'a="1"',
        'b="x=="',
        'c = "2"',
        'd="1",',
        "f=true",
        "# c",
        'g=["1", "2="]',
        'h="',
        'i="a" b',
        "]",
        '["1"]',
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_LINES, max_size=7).map("\n".join))
def test_the_first_is_the_one_that_the_file_is_rejected_with(text: str) -> None:
    errors, document = beyond.beyond(text.encode())
    try:
        accepted = parse(text.encode())
    except ParseError as error:
        rest = forms.beyond(error, text.encode(), form="config")
        assert len(rest.errors) == len(errors) - 1
        assert (error.line, error.column, error.rule) not in {(e.line, e.column, e.rule) for e in rest.errors}
        return
    assert errors == []
    assert document is not None
    assert document.properties == accepted.properties


def test_the_mistakes_with_their_offsets() -> None:
    data = b'a ="1"\nb= "2"\n'
    assert [(found.offset, found.rule) for found in beyond.problems(data)] == [
        (1, "blank-around-key"),
        (9, "blank-around-key"),
    ]
    assert beyond.problems(b"a" * (beyond.MAX_BYTES + 1)) == []
