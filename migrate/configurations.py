"""A configuration as the passes see it: identity and document, no path, no disk."""

from __future__ import annotations

from typing import NamedTuple

from grammar.documents import Document
from grammar.pids import strip_extension
from migrate.profile import CUSTOMIZER, PROVIDER


class Configuration(NamedTuple):
    """One file (or node) that holds an instance of one of the two factories.

    Attributes:
        key: what identifies it within its target; opaque to the passes.
        label: its file name, for messages.
        factory_pid: PROVIDER or CUSTOMIZER.
        separator: what stands before the name in the file name: ``.``, ``-`` or ``~``.
        name: the instance's name, N.
        document: its properties.
        node: its name in the repository, by which AEM chooses among files of one instance.
    """

    key: str
    label: str
    factory_pid: str
    separator: str
    name: str
    document: Document
    node: str

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
        taken: the names of all files in the folder, which a rename must not overwrite.
    """

    folder: str
    configurations: tuple[Configuration, ...]
    taken: frozenset[str] = frozenset()

    @property
    def providers(self) -> tuple[Configuration, ...]:
        return tuple(c for c in self.configurations if c.is_provider)

    @property
    def customizers(self) -> tuple[Configuration, ...]:
        return tuple(c for c in self.configurations if c.is_customizer)
