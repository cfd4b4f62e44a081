"""Felix's type codes and escapes, and the item that a text of a type stands for; alike in both readers."""

from __future__ import annotations

from grammar.java import units
from grammar.values import WRAPPER_OF, Float32, Float64, Scalar

ELEMENT_OF = {
    "T": "String",
    "I": "Integer",
    "L": "Long",
    "F": "Float",
    "D": "Double",
    "X": "Byte",
    "S": "Short",
    "C": "Character",
    "B": "Boolean",
    "i": "int",
    "l": "long",
    "f": "float",
    "d": "double",
    "x": "byte",
    "s": "short",
    "c": "char",
    "b": "boolean",
}
"""Felix's type codes. Lower case means a primitive array; scalars and collections hold wrappers."""

SIMPLE_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}

_BITS = {"Integer": 32, "Long": 64, "Byte": 8, "Short": 16, "Float": 32, "Double": 64}


def item_of(element: str, text: str) -> Scalar:
    """The item that a quoted text stands for; None when the reader gives up on it (an empty Character).

    Raises:
        java.NumberFormatError: as Java would.
    """
    kind = WRAPPER_OF.get(element, element)
    if kind == "String":
        return units.from_units(text)
    if kind == "Boolean":
        return text.lower() == "true"
    if kind == "Character":
        return text[0] if text else None
    number = units.parse_integer(text, _BITS[kind])
    if kind == "Float":
        return Float32(number & 0xFFFFFFFF)
    if kind == "Double":
        return Float64(number & 0xFFFFFFFFFFFFFFFF)
    return number
