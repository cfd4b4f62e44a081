"""From a target's name to the thing that can be searched and read."""

from __future__ import annotations

import os

from migrate.targets.base import Source, TargetError, is_package
from migrate.targets.folder import FolderTarget
from migrate.targets.tree import TreeTarget


def open_target(name: str) -> Source:
    """The target that the user named.

    Raises:
        migrate.targets.base.TargetError: it does not exist or cannot be used.
    """
    if name.startswith(("http://", "https://")):
        raise TargetError(
            f"{name}: a running instance; slingshift works on files and packages. Bring the folder of its "
            "configurations here, /apps/system/config for most (docs/runbook.md)"
        )
    if is_package(name) and os.path.isfile(name):
        from migrate.targets.package.target import PackageTarget

        if os.path.islink(name):
            raise TargetError(f"{name}: a symbolic link; name the package itself, {os.path.realpath(name)}")
        return PackageTarget.open(name)
    folder = FolderTarget.open(name)
    return TreeTarget(name, folder) if folder.only is None else folder
