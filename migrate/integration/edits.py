"""Edits: what a pass asks for. Data only; nothing here touches a disk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from grammar.documents import Document
from grammar.values import Value
from migrate.integration.secret import SecretValue


class SetProperty(NamedTuple):
    """Set a property, or add it when `before` is None. What is secret comes as a :class:`SecretValue`."""

    key: str
    made_by: str
    name: str
    before: Value | None
    after: Value

    @property
    def action(self) -> str:
        return "set"

    @property
    def secret(self) -> bool:
        return isinstance(self.after, SecretValue)


class RemoveProperty(NamedTuple):
    """Remove a property."""

    key: str
    made_by: str
    name: str
    before: Value

    @property
    def action(self) -> str:
        return "remove"

    @property
    def secret(self) -> bool:
        return isinstance(self.before, SecretValue)


class Rename(NamedTuple):
    """Give the instance another name: ``F.N`` becomes ``F-N``, and N another one where it would be lost.

    Attributes:
        label: the new name of the file, or of the segment that carries it.
        name: the new N; empty where what is renamed is no instance.
    """

    key: str
    made_by: str
    label: str
    name: str = ""

    @property
    def action(self) -> str:
        return "rename"


class Delete(NamedTuple):
    """Delete the configuration."""

    key: str
    made_by: str
    reason: str

    @property
    def action(self) -> str:
        return "delete"


class Create(NamedTuple):
    """Make a configuration."""

    key: str
    made_by: str
    label: str
    values: tuple[tuple[str, Value], ...]

    @property
    def action(self) -> str:
        return "create"


class Follow(NamedTuple):
    """Let a file that is no configuration, a package's filter.xml for one, follow what becomes of configurations."""

    key: str
    made_by: str

    @property
    def action(self) -> str:
        return "set"


Edit = SetProperty | RemoveProperty | Rename | Delete | Create | Follow


class Refusal(NamedTuple):
    """A file, or a folder's pair, that is not touched, and why.

    Attributes:
        key: the configuration's key, or the folder.
        rule: stable id (docs/findings.md).
        message: the reason and what to do about it.
    """

    key: str
    rule: str
    message: str


def edited(document: Document, edits: Iterable[Edit]) -> Document:
    """The document after the property edits among `edits`.

    Raises:
        grammar.EditError: the form cannot express a value.
    """
    values: dict[str, Value | None] = {}
    for edit in edits:
        if isinstance(edit, SetProperty):
            values[edit.name] = edit.after
        elif isinstance(edit, RemoveProperty):
            values[edit.name] = None
    return document.with_values(values) if values else document
