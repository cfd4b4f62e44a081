"""Where AEM looks: the folders of the repository that Sling's JCR installer watches, and those it never reaches.

Sources: ``JcrInstaller.findPathsUnderNode`` and ``FolderNameFilter`` of ``org.apache.sling.installer.provider.jcr``
with their defaults, which AEM 6.5 keeps: ``/libs`` and ``/apps``, folders named ``config`` or ``install`` with run
modes or without, at most four levels deep. Below such a folder everything counts, however deep.
"""

from __future__ import annotations

import enum
import functools
from typing import NamedTuple

ROOTS = ("apps", "libs")
"""The first folders of the paths that are searched (``sling.jcrinstall.search.path``)."""
MOST_DEPTH = 4
"""``/apps/a/b/config`` is as deep as a watched folder can be (``sling.jcrinstall.folder.max.depth``)."""

_NAMES = frozenset({"config", "install"})
_JCR_ROOT = "/jcr_root/"


class Ground(enum.Enum):
    """What kind of place a file stands in."""

    WATCHED = "watched"
    """A folder of the repository from which AEM takes configurations."""
    TOO_DEEP = "too deep"
    """A folder of the right name, deeper than the installer looks."""
    OUTSIDE = "outside"
    """Anywhere else in the repository: AEM takes no configuration from there."""
    PROJECT = "project"
    """In no repository, though a repository's sources stand in the same tree."""
    LOOSE = "loose"
    """In no repository, and none is near."""


class Place(NamedTuple):
    """What a path says about where AEM finds the file.

    Attributes:
        ground: the kind of place.
        folder: the watched folder, or what would be one, as a path of the repository; else the file's own folder
            there; empty outside a repository.
        run_modes: those of the folder's name, in its order.
    """

    ground: Ground
    folder: str = ""
    run_modes: tuple[str, ...] = ()


def is_watched_name(name: str) -> bool:
    """Whether the installer takes configurations from a folder of this name."""
    return name.partition(".")[0] in _NAMES


def place_of(path: str) -> Place:
    """What a file's path says, which reaches up to ``jcr_root`` where there is one."""
    return _of_folder(f"/{path}".rpartition("/")[0])


@functools.lru_cache(maxsize=4096)
def _of_folder(folder: str) -> Place:
    _, below, inside = f"{folder}/".rpartition(_JCR_ROOT)
    if not below:
        return Place(Ground.LOOSE)
    folders = [_repository_name(name) for name in inside.split("/")[:-1]]
    for depth, name in enumerate(folders, 1):
        if depth > 1 and folders[0] in ROOTS and is_watched_name(name):
            ground = Ground.WATCHED if depth <= MOST_DEPTH else Ground.TOO_DEEP
            return Place(ground, "/" + "/".join(folders[:depth]), tuple(name.split(".")[1:]))
    return Place(Ground.OUTSIDE, "/" + "/".join(folders))


def _repository_name(name: str) -> str:
    if "%" not in name and not name.startswith("_"):
        return name
    from grammar.xml.names import repository_name

    return repository_name(name)
