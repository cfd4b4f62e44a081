"""Many new files made durable with one call for their file system: one for each would wait for the disk as often."""

from __future__ import annotations

import errno
import functools
import os
import re
import sys
from collections.abc import Callable

from migrate.targets import system

MANY = 64
"""New files from which on one call for the whole file system is quicker than one for each."""


def is_many(count: int) -> bool:
    """Whether so many files are made durable sooner by one call for the whole file system (`sync_at_once`)."""
    return count >= MANY and _syncfs() is not None


def sync_at_once(descriptor: int) -> None:
    """Make everything durable that was written to the file system of an open file or folder (`syncfs(2)`).

    Raises:
        OSError: something could not be written. EBADF too, should the system not know the call.
    """
    syncfs = _syncfs()
    if syncfs is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    syncfs(descriptor)


@functools.cache
def _syncfs() -> Callable[[int], None] | None:
    """The call, where it tells what could not be written: Linux from 5.8 on."""
    if sys.platform != "linux" or not system.HOLDS_FOLDERS:
        return None
    import ctypes

    version = [int(part) for part in re.findall(r"\d+", os.uname().release)[:2]]
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None or version < [5, 8]:
        return None

    def syncfs(descriptor: int) -> None:
        if call(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    return syncfs
