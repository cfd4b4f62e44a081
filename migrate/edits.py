"""Edits: what a pass asks for. Data only; nothing here touches a disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grammar.documents import Document
from grammar.values import Value


@dataclass(frozen=True, slots=True)
class SetProperty:
    """Set a property, or add it when `before` is None."""

    key: str
    made_by: str
    property: str
    before: Value | None
    after: Value
    secret: bool = False

    action = "set"


@dataclass(frozen=True, slots=True)
class RemoveProperty:
    """Remove a property."""

    key: str
    made_by: str
    property: str
    before: Value
    secret: bool = False

    action = "remove"


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the instance's name another separator: ``F.N`` becomes ``F-N``."""

    key: str
    made_by: str
    label: str

    action = "rename"


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the configuration."""

    key: str
    made_by: str
    reason: str

    action = "delete"


@dataclass(frozen=True, slots=True)
class Create:
    """Make a configuration."""

    key: str
    made_by: str
    label: str
    values: tuple[tuple[str, Value], ...]

    action = "create"


@dataclass(frozen=True, slots=True)
class FollowRename:
    """Let a package's filter.xml follow a rename."""

    key: str
    made_by: str

    action = "set"


Edit = SetProperty | RemoveProperty | Rename | Delete | Create | FollowRename


@dataclass(frozen=True, slots=True)
class Refusal:
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
    for edit in edits:
        if isinstance(edit, SetProperty):
            document = document.with_value(edit.property, edit.after)
        elif isinstance(edit, RemoveProperty):
            document = document.without(edit.property)
    return document
