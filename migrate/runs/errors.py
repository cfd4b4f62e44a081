"""What can go wrong when files are changed, taken back, or when a run is looked up."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from enum import StrEnum

from migrate.errors import MigrateError
from migrate.terminal import printable as printable


class Kind(StrEnum):
    """Why nothing more was done."""

    STALE = "stale"
    """A file is not what the plan saw."""
    CONFLICT = "conflict"
    """A file was changed after the run, or a newer run touched it too."""
    LOCKED = "locked"
    """Another process works on the same target."""
    INTERRUPTED = "interrupted"
    """An earlier run on the same target was interrupted and has to be settled first."""
    STOPPED = "stopped"
    """The person at the keyboard stopped it."""
    LINK = "link"
    """A symbolic link, or something that is no regular file, stands where a file or a folder is expected."""
    IO = "io"
    """The operating system refused."""
    STATE = "state"
    """The state folder cannot be used for this target."""
    UNKNOWN_RUN = "unknown-run"
    """No such run, or none that can be taken back or finished."""
    DAMAGED = "damaged"
    """A journal that cannot be read or that contradicts itself."""
    NOT_RUNNING = "not-running"
    """An instance does not run what its files say, after all the time that it was given."""
    PLAN = "plan"
    """The changes contradict one another: a mistake of the caller."""


class ApplyError(MigrateError):
    """Root of every error of apply, resume and undo.

    Attributes:
        kind: why.
        message: one line: where, what, and what to do.
        files: more lines, one a file, when there are several; never any content.
        run: the id of the run that it is about, when there is one.
    """

    def __init__(
        self, kind: Kind, message: str, *, files: tuple[str, ...] = (), run: str | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.files = files
        self.run = run

    def __str__(self) -> str:
        return self.message


_ADVICE = {
    errno.ENOSPC: "make room on that disk and try again",
    errno.EDQUOT: "your quota is used up: make room and try again",
    errno.EACCES: "run slingshift as a user who may write there",
    errno.EPERM: "run slingshift as a user who may write there, and see whether the file is immutable",
    errno.EROFS: "the disk is mounted read-only",
    errno.EIO: "the disk reports a fault: see the system log before you try again",
    errno.ENOENT: "it went away meanwhile: plan again",
    errno.EEXIST: "something came into being there meanwhile: plan again",
    errno.ENOLCK: "that file system has no locks: give another state folder with XDG_STATE_HOME",
    errno.EMFILE: "too many files are open: raise the limit (ulimit -n) and try again",
}

_IN_USE = (5, 32, 33)
"""What Windows says of a file that another program has open; 5 is also a lack of rights."""


def from_os(error: OSError, path: str, doing: str) -> ApplyError:
    """What the operating system said, with the path and what to do about it.

    A symbolic link met with O_NOFOLLOW says ELOOP (a file) or ENOTDIR (a folder, on Linux).
    """
    if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENOTDIR, errno.EISDIR):
        text = f"{printable(path)}: a symbolic link, or no regular file or folder; slingshift follows no link"
        return ApplyError(Kind.LINK, f"{text}. Give the real path as the target")
    code = error.errno if error.errno is not None else errno.EIO
    name = errno.errorcode.get(code, str(code))
    advice = _advice(error, code)
    return ApplyError(Kind.IO, f"{printable(path)}: {os.strerror(code)} ({name}) while {doing}; {advice}")


def _advice(error: OSError, code: int) -> str:
    if getattr(error, "winerror", None) in _IN_USE:
        return "another program has it open (AEM, an editor, a virus scanner), or you may not write there"
    return _ADVICE.get(code, "try again when that is mended")


@contextlib.contextmanager
def about(path: str | os.PathLike[str], doing: str) -> Iterator[None]:
    """Turn an OSError into an :class:`ApplyError` that names the path."""
    try:
        yield
    except OSError as error:
        raise from_os(error, os.fspath(path), doing) from None
