"""Bring every path of a run to its new content, or back to its old one, from whatever state it is in.

The same few steps serve apply, resume, undo and the rollback after an error, so each of them can follow on any
of the others, cut off at any moment:

1. look at every path: it holds the old content, the new content, or something foreign;
2. remove temporary files that an earlier attempt left (their names follow from the journal);
3. make folders, and write every content that is needed as a hidden temporary file beside its destination, durably;
   a full disk shows here, when nothing has changed yet;
4. give the temporary files their names: a rename over the file of that name, or a link to a name that is free;
5. make that durable, and only then remove what is to go.

A path is therefore never half-written, and content that moves is safe under its new name before the old one goes.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from migrate.runs import disk
from migrate.runs.disk import Folder as DiskFolder
from migrate.runs.disk import Folders, Meta, Seen, syncing
from migrate.runs.errors import ApplyError, Kind, about, from_os, printable
from migrate.runs.journal import Journal
from migrate.runs.records import Entry, Folder, Version
from migrate.targets.changes import sha256

NEW, OLD = "new", "old"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about one path.

    Attributes:
        index: of the entry in the journal.
        seen: what stands there now; None for no file.
        wanted: what shall stand there; None for no file.
    """

    index: int
    entry: Entry
    seen: Seen | None
    wanted: Version | None

    @property
    def is_reached(self) -> bool:
        """Whether the path holds the wanted content already."""
        if self.seen is None or self.wanted is None:
            return self.seen is None and self.wanted is None
        return self.seen.sha256 == self.wanted.sha256


@dataclass(slots=True)
class Survey:
    """All paths of a run, as they are.

    Attributes:
        steps: one for each path that holds the old or the new content.
        foreign: entries whose path holds something else, with their index.
    """

    goal: str
    steps: list[Step] = field(default_factory=list)
    foreign: list[tuple[int, Entry]] = field(default_factory=list)


def survey(journal: Journal, goal: str, only: set[int] | None = None) -> Survey:
    """Look at the paths of a run; changes nothing.

    Args:
        goal: NEW or OLD.
        only: the entries to look at; all by default.

    Raises:
        ApplyError: a path cannot be read, or a symbolic link stands there.
    """
    found = Survey(goal)
    with Folders() as near:
        for index, entry in enumerate(journal.record.entries):
            if only is not None and index not in only:
                continue
            seen = _look(entry, near)
            wanted, other = (entry.new, entry.old) if goal == NEW else (entry.old, entry.new)
            step = Step(index, entry, seen, wanted)
            if step.is_reached or Step(index, entry, seen, other).is_reached:
                found.steps.append(step)
            else:
                found.foreign.append((index, entry))
    return found


def carry_out(journal: Journal, found: Survey, started: set[int]) -> list[str]:
    """Bring the surveyed paths to the goal; gives notes about what could not be kept.

    Args:
        found: a survey without foreign paths.
        started: filled with the entries whose paths may have changed; what a rollback has to look at.

    Raises:
        ApplyError: the disk refuses, or a path changed since the survey.
    """
    clear(journal)
    notes: list[str] = []
    todo = [step for step in found.steps if not step.is_reached]
    record = journal.record
    _make_folders(record.folders if found.goal == NEW else record.emptied)
    try:
        gaining = [step for step in todo if step.wanted is not None]
        notes += _stage_all(journal, gaining, found.goal)
        _switch(journal, gaining, started)
    except ApplyError:
        # Whoever looks into the folder before the next attempt should find no left-over.
        with contextlib.suppress(ApplyError):
            clear(journal)
        raise
    _remove([step for step in todo if step.wanted is None], started)
    if found.goal == OLD:
        for step in found.steps:
            if step.is_reached:
                _restore_meta(step)
    _remove_folders(record.emptied if found.goal == NEW else record.folders)
    return notes


def prove(journal: Journal, found: Survey) -> None:
    """Prove that the journal's copies that are needed are what they were, before anything is done.

    Raises:
        ApplyError: one is damaged, or cannot be read.
    """
    for step in found.steps:
        if step.wanted is None or step.is_reached:
            continue
        with journal.content(step.index, found.goal) as content:
            with about(journal.blob(step.index, found.goal), "reading the journal"):
                digest = sha256(content) if isinstance(content, bytes) else disk.digest(content)
            if digest != step.wanted.sha256:
                raise _damaged(journal, step, found.goal)


def clear(journal: Journal) -> None:
    """Remove the temporary files of a run, wherever an earlier attempt was cut off.

    Raises:
        ApplyError: the disk refuses.
    """
    with Folders() as near:
        for index, entry in enumerate(journal.record.entries):
            with (
                about(entry.full, "removing a temporary file beside it"),
                contextlib.suppress(FileNotFoundError),
            ):
                folder, name = near.open(entry.root, entry.parent), temporary_name(journal, index)
                # A read-only disk refuses to remove even what is not there.
                if folder.exists(name):
                    folder.remove(name)


def temporary_name(journal: Journal, index: int) -> str:
    """The name of an entry's temporary file: hidden, and no name that AEM, vlt or a package build takes for content."""
    return f".slingshift-{journal.id}-{index}.tmp"


def _look(entry: Entry, near: Folders) -> Seen | None:
    with about(entry.full, "reading it"):
        try:
            return near.open(entry.root, entry.parent).look(entry.name)
        except FileNotFoundError:
            return None


def _make_folders(folders: Sequence[Folder]) -> None:
    for made in folders:
        parent, _, name = made.path.rpartition("/")
        with about(f"{made.root}/{made.path}", "making the folder"), disk.folder(made.root, parent) as above:
            with contextlib.suppress(FileExistsError):
                above.make_folder(name)
            with disk.folder(made.root, made.path) as folder:
                folder.set_meta(made.meta)
                folder.settle()
            above.settle()


def _remove_folders(folders: Sequence[Folder]) -> None:
    """Remove folders that the run made, or emptied, unless something stands in them."""
    for made in reversed(folders):
        parent, _, name = made.path.rpartition("/")
        with about(f"{made.root}/{made.path}", "removing the folder"):
            try:
                with disk.folder(made.root, parent) as above:
                    above.remove_folder(name)
                    above.settle()
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST):
                    raise


def _stage_all(journal: Journal, steps: Sequence[Step], goal: str) -> list[str]:
    """Write the wanted contents beside their destinations, durably."""
    durably = not syncing.is_many(len(steps))
    notes: list[str] = []
    with Folders() as near:
        for step in steps:
            assert step.wanted is not None  # every one of these gains content
            notes += _stage(journal, step, step.wanted, goal, near, durably=durably)
    if not durably:
        _sync_at_once(steps)
    return notes


def _stage(
    journal: Journal, step: Step, wanted: Version, goal: str, near: Folders, *, durably: bool
) -> list[str]:
    name = temporary_name(journal, step.index)
    with _folder_of(step, "writing a temporary file beside it", near) as folder:
        with journal.content(step.index, goal) as content:
            digest, got = folder.stage(content, name, wanted.meta, durably=durably)
        if digest != wanted.sha256:
            folder.remove(name)
            raise _damaged(journal, step, goal)
    return _lost(step.entry, wanted.meta, got)


def _sync_at_once(steps: Sequence[Step]) -> None:
    """Make staged files durable, with one call for each file system that they are on."""
    devices = set()
    for root, parent in dict.fromkeys((step.entry.root, step.entry.parent) for step in steps):
        with about(f"{root}/{parent}", "making new content durable"), disk.folder(root, parent) as folder:
            device = folder.device()
            if device not in devices:
                devices.add(device)
                folder.sync_file_system()


def _damaged(journal: Journal, step: Step, goal: str) -> ApplyError:
    return ApplyError(
        Kind.DAMAGED,
        f"{printable(str(journal.blob(step.index, goal)))}: the journal's copy of {printable(step.entry.full)} is "
        "damaged; no path was touched. The other copies beside it may be whole",
        run=journal.id,
    )


def _lost(entry: Entry, wanted: Meta, got: Meta) -> list[str]:
    notes = []
    if (got.uid, got.gid) != (wanted.uid, wanted.gid):
        notes.append(
            f"{printable(entry.full)}: owner {wanted.uid}:{wanted.gid} could not be kept, it is now "
            f"{got.uid}:{got.gid} with mode {got.mode:04o}; see that AEM's user can still read it"
        )
    if got.attributes != wanted.attributes:
        names = ", ".join(sorted(wanted.attributes.keys() - got.attributes.keys()))
        notes.append(f"{printable(entry.full)}: extended attributes could not be kept: {printable(names)}")
    return notes


def _switch(journal: Journal, steps: Sequence[Step], started: set[int]) -> None:
    """Give the temporary files their names, folder by folder durable at the end."""
    with Folders() as near:
        for step in steps:
            name = temporary_name(journal, step.index)
            with _folder_of(step, "giving the new content its name", near) as folder:
                _check_still(step, folder)
                started.add(step.index)
                if step.seen is None:
                    try:
                        folder.put_new(name, step.entry.name)
                    except FileExistsError:
                        raise _changed(step) from None
                else:
                    folder.put_over(name, step.entry.name)
    _settle(steps)


def _remove(steps: Sequence[Step], started: set[int]) -> None:
    with Folders() as near:
        for step in steps:
            with _folder_of(step, "removing it", near) as folder:
                _check_still(step, folder)
                started.add(step.index)
                folder.remove(step.entry.name)
    _settle(steps)


def _settle(steps: Sequence[Step]) -> None:
    for root, parent in dict.fromkeys((step.entry.root, step.entry.parent) for step in steps):
        with about(f"{root}/{parent}", "making the names durable"), disk.folder(root, parent) as folder:
            folder.settle()


def _check_still(step: Step, folder: DiskFolder) -> None:
    if not folder.is_still(step.entry.name, step.seen):
        raise _changed(step)


def _changed(step: Step) -> ApplyError:
    return ApplyError(
        Kind.STALE,
        f"{printable(step.entry.full)}: somebody changed it this very moment; it was left as it is",
    )


def _restore_meta(step: Step) -> None:
    """Give a file that has its old content its old mode and owner, too."""
    if step.seen is None or step.wanted is None:
        return
    has, wanted = step.seen.meta, step.wanted.meta
    if (has.mode, has.uid, has.gid) == (wanted.mode, wanted.uid, wanted.gid):
        return
    with Folders() as near, _folder_of(step, "restoring its mode", near) as folder:
        folder.restore_meta(step.entry.name, wanted)


@contextlib.contextmanager
def _folder_of(step: Step, doing: str, near: Folders) -> Iterator[DiskFolder]:
    """The folder of a step's path; a missing one is an error here."""
    try:
        yield near.open(step.entry.root, step.entry.parent)
    except OSError as error:
        raise from_os(error, step.entry.full, doing) from None
