"""What a plan needs of a target, be it a folder, a file or a content package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from migrate.targets.changes import FileChange

if TYPE_CHECKING:
    from migrate.integration.edits import Refusal

INSIDE = "!/"
"""Separates a content package from an entry in it."""
_INSIDE = re.compile(r"(?<=\.zip|\.jar)!/", re.IGNORECASE)


def is_package(name: str) -> bool:
    """Whether a file is a content package by its name."""
    return name.lower().endswith((".zip", ".jar"))


def split_inside(path: str) -> tuple[tuple[str, ...], str]:
    """The packages that lead to a path, outer ones first, and the entry in the last of them."""
    *packages, entry = _INSIDE.split(path)
    return tuple(packages), entry


class TargetError(Exception):
    """A target, or a file of it, that cannot be used; one line that says which and why."""


class Outcome(NamedTuple):
    """What becomes of one file of a target.

    Attributes:
        path: the file, relative to the target.
        before: its bytes; None when the plan makes it.
        after: its bytes afterwards; None when the plan deletes it.
        moved_to: its new path, when the plan renames it.
        like: for a file that is made, the file that says the same in another form.
    """

    path: str
    before: bytes | None
    after: bytes | None
    moved_to: str | None = None
    like: str | None = None


class Source(Protocol):
    """An opened target. Reads only."""

    name: str
    only: str | None
    """The one file that may be edited, where a file is the target; `find` also gives what stands beside it."""
    unreadable: list[tuple[str, str]]
    packages: list[str]

    def find(self) -> Iterable[str]:
        """The paths that concern the two factories."""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises TargetError."""

    def read_if_there(self, path: str) -> bytes | None:
        """The bytes of a file, None when there is none; raises TargetError."""

    def listing(self, folder: str) -> frozenset[str]:
        """The names in a folder."""

    def is_open_to_others(self, path: str) -> bool:
        """Whether the mode of a configuration's file lets every user of the machine read it."""

    def shown(self, path: str) -> str:
        """The path as messages and JSON show it."""

    def refusals(self, outcomes: Sequence[Outcome]) -> list[tuple[str, Refusal]]:
        """Why nothing can be changed that has a path with a certain beginning, "" for all paths."""

    def sha256(self) -> str | None:
        """Of the target as a whole, when it is one file of which the paths are parts."""

    def changes(self, outcomes: Iterable[Outcome]) -> list[FileChange]:
        """What has to happen on the disk for some outcomes."""

    def location(self, path: str) -> str:
        """The path together with the target's own, without a leading slash: shows a package around the target."""

    def read_location(self, location: str) -> bytes | None:
        """The bytes at a location, also one outside the target; None when there is nothing; raises TargetError."""

    def inside(self, location: str) -> str | None:
        """The path within the target of a location; None for one outside."""

    def below(self, folder: str) -> list[str]:
        """All files below a folder of the target; empty when there is no such folder."""
