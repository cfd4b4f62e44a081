"""A folder or a single file, open for reading."""

from __future__ import annotations

import errno
import operator
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from grammar.config.document import MAX_BYTES
from migrate.integration.edits import Refusal
from migrate.targets import system, walk
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
            return Target(name, Kind.FOLDER, system.resolved(path))
        if stat.S_ISREG(mode):
            parent = Path(system.resolved(path.parent))
            if path.name == FOLDER_NODE and parent.name.startswith(walk.PREFIXES):
                # The folder's name is the instance's: F-1/.content.xml stands beside F-1.config.
                return Target(name, Kind.FILE, parent.parent.as_posix(), f"{parent.name}/{path.name}")
            return Target(name, Kind.FILE, parent.as_posix(), path.name)
    except OSError as error:
        raise TargetError(f"{name}: {_reason(error)}") from None
    except ValueError:
        raise TargetError(f"{name!r}: not a path") from None
    raise TargetError(f"{name}: neither a folder nor a file")


_NAME = operator.attrgetter("name")


class FolderReader:
    """A tree of files.

    Attributes:
        target: the folder; or the one file, and then what stands beside it is found and read, too: a provider and
            its customizer are known by one another.
        sieve: what is left out.
        unreadable: folders that could not be listed, as (path, reason).
        packages: content packages on the way.
    """

    def __init__(self, target: Target, sieve: Sieve = USUAL) -> None:
        self.target = target
        self.sieve = sieve
        self.unreadable: list[tuple[str, str]] = []
        self.packages: list[str] = []

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
        root = system.walkable(self.target.root)
        found = walk.find(root, workers, self.sieve)
        cut = len(root.rstrip(os.sep)) + 1
        self.unreadable = [(system.slashed(path[cut:]) or ".", reason) for path, reason in found.unreadable]
        self.packages = [system.slashed(path[cut:]) for path in found.packages]
        for path in found.paths:
            yield system.slashed(path[cut:])

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            TargetError: a symbolic link, no regular file, too large, or not readable.
        """
        try:
            descriptor = system.open_to_read(self._full(path))
        except IsADirectoryError:
            raise TargetError(f"{path}: not a regular file") from None
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
        """The bytes of a file, None when there is none.

        Raises:
            TargetError: it cannot be read; also where nobody may look whether there is one.
        """
        return self.read(path) if _is_there(self._full(path), path) else None

    def listing(self, folder: str, *parts: str) -> frozenset[str]:
        # One by one: a folder may have more names than memory should hold at once.
        try:
            with os.scandir(system.native(self._full(folder))) as entries:
                return frozenset(filter(has_one_of(parts), map(_NAME, entries)))
        except OSError:
            return frozenset()

    def refusals(self, changes: Sequence[FileChange]) -> list[tuple[str, Refusal]]:
        """None: nothing keeps a whole folder from being written to; `apply` sees about each file."""
        return []

    def sha256(self) -> None:
        """Each file has its own."""

    def location(self, path: str) -> str:
        return f"{self.target.root}/{path}".lstrip("/")

    def read_location(self, location: str) -> bytes | None:
        inside = self.inside(location)
        if inside is not None:
            return self.read_if_there(inside)
        root = self.target.root
        # What came before the first name: nothing for C:/, two for a share of Windows.
        path = Path(root[: len(root) - len(root.lstrip("/"))] + location)
        if not _is_there(path.as_posix(), path.as_posix()) or not os.path.isfile(system.native(str(path))):
            return None
        return type(self)(Target(path.as_posix(), Kind.FILE, path.parent.as_posix(), path.name)).read(
            path.name
        )

    def inside(self, location: str) -> str | None:
        start = self.target.root.strip("/") + "/"
        if self.target.edited_file is not None or not location.startswith(start):
            return None
        return location[len(start) :]

    def below(self, folder: str) -> list[str]:
        root = system.walkable(self.target.root)
        start = os.path.join(root, *filter(None, folder.split("/")))
        return [
            system.slashed(os.path.relpath(os.path.join(parent, name), root))
            for parent, _, names in os.walk(start)
            for name in names
        ]

    def is_open_to_others(self, path: str) -> bool:
        try:
            return os.name == "posix" and bool(os.lstat(self._full(path)).st_mode & stat.S_IROTH)
        except OSError:
            return False

    def _full(self, path: str) -> str:
        return system.joined(self.target.root, path)


def _is_there(full: str, shown: str) -> bool:
    """Whether there is something of a name, be it a link that leads nowhere.

    Raises:
        TargetError: nobody may look. To take that for a no would leave out a filter.xml that must follow.
    """
    try:
        os.lstat(system.native(full))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise TargetError(f"{shown}: {_reason(error)}") from None
    return True


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
