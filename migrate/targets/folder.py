"""A folder or a single file, open for reading."""

from __future__ import annotations

import errno
import operator
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from grammar.config.document import MAX_BYTES
from migrate.integration.edits import Refusal
from migrate.targets import walk
from migrate.targets.base import FOLDER_NODE, Kind, Target, TargetError, has_one_of
from migrate.targets.changes import FileChange
from migrate.targets.sieve import USUAL, Sieve
from migrate.workers import SERIAL, Workers


def named(name: str) -> Target:
    """The folder or file that a path on the command line names.

    Raises:
        TargetError: it does not exist, cannot be read, or is neither folder nor file.
    """
    if not name:
        # Path("") is the working folder, which nobody meant who wrote "$UNSET".
        raise TargetError('"": not a path')
    path = Path(name)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return Target(name, Kind.FOLDER, os.path.realpath(path))
        if stat.S_ISREG(mode):
            parent = Path(os.path.realpath(path.parent))
            if path.name == FOLDER_NODE and parent.name.startswith(walk.PREFIXES):
                # The folder's name is the instance's: F-1/.content.xml stands beside F-1.config.
                return Target(name, Kind.FILE, str(parent.parent), f"{parent.name}/{path.name}")
            return Target(name, Kind.FILE, str(parent), path.name)
    except OSError as error:
        raise TargetError(f"{name}: {_reason(error)}") from None
    except ValueError:
        raise TargetError(f"{name!r}: not a path") from None
    raise TargetError(f"{name}: neither a folder nor a file")


_NAME = operator.attrgetter("name")


@dataclass(slots=True)
class FolderReader:
    """A tree of files.

    Attributes:
        target: the folder; or the one file, and then what stands beside it is found and read, too: a provider and
            its customizer are known by one another.
        sieve: what is left out.
        unreadable: folders that could not be listed, as (path, reason).
        packages: content packages on the way.
    """

    target: Target
    sieve: Sieve = USUAL
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return Path(self.target.root)

    def close(self) -> None:
        """Nothing stays open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, workers: Workers = SERIAL) -> Iterator[str]:
        """The files that concern the two factories, relative to root."""
        only = self.target.edited_file
        if only is not None:
            yield from sorted({only, *walk.beside(self.target.root)})
            return
        found = walk.find(str(self.root), workers, self.sieve)
        cut = len(str(self.root).rstrip("/")) + 1
        self.unreadable = [(path[cut:] or ".", reason) for path, reason in found.unreadable]
        self.packages = [path[cut:] for path in found.packages]
        for path in found.paths:
            yield path[cut:]

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            TargetError: a symbolic link, no regular file, too large, or not readable.
        """
        full = self.root / path
        try:
            descriptor = os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EMLINK):
                raise TargetError(f"{path}: a symbolic link; slingshift edits only the file itself") from None
            raise TargetError(f"{path}: {_reason(error)}") from None
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise TargetError(f"{path}: not a regular file")
            if status.st_size > MAX_BYTES:
                raise TargetError(
                    f"{path}: {status.st_size} bytes; no configuration is that large, so not read"
                )
            try:
                return stream.read()
            except OSError as error:
                raise TargetError(f"{path}: {_reason(error)}") from None

    def read_if_there(self, path: str) -> bytes | None:
        """The bytes of a file, None when there is none."""
        return self.read(path) if os.path.lexists(os.path.join(self.root, path)) else None

    def listing(self, folder: str, *parts: str) -> frozenset[str]:
        # One by one: a folder may have more names than memory should hold at once.
        try:
            with os.scandir(self.root / folder) as entries:
                return frozenset(filter(has_one_of(parts), map(_NAME, entries)))
        except OSError:
            return frozenset()

    def refusals(self, changes: Sequence[FileChange]) -> list[tuple[str, Refusal]]:
        """None: nothing keeps a whole folder from being written to; `apply` sees about each file."""
        return []

    def sha256(self) -> None:
        """Each file has its own."""

    def location(self, path: str) -> str:
        return f"{self.root}/{path}".lstrip("/")

    def read_location(self, location: str) -> bytes | None:
        inside = self.inside(location)
        if inside is not None:
            return self.read_if_there(inside)
        path = Path("/", location)
        if not path.is_file():
            return None
        return type(self)(Target(str(path), Kind.FILE, str(path.parent), path.name)).read(path.name)

    def inside(self, location: str) -> str | None:
        start = str(self.root).strip("/") + "/"
        if self.target.edited_file is not None or not location.startswith(start):
            return None
        return location[len(start) :]

    def below(self, folder: str) -> list[str]:
        if not os.path.isdir(os.path.join(self.root, folder)):
            return []
        return [
            os.path.relpath(os.path.join(parent, name), self.root)
            for parent, _, names in os.walk(self.root / folder)
            for name in names
        ]

    def is_open_to_others(self, path: str) -> bool:
        try:
            return os.name == "posix" and bool(os.lstat(self.root / path).st_mode & stat.S_IROTH)
        except OSError:
            return False


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
