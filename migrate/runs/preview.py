"""What an undo would bring back: the bytes of each file now and then; reads only."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from migrate.runs import disk, journal, listing
from migrate.runs.carrying import OLD
from migrate.runs.errors import ApplyError, Kind, about, printable
from migrate.runs.journal import Journal
from migrate.runs.records import Entry
from migrate.runs.state import locate
from migrate.targets.base import INSIDE, is_package
from migrate.targets.changes import told
from migrate.targets.instance.access import Access
from migrate.targets.package.archive import Archive, Budget, Limits
from migrate.targets.package.window import ArchiveError, Window

_LIMITS = Limits()


class Returning(NamedTuple):
    """A file that an undo changes.

    Attributes:
        root: the folder that the path is relative to.
        path: as the run's apply had it; of an entry of a package, with that before it.
        now: its bytes; None where there is no file.
        then: its bytes after the undo; None where there will be none.
        is_too_large: it is not read.
    """

    root: str
    path: str
    now: bytes | None
    then: bytes | None
    is_too_large: bool = False

    def __repr__(self) -> str:
        return f"Returning({self.root!r}, {self.path!r}, now={told(self.now)}, then={told(self.then)})"


def returning(run_id: str, state: Path | None = None, *, access: Access | None = None) -> Iterator[Returning]:
    """What the undo of a run would change.

    Args:
        access: how to reach the instance that the run changed; no other run asks for it.

    Raises:
        ApplyError: no such run, there is nothing to take back, or its journal or a file cannot be read.
    """
    wanted = journal.load(locate(state), run_id)
    if wanted.mark() not in (journal.APPLYING, journal.DONE, journal.UNDOING):
        raise ApplyError(
            Kind.UNKNOWN_RUN, f"run {run_id} is {wanted.mark()}: there is nothing to take back", run=run_id
        )
    if listing.is_on_instance(wanted.record):
        from migrate.runs.instance import settled

        for path, now, then in settled.returning(wanted, access):
            yield Returning(wanted.record.places[0], path, now, then)
        return
    for index, entry in enumerate(wanted.record.entries):
        for found in _of_entry(wanted, index, entry):
            if found.now != found.then or found.is_too_large:
                yield found


def _of_entry(wanted: Journal, index: int, entry: Entry) -> Iterator[Returning]:
    now = _now(entry)
    try:
        if entry.old is None:
            yield from _of_file(entry.root, entry.path, now, None)
            return
        with wanted.kept(index, OLD) as descriptor, os.fdopen(os.dup(descriptor), "rb") as old:
            yield from _of_file(entry.root, entry.path, now, old)
    finally:
        if now is not None:
            now.close()


def _now(entry: Entry) -> IO[bytes] | None:
    with about(entry.full, "reading it"):
        try:
            with disk.folder(entry.root, entry.parent) as folder:
                descriptor = folder.open(entry.name)
        except FileNotFoundError:
            return None
        return os.fdopen(descriptor, "rb")


def _of_file(
    root: str, path: str, now: IO[bytes] | None, then: IO[bytes] | None, depth: int = 0
) -> Iterator[Returning]:
    if is_package(path) and now is not None and then is not None and depth <= _LIMITS.depth:
        yield from _of_package(root, path, now, then, depth)
    else:
        yield Returning(
            root, path, None if now is None else now.read(), None if then is None else then.read()
        )


def _of_package(root: str, path: str, now: IO[bytes], then: IO[bytes], depth: int) -> Iterator[Returning]:
    """The entries that differ."""
    try:
        current, former = _archive(now, path, depth), _archive(then, path, depth)
        for name in sorted(current.by_name.keys() | former.by_name.keys()):
            sides = [(archive, archive.by_name.get(name)) for archive in (current, former)]
            here, there = (entry for _, entry in sides)
            if here and there and (here.crc, here.size) == (there.crc, there.size):
                continue
            inside = f"{path}{INSIDE}{name}"
            if any(entry is not None and entry.size > archive.limits.entry_bytes for archive, entry in sides):
                yield Returning(root, inside, None, None, is_too_large=True)
                continue
            new, old = (None if entry is None else io.BytesIO(archive.read(name)) for archive, entry in sides)
            yield from _of_file(root, inside, new, old, depth + 1)
    except ArchiveError as error:
        message = f"{printable(path)}: cannot be read as a package any more; it was changed since"
        raise ApplyError(Kind.CONFLICT, f"{message} ({error})") from None


def _archive(file: IO[bytes], path: str, depth: int) -> Archive:
    return Archive.over(Window(file, 0, file.seek(0, io.SEEK_END)), path, Budget(_LIMITS), depth)
