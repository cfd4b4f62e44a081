"""Placeholders of the interpolation plugin: ``$[env:NAME]``, ``$[secret:NAME]``, ``$[prop:NAME]``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from grammar import placeholders
from grammar.documents import Document, Property
from grammar.hazards import Hazard
from migrate.lint.subject import Subject

BEGINNING = b"$["
"""In XML and .config the two characters may be written otherwise, which nobody does."""


class Variable(NamedTuple):
    """One placeholder.

    Attributes:
        property: where it stands.
        kind: ``env``, ``secret`` or ``prop``.
        name: of what stands for it.
    """

    property: Property
    kind: str
    name: str

    def __repr__(self) -> str:
        return f"Variable({self.property.name!r}, {self.kind!r}, {self.name!r})"

    def hazard(self, message: str, fix: str) -> Hazard:
        """One of the property; its value is shown as it is loaded."""
        return Hazard("", self.property.line, self.property.column, message, fix, self.property.name)


def of_cloud(subject: Subject) -> Iterator[Variable]:
    """Those that the Cloud Service fills in."""
    return (found for found in variables(subject.document) if found.kind != "prop")


def variables(document: Document) -> Iterator[Variable]:
    """All placeholders of a configuration, each kind and name once for a property."""
    if BEGINNING not in document.source:
        return
    for found in document.properties:
        texts = (item for item in found.value.items if isinstance(item, str) and "$[" in item)
        for kind, name in dict.fromkeys(pair for text in texts for pair in placeholders.names(text)):
            yield Variable(found, kind, name)
