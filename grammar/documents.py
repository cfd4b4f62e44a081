"""The one interface of a configuration's text, whatever its form.

A document is immutable: an edit gives a new document, whose bytes differ from the old ones only where the
property stands. An edit that changes nothing gives back the document itself.
"""

from __future__ import annotations

import abc
import functools
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from grammar.values import Value

FORMS = ("config", "cfg.json", "xml")


class Property(NamedTuple):
    """One property as the readers load it.

    Attributes:
        name: the decoded key.
        type_code: the type as the form writes it: a Felix letter (``T I L F D X S C B`` or lower case) or
            ``""`` in ``.config``, the text after the ``:`` in ``.cfg.json``, the text in ``{}`` in XML.
        value: the typed value.
        line: line of the key's first character, from 1.
        column: column of it in code points, from 1.
    """

    name: str
    type_code: str
    value: Value
    line: int = 0
    column: int = 0


class Document(abc.ABC):
    """A configuration's text together with what AEM loads from it.

    Attributes:
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.
        source: the bytes as they are; what came in, when nothing was edited.
        properties: the properties that take effect, in the order of the text. Of a key that stands more than
            once, only the occurrence that wins is here.
    """

    form: str

    @property
    @abc.abstractmethod
    def source(self) -> bytes: ...

    @property
    @abc.abstractmethod
    def properties(self) -> tuple[Property, ...]: ...

    @property
    @abc.abstractmethod
    def names(self) -> tuple[str, ...]:
        """The name of every occurrence of a property, in order; for those who need no value, which takes longer."""

    @abc.abstractmethod
    def with_value(self, name: str, value: Value) -> Document:
        """Set or add a property; the document itself when it already has this very value.

        An existing property keeps its place and its style; a new one is added in the file's own style.

        Raises:
            EditError: the form cannot express the value (an Integer in XML), or the result would not be
                read back as meant.
        """

    @abc.abstractmethod
    def without(self, name: str) -> Document:
        """Remove every occurrence of a property; the document itself when there is none."""

    def with_values(self, values: Mapping[str, Value | None]) -> Document:
        """Several edits at once; None removes. The same result as one after the other.

        Raises:
            EditError: as with_value does.
        """
        document: Document = self
        for name, value in values.items():
            document = document.without(name) if value is None else document.with_value(name, value)
        return document

    def __getitem__(self, name: str) -> Property:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    @functools.cached_property
    def _by_name(self) -> dict[str, Property]:
        return {found.name: found for found in self.properties}

    def get(self, name: str) -> Property | None:
        return self._by_name.get(name)

    def text(self, name: str) -> str | None:
        """The text of a scalar String property, else None."""
        found = self.get(name)
        return found.value.text if found else None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return (p.name for p in self.properties)

    def __len__(self) -> int:
        return len(self.properties)

    def __bool__(self) -> Literal[True]:
        """A document is there, however little it holds: ``if document`` asks for None, never for properties."""
        return True

    def __bytes__(self) -> bytes:
        return self.source


class Loaded(NamedTuple):
    """What one real reader makes of some bytes: properties, or the error with which it gives up.

    Attributes:
        properties: what it loads; None where it loads nothing.
        error: why not.
        nodes: of a folder's ``.content.xml``, what it makes of each configuration in it, by the node's path below the
            folder; None for every other file.
    """

    properties: dict[str, Value] | None
    error: str | None = None
    nodes: Mapping[str, Loaded] | None = None
