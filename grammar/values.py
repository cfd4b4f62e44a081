"""Typed values as OSGi knows them, the same for all three forms of a configuration.

The type names are those of the OSGi Compendium's Configuration Admin (section 104.4.2): scalars are
``String Integer Long Float Double Byte Short Character Boolean``, arrays are ``String[]``, ``Integer[]``,
``int[]`` ..., collections ``Collection<String>`` ... and ``Collection<?>`` when empty.

Float and Double are kept as their IEEE 754 bits, because that is what a ``.config`` stores: a NaN keeps its
payload and -0.0 its sign, which Python's ``float`` and ``==`` would lose.
"""

from __future__ import annotations

import enum
import math
import struct
from collections.abc import Iterable
from typing import NamedTuple


class Float32(NamedTuple):
    """A Java ``float`` by its bits (0 <= bits < 2**32)."""

    bits: int
    width: int = 32

    @classmethod
    def of(cls, number: float) -> Float32:
        """The nearest ``float``; beyond its range, an infinity, as Java's narrowing does."""
        try:
            return cls(struct.unpack(">I", struct.pack(">f", number))[0])
        except OverflowError:
            return cls(0x7F800000 if number > 0 else 0xFF800000)

    @property
    def number(self) -> float:
        return float(struct.unpack(">f", struct.pack(">I", self.bits))[0])


class Float64(NamedTuple):
    """A Java ``double`` by its bits (0 <= bits < 2**64); its width keeps it apart from a float of equal bits."""

    bits: int
    width: int = 64

    @classmethod
    def of(cls, number: float) -> Float64:
        return cls(struct.unpack(">Q", struct.pack(">d", number))[0])

    @property
    def number(self) -> float:
        return float(struct.unpack(">d", struct.pack(">Q", self.bits))[0])


Scalar = str | int | bool | Float32 | Float64 | None
"""One item. A Character is a ``str`` of one UTF-16 unit (it may be a lone surrogate); None is Java's null,
which only the ``.cfg.json`` readers of the old dialect can put into an array."""


class Shape(enum.Enum):
    """How the items are held."""

    SCALAR = "scalar"
    ARRAY = "array"
    COLLECTION = "collection"


SCALAR_TYPES = (
    "String",
    "Integer",
    "Long",
    "Float",
    "Double",
    "Byte",
    "Short",
    "Character",
    "Boolean",
)
PRIMITIVE_TYPES = ("int", "long", "float", "double", "byte", "short", "char", "boolean")
WRAPPER_OF = dict(zip(PRIMITIVE_TYPES, SCALAR_TYPES[1:], strict=True))


class Value(NamedTuple):
    """A typed value.

    Attributes:
        element: the type of the items: one of SCALAR_TYPES, or for arrays also of PRIMITIVE_TYPES. The
            element type of an empty collection is not known to Java; write ``"String"`` there.
        shape: scalar, array or collection.
        items: the items; exactly one for a scalar.
    """

    element: str
    shape: Shape
    items: tuple[Scalar, ...]

    @classmethod
    def string(cls, text: str) -> Value:
        return cls("String", Shape.SCALAR, (text,))

    @classmethod
    def boolean(cls, flag: bool) -> Value:
        return cls("Boolean", Shape.SCALAR, (flag,))

    @classmethod
    def array(cls, items: Iterable[Scalar], element: str = "String") -> Value:
        return cls(element, Shape.ARRAY, tuple(items))

    @classmethod
    def collection(cls, items: Iterable[Scalar], element: str = "String") -> Value:
        return cls(element, Shape.COLLECTION, tuple(items))

    @property
    def type_name(self) -> str:
        """The OSGi name: ``String``, ``int[]``, ``Collection<Long>``, ``Collection<?>``."""
        if self.shape is Shape.SCALAR:
            return self.element
        if self.shape is Shape.ARRAY:
            return f"{self.element}[]"
        return f"Collection<{self.element}>" if self.items else "Collection<?>"

    @property
    def text(self) -> str | None:
        """The text of a scalar String, else None."""
        item = self.items[0] if self.shape is Shape.SCALAR else None
        return item if self.element == "String" and isinstance(item, str) else None

    def to_json(self) -> object:
        """The value as `show` prints it: a JSON value, lists for arrays and collections."""
        items = [_item_to_json(item) for item in self.items]
        return items[0] if self.shape is Shape.SCALAR else items


def _item_to_json(item: Scalar) -> object:
    if not isinstance(item, (Float32, Float64)):
        return item
    number = item.number
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number
