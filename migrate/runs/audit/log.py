"""Writing the audit log.

`$SLINGSHIFT_AUDIT_LOG` names the file. No line can be changed, left out or put in without the hashes from there on
being wrong; only lines at the end can be cut off, so keep the last hash elsewhere. No content and no secret is in it:
paths, and the sha256 of files before and after.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from migrate.runs import disk
from migrate.runs.audit.chain import FIRST, hash_of, is_torn, line_of
from migrate.runs.errors import ApplyError, Kind, about, printable
from migrate.runs.records import Record, Version
from migrate.targets import system
from migrate.targets.changes import sha256
from migrate.version import VERSION as SLINGSHIFT

VARIABLE = "SLINGSHIFT_AUDIT_LOG"
VERSION = 1
BEGUN, DONE, ROLLED_BACK = "begun", "done", "rolled-back"
UNDO_BEGUN, UNDONE = "undo-begun", "undone"
_CHUNK = 1 << 16


def tell(event: str, record: Record) -> None:
    """Write down that something begins, or has ended, with a run; nothing where no log is wanted.

    Raises:
        ApplyError: it cannot be written.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        return
    if not os.path.isabs(name):
        raise ApplyError(Kind.STATE, f"{VARIABLE}={printable(name)}: give an absolute path")
    with about(name, "writing the audit log"):
        descriptor = os.open(
            system.native(name), os.O_RDWR | os.O_APPEND | os.O_CREAT | system.NO_LINK | system.BINARY, 0o600
        )
        try:
            disk.lock(descriptor, alone=True, wait=True)
            _append(descriptor, name, event, record)
        finally:
            os.close(descriptor)


def told(event: str, record: Record) -> list[str]:
    """The same for what cannot be taken back any more: what kept it from being written, as a note."""
    try:
        tell(event, record)
    except ApplyError as error:
        return [f"the audit log lacks the end of run {record.id}: {error}"]
    return []


def user() -> str:
    """Who runs this, as the system knows them; variables can say anything."""
    if sys.platform != "win32":
        with contextlib.suppress(ImportError, KeyError):
            import pwd

            return pwd.getpwuid(os.getuid()).pw_name
    try:
        return os.getlogin()
    except OSError:
        return "nobody known"


def _append(descriptor: int, name: str, event: str, record: Record) -> None:
    last = _ended(descriptor, name, _last(descriptor, name))
    entry = {
        "version": VERSION,
        "number": last.number + 1,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "event": event,
        "run": record.id,
        "user": user(),
        "host": socket.gethostname(),
        "process": os.getpid(),
        "slingshift": SLINGSHIFT,
        "targets": list(record.targets),
        "description": record.description,
        "files": list(_files(record)),
        **({"torn": sha256(last.torn)} if last.torn else {}),
        "previous": last.hash,
    }
    size = os.fstat(descriptor).st_size
    try:
        disk.write_all(descriptor, line_of(entry, hash_of(entry)))
        os.fsync(descriptor)
    except BaseException:
        # The next one would have to see to half a line.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


class _Last(NamedTuple):
    """The last entry, and the parts of lines that killed processes left behind it."""

    number: int
    hash: str
    torn: bytes


def _ended(descriptor: int, name: str, last: _Last) -> _Last:
    """Take away the part of a line that a killed process left; in a log that can only grow, end it as a line."""
    part = last.torn.rpartition(b"\n")[2]
    if not part:
        return last
    try:
        os.ftruncate(descriptor, os.fstat(descriptor).st_size - len(part))
    except PermissionError:
        disk.write_all(descriptor, b"\n")
    # All but the end of a line may have been written: it is an entry now.
    return _last(descriptor, name)


def _files(record: Record) -> Iterator[dict[str, str | None]]:
    for entry in record.entries:
        yield {"path": entry.full, "before": _digest(entry.old), "after": _digest(entry.new)}


def _digest(version: Version | None) -> str | None:
    return None if version is None else version.sha256


def _last(descriptor: int, name: str) -> _Last:
    """How the log ends.

    Only what begins as an entry does is taken for a part of one: whatever else stands there is not ours.
    """
    size, length = os.fstat(descriptor).st_size, _CHUNK
    while True:
        start = max(0, size - length)
        os.lseek(descriptor, start, os.SEEK_SET)
        lines = io.BytesIO(os.read(descriptor, size - start)).readlines()
        torn = b""
        # The first one may begin before what was read.
        for line in reversed(lines[1:] if start else lines):
            entry = _entry(line)
            if entry is not None:
                return _Last(*entry, torn)
            if not is_torn(line):
                raise ApplyError(
                    Kind.STATE,
                    f"{printable(name)}: does not end in an entry of an audit log; see `slingshift audit verify`, and "
                    "move it away",
                )
            torn = line + torn
        if not start:
            return _Last(0, FIRST, torn)
        length *= 2


def _entry(line: bytes) -> tuple[int, str] | None:
    """Number and hash of a whole line; None for what is none."""
    try:
        entry = json.loads(line)
        return (int(entry["number"]), str(entry["hash"])) if line.endswith(b"\n") else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
