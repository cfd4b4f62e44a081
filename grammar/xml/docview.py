"""The elements of a document view, and what FileVault fails on while it reads them.

Only the first things that go wrong are looked for here, in the order of the text, as the parser comes to them; what
an element means in a configuration is the business of :mod:`grammar.xml.checks`.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping

from grammar import patterns
from grammar.errors import ParseError
from grammar.places import error_at
from grammar.xml import names as xml_names
from grammar.xml.markup.source import DECLARATION, SLING_URI, WELL_KNOWN
from grammar.xml.markup.spans import Element, Reader, XmlError

MAX_DEPTH = 100
MAX_ATTRIBUTES = 10_000
"""JDK limit on the attributes of one element, namespace declarations among them."""
MAX_NAME = 1_000
"""JDK limit on the length of a name."""

_FIXED = {
    WELL_KNOWN["jcr"]: "jcr",
    "http://www.jcp.org/jcr/nt/1.0": "nt",
    "http://www.jcp.org/jcr/mix/1.0": "mix",
}
"""Namespaces that FileVault itself uses by these prefixes and so cannot find under another one."""

_VERSION = patterns.lazy(r"""[ \t\r\n]version[ \t\r\n]*=[ \t\r\n]*["'](1\.[01])["']""")


class Reach(enum.Enum):
    """What a mistake costs beside itself.

    Attributes:
        NODE: the node at most, or one of its properties.
        REST: what follows it in the file; FileVault 3.6.0 fails as a whole.
        ALL: everything in the file, or more.
    """

    NODE = 0
    REST = 1
    ALL = 2


def worst(found: Mapping[str, Reach | None]) -> Reach | None:
    """What a mistake costs at most, of what it costs each of some versions; None where it costs none anything."""
    reaches = [
        Reach.ALL if reach is Reach.REST and version == "3.6.0" else reach
        for version, reach in found.items()
        if reach is not None
    ]
    return max(reaches, key=lambda reach: reach.value, default=None)


class DocView(Reader):
    """A reading of a document view.

    Attributes:
        namespaces: those that the file declares, by prefix.
        unmade: elements of which no node is made: one without attributes is there for the order of nodes only, and
            what stands below it is not imported.
        twins: elements of the name of one before them, with that one. Which of them stays depends on what the
            repository has before.
        odd: elements of which a node could be made, but that have no name of one.
    """

    def __init__(self, text: str, *, plain_doctype: bool = False) -> None:
        """Prepare it.

        Args:
            text: the decoded file.
            plain_doctype: pass over a document type declaration without an internal subset, as Xerces does here.

        Raises:
            ParseError: an XML version that is not read.
        """
        self._is_later = _is_later(text)
        super().__init__(_without_colons(text), plain_doctype=plain_doctype, is_later=self._is_later)
        self.text = text  # As errors show it.
        self.namespaces: dict[str, str] = {}
        self._others: dict[str, str] = {}
        """Other prefixes of namespaces that FileVault uses by its own, with that one."""
        self.unmade: set[Element] = set()
        self.twins: dict[Element, Element] = {}
        self.odd: set[Element] = set()
        self._declarations = 0
        self._siblings: dict[Element | None, dict[tuple[str, str], Element]] = {}

    @functools.cached_property
    def registered(self) -> xml_names.Registered:
        """The namespaces of the repository when it has been read."""
        return xml_names.Registered(self.namespaces)

    def read(self) -> list[Element]:
        """All elements.

        Raises:
            ParseError: not well-formed, or beyond the limits, or with a document type declaration; `elements` are those
                that begin before it.
        """
        try:
            return super().read()
        except XmlError as error:
            raise self._rejected(error) from None

    def around(self) -> list[Element]:
        """The elements that are open where reading has come to."""
        return list(self._open)

    def _rejected(self, error: XmlError) -> ParseError:
        text = self.text
        if error.rule == "xml-doctype":
            message = "a document type declaration can define entities and add properties; not read here"
            fix = "Remove the <!DOCTYPE ...>; a configuration needs none"
            start = text.rfind("<!DOCTYPE", 0, error.offset + 1)
            return error_at(text, start, error.rule, message, fix)
        if self._is_later and not text[error.offset : error.offset + 1].isascii():
            message = "what only XML 1.1 takes in a name is not read here, though AEM loads it"
            return error_at(text, error.offset, "xml-version", message, "Write _xhhhh_ for it")
        message = f"not well-formed XML ({self.complaint(error)}): the import stops here, or fails as a whole"
        return error_at(text, error.offset, error.rule, message)

    def declared(self, prefix: str | None, uri: str | None) -> None:
        self._declarations += 1
        if prefix is None:
            if uri:
                message = "a default namespace: FileVault cannot remap the empty prefix and loses the file"
                raise self._error("xml-namespace", message, 'Remove xmlns="..."')
            return
        fixed = _FIXED.get(uri or "", prefix)
        if fixed != prefix:
            self._others[prefix] = fixed
            if self.elements or fixed in self.namespaces:
                raise self._other_prefix(prefix)
        if prefix in WELL_KNOWN and self.namespaces.get(prefix, uri) != uri:
            message = f"the prefix {prefix!r} is bound to two namespaces in one file"
            raise self._error("xml-namespace", message, f'Write xmlns:{prefix}="{WELL_KNOWN[prefix]}"')
        self.namespaces[prefix] = uri or ""

    def _other_prefix(self, prefix: str) -> ParseError:
        fixed = self._others[prefix]
        message = f"FileVault needs the prefix {fixed!r} for this namespace, declared last, and fails with {prefix!r}"
        return self._error("xml-namespace", message, f"Write {fixed}: and xmlns:{fixed}")

    def started(self, element: Element) -> None:
        if self._others:
            names = [element.name, *(found.name for found in element.attributes)]
            used = [name.partition(":")[0] for name in names]
            missing = [prefix for prefix, fixed in self._others.items() if fixed not in self.namespaces]
            wrong = missing or [prefix for prefix in used if prefix in self._others]
            if wrong:
                raise self._other_prefix(wrong[0])
        longest = max(len(element.name), *(len(found.name) for found in element.attributes), 0)
        count = len(element.attributes) + self._declarations
        if element.depth >= MAX_DEPTH or longest > MAX_NAME or count > MAX_ATTRIBUTES:
            message = (
                f"deeper than {MAX_DEPTH}, a name longer than {MAX_NAME}, or over {MAX_ATTRIBUTES} attributes"
            )
            raise self._error("xml-limit", message)
        self._declarations = 0
        if element.parent in self.unmade or not element.attributes:
            self.unmade.add(element)
        elif element.depth:
            self._check_node(element)

    def _check_node(self, element: Element) -> None:
        """A node below the root."""
        prefix, _, local = element.name.rpartition(":")
        name = xml_names.decode(local)
        if not xml_names.is_property_name(name) or xml_names.decode(prefix) != prefix:
            self.odd.add(element)
            name, index = xml_names.without_brackets(name)
            if index > 1:
                return
            name = name.removeprefix(":")
        siblings = self._siblings.setdefault(element.parent, {})
        if (prefix, name) in siblings:
            self.twins[element] = siblings[prefix, name]
        siblings.setdefault((prefix, name), element)

    def _error(self, rule: str, message: str, fix: str = "") -> ParseError:
        return error_at(self.text, self.here(), rule, message, fix)


_COLON_IN_TARGET = patterns.lazy(r"<\?[^\s?:<>]*(:)[^\s?]*")
"""Of a processing instruction: the parser of AEM lets it pass, expat does not."""


def _without_colons(text: str) -> str:
    """The text without the colons in targets of processing instructions, every other character at its place."""
    return _COLON_IN_TARGET.sub(lambda found: found[0].replace(":", "_"), text)


def read(text: str) -> DocView:
    """The elements of a text.

    Args:
        text: the decoded file.

    Raises:
        ParseError: as `DocView.read`.
    """
    view = DocView(text)
    view.read()
    return view


def _is_later(text: str) -> bool:
    """Whether it is XML 1.1."""
    declaration = DECLARATION.match(text)
    if declaration is None:
        return False
    version = _VERSION.search(declaration[0])
    if version is None:
        message = "an XML version that the parser of AEM does not know: the file is lost"
        raise error_at(text, 0, "xml-version", message, 'Write version="1.0"')
    if version[1] == "1.0":
        return False
    from grammar.xml.markup import later

    if found := later.FORBIDDEN.search(text):
        message = "a character that XML 1.1 takes as a reference only: the file is lost"
        raise error_at(text, found.start(), "xml-version", message, 'Write version="1.0"')
    return True


def is_config_type(type_name: str, namespaces: Mapping[str, str]) -> bool:
    """Whether a primary type's name is ``sling:OsgiConfig``, under whatever prefix the file declares."""
    prefix, _, local = type_name.partition(":")
    return local == "OsgiConfig" and namespaces.get(prefix, WELL_KNOWN.get(prefix)) == SLING_URI
