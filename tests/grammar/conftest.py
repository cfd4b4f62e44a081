"""Strategies for `.config` texts, shared by the tests of the grammar."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from grammar.java import units
from grammar.values import PRIMITIVE_TYPES, SCALAR_TYPES, WRAPPER_OF, Float32, Float64, Shape, Value

settings.register_profile("default", max_examples=150, deadline=None)
settings.load_profile("default")

_RANGES = {"Integer": 32, "Long": 64, "Short": 16, "Byte": 8}
_TEXT = st.text(st.characters(codec="utf-16", exclude_categories=()) | st.sampled_from('\\"= \t\r\n#[](),bu'))


def items(element: str) -> st.SearchStrategy[object]:
    """Items of an element type."""
    kind = WRAPPER_OF.get(element, element)
    if kind in _RANGES:
        limit = 1 << (_RANGES[kind] - 1)
        return st.integers(-limit, limit - 1)
    if kind == "Float":
        return st.integers(0, 2**32 - 1).map(Float32)
    if kind == "Double":
        return st.integers(0, 2**64 - 1).map(Float64)
    if kind == "Boolean":
        return st.booleans()
    if kind == "Character":
        return st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs",))
    return _TEXT.map(units.from_units)


@st.composite
def values(draw: st.DrawFn) -> Value:
    """A typed value that `.config` can hold."""
    shape = draw(st.sampled_from(Shape))
    names = SCALAR_TYPES + PRIMITIVE_TYPES if shape is Shape.ARRAY else SCALAR_TYPES
    element = draw(st.sampled_from(names))
    if shape is Shape.SCALAR:
        return Value(element, shape, (draw(items(element)),))
    found = tuple(draw(st.lists(items(element), max_size=4)))
    return Value(element if found or shape is Shape.ARRAY else "String", shape, found)


def keys() -> st.SearchStrategy[str]:
    """Keys that both readers read alike: no control character or blank at the ends."""
    return _TEXT.filter(lambda key: key and units.trim(key) == key and not key[0].isspace())


_SOUP = (
    'a="1"', 'b=I"5"', "c=[", '"x"', ",", " ", "\\\n", "]", "(", ")", "=", "\r\n", "\n", "\r", "# c", "\t", "\\", '"',
    "F", "i", '"1065353216"', "\\u0041", "\\u00zz", "\\u", "key", "\ufeff", "\x00", "\x1f", "é", "\U0001f600", "\\=",
    "\\ ", '\\"', 'C""', 'B"yes"', "\u00a0", "\u2003", "\uffff", "k=", 'L"9223372036854775808"', "+5", '"-0"',
)  # fmt: skip


@pytest.fixture(scope="session")
def soup() -> st.SearchStrategy[bytes]:
    """Bytes made of pieces of configurations, so that many are nearly right."""
    pieces = st.lists(st.sampled_from(_SOUP), max_size=14).map(lambda parts: "".join(parts).encode())
    return pieces | st.binary(max_size=40) | st.tuples(pieces, st.binary(max_size=3), pieces).map(b"".join)


@pytest.fixture(scope="session")
def dictionaries() -> st.SearchStrategy[dict[str, Value]]:
    """Properties with their values."""
    return st.dictionaries(keys(), values(), max_size=5)


@pytest.fixture(scope="session")
def any_value() -> st.SearchStrategy[Value]:
    """One value."""
    return values()


@pytest.fixture(scope="session")
def any_key() -> st.SearchStrategy[str]:
    """One key."""
    return keys()
