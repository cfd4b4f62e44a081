"""XML read for editing by span: each element and attribute with the bytes where it stands.

Well-formedness and values come from expat, so that they are what AEM's parser sees; the spans come from the bytes,
so that an edit moves no other byte. Document types are refused (or, for Java's `properties.xml`, read without
their external subset): nothing is ever fetched or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from migrate.targets.errors import PackageError

MAX_BYTES = 16 * 1024 * 1024
"""Larger files are refused; the largest `filter.xml` in use have some hundred kilobytes."""
ENCODINGS = frozenset({"utf-8", "us-ascii", "iso-8859-1"})
"""Encodings in which markup is ASCII, so that spans are found in the bytes."""

_ATTRIBUTE = re.compile(rb"\s+([^\s=/>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NAME = re.compile(rb"<([^\s/>]+)")


class XmlError(PackageError):
    """Not XML that we read."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value as a parser gives it, and the span of its text between the quotes."""

    value: str
    start: int
    end: int


@dataclass(slots=True)
class Element:
    """An element and where it stands.

    Attributes:
        name: the name as written, with its prefix.
        attributes: by name as written; namespace declarations are left out.
        start: offset of its `<`.
        tag_end: offset after the `>` of its start tag.
        end: offset after its last `>`.
        parent: the enclosing element; None for the root.
        children: the elements directly inside.
        text: its character data, without that of its children.
        line: line of the `<`, from 1.
        column: column of it in code points, from 1.
    """

    name: str
    attributes: Mapping[str, Attribute]
    start: int
    tag_end: int
    end: int
    parent: Element | None
    line: int
    column: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def value(self, name: str) -> str:
        """An attribute's value, or the empty text: what `org.w3c.dom.Element.getAttribute` gives."""
        found = self.attributes.get(name)
        return found.value if found else ""


@dataclass(frozen=True, slots=True)
class Xml:
    """A document: its bytes, its encoding and its root element."""

    source: bytes
    encoding: str
    root: Element

    def attribute_text(self, value: str, attribute: Attribute) -> bytes:
        """`value` as it must stand between the quotes of `attribute`."""
        quote = self.source[attribute.start - 1 : attribute.start]
        return attribute_text(value, self.encoding, quote)

    def separator(self, element: Element) -> bytes:
        """The line break and indentation before an element that begins its line; else nothing."""
        at = element.start
        while at > 0 and self.source[at - 1 : at] in (b" ", b"\t"):
            at -= 1
        if self.source[at - 2 : at] == b"\r\n":
            return self.source[at - 2 : element.start]
        return self.source[at - 1 : element.start] if self.source[at - 1 : at] in (b"\n", b"\r") else b""


def attribute_text(value: str, encoding: str, quote: bytes) -> bytes:
    """`value` as text between two `quote`s; white space that XML would fold is written as references."""
    escapes = {"&": "&amp;", "<": "&lt;", "\t": "&#x9;", "\n": "&#xa;", "\r": "&#xd;"}
    escapes |= {'"': "&quot;"} if quote == b'"' else {"'": "&apos;"}
    escaped = "".join(escapes.get(char, char) for char in value)
    return escaped.encode(encoding, "xmlcharrefreplace")


def parse(data: bytes, *, doctype: bool = False) -> Xml:
    """Read a document.

    Args:
        doctype: accept a document type without an internal subset (Java's `properties.xml` has one).

    Raises:
        XmlError: too large, not well-formed, a document type, or an encoding not in ENCODINGS.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes, more than the {MAX_BYTES} that are read"
        raise XmlError(message, rule="xml-too-large")
    return _Reader(data, doctype).read()


class _Reader:
    def __init__(self, data: bytes, doctype: bool) -> None:
        from xml.parsers import expat

        self._data = data
        self._doctype = doctype
        self._expat_error = expat.ExpatError
        self._encoding = "utf-8"
        self._stack: list[Element] = []
        self._root: Element | None = None
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._on_declaration
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        self._parser = parser

    def read(self) -> Xml:
        if self._data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in self._data[:4]:
            self._refuse_encoding("UTF-16")
        try:
            self._parser.Parse(self._data, True)
        except self._expat_error as error:
            problem = str(error).partition(":")[0]
            line, column = error.lineno, error.offset + 1
            message = f"not well-formed XML: {problem}; AEM cannot read the file"
            raise XmlError(message, rule="xml-malformed", line=line, column=column) from None
        assert self._root is not None  # expat has accepted the document
        return Xml(self._data, self._encoding, self._root)

    def _refuse_encoding(self, encoding: str) -> None:
        message = f"the file is in {encoding}, which is not edited in place"
        raise XmlError(message, rule="xml-encoding", fix="Save it as UTF-8", line=1, column=1) from None

    def _on_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is None:
            return
        if encoding.lower() not in ENCODINGS:
            self._refuse_encoding(encoding)
        self._encoding = encoding.lower()

    def _on_doctype(self, _name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if self._doctype and not internal:
            return
        message = "a document type (<!DOCTYPE ...>) may define entities, which are not expanded"
        line, column = self._position()
        raise XmlError(message, rule="xml-doctype", fix="Remove it", line=line, column=column)

    def _position(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _on_start(self, _name: str, pairs: list[str]) -> None:
        start = self._parser.CurrentByteIndex
        name = _NAME.match(self._data, start)
        assert name is not None  # expat has read a start tag here
        spans = []
        at = name.end()
        while found := _ATTRIBUTE.match(self._data, at):
            group = 2 if found[2] is not None else 3
            spans.append((found[1].decode(self._encoding), found.span(group)))
            at = found.end()
        plain = [(key, span) for key, span in spans if key != "xmlns" and not key.startswith("xmlns:")]
        attributes = {
            key: Attribute(value, *span) for (key, span), value in zip(plain, pairs[1::2], strict=True)
        }
        tag_end = self._data.index(b">", at) + 1
        parent = self._stack[-1] if self._stack else None
        line, column = self._position()
        frozen = MappingProxyType(attributes)
        element = Element(
            name[1].decode(self._encoding), frozen, start, tag_end, tag_end, parent, line, column
        )
        if parent is None:
            self._root = element
        else:
            parent.children.append(element)
        self._stack.append(element)

    def _on_end(self, _name: str) -> None:
        element = self._stack.pop()
        if self._data[element.tag_end - 2 : element.tag_end] != b"/>":
            element.end = self._data.index(b">", self._parser.CurrentByteIndex) + 1

    def _on_text(self, text: str) -> None:
        self._stack[-1].text += text
