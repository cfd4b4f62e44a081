"""A folder, open for reading, together with the packages that its content package sources embed.

What `jcr_root/**/install*/*.zip` and `jcr_root/etc/packages` hold is installed with the package that is built from
the sources, so it is searched as it is in the built package, and shown the same way: ``.../inner.zip!/jcr_root/...``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from migrate.integration.edits import Refusal
from migrate.targets import system
from migrate.targets.base import INSIDE, Reader, Target, TargetError, split_inside
from migrate.targets.changes import FileChange
from migrate.targets.folder import FolderReader
from migrate.targets.sieve import USUAL, Sieve
from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from migrate.targets.package.target import PackageReader


class TreeReader:
    """A tree of files, packages among them.

    Attributes:
        target: the folder.
        sieve: what of it is left out.
        folder: its files.
        unreadable: folders and embedded packages that are not searched, as (path, reason).
        packages: content packages on the way that are not opened: nothing installs them with the sources.
        embedded: the opened packages that hold something of ours, by path.
    """

    def __init__(self, target: Target, sieve: Sieve = USUAL) -> None:
        self.target = target
        self.sieve = sieve
        self.folder = FolderReader(target, sieve)
        self.unreadable: list[tuple[str, str]] = []
        self.packages: list[str] = []
        self.embedded: dict[str, PackageReader] = {}

    def close(self) -> None:
        for package in self.embedded.values():
            package.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, workers: Workers = SERIAL) -> Iterator[str]:
        """The files that concern the two factories, those in embedded packages last."""
        yield from self.folder.find(workers)
        self.unreadable, self.packages = list(self.folder.unreadable), []
        for path in self.folder.packages:
            if not self._is_embedded(path):
                self.packages.append(path)
                continue
            try:
                yield from self._found_in(path)
            except TargetError as error:
                self.unreadable.append(
                    (path, str(error).removeprefix(f"{system.joined(self.target.root, path)}: "))
                )

    def read(self, path: str) -> bytes:
        reader, inner = self._at(path)
        return reader.read(inner)

    def read_if_there(self, path: str) -> bytes | None:
        reader, inner = self._at(path)
        return reader.read_if_there(inner)

    def listing(self, folder: str, *parts: str) -> frozenset[str]:
        reader, inner = self._at(folder)
        return reader.listing(inner, *parts)

    def is_open_to_others(self, path: str) -> bool:
        reader, inner = self._at(path)
        return reader.is_open_to_others(inner)

    def below(self, folder: str) -> list[str]:
        reader, inner = self._at(folder)
        before = folder.removesuffix(inner)
        return [before + path for path in reader.below(inner)]

    def location(self, path: str) -> str:
        return self.folder.location(path)

    def inside(self, location: str) -> str | None:
        return self.folder.inside(location)

    def read_location(self, location: str) -> bytes | None:
        inside = self.inside(location)
        return self.folder.read_location(location) if inside is None else self.read_if_there(inside)

    def refusals(self, changes: Sequence[FileChange]) -> list[tuple[str, Refusal]]:
        found = []
        for path, inner in apart(changes).items():
            if path:
                for _, refusal in self.embedded[path].refusals(inner):
                    within = refusal.key != self.embedded[path].target.name
                    key = f"{path}{INSIDE}{refusal.key}" if within else path
                    found.append((f"{path}{INSIDE}", refusal._replace(key=key)))
        return found

    def sha256(self) -> None:
        """Each file has its own."""

    def _is_embedded(self, path: str) -> bool:
        from migrate.targets.package.paths import is_package, split

        parts = split(self.location(path))
        return parts is not None and is_package(parts[1])

    def _found_in(self, path: str) -> Iterator[str]:
        from migrate.targets.package.target import PackageReader
        from migrate.targets.package.target import named as package_target

        full = system.joined(self.target.root, path)
        if os.path.islink(system.native(full)):
            raise TargetError("a symbolic link; not followed")
        package = PackageReader.open(package_target(full))
        found = [f"{path}{INSIDE}{entry}" for entry in package.find()]
        self.unreadable += [(f"{path}{INSIDE}{entry}", reason) for entry, reason in package.unreadable]
        if found:
            self.embedded[path] = package
            yield from found
        else:
            package.close()

    def _at(self, path: str) -> tuple[Reader, str]:
        """The reader that has a path, and the path in it."""
        packages, entry = split_inside(path)
        package = self.embedded.get(packages[0]) if packages else None
        if package is None:
            return self.folder, path
        return package, INSIDE.join((*packages[1:], entry))


def apart(changes: Iterable[FileChange]) -> dict[str, list[FileChange]]:
    """The changes within each embedded package, their paths those in it, and under "" those of the files."""
    found: dict[str, list[FileChange]] = {}
    for change in changes:
        packages, _ = split_inside(change.path)
        if not packages:
            found.setdefault("", []).append(change)
            continue
        start = len(packages[0]) + len(INSIDE)
        moved_to = change.moved_to[start:] if change.moved_to else None
        found.setdefault(packages[0], []).append(change._replace(path=change.path[start:], moved_to=moved_to))
    return found
