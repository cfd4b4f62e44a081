"""Find the few files that matter among very many: the name decides, before anything is read.

A repository has hundreds of thousands of files and a handful of ours. One ``os.scandir`` loop that looks at
names only, in two processes once the tree proves large, keeps ahead of ``find``. Symbolic links are never
followed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from migrate import halves
from migrate.integration.profile import CUSTOMIZER, PROVIDER

PREFIXES = (PROVIDER, CUSTOMIZER)
FOLDER_NODE = ".content.xml"
"""A FileVault folder node: its elements may be configurations too."""

_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules"})
_OTHERS = (".zip", FOLDER_NODE)
_WATCHED = ("config", "install", "osgiconfig")
_SPLIT_AFTER = 400
_SPLIT_AT_LEAST = 16


@dataclass(slots=True)
class Found:
    """What a walk saw.

    Attributes:
        paths: files whose name, or whose folder's name, begins with one of the two factory PIDs, and the
            folder nodes of configuration folders; absolute, sorted.
        packages: content packages (``*.zip``) on the way, absolute, sorted; not opened.
        unreadable: folders that could not be listed, with the reason.
    """

    paths: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.paths += other.paths
        self.packages += other.packages
        self.unreadable += other.unreadable

    def sort(self) -> Found:
        self.paths.sort()
        self.packages.sort()
        self.unreadable.sort()
        return self


def find(root: str) -> Found:
    """Walk a tree."""
    found = Found()
    pending = [root]
    # Breadth first, so that what is left to split is as even as it can be.
    _visit(pending, found, folders=_SPLIT_AFTER)
    if not pending:
        return found.sort()
    if not halves.possible():
        _visit(pending, found)
        return found.sort()

    def walk(half: int) -> Found:
        part = Found()
        _visit(pending[half::2], part)
        return part

    for part in halves.in_two(walk):
        found.add(part)
    return found.sort()


def beside(folder: str) -> list[str]:
    """The names in one folder that concern the two factories; for ``F-1/.content.xml`` with both parts."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(PREFIXES):
                continue
            if not entry.is_dir(follow_symlinks=False):
                found.append(entry.name)
            elif os.path.isfile(os.path.join(entry.path, FOLDER_NODE)):
                found.append(f"{entry.name}/{FOLDER_NODE}")
    return found


def is_configuration_folder(name: str) -> bool:
    """Whether Sling's installer watches a folder of this name: ``config``, ``install``, with run modes or not."""
    return name.startswith(_WATCHED) and name.partition(".")[0] in _WATCHED


def _visit(pending: list[str], found: Found, folders: int | None = None) -> None:
    """List folders and those in them, newest first; or oldest first, so many and until there is something to split.

    One loop without calls: this runs for every file of a repository.
    """
    while pending and (folders is None or folders > 0 or len(pending) < _SPLIT_AT_LEAST):
        if folders is None:
            folder = pending.pop()
        else:
            folder = pending.pop(0)
            folders -= 1
        try:
            # Closes itself at its end, and when it fails.
            for entry in os.scandir(folder):
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIPPED:
                        pending.append(entry.path)
                    continue
                name = entry.name
                if name.startswith(PREFIXES):
                    found.paths.append(entry.path)
                elif name.endswith(_OTHERS):
                    _keep_if_ours(folder, name, entry.path, found)
        except OSError as error:
            found.unreadable.append((folder, error.strerror or str(error)))


def _keep_if_ours(folder: str, name: str, path: str, found: Found) -> None:
    if name != FOLDER_NODE:
        found.packages.append(path)
        return
    base = folder.rpartition("/")[2]
    if base.startswith(PREFIXES) or is_configuration_folder(base):
        found.paths.append(path)
