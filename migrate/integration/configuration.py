"""A configuration as the passes see it: identity and document, no path, no disk."""

from __future__ import annotations

import re
from typing import NamedTuple

from grammar import patterns
from grammar.documents import Document
from grammar.pids import strip_extension
from migrate.integration.profile import CUSTOMIZER, PROVIDER

_IN_FOLDER_NODE = patterns.lazy(r"((?:.*/)?\.content\.xml)#(.+)", re.DOTALL)


def node_key(path: str, node: str) -> str:
    """The key of a configuration that stands as an element, among others, in a folder's ``.content.xml``."""
    return f"{path}#{node}"


def split_key(key: str) -> tuple[str, str]:
    """The file of a key, and the node in it: ``""`` where the file is the configuration."""
    found = _IN_FOLDER_NODE.fullmatch(key)
    return (found[1], found[2]) if found else (key, "")


def is_meant(key: str, only: str | None) -> bool:
    """Whether a configuration may be edited where `only` is the one file that is the target; None for all."""
    return only is None or split_key(key)[0] == only


class Configuration(NamedTuple):
    """One file (or node) that holds an instance of one of the two factories.

    Attributes:
        key: what identifies it within its target: its path, or `node_key`; opaque to the passes.
        label: its file name, for messages.
        factory_pid: PROVIDER or CUSTOMIZER.
        separator: what stands before the name in the file name: ``.``, ``-`` or ``~``.
        name: the instance's name, N.
        document: its properties.
        node: its name in the repository, by which AEM chooses among files of one instance.
        suffix: what its file's name will have besides, once a node was edited; else empty.
    """

    key: str
    label: str
    factory_pid: str
    separator: str
    name: str
    document: Document
    node: str
    suffix: str = ""

    @property
    def instance(self) -> tuple[str, str, bool]:
        """What the installer takes it for: two files with the same are twins; ``F.N`` is another one than ``F-N``."""
        name = strip_extension(self.node)[len(self.factory_pid) + 1 :]
        return self.factory_pid, name, self.separator == "."

    @property
    def is_provider(self) -> bool:
        return self.factory_pid == PROVIDER

    @property
    def is_customizer(self) -> bool:
        return self.factory_pid == CUSTOMIZER

    def with_document(self, document: Document) -> Configuration:
        return self._replace(document=document)


class Scope(NamedTuple):
    """The instances of both factories in one folder: one run mode, so one migration.

    Attributes:
        folder: the folder, relative to the target, for messages.
        configurations: in the order of their names.
        taken: the names in the folder that a rename could overwrite, and those of configurations that may refer to a
            provider.
        unread: the names of files that may be customizers of the folder, but cannot be read.
    """

    folder: str
    configurations: tuple[Configuration, ...]
    taken: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()

    @property
    def providers(self) -> tuple[Configuration, ...]:
        return tuple(c for c in self.configurations if c.is_provider)

    @property
    def customizers(self) -> tuple[Configuration, ...]:
        return tuple(c for c in self.configurations if c.is_customizer)
