"""Who works on what: lock files in the state folder, so that two runs on one target exclude each other.

The system takes a lock back when its process dies, so none is ever left behind (`disk.lock`). A target is locked for
itself alone, and each folder above it together with others; so a target excludes the targets inside it and around it,
but not those beside it. File names are digests: they show no path.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath

from migrate.runs import disk
from migrate.runs.errors import ApplyError, Kind, about, printable
from migrate.runs.state import LOCKS
from migrate.targets import system

_GUARD = "journals"


@contextlib.contextmanager
def hold(state: Path, targets: Iterable[str]) -> Iterator[None]:
    """Lock some targets until the block ends; never waits.

    Args:
        state: the state folder, prepared.
        targets: resolved paths.

    Raises:
        ApplyError: another process, or another thread, holds a lock (kind `locked`); or an I/O error.
    """
    wanted = _wanted(targets)
    with contextlib.ExitStack() as held:
        for path in sorted(wanted):
            with about(_file(state, path), "opening a lock file"):
                descriptor = _open(_file(state, path))
            held.callback(os.close, descriptor)
            _take(descriptor, path, alone=wanted[path])
        yield


@contextlib.contextmanager
def guard(state: Path) -> Iterator[None]:
    """Alone among all processes of this state folder; for moments only, so this waits."""
    with about(state / LOCKS / _GUARD, "opening a lock file"):
        descriptor = _open(state / LOCKS / _GUARD)
    try:
        with about(state, "locking the journals"):
            disk.lock(descriptor, alone=True, wait=True)
        yield
    finally:
        os.close(descriptor)


def own(path: Path) -> int:
    """Open and lock a file that says whether a run's process lives; gives the descriptor to keep open.

    Waits: apart from a probe of a moment nobody else can hold it, since the run's targets are locked.

    Raises:
        OSError: it cannot be made or locked.
    """
    descriptor = _open(path)
    try:
        disk.lock(descriptor, alone=True, wait=True)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def try_own(path: Path) -> int | None:
    """As :func:`own`, but for the waiting; None where another process has it.

    Raises:
        OSError: it cannot be made or locked.
    """
    descriptor = _open(path)
    if disk.lock(descriptor, alone=True):
        return descriptor
    os.close(descriptor)
    return None


def is_owned(path: Path) -> bool:
    """Whether a living process holds the lock of :func:`own`."""
    try:
        descriptor = system.open_to_read(str(path))
    except FileNotFoundError:
        return False
    try:
        return not disk.lock(descriptor, alone=False)
    finally:
        os.close(descriptor)


def _wanted(targets: Iterable[str]) -> dict[str, bool]:
    """Paths to lock; True for alone."""
    alone = set(targets)
    above = {parent.as_posix() for target in alone for parent in PurePath(target).parents}
    return {path: path in alone for path in alone | above}


def _file(state: Path, path: str) -> Path:
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
    return state / LOCKS / f"{digest[:32]}.lock"


def _open(path: Path) -> int:
    return os.open(system.native(str(path)), os.O_RDWR | os.O_CREAT | system.NO_LINK | system.BINARY, 0o600)


def _take(descriptor: int, path: str, *, alone: bool) -> None:
    import socket  # Every `plan` asks whether a run is at work; few take a lock.

    with about(path, "locking the target"):
        if not disk.lock(descriptor, alone=alone):
            raise ApplyError(Kind.LOCKED, _refusal(descriptor, path))
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat("T", "seconds"),
    }
    # For the text of a refusal only; a full disk must not keep anybody from an undo.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(holder).encode())


def _refusal(descriptor: int, path: str) -> str:
    holder = "another process"
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads(os.read(descriptor, 4096))
        holder = printable(f"process {int(told['pid'])} on {told['host']}, since {told['since']}")
    return (
        f"{printable(path)}: in use by another slingshift ({holder}); two at once could undo each other's "
        "changes. Wait until it has ended, then try again"
    )
