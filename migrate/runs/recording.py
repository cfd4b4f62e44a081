"""Writing the journal of a new run: proves that every file is what the plan saw, and keeps it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, cast

from migrate.runs import disk, locks, records
from migrate.runs.disk import Folder as DiskFolder
from migrate.runs.disk import Folders, Meta, syncing
from migrate.runs.disk.base import regular
from migrate.runs.effects import Effect, StoredContent, digest_of
from migrate.runs.errors import ApplyError, Kind, about, printable
from migrate.runs.journal import APPLYING, ID, LOCK, PLAN, STATE, Given, Journal, commit, discard
from migrate.runs.records import ID_TIME, Entry, Folder, Record, Version
from migrate.runs.state import RUNS
from migrate.targets.changes import sha256


def create(
    state: Path,
    effects: Sequence[Effect],
    targets: Sequence[str],
    places: Sequence[str],
    description: str,
    *,
    contents: bool = True,
) -> Journal:
    """Write the journal of a new run; when this returns it is durable, and owned by this process.

    Args:
        contents: keep what is needed to finish the run or to take it back; without, only this process can.

    Raises:
        ApplyError: a file is not what the plan saw (`stale`), a symbolic link, or an I/O error. No journal is left.
    """
    folder, owner = new_folder(state)
    try:
        with about(folder, "writing the journal"), disk.folder(folder.as_posix()) as journal:
            entries, folders = _keep(journal, effects, contents=contents)
            emptied = tuple(_emptied_folders(effects))
            record = Record(
                folder.name, tuple(targets), tuple(places), description, entries, folders, emptied, contents
            )
            # The contents are durable under their names before the plan that speaks of them is.
            if _is_many(effects):
                journal.sync_file_system()
            journal.settle()
            commit(journal, PLAN, records.dump(record))
            commit(journal, STATE, APPLYING.encode() + b"\n")
            disk.settle(str(folder.parent))
    except BaseException:
        discard(folder, owner)
        raise
    # Packages are kept, so what is not kept is in memory.
    given = () if contents else tuple(cast("Given", (effect.old, effect.new)) for effect in effects)
    return Journal(folder, record, owner, given)


def _is_many(effects: Sequence[Effect]) -> bool:
    return syncing.is_many(len(effects))


def new_folder(state: Path) -> tuple[Path, int]:
    """Make and own a folder. The guard keeps the sweep away between the two, and the ids in their order."""
    with locks.guard(state), about(state / RUNS, "making the journal"):
        moment = datetime.now(UTC)
        last = max(filter(ID.fullmatch, os.listdir(state / RUNS)), default=None)
        if last is not None:
            # The clock may have been set back: a newer run must sort after every older one.
            moment = max(moment, records.moment_of(last) + timedelta(microseconds=1))
        folder = state / RUNS / f"{moment.strftime(ID_TIME)}-{os.urandom(3).hex()}"
        os.mkdir(folder, 0o700)
        try:
            return folder, locks.own(folder / LOCK)
        except BaseException:
            discard(folder)
            raise


def _keep(
    journal: DiskFolder, effects: Sequence[Effect], *, contents: bool
) -> tuple[tuple[Entry, ...], tuple[Folder, ...]]:
    """Prove the contents before, and copy them and those after into the journal."""
    with Folders() as near:
        keeper = _Keeper(journal if contents else None, not _is_many(effects), near)
        olds = [keeper.old(index, effect) for index, effect in enumerate(effects)]
        metas = {effect.full: old.meta for effect, old in zip(effects, olds, strict=True) if old is not None}
        folders = _missing_folders(effects, near)
        entries = []
        for index, (effect, old) in enumerate(zip(effects, olds, strict=True)):
            new = None
            if effect.new is not None:
                meta = metas.get(effect.like or "") or _meta_of_new(effect, folders, near)
                new = keeper.new(index, effect.new, meta)
            entries.append(Entry(effect.root, effect.path, old, new))
    return tuple(entries), tuple(folders)


class _Keeper(NamedTuple):
    """Copies contents into a journal.

    Attributes:
        journal: its folder; None to look at the contents and keep none.
        durably: whether each copy is made durable by itself.
        near: the folders of the target.
    """

    journal: DiskFolder | None
    durably: bool
    near: Folders

    def old(self, index: int, effect: Effect) -> Version | None:
        """Keep the content before, and prove that it is what the plan saw."""
        parent, _, name = effect.path.rpartition("/")
        with about(effect.full, "copying it into the journal"):
            try:
                folder = self.near.open(effect.root, parent)
                if effect.old is not None:
                    return self._copied(index, effect, folder, name)
                if folder.exists(name):
                    raise _stale(effect, "something came into being there")
            except FileNotFoundError:
                if effect.old is not None:
                    raise _stale(effect, "it is gone") from None
        return None

    def _copied(self, index: int, effect: Effect, folder: DiskFolder, name: str) -> Version:
        with _opened(folder, name) as (source, status):
            if self.journal is None:
                digest, size = disk.digest(source), status.st_size
            else:
                digest, size = self.journal.copy(source, f"old.{index}", durably=self.durably)
            if effect.old is None or digest != digest_of(effect.old):
                raise _stale(effect, "its sha256 is another")
            return Version(digest, size, folder.meta_of(name, source))

    def new(self, index: int, content: bytes | StoredContent, meta: Meta) -> Version:
        """Keep the content afterwards."""
        name = f"new.{index}"
        if not isinstance(content, StoredContent):
            if self.journal is not None:
                self.journal.write(name, content, durably=self.durably)
            return Version(sha256(content), len(content), meta)
        if self.journal is None:
            raise ApplyError(Kind.PLAN, "a package is written with a journal only")
        assert content.file is not None  # new content always has one
        content.file.seek(0)
        digest, size = self.journal.copy(content.file.fileno(), name, durably=self.durably)
        if content.sha256 not in (None, digest):
            raise ApplyError(Kind.STALE, "the new content changed since it was prepared; plan again")
        return Version(digest, size, meta)


@contextlib.contextmanager
def _opened(folder: DiskFolder, name: str) -> Iterator[tuple[int, os.stat_result]]:
    """A regular file, and what the system says of it."""
    source = folder.open(name)
    try:
        yield source, regular(source)
    finally:
        os.close(source)


def _meta_of_new(effect: Effect, folders: Sequence[Folder], near: Folders) -> Meta:
    """Of a file that is made: as the one that it says the same as in another form.

    One made from nothing belongs to whom its folder belongs, and others do not read it: it may hold a secret.
    """
    if effect.like is not None:
        parent, _, name = effect.like.removeprefix(effect.root).lstrip("/").rpartition("/")
        with about(effect.like, "looking at its mode"):
            folder = near.open(effect.root, parent)
            with _opened(folder, name) as (source, _):
                return folder.meta_of(name, source)
    parent = effect.path.rpartition("/")[0]
    meta = next((f.meta for f in folders if (f.root, f.path) == (effect.root, parent)), None)
    if meta is None:
        with about(effect.full, "looking at its folder"):
            meta = near.open(effect.root, parent).meta()
    return Meta(meta.mode & 0o660, meta.uid, meta.gid)


def _missing_folders(effects: Iterable[Effect], near: Folders) -> list[Folder]:
    """The folders that have to be made, outer ones first; each will look like the nearest one that is there."""
    missing: dict[tuple[str, str], Folder] = {}
    needed = {(e.root, e.path.rpartition("/")[0]): e for e in effects if e.new is not None}
    for (root, parent), effect in needed.items():
        meta = None
        parts = parent.split("/") if parent else []
        for path in ("/".join(parts[:depth]) for depth in range(len(parts) + 1)):
            with about(effect.full, "looking at its folder"):
                try:
                    meta = near.open(root, path).meta()
                except FileNotFoundError:
                    if meta is None:
                        raise _stale(effect, "the target's folder is gone") from None
                    missing.setdefault((root, path), Folder(root, path, meta))
    return list(missing.values())


def _emptied_folders(effects: Iterable[Effect]) -> Iterator[Folder]:
    """The folders that stand for one node (``F.1/``, ``F.1.config.dir/``) and lose a file of it, and those below.

    FileVault makes a node of a folder even when nothing is in it; so it must go with its last file.
    """
    found: dict[tuple[str, str], Effect] = {}
    losing = [effect for effect in effects if effect.new is None and "/" in effect.path]
    for effect in losing:
        parent, _, name = effect.path.rpartition("/")
        if name == ".content.xml" or parent.endswith(".dir"):
            found.setdefault((effect.root, parent), effect)
    for effect in losing:
        parts = effect.path.split("/")[:-1]
        above = [(effect.root, "/".join(parts[:depth])) for depth in range(1, len(parts) + 1)]
        first = next((at for at, one in enumerate(above) if one in found), len(above))
        for below in above[first:]:
            found.setdefault(below, effect)
    for (root, path), effect in sorted(found.items(), key=lambda item: item[0]):
        with about(effect.full, "looking at its folder"), disk.folder(root, path) as folder:
            yield Folder(root, path, folder.meta())


def _stale(effect: Effect, what: str) -> ApplyError:
    return ApplyError(
        Kind.STALE,
        f"{printable(effect.full)}: not what the plan saw ({what}), so the edits may not fit. "
        "Plan again and review it",
    )
