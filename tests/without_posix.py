"""The parts of POSIX that Windows lacks, taken away from this process: `SLINGSHIFT_WITHOUT_POSIX=1 pytest`.

No test of ours has a Windows machine; this stands in for one as far as a Linux can. `os` loses what it has not there,
and its other calls refuse what Windows refuses:

* no name is given to, or taken from, a file that this process has open, or that is read-only;
* the first replacement of a file meets a program that has it open for a moment, as a virus scanner does;
* a rename does not replace; a folder cannot be opened, a file that was opened to read not be synced;
* a file that is opened without O_BINARY would have its line ends changed, so that is a mistake here;
* `msvcrt` has its locks: bytes of a file, for one descriptor alone, in everybody's way.

Loaded before anything of ours is imported (tests/conftest.py). What only a real one has (drives, short names, access
lists, code pages) is not played: docs/windows.md says what was tried how.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import struct
import sys
import types
from collections.abc import Callable
from typing import Any

NAME = "SLINGSHIFT_WITHOUT_POSIX"
WANTED = os.environ.get(NAME) == "1"

fork = getattr(os, "fork", None)
"""For the tests that kill a process: the code that is tested does not find it."""

GONE = [
    *("fork", "forkpty", "geteuid", "getegid", "fchmod", "fchown", "chown", "lchown", "pread"),
    *("pwrite", "mkfifo", "symlink", "sched_getaffinity", "posix_spawn"),
    *("O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_CLOEXEC"),
]
O_BINARY = 0x8000_0000_0000
ACCESS_DENIED, SHARING_VIOLATION = 5, 32
_OURS = ("migrate", "grammar")
_LOCK = struct.Struct("hhqqi4x")

Call = Callable[..., Any]


def take_away() -> None:
    """Do it, for the rest of this process."""
    import fcntl
    import shutil

    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    for name in GONE:
        if hasattr(os, name):
            delattr(os, name)
    os.O_BINARY = O_BINARY  # type: ignore[attr-defined]
    for names in (os.supports_dir_fd, os.supports_follow_symlinks):
        names.clear()
    for name in (
        "open",
        "stat",
        "lstat",
        "mkdir",
        "rmdir",
        "unlink",
        "remove",
        "link",
        "rename",
        "replace",
        "chmod",
    ):
        setattr(os, name, _without_folders(name, getattr(os, name)))
    os.fsync = _sync_what_is_written(os.fsync, fcntl)
    sys.modules["fcntl"] = None  # type: ignore[assignment]
    sys.modules["msvcrt"] = _msvcrt(fcntl)


def _denied(code: int, path: object) -> PermissionError:
    error = PermissionError(errno.EACCES, "The process cannot access the file", os.fspath(path))  # type: ignore[call-overload]
    error.winerror = code  # type: ignore[attr-defined]
    return error


def _caller() -> str:
    """The module that called, through the wrappers of the tests that strike at system calls."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename.endswith("faults.py") and frame.f_back is not None:
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", ""))


_scanned: set[tuple[int, int]] = set()


def _without_folders(name: str, real: Call) -> Call:
    def call(*args: Any, **named: Any) -> Any:
        if any(named.pop(key, None) is not None for key in ("dir_fd", "src_dir_fd", "dst_dir_fd")):
            raise NotImplementedError("dir_fd unavailable on this platform")
        if not _caller().startswith(_OURS):
            if name == "open" and len(args) > 1:
                args = (args[0], args[1] & ~O_BINARY, *args[2:])
            return real(*args, **named)
        if name == "link" and named.pop("follow_symlinks", True) is not True:
            raise NotImplementedError("follow_symlinks unavailable on this platform")
        return _AS_WINDOWS.get(name, _plain)(real, *args, **named)

    call.__name__ = name
    return call


def _plain(real: Call, *args: Any, **named: Any) -> Any:
    return real(*args, **named)


def _open(real: Call, path: Any, flags: int, mode: int = 0o777) -> int:
    assert flags & O_BINARY or path == os.devnull, "opened as text: Windows would change its line ends"
    if os.path.isdir(path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return int(real(path, flags & ~O_BINARY, mode))


def _unlink(real: Call, path: Any) -> None:
    status = os.lstat(path)
    if not status.st_mode & stat.S_IWUSR:
        raise _denied(ACCESS_DENIED, path)
    if _is_open(status):
        raise _denied(SHARING_VIOLATION, path)
    real(path)


def _rename(real: Call, source: Any, target: Any) -> None:
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    if _is_open(os.lstat(source)):
        raise _denied(SHARING_VIOLATION, source)
    real(source, target)


def _replace(real: Call, source: Any, target: Any) -> None:
    if _is_open(os.lstat(source)):
        raise _denied(SHARING_VIOLATION, source)
    with contextlib.suppress(FileNotFoundError):
        status = os.lstat(target)
        if not status.st_mode & stat.S_IWUSR:
            raise _denied(ACCESS_DENIED, target)
        identity = (status.st_dev, status.st_ino)
        if _is_open(status) or identity not in _scanned:
            _scanned.add(identity)
            raise _denied(SHARING_VIOLATION, target)
    real(source, target)


def _chmod(real: Call, path: Any, mode: int) -> None:
    """All that a mode says there is whether a file is read-only."""
    there = stat.S_IMODE(os.lstat(path).st_mode)
    real(path, there | 0o200 if mode & stat.S_IWUSR else there & ~0o222)


_AS_WINDOWS: dict[str, Call] = {
    "open": _open,
    "unlink": _unlink,
    "remove": _unlink,
    "rename": _rename,
    "replace": _replace,
    "chmod": _chmod,
}


def _is_open(status: os.stat_result) -> bool:
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            other = os.fstat(int(descriptor))
            if (other.st_dev, other.st_ino) == (status.st_dev, status.st_ino):
                return True
    return False


def _sync_what_is_written(real: Call, fcntl: types.ModuleType) -> Call:
    def fsync(descriptor: int) -> None:
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        real(descriptor)

    return fsync


def _msvcrt(fcntl: types.ModuleType) -> types.ModuleType:
    """`msvcrt` with locks of bytes, which a descriptor has for itself (Linux: open file description locks)."""
    module = types.ModuleType("msvcrt")

    def locking(descriptor: int, mode: int, length: int) -> None:
        kind = fcntl.F_UNLCK if mode == module.LK_UNLCK else fcntl.F_WRLCK
        if kind == fcntl.F_WRLCK and fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            # Linux lets nobody lock alone who cannot write; against one who does, this is the same.
            kind = fcntl.F_RDLCK
        at = os.lseek(descriptor, 0, os.SEEK_CUR)
        try:
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _LOCK.pack(kind, os.SEEK_SET, at, length, 0))
        except BlockingIOError:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None

    module.LK_UNLCK, module.LK_LOCK, module.LK_NBLCK = 0, 1, 2  # type: ignore[attr-defined]
    module.locking = locking  # type: ignore[attr-defined]
    return module


if WANTED:
    take_away()
