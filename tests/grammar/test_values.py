"""Typed values."""

from __future__ import annotations

import json
import math
import struct

import pytest

from grammar.values import Float32, Float64, Shape, Value


def test_type_names() -> None:
    assert Value.string("x").type_name == "String"
    assert Value.array([1], "int").type_name == "int[]"
    assert Value.collection(["x"]).type_name == "Collection<String>"
    assert Value.collection([]).type_name == "Collection<?>"


def test_text_is_of_strings_only() -> None:
    assert Value.string("x").text == "x"
    assert Value.array(["x"]).text is None
    assert Value.boolean(True).text is None
    assert Value("Character", Shape.SCALAR, ("x",)).text is None


def test_floats_narrow_as_java_does() -> None:
    assert Float32.of(1.0).bits == 0x3F800000
    assert Float32.of(1e39).number == math.inf
    assert Float32.of(-1e39).number == -math.inf
    assert Float64.of(-0.0).bits == 1 << 63
    assert Float64.of(-0.0) != Float64.of(0.0)
    assert Float32(5) != Float64(5)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Float64.of(math.nan), "NaN"),
        (Float64.of(math.inf), "Infinity"),
        (Float32.of(-math.inf), "-Infinity"),
        (Float64.of(0.1), 0.1),
        (Float32.of(0.1), 0.10000000149011612),
    ],
)
def test_floats_in_json(item: Float32 | Float64, expected: object) -> None:
    kind = "Float" if isinstance(item, Float32) else "Double"
    assert Value(kind, Shape.SCALAR, (item,)).to_json() == expected


def test_floats_come_back_to_the_same_bits() -> None:
    for bits in (1, 0x3DCCCCCD, 0x7F7FFFFF, 0x80000000):
        told = json.loads(json.dumps(Value("Float", Shape.SCALAR, (Float32(bits),)).to_json()))
        assert struct.unpack(">I", struct.pack(">f", told))[0] == bits


def test_lists_in_json() -> None:
    assert Value.array(["a", None]).to_json() == ["a", None]
    assert Value.collection([True], "Boolean").to_json() == [True]
