"""The journal of a run: what it does to each path, and every byte that is needed to finish it or to take it back.

One folder a run, `runs/<id>/`, 0700, its files 0600:

- `lock`: locked by the process that works on the run; tells a run that is at work from one that was killed.
- `old.N`, `new.N`: content of the N-th entry before and after.
- `plan.json`: the entries, and whether their contents are kept. It gets its name last, by a rename: a folder without
  it is a journal that was cut off while it was written, when no target had been touched yet.
- `state`: `applying`, `done`, `undoing`, `undone` or `rolled-back`; none means the same as `applying`. It is written
  after `plan.json`: a folder with `state` alone has lost its plan, and is damaged.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grammar import patterns
from migrate.runs import disk, locks, records
from migrate.runs.disk import Folder
from migrate.runs.errors import ApplyError, Kind, about, printable
from migrate.runs.records import Record, RunInfo
from migrate.runs.state import RUNS
from migrate.targets import system

PLAN, STATE, LOCK = "plan.json", "state", "lock"

APPLYING, DONE, UNDOING, UNDONE, ROLLED_BACK = "applying", "done", "undoing", "undone", "rolled-back"
INTERRUPTED, UNDO_INTERRUPTED, RUNNING, DAMAGED = "interrupted", "undo-interrupted", "running", "damaged"

ID = patterns.lazy(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}")
MARKS = frozenset({APPLYING, DONE, UNDOING, UNDONE, ROLLED_BACK})
_NEVER_READ_AGAIN = {DONE: ("new.",), UNDONE: ("new.", "old."), ROLLED_BACK: ("new.", "old.")}


Given = tuple[bytes | None, bytes | None]


@dataclass(slots=True)
class Journal:
    """A committed journal.

    Attributes:
        folder: `runs/<id>`.
        record: what it says about the run.
        owner: descriptor of the locked `lock` file while this process works on the run.
        given: for each entry its content before and after, where the journal keeps none.
    """

    folder: Path
    record: Record
    owner: int | None = None
    given: tuple[Given, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        return self.record.id

    def info(self) -> RunInfo:
        """The run as it stands now."""
        return self.record.info(self.state())

    def mark(self) -> str:
        """What the journal says about how far the run is.

        Raises:
            ApplyError: it cannot be read, or says nothing known.
        """
        return mark_of(self.folder)

    def state(self) -> str:
        """The state of :class:`RunInfo`: the mark, and whether a process is at work."""
        mark = self.mark()
        if mark not in (APPLYING, UNDOING):
            return mark
        with about(self.folder / LOCK, "reading the journal"):
            if self.owner is not None or locks.is_owned(self.folder / LOCK):
                return RUNNING
        return INTERRUPTED if mark == APPLYING else UNDO_INTERRUPTED

    def set_mark(self, mark: str) -> None:
        """Record how far the run is, durably; all or nothing.

        Raises:
            ApplyError: it cannot be written.
        """
        with about(self.folder / STATE, "writing the journal"), disk.folder(self.folder.as_posix()) as folder:
            commit(folder, STATE, mark.encode() + b"\n")

    def set_last_mark(self, mark: str) -> None:
        """Record that nothing is left to do.

        A mark that has its name but could not be made durable counts: should a power cut take it away, the run
        shows as interrupted, and finishing it finds nothing to do.

        A journal without contents has nothing to be settled: it goes with `purge`.

        Raises:
            ApplyError: it cannot be written.
        """
        if not self.record.contents:
            return
        try:
            self.set_mark(mark)
        except ApplyError:
            if self.mark() != mark:
                raise

    @contextlib.contextmanager
    def content(self, index: int, which: str) -> Iterator[int | bytes]:
        """The content of an entry, `old` or `new`: an open file, or the bytes.

        Raises:
            ApplyError: it cannot be opened.
        """
        if self.given:
            content = self.given[index][which == "new"]
            assert content is not None  # nobody asks for the content of no file
            yield content
            return
        with self.kept(index, which) as descriptor:
            yield descriptor

    @contextlib.contextmanager
    def kept(self, index: int, which: str) -> Iterator[int]:
        """Open the content of an entry that the journal keeps.

        Raises:
            ApplyError: it cannot be opened.
        """
        with about(self.blob(index, which), "reading the journal"):
            descriptor = system.open_to_read(str(self.blob(index, which)))
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def blob(self, index: int, which: str) -> Path:
        """Where the content of an entry is kept."""
        return self.folder / f"{which}.{index}"

    @contextlib.contextmanager
    def owned(self) -> Iterator[None]:
        """Be the process that works on this run, until the block ends.

        Raises:
            ApplyError: the lock cannot be taken.
        """
        if self.owner is None:
            with about(self.folder / LOCK, "locking the journal"):
                self.owner = locks.own(self.folder / LOCK)
        try:
            yield
        finally:
            descriptor, self.owner = self.owner, None
            os.close(descriptor)

    def purge(self) -> None:
        """Drop content of no further use: secrets stay no longer than they must. Never fails.

        Of a run without contents nothing is of use any more.
        """
        if not self.record.contents:
            discard(self.folder)
            return
        with contextlib.suppress(OSError, ApplyError):
            _purge(self.folder, self.mark())


def mark_of(folder: Path) -> str:
    """What a journal says about how far its run is.

    Raises:
        ApplyError: it cannot be read, or says nothing known.
    """
    if not os.path.lexists(folder / STATE):
        return APPLYING
    told = small_file(folder / STATE).decode("ascii", "replace").strip()
    if told not in MARKS:
        raise damaged(folder)
    return told


def load(state: Path, run: str) -> Journal:
    """Read a journal.

    Raises:
        ApplyError: there is none of that id, or it cannot be read.
    """
    folder = state / RUNS / run
    if not ID.fullmatch(run) or not _is_committed(folder):
        raise ApplyError(
            Kind.UNKNOWN_RUN,
            f"{printable(run)}: no such run; `slingshift undo --list` names the runs there are",
        )
    data = small_file(folder / PLAN)
    try:
        record = records.parse(data)
    except ValueError:
        raise damaged(folder) from None
    if record.id != run:
        raise damaged(folder)
    return Journal(folder, record)


def ids(state: Path) -> list[str]:
    """The ids of all committed runs, oldest first.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    with about(state / RUNS, "listing the runs"):
        try:
            names = os.listdir(state / RUNS)
        except FileNotFoundError:
            return []
    return sorted(name for name in names if ID.fullmatch(name) and _is_committed(state / RUNS / name))


def _is_committed(folder: Path) -> bool:
    """Whether a run was begun, though its plan may be lost since."""
    return os.path.lexists(folder / PLAN) or os.path.lexists(folder / STATE)


def sweep(state: Path) -> None:
    """Remove journals that were cut off while they were written, and content of no further use. Never fails."""
    with contextlib.suppress(OSError, ApplyError), locks.guard(state):
        for name in os.listdir(state / RUNS):
            folder = state / RUNS / name
            if not ID.fullmatch(name) or locks.is_owned(folder / LOCK):
                continue
            if not _is_committed(folder):
                discard(folder)
            if not os.path.lexists(folder / PLAN):
                # The originals of a damaged run are the user's to give up.
                continue
            with contextlib.suppress(FileNotFoundError):
                _purge(folder, _read(folder / STATE).decode("ascii", "replace").strip())


def discard(folder: Path, owner: int | None = None) -> None:
    """Give up a journal before any target was touched. Never fails; what stays is seen as cut off.

    `state` and `plan.json` go first: while one of them is there, everything else is, too. The lock goes last, since
    Windows removes no file that is open.

    Args:
        owner: descriptor of the locked `lock` file; closed.
    """
    names: list[str] = []
    with contextlib.suppress(OSError):
        names = sorted(os.listdir(folder), key=lambda name: (name == LOCK, name != STATE, name != PLAN))
        while names and names[0] != LOCK:
            os.unlink(folder / names[0])
            del names[0]
    if owner is not None:
        os.close(owner)
    with contextlib.suppress(OSError):
        if names == [LOCK]:
            os.unlink(folder / LOCK)
        os.rmdir(folder)


def commit(folder: Folder, name: str, data: bytes) -> None:
    """Write a small file of a journal, durably; all or nothing.

    Raises:
        OSError: it cannot be written.
    """
    temporary = f"{name}.tmp"
    folder.remove(temporary)
    folder.write(temporary, data)
    folder.put_over(temporary, name)
    folder.settle()


def damaged(folder: Path) -> ApplyError:
    """The error for a journal that makes no sense."""
    return ApplyError(
        Kind.DAMAGED,
        f"{printable(str(folder))}: the journal is damaged, so this run can neither be finished nor taken back by "
        "slingshift. The files old.0, old.1 ... in that folder are the originals, and hidden files beside them in "
        f"the target, .slingshift-{folder.name}-*.tmp, are left-overs; delete both to give the run up",
        run=folder.name,
    )


def _purge(folder: Path, mark: str) -> None:
    unused = _NEVER_READ_AGAIN.get(mark)
    if unused is None:
        return
    for name in os.listdir(folder):
        if name.startswith(unused):
            os.unlink(folder / name)


def small_file(path: Path) -> bytes:
    """What a small file of a journal says; something else than a file there is damage."""
    try:
        with about(path, "reading the journal"):
            return _read(path)
    except ApplyError as error:
        is_damage = error.kind is Kind.LINK or not os.path.lexists(path)
        raise damaged(path.parent) if is_damage else error from None


def _read(path: Path) -> bytes:
    descriptor = system.open_to_read(str(path))
    try:
        return b"".join(disk.chunks(descriptor))
    finally:
        os.close(descriptor)
