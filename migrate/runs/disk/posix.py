"""Folders as descriptors: from the target's root on, no component of a path can become a symbolic link under us."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import errno
import os
import stat
import sys

from migrate.runs.disk import base, syncing
from migrate.runs.disk.base import Meta, Seen
from migrate.targets import system

if sys.platform == "win32":
    raise ImportError("Windows holds no folders open")
import fcntl

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
_KEPT_ATTRIBUTES = ("user.", "system.posix_acl_access")


def open_folder(root: str, parent: str = "") -> base.Folder:
    """Open a folder of a target; no component from the root on may be a symbolic link.

    Args:
        root: the target's folder, absolute, resolved when the run was planned.
        parent: the folder below it, with `/`; empty for the root itself.

    Raises:
        FileNotFoundError: a component is missing.
        NotADirectoryError: a component is a symbolic link or a file, or the root is reached through a link now.
    """
    if os.path.realpath(root) != root:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    descriptor = os.open(root, _FOLDER)
    try:
        for part in parent.split("/") if parent else ():
            below = os.open(part, _FOLDER, dir_fd=descriptor)
            descriptor, above = below, descriptor
            os.close(above)
    except BaseException:
        os.close(descriptor)
        raise
    return PosixFolder(descriptor)


def settle(path: str) -> None:
    """Make the names of a folder durable that is named by its path."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: str, target: str) -> None:
    """Give a file the name of another one, in one step."""
    os.replace(path, target)


def make_private(path: str) -> bool:
    """Let only its owner into a folder; False when that is somebody else, who could change what is in it."""
    status = os.stat(path)
    if status.st_uid != os.geteuid():
        return False
    if stat.S_IMODE(status.st_mode) & 0o077:
        os.chmod(path, 0o700)
    return True


def lock(descriptor: int, *, alone: bool, wait: bool = False) -> bool:
    """Lock an open file, alone or together with others; the kernel takes the lock back when the process dies.

    Args:
        wait: until it is free; else False says that it is not.
    """
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


class PosixFolder(base.Folder):
    """A folder that is held open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def open(self, name: str) -> int:
        return system.open_to_read(name, folder=self._descriptor)

    def new(self, name: str) -> int:
        return os.open(name, system.NEW, 0o600, dir_fd=self._descriptor)

    def status(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def meta(self) -> Meta:
        status = os.fstat(self._descriptor)
        return Meta(stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)

    def set_meta(self, meta: Meta) -> None:
        _set_meta(self._descriptor, meta)

    def meta_of(self, name: str, descriptor: int) -> Meta:
        status = os.fstat(descriptor)
        attributes = {}
        if hasattr(os, "listxattr"):
            with contextlib.suppress(OSError):
                for attribute in os.listxattr(descriptor):
                    if attribute.startswith(_KEPT_ATTRIBUTES):
                        value = os.getxattr(descriptor, attribute)
                        attributes[attribute] = base64.b64encode(value).decode()
        return Meta(stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, attributes)

    def guard(self, name: str, meta: Meta) -> None:
        """Nothing: its mode did."""

    def set_meta_of(self, name: str, descriptor: int, meta: Meta) -> Meta:
        return _set_meta(descriptor, meta)

    def restore_meta(self, name: str, meta: Meta) -> None:
        descriptor = self.open(name)
        try:
            _set_meta(descriptor, meta)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def put_new(self, temporary: str, name: str) -> None:
        parent = self._descriptor
        try:
            os.link(temporary, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # A file system without hard links: the check and the rename are two steps here.
            if self.exists(name):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
            self.put_over(temporary, name)
            return
        os.unlink(temporary, dir_fd=parent)

    def put_over(self, temporary: str, name: str) -> None:
        os.replace(temporary, name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._descriptor)

    def make_folder(self, name: str) -> None:
        os.mkdir(name, 0o700, dir_fd=self._descriptor)

    def remove_folder(self, name: str) -> None:
        os.rmdir(name, dir_fd=self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)

    def device(self) -> int:
        return os.fstat(self._descriptor).st_dev

    def sync_file_system(self) -> None:
        syncing.sync_at_once(self._descriptor)

    def settle(self) -> None:
        _sync(self._descriptor)

    def is_same(self, seen: Seen, status: os.stat_result) -> bool:
        return base.identity(status) == seen.identity


def _sync(descriptor: int) -> None:
    """Some file systems (CIFS) cannot sync folders: EINVAL."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise


def _set_meta(descriptor: int, meta: Meta) -> Meta:
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (meta.uid, meta.gid):
        try:
            os.fchown(descriptor, meta.uid, meta.gid)
        except PermissionError:
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, -1, meta.gid)
        status = os.fstat(descriptor)
    mode = meta.mode
    if status.st_uid != meta.uid:
        mode &= ~stat.S_ISUID
    if status.st_gid != meta.gid:
        # A group that was not meant gets what everybody gets.
        mode = (mode & ~(0o070 | stat.S_ISGID)) | (mode & 0o007) << 3
    os.fchmod(descriptor, mode)
    kept = {}
    for name, value in meta.attributes.items():
        with contextlib.suppress(OSError):
            os.setxattr(descriptor, name, base64.b64decode(value))
            kept[name] = value
    return dataclasses.replace(meta, mode=mode, uid=status.st_uid, gid=status.st_gid, attributes=kept)
