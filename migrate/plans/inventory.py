"""What a target holds of the two factories: read once, for plan, scan and check-token alike."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from grammar import forms
from grammar.documents import Document
from grammar.errors import ParseError
from grammar.platforms import ANY
from migrate.integration.configuration import Configuration, Scope
from migrate.integration.profile import CUSTOMIZER, PROVIDER, REFERRERS
from migrate.targets.base import FOLDER_NODE, Kind, LostError, Reader, TargetError
from migrate.targets.changes import told
from migrate.targets.names import Identity, identify, identify_element, identify_node, never_touched
from migrate.targets.walk import PREFIXES
from migrate.workers import SERIAL, Workers

_INSTALLED = ANY._replace(installs=True)
"""What is edited has to be read alike by every AEM, the installer that hands it to Felix among them."""


class Rejected(NamedTuple):
    """A file of ours that AEM's readers do not read alike, or that could not be read at all."""

    identity: Identity
    error: ParseError | str
    data: bytes = b""

    def __repr__(self) -> str:
        return f"Rejected({self.identity!r}, {self.rule!r}, data={told(self.data)})"

    @property
    def rule(self) -> str:
        return self.error.rule if isinstance(self.error, ParseError) else "unreadable"

    @property
    def told(self) -> str:
        """What is wrong, where in the file, and how to write it right."""
        if isinstance(self.error, str):
            return self.error
        fix = f". {self.error.fix}" if self.error.fix else ""
        return f"line {self.error.line}, column {self.error.column}: {self.error.message}{fix}"


class Inventory:
    """The configurations of both factories in a target.

    Attributes:
        scopes: one for each folder, sorted by folder.
        identities: what each configuration's key says.
        sources: the bytes of the file of each.
        rejected: the files, or nodes of one, that have no document.
        neighbours: other configurations of a folder's ``.content.xml`` that have none.
        skipped: files that are never touched, with the reason.
        elements: the instances that stand as elements in a folder's ``.content.xml``, by folder.
    """

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.identities: dict[str, Identity] = {}
        self.sources: dict[str, bytes] = {}
        self.rejected: list[Rejected] = []
        self.neighbours: list[Rejected] = []
        self.skipped: list[tuple[str, str]] = []
        self.elements: dict[str, set[str]] = {}


def take(reader: Reader, workers: Workers = SERIAL) -> Inventory:
    """Read everything in a target that concerns the two factories, and nothing else."""
    inventory = Inventory()
    folders: dict[str, list[Configuration]] = {}
    place = place_of(reader)
    for path in reader.find(workers):
        identity = _identity(reader, path)
        reason = never_touched(path, place)
        if identity is None:
            if path.rpartition("/")[2] == FOLDER_NODE and reason is None:
                for element in _in_folder_node(reader, path, inventory):
                    folders.setdefault(inventory.identities[element.key].folder, []).append(element)
            continue
        if reason is not None:
            inventory.skipped.append((path, reason))
            continue
        configuration = _read(reader, identity, inventory)
        if configuration is not None:
            folders.setdefault(identity.folder, []).append(configuration)
    inventory.scopes = _scopes(reader, folders, inventory)
    return inventory


def _identity(reader: Reader, path: str) -> Identity | None:
    """What instance a path stands for: by its name, and in a repository by whether it is a file."""
    if reader.target.kind is Kind.INSTANCE:
        from migrate.targets.instance.reader import InstanceReader

        if isinstance(reader, InstanceReader) and reader.is_node(path):
            return identify_node(path)
    return identify(path)


def place_of(reader: Reader) -> str:
    """Where a target is, as far as that says something about it: its whole path, or just the user's words for it.

    A folder called libs above the target is AEM's only where the user names it, or as the target itself.
    """
    if reader.target.kind is Kind.INSTANCE:
        return ""
    location = f"/{reader.location('')}".rstrip("/")
    telling = "/jcr_root/" in f"{location}/" or "/launchpad/config" in location
    return location if telling else f"{os.path.basename(location)}/{reader.target.name}"


def _in_folder_node(reader: Reader, path: str, inventory: Inventory) -> list[Configuration]:
    """The instances that stand as elements in a folder's ``.content.xml``."""
    from grammar.xml.markup.source import may_hold_configuration

    try:
        data = reader.read(path)
    except LostError:
        raise
    except TargetError:
        return []
    if not any(prefix.encode() in data for prefix in PREFIXES) or not may_hold_configuration(data):
        return []
    from grammar.xml.folders import beyond

    folder = path.rpartition("/")[0]
    try:
        documents, rejected, _ = beyond.parts(data, reader.target.shown(path))
    except ParseError as error:
        whole = Identity(path, folder, FOLDER_NODE, "xml", "", PROVIDER, "", "", path)
        inventory.rejected.append(Rejected(whole, error, data))
        return []
    found = []
    for element, document in documents:
        identity = identify_element(path, element)
        if identity is not None:
            found.append(_taken(identity, data, document, inventory))
            inventory.elements.setdefault(identity.folder, set()).add(identity.label)
    for one in rejected:
        identity = identify_element(path, one.node)
        source = one.source.encode("utf-8", "replace")
        if identity is not None:
            inventory.rejected.append(Rejected(identity, one.error, source))
            inventory.elements.setdefault(identity.folder, set()).add(identity.label)
        else:
            whole = Identity(path, folder, one.node, "xml", "", PROVIDER, "", "", path)
            inventory.neighbours.append(Rejected(whole, one.error, source))
    return found


def _scopes(reader: Reader, folders: Mapping[str, list[Configuration]], inventory: Inventory) -> list[Scope]:
    unread: dict[str, list[str]] = {}
    for identity in sorted(rejected.identity for rejected in inventory.rejected):
        if identity.factory_pid == CUSTOMIZER or identity.label == FOLDER_NODE:
            unread.setdefault(identity.folder, []).append(identity.label)
    return [
        Scope(
            folder,
            tuple(sorted(found, key=lambda c: c.label)),
            reader.listing(folder, *PREFIXES, *REFERRERS) | inventory.elements.get(folder, set()),
            tuple(unread.get(folder, ())),
        )
        for folder, found in sorted(folders.items())
    ]


def _read(reader: Reader, identity: Identity, inventory: Inventory) -> Configuration | None:
    try:
        data = reader.read(identity.path)
    except LostError:
        raise
    except TargetError as error:
        inventory.rejected.append(Rejected(identity, str(error).removeprefix(f"{identity.path}: ")))
        return None
    try:
        document = forms.parse(
            data, reader.target.shown(identity.path), form=identity.form, platform=_INSTALLED
        )
    except ParseError as error:
        inventory.rejected.append(Rejected(identity, error, data))
        return None
    return _taken(identity, data, document, inventory)


def _taken(identity: Identity, data: bytes, document: Document, inventory: Inventory) -> Configuration:
    inventory.identities[identity.key] = identity
    inventory.sources[identity.key] = data
    return Configuration(
        identity.key,
        identity.label,
        identity.factory_pid,
        identity.separator,
        identity.name,
        document,
        identity.node,
        identity.suffix,
    )
