"""The language inside an attribute, held to Lark's engine and to the state machine of the models."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import tables
from grammar.java import units
from grammar.xml import attributes, docview
from grammar.xml.reader import DocViewError, parse_text
from grammar.xml.tags import tag_of
from grammar.xml.values import TYPES
from tests.grammar import engine

PARSER = tables.parser(tables.XML_VALUE, "value")

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
        found = attributes.attribute_text(text)
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


@settings(deadline=None)
@given(TEXTS | st.text())
def test_the_tokens_are_those_of_lark(text: str) -> None:
    try:
        found = attributes.attribute_text(text)
    except ValueError:
        return
    tokens = engine.outcome(PARSER, units.to_units(text)).tokens
    if found.tokens:
        assert list(found.tokens) == tokens
    else:
        assert tokens in ([], [("STRING_TEXT", units.to_units(text))])


def test_a_unicode_escape_that_is_no_character() -> None:
    text = '<a>\n<b c="\\uXYZW"/></a>'
    (_, element) = docview.read(text).elements
    tag, ((_, error),) = tag_of(text, element)
    assert "needs four hexadecimal digits" in error.message
    assert (error.rule, error.line, error.column) == ("xml-bad-unicode", 2, 7)
    assert tag.entries == ()
