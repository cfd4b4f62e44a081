"""The two reader models on hazards written by hand; the real jars say the same (tests/live)."""

from __future__ import annotations

import pytest

from grammar.config import reader
from grammar.values import Float32, Float64, Shape, Value

A1 = {"a": "1"}


def texts(data: bytes, version: str) -> dict[str, object] | str:
    """What is loaded, strings by their text; the error where the reader gives up."""
    loaded = reader.load(data, version)
    if loaded.properties is None:
        return loaded.error or ""
    return {
        name: value.text if value.text is not None else value for name, value in loaded.properties.items()
    }


@pytest.mark.parametrize(
    ("data", "old", "new"),
    [
        (b"", {}, {}),
        (b"# c", {}, {}),
        (b'# c\n# d\na="1"', A1, A1),
        (b'a="x=y"\nb="2"\n', None, None),
        (b'a="x?y=z&u=v"\nb="2"\n', {"a": "x?y"}, {"a": "x?y"}),
        (b'a = "1"\nb="2"', {}, {"a": "1", "b": "2"}),
        (b'a= "1"\n', {}, A1),
        (b'a="1" b="2"', {"a": "1", "b": "2"}, {"a": "1", "b": "2"}),
        (b'a=5\nb="2"', {"b": "2"}, {"b": "2"}),
        (b'a=false\nb="2"', {"lse\nb": "2"}, {"lse\nb": "2"}),
        (b"a=B", {}, {}),
        (b"a=", {}, {}),
        (b'a=\nkey="2"', {"key": "2"}, {"ey": "2"}),
        (b'a="1"\n"b"="2"\nc="3"', A1, A1),
        (b'a="1",\nb="2"', A1, A1),
        (b'a=["x" "y"]\n', None, None),
        (b'a=["x",y]\nb="1"', {}, {}),
        (b'a=["x","y"', {}, {}),
        (b'a=["x",\\ "y"]\n', {}, {}),
        (b'a=["x", \\', None, None),
        (b'a=["x" \\\r\n]', {"a": Value.array(["x"])}, {"a": Value.array(["x"])}),
        (b'a=C["x",""]\nb="2"\n', {}, {}),
        (b'a=C""\nb="2"', {"b": "2"}, {"b": "2"}),
        (b'a="x', {"a": "x"}, {"a": "x"}),
        (b'a="x\\', {"a": "x\uffff"}, {"a": "x\uffff"}),
        (b'a="\\u00"', {"a": ""}, {"a": ""}),
        (b'a="x\ry\r\nz\\\r\nw"', {"a": "x\ny\nz\nw"}, {"a": "x\ny\nz\nw"}),
        (b'a="\\b\\t\\n\\f\\r\\u0041\\.\\\\"', {"a": "\b\t\n\f\rA.\\"}, {"a": "\b\t\n\f\rA.\\"}),
        (b'a="1"\r', None, None),
        (b"a", None, None),
        (b'\x00a="1"', {"\x00a": "1"}, A1),
        (b'a="caf\xe9"', {"a": "caf\ufffd"}, {"a": "caf\ufffd"}),
        (b'a="1"\na="2"', {"a": "2"}, {"a": "2"}),
        (b'a="1"\na=[x]\n', A1, A1),
    ],
)
def test_hazards(data: bytes, old: dict[str, object] | None, new: dict[str, object] | None) -> None:
    for version, expected in zip(reader.VERSIONS, (old, new), strict=True):
        found = texts(data, version)
        if expected is None:
            assert isinstance(found, str), (version, found)
        else:
            assert found == expected, version


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b'a="x = y"\n', "java.io.IOException: Unexpected token 34; expected: 61 (line=0, pos=14)"),
        (b"a", "java.io.IOException: Unexpected token 78; expected: 61 (line=0, pos=6)"),
        (b'a=I"x"', 'java.lang.NumberFormatException: For input string: "x"'),
        (b'a="\\u00zz"', 'java.lang.NumberFormatException: For input string: "00zz" under radix 16'),
        (b'a=X"300"', 'java.lang.NumberFormatException: Value out of range. Value:"300" Radix:10'),
    ],
)
def test_errors_are_javas(data: bytes, error: str) -> None:
    assert reader.load(data, reader.INSTALLER).error == error


def test_types() -> None:
    data = (
        b'i=I"5"\nl=l"-7"\nf=F"1065353216"\nd=D"-1"\nx=X"1"\ns=s"2"\nc=c"xy"\nb=B"TRUE"\nn=B"yes"\n'
        b'ai=i["1","2"]\nci=i("1")\ne=()\nes=I[]\nt=T("a",)\n'
    )
    scalar = Shape.SCALAR
    expected = {
        "i": Value("Integer", scalar, (5,)),
        "l": Value("Long", scalar, (-7,)),
        "f": Value("Float", scalar, (Float32.of(1.0),)),
        "d": Value("Double", scalar, (Float64(0xFFFFFFFFFFFFFFFF),)),
        "x": Value("Byte", scalar, (1,)),
        "s": Value("Short", scalar, (2,)),
        "c": Value("Character", scalar, ("x",)),
        "b": Value.boolean(True),
        "n": Value.boolean(False),
        "ai": Value.array([1, 2], "int"),
        "ci": Value.collection([1], "Integer"),
        "e": Value.collection([]),
        "es": Value.array([], "Integer"),
        "t": Value.collection(["a"]),
    }
    for version in reader.VERSIONS:
        assert reader.load(data, version).properties == expected
