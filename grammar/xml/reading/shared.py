"""A file with what has been read of it, once for the models of all versions of FileVault."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from grammar.errors import ParseError
from grammar.xml import docview
from grammar.xml import names as xml_names
from grammar.xml.markup.source import JCR_URI
from grammar.xml.markup.spans import Attribute, Element
from grammar.xml.reading.texts import DocViewError, JcrText, parse_text
from grammar.xml.values import ELEMENT_OF, Item, ValueFormatError, convert


class Said(NamedTuple):
    """An attribute.

    Attributes:
        prefix: what stands before its name, or ``""``.
        uri: the namespace of that.
        name: its decoded, local name.
        is_plain: whether every version stores a property under that name.
        text: its value.
    """

    prefix: str
    uri: str
    name: str
    is_plain: bool
    text: JcrText


class Reading:
    """One reading of a document view.

    Attributes:
        view: its elements.
        ended: why reading stops before the end of the file; None where it does not.
    """

    def __init__(self, text: str) -> None:
        """Read it.

        Args:
            text: the decoded file.

        Raises:
            ParseError: an XML version that is not read.
        """
        self.view = docview.DocView(text, plain_doctype=True)
        self.ended: ParseError | None = None
        try:
            self.view.read()
        except ParseError as error:
            self.ended = error
        self._said: dict[Element, list[Said] | DocViewError] = {}
        self._items: dict[int, list[Item] | None] = {}
        self._configurations: dict[bool, list[tuple[str, Element]]] = {}

    def said(self, element: Element) -> Sequence[Said]:
        """The attributes of an element.

        Raises:
            DocViewError: one of them is not read.
        """
        found = self._said.get(element)
        if found is None:
            try:
                found = [_said(one) for one in element.attributes]
            except DocViewError as error:
                found = error
            self._said[element] = found
        if isinstance(found, DocViewError):
            raise DocViewError(str(found), found.reach)
        return found

    def items(self, text: JcrText) -> list[Item]:
        """What the values of an attribute become.

        Args:
            text: one that has been `said`, none of a binary.

        Raises:
            ValueFormatError: a value is none of its type.
        """
        if ELEMENT_OF.get(text.kind) == "String":
            return list(text.values)
        if id(text) not in self._items:
            try:
                self._items[id(text)] = [
                    convert(text.kind, value, self.view.namespaces) for value in text.values
                ]
            except ValueFormatError:
                self._items[id(text)] = None
        found = self._items[id(text)]
        if found is None:
            raise ValueFormatError(text.kind)
        return found

    def configurations(self, *, is_old: bool) -> list[tuple[str, Element]]:
        """The outermost elements that are configurations, each with its path; the root has none."""
        if is_old not in self._configurations:
            self._configurations[is_old] = _configurations(self.view, is_old=is_old)
        return self._configurations[is_old]


def _said(found: Attribute) -> Said:
    prefix, _, local = found.name.rpartition(":")
    name = xml_names.decode(local)
    return Said(prefix, found.uri, name, xml_names.is_property_name(name), parse_text(found.value))


def _configurations(view: docview.DocView, *, is_old: bool) -> list[tuple[str, Element]]:
    found: dict[Element, str] = {}
    for element in view.elements:
        if is_below(element, found):
            continue
        kinds = [one for one in element.attributes if _names_type(one, is_old=is_old)]
        # The last one counts for old versions, the first one for later ones.
        if kinds and _is_config(kinds[-1 if is_old else 0], view.namespaces):
            found[element] = _path(element)
    return [(path, element) for element, path in found.items()]


def _names_type(found: Attribute, *, is_old: bool) -> bool:
    prefix, _, local = found.name.rpartition(":")
    return is_jcr(prefix, found.uri, is_old=is_old) and xml_names.decode(local) == "primaryType"


def is_jcr(prefix: str, uri: str, *, is_old: bool) -> bool:
    """Whether a version takes a name for one of the repository's own."""
    return prefix == "jcr" or (not is_old and uri == JCR_URI)


def _is_config(found: Attribute, namespaces: Mapping[str, str]) -> bool:
    try:
        values = parse_text(found.value).values
    except DocViewError:
        return False
    return bool(values) and docview.is_config_type(values[0], namespaces)


def _path(element: Element) -> str:
    names: list[str] = []
    while element.parent is not None:
        names.insert(0, xml_names.decode(element.name))
        element = element.parent
    return "/".join(names)


def around(element: Element) -> Iterator[Element]:
    """The elements around one, from the inside."""
    while element.parent is not None:
        element = element.parent
        yield element


def is_below(element: Element, others: Container[Element]) -> bool:
    """Whether one of some elements is around an element."""
    return any(above in others for above in around(element))
