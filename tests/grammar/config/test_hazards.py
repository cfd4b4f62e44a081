"""Hazards of accepted `.config` text, and of bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import ParseError, forms, parse
from grammar.config import hazards
from grammar.config.document import ConfigDocument


def _rules(text: str) -> list[str]:
    return [found.rule for found in forms.hazards(parse(text.encode()))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        'a="x\\ y\\=\\"z\\""\r\n',
        'a="tab\\tline\\nend"\n',
        'a="C:\\\\temp"\n',
        'a="[one]"\n',
        'a="[{\\"a\\":1},2]"\n',
        'a\\ b="1"\n',
        'a=F"1065353216"\nb=D"0"\nc=F"-8388608"\n',
        'a=B["true", "FALSE"]\nb=[]\nc=("x")\n',
        'a=[ \\\n  "1", \\\n  ]\n',
        "# only\n",
        '# c\r\n# d\ra="1"\n',
        'a=C"\\u0041"\n',
    ],
)
def test_ordinary_text_has_none(text: str) -> None:
    assert _rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('a="\\d+"\n', "lost-backslash"),
        ('a=["x", "\\."]\n', "lost-backslash"),
        ('a="D:\\new"\n', "windows-path"),
        ('a="\\f"\n', "control-escape"),
        ('a="x\\\ny"\n', "escaped-line-break"),
        ('a=b["true", "on"]\n', "bad-boolean"),
        ('a=D"5"\n', "float-bits"),
        ('a=F"-5"\n', "float-bits"),
        ('a=C"xy"\n', "long-character"),
        ('a="[x,y]"\n', "list-in-quotes"),
        ('a="[x,${y}]"\n', "list-in-quotes"),
        ('a="[${y}]"\n', "list-in-quotes"),
        ('a="[$[env:Y]]"\n', "list-in-quotes"),
        ('a="[/content/dam]"\n', "list-in-quotes"),
        ('a="[com.example.Service]"\n', "list-in-quotes"),
        ("a=()\n", "empty-collection"),
        ('a="1"\na="2"\n', "duplicate-key"),
        ('a="1"\nA="2"\n', "case-twins"),
        ('a="1";\nb="2"\n', "key-with-line-break"),
        ('a="1"; b="2"\n', "odd-key"),
        ("# c", "lone-comment"),
        ('# c\ra="1"\nb="2"\n', "lone-comment"),
    ],
)
def test_each_hazard(text: str, rule: str) -> None:
    assert _rules(text) == [rule]


def test_the_bytes_tell_of_a_bom_not_the_key() -> None:
    assert _rules('\ufeff# c\na="1"\n') == []


def test_a_rule_speaks_once_a_property_and_names_its_place() -> None:
    found = list(forms.hazards(parse(b'x="1"\n  a=["\\.", "\\.", "\\d"]\n')))
    assert [(h.rule, h.line, h.column, h.name) for h in found] == [("lost-backslash", 2, 3, "a")]


def test_bytes() -> None:
    assert [h.rule for h in hazards.of_bytes(b'\xef\xbb\xbfa="1"\n')] == ["bom"]
    found = list(hazards.of_bytes(b'a="1"\r\nb="\xc3\xa4\xff"\r\n'))
    assert [(h.rule, h.line, h.column) for h in found] == [("invalid-utf8", 2, 5)]
    for text in ('a="ä"\n', 'a="1"\n'):
        assert list(hazards.of_bytes(text.encode())) == []


_PIECES = [
    "\\",
    "\\\\",
    '"',
    "=",
    "\\=",
    "[",
    "(",
    "]",
    ")",
    ", ",
    "[ ",
    " ",
    "\n",
    "\r\n",
    "a",
    "B",
    "true",
    "t",
    "#",
]
_VALUES = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b;", "c d", "B"]), st.sampled_from(["", *"BbCcFfDdTI"]), _VALUES),
        max_size=3,
    )
)
def test_what_is_not_looked_at_has_no_hazard(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(f'{key}{number}={code}"{value}"\n' for number, (key, code, value) in enumerate(parts))
    for written in (text, text.replace('="', '=[ \\\n  "').replace('"\n', '", \\\n  ]\n')):
        try:
            document = parse(written.encode())
        except ParseError:
            continue
        assert isinstance(document, ConfigDocument)
        looked_at = hazards._suspects(document)
        for entry in set(document.entries) - set(looked_at):
            assert not list(hazards._of_entry(document, entry))


@settings(max_examples=200, deadline=None)
@given(st.text('ab="[](),;\\ \n\r#=BFCT1u.\ufeff', max_size=40))
def test_no_text_raises(text: str) -> None:
    try:
        document = parse(text.encode())
    except ParseError:
        return
    for found in forms.hazards(document):
        assert found.line >= 1
        assert found.column >= 1


@pytest.mark.parametrize("text", ["[a-z]", "[0-9]", "[]", "[abc]", "[{0},{1}]", "[x] y", "[1.5]"])
def test_a_pattern_or_a_message_is_no_list(text: str) -> None:
    found = [hazard.rule for hazard in forms.hazards(parse(f'a="{text}"\n'.encode()))]
    assert "list-in-quotes" not in found
