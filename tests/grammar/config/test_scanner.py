"""The pattern of an entry, held to the grammar that it is derived from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import tables
from grammar.config import compiled, scanner
from grammar.config.text import ITEM
from tests.grammar import engine

ESCAPE = re.compile(r"\\.", re.DOTALL)
PARSER = tables.parser(tables.CONFIG, "start")


def entries_of_lark(text: str) -> list[scanner.Entry]:
    found = []
    for entry in PARSER.parse(text).find_data("entry"):
        key, equals, *value = entry.scan_values(lambda token: True)
        found.append(scanner.Entry(key.start_pos, key.end_pos, equals.end_pos, value[-1].end_pos))
    return sorted(found)


def is_taken(text: str) -> bool:
    *_, last = (0, 0, 0, 0), *scanner.entries(text)
    return scanner.ends(text, last[3])


@given(data=st.data())
def test_pattern_and_grammar_take_the_same_texts(data: st.DataObject, soup: st.SearchStrategy[bytes]) -> None:
    check(data.draw(soup).decode("utf-8", "surrogateescape"))


@given(data=st.data())
def test_the_patterns_for_ascii_are_the_patterns(data: st.DataObject, soup: st.SearchStrategy[bytes]) -> None:
    text = data.draw(soup).decode("ascii", "replace").replace("\ufffd", "?")
    for at in range(len(text)):
        assert spans(compiled.ASCII_ENTRY, text, at) == spans(compiled.ENTRY, text, at)
        assert spans(compiled.ASCII_TRIVIA, text, at) == spans(compiled.TRIVIA, text, at)


_PIECES = st.lists(
    st.sampled_from([
        'a="1"', "b=[ \\\n", '  "x\\ y", \\\n', "  ]", "  ]\r\n", "c=I(", '"\\\\"', '"\\\\\\""', "\n", "\r", "\r\n",
        " ", "=", '"', '"\\="', '"x=y"', '"\\u0041"', '"\\n"', "# c\n", '# "c"\n', '# "\n', "# \\\"\n", ",", ")", "]",
        "\\", '\\"', "d\\ e", "f", '"\u00fc"', "\u00fc",
    ]),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=1000)
@given(text=_PIECES)
def test_what_is_found_without_the_strings_is_what_is_found_with_them(text: str) -> None:
    check_outline(text)


@given(data=st.data())
def test_any_text_without_its_strings(data: st.DataObject, soup: st.SearchStrategy[bytes]) -> None:
    check_outline(data.draw(soup).decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ('a="1"\r\nb=["x\\ y", "z\\=\\"", "\\\\"]\n# c\n', ["a", "b"]),
        ('a=[ \\\r\n  "1", \\\r\n  "2", \\\r\n  ]\r\nb=T"\u00fc"', ["a", "b"]),
        ('a=[ \\\n  "1" \\\n  ]\n', ["a"]),
        ('a="1"\n  "2", \\\n', None),
        ('a=["1" "2"]', None),
        ('a="\\u0041"', None),
        ('a="\\n"', None),
        ('a\\ b="1"', None),
        ('a="x=y"', None),
        ('a="1', None),
        ('# "\na="1"\n# "', None),
        ('\u00fc="1"', None),
    ],
)
def test_which_texts_are_plain(text: str, keys: list[str] | None) -> None:
    assert scanner._of_outline(text) == keys
    check_outline(text)


def check_outline(text: str) -> None:
    found = scanner._of_outline(text)
    if found is not None:
        assert found == [text[entry.key_start : entry.key_end] for entry in scanner.entries(text)]
        assert is_taken(text)
        escapes = {
            one
            for entry in scanner.entries(text)
            for one in ESCAPE.findall(text, entry.key_start, entry.value_end)
        }
        assert escapes <= {r"\ ", r"\=", r"\"", r"\\", "\\\n", "\\\r"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a="x\\ y"', scanner.Keys(["a"], is_plain=True)),
        ('a="\\n"', scanner.Keys(["a"])),
        ('\u00fc="1"', scanner.Keys(["\u00fc"])),
        ('a="', None),
    ],
)
def test_keys(text: str, found: scanner.Keys | None) -> None:
    assert scanner.keys(text) == found


def spans(pattern: str, text: str, at: int) -> tuple[tuple[int, int], ...] | None:
    found = re.compile(pattern).match(text, at)
    return found and found.regs  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        'a="1"b="2"',
        'a="1"\r',
        'a="1"\rb="2"\n',
        'a=["x",,"y",]\nb=(,)\nc=[\\\n]\nd=(\x0c"x")',
        'a=["x" "y"]',
        'a=["x")',
        "a=[,",
        '\\u0041\\u000a="\\u-001"',
        'a\\ b\\==T"x\\=\\"y"',
        'a="x=y"',
        ' a ="1"\n',
        '\u2003a="1"\u2028# c\n\u00a0b="2"',
        'a="\udc80"\n\udc80="1"',
        "a=I",
        "a",
    ],
)
def test_some_texts_of_each_kind(text: str) -> None:
    check(text)


def check(text: str) -> None:
    if engine.outcome(PARSER, text).stop is not None:
        assert not is_taken(text)
        assert scanner.keys(text) is None
        return
    found = list(scanner.entries(text))
    assert is_taken(text)
    assert found == entries_of_lark(text)
    keys = scanner.keys(text)
    assert keys is not None
    assert keys.raw == [text[entry.key_start : entry.key_end] for entry in found]
    for entry in found:
        raw = text[entry.value_start : entry.value_end]
        names = [name for name, _ in engine.outcome(PARSER, f"k={raw}").tokens]
        assert 2 * len(ITEM.findall(raw)) == names.count("QUOTE")


def test_the_spans_of_keys_and_values() -> None:
    text = '# c\n a="1"\nb=I["2"] # d\n'
    found = list(scanner.entries(text))
    assert [(text[a:b], text[c:d]) for a, b, c, d in found] == [("a", '"1"'), ("b", 'I["2"]')]
    assert list(scanner.entries(text, found[0].value_end)) == found[1:]


@pytest.mark.parametrize(
    ("text", "before"),
    [("# c\n", ""), ('a="1"\nb=1', 'a="1"'), ('a="1"\r', 'a="1"'), ('a="x=y"', ""), ("a", "")],
)
def test_it_ends_with_the_last_entry_that_fits(text: str, before: str) -> None:
    *_, last = scanner.Entry(0, 0, 0, 0), *scanner.entries(text)
    assert text[: last.value_end] == before
