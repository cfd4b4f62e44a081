"""What `lint --fix`, `fmt` and `convert` write, with the writer of `apply`: through the journal, all or nothing.

The files of all targets are one run; a package is rewritten as a whole and is a run of its own.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from migrate.errors import MigrateError
from migrate.targets import system
from migrate.targets.base import INSIDE, Kind, Target
from migrate.targets.changes import FileChange
from migrate.texts import listing, moving
from migrate.texts.listing import FileError
from migrate.texts.moving import Followed, Move
from migrate.texts.places import Places

if TYPE_CHECKING:
    from migrate.integration.findings import Finding
    from migrate.targets.base import Reader

Guard = Callable[[Mapping[str, bytes | None]], Mapping[str, str]]
"""Why some files, absolute, with these bytes or to be made, must not be written without a journal.

Says nothing of the others.
"""


@dataclass(slots=True)
class Written:
    """What came of it.

    Attributes:
        paths: the files that hold what they should, as the caller named them.
        followers: other files that had to follow, such as filter.xml.
        lines: what is to be said.
        refused: why some stay as they were, by their paths.
        errors: why others do.
        failed: the same by the paths of those others, as the caller named them.
    """

    paths: set[str] = field(default_factory=set)
    followers: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    errors: list[MigrateError] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def fail(self, error: MigrateError, paths: Iterable[str]) -> None:
        """Note down why some files stay as they were."""
        self.errors.append(error)
        self.failed |= dict.fromkeys(paths, str(error))


class _Site(NamedTuple):
    """A package, or a folder of this machine: what is written there is planned together.

    Attributes:
        root: the package as the user named it, or the folder, resolved.
        is_package: which of the two.
    """

    root: str
    is_package: bool


@dataclass(slots=True)
class Writer:
    """Hears of all files first, and writes them in :meth:`finish`.

    Attributes:
        verb: the command, for the record of a run.
        places: where the files are.
        tells: whether values change, or files come: then what an import makes of it is worth a word.
        guard: who answers for the old contents where no journal is kept; None to keep one.
        apart: whether new files go to another place than the old ones, and so nothing follows.
    """

    verb: str
    places: Places
    tells: bool = True
    guard: Guard | None = None
    apart: bool = False
    _edits: dict[_Site, dict[str, tuple[str, FileChange]]] = field(default_factory=dict)
    _moves: dict[_Site, list[Move]] = field(default_factory=dict)
    _names: set[tuple[_Site, str]] = field(default_factory=set)

    def replace(self, path: str, before: bytes, after: bytes) -> None:
        """Give a file, or an entry of a package, other bytes.

        Raises:
            FileError: it is a symbolic link.
        """
        site, inside = self._placed(path)
        if not site.is_package and os.path.islink(system.native(system.joined(site.root, inside))):
            raise FileError(f"{path}: a symbolic link; not written. Name the file that it leads to")
        self._names.add((site, inside))
        self._edits.setdefault(site, {}).setdefault(inside, (path, FileChange(inside, before, after)))

    def move(self, move: Move) -> None:
        """Give the configurations of a file files of their own, with the same mode and owner.

        Raises:
            FileError: something has the name of one already, or will have; or the old one is a symbolic link.
        """
        site = self._site_of(move)
        if move.goes and not site.is_package and os.path.islink(system.native(move.path)):
            raise FileError(f"{move.path}: a symbolic link; not removed. Name the file that it leads to")
        names: set[tuple[_Site, str]] = set()
        for made in move.made:
            inside = self._inside(site, made.path)
            if (site, inside) in self._names | names or self._is_there(site, inside):
                raise FileError(f"{made.path}: is there already; not overwritten")
            names.add((site, inside))
        self._names |= names
        self._moves.setdefault(site, []).append(move)

    def preview(self) -> tuple[list[FileChange], Written]:
        """What would become of files, by paths that a user can open from where they are; and what would be said."""
        written = Written()
        planned = self._guarded(written)
        return [
            change._replace(path=_shown(site, change.path), like=None)
            for site, changes in planned.items()
            for change in changes
        ], written

    def finish(self) -> Written:
        """Write everything."""
        written = Written()
        planned = self._guarded(written)
        folders = {site.root: changes for site, changes in planned.items() if changes and not site.is_package}
        if folders:
            self._write_files(folders, written)
        for site, changes in planned.items():
            if site.is_package and changes:
                try:
                    written.lines += self._rewrite(site, changes)
                    written.paths |= self._paths(site)
                except MigrateError as error:
                    written.fail(error, self._paths(site))
        written.paths -= written.refused.keys()
        self._edits, self._moves, self._names = {}, {}, set()
        return written

    def _placed(self, path: str) -> tuple[_Site, str]:
        packed = listing.in_package(path)
        if packed is not None:
            return _Site(packed[0], is_package=True), packed[1]
        place = self.places.of(path)
        return _Site(place.root, is_package=False), place.inside

    def _site_of(self, move: Move) -> _Site:
        """Where a move takes place: of folders, the one that has both the old file and the new ones."""
        site, _ = self._placed(move.path)
        out = [made.path for made in move.made if listing.in_package(made.path) is None]
        if not out:
            return site
        source = system.resolved(os.path.dirname(site.root) or ".") if site.is_package else site.root
        roots = [self.places.of(path).root for path in out]
        return _Site(system.slashed(os.path.commonpath([source, *roots])), is_package=False)

    def _inside(self, site: _Site, path: str) -> str:
        packed = listing.in_package(path)
        if packed is not None:
            # What comes out of a package is as private as that.
            return (
                packed[1]
                if site.is_package
                else system.slashed(os.path.relpath(system.resolved(packed[0]), site.root))
            )
        return self.places.of(path).below(site.root).inside

    def _is_there(self, site: _Site, inside: str) -> bool:
        if site.is_package:
            return listing.has_entry(site.root, inside)
        return os.path.lexists(system.native(system.joined(site.root, inside)))

    def _paths(self, site: _Site) -> set[str]:
        """The files that a site hears of, as the caller named them."""
        edited = {path for path, _ in self._edits.get(site, {}).values()}
        moves = self._moves.get(site, ())
        return edited | {made.path for move in moves for made in move.made} | {move.path for move in moves}

    def _guarded(self, written: Written) -> dict[_Site, list[FileChange]]:
        """What becomes of the files of each site, without what nobody could bring back."""
        if self.guard is None:
            return self._planned(written)
        self._drop_unguarded(self.guard, written)
        planned = self._planned(written)
        self._drop_unguarded_followers(self.guard, planned, written)
        return planned

    def _planned(self, written: Written) -> dict[_Site, list[FileChange]]:
        """What becomes of the files of each site, and what follows."""
        planned = {}
        for site in dict.fromkeys((*self._edits, *self._moves)):
            edits = [change for _, change in self._edits.get(site, {}).values()]
            try:
                followed = self._followed(site, edits)
            except MigrateError as error:
                written.fail(error, self._paths(site))
                continue
            written.refused |= followed.refused
            if self.tells:
                written.lines += [
                    f"{_shown(site, key)}: {message}" for key, message in followed.notes.items()
                ]
                written.lines += [_told(site, finding) for finding in followed.findings]
            known = {self._inside(site, path) for path in self._paths(site)}
            written.followers += [_shown(site, one.path) for one in followed.changes if one.path not in known]
            planned[site] = followed.changes
        return planned

    def _followed(self, site: _Site, edits: Sequence[FileChange]) -> Followed:
        from migrate.plans.vault import following
        from migrate.targets.base import TargetError

        moves = self._moves.get(site, [])

        def relative(path: str) -> str:
            return self._inside(site, path)

        if self.apart or (not site.is_package and not moves):
            # New bytes under an old name: nothing names those.
            changes = [*edits, *(change for move in moves for change in move.changes(relative))]
            return Followed(changes, {}, (), {})
        try:
            with self._reader(site, moves) as reader:
                found = moving.follow(reader, moves, relative)
                also = following.follow(reader, edits)
                changes = [*edits, *also.changes, *found.changes]
                for _, refusal in reader.refusals(changes):
                    raise FileError(f"{site.root}: {refusal.message} [{refusal.rule}]")
        except TargetError as error:
            raise FileError(f"{error}; nothing of it was changed") from None
        notes = found.notes | {refusal.key: refusal.message for refusal in also.refusals}
        return Followed(changes, found.refused, [*also.findings, *found.findings], notes)

    def _reader(self, site: _Site, moves: Sequence[Move]) -> Reader:
        """One that reaches as far as the user allowed: a folder that was named, or single files."""
        from migrate.targets.opening import open_target, target_of

        if site.is_package or site.root in self.places.targets:
            return open_target(target_of(site.root))
        only = self._inside(site, moves[0].path)
        return open_target(Target(moves[0].path, Kind.FILE, site.root, only))

    def _drop_unguarded(self, guard: Guard, written: Written) -> None:
        """Leave out what cannot be brought back."""
        for site in dict.fromkeys((*self._edits, *self._moves)):
            if site.is_package:
                error = FileError(f"{site.root}: a package is not written without a journal")
                written.fail(error, self._paths(site))
                self._edits.pop(site, None)
                self._moves.pop(site, None)
        asked: dict[str, bytes | None] = {}
        owners: dict[str, str] = {}
        for site in dict.fromkeys((*self._edits, *self._moves)):
            changes = [change for _, change in self._edits.get(site, {}).values()]
            found = {change.path: path for path, change in self._edits.get(site, {}).values()}
            for move in self._moves.get(site, []):
                for change in move.changes(functools.partial(self._inside, site)):
                    changes.append(change)
                    found[change.path] = move.path
            for change in changes:
                full = system.joined(site.root, change.path)
                asked[full], owners[full] = change.before, found[change.path]
        stopped = {owners[full]: reason for full, reason in guard(asked).items()}
        for path, reason in stopped.items():
            written.fail(FileError(f"{path}: {reason}; not written without a journal"), [path])
        for edits in self._edits.values():
            for inside in [inside for inside, (path, _) in edits.items() if path in stopped]:
                del edits[inside]
        for moves in self._moves.values():
            moves[:] = [move for move in moves if move.path not in stopped]

    def _drop_unguarded_followers(
        self, guard: Guard, planned: dict[_Site, list[FileChange]], written: Written
    ) -> None:
        """Leave out all of a folder where what must follow cannot be brought back."""
        for site, changes in planned.items():
            for full, reason in guard({system.joined(site.root, o.path): o.before for o in changes}).items():
                path = system.slashed(os.path.relpath(full))
                error = FileError(f"{path}: {reason}; not written without a journal")
                written.fail(error, self._paths(site))
                planned[site] = []

    def _write_files(self, folders: Mapping[str, Sequence[FileChange]], written: Written) -> None:
        from migrate.runs import apply as running
        from migrate.runs.effects import Placed

        every = [change for changes in folders.values() for change in changes]
        gone = sum(change.after is None for change in every)
        paths = {path for root in folders for path in self._paths(_Site(root, is_package=False))}
        try:
            run = running.execute(
                [Placed(root, changes) for root, changes in folders.items()],
                targets=self.places.targets,
                description=f"{self.verb}: {_files(len(every))}",
                contents=self.guard is None,
            )
        except running.ApplyError as error:
            written.fail(error, paths)
            return
        written.paths |= paths
        written.lines += run.notes
        if run.id:
            told = f"{_files(len(every) - gone)} written" + (f", {gone} removed" if gone else "")
            written.lines.append(f"{told}; `slingshift undo {run.id}` takes it back")

    def _rewrite(self, site: _Site, changes: Sequence[FileChange]) -> Iterator[str]:
        from migrate.runs import apply as running
        from migrate.targets.base import TargetError
        from migrate.targets.opening import target_of

        listing.release()
        count = sum(len(move.made) for move in self._moves.get(site, [])) + len(self._edits.get(site, {}))
        description = f"{self.verb}: {count} of the files in {site.root}"
        try:
            run = running.apply_changes(target_of(site.root), changes, description=description)
        except TargetError as error:
            raise FileError(f"{error}; nothing of the package was changed") from None
        except running.ApplyError as error:
            raise FileError(f"{site.root}: {error}") from None
        yield from run.notes
        yield f"{site.root}: rewritten; `slingshift undo {run.id}` takes it back"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _shown(site: _Site, path: str) -> str:
    """A path of a site as a user can open it from where they are."""
    if site.is_package:
        return f"{site.root}{INSIDE}{path}"
    return system.slashed(os.path.relpath(os.path.join(site.root, path)))


def _told(site: _Site, finding: Finding) -> str:
    """A finding, with a path that a user can open."""
    return str(finding if finding.path is None else finding._replace(path=_shown(site, finding.path)))
