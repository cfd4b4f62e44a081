"""``sling:OsgiConfig`` documents in FileVault's document view: parse, read, edit, all without moving another byte.

expat says what is well-formed, what the attributes are and where they stand (:mod:`grammar.xml.markup.spans`), the
grammar ``value.lark`` how their text is made. What is accepted is what FileVault 3.2.8, 3.4.10, 3.6.0 and 3.8.2 load
alike, or those of them that count for somebody; that may still not be what the author meant, see
:mod:`grammar.xml.hazards`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

from grammar.documents import Document, Property
from grammar.errors import EditError, ParseError
from grammar.places import Lines
from grammar.values import Value
from grammar.xml import checks, docview
from grammar.xml import names as xml_names
from grammar.xml.checks import MOST, Mistake
from grammar.xml.docview import Reach
from grammar.xml.markup import source as xml_source
from grammar.xml.markup.source import Source
from grammar.xml.markup.spans import Element
from grammar.xml.tags import Entry, Tag, tag_of


class File(Lines):
    """A file of the document view, read and checked as a whole.

    Attributes:
        data: its bytes.
        source: its text and encoding.
        tags: its elements, in the order of their start tags.
        namespaces: those that it declares, by prefix.
        firsts: elements of whose name there is another one, of which nobody knows what becomes of them.
        marked: whether the file's first 1024 characters had to show that it is a document view.
        versions: the readers that count; None for all.
        mistakes: what loses the file or a part of it, in the order in which it is to be told; a document of one of its
            configurations is made all the same where that part is another one.
    """

    def __init__(
        self,
        data: bytes,
        source: Source,
        tags: Sequence[Tag],
        namespaces: Mapping[str, str],
        firsts: Collection[Element],
        *,
        marked: bool,
        versions: tuple[str, ...] | None,
        mistakes: Sequence[Mistake],
    ) -> None:
        self.mistakes = mistakes
        self.data = data
        self.raw = source.text
        self.source = source
        self.tags = tags
        self.namespaces = namespaces
        self.firsts = firsts
        self.marked = marked
        self.versions = versions


def parse(data: bytes, path: str | None = None, versions: tuple[str, ...] | None = None) -> XmlDocument:
    """Read the one configuration of a file: its root element.

    Args:
        data: the file's bytes, any bytes.
        path: a name for error messages; a last part of ``.content.xml`` means that the file is read as a
            document view whatever its first 1024 characters are.
        versions: the readers that count; all of them by default.

    Raises:
        ParseError: the versions of FileVault do not all load it, and alike, as a configuration.
    """
    try:
        file = _faultless(read(data, path, versions))
        checks.check_root(file.source.text, file.tags, file.namespaces)
        return XmlDocument(file, 0)
    except ParseError as error:
        raise (error.at(path) if path else error) from None


def configurations(
    data: bytes, path: str | None = None, versions: tuple[str, ...] | None = None
) -> list[tuple[str, XmlDocument]]:
    """Every configuration of a file with its node's path below the file's own node; ``""`` for that node itself.

    A folder's ``.content.xml`` may hold several. Nodes below a configuration are none (the installer does not
    look there).

    Raises:
        ParseError: as for `parse`; a single bad element loses the whole file in FileVault, so here too.
    """
    try:
        file = _faultless(read(data, path, versions))
        return [(name, XmlDocument(file, index)) for name, index in config_elements(file)]
    except ParseError as error:
        raise (error.at(path) if path else error) from None


class XmlDocument(Document):
    """One configuration in an XML file; see :class:`grammar.documents.Document` for what every form has.

    Attributes:
        file: the whole file; an edit gives a new one.
        index: which start tag of the file is the configuration.
        entries: the attributes that are candidates for properties, those that AEM drops among them.
        values: what AEM loads for each; None where it drops the property.
    """

    form = "xml"

    def __init__(self, file: File, index: int) -> None:
        """Raises ParseError when the installer or ConfigAdmin refuses the configuration."""
        self.file = file
        self.index = index
        self.tag = file.tags[index]
        self.entries = tuple(entry for entry in self.tag.entries if not entry.prefix)
        self.values, wrong = checks.read_config(file.raw, self.entries, file.namespaces)
        if wrong:
            raise wrong[0][1]

    @property
    def source(self) -> bytes:
        return self.file.data

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries)

    @functools.cached_property
    def occurrences(self) -> tuple[Property, ...]:
        """Every entry as a property; the text as a String for those that AEM drops."""
        pairs = zip(self.entries, self.values, strict=True)
        return tuple(self._property(entry, value) for entry, value in pairs)

    @functools.cached_property
    def properties(self) -> tuple[Property, ...]:
        pairs = zip(self.values, self.occurrences, strict=True)
        return tuple(found for value, found in pairs if value is not None)

    def with_value(self, name: str, value: Value) -> XmlDocument:
        current = self.get(name)
        if current is not None and current.value == value:
            return self
        from grammar.xml.writing import edits, writer

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
        from grammar.xml.writing import edits

        return self._edited(edits.removed(self.file.source.text, entry), name, None)

    def _entry(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.name == name), None)

    def _property(self, entry: Entry, value: Value | None) -> Property:
        line, column = self.file.position(entry.start)
        if value is None:
            value = Value.string(entry.value.values[0])
        return Property(entry.name, entry.value.kind or "", value, line, column)

    def _edited(self, text: str, name: str, value: Value | None) -> XmlDocument:
        """Re-read an edited text and prove that it says what was meant, and nothing else."""
        source = self.file.source
        try:
            path = "X.xml" if self.file.marked else xml_names.CONTENT_FILE
            edited = XmlDocument(read(source.encode(text), path, self.file.versions), self.index)
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
        values = {found.name: found.value for found in edited.properties}
        if values != expected or len(edited.file.mistakes) > len(self.file.mistakes):
            raise EditError(f"{name!r} cannot be written so that AEM reads back this value")
        return edited


def read(data: bytes, path: str | None, versions: tuple[str, ...] | None) -> File:
    """Read a file with all its mistakes.

    Raises:
        ParseError: it is not well-formed, or no document view.
    """
    if path:
        checks.check_file_name(path)
    marked = (path or "X.xml").rpartition("/")[2] != xml_names.CONTENT_FILE
    source = xml_source.decode(data)
    if marked and not xml_source.is_docview(data):
        raise checks.not_docview(source.text)
    view = docview.read(source.text)
    tags, mistakes = [], []
    for index, element in enumerate(view.elements):
        tag, unread = tag_of(source.text, element)
        tags.append(tag)
        if element not in view.unmade or checks.counts(versions, "3.6.0", "3.8.2"):
            mistakes += [checks.mistake(index, error, found, versions) for found, error in unread]
    mistakes += itertools.islice(checks.mistakes(source.text, tags, view, versions), MOST)
    if len(mistakes) >= MOST:
        # Nobody looks for more; so nothing of the file is known to be loaded.
        mistakes[-1] = mistakes[-1]._replace(reach=Reach.ALL)
    return File(
        data,
        source,
        tags,
        view.namespaces,
        tuple(view.twins.values()),
        marked=marked,
        versions=versions,
        mistakes=mistakes,
    )


def _faultless(file: File) -> File:
    if file.mistakes:
        raise file.mistakes[0].error
    return file


def config_elements(file: File) -> Iterator[tuple[str, int]]:
    """Path and index of the outermost elements that are configurations."""
    names: list[str] = []
    inside: int | None = None
    for index, tag in enumerate(file.tags):
        depth = tag.element.depth
        if inside is not None and depth > inside:
            continue
        inside = None
        del names[max(depth - 1, 0) :]
        if depth:
            names.append(xml_names.decode(tag.element.name))
        if checks.is_config(tag, file.namespaces):
            inside = depth
            yield "/".join(names), index
