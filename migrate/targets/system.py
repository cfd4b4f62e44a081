"""Where systems differ in how a file is named and opened; whoever reads or writes files goes through here.

Paths have ``/`` everywhere in slingshift: Windows takes both, and a path in a plan, a journal or an archive means the
same on every system. `native` gives a path to the system's calls.
"""

from __future__ import annotations

import errno
import os
import re
import stat

from grammar import patterns

HOLDS_FOLDERS = hasattr(os, "O_DIRECTORY") and hasattr(os, "O_NOFOLLOW") and os.open in os.supports_dir_fd
"""Whether a folder can be held open, and files be named from there: then nobody can put a link in its place."""

BINARY = getattr(os, "O_BINARY", 0)
"""Without this flag, Windows changes line ends and stops reading at a Ctrl-Z."""

NO_LINK = getattr(os, "O_NOFOLLOW", 0)

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | BINARY
"""Flags for a file that must not be there yet."""

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | BINARY
_FORBIDDEN = patterns.lazy(r'[\x00-\x1f<>:"/\\|?*]')
_DEVICE = patterns.lazy("(?:CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|(?:COM|LPT)[0-9\xb9\xb2\xb3])", re.IGNORECASE)
_LONG = 240
"""Folders of Windows have names of at most 247 characters, unless an administrator has allowed longer ones."""
_EXTENDED, _EXTENDED_SHARE = "\\\\?\\", "\\\\?\\UNC\\"


def native(path: str) -> str:
    """A path for the system's calls: a long one for Windows in the form that has no limit of 260 characters."""
    if os.name != "nt" or len(path) < _LONG or path.startswith(_EXTENDED):
        return path
    return extended(os.path.abspath(path))


def extended(path: str) -> str:
    """An absolute path of Windows in the form that has no limit; the system takes it literally, so without ``/``."""
    path = path.replace("/", "\\")
    if path.startswith(_EXTENDED):
        return path
    return _EXTENDED_SHARE + path[2:] if path.startswith("\\\\") else _EXTENDED + path


def walkable(path: str) -> str:
    """A folder for a walk that may come to paths of any length: what it meets is named from here."""
    return path if os.sep == "/" else extended(os.path.abspath(path))


def slashed(path: str) -> str:
    """A path that the system gave, as we write paths."""
    if os.sep == "/":
        return path
    return of_windows(path)


def of_windows(path: str) -> str:
    """A path of Windows as we write paths; the form without limit is not shown to anybody."""
    if path.startswith(_EXTENDED_SHARE):
        path = "\\\\" + path.removeprefix(_EXTENDED_SHARE)
    return path.removeprefix(_EXTENDED).replace("\\", "/")


def resolved(path: str | os.PathLike[str]) -> str:
    """An absolute path without links, with the letters' case that is on the disk."""
    return slashed(os.path.realpath(native(os.fspath(path))))


def joined(root: str, path: str) -> str:
    """A path below a folder; ``/`` between all parts."""
    return f"{root.rstrip('/')}/{path}" if path else root


def open_to_read(path: str, *, folder: int | None = None, follow: bool = False) -> int:
    """Open a file; what never ends or never answers (a FIFO) does not stop us, and the caller sees what it is.

    Args:
        path: the file, relative to `folder` where the system can name files so.
        folder: the descriptor of a folder.
        follow: whether it may be a symbolic link.

    Raises:
        OSError: it cannot be opened; ELOOP for a symbolic link, EISDIR for a folder of Windows.
    """
    if HOLDS_FOLDERS:
        return os.open(path, _READ | (0 if follow else NO_LINK), dir_fd=folder)
    path = native(path)
    before = os.stat(path) if follow else os.lstat(path)
    if stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if is_link(before):
        raise _link()
    descriptor = os.open(path, _READ)
    try:
        if not os.path.samestat(before, os.fstat(descriptor)):
            # Another file, or a link to one, got the name between the two calls.
            raise _link()
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def impossible_on_windows(name: str) -> str | None:
    """Why Windows has no file of a name, or another one than meant; None where it has it.

    https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    """
    if found := _FORBIDDEN.search(name):
        return f"{found[0]!r} in a name"
    if name.endswith((".", " ")):
        return "a name that ends in a dot or a blank"
    if _DEVICE.fullmatch(name.partition(".")[0].rstrip()):
        return f"{name.partition('.')[0]} is a device there, with any extension"
    return None


def is_link(status: os.stat_result) -> bool:
    """Whether an lstat result is a symbolic link's, or a junction's, which leads elsewhere just so."""
    if stat.S_ISLNK(status.st_mode):
        return True
    tag = getattr(status, "st_reparse_tag", 0)
    return bool(tag) and tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)


HAS_JUNCTIONS = os.name == "nt"


def is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether a folder that a walk has met is a junction: Windows says that these are folders and no links."""
    return is_link(entry.stat(follow_symlinks=False))


def _link() -> OSError:
    return OSError(errno.ELOOP, os.strerror(errno.ELOOP))
