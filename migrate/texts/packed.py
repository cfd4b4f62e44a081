"""What `lint --fix`, `fmt` and `convert` write: files at once, the entries of a package together in the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from migrate.targets.base import INSIDE
from migrate.targets.changes import FileChange
from migrate.texts import listing, writing
from migrate.texts.listing import FileError


@dataclass(slots=True)
class Writer:
    """Writes files. Call :meth:`finish` after the last one.

    Attributes:
        verb: the command, for the record of a run.
        tells: whether values change, or files come: then what an import makes of it is worth a word.
    """

    verb: str
    tells: bool = True
    _packed: dict[str, dict[str, FileChange]] = field(default_factory=dict)
    _folders: set[str] = field(default_factory=set)

    def replace(self, path: str, before: bytes, after: bytes) -> None:
        """Give a file other bytes; see :func:`writing.replace`.

        Raises:
            FileError: as there.
        """
        packed = listing.in_package(path)
        if packed is None:
            writing.replace(path, before, after)
            self._folders.add(os.path.dirname(path) or ".")
        else:
            self._keep(packed, FileChange(packed[1], before, after))

    def create(self, path: str, data: bytes, like: str) -> None:
        """Make a file that says the same as another one; see :func:`writing.create`.

        Raises:
            FileError: as there.
        """
        packed, source = listing.in_package(path), listing.in_package(like)
        if packed is None or source is None:
            writing.create(path, data)
            self._folders.add(os.path.dirname(path) or ".")
            return
        if packed[1] in self._packed.get(packed[0], {}) or listing.has_entry(*packed):
            raise FileError(f"{path}: is there already; not overwritten")
        self._keep(packed, FileChange(packed[1], None, data, like=source[1]))

    def finish(self) -> Iterator[str | FileError]:
        """Make sure of the files and rewrite the packages.

        Gives what is to be said, and the errors of the packages that stay as they were.
        """
        for folder in self._folders:
            writing.settle(folder)
        for target, outcomes in self._packed.items():
            try:
                yield from self._rewrite(target, list(outcomes.values()))
            except FileError as error:
                yield error
        self._packed.clear()

    def _keep(self, packed: tuple[str, str], outcome: FileChange) -> None:
        self._packed.setdefault(packed[0], {})[packed[1]] = outcome

    def _rewrite(self, target: str, outcomes: list[FileChange]) -> Iterator[str]:
        from migrate.plans.vault import following
        from migrate.runs import apply as running
        from migrate.targets.base import TargetError
        from migrate.targets.opening import open_target, target_of

        try:
            found = target_of(target)
            with open_target(found) as reader:
                followed = following.follow(reader, outcomes)
                for _, refusal in reader.refusals(outcomes):
                    raise FileError(f"{target}: {refusal.message} [{refusal.rule}]")
            description = f"{self.verb}: {len(outcomes)} of the files in {target}"
            run = running.apply_changes(found, [*outcomes, *followed.changes], description=description)
        except TargetError as error:
            raise FileError(f"{error}; nothing of the package was changed") from None
        except running.ApplyError as error:
            raise FileError(f"{target}: {error}") from None
        if self.tells:
            yield from (f"{target}{INSIDE}{refusal.key}: {refusal.message}" for refusal in followed.refusals)
            yield from (f"{target}{INSIDE}{finding}" for finding in followed.findings)
        yield from run.notes
        yield f"{target}: rewritten; `slingshift undo {run.id}` takes it back"
