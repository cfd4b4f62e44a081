"""A folder as a target, together with the packages that its content package sources embed.

What `jcr_root/**/install*/*.zip` and `jcr_root/etc/packages` hold is installed with the package that is built from
the sources, so it is searched as it is in the built package, and shown the same way: ``.../inner.zip!/jcr_root/...``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.integration.edits import Refusal
from migrate.targets.base import INSIDE, Outcome, Source, TargetError, split_inside
from migrate.targets.changes import FileChange
from migrate.targets.folder import FolderTarget

if TYPE_CHECKING:
    from migrate.targets.package.target import PackageTarget


@dataclass(slots=True)
class TreeTarget:
    """A tree of files, packages among them.

    Attributes:
        name: the target as the user gave it.
        folder: the files.
        only: None: the target is no single file.
        unreadable: folders and embedded packages that are not searched, as (path, reason).
        packages: content packages on the way that are not opened: nothing installs them with the sources.
        embedded: the opened packages that hold something of ours, by path.
    """

    name: str
    folder: FolderTarget
    only: str | None = None
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    embedded: dict[str, PackageTarget] = field(default_factory=dict)

    def find(self) -> Iterator[str]:
        """The files that concern the two factories, those in embedded packages last."""
        yield from self.folder.find()
        self.unreadable, self.packages = list(self.folder.unreadable), []
        for path in self.folder.packages:
            if not self._is_embedded(path):
                self.packages.append(path)
                continue
            try:
                yield from self._found_in(path)
            except TargetError as error:
                self.unreadable.append((path, str(error).removeprefix(f"{self.folder.root / path}: ")))

    def read(self, path: str) -> bytes:
        source, inner = self._at(path)
        return source.read(inner)

    def read_if_there(self, path: str) -> bytes | None:
        source, inner = self._at(path)
        return source.read_if_there(inner)

    def listing(self, folder: str) -> frozenset[str]:
        source, inner = self._at(folder)
        return source.listing(inner)

    def is_open_to_others(self, path: str) -> bool:
        source, inner = self._at(path)
        return source.is_open_to_others(inner)

    def below(self, folder: str) -> list[str]:
        source, inner = self._at(folder)
        before = folder.removesuffix(inner)
        return [before + path for path in source.below(inner)]

    def shown(self, path: str) -> str:
        return self.folder.shown(path)

    def location(self, path: str) -> str:
        return self.folder.location(path)

    def inside(self, location: str) -> str | None:
        return self.folder.inside(location)

    def read_location(self, location: str) -> bytes | None:
        inside = self.inside(location)
        return self.folder.read_location(location) if inside is None else self.read_if_there(inside)

    def refusals(self, outcomes: Sequence[Outcome]) -> list[tuple[str, Refusal]]:
        found = []
        for path, inner in self._apart(outcomes).items():
            if path:
                for _, refusal in self.embedded[path].refusals(inner):
                    within = refusal.key != self.embedded[path].name
                    key = f"{path}{INSIDE}{refusal.key}" if within else path
                    found.append((f"{path}{INSIDE}", refusal._replace(key=key)))
        return found

    def sha256(self) -> None:
        """Each file has its own."""

    def changes(self, outcomes: Iterable[Outcome]) -> list[FileChange]:
        found: list[FileChange] = []
        for path, inner in self._apart(outcomes).items():
            found += (self.embedded[path] if path else self.folder).changes(inner)
        return found

    def _is_embedded(self, path: str) -> bool:
        from migrate.targets.package.paths import is_package, split

        parts = split(self.location(path))
        return parts is not None and is_package(parts[1])

    def _found_in(self, path: str) -> Iterator[str]:
        from migrate.targets.package.target import PackageTarget

        full = str(self.folder.root / path)
        if os.path.islink(full):
            raise TargetError("a symbolic link; not followed")
        package = PackageTarget.open(full)
        found = [f"{path}{INSIDE}{entry}" for entry in package.find()]
        self.unreadable += [(f"{path}{INSIDE}{entry}", reason) for entry, reason in package.unreadable]
        if found:
            self.embedded[path] = package
            yield from found
        else:
            package.archive.close()

    def _at(self, path: str) -> tuple[Source, str]:
        """The source that has a path, and the path in it."""
        packages, entry = split_inside(path)
        package = self.embedded.get(packages[0]) if packages else None
        if package is None:
            return self.folder, path
        return package, INSIDE.join((*packages[1:], entry))

    def _apart(self, outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
        """The outcomes of each embedded package, their paths those in it, and under "" those of the files."""
        apart: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            source, inner = self._at(outcome.path)
            if source is self.folder:
                apart.setdefault("", []).append(outcome)
                continue
            before = outcome.path.removesuffix(inner)
            moved_to = outcome.moved_to.removeprefix(before) if outcome.moved_to else None
            changed = outcome._replace(path=inner, moved_to=moved_to)
            apart.setdefault(before.removesuffix(INSIDE), []).append(changed)
        return apart
