"""``sling:OsgiConfig`` documents in FileVault's document view: parse, read, edit, all without moving another byte.

expat says whether the file is well-formed and what its attributes are; the Lark grammar ``xml.lark`` says where
they stand and how their text is made. What is accepted is what FileVault 3.4.10, 3.6.0 and 3.8.2 load alike;
that may still not be what the author meant, see :func:`traps`.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grammar.documents import Document, Property
from grammar.errors import EditError, ParseError
from grammar.values import Value
from grammar.xml import checks, edits, scanner, writer
from grammar.xml import names as xml_names
from grammar.xml import source as xml_source
from grammar.xml.scanner import Entry, Tag
from grammar.xml.source import Elements, Source

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class File:
    """A file of the document view, read and checked as a whole.

    Attributes:
        data: its bytes.
        source: its text and encoding.
        elements: what expat found.
        tags: where the start tags stand, in the same order.
        marked: whether the file's first 1024 characters had to show that it is a document view.
    """

    data: bytes
    source: Source
    elements: Elements
    tags: Sequence[Tag]
    marked: bool

    @functools.cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        return [0, *(found.end() for found in _LINE_END.finditer(self.source.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset into the text."""
        line = bisect.bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


def parse(data: bytes, path: str | None = None) -> XmlDocument:
    """Read the one configuration of a file: its root element.

    Args:
        data: the file's bytes, any bytes.
        path: a name for error messages; a last part of ``.content.xml`` means that the file is read as a
            document view whatever its first 1024 characters are.

    Raises:
        ParseError: the three versions of FileVault do not all load it, and alike, as a configuration.
    """
    try:
        file = _read(data, path)
        checks.check_root(file.source.text, file.tags, file.elements.namespaces)
        return XmlDocument(file, 0)
    except ParseError as error:
        raise (error.at(path) if path else error) from None


def configurations(data: bytes, path: str | None = None) -> list[tuple[str, XmlDocument]]:
    """Every configuration of a file with its node's path below the file's own node; ``""`` for that node itself.

    A folder's ``.content.xml`` may hold several. Nodes below a configuration are none (the installer does not
    look there).

    Raises:
        ParseError: as for `parse`; a single bad element loses the whole file in FileVault, so here too.
    """
    try:
        file = _read(data, path)
        return [(name, XmlDocument(file, index)) for name, index in _config_elements(file)]
    except ParseError as error:
        raise (error.at(path) if path else error) from None


def traps(document: XmlDocument) -> Iterator[tuple[str, Property, str]]:
    """What AEM loads otherwise than the text suggests, alike in all versions: rule, property and message.

    A property that is dropped altogether comes with its text as a String.
    """
    for entry in document.tag.entries:
        if entry.prefix not in ("", "jcr", "xmlns"):
            line, column = document.file.position(entry.start)
            name = f"{entry.prefix}:{entry.name}"
            yield (
                "xml-prefix",
                Property(name, "", Value.string(""), line, column),
                "a name with a colon is no property",
            )
    for entry, found in zip(document.entries, document.occurrences, strict=True):
        for rule, message in checks.traps_of(entry, document.file.elements.namespaces):
            yield rule, found, message


class XmlDocument(Document):
    """One configuration in an XML file; see :class:`grammar.documents.Document` for what every form has.

    Attributes:
        file: the whole file; an edit gives a new one.
        index: which start tag of the file is the configuration.
        entries: the attributes that are candidates for properties, those that AEM drops among them.
    """

    form = "xml"

    def __init__(self, file: File, index: int) -> None:
        self.file = file
        self.index = index
        self.tag = file.tags[index]
        self.entries = tuple(entry for entry in self.tag.entries if not entry.prefix)
        checks.check_config(file.source.text, self.entries, file.elements.namespaces)

    @property
    def source(self) -> bytes:
        return self.file.data

    @functools.cached_property
    def occurrences(self) -> tuple[Property, ...]:
        """Every entry as a property; the text as a String for those that AEM drops."""
        return tuple(self._property(entry) for entry in self.entries)

    @functools.cached_property
    def properties(self) -> tuple[Property, ...]:
        pairs = zip(self.entries, self.occurrences, strict=True)
        return tuple(found for entry, found in pairs if self._value(entry) is not None)

    def with_value(self, name: str, value: Value) -> XmlDocument:
        current = self.get(name)
        if current is not None and current.value == value:
            return self
        writer.check_expressible(name, value)
        entry = self._entry(name)
        if entry is None:
            text = edits.added(self.file.source.text, self.tag, name, value)
        else:
            text = edits.replaced(self.file.source.text, entry, value)
        return self._edited(text, name, value)

    def without(self, name: str) -> XmlDocument:
        entry = self._entry(name)
        if entry is None:
            return self
        return self._edited(edits.removed(self.file.source.text, entry), name, None)

    def _entry(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.name == name), None)

    def _property(self, entry: Entry) -> Property:
        line, column = self.file.position(entry.start)
        value = self._value(entry)
        if value is None:
            value = Value.string(entry.value.values[0])
        return Property(entry.name, entry.value.kind or "", value, line, column)

    def _value(self, entry: Entry) -> Value | None:
        return checks.value_of(entry.value, self.file.elements.namespaces)

    def _edited(self, text: str, name: str, value: Value | None) -> XmlDocument:
        """Re-read an edited text and prove that it says what was meant, and nothing else."""
        source = self.file.source
        try:
            path = "X.xml" if self.file.marked else xml_names.CONTENT_FILE
            edited = XmlDocument(_read(source.encode(text), path), self.index)
        except UnicodeEncodeError as error:
            missing = f"U+{ord(error.object[error.start]):04X}"
            message = (
                f"{name!r}: the file's encoding, {source.codec.upper()}, has no {missing}; save it as UTF-8"
            )
            raise EditError(message) from None
        except ParseError as error:
            raise EditError(f"{name!r} cannot be written so that AEM reads it back: {error}") from None
        expected = {found.name: found.value for found in self.properties}
        expected.pop(name, None)
        if value is not None:
            expected[name] = value
        if {found.name: found.value for found in edited.properties} != expected:
            raise EditError(f"{name!r} cannot be written so that AEM reads back this value")
        return edited


def _read(data: bytes, path: str | None) -> File:
    if path:
        checks.check_file_name(path)
    marked = (path or "X.xml").rpartition("/")[2] != xml_names.CONTENT_FILE
    source = xml_source.decode(data)
    if marked and not xml_source.is_docview(data):
        raise checks.not_docview(source.text)
    elements = xml_source.elements(source.text)
    tags = scanner.tags(source.text)
    checks.check_elements(source.text, elements, tags)
    return File(data, source, elements, tags, marked)


def _config_elements(file: File) -> Iterator[tuple[str, int]]:
    """Path and index of the outermost elements that are configurations."""
    names: list[str] = []
    inside: int | None = None
    for index, (element, tag) in enumerate(zip(file.elements.found, file.tags, strict=True)):
        if inside is not None and element.depth > inside:
            continue
        inside = None
        del names[max(element.depth - 1, 0) :]
        if element.depth:
            names.append(xml_names.decode(element.name))
        if checks.is_config(tag, file.elements.namespaces):
            inside = element.depth
            yield "/".join(names), index
