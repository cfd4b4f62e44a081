"""XML read once, by expat: each element and attribute with its value and the place where it stands.

What is well-formed, what an attribute's value is and which namespace a name has are expat's word, so they are what
AEM's parser sees (the JDK's Xerces has the rules of XML 1.0, fourth edition, too). Where things stand comes from
the text at the offsets that expat gives, so that an edit moves nothing else. A document type is refused, or read
without its external subset: nothing is ever fetched or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from grammar import patterns
from grammar.errors import GrammarError
from grammar.places import LINE_END

_SEPARATOR = "\f"
# A start tag that expat has read: no more needs to be known about it.
_NAME = patterns.lazy(r"<([^ \t\r\n/>]+)")
_ATTRIBUTE = patterns.lazy(r"""([ \t\r\n]+)([^ \t\r\n=/>]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')""")
_BLANKS = patterns.lazy(r"[ \t\r\n]*")
_INDENT = patterns.lazy(r"(?:(?<=[\r\n])|\A)[ \t]*\Z")
_REST_OF_LINE = patterns.lazy(rf"[ \t]*(?:{LINE_END.pattern})")
_ENTITIES = {"&": "&amp;", "<": "&lt;", "\t": "&#x9;", "\n": "&#xa;", "\r": "&#xd;"}
_QUOTES = {'"': {'"': "&quot;"}, "'": {"'": "&apos;"}}


class XmlError(GrammarError):
    """Not XML that is read.

    Attributes:
        rule: ``xml-malformed`` or ``xml-doctype``.
        offset: where in the text expat was.
        reason: in expat's words; empty for a document type.
    """

    def __init__(self, rule: str, offset: int, reason: str = "") -> None:
        super().__init__(f"{rule} at {offset}: {reason}")
        self.rule = rule
        self.offset = offset
        self.reason = reason


class Attribute(NamedTuple):
    """An attribute that is no namespace declaration.

    Attributes:
        name: as written, with its prefix.
        uri: its namespace; empty without one.
        value: its characters.
        blank_start: where the white space before it begins.
        start: its first character.
        name_end: the end of its name.
        value_start: the first character between its quotes.
        value_end: its closing quote.
    """

    name: str
    uri: str
    value: str
    blank_start: int
    start: int
    name_end: int
    value_start: int
    value_end: int


class Element:
    """An element.

    Attributes:
        name: as written, with its prefix.
        uri: its namespace; empty without one.
        attributes: those that are no namespace declarations, in order.
        parent: the element around it; None for the root.
        children: the elements directly inside.
        depth: how many elements are around it.
        start: its ``<``.
        head_end: the ``>`` or ``/>`` of its start tag.
        close: the ``<`` of its end tag; None without one.
        end: behind its last ``>``.
        line: line of its ``<``, from 1.
        column: column of it in code points, from 1.
        text: the characters directly inside, where they are kept.
    """

    __slots__ = (
        "attributes",
        "children",
        "close",
        "column",
        "depth",
        "end",
        "head_end",
        "line",
        "name",
        "parent",
        "start",
        "text",
        "uri",
    )

    def __init__(
        self,
        name: str,
        uri: str,
        attributes: tuple[Attribute, ...],
        parent: Element | None,
        start: int,
        head_end: int,
        place: tuple[int, int],
    ) -> None:
        self.name = name
        self.uri = uri
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element] = []
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.start = start
        self.head_end = head_end
        self.line, self.column = place
        self.close: int | None = None
        self.end = head_end + 2
        self.text = ""

    def attribute(self, name: str) -> Attribute:
        """The attribute of a name as written.

        Raises:
            KeyError: there is none.
        """
        for found in self.attributes:
            if found.name == name:
                return found
        raise KeyError(name)

    def value(self, name: str) -> str:
        """An attribute's value, or the empty text: what ``org.w3c.dom.Element.getAttribute`` gives."""
        return next((found.value for found in self.attributes if found.name == name), "")


class Reader:
    """One reading of a text. Subclasses look at what is found while it is found.

    Attributes:
        text: the decoded file; a byte that could not be decoded may stand in it as U+DC80 to U+DCFF.
        elements: what has been found, in the order of the start tags.
    """

    def __init__(
        self, text: str, *, plain_doctype: bool = False, keep_text: bool = False, is_later: bool = False
    ) -> None:
        """Prepare it.

        Args:
            text: the decoded file.
            is_later: whether it is XML 1.1.
            plain_doctype: pass over a document type without an internal subset, as Xerces does here.
            keep_text: keep the characters inside elements.
        """
        from xml.parsers import expat

        self.text = text
        self.elements: list[Element] = []
        self._meanings: Mapping[int, int | None] = {}
        if is_later:
            from grammar.xml.markup import later

            text, self._meanings = later.as_earlier(text)
        self._parsed = text
        """What expat is given: every character stands where it stands in `text`."""
        self._data = text.encode("utf-8", "surrogateescape")
        self._at = (0, 0)
        self._plain_doctype = plain_doctype
        self._open: list[Element] = []
        self._expat_error = expat.ExpatError
        self._parser = parser = expat.ParserCreate("utf-8", _SEPARATOR)
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler = self.declared
        parser.StartDoctypeDeclHandler = self._doctype
        if keep_text:
            parser.buffer_text = True
            parser.CharacterDataHandler = self._characters

    def read(self) -> list[Element]:
        """All elements.

        Raises:
            XmlError: not well-formed, or a document type.
        """
        if self.text[:2] in ("<\0", "\0<"):
            # Whatever it is told, expat takes such a text for UTF-16, and its offsets are those of another one.
            raise XmlError("xml-malformed", self.text.index("\0"), "not well-formed (invalid token)")
        try:
            self._parser.Parse(self._data, True)
        except self._expat_error as error:
            reason = str(error).split(": line ", 1)[0]
            raise XmlError("xml-malformed", self._offset(self._parser.ErrorByteIndex), reason) from None
        return self.elements

    def complaint(self, error: XmlError) -> str:
        """What AEM's parser says of what is not well-formed, without a final full stop."""
        from grammar.xml.markup.complaints import complaint

        opened = self._open[-1].name if self._open else None
        is_after_root = bool(self.elements) and opened is None
        said = complaint(self.text, error.offset, error.reason, opened, is_after_root=is_after_root)
        return said.removesuffix(".")

    def declared(self, prefix: str | None, uri: str | None) -> None:
        """A namespace declaration of the element that begins next."""

    def started(self, element: Element) -> None:
        """An element whose start tag has been read."""

    def here(self) -> int:
        """The offset of what is being read."""
        return self._offset(self._parser.CurrentByteIndex)

    def _offset(self, index: int) -> int:
        if len(self._data) == len(self.text):
            return max(index, 0)
        byte, offset = self._at if index >= self._at[0] else (0, 0)
        offset += len(self._data[byte : max(index, 0)].decode("utf-8", "surrogateescape"))
        self._at = (max(index, 0), offset)
        return offset

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal or not self._plain_doctype:
            raise XmlError("xml-doctype", self.here())

    def _start(self, expanded: str, pairs: list[str]) -> None:
        start = self.here()
        found = _NAME.match(self._parsed, start)
        assert found is not None  # expat has read a start tag here
        attributes, at = [], found.end()
        if self._meanings:
            pairs[1::2] = [value.translate(self._meanings) for value in pairs[1::2]]
        values = zip(pairs[::2], pairs[1::2], strict=True)
        while attribute := _ATTRIBUTE.match(self._parsed, at):
            at = attribute.end()
            if attribute[2] != "xmlns" and not attribute[2].startswith("xmlns:"):
                attributes.append(_attribute(attribute, *next(values)))
        blanks = _BLANKS.match(self._parsed, at)
        head_end = blanks.end() if blanks else at
        parent = self._open[-1] if self._open else None
        place = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        element = Element(found[1], _uri(expanded), tuple(attributes), parent, start, head_end, place)
        self.elements.append(element)
        if parent is not None:
            parent.children.append(element)
        self._open.append(element)
        self.started(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if self.text[element.head_end] == ">":
            element.close = self.here()
            element.end = self.text.index(">", element.close) + 1

    def _characters(self, text: str) -> None:
        self._open[-1].text += text


def _attribute(found: re.Match[str], expanded: str, value: str) -> Attribute:
    start, end = found.span(3 if found[3] is not None else 4)
    return Attribute(found[2], _uri(expanded), value, found.start(), found.start(2), found.end(2), start, end)


def _uri(expanded: str) -> str:
    """The namespace in expat's ``uri local prefix``, ``uri local`` or ``local``."""
    uri, separator, _ = expanded.partition(_SEPARATOR)
    return uri if separator else ""


def quotable(text: str, quote: str = '"') -> str:
    """The text as it stands between quotes; white space that XML would fold is written as references."""
    return "".join(_ENTITIES.get(char) or _QUOTES[quote].get(char, char) for char in text)


def whole_lines(text: str, element: Element) -> tuple[int, int]:
    """What goes with an element: its indent and line end, too, when nothing else stands on its lines."""
    indent = _INDENT.search(text, 0, element.start)
    rest = _REST_OF_LINE.match(text, element.end)
    return (indent.start(), rest.end()) if indent and rest else (element.start, element.end)
