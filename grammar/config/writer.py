"""The canonical `.config`: byte for byte what ``ConfigurationHandler.write`` of Felix gives.

Sorted keys, CRLF, lists over several lines with continuations, no comments. What this writer cannot bring back
(a key that begins with ``#`` or a bracket, lone surrogates) Felix's own cannot either.
"""

from __future__ import annotations

from collections.abc import Mapping

from grammar.config.codes import ELEMENT_OF
from grammar.java import units
from grammar.values import Float32, Float64, Shape, Value

_CODE_OF = {element: code for code, element in ELEMENT_OF.items() if code != "T"}
_NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPES = {
    **{chr(code): f"\\u{code:04x}" for code in range(0x20)},
    **_NAMED,
    **{char: f"\\{char}" for char in '\\" ='},
}
_TABLE = str.maketrans(_ESCAPES)


def write_config(values: Mapping[str, Value]) -> bytes:
    """The canonical text of some properties.

    Lone surrogates become ``?``, as in Java. The result of every other value is read back alike by both readers.
    """
    lines = [
        f"{escape(name)}={type_code(values[name])}{_body(values[name])}\r\n"
        for name in sorted(values, key=units.utf16_order)
    ]
    return units.from_units("".join(lines)).encode("utf-8", "replace")


def escape(text: str) -> str:
    """A key, or the text between quotes, with Felix's escapes: backslash, quote, blank, equals, controls."""
    return text.translate(_TABLE)


def type_code(value: Value) -> str:
    """Felix's letter for the value; none for strings and for empty collections."""
    if value.shape is Shape.COLLECTION and not value.items:
        return ""
    return _CODE_OF.get(value.element, "")


def written_item(item: object) -> str:
    """An item as Java prints it: floats as their signed bits, booleans in lower case."""
    if isinstance(item, Float32):
        return str(item.bits - (1 << 32) if item.bits >> 31 else item.bits)
    if isinstance(item, Float64):
        return str(item.bits - (1 << 64) if item.bits >> 63 else item.bits)
    if isinstance(item, bool):
        return "true" if item else "false"
    return "null" if item is None else str(item)


def _body(value: Value) -> str:
    items = [f'"{escape(written_item(item))}"' for item in value.items]
    if value.shape is Shape.SCALAR:
        return items[0]
    lines = "".join(f"  {item}, \\\r\n" for item in items)
    if value.shape is Shape.ARRAY:
        return f"[ \\\r\n{lines}  ]"
    return f"( \\\r\n{lines})"
