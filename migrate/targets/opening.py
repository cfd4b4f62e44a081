"""From a target's name to the thing that can be searched and read."""

from __future__ import annotations

import os

from migrate.sources import Source
from migrate.targets.folder import FolderTarget


def open_target(name: str) -> Source:
    """The target that the user named.

    Raises:
        migrate.sources.TargetError: it does not exist or cannot be used.
    """
    if name.lower().endswith((".zip", ".jar")) and os.path.isfile(name):
        from migrate.targets.package import PackageTarget

        return PackageTarget.open(name)
    return FolderTarget.open(name)
