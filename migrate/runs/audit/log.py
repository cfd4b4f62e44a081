"""Writing the audit log.

`$SLINGSHIFT_AUDIT_LOG` names the file. No line can be changed, left out or put in without the hashes from there on
being wrong; only lines at the end can be cut off, so keep the last hash elsewhere. No content and no secret is in it:
paths, and the sha256 of files before and after.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from migrate.runs import disk
from migrate.runs.audit.chain import FIRST, hash_of, line_of
from migrate.runs.errors import ApplyError, Kind, about, printable
from migrate.runs.records import Record, Version
from migrate.targets import system
from migrate.version import VERSION as SLINGSHIFT

VARIABLE = "SLINGSHIFT_AUDIT_LOG"
VERSION = 1
BEGUN, DONE, ROLLED_BACK = "begun", "done", "rolled-back"
UNDO_BEGUN, UNDONE = "undo-begun", "undone"
_CHUNK = 1 << 16
_START = b'{"version":1,"number":'


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
            system.native(name), os.O_RDWR | os.O_CREAT | system.NO_LINK | system.BINARY, 0o600
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
    size = _without_a_cut_off_line(descriptor, os.fstat(descriptor).st_size)
    number, previous = _last(descriptor, name, size)
    entry = {
        "version": VERSION,
        "number": number + 1,
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
        "previous": previous,
    }
    os.lseek(descriptor, 0, os.SEEK_END)
    try:
        disk.write_all(descriptor, line_of(entry, hash_of(entry)))
        os.fsync(descriptor)
    except BaseException:
        # Half a line would be taken for damage.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def _without_a_cut_off_line(descriptor: int, size: int) -> int:
    """The size of the log without the part of a line that a killed process left at its end, which goes.

    Only what begins as an entry does is taken for one: whatever else does not end a line is not ours to cut.
    """
    tail = b"".join(reversed(list(_from_the_end(descriptor, size)))) if size else b""
    part = tail.rpartition(b"\n")[2]
    if not part or not part.startswith(_START[: len(part)]):
        return size
    os.ftruncate(descriptor, size - len(part))
    return size - len(part)


def _files(record: Record) -> Iterator[dict[str, str | None]]:
    for entry in record.entries:
        yield {"path": entry.full, "before": _digest(entry.old), "after": _digest(entry.new)}


def _digest(version: Version | None) -> str | None:
    return None if version is None else version.sha256


def _last(descriptor: int, name: str, size: int) -> tuple[int, str]:
    """Number and hash of the last line."""
    if not size:
        return 0, FIRST
    line = b"".join(reversed(list(_from_the_end(descriptor, size)))).rstrip(b"\n").rpartition(b"\n")[2]
    try:
        entry = json.loads(line)
        return int(entry["number"]), str(entry["hash"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ApplyError(
            Kind.STATE,
            f"{printable(name)}: does not end in an entry of an audit log; see `slingshift audit verify`, and move it "
            "away",
        ) from None


def _from_the_end(descriptor: int, size: int) -> Iterable[bytes]:
    """Parts of the file, the last one first, until a whole line is in them."""
    end, is_first = size, True
    while end:
        start = max(0, end - _CHUNK)
        os.lseek(descriptor, start, os.SEEK_SET)
        part = os.read(descriptor, end - start)
        yield part
        if b"\n" in (part[:-1] if is_first else part):
            return
        end, is_first = start, False
