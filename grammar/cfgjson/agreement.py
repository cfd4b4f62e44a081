"""What all readers of `.cfg.json` load for a value, if they agree about it."""

from __future__ import annotations

from collections.abc import Sequence

from grammar.cfgjson.values import (
    Node,
    Number,
    UnconvertibleError,
    new_value,
    old_value,
    plain_number,
    split_key,
)
from grammar.values import Float64, Scalar, Shape, Value

_PLAIN_TYPES: dict[type, tuple[str, ...]] = {
    str: ("String",),
    bool: ("Boolean", "boolean"),
    Number: ("Integer", "int", "Long", "long"),
    list: ("String[]",),
}
_TEXTS_ONLY = frozenset({str})
_FAMILIES = {"3.9.0": 1, "3.10.0": 2, "3.12.0": 0, "3.14.2": 0}
"""By a reader's version: who converts values alike. 0 are the new ones, 1 and 2 the old."""


def agreed_value(node: Node, type_name: str | None, versions: Sequence[str] | None = None) -> Value:
    """What the readers load for a value.

    Args:
        node: the value.
        type_name: what the key says of it.
        versions: the readers that are asked; all of them by default. What all would not agree about is taken from
            some only when it is what the text looks like.

    Raises:
        UnconvertibleError: one loses it, or two differ; then the error's argument is ``"differ"``.
    """
    if type_name is None and (plain := _plain_value(node)) is not None:
        return plain
    try:
        return _agreed(node, type_name, range(3))
    except UnconvertibleError:
        if versions is None:
            raise
        value = _agreed(node, type_name, sorted({_FAMILIES[version] for version in versions}))
        if not _looks_so(node, value):
            raise
        return value


def _agreed(node: Node, type_name: str | None, families: Sequence[int]) -> Value:
    outcomes = [_outcome(node, type_name, which) for which in families]
    first = outcomes[0]
    if all(isinstance(found, UnconvertibleError) for found in outcomes):
        raise UnconvertibleError("lost")
    if isinstance(first, UnconvertibleError) or any(found != first for found in outcomes):
        raise UnconvertibleError("differ")
    return first


def _looks_so(node: Node, value: Value) -> bool:
    """Whether a value is, item by item, what stands there: no number is cut, and no list a text."""
    if (value.shape is Shape.SCALAR) == isinstance(node, list):
        return False
    nodes = node if isinstance(node, list) else [node]
    # ConfigAdmin refuses null in a collection.
    return len(nodes) == len(value.items) and None not in nodes and all(map(_is_same, nodes, value.items))


def _is_same(node: Node, item: Scalar) -> bool:
    if isinstance(node, Number):
        plain = plain_number(node.text)
        if isinstance(item, Float64):
            return item == (plain if isinstance(plain, Float64) else Float64.of(float(plain)))
        return type(item) is int and plain == item
    return type(node) is type(item) and node == item


def _plain_value(node: Node) -> Value | None:
    """The untyped values of nearly every file, about which no reader has two opinions."""
    if isinstance(node, str):
        return Value.string(node)
    if isinstance(node, bool):
        return Value.boolean(node)
    if isinstance(node, Number) and len(node.text) < 19 and node.text.isdigit():
        return Value("Long", Shape.SCALAR, (int(node.text),))
    if isinstance(node, list) and all(type(item) is str for item in node):
        return Value("String", Shape.ARRAY, tuple(node))  # type: ignore[arg-type]
    return None


def _outcome(node: Node, type_name: str | None, which: int) -> Value | UnconvertibleError:
    try:
        return old_value(node, type_name, first=which == 1) if which else new_value(node, type_name)
    except UnconvertibleError as error:
        return error


def is_plain(members: list[tuple[str, Node]]) -> bool:
    """Whether no reader can have a second opinion about a name or a value; so it is in nearly every file."""
    names = []
    for key, node in members:
        kind = type(node)
        if ":" not in key:
            type_name = None
        else:
            key, _, type_name = key.partition(":")
            if not key or node == [] or type_name not in _PLAIN_TYPES.get(kind, ()):
                return False
        if kind is Number:
            text = node.text  # type: ignore[union-attr]
            if len(text) > (18 if type_name is None else 9) or not text.isdigit():
                return False
        elif kind is list:
            if not _TEXTS_ONLY.issuperset(map(type, node)):  # type: ignore[arg-type]
                return False
        elif kind is not str and kind is not bool:
            return False
        names.append(key.lower())
    return len(set(names)) == len(names) and "".join(names).isascii()


def plain_values(members: list[tuple[str, Node]]) -> list[Value]:
    return [agreed_value(node, split_key(key).type_name) for key, node in members]
