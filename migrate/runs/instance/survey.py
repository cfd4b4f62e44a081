"""How far a run has come, told by reading alone: what stands at each of its paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from migrate.targets.base import LostError, TargetError
from migrate.targets.changes import sha256, told
from migrate.targets.instance.files import Files
from migrate.targets.instance.session import Session

_LOOKS = 3
_PAUSE = 1.0
"""Seconds before a look that made no sense is taken again: right after a start listings come and go."""


class Goal(NamedTuple):
    """What shall stand at a path.

    Attributes:
        path: in the repository, without the leading slash.
        digest: sha256 of the bytes; None for nothing.
        data: the bytes, where they have to be written.
        is_node: whether a sling:OsgiConfig node says it.
    """

    path: str
    digest: str | None
    data: bytes | None = None
    is_node: bool = False

    @classmethod
    def of(cls, path: str, data: bytes | None, *, is_node: bool = False) -> Goal:
        """The goal of having some bytes there."""
        return cls(path, None if data is None else sha256(data), data, is_node)

    def __repr__(self) -> str:
        return f"Goal({self.path!r}, {self.digest!r}, is_node={self.is_node})"


class Seen(NamedTuple):
    """What stands at a path.

    Attributes:
        data: the bytes, of a node the text that says the same; None for nothing.
        is_node: whether it is a sling:OsgiConfig node.
        is_strange: whether something is there that is no configuration.
    """

    data: bytes | None
    is_node: bool = False
    is_strange: bool = False

    def __repr__(self) -> str:
        return f"Seen({told(self.data)}, is_node={self.is_node}, is_strange={self.is_strange})"

    @property
    def digest(self) -> str | None:
        """sha256 of the bytes; None for nothing, and for what is no configuration."""
        return None if self.data is None else sha256(self.data)

    def holds(self, goal: Goal) -> bool:
        return not self.is_strange and self.digest == goal.digest


def look(session: Session, paths: Sequence[str]) -> dict[str, Seen]:
    """What stands at some paths now.

    Raises:
        InstanceError: the instance cannot be used.
    """
    files = Files(session)
    return {path: _look(files, path) for path in paths}


def differing(session: Session, *choices: Sequence[Goal]) -> tuple[int | None, list[str]]:
    """Which of some sets of goals is reached, and what keeps the first of them from being so.

    What makes no sense is looked at again before it is believed.

    Returns:
        The number of the set, None for none of them; and the paths that differ from the first set.

    Raises:
        InstanceError: the instance cannot be used.
    """
    paths = sorted({goal.path for goals in choices for goal in goals})
    differ: list[str] = []
    for turn in range(_LOOKS):
        if turn:
            session.sleep(_PAUSE)
        seen = look(session, paths)
        for number, goals in enumerate(choices):
            if not _differ(seen, goals):
                return number, _differ(seen, choices[0])
        differ = _differ(seen, choices[0])
    return None, differ


def _differ(seen: Mapping[str, Seen], goals: Sequence[Goal]) -> list[str]:
    return [goal.path for goal in goals if not seen[goal.path].holds(goal)]


def _look(files: Files, path: str) -> Seen:
    node = files.node(f"/{path}")
    if node is None:
        return Seen(None)
    try:
        return Seen(files.content(f"/{path}"), node.is_configuration)
    except LostError:
        raise
    except TargetError:
        # It may have gone between the folder's list and the file itself.
        files.forget()
        return Seen(None, is_strange=files.node(f"/{path}") is not None)
