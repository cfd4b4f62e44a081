"""The canonical `.cfg.json`: byte for byte what Sling's installer writes for a configuration.

Johnzon's pretty printer: two blanks a level, LF, no blank after the colon, no final line break. A Float is widened
and a Double printed as ``BigDecimal``, so ``16777216.0`` becomes ``16777216``, which is read back as a Long.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from grammar import patterns
from grammar.cfgjson.values import quoted
from grammar.errors import EditError
from grammar.java import numbers
from grammar.java.numbers import BigDecimal
from grammar.values import Float32, Float64, Scalar, Shape, Value

_UNTYPED = ("String", "Long", "Double", "Boolean")
_SURROGATE = patterns.lazy("[\ud800-\udfff]")


def write(properties: Mapping[str, Value], version: str = "3.14.2") -> bytes:
    """What the installer of that version (3.10.0, 3.12.0 or 3.14.2) writes, in the order given.

    Raises:
        EditError: a value that the writer cannot express (NaN, infinite, null, before 3.12 an empty collection).
    """
    old = version in ("3.9.0", "3.10.0")
    lines = [_member(name, value, old=old) for name, value in properties.items()]
    text = "{\n" + (",\n".join(lines) if lines else "") + "\n}"
    # Java's encoder writes a question mark for half of a surrogate pair; that would be another value.
    if _SURROGATE.search(text):
        raise EditError("a lone surrogate cannot be written in UTF-8")
    return text.encode("utf-8")


def _member(name: str, value: Value, *, old: bool) -> str:
    code = type_code(value, old=old)
    if old and value.shape is Shape.COLLECTION and not value.items:
        raise EditError(f"{name}: this installer cannot write an empty collection")
    items = [_item(name, item, old=old) for item in value.items]
    key = quoted(f"{name}:{code}" if code else name)
    if value.shape is Shape.SCALAR:
        return f"  {key}:{items[0]}"
    inner = ",\n".join(f"    {item}" for item in items)
    return f"  {key}:[\n{inner}\n  ]" if items else f"  {key}:[\n  ]"


def type_code(value: Value, *, old: bool = False) -> str:
    """The text after the key's colon; empty when the JSON value says it all."""
    if value.shape is Shape.COLLECTION:
        return value.type_name if value.items else "Collection"
    if value.element in _UNTYPED and not (old and value.shape is Shape.ARRAY):
        return ""
    return value.type_name


def _item(name: str, item: Scalar, *, old: bool) -> str:
    if isinstance(item, str):
        return quoted(item)
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int):
        return str(item)
    if item is None or not math.isfinite(item.number):
        raise EditError(f"{name}: JSON has no null, NaN or infinite value that AEM reads back")
    text = numbers.double_text(_widened(item))
    return text if old else str(BigDecimal.parse(text))


def _widened(item: Float32 | Float64) -> Float64:
    return Float64.of(item.number)
