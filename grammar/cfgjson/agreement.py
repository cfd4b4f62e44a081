"""What all readers of `.cfg.json` load for a value, if they agree about it."""

from __future__ import annotations

from grammar.cfgjson.values import Node, Number, UnconvertibleError, new_value, old_value, split_key
from grammar.values import Shape, Value

_PLAIN_TYPES: dict[type, tuple[str, ...]] = {
    str: ("String",),
    bool: ("Boolean", "boolean"),
    Number: ("Integer", "int", "Long", "long"),
    list: ("String[]",),
}
_TEXTS_ONLY = frozenset({str})


def agreed_value(node: Node, type_name: str | None) -> Value:
    """What all readers load for a value.

    Raises:
        UnconvertibleError: one loses it, or two differ; then the error's argument is ``"differ"``.
    """
    if type_name is None and (plain := _plain_value(node)) is not None:
        return plain
    outcomes = [_outcome(node, type_name, which) for which in range(3)]
    first = outcomes[0]
    if all(isinstance(found, UnconvertibleError) for found in outcomes):
        raise UnconvertibleError("lost")
    if isinstance(first, UnconvertibleError) or any(found != first for found in outcomes):
        raise UnconvertibleError("differ")
    return first


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
