"""Where the files of some targets stand, as it was when the targets were listed.

A path is resolved once. A folder that somebody swaps for a link between then and the writing leads nowhere: `runs`
opens the folders below the resolved one without following a link.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from migrate.targets import system


class Place(NamedTuple):
    """A file on this machine.

    Attributes:
        root: a folder, absolute and resolved; it is there.
        inside: the file below it, with `/`.
    """

    root: str
    inside: str

    @property
    def full(self) -> str:
        return system.joined(self.root, self.inside)

    def below(self, folder: str) -> Place:
        """The same file, by a folder at or above `root`."""
        return Place(folder, system.slashed(os.path.relpath(self.full, folder)))


class Places:
    """Folders by the names that the user gave them, or that follow from those."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        """What the user named, resolved."""
        self._folders: dict[str, Place] = {}

    def add_folder(self, name: str) -> None:
        """A folder that is named."""
        self.targets.append(system.resolved(name))
        self.add_output(name)
        # What is made of a node's folder stands beside it.
        above = os.path.dirname(name.rstrip("/"))
        self._folders.setdefault(above, Place(system.resolved(above), ""))

    def add_output(self, name: str) -> None:
        """A folder that is there, or is to be made."""
        root = system.resolved(name)
        missing: list[str] = []
        while not os.path.isdir(system.native(root)) and root != "/":
            root, _, last = root.rpartition("/")
            root = root or "/"
            missing.insert(0, last)
        self._folders[name.rstrip("/") or name[:1]] = Place(root, "/".join(missing))

    def add_file(self, name: str) -> None:
        """A file that is named: also what stands beside it, or beside its folder, can be told from then on."""
        folder = os.path.dirname(name)
        self.targets.append(system.joined(system.resolved(folder), os.path.basename(name)))
        for above in (folder, os.path.dirname(folder)):
            if above not in self._folders:
                self._folders[above] = Place(system.resolved(above), "")

    def update(self, other: Places) -> None:
        """Know what another one knows, too."""
        self.targets += other.targets
        self._folders.update(other._folders)

    def of(self, path: str) -> Place:
        """Where a file is that stands in one of the folders, or below.

        Raises:
            KeyError: it does not.
        """
        folder = os.path.dirname(path)
        place = self._folder(folder)
        return Place(place.root, "/".join(filter(None, (place.inside, os.path.basename(path)))))

    def _folder(self, folder: str) -> Place:
        found = self._folders.get(folder)
        if found is None:
            above = os.path.dirname(folder)
            if above == folder:
                raise KeyError(folder)
            place = self._folder(above)
            found = Place(place.root, "/".join(filter(None, (place.inside, os.path.basename(folder)))))
            self._folders[folder] = found
        return found
