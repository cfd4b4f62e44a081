"""A file for its owner alone, complete or not at all, and never where somebody else's link leads."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from migrate.runs import disk
from migrate.targets import system

_LINKS = 40
"""As many as the kernel follows."""


def write(path: Path, data: bytes) -> None:
    """Write a file of mode 0600.

    A symbolic link stays one: the file that it names is replaced. But in a folder where everybody may make files, and
    only their owners remove them (/tmp), a link is not followed: somebody may have put it there for us to follow. The
    kernel does so, too, where it opens a path itself (`fs.protected_symlinks`), so folders are opened and not resolved.
    A device or a pipe, /dev/null for one, is written to; a rename over it would take it away from everybody.
    On Windows only administrators make links, and a file is as private as its folder.

    Raises:
        OSError: it cannot be written; ELOOP for such a link.
    """
    if not system.HOLDS_FOLDERS:
        _write_by_path(system.resolved(path), data)
        return
    for _ in range(_LINKS):
        with _folder(path.parent) as folder:
            status = _status(folder, path.name)
            if status is None or stat.S_ISREG(status.st_mode):
                _replace(folder, path.name, data)
                return
            if not stat.S_ISLNK(status.st_mode):
                _append(folder, path.name, data)
                return
            if os.fstat(folder).st_mode & stat.S_ISVTX:
                break
            path = path.parent / os.readlink(path.name, dir_fd=folder)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _write_by_path(path: str, data: bytes) -> None:
    if os.path.isdir(system.native(path)):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if os.path.exists(system.native(path)) and not os.path.isfile(system.native(path)):
        with open(system.native(path), "wb") as device:
            device.write(data)
        return
    temporary = f"{os.path.dirname(path)}/{_temporary(os.path.basename(path))}"
    descriptor = os.open(system.native(temporary), system.NEW, 0o600)
    try:
        _pour(descriptor, data)
        disk.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(system.native(temporary))
        raise


def _temporary(name: str) -> str:
    return f".{name[:200]}.{os.urandom(6).hex()}.tmp"


def _pour(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _status(folder: int, name: str) -> os.stat_result | None:
    """What has a name; `.` and `/` are no names to put a file at."""
    if name in ("", ".", ".."):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _append(folder: int, name: str, data: bytes) -> None:
    descriptor = os.open(name, os.O_WRONLY | system.NO_LINK, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)


def _replace(folder: int, name: str, data: bytes) -> None:
    temporary = _temporary(name)
    descriptor = os.open(temporary, system.NEW, 0o600, dir_fd=folder)
    try:
        _pour(descriptor, data)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
