"""Folders by path, for systems that cannot hold one open: Windows.

What is weaker than on POSIX is said in docs/windows.md: a folder that somebody replaces by a link between two calls is
followed, and names are as durable as the file system's own journal makes them. What is stranger: a name cannot be
given to or taken from a file that any program has open without sharing it (a virus scanner, an indexer, an editor), so
we try again for two seconds; and a file that is read-only cannot be replaced or removed before it is writable.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import TypeVar

from migrate.runs.disk import base
from migrate.runs.disk.base import Meta, Seen
from migrate.targets import system

if sys.platform == "win32":
    from migrate.runs.disk import access_lists

Result = TypeVar("Result")

DACL = "windows.dacl"
"""The attribute that keeps a file's own access list."""

_BUSY = frozenset({5, 32, 33})
"""ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION: another program may have the file open."""
_WAITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_READ_ONLY = 0o444
_LOCKS_AT = 1 << 30
"""Nobody may read what is locked, so locks lie far behind what a lock file says."""
_TOGETHER = 64
"""How many can hold a lock together: each takes one byte, and who wants to be alone takes all of them."""
_POLL = 0.02


def open_folder(root: str, parent: str = "") -> base.Folder:
    """A folder of a target; no component from the root on may be a link or a junction at this moment.

    Args and errors as in :func:`migrate.runs.disk.posix.open_folder`.
    """
    path = system.joined(root, parent)
    if not stat.S_ISDIR(os.stat(system.native(path)).st_mode) or not _is_itself(path):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return WindowsFolder(path)


def settle(path: str) -> None:
    """Nothing: a folder cannot be synced here. NTFS writes renames into its own journal, in their order."""


def replace(path: str, target: str) -> None:
    """Give a file the name of another one, in one step, as soon as nobody has either open."""
    path, target = system.native(path), system.native(target)
    with contextlib.suppress(FileNotFoundError):
        _make_writable(target)
    patiently(lambda: os.replace(path, target))


def make_private(path: str) -> bool:
    """Let only its owner, the administrators and the system into a folder, and into what will be made in it.

    False when that is refused: then it is somebody else's. A file system without access lists (FAT) lets everybody in.
    """
    if sys.platform == "win32":
        try:
            access_lists.write(system.native(path), access_lists.PRIVATE_FOLDER)
        except PermissionError:
            return False
        except OSError:
            return True
    return True


def lock(descriptor: int, *, alone: bool, wait: bool = False) -> bool:
    """Lock an open file, alone or together with others; the system takes the lock back when the process dies.

    Args:
        wait: until it is free; else False says that it is not.
    """
    while not _lock(descriptor, alone=alone):
        if not wait:
            return False
        time.sleep(_POLL)
    return True


def _lock(descriptor: int, *, alone: bool) -> bool:
    if alone:
        return _take(descriptor, _LOCKS_AT, _TOGETHER)
    # Where to begin differs, so that two rarely ask for the same byte.
    first = os.getpid() % _TOGETHER
    return any(_take(descriptor, _LOCKS_AT + (first + byte) % _TOGETHER, 1) for byte in range(_TOGETHER))


def _take(descriptor: int, at: int, length: int) -> bool:
    msvcrt = import_module("msvcrt")
    os.lseek(descriptor, at, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, length)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EDEADLK):
            raise
        return False
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return True


class WindowsFolder(base.Folder):
    """A folder by its path."""

    def __init__(self, path: str) -> None:
        self._path = path

    def open(self, name: str) -> int:
        return system.open_to_read(self._full(name))

    def new(self, name: str) -> int:
        return os.open(self._full(name), system.NEW, 0o600)

    def status(self, name: str) -> os.stat_result | None:
        try:
            return os.lstat(self._full(name))
        except FileNotFoundError:
            return None

    def meta(self) -> Meta:
        return Meta(stat.S_IMODE(os.stat(system.native(self._path)).st_mode), 0, 0)

    def set_meta(self, meta: Meta) -> None:
        """Nothing: what a folder's mode says means nothing here."""

    def meta_of(self, name: str, descriptor: int) -> Meta:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        return Meta(mode, 0, 0, _own_access_list(self._full(name)))

    def guard(self, name: str, meta: Meta) -> None:
        if DACL in meta.attributes:
            _set_access_list(self._full(name), meta.attributes[DACL])

    def set_meta_of(self, name: str, descriptor: int, meta: Meta) -> Meta:
        return self._set_meta(name, meta)

    def restore_meta(self, name: str, meta: Meta) -> None:
        self._set_meta(name, meta)

    def put_new(self, temporary: str, name: str) -> None:
        # Unlike a replacement, a rename fails here where something stands.
        patiently(lambda: os.rename(self._full(temporary), self._full(name)))

    def put_over(self, temporary: str, name: str) -> None:
        replace(self._full(temporary), self._full(name))

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            _make_writable(self._full(name))
            patiently(lambda: os.unlink(self._full(name)))

    def make_folder(self, name: str) -> None:
        # Not 0700: that would shut AEM's user out here, and there is no mode to give it afterwards.
        os.mkdir(self._full(name))

    def remove_folder(self, name: str) -> None:
        patiently(lambda: os.rmdir(self._full(name)))

    def close(self) -> None:
        """Nothing: it is not held."""

    def device(self) -> int:
        return os.stat(system.native(self._path)).st_dev

    def sync_file_system(self) -> None:
        """Never: each file is made durable by itself."""
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    def settle(self) -> None:
        """Nothing: see `settle` above."""

    def is_same(self, seen: Seen, status: os.stat_result) -> bool:
        """Never: a file's times change when the program that wrote to it closes it, not before."""
        return False

    def _full(self, name: str) -> str:
        return system.native(system.joined(self._path, name))

    def _set_meta(self, name: str, meta: Meta) -> Meta:
        path, kept = self._full(name), {}
        if DACL in meta.attributes and _set_access_list(path, meta.attributes[DACL]):
            kept[DACL] = meta.attributes[DACL]
        os.chmod(path, meta.mode)
        return dataclasses.replace(meta, attributes=kept)


def _make_writable(path: str) -> None:
    """A read-only file can neither be replaced nor removed. Cut off: the old file, writable."""
    if not os.lstat(path).st_mode & stat.S_IWUSR:
        os.chmod(path, stat.S_IWUSR | _READ_ONLY)


def patiently(act: Callable[[], Result]) -> Result:
    """Do something with a name, again for two seconds as long as another program has the file open."""
    for wait in _WAITS:
        try:
            return act()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _BUSY:
                raise
            time.sleep(wait)
    return act()


def _is_itself(path: str) -> bool:
    """Whether no part of a path is a link; how its letters are written means nothing here."""
    return os.path.normcase(system.resolved(path)) == os.path.normcase(path)


def _own_access_list(path: str) -> dict[str, str]:
    """A file's access list where it is not just its folder's."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            found = access_lists.read(path)
            if access_lists.is_own(found):
                return {DACL: found}
    return {}


def _set_access_list(path: str, sddl: str) -> bool:
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            access_lists.write(path, sddl)
            return True
    return False
