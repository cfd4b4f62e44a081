"""What a target holds of the two factories: read once, for plan, scan and check-token alike."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from grammar import forms
from grammar.errors import ParseError
from grammar.pids import instance_of
from migrate.configurations import Configuration, Scope
from migrate.profile import PROVIDER
from migrate.sources import Source, TargetError
from migrate.targets.names import Identity, identify, never_touched
from migrate.targets.walk import FOLDER_NODE, PREFIXES


class Rejected(NamedTuple):
    """A file of ours that AEM's readers do not read alike, or that could not be read at all."""

    identity: Identity
    error: ParseError | str
    data: bytes = b""

    @property
    def rule(self) -> str:
        return self.error.rule if isinstance(self.error, ParseError) else "unreadable"


@dataclass(slots=True)
class Inventory:
    """The configurations of both factories in a target.

    Attributes:
        scopes: one for each folder, sorted by folder.
        identities: what each configuration's key (its path) says.
        sources: the bytes of each.
        rejected: the files that have no document.
        skipped: files that are never touched, with the reason.
    """

    scopes: list[Scope] = field(default_factory=list)
    identities: dict[str, Identity] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def take(source: Source) -> Inventory:
    """Read everything in a target that concerns the two factories, and nothing else."""
    inventory = Inventory()
    folders: dict[str, list[Configuration]] = {}
    place = _place(source)
    for path in source.find():
        identity = identify(path)
        reason = never_touched(path, place)
        if identity is None:
            if path.rpartition("/")[2] == FOLDER_NODE and reason is None:
                _look_into_folder_node(source, path, inventory)
            continue
        if reason is not None:
            inventory.skipped.append((path, reason))
            continue
        configuration = _read(source, identity, inventory)
        if configuration is not None:
            folders.setdefault(identity.folder, []).append(configuration)
    inventory.scopes = _scopes(source, folders)
    return inventory


def _place(source: Source) -> str:
    """Where a target is, as far as that says something about it: its whole path, or just the user's words for it.

    A folder called libs above the target is AEM's only where the user names it, or as the target itself.
    """
    location = f"/{source.location('')}".rstrip("/")
    telling = "/jcr_root/" in f"{location}/" or "/launchpad/config" in location
    return location if telling else f"{os.path.basename(location)}/{source.name}"


def _look_into_folder_node(source: Source, path: str, inventory: Inventory) -> None:
    """Instances that stand as elements in a folder's ``.content.xml``: found, named, and not edited.

    Several configurations share such a file, and a rename would be one of an element; split into files of their
    own they are migrated like any other.
    """
    from grammar.xml_source import may_hold_configuration

    try:
        data = source.read(path)
    except TargetError:
        return
    if not any(prefix.encode() in data for prefix in PREFIXES) or not may_hold_configuration(data):
        return
    from grammar.xml_document import configurations

    folder = path.rpartition("/")[0]
    try:
        names = [node.rpartition("/")[2] for node, _ in configurations(data, path)]
    except ParseError as error:
        inventory.rejected.append(
            Rejected(Identity(path, folder, FOLDER_NODE, "xml", "", PROVIDER, "", ""), error, data)
        )
        return
    for name in names:
        for factory_pid in PREFIXES:
            if found := instance_of(name, factory_pid):
                message = (
                    f"{name} stands as an element in {FOLDER_NODE}, together with other nodes, and is not "
                    f"edited there; move it into a file of its own, {name}.xml"
                )
                identity = Identity(path, folder, name, "xml", name, factory_pid, *found)
                why = ParseError(message, rule="folder-node", line=1, column=1)
                inventory.rejected.append(Rejected(identity, why, data))


def _scopes(source: Source, folders: Mapping[str, list[Configuration]]) -> list[Scope]:
    return [
        Scope(folder, tuple(sorted(found, key=lambda c: c.label)), source.listing(folder))
        for folder, found in sorted(folders.items())
    ]


def _read(source: Source, identity: Identity, inventory: Inventory) -> Configuration | None:
    try:
        data = source.read(identity.path)
    except TargetError as error:
        inventory.rejected.append(Rejected(identity, str(error)))
        return None
    try:
        document = forms.parse(data, source.shown(identity.path), form=identity.form)
    except ParseError as error:
        inventory.rejected.append(Rejected(identity, error, data))
        return None
    inventory.identities[identity.path] = identity
    inventory.sources[identity.path] = data
    return Configuration(
        identity.path,
        identity.label,
        identity.factory_pid,
        identity.separator,
        identity.name,
        document,
        identity.node,
    )
