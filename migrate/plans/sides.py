"""Whether a target has a side besides its files: what runs. Loads what knows of that only where it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.plans.inventory import Inventory
from migrate.targets.base import Kind, Reader

if TYPE_CHECKING:
    from migrate.plans.instance.view import View


def view_of(reader: Reader, found: Inventory) -> View | None:
    """Both sides of a running instance; None for any other target.

    Raises:
        InstanceError: the instance cannot be used.
    """
    if reader.target.kind is not Kind.INSTANCE:
        return None
    from migrate.plans.instance.view import look
    from migrate.targets.instance.reader import InstanceReader

    assert isinstance(reader, InstanceReader)
    return look(reader, found)
