"""XML 1.1, and namespaces with a second prefix: what every version of FileVault loads of them."""

from __future__ import annotations

import pytest

from grammar import ParseError, forms
from grammar.values import Value
from grammar.xml import document as xml_document
from grammar.xml import hazards
from grammar.xml.markup import later
from grammar.xml.reader import VERSIONS, load

JCR = '"http://www.jcp.org/jcr/1.0"'
NT = '"http://www.jcp.org/jcr/nt/1.0"'
SLING = 'xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
CONFIG = 'jcr:primaryType="sling:OsgiConfig"'


def later_file(attributes: str, before: str = "") -> bytes:
    return f'<?xml version="1.1"?>{before}<jcr:root {SLING} xmlns:jcr={JCR} {CONFIG} {attributes}/>'.encode()


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ('p="a\u2028b"', "a b"),
        ('p="a\x85b"', "a b"),
        ('p="a\r\x85b"', "a b"),
        ('p="a&#x85;&#x2028;b"', "a\x85\u2028b"),
        ('p="a&#1;&#x01;&#x1F;&#31;b"', "a\x01\x01\x1f\x1fb"),
        (f'p="&#{"0" * 5000}1;&#x{"0" * 5000}2;"', "\x01\x02"),
        # Whatever stands in for a control character while the text is read, the text may have it itself.
        (
            'p="&#1;&#x2;\U000f0000\U000f0001&#xF0002;&#983043;"',
            "\x01\x02\U000f0000\U000f0001\U000f0002\U000f0003",
        ),
        ('p="&#1;\U0010ff01&#x10ff01;&#x10fffd;"', "\x01\U0010ff01\U0010ff01\U0010fffd"),
        ('p="&#9;&#10;&#xd;&#x7f;&#x9f;"', "\t\n\r\x7f\x9f"),
        ('\x85p="x"\u2028q="y"', "x"),
    ],
)
def test_what_the_later_version_reads_otherwise(attributes: str, value: str) -> None:
    data = later_file(attributes)
    found = xml_document.parse(data)
    assert found.text("p") == value
    for version in VERSIONS:
        loaded = load(data, version, "X.xml").properties
        assert loaded is not None
        assert loaded["p"] == Value.string(value)
    traps = [rule for rule, _, _ in hazards.traps(found)]
    assert traps == ["xml-raw-break"] * (value == "a b")


def test_places_are_those_of_the_text() -> None:
    data = later_file('p="&#1;" q="x"', before="<!-- \u2028\x85 -->")
    found = xml_document.parse(data)
    assert found.with_value("q", Value.string("y")).source == data.replace(b'"x"', b'"y"')
    assert found["q"].column == data.decode().index("q=") + 1


@pytest.mark.parametrize("mistake", ['<c jcr:primaryType="x"/><c jcr:primaryType="x"/>', "<c>"])
def test_a_mistake_is_where_the_text_has_it(mistake: str) -> None:
    """What ends a line for XML 1.1 ends none for editors, nor is a target of ours one with another name."""
    whole = later_file("", before="<?a:b \u2028\x85 ?>").decode().replace("/>", f">{mistake}</jcr:root>")
    with pytest.raises(ParseError) as caught:
        xml_document.parse(whole.encode())
    last = whole.rindex("<c") if "/" in mistake else whole.index("</jcr:root>") + 2
    assert (caught.value.line, caught.value.column) == (1, last + 1)
    assert caught.value.source_line == whole


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ('p="\x7f"', "xml-version"),
        ('p="\x9f"', "xml-version"),
        ('\u2c00="x"', "xml-version"),
        ('p="\x01"', "xml-malformed"),
        ('p="&#0;"', "xml-malformed"),
        ("p=&#1;", "xml-malformed"),
    ],
)
def test_what_stays_refused(attributes: str, rule: str) -> None:
    with pytest.raises(ParseError) as caught:
        xml_document.parse(later_file(attributes))
    assert caught.value.rule == rule


def test_the_earlier_version_has_none_of_it() -> None:
    plain = later_file('p="a\x85\u2028\x7fb"').replace(b"1.1", b"1.0", 1)
    assert xml_document.parse(plain).text("p") == "a\x85\u2028\x7fb"
    with pytest.raises(ParseError):
        xml_document.parse(later_file('p="&#1;"').replace(b"1.1", b"1.0", 1))


def test_a_stand_in_is_as_long_as_the_reference() -> None:
    text = "&#1;&#001;&#x1f;&#9;&#32;&#x20;&amp;"
    earlier, meanings = later.as_earlier(text)
    assert len(earlier) == len(text)
    assert earlier.translate(meanings) == "\x01\x01\x1f&#9;&#32;&#x20;&amp;"


@pytest.mark.parametrize(
    ("declared", "attributes", "inside", "is_taken"),
    [
        (f"xmlns:j={JCR} xmlns:jcr={JCR}", "", "", True),
        (f"xmlns:jcr={JCR} xmlns:n={NT} xmlns:nt={NT}", "", "", True),
        # The last one counts for FileVault 3.2 and 3.4.
        (f"xmlns:jcr={JCR} xmlns:j={JCR}", "", "", False),
        (f"xmlns:jcr={JCR} xmlns:nt={NT} xmlns:n={NT}", "", "", False),
        (f"xmlns:jcr={JCR} xmlns:n={NT}", "", "", False),
        (f"xmlns:j={JCR} xmlns:jcr={JCR}", 'j:title="x"', "", False),
        (f"xmlns:jcr={JCR}", "", f'<c xmlns:j={JCR} jcr:primaryType="nt:unstructured"/>', False),
    ],
)
def test_a_second_prefix(declared: str, attributes: str, inside: str, is_taken: bool) -> None:
    text = f'<jcr:root {SLING} {declared} {CONFIG} p="1" {attributes}>{inside}</jcr:root>'
    try:
        found = forms.parse(text.encode(), "X.xml")
    except ParseError as error:
        assert not is_taken
        assert error.rule == "xml-namespace"
    else:
        assert is_taken
        assert found.text("p") == "1"
