"""Files by folder descriptor: read, staged, switched and removed without following a symbolic link.

Everything here speaks in OSError; the callers know the path that a person should read. Each function says
what is on the disk when it is cut off in the middle.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

CHUNK = 1 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
_KEPT_ATTRIBUTES = ("user.", "system.posix_acl_access")


@dataclass(frozen=True, slots=True)
class Meta:
    """Who may do what with a file.

    Attributes:
        mode: permission bits, set-id bits included.
        uid: owner.
        gid: group.
        attributes: extended attributes that are kept (`user.*` and POSIX access lists), base64.
    """

    mode: int
    uid: int
    gid: int
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A regular file as it was met.

    Attributes:
        sha256: of its bytes, hexadecimal.
        meta: mode, owner, attributes.
        identity: device, inode, size and times; equal identities mean that nobody wrote in between.
    """

    sha256: str
    meta: Meta
    identity: tuple[int, ...]


@contextlib.contextmanager
def folder(root: str, parent: str = "") -> Iterator[int]:
    """Open a folder of a target; no component from the root on may be a symbolic link.

    Args:
        root: the target's folder, absolute, resolved when the run was planned.
        parent: the folder below it, with `/`; empty for the root itself.

    Raises:
        FileNotFoundError: a component is missing.
        NotADirectoryError: a component is a symbolic link or a file, or the root is reached through a link now.
    """
    descriptor = _open_folder(root, parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open_folder(root: str, parent: str) -> int:
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
    return descriptor


class Folders:
    """Opens folders as `folder` does, and keeps the last one open: most files of a run stand beside one another."""

    def __init__(self) -> None:
        self._last: tuple[str, str, int] | None = None

    def open(self, root: str, parent: str) -> int:
        """The folder's descriptor, which is closed when another folder is asked for.

        Raises:
            OSError: as `folder`.
        """
        if self._last is None or self._last[:2] != (root, parent):
            self.close()
            self._last = (root, parent, _open_folder(root, parent))
        return self._last[2]

    def close(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            os.close(last[2])

    def __enter__(self) -> Folders:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def look(parent: int, name: str) -> Seen | None:
    """What stands under a name; None for nothing.

    Raises:
        OSError: it cannot be read; EISDIR or ELOOP when it is no regular file.
    """
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    except FileNotFoundError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        return Seen(digest(descriptor), meta_of(descriptor, status), _identity(status))
    finally:
        os.close(descriptor)


def digest(descriptor: int) -> str:
    """The sha256 of what an open file holds from where it stands, hexadecimal."""
    found = hashlib.sha256()
    for chunk in chunks(descriptor):
        found.update(chunk)
    return found.hexdigest()


def is_still(parent: int, name: str, seen: Seen | None) -> bool:
    """Whether a name still holds what was seen there; reads the bytes only when the times differ."""
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return seen is None
    if seen is None:
        return False
    if _identity(status) == seen.identity:
        return True
    now = look(parent, name)
    return now is not None and now.sha256 == seen.sha256


def meta_of(descriptor: int, status: os.stat_result) -> Meta:
    """Mode, owner and the kept extended attributes of an open file."""
    attributes = {}
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(descriptor):
                if name.startswith(_KEPT_ATTRIBUTES):
                    attributes[name] = base64.b64encode(os.getxattr(descriptor, name)).decode()
    return Meta(stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, attributes)


def copy(source: int, parent: int, name: str, *, durably: bool = True) -> tuple[str, int]:
    """Copy an open file into a new one of mode 0600.

    Cut off: a part of the new file under its name. Gives sha256 and size of what was copied.
    """
    descriptor = _new(parent, name)
    try:
        digest, size = _pour(source, descriptor)
        _sync(descriptor, durably)
        return digest, size
    finally:
        os.close(descriptor)


def write(parent: int, name: str, data: bytes, *, durably: bool = True) -> None:
    """Write bytes into a new file of mode 0600. Cut off: a part of it under its name."""
    descriptor = _new(parent, name)
    try:
        _write_all(descriptor, data)
        _sync(descriptor, durably)
    finally:
        os.close(descriptor)


def stage(
    content: int | bytes, parent: int, name: str, meta: Meta, *, durably: bool = True
) -> tuple[str, Meta]:
    """Make a new file with a given content, mode and owner; never wider than that on the way.

    Gives sha256 of what was copied, and the mode and owner that it really got: only root gives files away, and
    rights of a group that cannot be kept are not handed to another group.
    Cut off: a part of the new file under its name.

    Args:
        content: an open file, or the bytes.
    """
    descriptor = _new(parent, name)
    try:
        if isinstance(content, bytes):
            _write_all(descriptor, content)
            digest = hashlib.sha256(content).hexdigest()
        else:
            digest, _ = _pour(content, descriptor)
        got = set_meta(descriptor, meta)
        _sync(descriptor, durably)
        return digest, got
    finally:
        os.close(descriptor)


def _sync(descriptor: int, durably: bool) -> None:
    if durably:
        os.fsync(descriptor)


def set_meta(descriptor: int, meta: Meta) -> Meta:
    """Give an open file a mode and an owner, as far as the system lets us; gives what it got."""
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
    return replace(meta, mode=mode, uid=status.st_uid, gid=status.st_gid, attributes=kept)


def put_new(parent: int, temporary: str, name: str) -> None:
    """Give a staged file its name, which must be free.

    Cut off: the complete file under the name, perhaps under the temporary name as well.

    Raises:
        FileExistsError: something stands there.
    """
    try:
        os.link(temporary, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without hard links: the check and the rename are two steps here.
        if exists(parent, name):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        put_over(parent, temporary, name)
        return
    os.unlink(temporary, dir_fd=parent)


def put_over(parent: int, temporary: str, name: str) -> None:
    """Give a staged file a name that another file has: one step, the old or the new one."""
    os.replace(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)


def exists(parent: int, name: str) -> bool:
    """Whether anything has a name."""
    try:
        os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def remove(parent: int, name: str) -> None:
    """Remove a file that may be gone already."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=parent)


def settle(parent: int) -> None:
    """Make the names of a folder durable. Some file systems (CIFS) cannot sync folders: EINVAL."""
    try:
        os.fsync(parent)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise


def _new(parent: int, name: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(name, flags, 0o600, dir_fd=parent)


def _pour(source: int, descriptor: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(source):
        digest.update(chunk)
        size += len(chunk)
        _write_all(descriptor, chunk)
    return digest.hexdigest(), size


def chunks(descriptor: int) -> Iterator[bytes]:
    """The bytes of an open file from where it stands, a megabyte at a time."""
    while chunk := os.read(descriptor, CHUNK):
        yield chunk


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        stat.S_IFMT(status.st_mode),
    )
