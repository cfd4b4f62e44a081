"""XML of a package's META-INF and of folders, read for editing: each element with the place where it stands.

`grammar.xml.markup.spans` reads it; what is added here is what makes such a file impossible to edit safely. A document
type is refused (or, for Java's `properties.xml`, read without its external subset): nothing is ever fetched or
expanded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grammar import places
from grammar.errors import ParseError
from grammar.xml.markup import source as xml_source
from grammar.xml.markup import spans
from grammar.xml.markup.spans import Element
from migrate.targets.errors import PackageError

MAX_BYTES = 16 * 1024 * 1024
"""Larger files are refused; the largest `filter.xml` in use have some hundred kilobytes."""


class XmlError(PackageError):
    """Not XML that we read."""


@dataclass(frozen=True, slots=True)
class Xml:
    """A document: its text, Python's name of its encoding, and its root element."""

    text: str = field(repr=False)
    codec: str
    root: Element = field(compare=False)

    @property
    def source(self) -> bytes:
        """The file's bytes."""
        return self.encoded(self.text)

    def encoded(self, text: str) -> bytes:
        """Another text in the file's encoding.

        Raises:
            XmlError: the encoding does not have one of its characters.
        """
        try:
            return text.encode(self.codec)
        except UnicodeEncodeError as error:
            missing = f"U+{ord(text[error.start]):04X}"
            message = f"the file is in {self.codec.upper()}, which has no {missing} for a name"
            raise XmlError(message, rule="xml-encoding", fix="Save it as UTF-8", line=1, column=1) from None

    def attribute_text(self, value: str, quote: str = '"') -> str:
        """`value` as it must stand between two quotes; what the encoding does not have is written as a reference."""
        return spans.quotable(value, quote).encode(self.codec, "xmlcharrefreplace").decode(self.codec)

    def copied(self, element: Element, values: Mapping[Element, Mapping[str, str]]) -> str:
        """A copy of an element with other values for some attributes of it and of those in it."""
        parts, at = [], element.start
        for one in sorted(values, key=lambda one: one.start):
            for found in one.attributes:
                if found.name in values[one]:
                    quote = self.text[found.value_end]
                    value = self.attribute_text(values[one][found.name], quote)
                    parts += [self.text[at : found.value_start], value]
                    at = found.value_end
        return "".join([*parts, self.text[at : element.end]])

    def separator(self, element: Element) -> str:
        """The line break and indentation before an element that begins its line; else nothing."""
        at = element.start
        while self.text[at - 1 : at] in (" ", "\t"):
            at -= 1
        start = places.before_line_end(self.text, at)
        return self.text[start : element.start] if start < at else ""


def parse(data: bytes, *, doctype: bool = False, keep_text: bool = False) -> Xml:
    """Read a document.

    Args:
        data: its bytes.
        doctype: accept a document type without an internal subset (Java's `properties.xml` has one).
        keep_text: keep the characters inside elements.

    Raises:
        XmlError: too large, not well-formed, a document type, or an encoding that is not read.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes, more than the {MAX_BYTES} that are read"
        raise XmlError(message, rule="xml-too-large")
    try:
        codec = xml_source.codec_of(data)
    except ParseError as error:
        raise XmlError(error.message, rule=error.rule, fix=error.fix, line=1, column=1) from None
    try:
        # A byte that is none of the encoding becomes an escape, which is not well-formed, at its place.
        text = data.decode(codec, "surrogateescape")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec)
        raise _malformed(before, len(before), f"bytes that are no {codec.upper()}") from None
    reader = spans.Reader(text, plain_doctype=doctype, keep_text=keep_text)
    try:
        root = reader.read()[0]
    except spans.XmlError as error:
        if error.rule == "xml-malformed":
            raise _malformed(text, error.offset, reader.complaint(error)) from None
        message = "a document type (<!DOCTYPE ...>) may define entities, which are not expanded"
        line, column = places.position(text, error.offset)
        raise XmlError(message, rule=error.rule, fix="Remove it", line=line, column=column) from None
    return Xml(text, codec, root)


def _malformed(text: str, offset: int, reason: str) -> XmlError:
    line, column = places.position(text, offset)
    message = f"not well-formed XML ({reason}); AEM cannot read the file"
    return XmlError(message, rule="xml-malformed", line=line, column=column)
