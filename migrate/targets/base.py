"""What a target is: an identity, and what a plan needs of its reader. How changes are carried out is runs/ matter."""

from __future__ import annotations

import enum
import functools
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from grammar import patterns
from migrate.errors import MigrateError
from migrate.targets import system
from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from migrate.integration.edits import Refusal
    from migrate.targets.changes import FileChange

FOLDER_NODE = ".content.xml"
"""The file of a FileVault folder node: its elements may be configurations, too."""
INSIDE = "!/"
"""Separates a content package from an entry in it."""
_INSIDE = patterns.lazy(r"(?<=\.zip|\.jar)!/", re.IGNORECASE)


def is_package(name: str) -> bool:
    """Whether a file is a content package by its name."""
    return name.lower().endswith((".zip", ".jar"))


def is_url(name: str) -> bool:
    """Whether a name is that of a running instance."""
    return name.lower().startswith(("http://", "https://"))


@functools.lru_cache(maxsize=4096)
def split_inside(path: str) -> tuple[tuple[str, ...], str]:
    """The packages that lead to a path, outer ones first, and the entry in the last of them."""
    *packages, entry = _INSIDE.split(path)
    return tuple(packages), entry


def has_one_of(parts: Iterable[str]) -> Callable[[str], object]:
    """Tells whether a name has one of some parts; every name has, when there are none."""
    return re.compile("|".join(map(re.escape, parts))).search


class TargetError(MigrateError):
    """A target, or a file of it, that cannot be used; one line that says which and why."""


class OverlapError(TargetError):
    """Two targets share files."""


class LostError(TargetError):
    """A target of which nothing can be read, or nothing any more: no matter of one of its files."""


class Kind(enum.Enum):
    """What a target is."""

    FOLDER = "folder"
    FILE = "file"
    PACKAGE = "package"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class Target:
    """What the user named: comparable, printable, picklable. Two names of one place are equal.

    Attributes:
        name: in the user's words.
        kind: folder, file, package or instance.
        root: the folder of this machine that paths within the target are relative to, absolute and resolved; of a
            package, the folder that it stands in; of an instance, its base address without a slash at the end.
        only: the one file that may be edited, relative to `root`, where a file is the target: what stands beside
            it is read, too. Of a package, its name in `root`.
    """

    name: str = field(compare=False)
    kind: Kind
    root: str
    only: str | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def location(self) -> str:
        """The target's own path, absolute and resolved; or the base address."""
        return system.joined(self.root, self.only or "")

    @property
    def edited_file(self) -> str | None:
        """The one file that may be edited, as a path within the target; None where all may be."""
        return self.only if self.kind is Kind.FILE else None

    def shown(self, path: str) -> str:
        """A path within the target, for messages and JSON: what the user can open from where they are."""
        if self.kind is not Kind.FILE or self.only is None:
            return path
        above = [".."] * len(Path(self.only).parents)
        return system.slashed(os.path.normpath(os.path.join(self.name, *above, path)))

    def opened(self, shown: str) -> str:
        """What `shown` gives, as a path that an editor opens from where the user is; of an instance, an address."""
        if self.kind is Kind.FILE or shown in (self.name, ""):
            return shown or self.name
        if self.kind is Kind.PACKAGE:
            return f"{self.name}{INSIDE}{shown}"
        inside = shown.removeprefix("./")
        above = "" if self.name in (".", "./") else f"{self.name.rstrip('/')}/"
        return f"{above}{inside}" if inside != "." else self.name


class Reader(Protocol):
    """A target that is open for reading. Nothing of it writes; close it, or use it in a `with` statement."""

    target: Target
    unreadable: list[tuple[str, str]]
    """Parts that were not searched, as (path, reason); complete once `find` is through."""
    packages: list[str]
    """Content packages on the way that are not opened."""

    def find(self, workers: Workers = SERIAL) -> Iterable[str]:
        """The paths that concern the two factories."""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises TargetError."""

    def read_if_there(self, path: str) -> bytes | None:
        """The bytes of a file, None when there is none; raises TargetError."""

    def listing(self, folder: str, *parts: str) -> frozenset[str]:
        """The names in a folder that have one of some parts; all of them when none is given."""

    def is_open_to_others(self, path: str) -> bool:
        """Whether the mode of a configuration's file lets every user of the machine read it."""

    def refusals(self, changes: Sequence[FileChange]) -> list[tuple[str, Refusal]]:
        """Why nothing can be changed that has a path with a certain beginning, "" for all paths."""

    def sha256(self) -> str | None:
        """Of the target as a whole, when it is one file of which the paths are parts."""

    def location(self, path: str) -> str:
        """The path together with the target's own, without a leading slash: shows a package around the target."""

    def read_location(self, location: str) -> bytes | None:
        """The bytes at a location, also one outside the target; None when there is nothing; raises TargetError."""

    def inside(self, location: str) -> str | None:
        """The path within the target of a location; None for one outside."""

    def below(self, folder: str) -> list[str]:
        """All files below a folder of the target; empty when there is no such folder."""

    def close(self) -> None:
        """Let go of what is open."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
