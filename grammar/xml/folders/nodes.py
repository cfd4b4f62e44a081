"""Several configurations in one file: a folder's ``.content.xml``, whose elements are nodes.

Each of them is a document of its own (:func:`grammar.xml.document.configurations`); this puts edited, renamed and
removed ones back into their file, and no character outside their elements moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from grammar.errors import EditError, ParseError
from grammar.values import Value
from grammar.xml import names as xml_names
from grammar.xml.document import XmlDocument
from grammar.xml.folders import beyond
from grammar.xml.markup.spans import whole_lines


class Node(NamedTuple):
    """What becomes of one configuration.

    Attributes:
        document: as it is afterwards, edited or not.
        name: its node's name afterwards, decoded.
    """

    document: XmlDocument
    name: str


def rewritten(
    data: bytes, path: str, nodes: Mapping[str, Node | None]
) -> tuple[bytes, list[tuple[str, XmlDocument]]]:
    """The bytes of a file after changes to some of its configurations, and these as they are then.

    Args:
        data: the file's bytes.
        path: its name for error messages; the last part says how FileVault reads it.
        nodes: what becomes of a node, by its path below the file's own node; None removes it.

    Raises:
        EditError: the result would not be read back as meant.
    """
    whole = beyond.parts(data, path)
    before = dict(whole.documents)
    changed = sorted(nodes, key=lambda name: before[name].tag.start, reverse=True)
    text = next(iter(before.values())).file.source.text
    for name in changed:
        element, node = before[name].tag.element, nodes[name]
        start, end = (element.start, element.end) if node else whole_lines(text, element)
        text = text[:start] + (_text(node) if node else "") + text[end:]
    try:
        result = next(iter(before.values())).file.source.encode(text)
        again = beyond.parts(result, path)
    except (ParseError, UnicodeEncodeError) as error:
        raise EditError(f"{path}: cannot be written so that AEM reads it back: {error}") from None
    same = [one.rule for one in again.mistakes] == [one.rule for one in whole.mistakes]
    values = [(name, _values(document)) for name, document in again.documents]
    if not same or values != list(_expected(before, nodes)):
        raise EditError(f"{path}: cannot be written so that AEM reads back the same nodes")
    return result, again.documents


def _text(node: Node) -> str:
    """An element as it is in its edited file, under its new name."""
    text, element = node.document.file.raw, node.document.tag.element
    old = element.name
    new = old if xml_names.decode(old) == node.name else xml_names.encode(node.name)
    opened = text[element.start : element.end if element.close is None else element.close]
    closed = text[element.start + len(opened) : element.end]
    return opened.replace(old, new, 1) + closed.replace(old, new, 1)


def _expected(
    before: Mapping[str, XmlDocument], nodes: Mapping[str, Node | None]
) -> list[tuple[str, dict[str, Value]]]:
    found = []
    for path, document in before.items():
        node = nodes.get(path, Node(document, path.rpartition("/")[2]))
        if node is not None:
            above = path.rpartition("/")[0]
            found.append((f"{above}/{node.name}" if above else node.name, _values(node.document)))
    return found


def _values(document: XmlDocument) -> dict[str, Value]:
    return {found.name: found.value for found in document.properties}
