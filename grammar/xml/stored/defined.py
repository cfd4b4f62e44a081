"""Properties that the repository defines itself, and what their values may be.

FileVault 3.6 and later ask the node's types whether a property is protected, and pass over it where it is. They ask
with the type that the file names: where the definition has another one they find none, and fail when they set it. Tried
with FileVault 3.2.8, 3.6.0 and 3.8.2 on Oak 1.60 (tests/live/vault).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from grammar.xml.docview import Reach
from grammar.xml.stored.properties import OLD
from grammar.xml.values import is_uuid

_INHERITING = frozenset({"sling:OsgiConfig", "sling:Folder", "sling:OrderedFolder", "nt:folder", "nt:file"})
_CREATED = _INHERITING | {"mix:created"}
_REFERENCEABLE = frozenset({"mix:referenceable", "mix:versionable", "mix:shareable"})
_LOCKABLE = frozenset({"mix:lockable"})
_LIFECYCLE = frozenset({"mix:lifecycle"})
_VERSIONABLE = frozenset({"mix:versionable"})


class _Definition(NamedTuple):
    """A protected property.

    Attributes:
        types: of nodes that have it.
        kind: of its value.
        exists: whether the repository makes it with the node, so that an array cannot be set either.
    """

    types: frozenset[str]
    kind: str
    exists: bool = False


_DEFINED = {
    "created": _Definition(_CREATED, "Date", exists=True),
    "createdBy": _Definition(_CREATED, "String", exists=True),
    "uuid": _Definition(_REFERENCEABLE, "String", exists=True),
    "lockOwner": _Definition(_LOCKABLE, "String"),
    "lockIsDeep": _Definition(_LOCKABLE, "Boolean"),
    "lifecyclePolicy": _Definition(_LIFECYCLE, "Reference"),
    "currentLifecycleState": _Definition(_LIFECYCLE, "String"),
    "activity": _Definition(_VERSIONABLE, "Reference"),
    "configuration": _Definition(_VERSIONABLE, "Reference"),
}
"""By their names behind ``jcr:``."""


class Given(NamedTuple):
    """What a file gives for a property.

    Attributes:
        kind: the type that stands in ``{}``; ``"undefined"`` without.
        multiple: whether it is an array.
        values: its texts.
    """

    kind: str
    multiple: bool
    values: tuple[str, ...]


def default_type(around: str) -> str:
    """The type of a node for which the file gives none, by the type of the node around it."""
    return around if around in ("sling:Folder", "sling:OrderedFolder") else "nt:unstructured"


def refusal(name: str, given: Given, types: Collection[str], version: str) -> Reach | None:
    """What a value of a property with the prefix ``jcr`` costs; None where it costs nothing.

    Args:
        name: of the property, without its prefix.
        given: what stands there.
        types: the primary type and the mixins that the file gives the node.
        version: of FileVault.
    """
    is_old = version in OLD
    if name == "mixinTypes":
        return _mixins(given, types, version)
    if name == "isCheckedOut" and is_old and not given.values:
        return Reach.REST
    if name == "uuid" and (reach := _uuid(given, types, version)):
        return reach
    found = _DEFINED.get(name)
    if found is None or is_old or found.types.isdisjoint(types):
        return None
    if given.multiple:
        return Reach.NODE if found.exists else None
    return None if given.kind in ("undefined", found.kind) else Reach.NODE


def _mixins(given: Given, types: Collection[str], version: str) -> Reach | None:
    if "" in given.values:
        return Reach.REST
    if given == ("String", False, ("mix:created",)) and not _INHERITING.isdisjoint(types):
        # The node has it by its type, so that none is added, and nothing is there to be protected.
        return None
    if version in OLD or given.kind in ("undefined", "Name") or (version == "3.6.0" and not given.values):
        return None
    return Reach.NODE


def _uuid(given: Given, types: Collection[str], version: str) -> Reach | None:
    if given.values and not is_uuid(given.values[0]):
        return Reach.NODE
    if version in OLD:
        return None if given.values else Reach.REST
    if not given.multiple or not _REFERENCEABLE.isdisjoint(types):
        return None
    # It is stored as an array, which the repository finds out when it saves.
    return None if version == "3.6.0" and not given.values else Reach.ALL
