"""The repository's own: which nodes a folder has, and their bytes, exactly.

Sling resolves a path that is not there to a shorter one (``config.author`` to ``config`` and an extension), so a
folder is believed to be there only when its parent lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from grammar import patterns
from grammar.config.document import MAX_BYTES
from grammar.config.writer import write_config
from grammar.values import Float64, Scalar, Shape, Value
from migrate.targets.base import TargetError
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session

TYPE = "jcr:primaryType"
FILE, CONFIGURATION = "nt:file", "sling:OsgiConfig"
_TOP = ("/apps", "/libs", "/var", "/home", "/etc", "/conf", "/content", "/system")
"""Where listing begins: the root itself is not for everybody."""
_DATE = patterns.lazy(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4}")


class Node(NamedTuple):
    """A child of a folder.

    Attributes:
        name: its name.
        type: its primary type.
        properties: its properties as Sling's JSON has them. They may be secret, so they do not print.
    """

    name: str
    type: str
    properties: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Node({self.name!r}, {self.type!r})"

    @property
    def is_file(self) -> bool:
        return self.type == FILE

    @property
    def is_configuration(self) -> bool:
        """Whether it is a configuration without being a file."""
        return self.type == CONFIGURATION


@dataclass(slots=True)
class Files:
    """Reads nodes, and remembers what folders hold until it is told to forget."""

    session: Session
    _seen: dict[str, Mapping[str, Node] | None] = field(default_factory=dict)

    def forget(self) -> None:
        self._seen.clear()

    def children(self, path: str) -> Mapping[str, Node] | None:
        """The nodes below a path; None where there is no such node, or none that we may see.

        Args:
            path: with its leading slash.

        Raises:
            InstanceError: the instance cannot be used.
        """
        if path not in self._seen:
            self._seen[path] = self._children(path)
        return self._seen[path]

    def node(self, path: str) -> Node | None:
        """A node by its exact path; None where there is none, or none that we may see."""
        parent, _, name = path.rpartition("/")
        return (self.children(parent) or {}).get(name)

    def content(self, path: str) -> bytes:
        """The bytes of a file, or the `.config` text that says what a sling:OsgiConfig node says.

        Raises:
            TargetError: nothing of this kind is there, or it is not for us.
            InstanceError: the instance cannot be used.
        """
        node = self.node(path)
        if node is None:
            raise TargetError(f"{path.lstrip('/')}: not there, or without the right to read it")
        if node.is_configuration:
            return text_of(node, path)
        if not node.is_file:
            raise TargetError(f"{path.lstrip('/')}: neither a file nor a sling:OsgiConfig ({node.type})")
        try:
            return self.session.get(path, limit=MAX_BYTES).body
        except InstanceError as error:
            if error.rule not in (Rule.NOT_FOUND, Rule.FORBIDDEN, Rule.TOO_LARGE):
                raise
            problem = error.message
        raise TargetError(f"{path.lstrip('/')}: {problem}")

    def _children(self, path: str) -> Mapping[str, Node] | None:
        parent, _, name = path.rpartition("/")
        if path not in _TOP:
            siblings = self.children(parent) if parent else {}
            # Without the right to read the parent, a path without a dot still cannot be taken for a shorter one.
            if (name not in siblings) if siblings is not None else ("." in path):
                return None
        where = f"{path}.1.json"
        try:
            found = self.session.json(where)
        except InstanceError as error:
            if error.rule in (Rule.NOT_FOUND, Rule.FORBIDDEN):
                return None
            raise
        if not isinstance(found, dict) or TYPE not in found:
            message = "not the JSON that Sling gives of a node"
            raise InstanceError(Rule.NOT_AS_EXPECTED, self.session.where(where), message, "Check the address")
        return {
            name: Node(name, str(child.get(TYPE, "")), child)
            for name, child in found.items()
            if isinstance(child, dict)
        }


def text_of(node: Node, path: str) -> bytes:
    """The `.config` text with the values of a sling:OsgiConfig node.

    Raises:
        TargetError: it has a value that no configuration can have.
    """
    return write_config(values_of(node, path))


def values_of(node: Node, path: str) -> dict[str, Value]:
    """The typed values of a sling:OsgiConfig node, as the installer takes them (``ConfigNodeConverter``).

    Raises:
        TargetError: it has a value that no configuration can have.
    """
    values = {}
    for name, told in node.properties.items():
        if name.startswith("jcr:") or isinstance(told, dict):
            continue
        items = told if isinstance(told, list) else [told]
        if any(isinstance(item, str) and _DATE.fullmatch(item) for item in items):
            # The installer fails at it and says IGNORED.
            raise TargetError(f"{path.lstrip('/')}: {name} is a date, which no configuration can hold")
        shape = Shape.ARRAY if isinstance(told, list) else Shape.SCALAR
        element = _element(items)
        values[name] = Value(element, shape, tuple(_scalar(element, item) for item in items))
    return values


def _element(items: list[Any]) -> str:
    if items and all(isinstance(item, bool) for item in items):
        return "Boolean"
    if items and all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        return "Long"
    return "Double" if items and all(isinstance(item, float) for item in items) else "String"


def _scalar(element: str, item: Any) -> Scalar:
    if element == "Double":
        return Float64.of(item)
    return item if element in ("Boolean", "Long") else str(item)
