"""The export of FileVault, as seen on 3.4.10, 3.6.0 and 3.8.2."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.errors import EditError
from grammar.values import Float64, Shape, Value
from grammar.xml import document
from grammar.xml.names import is_property_name
from grammar.xml.reader import VERSIONS
from grammar.xml.writing import writer

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0"\n'
    '    jcr:primaryType="sling:OsgiConfig"'
)


def body(values: dict[str, Value], version: str = "3.8.2") -> str:
    """The attributes of what is written, without their indents."""
    text = writer.write(values, version).decode()
    assert text.endswith("/>\n")
    if version != "3.2.8":
        assert text.startswith(HEAD)
    # HEAD is as long with the namespaces in the other order.
    return text[len(HEAD) : -3].replace("\n    ", "\n").removeprefix("\n")


def test_order_is_alphabetical_without_regard_to_case() -> None:
    names = ["Z", "a", "B", "b", "1q", "_x", "a b", "a-b", "a.b", "a1", "a_b", "aB", "É", "é", "ß"]
    order = [line.partition("=")[0] for line in body({name: Value.string("") for name in names}).splitlines()]
    assert order == [
        *("_x0031_q", "_x", "a", "a_x0020_b", "a-b", "a.b", "a1", "a_b", "aB", "B", "b", "Z", "ß", "É", "é")
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Value.string("x"), "x"),
        (Value.string("[x"), r"\[x"),
        (Value.string("{x}"), r"\{x}"),
        (Value.string("a[b]{c},d"), "a[b]{c},d"),
        (Value.string("a\\b"), r"a\\b"),
        (Value.string("&<>\"'"), "&amp;&lt;>&quot;'"),
        (Value.string("\t\n\r é\u2028"), "&#x9;&#xa;&#xd; é\u2028"),
        (Value.string("😀\x01\ufffe"), r"\ud83d\ude00\u0001\ufffe"),
        (Value.array([""]), r"[\0]"),
        (Value.array(["", ""]), "[,]"),
        (Value.array(["a,b", "[x]", "{y}", "\\"]), r"[a\,b,[x],{y},\\]"),
        (Value.boolean(True), "{Boolean}true"),
        (Value.array([1, -2], "Long"), "{Long}[1,-2]"),
    ],
)
def test_values(value: Value, written: str) -> None:
    assert body({"p": value}) == f'p="{written}"'


@pytest.mark.parametrize(
    ("number", "written"),
    [
        *(
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (100.0, "100.0"),
            (0.001, "0.001"),
            (1234567.5, "1234567.5"),
        ),
        *((1e7, "1.0E7"), (12345678.0, "1.2345678E7"), (9999999.0, "9999999.0"), (1e-4, "1.0E-4")),
        *((-0.00012, "-1.2E-4"), (5e-324, "4.9E-324"), (1.7976931348623157e308, "1.7976931348623157E308")),
        *(
            (0.1, "0.1"),
            (0.012345, "0.012345"),
            (math.nan, "NaN"),
            (math.inf, "Infinity"),
            (-math.inf, "-Infinity"),
        ),
    ],
)
def test_doubles_as_java_prints_them(number: float, written: str) -> None:
    assert body({"p": Value("Double", Shape.SCALAR, (Float64.of(number),))}) == f'p="{{Double}}{written}"'


def test_an_empty_string_depends_on_the_version() -> None:
    written = {version: body({"p": Value.string("")}, version) for version in VERSIONS}
    assert written == {"3.2.8": 'p=""', "3.4.10": 'p=""', "3.6.0": r'p="\0"', "3.8.2": r'p="\0"'}


def test_filevault_3_2_8_sorts_names_as_they_are_written() -> None:
    values = {name: Value("String", Shape.SCALAR, ("x",)) for name in ("a+b", "a.B")}
    assert body(values, "3.2.8") == 'a.B="x"\na_x002b_b="x"'
    assert body(values, "3.8.2") == 'a_x002b_b="x"\na.B="x"'


def test_filevault_3_2_8_declares_sling_first() -> None:
    assert writer.write({}, "3.2.8").index(b"xmlns:sling") < writer.write({}, "3.2.8").index(b"xmlns:jcr")


def test_no_properties() -> None:
    assert writer.write({}).decode() == HEAD + "/>\n"


@pytest.mark.parametrize(
    ("element", "instead"),
    [("Integer", "Long"), ("Short", "Long"), ("Byte", "Long"), ("Float", "Double"), ("Character", "String")],
)
def test_types_that_xml_does_not_have(element: str, instead: str) -> None:
    with pytest.raises(EditError, match=f"'p': XML has no {element}; the nearest is {instead}$"):
        writer.write({"p": Value(element, Shape.SCALAR, ("1",))})


def test_a_primitive_array_is_another_type_than_its_wrapper_array() -> None:
    with pytest.raises(EditError, match=r"'p': XML has no long\[\]; the nearest is Long\[\]"):
        writer.write({"p": Value.array([1], "long")})


NAMES = st.text(st.sampled_from("abA1._- é😀~$")).filter(is_property_name)
DOUBLES = st.integers(0, (1 << 64) - 1).map(Float64).filter(lambda item: not math.isnan(item.number))
SCALARS: dict[str, st.SearchStrategy[str | int | Float64]] = {
    "String": st.text(st.characters(exclude_categories=["Cs"])),
    "Long": st.integers(-(1 << 63), (1 << 63) - 1),
    "Double": DOUBLES,
    "Boolean": st.booleans(),
}


def values_of(kind: str) -> st.SearchStrategy[Value]:
    items = SCALARS[kind]
    arrays = st.lists(items, min_size=1, max_size=3).map(lambda some: Value.array(some, kind))
    return items.map(lambda item: Value(kind, Shape.SCALAR, (item,))) | arrays


VALUES = st.sampled_from(list(SCALARS)).flatmap(values_of)


@settings(deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=4), st.sampled_from(VERSIONS))
def test_what_is_written_is_read_back(values: dict[str, Value], version: str) -> None:
    unique = {name.lower(): name for name in values}
    wanted = {name: values[name] for name in unique.values()}
    found = document.parse(writer.write(wanted, version))
    assert {p.name: p.value for p in found.properties} == wanted


@settings(deadline=None)
@given(st.floats(allow_nan=False))
def test_doubles_keep_their_bits(number: float) -> None:
    written = body({"p": Value("Double", Shape.SCALAR, (Float64.of(number),))})
    text = written.removeprefix('p="{Double}').removesuffix('"')
    assert struct.pack(">d", float(text)) == struct.pack(">d", number)
