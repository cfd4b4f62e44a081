"""From what the user typed to a target, and from a target to its reader."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from migrate.targets import folder
from migrate.targets.base import Kind, Reader, Target, is_package
from migrate.targets.base import is_url as is_url
from migrate.targets.folder import FolderReader
from migrate.targets.sieve import USUAL, Sieve
from migrate.targets.tree import TreeReader

if TYPE_CHECKING:
    from migrate.targets.instance.access import Access


def target_of(name: str) -> Target:
    """The target that the user named; looks whether it is there, reads nothing.

    Raises:
        migrate.targets.base.TargetError: it does not exist or cannot be used.
    """
    if is_url(name):
        from migrate.targets.instance import address

        return address.named(name)
    if is_package(name) and os.path.isfile(name):
        from migrate.targets.package import target

        return target.named(name)
    return folder.named(name)


def open_target(target: Target, access: Access | None = None, sieve: Sieve = USUAL) -> Reader:
    """The reader of a target; close it.

    Args:
        access: how to reach an instance, without credentials by default; no other target asks for it.
        sieve: what of a folder is left out.

    Raises:
        migrate.targets.base.TargetError: it cannot be read.
    """
    if target.kind is Kind.INSTANCE:
        from migrate.targets.instance.access import Access
        from migrate.targets.instance.reader import InstanceReader

        return InstanceReader.open(target, access or Access())
    if target.kind is Kind.PACKAGE:
        from migrate.targets.package.target import PackageReader

        return PackageReader.open(target)
    return TreeReader(target, sieve) if target.kind is Kind.FOLDER else FolderReader(target, sieve)
