"""The canonical ``sling:OsgiConfig`` XML: byte for byte what FileVault exports for a configuration's node.

``DocViewSAXFormatter`` of Apache Jackrabbit FileVault, tried with 3.2.8, 3.4.10, 3.6.0 and 3.8.2 on Oak 1.60, Java 17.
"""

from __future__ import annotations

from collections.abc import Mapping

from grammar import patterns
from grammar.errors import EditError
from grammar.java import units as java
from grammar.java.numbers import double_text
from grammar.values import WRAPPER_OF, Float64, Scalar, Shape, Value
from grammar.xml import names as xml_names
from grammar.xml.markup.source import JCR_URI, SLING_URI
from grammar.xml.markup.spans import quotable

INDENT = "    "
EMPTY = r"\0"
"""What FileVault writes for an empty String that stands alone; an unescaped nothing in an array is no item."""

_INSTEAD = {
    "Integer": "Long",
    "Short": "Long",
    "Byte": "Long",
    "Float": "Double",
    "Character": "String",
}
# org.apache.jackrabbit.util.XMLChar.isInvalid, unit by unit: the halves of astral characters are among them.
_INVALID = patterns.lazy("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(values: Mapping[str, Value], version: str = "3.8.2") -> bytes:
    """The export of a node with these properties.

    Args:
        values: the properties by name.
        version: of FileVault, one of ``grammar.xml.reader.VERSIONS``: up to 3.4 an empty String is written as
            ``""``, from 3.6 on as ``\\0``; both are read back as empty by all. 3.2.8 declares sling first, and sorts
            names as they are written.

    Raises:
        EditError: a type or a name that XML cannot express.
    """
    declared = [f'xmlns:jcr="{JCR_URI}"', f'xmlns:sling="{SLING_URI}"']
    lines = [
        f"<jcr:root {' '.join(reversed(declared) if version == '3.2.8' else declared)}",
        f'{INDENT}jcr:primaryType="sling:OsgiConfig"',
    ]
    seen = xml_names.encode if version == "3.2.8" else str
    for name in sorted(values, key=lambda name: _order(seen(name))):
        check_expressible(name, values[name])
        text = value_text(values[name])
        if not text and version not in ("3.2.8", "3.4.10"):
            text = EMPTY
        lines.append(f'{INDENT}{xml_names.encode(name)}="{quotable(text)}"')
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "/>\n").encode()


def _order(name: str) -> tuple[bytes, bytes]:
    return java.utf16_order(name.lower()), java.utf16_order(name)


def check_expressible(name: str, value: Value) -> None:
    """Raises EditError, naming what XML has instead, when XML cannot express the property."""
    if not xml_names.is_property_name(name):
        raise EditError(f"{name!r} cannot be the name of a property in XML")
    element = WRAPPER_OF.get(value.element, value.element)
    instead = _INSTEAD.get(element, element)
    if value.shape is Shape.COLLECTION:
        raise EditError(f"{name!r}: XML has no {value.type_name}; the nearest is {instead}[]")
    if value.element not in ("String", "Long", "Double", "Boolean"):
        brackets = "[]" if value.shape is Shape.ARRAY else ""
        raise EditError(f"{name!r}: XML has no {value.type_name}; the nearest is {instead}{brackets}")
    if None in value.items:
        raise EditError(f"{name!r}: XML has no null in an array")
    if not value.items and value.element != "String":
        raise EditError(f"{name!r}: XML has no empty {value.type_name}; AEM loads one of Strings")


def value_text(value: Value) -> str:
    """The text of an attribute for a value, before XML: type, brackets, and the escapes of a document view."""
    kind = "" if value.element == "String" else f"{{{value.element}}}"
    texts = [escaped(_item_text(item)) for item in value.items]
    if value.shape is Shape.ARRAY:
        items = ",".join(text.replace(",", r"\,") for text in texts)
        return f"{kind}[{items if texts != [''] else EMPTY}]"
    return kind + ("\\" if texts[0][:1] in ("[", "{") else "") + texts[0]


def escaped(text: str) -> str:
    """A text with the escapes of a document view; a comma in an array, and a bracket at the start, get one more."""
    units = java.to_units(text).replace("\\", r"\\")
    return _INVALID.sub(lambda found: f"\\u{ord(found[0]):04x}", units)


def _item_text(item: Scalar) -> str:
    if isinstance(item, Float64):
        return double_text(item)
    if isinstance(item, bool):
        return "true" if item else "false"
    return str(item)
