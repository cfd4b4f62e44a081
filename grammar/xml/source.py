"""Bytes to elements: encodings, and expat's word on what is well-formed.

Nothing of a DTD is ever expanded or fetched: a document type declaration is refused before expat comes to its
content, so external references and entity bombs have nothing to work with. Limits keep time and memory linear.
FileVault reads with the JDK's Xerces, whose rules are those of XML 1.0, fourth edition, just like expat's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grammar.errors import ParseError
from grammar.xml import names as xml_names

MAX_BYTES = 512 * 1024
"""Larger files are refused; an export of a folder with a hundred configurations is a third of this."""

MAX_DEPTH = 100
MAX_ATTRIBUTES = 10_000
"""JDK limit on the attributes of one element, namespace declarations among them."""
MAX_NAME = 1_000
"""JDK limit on the length of a name."""

JCR_URI = "http://www.jcp.org/jcr/1.0"
SLING_URI = "http://sling.apache.org/jcr/sling/1.0"
WELL_KNOWN = {"jcr": JCR_URI, "sling": SLING_URI}
"""What prefixes mean where a file does not declare them."""

_FIXED = {JCR_URI: "jcr", "http://www.jcp.org/jcr/nt/1.0": "nt", "http://www.jcp.org/jcr/mix/1.0": "mix"}
"""Namespaces that FileVault itself uses by these prefixes and so cannot find under another one."""

DETECTION_CHARACTERS = 1024
"""How much of ``X.xml`` FileVault looks at to find out whether it is a document view (XmlAnalyzer)."""

_CODECS = {
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "ISO-8859-1": "latin-1",
    "ISO8859-1": "latin-1",
    "LATIN1": "latin-1",
    "US-ASCII": "ascii",
    "ASCII": "ascii",
}
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
_DECLARATION = re.compile(r"\ufeff?<\?xml[ \t\r\n](?:(?!\?>).)*\?>", re.DOTALL)
_ENCODING = re.compile(r"""[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]*)["']""")
_VERSION = re.compile(r"""[ \t\r\n]version[ \t\r\n]*=[ \t\r\n]*["'](1\.[01])["']""")
_NOT_IN_XML_1_1 = re.compile("[\x7f-\x9f\u2028]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SEPARATOR = "\f"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that is no namespace declaration: name as written, namespace ("" without), value after XML."""

    name: str
    uri: str
    value: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its depth (the root's is 0), name as written, namespace and attributes in order."""

    depth: int
    name: str
    uri: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded file.

    Attributes:
        text: all of it, a byte order mark included, so that encoding it with `codec` gives the bytes back.
        codec: Python's name of the encoding.
    """

    text: str
    codec: str

    def encode(self, text: str) -> bytes:
        """Another text in the same encoding.

        Raises:
            UnicodeEncodeError: the encoding has no such character.
        """
        return text.encode(self.codec)


@dataclass(slots=True)
class Elements:
    """All elements in the order of their start tags, and the namespaces that the file declares by prefix."""

    found: list[Element] = field(default_factory=list)
    namespaces: dict[str, str] = field(default_factory=dict)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset into a text."""
    line, start = 1, 0
    for end in _LINE_END.finditer(text, 0, offset):
        line, start = line + 1, end.end()
    return line, offset - start + 1


def error_at(text: str, offset: int, rule: str, message: str, fix: str = "") -> ParseError:
    """A ParseError for a place in a text."""
    line, column = position(text, offset)
    start = offset - column + 1
    end = _LINE_END.search(text, offset)
    source_line = text[start : end.start() if end else len(text)]
    return ParseError(message, rule=rule, line=line, column=column, fix=fix, source_line=source_line)


def is_docview(data: bytes) -> bool:
    """Whether FileVault takes ``X.xml`` for a document view, which makes a node ``X``; else it is a plain file.

    Its first 1024 characters, read as UTF-8, must hold ``<jcr:root`` and the JCR namespace in double quotes.
    (``.content.xml`` is always read as a document view.)
    """
    head = data[: DETECTION_CHARACTERS * 4].decode("utf-8", "replace")
    # Java counts UTF-16 units; U+FEFF is a character like any other.
    units = head.encode("utf-16-le", "surrogatepass")[: DETECTION_CHARACTERS * 2]
    start = units.decode("utf-16-le", "ignore")
    return "<jcr:root" in start and f'"{JCR_URI}"' in start


def may_hold_configuration(data: bytes) -> bool:
    """A quick look before reading: whether the bytes name ``OsgiConfig`` at all, in UTF-8 or UTF-16.

    False for a type written with character references or escapes, which nobody does.
    """
    return any("OsgiConfig".encode(codec) in data for codec in ("ascii", "utf-16-le", "utf-16-be"))


def decode(data: bytes) -> Source:
    """Decode as the file declares.

    Raises:
        ParseError: too large (``xml-too-large``), or an encoding that is broken, contradictory or not one of
            UTF-8, UTF-16, ISO-8859-1 and US-ASCII (``xml-encoding``).
    """
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes is more than a configuration of {MAX_BYTES} bytes; not read"
        raise ParseError(message, rule="xml-too-large", line=1, column=1)
    codec = _UTF_16.get(data[:2]) or _UTF_16.get(data[:4])
    declared = _declared(data.decode(codec, "replace") if codec else data[:1024].decode("latin-1"))
    if codec:
        agrees = (declared or "UTF-16") in ("UTF-16", codec.upper().replace("-LE", "LE").replace("-BE", "BE"))
    else:
        codec = _CODECS.get(declared or "UTF-8", "")
        agrees = bool(codec) and (codec == "utf-8" or not data.startswith(b"\xef\xbb\xbf"))
    if not agrees:
        message = "the declared encoding is not the file's own, or is none that is read here"
        raise error_at("", 0, "xml-encoding", message, "Save the file as UTF-8 and declare UTF-8")
    return Source(_decoded(data, codec), codec)


def _declared(head: str) -> str | None:
    declaration = _DECLARATION.match(head.removeprefix("\xef\xbb\xbf"))
    found = _ENCODING.search(declaration[0]) if declaration else None
    return found[1].upper() if found else None


def _decoded(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as broken:
        before = data[: broken.start].decode(codec, "ignore")
        message = f"bytes that are no {codec.upper()}: the parser gives up here and the file is lost"
        raise error_at(before, len(before), "xml-encoding", message, "Save the file as UTF-8") from None


def elements(text: str, *, plain_doctype: bool = False) -> Elements:
    """The elements of a text, by expat.

    Args:
        text: the decoded file.
        plain_doctype: pass over a document type declaration without an internal subset, as Xerces does here.

    Raises:
        ParseError: not well-formed, or beyond the limits, or with a document type declaration.
    """
    _check_version(text)
    return _Reader(text, plain_doctype).read()


def _check_version(text: str) -> None:
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return
    version = _VERSION.search(declaration[0])
    if version is None:
        message = "an XML version that the parser of AEM does not know: the file is lost"
        raise error_at(text, 0, "xml-version", message, 'Write version="1.0"')
    if version[1] == "1.1" and (found := _NOT_IN_XML_1_1.search(text)):
        message = "XML 1.1 reads this character otherwise than XML 1.0"
        raise error_at(text, found.start(), "xml-version", message, 'Write version="1.0"')


class _Reader:
    """The handlers of one expat parser."""

    def __init__(self, text: str, plain_doctype: bool) -> None:
        from xml.parsers import expat

        self.text = text
        self.data = text.encode("utf-8")
        self.plain_doctype = plain_doctype
        self.depth = 0
        self.siblings: list[set[tuple[str, str]]] = []
        self.declarations = 0
        self.result = Elements()
        self.parser = parser = expat.ParserCreate("utf-8", _SEPARATOR)
        self.expat_error = expat.ExpatError
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self.start_element
        parser.EndElementHandler = self.end_element
        parser.StartNamespaceDeclHandler = self.declare
        parser.StartDoctypeDeclHandler = self.doctype

    def read(self) -> Elements:
        try:
            self.parser.Parse(self.data, True)
        except self.expat_error as error:
            offset = self.offset(self.parser.ErrorByteIndex)
            reason = str(error).split(": line ", 1)[0]
            message = f"not well-formed XML ({reason}): the import loses the file, or fails as a whole"
            raise error_at(self.text, offset, "xml-malformed", message) from None
        return self.result

    def offset(self, index: int) -> int:
        return len(self.data[:index].decode("utf-8", "ignore"))

    def fail(self, rule: str, message: str, fix: str = "") -> ParseError:
        return error_at(self.text, self.offset(self.parser.CurrentByteIndex), rule, message, fix)

    def doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal or not self.plain_doctype:
            message = "a document type declaration can define entities and add properties; not read here"
            fix = "Remove the <!DOCTYPE ...>; a configuration needs none"
            start = self.text.rfind("<!DOCTYPE", 0, self.offset(self.parser.CurrentByteIndex) + 1)
            raise error_at(self.text, start, "xml-doctype", message, fix)

    def declare(self, prefix: str | None, uri: str | None) -> None:
        self.declarations += 1
        if prefix is None:
            if uri:
                message = "a default namespace: FileVault cannot remap the empty prefix and loses the file"
                raise self.fail("xml-namespace", message, 'Remove xmlns="..."')
            return
        fixed = _FIXED.get(uri or "", prefix)
        if fixed != prefix:
            message = f"FileVault needs the prefix {fixed!r} for this namespace, and fails with {prefix!r}"
            raise self.fail("xml-namespace", message, f"Write xmlns:{fixed}")
        if prefix in WELL_KNOWN and self.result.namespaces.get(prefix, uri) != uri:
            message = f"the prefix {prefix!r} is bound to two namespaces in one file"
            raise self.fail("xml-namespace", message, f'Write xmlns:{prefix}="{WELL_KNOWN[prefix]}"')
        self.result.namespaces[prefix] = uri or ""

    def start_element(self, name: str, pairs: list[str]) -> None:
        attributes = [
            Attribute(*_names(key), value) for key, value in zip(pairs[::2], pairs[1::2], strict=True)
        ]
        written, uri = _names(name)
        longest = max([len(written), *(len(found.name) for found in attributes)])
        if (
            self.depth >= MAX_DEPTH
            or longest > MAX_NAME
            or len(attributes) + self.declarations > MAX_ATTRIBUTES
        ):
            message = (
                f"deeper than {MAX_DEPTH}, a name longer than {MAX_NAME}, or over {MAX_ATTRIBUTES} attributes"
            )
            raise self.fail("xml-limit", message)
        if self.depth and attributes:
            self.check_node(written)
        self.result.found.append(Element(self.depth, written, uri, tuple(attributes)))
        self.siblings.append(set())
        self.depth += 1
        self.declarations = 0

    def end_element(self, name: str) -> None:
        self.depth -= 1
        self.siblings.pop()

    def check_node(self, written: str) -> None:
        """A node below the root; an element without attributes only says something about order."""
        prefix, _, local = written.rpartition(":")
        name = xml_names.decode(local)
        if not xml_names.is_property_name(name):
            raise self.fail("xml-name", "a name that the repository does not take: the import fails")
        if (prefix, name) in self.siblings[-1]:
            message = f"two nodes of the name {name!r} in one place: the import fails on the second"
            raise self.fail("xml-duplicate", message, "Remove one of them")
        self.siblings[-1].add((prefix, name))


def _names(expanded: str) -> tuple[str, str]:
    """The name as written, and the namespace, of expat's ``uri local prefix``."""
    parts = expanded.split(_SEPARATOR)
    if len(parts) == 1:
        return parts[0], ""
    return (f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[1]), parts[0]


def is_config_type(type_name: str, namespaces: Mapping[str, str]) -> bool:
    """Whether a primary type's name is ``sling:OsgiConfig``, under whatever prefix the file declares."""
    prefix, _, local = type_name.partition(":")
    return local == "OsgiConfig" and namespaces.get(prefix, WELL_KNOWN.get(prefix)) == SLING_URI
