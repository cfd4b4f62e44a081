"""What it takes to migrate an instance, and what of it the user does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrate.targets.instance import dav

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrate.targets.instance.session import Session

NEEDED = (
    "jcr:addChildNodes",
    "jcr:modifyProperties",
    "jcr:nodeTypeManagement",
    "jcr:removeChildNodes",
    "jcr:removeNode",
)
"""The least that lets files be made and moved away; without the third everything is refused as a whole."""
_WRITE = frozenset({"jcr:addChildNodes", "jcr:modifyProperties", "jcr:removeChildNodes", "jcr:removeNode"})
_MADE_OF = {
    "jcr:write": _WRITE,
    "rep:write": _WRITE | {"jcr:nodeTypeManagement"},
    "jcr:all": frozenset(NEEDED),
    "jcr:modifyProperties": frozenset({"jcr:modifyProperties"}),
}
_PROPERTIES = frozenset({"rep:addProperties", "rep:alterProperties", "rep:removeProperties"})


class Rights(NamedTuple):
    """What the user may do in a folder.

    Attributes:
        folder: with its leading slash.
        missing: the privileges that are needed and not there; None where that cannot be told.
    """

    folder: str
    missing: tuple[str, ...] | None


def read(session: Session, folders: Iterable[str]) -> list[Rights]:
    """The rights in some folders.

    Raises:
        InstanceError: the instance cannot be used.
    """
    return [Rights(folder, missing(dav.privileges(session, folder))) for folder in folders]


def missing(privileges: frozenset[str] | None) -> tuple[str, ...] | None:
    """What is needed and not among some privileges, in alphabetical order; None where these are not known."""
    if privileges is None:
        return None
    held = set(privileges)
    for privilege in privileges:
        held |= _MADE_OF.get(privilege, frozenset())
    if held >= _PROPERTIES:
        held.add("jcr:modifyProperties")
    return tuple(one for one in NEEDED if one not in held)
