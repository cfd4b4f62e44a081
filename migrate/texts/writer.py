"""What `lint --fix`, `fmt` and `convert` write, with the writer of `apply`: through the journal, all or nothing.

The files of all targets are one run; a package is rewritten as a whole and is a run of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrate.errors import MigrateError
from migrate.targets import system
from migrate.targets.base import INSIDE
from migrate.targets.changes import FileChange
from migrate.texts import listing
from migrate.texts.listing import FileError
from migrate.texts.places import Place, Places

Guard = Callable[[Mapping[str, bytes | None]], Mapping[str, str]]
"""Why some files, absolute, with these bytes or to be made, must not be written without a journal.

Says nothing of the others.
"""


@dataclass(slots=True)
class Written:
    """What came of it.

    Attributes:
        paths: the files that hold what they should, as the caller named them.
        lines: what is to be said.
        errors: why others stay as they were.
    """

    paths: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    errors: list[MigrateError] = field(default_factory=list)


@dataclass(slots=True)
class Writer:
    """Hears of all files first, and writes them in :meth:`finish`.

    Attributes:
        verb: the command, for the record of a run.
        places: where the files are.
        tells: whether values change, or files come: then what an import makes of it is worth a word.
        guard: who answers for the old contents where no journal is kept; None to keep one.
    """

    verb: str
    places: Places
    tells: bool = True
    guard: Guard | None = None
    _files: dict[str, tuple[str, Place, FileChange]] = field(default_factory=dict)
    _packed: dict[str, dict[str, tuple[str, FileChange]]] = field(default_factory=dict)

    def replace(self, path: str, before: bytes, after: bytes) -> None:
        """Give a file, or an entry of a package, other bytes.

        Raises:
            FileError: it is a symbolic link.
        """
        packed = listing.in_package(path)
        if packed is not None:
            self._pack(path, packed, FileChange(packed[1], before, after))
            return
        place = self.places.of(path)
        if os.path.islink(system.native(place.full)):
            raise FileError(f"{path}: a symbolic link; not written. Name the file that it leads to")
        self._files.setdefault(place.full, (path, place, FileChange(place.inside, before, after)))

    def create(self, path: str, data: bytes, like: str) -> None:
        """Make a file that says the same as another one, with the same mode and owner.

        Raises:
            FileError: something has this name already, or will have.
        """
        packed, source = listing.in_package(path), listing.in_package(like)
        if packed is not None and source is not None:
            if packed[1] in self._packed.get(packed[0], {}) or listing.has_entry(*packed):
                raise FileError(f"{path}: is there already; not overwritten")
            self._pack(path, packed, FileChange(packed[1], None, data, like=source[1]))
            return
        place = self.places.of(path)
        if place.full in self._files or os.path.lexists(system.native(place.full)):
            raise FileError(f"{path}: is there already; not overwritten")
        model = Place(*os.path.split(system.resolved(source[0]))) if source else self.places.of(like)
        root = system.slashed(os.path.commonpath([place.root, model.root]))
        place, model = place.below(root), model.below(root)
        self._files[place.full] = (path, place, FileChange(place.inside, None, data, like=model.inside))

    def finish(self) -> Written:
        """Write everything."""
        written = Written()
        if self.guard is not None:
            self._drop_unguarded(self.guard, written)
        if self._files:
            self._write_files(written)
        for target, changes in self._packed.items():
            try:
                written.lines += self._rewrite(target, [change for _, change in changes.values()])
                written.paths |= {path for path, _ in changes.values()}
            except MigrateError as error:
                written.errors.append(error)
        self._files, self._packed = {}, {}
        return written

    def _pack(self, path: str, packed: tuple[str, str], change: FileChange) -> None:
        self._packed.setdefault(packed[0], {})[packed[1]] = (path, change)

    def _drop_unguarded(self, guard: Guard, written: Written) -> None:
        """Leave out what cannot be brought back."""
        refused = guard({full: change.before for full, (_, _, change) in self._files.items()})
        for full, reason in refused.items():
            path, _, _ = self._files.pop(full)
            written.errors.append(FileError(f"{path}: {reason}; not written without a journal"))
        for target in self._packed:
            written.errors.append(FileError(f"{target}: a package is not written without a journal"))
        self._packed = {}

    def _write_files(self, written: Written) -> None:
        from migrate.runs import apply as running
        from migrate.runs.effects import Placed

        changes: dict[str, list[FileChange]] = {}
        for _, place, change in self._files.values():
            changes.setdefault(place.root, []).append(change)
        count = len(self._files)
        files = "1 file" if count == 1 else f"{count} files"
        try:
            run = running.execute(
                [Placed(root, some) for root, some in changes.items()],
                targets=self.places.targets,
                description=f"{self.verb}: {files}",
                contents=self.guard is None,
            )
        except running.ApplyError as error:
            written.errors.append(error)
            return
        written.paths |= {path for path, _, _ in self._files.values()}
        written.lines += run.notes
        if run.id:
            written.lines.append(f"{files} written; `slingshift undo {run.id}` takes it back")

    def _rewrite(self, target: str, changes: Sequence[FileChange]) -> Iterator[str]:
        from migrate.plans.vault import following
        from migrate.runs import apply as running
        from migrate.targets.base import TargetError
        from migrate.targets.opening import open_target, target_of

        listing.release()
        try:
            found = target_of(target)
            with open_target(found) as reader:
                followed = following.follow(reader, changes)
                for _, refusal in reader.refusals(changes):
                    raise FileError(f"{target}: {refusal.message} [{refusal.rule}]")
            description = f"{self.verb}: {len(changes)} of the files in {target}"
            run = running.apply_changes(found, [*changes, *followed.changes], description=description)
        except TargetError as error:
            raise FileError(f"{error}; nothing of the package was changed") from None
        except running.ApplyError as error:
            raise FileError(f"{target}: {error}") from None
        if self.tells:
            yield from (f"{target}{INSIDE}{refusal.key}: {refusal.message}" for refusal in followed.refusals)
            yield from (f"{target}{INSIDE}{finding}" for finding in followed.findings)
        yield from run.notes
        yield f"{target}: rewritten; `slingshift undo {run.id}` takes it back"
