"""The places that a folder's ``.content.xml`` gives to nodes which stand in files of their own.

FileVault exports the order of a folder's children as elements without attributes: ``<F.123/>`` beside ``F.123.xml``.
An import deletes no node that such an element names, whatever filter.xml says (tried with 3.4.10, 3.6.0 and 3.8.2):
left as it is, it keeps the old node of a rename alive beside the new one. Pure functions of bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grammar.xml import names as xml_names
from grammar.xml.markup.spans import Element, whole_lines
from migrate.targets.vault import spans as xml_spans

Change = tuple[tuple[str, ...], str | None]
"""A node's path below the file's own node, and its new name; None for a node that goes."""

_OWN = "sling:OsgiConfig"


def moved(data: bytes, changes: Iterable[Change]) -> bytes:
    """A ``.content.xml`` whose places follow renames and deletions; the same bytes when it has none for them.

    An element that is a configuration itself is no place, and left alone.

    Raises:
        XmlError: not XML that is read.
    """
    xml = xml_spans.parse(data)
    text = xml.text
    spans: list[tuple[int, int, str]] = []
    gone: list[Element] = []
    for path, name in sorted(changes, key=lambda change: change[1] is not None):
        element = _find(xml.root, path)
        if element is None:
            continue
        parent = element.parent
        siblings = [child for child in parent.children if child not in gone] if parent else []
        if name is None or any(_name(child) == name for child in siblings):
            gone.append(element)
            spans.append((*whole_lines(text, element), ""))
        else:
            spans += _renamed(element, xml_names.encode(name))
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return xml.encoded(text)


def _find(element: Element, path: Sequence[str]) -> Element | None:
    for name in path:
        found = next((child for child in element.children if _name(child) == name), None)
        if found is None:
            return None
        element = found
    return None if element.value("jcr:primaryType") == _OWN else element


def _name(element: Element) -> str:
    return xml_names.decode(element.name)


def _renamed(element: Element, name: str) -> list[tuple[int, int, str]]:
    starts = [element.start + 1]
    if element.close is not None:
        starts.append(element.close + 2)
    return [(start, start + len(element.name), name) for start in starts]
