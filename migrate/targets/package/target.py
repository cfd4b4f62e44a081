"""A content package as a target: its entries are the files, packages inside it are folders ending in ``.zip!``."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from grammar.config.document import MAX_BYTES
from migrate.integration.edits import Refusal
from migrate.targets import walk
from migrate.targets.base import INSIDE, Outcome, TargetError
from migrate.targets.base import split_inside as _split
from migrate.targets.changes import FileChange, StoredContent
from migrate.targets.errors import PackageError
from migrate.targets.package.archive import Archive, ArchiveError, Limits
from migrate.targets.package.nested import opened, rewrite_nested
from migrate.targets.package.nested import walk as walk_archives
from migrate.targets.package.rewrite import Rewrite


@dataclass(slots=True, weakref_slot=True, eq=False)
class PackageTarget:
    """A content package (``.zip``).

    Attributes:
        name: the target as the user gave it.
        archive: the opened package.
        state: size and time of change when it was opened.
        unreadable: packages inside it that are not read, as (path, reason).
    """

    name: str
    archive: Archive
    state: tuple[int, int]
    only: str | None = field(default=None, init=False)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, name: str) -> PackageTarget:
        """The package at a path.

        Raises:
            TargetError: not there, or one of the refusals of docs/packages.md.
        """
        try:
            archive = Archive.open(Path(name), Limits.of_user())
            target = cls(name, archive, _state(archive))
            weakref.finalize(target, target.archive.close)
            return target
        except ArchiveError as error:
            raise TargetError(f"{name}: {_text(error)} [{error.rule}]") from None
        except OSError as error:
            raise TargetError(f"{name}: {error.strerror or type(error).__name__}") from None

    def find(self) -> Iterator[str]:
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
                        (prefix.removesuffix(INSIDE), f"{_text(archive)} [{archive.rule}]")
                    )
                    continue
                yield from sorted(prefix + name for name in archive.by_name if name.startswith("jcr_root/"))
        except OSError as error:
            raise self._error(error) from None

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
            raise TargetError(f"{path}: {_text(error)} [{error.rule}]") from None
        except OSError as error:
            raise self._error(error) from None

    def read_if_there(self, path: str) -> bytes | None:
        at, name = _split(path)
        with self._inside(at) as archive:
            there = name in archive.by_name
        return self.read(path) if there else None

    def listing(self, folder: str) -> frozenset[str]:
        at, prefix = _split(f"{folder}/" if folder else "")
        with self._inside(at) as archive:
            return frozenset(
                rest.partition("/")[0]
                for name in archive.by_name
                if name.startswith(prefix) and (rest := name[len(prefix) :])
            )

    def refusals(self, outcomes: Sequence[Outcome]) -> list[tuple[str, Refusal]]:
        """Why the package cannot be rewritten at all: proves every archive that the outcomes lead through."""
        places = {_split(outcome.path)[0] for outcome in outcomes}
        for at in sorted({place[:depth] for place in places for depth in range(len(place) + 1)}):
            try:
                with opened(self.archive, at) as archive:
                    archive.prove()
            except ArchiveError as error:
                path = INSIDE.join(at) or self.name
                refusal = Refusal(path, error.rule, f"{_text(error)}. Nothing of the package is changed")
                return [("", refusal)]
            except OSError as error:
                raise self._error(error) from None
        return []

    def sha256(self) -> str:
        """Of the file that was opened."""
        try:
            return _sha256(self.archive.window.as_file())
        except OSError as error:
            raise self._error(error) from None

    def changes(self, outcomes: Iterable[Outcome]) -> list[FileChange]:
        """The whole package, rewritten entry by entry; empty when nothing is to be done.

        Raises:
            TargetError: the archive does not admit the change.
        """
        rewrites = _rewrites(outcomes)
        if not rewrites:
            return []
        path = Path(self.name).resolve()
        try:
            # Packages may be larger than memory, so both sides stay in files. This one has no name: it holds the
            # secret, and must be gone whatever stops us. It lives as long as the target.
            out = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
            weakref.finalize(self, out.close)
            # Of the file that was opened and read: if another has its name by now, `apply` will notice.
            before = StoredContent(self.sha256())
            rewrite_nested(self.archive, out, rewrites)
            out.flush()
            if _state(self.archive) != self.state:
                raise TargetError(f"{self.name}: changed while it was read; nothing was changed, plan again")
            after = StoredContent(_sha256(out), out)
            return [FileChange(path.parent, path.name, before, after)]
        except ArchiveError as error:
            raise TargetError(f"{self.name}: {_text(error)} [{error.rule}]") from None
        except OSError as error:
            raise self._error(error) from None

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

    def shown(self, path: str) -> str:
        return path

    @contextlib.contextmanager
    def _inside(self, at: tuple[str, ...]) -> Iterator[Archive]:
        try:
            with opened(self.archive, at) as archive:
                yield archive
        except ArchiveError as error:
            raise TargetError(f"{self.name}: {_text(error)} [{error.rule}]") from None
        except OSError as error:
            raise self._error(error) from None

    def _error(self, error: OSError) -> TargetError:
        """Of reading the package, or of the temporary files beside it."""
        reason = error.strerror or type(error).__name__
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason += f" in {tempfile.gettempdir()} for unpacking it; make room, or set TMPDIR"
        return TargetError(f"{self.name}: {reason}")


def _state(archive: Archive) -> tuple[int, int]:
    status = os.fstat(archive.window.file.fileno())
    return status.st_size, status.st_mtime_ns


def _concerns_us(name: str) -> bool:
    folder, _, label = name.rpartition("/")
    if label == walk.FOLDER_NODE:
        base = folder.rpartition("/")[2]
        return base.startswith(walk.PREFIXES) or walk.is_configuration_folder(base)
    return label.startswith(walk.PREFIXES)


def _rewrites(outcomes: Iterable[Outcome]) -> dict[tuple[str, ...], Rewrite]:
    parts: dict[tuple[str, ...], tuple[dict[str, bytes], dict[str, str], set[str], dict[str, bytes]]] = {}
    for outcome in outcomes:
        at, name = _split(outcome.path)
        replaced, renamed, deleted, added = parts.setdefault(at, ({}, {}, set(), {}))
        if outcome.after is None:
            deleted.add(name)
        elif outcome.before is None:
            added[name] = outcome.after
        elif outcome.after != outcome.before:
            replaced[name] = outcome.after
        if outcome.moved_to is not None:
            renamed[name] = _split(outcome.moved_to)[1]
    return {at: Rewrite(r, m, frozenset(d), a) for at, (r, m, d, a) in parts.items()}


def _sha256(file: BinaryIO) -> str:
    import hashlib

    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _text(error: PackageError) -> str:
    return error.message + (f". {error.fix}" if error.fix else "")
