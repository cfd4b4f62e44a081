"""Where elements and attributes stand, held to a grammar of whole files, and what an edit needs of them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Token, Tree

from grammar import places, tables
from grammar.xml.markup import spans

PARSER = tables.parser(Path(__file__).with_name("document.lark"), "document")

FILES = [
    "<a/>",
    '\ufeff<?xml version="1.0"?>\r\n<!-- <a b="c"> --><?pi <x?>\n<a/>',
    '<a\n  b = "1"\tc=\'"2>\' >t<![CDATA[<d e="f">]]></a >\n',
    '<a xmlns="" xmlns:p="q"><b p:c="&#x41;&#66;&lt;&gt;&amp;&quot;&apos;\r\n\t"></b><c/></a><!---->',
]


def tags_of_lark(text: str) -> list[tuple[int, int, list[tuple[int, ...]]]]:
    """Of each start tag its ``<``, its ``>`` or ``/>``, and the offsets of its attributes."""
    found = []
    for tag in PARSER.parse(text).find_data("tag"):
        leaves = list(tag.scan_values(lambda token: True))
        attributes = [offsets(child) for child in tag.find_data("attribute")]
        plain = [one for one in attributes if not is_declaration(text[one[1] : one[2]])]
        found.append((leaves[0].start_pos, leaves[-1].start_pos, plain))
    return sorted(found)


def is_declaration(name: str) -> bool:
    return name == "xmlns" or name.startswith("xmlns:")


def offsets(attribute: Tree[Token]) -> tuple[int, ...]:
    blank, name, _, quoted = attribute.scan_values(lambda token: True)
    return blank.start_pos, name.start_pos, name.end_pos, quoted.start_pos + 1, quoted.end_pos - 1


def check(text: str) -> None:
    elements = spans.Reader(text).read()
    assert "".join(PARSER.parse(text).scan_values(lambda token: True)) == text
    assert tags_of_lark(text) == [
        (e.start, e.head_end, [tuple(attribute[3:]) for attribute in e.attributes]) for e in elements
    ]
    for element in elements:
        assert text.startswith(f"<{element.name}", element.start)
        assert (element.line, element.column) == places.position(text, element.start)
        assert text[element.end - 1] == ">"
        if element.close is None:
            assert element.end == element.head_end + 2
        else:
            assert text.startswith(f"</{element.name}", element.close)
        if element.parent is not None:
            assert element in element.parent.children
            assert element.parent.head_end < element.start < element.end <= (element.parent.close or 0)
        assert element.depth == (element.parent.depth + 1 if element.parent else 0)


@pytest.mark.parametrize("text", FILES)
def test_where_elements_and_attributes_stand(text: str) -> None:
    check(text)


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
def test_what_expat_takes_the_grammar_takes_alike(text: str) -> None:
    try:
        spans.Reader(text).read()
    except spans.XmlError as error:
        assert 0 <= error.offset <= len(text)
        return
    check(text)


def test_values_are_those_of_a_parser() -> None:
    (element,) = spans.Reader('<a xmlns:p="q" p:b=\'&#x41;&lt;"\r\n\t\' c="1"/>').read()
    assert [(found.name, found.uri, found.value) for found in element.attributes] == [
        ("p:b", "q", 'A<"  '),
        ("c", "", "1"),
    ]
    assert (element.attribute("c").value, element.value("c"), element.value("d")) == ("1", "1", "")
    with pytest.raises(KeyError):
        element.attribute("d")


def test_text_is_kept_where_it_is_asked_for() -> None:
    text = "<a>1<b>2<![CDATA[3]]></b>&#52;<c/>5</a>"
    assert [element.text for element in spans.Reader(text, keep_text=True).read()] == ["145", "23", ""]
    assert [element.text for element in spans.Reader(text).read()] == ["", "", ""]


@pytest.mark.parametrize(
    ("text", "offset"),
    [("<a é='1'/>\n<b", 11), ("<é>\udcff</é>", 3), ("", 0), ("<\0a\0/\0>\0", 1), ("\0<\0a\0/\0>", 0)],
)
def test_what_is_not_well_formed(text: str, offset: int) -> None:
    with pytest.raises(spans.XmlError) as caught:
        spans.Reader(text).read()
    assert (caught.value.rule, caught.value.offset) == ("xml-malformed", offset)
    assert caught.value.reason


@pytest.mark.parametrize("inner", ["", "[]", "[<!ENTITY a 'b'>]", ' SYSTEM "http://localhost/a.dtd"'])
def test_a_document_type(inner: str) -> None:
    text = f"<!DOCTYPE a{inner}><a/>"
    with pytest.raises(spans.XmlError) as caught:
        spans.Reader(text).read()
    assert caught.value.rule == "xml-doctype"
    if "[" not in inner:
        assert len(spans.Reader(text, plain_doctype=True).read()) == 1


def test_elements_can_be_pickled() -> None:
    root, child = pickle.loads(pickle.dumps(spans.Reader("<a><b c='1'/></a>").read()))
    assert (root.children, child.parent, child.value("c")) == ([child], root, "1")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r&<\"'")))
def test_what_is_quotable_comes_back(text: str) -> None:
    for quote in ('"', "'"):
        written = f"<a b={quote}{spans.quotable(text, quote)}{quote}/>"
        try:
            (element,) = spans.Reader(written).read()
        except spans.XmlError:
            assert any(not char.isprintable() or char in "\ufffe\uffff" for char in text)
            return
        assert element.value("b") == text
