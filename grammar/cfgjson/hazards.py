"""Accepted `.cfg.json` text that all readers load alike, but otherwise than it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grammar import patterns
from grammar.cfgjson.values import Node, Number, Pairs, plain_number, split_key
from grammar.documents import Property
from grammar.java import units as java
from grammar.values import Float64, Shape, Value

if TYPE_CHECKING:
    from grammar.cfgjson.document import CfgJsonDocument

_BUFFER = 65536
_BROKEN_AT_EDGE = patterns.lazy(r"^(?://|/\*|\\\")", re.MULTILINE)
_ESCAPED_BYTE = patterns.lazy("[\udc80-\udcff]")
_SURROGATE = patterns.lazy("[\ud800-\udfff]")


def traps(document: CfgJsonDocument) -> Iterator[tuple[str, Property, str]]:
    """What all readers load alike, but otherwise than it looks: rule, property, message."""
    if len(document.raw) > _BUFFER and document.occurrences and _BROKEN_AT_EDGE.search(_edges(document.raw)):
        message = r"//, /* or \" across a multiple of 65536 characters: cm.json 2.0.4 loses the file"
        yield "json-buffer-edge", document.occurrences[0], message
    if _has_no_trap(document):
        return
    names = [split_key(key).name for key, _ in document.members]
    last = {name: index for index, name in enumerate(names)}
    for index, ((_, node), value) in enumerate(zip(document.members, document.values, strict=True)):
        if last[names[index]] != index:
            found = [("json-duplicate-key", "a later value of this key replaces it")]
        else:
            found = list(_value_traps(node, value))
            if not names[index]:
                found.append(("json-empty-key", "ConfigAdmin refuses a configuration with an empty key"))
        for rule, message in found:
            yield rule, document.occurrences[index], message


def _edges(text: str) -> str:
    """The two characters around each end of a reader's buffer, in lines."""
    units = java.to_units(text)
    return "\n".join(units[at - 1 : at + 1] for at in range(_BUFFER, len(units), _BUFFER))


def _has_no_trap(document: CfgJsonDocument) -> bool:
    """Whether nothing can be a trap, as in most files."""
    return (
        document.is_plain
        and "" not in {key for key, _ in document.members}
        and "\\u" not in document.raw
        and (
            document.source.isascii() or not (_ESCAPED_BYTE.search(document.raw) or "\ufffd" in document.raw)
        )
    )


def _value_traps(node: Node, value: Value) -> Iterator[tuple[str, str]]:
    if value.shape is Shape.COLLECTION and not value.items:
        yield "json-empty-collection", "ConfigAdmin 1.8.12 refuses an empty collection"
    texts = [item for item in value.items if isinstance(item, str)]
    if value.element == "String" and any("\ufffd" in text for text in texts):
        yield "json-broken-utf8", "bytes that are no UTF-8 become U+FFFD"
    if value.element == "String" and any(_SURROGATE.search(text) for text in texts):
        yield "json-lone-surrogate", "half of a surrogate pair is written back as a question mark"
    if isinstance(node, Pairs) and value.element == "String":
        yield "json-object-as-string", "an object becomes a String that holds its JSON"
    scalar = value.shape is Shape.SCALAR
    if scalar and isinstance(node, list) and len(node) > 1:
        yield "json-first-item", "only the first item of the array is loaded"
    nodes = node if isinstance(node, list) else [node]
    whole = scalar or isinstance(node, list)
    if value.element in ("Character", "char") and whole and any(_odd_character(n) for n in nodes):
        yield "json-odd-character", "a Character is made of the first UTF-16 unit, or of a number"
    if value.element in ("Boolean", "boolean") and any(_odd_boolean(item) for item in nodes):
        yield "json-odd-boolean", 'only "true" is true; this text is false'
    pairs = list(zip(nodes, value.items, strict=False))
    if any(isinstance(n, Number) and _number_differs(n, i) for n, i in pairs):
        yield "json-number-changed", "the number does not fit its type: cut or wrapped around"
    if any(_retyped(n, i) for n, i in pairs):
        yield "json-retyped", "the value is turned into one of its type"


def _odd_character(node: Node) -> bool:
    return isinstance(node, Number) or (isinstance(node, str) and len(java.to_units(node)) != 1)


def _retyped(node: Node, item: object) -> bool:
    """A truth value that becomes a number, a number that becomes another text."""
    if isinstance(node, bool):
        return not isinstance(item, (bool, str))
    return isinstance(node, Number) and isinstance(item, str) and len(item) > 1 and item != node.text


def _odd_boolean(node: Node) -> bool:
    return isinstance(node, str) and node.lower() not in ("true", "false")


def _number_differs(node: Number, item: object) -> bool:
    if not isinstance(item, int) or isinstance(item, bool):
        plain = plain_number(node.text)
        return isinstance(plain, Float64) and "inf" in repr(plain.number)
    digits = node.text.lstrip("-").lstrip("0")
    if len(digits) > 20:
        return True
    return float(node.text) != item if not node.text.lstrip("-").isdigit() else int(node.text) != item
