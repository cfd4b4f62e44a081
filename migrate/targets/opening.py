"""From a target's name to the thing that can be searched and read."""

from __future__ import annotations

from migrate.sources import Source
from migrate.targets.folder import FolderTarget


def open_target(name: str) -> Source:
    """The target that the user named.

    Raises:
        migrate.sources.TargetError: it does not exist or cannot be used.
    """
    return FolderTarget.open(name)
