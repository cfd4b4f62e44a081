"""The elements of a document view: limits, names, namespaces, and nothing of a DTD."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.errors import ParseError
from grammar.xml import docview
from grammar.xml.markup import source as xml_source


def refusal(text: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        docview.read(text)
    return caught.value


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a SYSTEM "http://localhost/a.dtd">',
        '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lots "&lol;&lol;">]>',
        '<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_no_document_type_declaration(prolog: str) -> None:
    error = refusal(f"<!-- <!DOCTYPE -->\n{prolog}<a>&lots;&file;</a>")
    assert (error.rule, error.line, error.column) == ("xml-doctype", 2, 1)
    assert "can define entities and add properties" in error.message
    assert "Remove the <!DOCTYPE" in error.fix


def test_plain_doctype_is_passed_over_for_the_models() -> None:
    found = docview.DocView('<!DOCTYPE a SYSTEM "a.dtd"><a b="1&foo;2"/>', plain_doctype=True)
    found.read()
    assert found.elements[0].attributes[0].value == "12"
    with pytest.raises(ParseError):
        docview.DocView("<!DOCTYPE a []><a/>", plain_doctype=True).read()


@pytest.mark.parametrize(
    "text", ["", "<a>", "<a b='1' b='2'/>", "<a b='&#0;'/>", "<a b='<'/>", "<p:a/>", "<a/>x", "<a b='&c;'/>"]
)
def test_not_well_formed(text: str) -> None:
    error = refusal(text)
    assert error.rule == "xml-malformed"
    assert error.message.startswith("not well-formed XML (")
    assert error.message.endswith("the import stops here, or fails as a whole")


def test_position_of_what_is_not_well_formed_counts_characters() -> None:
    error = refusal('<a>\r\n<b c="é😀"é/></a>')
    assert (error.line, error.column, error.source_line) == (2, 10, '<b c="é😀"é/></a>')


def test_deep_nesting_and_long_names_end_at_a_limit() -> None:
    for text in (
        "<a>" * 100_000,
        f"<{'a' * 1001}/>",
        f"<a {' '.join(f'b{i}=' + chr(34) * 2 for i in range(10_001))}/>",
    ):
        error = refusal(text)
        assert (error.rule, "deeper than 100" in error.message) == ("xml-limit", True)


def test_xml_versions() -> None:
    assert refusal('<?xml version="1.2"?><a/>').message.startswith("an XML version that the parser of AEM")
    assert docview.read('<?xml version="1.1"?><a b="é"/>').elements[0].name == "a"
    error = refusal('<?xml version="1.1"?><a b="\u0086"/>')
    assert (error.rule, error.column) == ("xml-version", 28)
    assert error.message == "a character that XML 1.1 takes as a reference only: the file is lost"


def test_namespaces() -> None:
    found = docview.read('<a xmlns="" xmlns:b="http://b"><b:c b:d="1" e="2"/></a>')
    element = found.elements[1]
    assert (element.name, element.uri, element.depth) == ("b:c", "http://b", 1)
    assert [(a.name, a.uri) for a in element.attributes] == [("b:d", "http://b"), ("e", "")]
    assert found.namespaces == {"b": "http://b"}
    assert "default namespace" in refusal('<a xmlns="http://a"/>').message
    error = refusal('<a xmlns:sling="http://b"><c xmlns:sling="http://c"/></a>')
    assert (error.rule, error.fix) == ("xml-namespace", f'Write xmlns:sling="{xml_source.SLING_URI}"')
    assert error.message == "the prefix 'sling' is bound to two namespaces in one file"
    error = refusal('<a xmlns:m="http://www.jcp.org/jcr/mix/1.0"/>')
    assert (error.rule, error.fix) == ("xml-namespace", "Write mix: and xmlns:mix")
    assert error.message == (
        "FileVault needs the prefix 'mix' for this namespace, declared last, and fails with 'm'"
    )


def test_nodes_below_the_root() -> None:
    assert len(docview.read('<a><b/><b c="1"/><d><b c="1"/></d></a>').elements) == 5
    view = docview.read(
        '<a e="1"><b c="1"/>\n<_x0062_ c="2"/><d><_x0020_ c="1"/><b c="1"/><b c="1"/></d></a>'
    )
    assert view.twins == {view.elements[2]: view.elements[1]}
    assert view.unmade == set(view.elements[3:])
    odd = docview.read(
        '<a e="1"><b_x002a_ c="1"/><b_x005b_1_x005d_ c="1"/><b c="1"/><b_x005b_2_x005d_ c="1"/><c_x003a_/></a>'
    )
    assert odd.odd == {odd.elements[index] for index in (1, 2, 4)}
    assert odd.twins == {odd.elements[3]: odd.elements[2]}


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_end_as_elements_or_as_an_error(data: bytes) -> None:
    xml_source.is_docview(data)
    with contextlib.suppress(ParseError):
        docview.read(xml_source.decode(data).text)
