"""A content package, open for reading: its entries are the files, packages in it are folders ending in ``.zip!``."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Self

from grammar.config.document import MAX_BYTES
from migrate.integration.edits import Refusal
from migrate.targets import system, walk
from migrate.targets.base import FOLDER_NODE, INSIDE, Kind, Target, TargetError, has_one_of
from migrate.targets.base import split_inside as _split
from migrate.targets.changes import FileChange
from migrate.targets.errors import PackageError
from migrate.targets.package.archive import Archive, ArchiveError, Limits
from migrate.targets.package.nested import opened
from migrate.targets.package.nested import walk as walk_archives
from migrate.workers import SERIAL, Workers


def named(name: str) -> Target:
    """The package at a path.

    Raises:
        TargetError: a symbolic link, which would be replaced by the rewritten package.
    """
    path = PurePath(system.resolved(name))
    if os.path.islink(system.native(name)):
        raise TargetError(f"{name}: a symbolic link; name the package itself, {path.as_posix()}")
    return Target(name, Kind.PACKAGE, path.parent.as_posix(), path.name)


@dataclass(slots=True, weakref_slot=True, eq=False)
class PackageReader:
    """A content package (``.zip``).

    Attributes:
        target: the package.
        archive: it, opened.
        unreadable: packages inside it that are not read, as (path, reason).
    """

    target: Target
    archive: Archive
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    _sha256: str = field(default="", init=False)

    @classmethod
    def open(cls, target: Target) -> PackageReader:
        """Open a package.

        Raises:
            TargetError: not there, or one of the refusals of docs/packages.md.
        """
        try:
            reader = cls(
                target, Archive.open(Path(system.native(target.location)), Limits.of_user(), target.name)
            )
        except ArchiveError as error:
            raise TargetError(f"{target}: {text_of(error)} [{error.rule}]") from None
        except OSError as error:
            raise TargetError(f"{target}: {error.strerror or type(error).__name__}") from None
        # For those that are kept in a cache and dropped when it is full.
        weakref.finalize(reader, reader.archive.close)
        return reader

    def close(self) -> None:
        self.archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, workers: Workers = SERIAL) -> Iterator[str]:
        """The entries that concern the two factories, those of inner packages too."""
        return (path for path in self.entries() if _concerns_us(_split(path)[1]))

    def entries(self) -> Iterator[str]:
        """Every entry below a ``jcr_root``, those of inner packages too; inner ones that cannot be read are noted."""
        self.unreadable = []
        try:
            for at, archive in walk_archives(self.archive):
                prefix = "".join(f"{name}{INSIDE}" for name in at)
                if isinstance(archive, PackageError):
                    self.unreadable.append(
                        (prefix.removesuffix(INSIDE), f"{text_of(archive)} [{archive.rule}]")
                    )
                    continue
                yield from sorted(prefix + name for name in archive.by_name if name.startswith("jcr_root/"))
        except OSError as error:
            raise self.error_of(error) from None

    def read(self, path: str) -> bytes:
        """The content of an entry.

        Raises:
            TargetError: not there, too large, or the archive is damaged.
        """
        at, name = _split(path)
        try:
            with opened(self.archive, at) as archive:
                if archive.entry(name).size > MAX_BYTES:
                    raise TargetError(f"{path}: no configuration is that large, so not read")
                return archive.read(name)
        except ArchiveError as error:
            raise TargetError(f"{path}: {text_of(error)} [{error.rule}]") from None
        except OSError as error:
            raise self.error_of(error) from None

    def read_if_there(self, path: str) -> bytes | None:
        at, name = _split(path)
        with self._inside(at) as archive:
            there = name in archive.by_name
        return self.read(path) if there else None

    def listing(self, folder: str, *parts: str) -> frozenset[str]:
        at, prefix = _split(f"{folder}/" if folder else "")
        with self._inside(at) as archive:
            names = {
                rest.partition("/")[0]
                for name in archive.by_name
                if name.startswith(prefix) and (rest := name[len(prefix) :])
            }
        return frozenset(filter(has_one_of(parts), names))

    def refusals(self, changes: Sequence[FileChange]) -> list[tuple[str, Refusal]]:
        """Why the package cannot be rewritten at all: proves every archive that the changes lead through."""
        places = {_split(change.path)[0] for change in changes}
        for at in sorted({place[:depth] for place in places for depth in range(len(place) + 1)}):
            try:
                with opened(self.archive, at) as archive:
                    digest = archive.prove()
                    if not at:
                        self._sha256 = digest
            except ArchiveError as error:
                path = INSIDE.join(at) or self.target.name
                refusal = Refusal(path, error.rule, f"{text_of(error)}. Nothing of the package is changed")
                return [("", refusal)]
            except OSError as error:
                raise self.error_of(error) from None
        return []

    def sha256(self) -> str:
        """Of the file that was opened."""
        try:
            self._sha256 = self._sha256 or self.archive.sha256()
            return self._sha256
        except OSError as error:
            raise self.error_of(error) from None

    def location(self, path: str) -> str:
        return path

    def read_location(self, location: str) -> bytes | None:
        return self.read_if_there(location)

    def inside(self, location: str) -> str | None:
        return location

    def below(self, folder: str) -> list[str]:
        at, inner = _split(folder)
        prefix = "".join(f"{name}{INSIDE}" for name in at)
        with self._inside(at) as archive:
            return [
                prefix + name
                for name in archive.by_name
                if name.startswith(f"{inner}/") and not name.endswith("/")
            ]

    def is_open_to_others(self, path: str) -> bool:
        return False

    @contextlib.contextmanager
    def _inside(self, at: tuple[str, ...]) -> Iterator[Archive]:
        try:
            with opened(self.archive, at) as archive:
                yield archive
        except ArchiveError as error:
            raise TargetError(f"{self.target.name}: {text_of(error)} [{error.rule}]") from None
        except OSError as error:
            raise self.error_of(error) from None

    def error_of(self, error: OSError) -> TargetError:
        """Of reading the package, or of the temporary files beside it."""
        reason = error.strerror or type(error).__name__
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason += f" in {tempfile.gettempdir()} for unpacking it; make room, or set TMPDIR"
        return TargetError(f"{self.target.name}: {reason}")


def _concerns_us(name: str) -> bool:
    folder, _, label = name.rpartition("/")
    if label == FOLDER_NODE:
        base = folder.rpartition("/")[2]
        return base.startswith(walk.PREFIXES) or walk.is_configuration_folder(base)
    return label.startswith(walk.PREFIXES)


def text_of(error: PackageError) -> str:
    return error.message + (f". {error.fix}" if error.fix else "")
