"""Find the few files that matter among very many: the name decides, before anything is read.

A repository has hundreds of thousands of files and a handful of ours. One ``os.scandir`` loop that looks at
names only, shared out among the workers that the caller has, keeps ahead of ``find``. Symbolic links are never
followed.
"""

from __future__ import annotations

import os

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets import system
from migrate.targets.base import FOLDER_NODE
from migrate.targets.sieve import MAY_SKIP, USUAL, Sieve
from migrate.workers import SERIAL, Workers

PREFIXES = (PROVIDER, CUSTOMIZER)
_WATCHED = ("config", "install", "osgiconfig")
_WITH_NODES = (*PREFIXES, *_WATCHED)
"""How folders are called whose nodes may matter. Most have some, so that is asked first, and without a call."""
_IN_OURS = "com.adobe.granite.auth."
"""Stands in both prefixes."""
_PACKAGE = ".zip"
_AT_A_TIME = 200
"""Folders that are listed before anybody asks whether to share the rest: a few milliseconds."""


class Found:
    """What a walk saw.

    Attributes:
        paths: files whose name, or whose folder's name, begins with one of the two factory PIDs, and the
            folder nodes of configuration folders; absolute, sorted.
        packages: content packages (``*.zip``) on the way, absolute, sorted; not opened.
        unreadable: folders that could not be listed, with the reason.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.packages: list[str] = []
        self.unreadable: list[tuple[str, str]] = []

    def add(self, other: Found) -> None:
        self.paths += other.paths
        self.packages += other.packages
        self.unreadable += other.unreadable

    def sort(self) -> Found:
        self.paths.sort()
        self.packages.sort()
        self.unreadable.sort()
        return self


def find(root: str, workers: Workers = SERIAL, sieve: Sieve = USUAL) -> Found:
    """Walk a tree."""
    found = Found()
    for part in workers.exhaust(lambda pending: _visit(pending, sieve), [root]):
        found.add(part)
    met = [*found.paths, *found.packages]
    left_out = frozenset(sieve.left_out(root, met) if met else ())
    if left_out:
        found.paths = [path for path in found.paths if path not in left_out]
        found.packages = [path for path in found.packages if path not in left_out]
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


def _visit(pending: list[str], sieve: Sieve) -> Found:
    """List some folders, the newest first, which keeps the list of those that wait short.

    One loop without calls: this runs for every file of a repository. ``in`` is none, so it comes before a look at
    where in the name something stands.
    """
    found = Found()
    skips, may_skip, separator = sieve.skips, MAY_SKIP, os.sep
    ours, node, package = _IN_OURS, FOLDER_NODE, _PACKAGE
    has_junctions = system.HAS_JUNCTIONS
    for _ in range(_AT_A_TIME):
        if not pending:
            break
        folder = pending.pop()
        try:
            # Closes itself at its end, and when it fails.
            for entry in os.scandir(folder):
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    if (name not in may_skip or not skips(name, entry.path)) and not (
                        has_junctions and system.is_junction(entry)
                    ):
                        pending.append(entry.path)
                elif ours in name and name.startswith(PREFIXES):
                    found.paths.append(entry.path)
                elif name == node:
                    base = folder.rpartition(separator)[2]
                    if base.startswith(_WITH_NODES) and _may_have_ours(base):
                        found.paths.append(entry.path)
                elif package in name and name.endswith(package):
                    found.packages.append(entry.path)
        except OSError as error:
            found.unreadable.append((folder, error.strerror or str(error)))
    return found


def _may_have_ours(base: str) -> bool:
    return base.startswith(PREFIXES) or is_configuration_folder(base)
