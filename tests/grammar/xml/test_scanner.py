"""The grammar of files and attributes, held to expat and to the state machine of the models."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.errors import ParseError
from grammar.xml import scanner, source
from grammar.xml.reader import DocViewError, parse_text
from grammar.xml.values import TYPES

FILES = [
    "<a/>",
    '\ufeff<?xml version="1.0"?>\r\n<!-- <a b="c"> --><?pi <x?>\n<a/>',
    '<a\n  b = "1"\tc=\'"2>\' >t<![CDATA[<d e="f">]]></a >\n',
    '<a xmlns="" xmlns:p="q"><b p:c="&#x41;&#66;&lt;&gt;&amp;&quot;&apos;\r\n\t"></b><c/></a><!---->',
]


@pytest.mark.parametrize("text", FILES)
def test_tokens_joined_are_the_file(text: str) -> None:
    assert "".join(scanner.tokens(text)) == text


@pytest.mark.parametrize("text", FILES)
def test_scanner_and_expat_see_the_same(text: str) -> None:
    compare_with_expat(text)


def compare_with_expat(text: str) -> None:
    elements, tags = source.elements(text).found, scanner.tags(text)
    assert len(elements) == len(tags)
    for element, tag in zip(elements, tags, strict=True):
        assert text[tag.start : tag.start + len(element.name) + 1] == f"<{element.name}"
        assert text[tag.end] in "/>"
        names = [text[entry.start : entry.name_end] for entry in tag.entries]
        assert names == [attribute.name for attribute in element.attributes]
        for attribute, entry in zip(element.attributes, tag.entries, strict=True):
            assert text[entry.value_start : entry.value_end] == entry.raw
            assert text[entry.value_start - 1] == text[entry.value_end]
            assert scanner.unreferenced(entry.raw) == attribute.value == entry.value.text


PIECES = [
    "<a>",
    "</a>",
    "<b/>",
    "<a ",
    ' c="1"',
    " d='\"'",
    "\n",
    ">",
    "/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x",
    "?>",
]
MARKUP = st.lists(st.sampled_from([*PIECES, "&amp;", "&#x9;", "é", "😀", "=", '"', " ", "x", "\ufeff"])).map(
    "".join
)


@settings(deadline=None)
@given(MARKUP | MARKUP.map(lambda inner: f"<r>{inner}</r>") | MARKUP.map(lambda inner: f"<r {inner}/>"))
def test_what_expat_takes_the_scanner_takes_alike(text: str) -> None:
    try:
        source.elements(text)
    except ParseError:
        return
    assert "".join(scanner.tokens(text)) == text
    compare_with_expat(text)


@pytest.mark.parametrize(("text", "column"), [("<a", 1), ("<a b>", 5), ("<", 1), ("<a/><?xml ?>", 5)])
def test_what_is_no_xml(text: str, column: int) -> None:
    with pytest.raises(ParseError, match="not an XML file from here on") as caught:
        scanner.tags(text)
    assert (caught.value.rule, caught.value.column) == ("xml-malformed", column)


def test_a_unicode_escape_that_is_no_character() -> None:
    with pytest.raises(ParseError, match="needs four hexadecimal digits") as caught:
        scanner.tags('<a>\n<b c="\\uXYZW"/></a>')
    assert (caught.value.rule, caught.value.line, caught.value.column) == ("xml-bad-unicode", 2, 7)


TEXTS = st.text(st.sampled_from("ab5{}[],\\u0d8 é😀\n")) | st.builds(
    "{{{}}}{}".format, st.sampled_from(TYPES), st.text(st.sampled_from("a{}[],\\0u1"))
)


@settings(deadline=None)
@given(TEXTS | st.text())
def test_grammar_and_state_machine_agree(text: str) -> None:
    try:
        expected = parse_text(text)
    except DocViewError:
        expected = None
    try:
        found = scanner.attribute_text(text)
    except ValueError:
        assert expected is None
        return
    if expected is None:
        assert found.kind not in TYPES
        return
    assert (found.kind or "undefined", found.multiple, found.values) == (
        expected.kind,
        expected.multiple,
        expected.values,
    )
    if found.tokens:
        joined = "".join(token for _, token in found.tokens)
        assert joined.encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")
