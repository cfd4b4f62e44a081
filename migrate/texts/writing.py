"""Replace or create one file so that it is whole at every moment, whatever stops us.

Call `settle` on the folders in the end: until then a crash of the machine may bring an old file back.
"""

from __future__ import annotations

import contextlib
import os
import stat

from migrate.texts.listing import FileError, reason


def replace(path: str, before: bytes, after: bytes) -> None:
    """Give a file other bytes, keeping its mode and owner: written beside it, synced, then renamed over it.

    Raises:
        FileError: a symbolic link or no regular file, changed since it was read, or not writable.
    """
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{path}: a symbolic link or no regular file; not written")
        with open(path, "rb") as stream:
            if stream.read(len(before) + 1) != before:
                raise FileError(f"{path}: changed while it was read; not written")
        temporary = _temporary(os.path.dirname(path))
        try:
            _write(temporary, after, status)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise FileError(f"{path}: {reason(error)}; not written") from None


def create(path: str, data: bytes) -> None:
    """Make a file that is not there yet, and the folders above it.

    Raises:
        FileError: something has this name already, or it cannot be written.
    """
    folder = os.path.dirname(path) or "."
    temporary = _temporary(folder)
    try:
        os.makedirs(folder, exist_ok=True)
        try:
            _write(temporary, data, None)
            # A link, unlike a rename, fails where something stands.
            os.link(temporary, path, follow_symlinks=False)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
    except FileExistsError:
        raise FileError(f"{path}: is there already; not overwritten") from None
    except OSError as error:
        raise FileError(f"{path}: {reason(error)}; not written") from None


def _temporary(folder: str) -> str:
    """Short, so that it fits where the file's own name does; and of no form that AEM reads."""
    return os.path.join(folder, f".slingshift-{os.getpid()}")


def _write(path: str, data: bytes, like: os.stat_result | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600 if like else 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        if like is not None:
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, like.st_uid, like.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
        os.fsync(descriptor)


def settle(folder: str) -> None:
    """Make the folder's names durable; some network file systems cannot."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
