"""Where AEM looks: the folders of the repository that Sling's JCR installer watches, and those it never reaches.

Sources: ``JcrInstaller.findPathsUnderNode`` and ``FolderNameFilter`` of ``org.apache.sling.installer.provider.jcr``
with their defaults, which AEM 6.5 keeps: ``/libs`` and ``/apps``, folders named ``config`` or ``install`` with run
modes or without, at most four levels deep. Below such a folder everything counts, however deep. Of watched folders
in one another the outer one is scanned first, and what it has found keeps its priority
(``PersistentResourceList.addOrUpdate``: the same URL and digest change nothing).

The Cloud Service has no installer that looks: its build takes configurations out of packages
(``AbstractConfigurationEntryHandler`` of Sling's content package converter), from folders of any depth below the one of
an application, and of those in one another by the innermost.
"""

from __future__ import annotations

import enum
import functools
from typing import NamedTuple

from grammar.platforms import DEFAULT, Platform
from migrate.targets.base import INSIDE

ROOTS = ("apps", "libs")
"""The first folders of the paths that are searched (``sling.jcrinstall.search.path``)."""
MOST_DEPTH = 4
"""``/apps/a/b/config`` is as deep as a watched folder can be (``sling.jcrinstall.folder.max.depth``)."""

_LEAST_DEPTH_IN_CLOUD = 3
"""``/apps/a/config``; what lies in ``/apps/config`` the build leaves where it is."""
_NAMES = frozenset({"config", "install"})
TIERS = ("author", "publish")
"""An instance is one of the two."""
CLOUD_ENVIRONMENTS = ("dev", "stage", "prod", "rde", "sdk")
"""The other run modes that the Cloud Service has, and its SDK on a developer's machine; what previews is a publish."""
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
        otherwise: those of the watched folders inside it that the file stands in, too, from the outer to the inner one:
            they count where the run modes of none before them are active; one that never counts is left out.
    """

    ground: Ground
    folder: str = ""
    run_modes: tuple[str, ...] = ()
    otherwise: tuple[tuple[str, ...], ...] = ()

    @property
    def is_for_bundles(self) -> bool:
        """Whether it is an ``install``, from which AEM takes configurations, too, but the Cloud's build none."""
        return self.ground is Ground.WATCHED and self.folder.rpartition("/")[2].startswith("install")


def is_watched_name(name: str) -> bool:
    """Whether the installer takes configurations from a folder of this name."""
    return name.partition(".")[0] in _NAMES


def place_of(path: str, platform: Platform = DEFAULT) -> Place:
    """What a file's path says, which reaches up to ``jcr_root`` where there is one.

    Args:
        path: the file's.
        platform: which AEM is meant: the Cloud Service looks elsewhere than all others.
    """
    return _of_folder(f"/{path}".rpartition("/")[0], platform.id == "cloud")


def needs_of(path: str) -> tuple[str, ...]:
    """The run modes without which AEM does not install the packages that a file lies in.

    What stands in ``/apps/x/install.author`` of another package is installed where ``author`` is active, not elsewhere.
    """
    if INSIDE not in path:
        return ()
    parts = path.split(INSIDE)
    around = [place_of(INSIDE.join(parts[:count])) for count in range(1, len(parts))]
    return tuple(mode for place in around if place.ground is Ground.WATCHED for mode in place.run_modes)


@functools.lru_cache(maxsize=4096)
def _of_folder(folder: str, in_cloud: bool) -> Place:
    _, below, inside = f"{folder}/".rpartition(_JCR_ROOT)
    if not below:
        return Place(Ground.LOOSE)
    folders = [_repository_name(name) for name in inside.split("/")[:-1]]
    named = [
        (depth, tuple(name.split(".")[1:]))
        for depth, name in enumerate(folders, 1)
        if depth > 1 and folders[0] in ROOTS and is_watched_name(name)
    ]
    if in_cloud:
        named = named[-1:]
    if not named or (in_cloud and named[0][0] < _LEAST_DEPTH_IN_CLOUD):
        return Place(Ground.OUTSIDE, "/" + "/".join(folders))
    depth, run_modes = named[0]
    ground = Ground.WATCHED if in_cloud or depth <= MOST_DEPTH else Ground.TOO_DEEP
    ways = [run_modes]
    for at, modes in named[1:]:
        # One that asks for all that another one around it does is never the first that is active.
        if at <= MOST_DEPTH and not any(set(way).issubset(modes) for way in ways):
            ways.append(modes)
    return Place(ground, "/" + "/".join(folders[:depth]), run_modes, tuple(ways[1:]))


def _repository_name(name: str) -> str:
    if "%" not in name and not name.startswith("_"):
        return name
    from grammar.xml.names import repository_name

    return repository_name(name)
