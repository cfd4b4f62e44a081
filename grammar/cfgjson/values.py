"""From JSON to typed properties: what the two families of `.cfg.json` readers make of a value and its type.

*Old* is Felix Configurator (Sling installer core 3.9 to 3.11.2, classes ``JSONUtil`` and ``TypeConverter``), *new*
is Felix CM JSON (installer core 3.11.4 and later, classes ``JsonSupport`` and ``TypeConverter``). Both hand typed
values to the OSGi Converter (OSGi Compendium 707), whose rules are here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from grammar import patterns
from grammar.java import numbers, units
from grammar.java.numbers import BigDecimal
from grammar.values import PRIMITIVE_TYPES, SCALAR_TYPES, WRAPPER_OF, Float32, Float64, Scalar, Shape, Value

COLLECTION_TYPES = ("Collection", *(f"Collection<{element}>" for element in SCALAR_TYPES))
TYPES = frozenset(
    (
        *SCALAR_TYPES,
        *PRIMITIVE_TYPES,
        *(f"{element}[]" for element in SCALAR_TYPES + PRIMITIVE_TYPES),
        *COLLECTION_TYPES,
    )
)
"""Everything that may follow the first ``:`` of a key."""

INTERNAL_PREFIX = ":configurator:"
"""Keys that the old readers drop and the new ones load without the prefix."""

_BITS = {"Byte": 8, "Short": 16, "Integer": 32, "Long": 64}
_NOT_FROM_BOOLEAN = ("Byte", "Short", "Long", "Float", "Double")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = patterns.lazy(r'["\\\x00-\x1f]')


class Number(NamedTuple):
    """A JSON number by its text."""

    text: str


class Pairs(NamedTuple):
    """A JSON object: its members in order, repeated keys included."""

    members: list[tuple[str, Node]]

    def last(self) -> dict[str, Node]:
        """The members that count: of a repeated key the last value, at the place of the first."""
        return dict(self.members)


Node = str | bool | Number | None | list["Node"] | Pairs
"""A JSON value as it was parsed."""

_Plain = str | bool | int | Float64
_Item = Callable[["_Operand"], Scalar]


class UnconvertibleError(Exception):
    """The reader gives up on the value, and so on the whole file."""


class Key(NamedTuple):
    """A JSON key taken apart.

    Attributes:
        name: the property.
        type_name: the text after the first colon; None without one.
        internal: whether it began with INTERNAL_PREFIX.
    """

    name: str
    type_name: str | None
    internal: bool


def split_key(key: str) -> Key:
    """Take a key apart as both families do."""
    internal = key.startswith(INTERNAL_PREFIX)
    name, colon, type_name = key.removeprefix(INTERNAL_PREFIX).partition(":")
    return Key(name, type_name if colon else None, internal)


def case_key(name: str) -> tuple[int, str]:
    """Equal for names that the new readers and ConfigAdmin take for one (``equalsIgnoreCase``)."""
    return len(name), name.upper()


def plain_number(text: str) -> int | Float64:
    """A Long (low 64 bits) or a Double, as johnzon's ``JsonNumber`` and both families tell them apart.

    The scale decides, so ``1.5e1`` and ``1e0`` are Longs while ``1.0`` and ``1e3`` are Doubles.

    Raises:
        UnconvertibleError: an exponent beyond 32 bits.
    """
    number = _big_decimal(Number(text))
    return number.long_value() if number.scale == 0 else number.double_value()


def _plain(node: str | bool | Number) -> _Plain:
    return plain_number(node.text) if isinstance(node, Number) else node


def _element_of(item: Scalar) -> str:
    if isinstance(item, bool):
        return "Boolean"
    if isinstance(item, int):
        return "Long"
    return "Double" if isinstance(item, Float64) else "String"


# The OSGi Converter


class _Operand(NamedTuple):
    """What the converter gets: a plain value, a list (array or List), an entry of a Map, or null."""

    plain: _Plain | None = None
    items: Sequence[_Operand] | None = None
    entries: Pairs | None = None
    entry: tuple[_Operand, _Operand] | None = None
    structure: list[Node] | Pairs | None = None
    """A List or Map of the old readers, whose own rule makes its JSON text where a String is wanted."""
    first: bool = False
    """For the converter of installer core 3.9.0."""

    @property
    def is_null(self) -> bool:
        return self.plain is None and self.items is None and self.entries is None and self.entry is None


class _StrayInteger(int):
    """What the converter of 3.9.0 makes of true and false where another number is wanted: an Integer all the same."""


def to_scalar(element: str, operand: _Operand) -> Scalar:
    """One item of a wrapper type; None for Java's null.

    Raises:
        UnconvertibleError: the converter throws.
    """
    if operand.is_null:
        return None
    if element == "String" and operand.structure is not None:
        return old_json_text(operand.structure)
    if operand.items is not None:
        if not operand.items:
            # Only the old readers have a java.util.List here, for which the converter knows this special case.
            return False if element == "Boolean" and operand.structure is not None else None
        return to_scalar(element, operand.items[0])
    if operand.entries is not None:
        members = _entries(operand)
        return to_scalar(element, members[0]) if members else None
    if operand.entry is not None:
        if operand.first and operand.entry[1].is_null and element != "String":
            raise UnconvertibleError("NullPointerException")
        return _entry_to_scalar(element, operand.entry)
    assert operand.plain is not None
    if operand.first and isinstance(operand.plain, bool) and element in _NOT_FROM_BOOLEAN:
        return _StrayInteger(operand.plain)
    return _plain_to_scalar(element, operand.plain)


def _plain_to_scalar(element: str, plain: _Plain) -> Scalar:
    if element == "String":
        return plain_text(plain)
    if element == "Boolean":
        return _to_boolean(plain)
    if element == "Character":
        return _to_character(plain)
    if isinstance(plain, str):
        return _parse_number(element, plain)
    return _to_number(element, plain)


def plain_text(plain: _Plain) -> str:
    """``toString()`` of a String, Boolean, Long or Double."""
    if isinstance(plain, str):
        return plain
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return numbers.double_text(plain) if isinstance(plain, Float64) else str(plain)


def _to_boolean(plain: _Plain) -> bool:
    if isinstance(plain, str):
        return len(plain) == 4 and plain.lower() == "true"
    if isinstance(plain, Float64):
        return numbers.truncated(plain, 64) != 0
    return bool(plain)


def _to_character(plain: _Plain) -> str:
    if isinstance(plain, str):
        return units.to_units(plain[:1])[:1] or "\0"
    if isinstance(plain, Float64):
        return chr(numbers.truncated(plain, 32) & 0xFFFF)
    return chr(int(plain) & 0xFFFF)


def _parse_number(element: str, text: str) -> Scalar:
    try:
        if element == "Float":
            return numbers.parse_float(text)
        if element == "Double":
            return numbers.parse_double(text)
        return units.parse_integer(units.to_units(text), _BITS[element])
    except units.NumberFormatError as error:
        raise UnconvertibleError(str(error)) from None


def _to_number(element: str, plain: bool | int | Float64) -> Scalar:
    if isinstance(plain, Float64):
        if element in ("Float", "Double"):
            return plain if element == "Double" else Float32.of(plain.number)
        bits = _BITS[element]
        return numbers.wrapped(numbers.truncated(plain, max(bits, 32)), bits)
    if element == "Float":
        return numbers.float_of_long(int(plain))
    if element == "Double":
        return Float64.of(float(plain))
    return numbers.wrapped(int(plain), _BITS[element])


def _entries(operand: _Operand) -> list[_Operand]:
    """The entries of a Map, as the converter's view of it as a collection."""
    assert operand.entries is not None
    return [
        _Operand(entry=(_Operand(plain=key), old_operand(node, first=operand.first)), first=operand.first)
        for key, node in operand.entries.last().items()
    ]


def _entry_to_scalar(element: str, entry: tuple[_Operand, _Operand]) -> Scalar:
    """A ``Map.Entry`` as one value: its value when that has the very type, else its key, which is a String."""
    key, value = entry
    same = value.plain is not None and _element_of(value.plain) == element
    return to_scalar(element, value if same and element != "String" else key)


def to_items(operand: _Operand, item: _Item) -> tuple[Scalar, ...]:
    """The items of a collection view: of a list its items, of a Map its entries, else the one value."""
    if operand.items is not None:
        return tuple(item(found) for found in operand.items)
    if operand.entries is not None:
        return tuple(item(found) for found in _entries(operand))
    return (item(operand),)


def to_array(element: str, operand: _Operand) -> Value:
    """A value as ``element[]``; null gives an empty array, a String as characters its characters."""
    wrapper = WRAPPER_OF.get(element, element)
    if operand.is_null:
        return Value.array((), element)
    if wrapper == "Character" and isinstance(operand.plain, str):
        return Value.array(units.to_units(operand.plain), element)

    def item(found: _Operand) -> Scalar:
        if found.is_null and wrapper != element:
            return _plain_to_scalar(wrapper, 0)
        scalar = to_scalar(wrapper, found)
        if scalar is None and wrapper != element:
            raise UnconvertibleError("null cannot stand in an array of a primitive type")
        if isinstance(scalar, _StrayInteger):
            if element not in ("long", "float", "double"):
                raise UnconvertibleError(f"an Integer cannot stand in a {element}[]")
            return _plain_to_scalar(wrapper, int(scalar))
        return scalar

    return Value.array(to_items(operand, item), element)


def to_collection(element: str, operand: _Operand) -> Value:
    """A value as an ``ArrayList`` of the element's type."""
    if operand.is_null:
        return Value.collection(())
    items = to_items(operand, lambda found: to_scalar(element, found))
    found = [item for item in items if item is not None]
    stray = sum(isinstance(item, _StrayInteger) for item in found)
    if stray:
        element = "Integer" if stray == len(found) else "mixed"
    # Of one without a value nobody can tell the type.
    return Value.collection(items, element if found else "String")


def _typed(type_name: str, operand: _Operand) -> Value:
    if type_name.endswith("[]"):
        return to_array(type_name[:-2], operand)
    if type_name.startswith("Collection<"):
        return to_collection(type_name[len("Collection<") : -1], operand)
    element = WRAPPER_OF.get(type_name, type_name)
    item = to_scalar(element, operand)
    if item is None:
        raise UnconvertibleError(f"no value of type {type_name}")
    if isinstance(item, _StrayInteger):
        element = "Integer"
    return Value(element, Shape.SCALAR, (item,))


# The new family


def json_text(node: Node) -> str:
    """The JSON text that the new readers give for an object, or for an array that is no array to them.

    Raises:
        UnconvertibleError: a number with an exponent beyond 32 bits; a whole one beyond 64 bits as a member's value.
    """
    if isinstance(node, str):
        return quoted(node)
    if isinstance(node, Number):
        return str(_big_decimal(node))
    if isinstance(node, list):
        return f"[{','.join(map(json_text, node))}]"
    if isinstance(node, Pairs):
        return f"{{{','.join(f'{quoted(key)}:{_member_text(found)}' for key, found in node.last().items())}}}"
    return "null" if node is None else plain_text(node)


def _member_text(node: Node) -> str:
    if isinstance(node, Number):
        number = _big_decimal(node)
        if number.scale == 0 and str(number) != str(number.long_value()):
            raise UnconvertibleError("ArithmeticException: Overflow")
    return json_text(node)


def _big_decimal(number: Number) -> BigDecimal:
    try:
        return BigDecimal.parse(number.text)
    except units.NumberFormatError as error:
        raise UnconvertibleError(str(error)) from None


def quoted(text: str) -> str:
    """A JSON string as johnzon writes it."""
    return f'"{_TO_ESCAPE.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}"


def _kind(node: Node) -> str:
    """The kind that decides whether the items of an array are alike."""
    if isinstance(node, list):
        return "array"
    if isinstance(node, Pairs):
        return "object"
    return "null" if node is None else type(node).__name__


def _new_items(nodes: list[Node]) -> list[_Plain] | None:
    """The items of an array of one kind; None when the new readers take its JSON text instead."""
    kinds = {_kind(node) for node in nodes}
    if len(kinds) > 1 or kinds & {"null", "array"}:
        return None
    if kinds == {"object"}:
        return [json_text(node) for node in nodes]
    items: list[_Plain] = [_plain(node) for node in nodes if isinstance(node, (str, bool, Number))]
    if any(isinstance(item, Float64) for item in items):
        return [Float64.of(float(i)) if isinstance(i, int) else i for i in items]
    return items


def _new_operand(node: Node) -> _Operand:
    if isinstance(node, list):
        items = _new_items(node)
        if items is None:
            return _Operand(plain=json_text(node))
        return _Operand(items=[_Operand(plain=item) for item in items])
    if isinstance(node, Pairs):
        return _Operand(plain=json_text(node))
    return _Operand() if node is None else _Operand(plain=_plain(node))


def new_value(node: Node, type_name: str | None) -> Value:
    """What installer core 3.11.4 and later load.

    Args:
        node: the JSON value.
        type_name: the text after the key's colon; None without one.

    Raises:
        UnconvertibleError: the file is lost.
    """
    operand = _new_operand(node)
    if type_name is None or type_name == "Collection":
        return _new_untyped(operand, collection=type_name is not None)
    if type_name not in TYPES:
        raise UnconvertibleError(f"no type {type_name}")
    return _typed(type_name, operand)


def _new_untyped(operand: _Operand, *, collection: bool) -> Value:
    if operand.items is not None:
        items = tuple(item.plain for item in operand.items)
        element = _element_of(items[0]) if items else "String"
        return Value.collection(items, element) if collection else Value.array(items, element)
    if operand.plain is None:
        if collection:
            return Value.collection(())
        raise UnconvertibleError("null")
    element = _element_of(operand.plain)
    if collection:
        return Value.collection((operand.plain,), element)
    return Value(element, Shape.SCALAR, (operand.plain,))


# The old family


def old_json_text(node: Node) -> str | None:
    """The JSON text that the old readers build anew: nulls vanish, numbers are Longs and Doubles.

    Returns:
        None for null, which its container leaves out.

    Raises:
        UnconvertibleError: an infinite Double.
    """
    if isinstance(node, list):
        items = (old_json_text(found) for found in node)
        return f"[{','.join(item for item in items if item is not None)}]"
    if isinstance(node, Pairs):
        members = ((key, old_json_text(found)) for key, found in node.last().items())
        texts = (f"{quoted(key)}:{text}" for key, text in members if text is not None)
        return f"{{{','.join(texts)}}}"
    if isinstance(node, str):
        return quoted(node)
    if node is None:
        return None
    plain = _plain(node)
    text = plain_text(plain)
    if not isinstance(plain, Float64):
        return text
    if text.endswith("Infinity"):
        raise UnconvertibleError("an infinite number in JSON")
    return str(BigDecimal.parse(text))


def old_operand(node: Node, *, first: bool = False) -> _Operand:
    """A value as the old readers hand it to the converter."""
    if isinstance(node, list):
        return _Operand(
            items=[old_operand(found, first=first) for found in node], structure=node, first=first
        )
    if isinstance(node, Pairs):
        return _Operand(entries=node, structure=node, first=first)
    return _Operand() if node is None else _Operand(plain=_plain(node), first=first)


def old_value(node: Node, type_name: str | None, *, first: bool = False) -> Value:
    """What installer core 3.9.0 (first) or 3.10 to 3.11.2 load.

    Args:
        node: the JSON value.
        type_name: the text after the key's colon; None without one.
        first: with the converter of 3.9.0, which gives up on an array without an exception and knows no way from
            a Boolean to any number but an Integer.

    Raises:
        UnconvertibleError: the file is lost.
    """
    operand = old_operand(node, first=first)
    if type_name is None or type_name == "Collection":
        return _old_untyped(node, operand, collection=type_name is not None, first=first)
    if type_name not in TYPES:
        raise UnconvertibleError(f"no type {type_name}")
    if first and node is None and type_name.endswith("[]"):
        return Value.array((), "Object")
    return _typed(type_name, operand)


def _old_untyped(node: Node, operand: _Operand, *, collection: bool, first: bool) -> Value:
    if isinstance(node, list):
        return _old_list(node, operand, collection=collection, first=first)
    if not collection:
        if node is None:
            raise UnconvertibleError("null")
        plain = old_json_text(node) if isinstance(node, Pairs) else operand.plain
        return Value(_element_of(plain), Shape.SCALAR, (plain,))
    if operand.entries is not None:
        texts = [f"{key}={_map_text(found)}" for key, found in operand.entries.last().items()]
        return Value.collection(texts, "Entry" if texts else "String")
    if operand.is_null:
        return Value.collection(())
    return Value.collection((operand.plain,), _element_of(operand.plain))


def _old_list(nodes: list[Node], operand: _Operand, *, collection: bool, first: bool) -> Value:
    """The first item decides, unless a list or an object is among them."""
    convert = to_collection if collection else to_array
    if not nodes:
        return convert("String", operand)
    lead = nodes[0]
    nested = any(isinstance(node, (list, Pairs)) for node in nodes)
    if nested or not isinstance(lead, (bool, Number)):
        return convert("String", operand)
    element = _element_of(_plain(lead))
    try:
        return convert(element, operand)
    except UnconvertibleError:
        # A failing collection gives null in both versions, a failing array only in the first.
        if not (collection or first):
            raise
    return convert("String", operand)


def _map_text(node: Node) -> str:
    """``toString()`` of a value in a Java Map."""
    if isinstance(node, list):
        return f"[{', '.join(map(_map_text, node))}]"
    if isinstance(node, Pairs):
        return f"{{{', '.join(f'{key}={_map_text(found)}' for key, found in node.last().items())}}}"
    return "null" if node is None else plain_text(_plain(node))
